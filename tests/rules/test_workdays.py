"""Working days: the week, days off and make-up days; and the rules that count in them."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.rules.quiet import is_quiet, next_quiet_end
from workplan.rules.reminding import Schedule, crossed, days_left, in_words, parse_days
from workplan.rules.workdays import WorkingCalendar

DAYS = st.dates(date(2023, 1, 1), date(2027, 12, 31))
# National Day 2024: off from Tuesday 1 to Monday 7 October, made up for on Sunday 29 September and Saturday 12 October.
NATIONAL_DAY = WorkingCalendar(
    {date(2024, 10, day): False for day in (1, 2, 3, 4, 5, 6, 7)} | {date(2024, 9, 29): True, date(2024, 10, 12): True}
)


def test_make_up_days_are_worked_and_days_off_are_not():
    assert NATIONAL_DAY.is_working(date(2024, 10, 12)), "a Saturday that is made up"
    assert not NATIONAL_DAY.is_working(date(2024, 10, 13))
    assert not NATIONAL_DAY.is_working(date(2024, 10, 7)), "a Monday off"
    assert NATIONAL_DAY.distance(date(2024, 9, 30), date(2024, 10, 8)) == 1
    assert NATIONAL_DAY.distance(date(2024, 10, 11), date(2024, 10, 14)) == 2, "the Saturday between counts"
    assert NATIONAL_DAY.shift(date(2024, 9, 30), 1) == date(2024, 10, 8)
    assert NATIONAL_DAY.shift(date(2024, 10, 8), -2) == date(2024, 9, 29)
    assert NATIONAL_DAY.on_or_after(date(2024, 10, 1)) == date(2024, 10, 8)


def test_a_year_without_data_counts_by_the_week():
    calendar = WorkingCalendar({})
    assert calendar.distance(date(2028, 2, 25), date(2028, 3, 1)) == 3, "over 29 February"
    assert calendar.shift(date(2027, 12, 31), 1) == date(2028, 1, 3)


@given(st.dictionaries(DAYS, st.booleans(), max_size=40), DAYS, DAYS)
def test_distance_counts_the_days_one_by_one(exceptions, start, end):
    calendar = WorkingCalendar(exceptions)
    first, last = min(start, end), max(start, end)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    counted = sum(calendar.is_working(day) for day in days)
    assert calendar.distance(start, end) == (counted if end >= start else -counted)


@given(st.dictionaries(DAYS, st.booleans(), max_size=40), DAYS, st.integers(-30, 30))
def test_shifting_lands_so_many_working_days_away(exceptions, day, days):
    calendar = WorkingCalendar(exceptions)
    there = calendar.shift(day, days)
    if days > 0:
        assert calendar.distance(day, there) == days and calendar.is_working(there)
    elif days < 0:
        assert calendar.distance(there - timedelta(days=1), day - timedelta(days=1)) == -days


def test_what_is_due_on_a_day_off_has_its_day_on_the_last_working_day_before():
    due = date(2024, 10, 5)
    assert days_left(NATIONAL_DAY, due, date(2024, 9, 30)) == 0
    assert days_left(NATIONAL_DAY, due, date(2024, 9, 29)) == 1
    assert days_left(NATIONAL_DAY, due, date(2024, 10, 8)) == -1


@pytest.mark.parametrize(
    ("left", "rings"),
    [
        (8, False),
        (7, True),
        (4, False),
        (3, True),
        (1, True),
        (0, True),
        (-1, True),
        (-2, False),
        (-4, True),
        (-7, True),
    ],
)
def test_the_usual_days(left, rings):
    assert Schedule().rings(left) is rings


def test_what_is_switched_off_does_not_ring():
    quiet = Schedule(before=(), on_day=False, overdue_every=0)
    assert not any(quiet.rings(left) for left in range(-30, 30))
    assert not any(Schedule(leader_after=None).climbs(left, None) for left in range(-30, 30))


def test_the_level_above_is_told_when_its_time_has_come_and_as_often_as_those_below():
    told = [overdue for overdue in range(1, 13) if Schedule().climbs(-overdue, 6)]
    assert told == [6, 9, 12]
    assert Schedule(overdue_every=0).climbs(-6, 6) and not Schedule(overdue_every=0).climbs(-9, 6)
    assert Schedule().climbs(-1, 0), "at once is the first working day after"


def test_days_on_which_the_portal_stood_still_are_made_up_for():
    rule, due = Schedule(), date(2024, 10, 25)

    def rings(since, on):
        return crossed(NATIONAL_DAY, due, since, on, rule.rings)

    assert not rings(None, date(2024, 10, 17)), "six days before is no day of the rule"
    assert rings(date(2024, 10, 15), date(2024, 10, 17)), "the seventh was passed over"
    assert not rings(date(2024, 10, 16), date(2024, 10, 17)), "it was not"
    assert not rings(date(2024, 10, 17), date(2024, 10, 17)), "once a day"


@given(DAYS, st.integers(0, 60))
def test_somebody_looking_every_day_hears_of_everything_once(due, ahead):
    calendar, rule = NATIONAL_DAY, Schedule()
    start = due - timedelta(days=ahead)
    days = [start + timedelta(days=n) for n in range(90)]
    worked = [day for day in days if calendar.is_working(day)]
    daily = [day for day in worked if rule.rings(days_left(calendar, due, day))]
    looked, heard = None, []
    for day in worked:
        if crossed(calendar, due, looked, day, rule.rings):
            heard.append(day)
        looked = day
    assert heard == daily


def test_words():
    on = date(2024, 10, 15)
    assert in_words(3, date(2024, 10, 18), on) == "还有 3 个工作日（10月18日截止）"
    assert in_words(0, on, on) == "今天截止"
    assert in_words(0, date(2024, 10, 20), date(2024, 10, 18)) == "截止前最后一个工作日（10月20日截止）"
    assert in_words(-2, date(2023, 10, 11), on) == "已逾期 2 个工作日（2023年10月11日截止）"
    assert parse_days("7，3,1") == (7, 3, 1) and parse_days("") == ()
    assert parse_days("10,5-1") == (10, 5, 4, 3, 2, 1) and parse_days("1-3，7") == (1, 2, 3, 7)


@pytest.mark.parametrize(
    ("at", "start", "end", "quiet"),
    [
        ("23:00", "20:00", "08:00", True),
        ("07:59", "20:00", "08:00", True),
        ("08:00", "20:00", "08:00", False),
        ("12:30", "12:00", "13:00", True),
        ("13:00", "12:00", "13:00", False),
        ("03:00", "00:00", "00:00", False),
    ],
)
def test_quiet_hours(at, start, end, quiet):
    assert is_quiet(*map(time.fromisoformat, (at, start, end))) is quiet


def test_what_comes_by_night_waits_for_the_morning_and_over_days_off_for_the_next_working_day():
    night = (time(20), time(8))

    def goes_out(*moment):
        return next_quiet_end(datetime(*moment), *night, NATIONAL_DAY)

    assert goes_out(2024, 10, 15, 10) == datetime(2024, 10, 15, 10)
    assert goes_out(2024, 10, 15, 21) == datetime(2024, 10, 16, 8)
    assert goes_out(2024, 10, 16, 3) == datetime(2024, 10, 16, 8)
    assert goes_out(2024, 9, 30, 22) == datetime(2024, 10, 8, 8)
    assert goes_out(2024, 10, 12, 10) == datetime(2024, 10, 12, 10), "a make-up Saturday"
    assert goes_out(2024, 10, 13, 10) == datetime(2024, 10, 14, 8)
