"""Pace: what is expected of a target by a day."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given

from workplan.rules.kinds import PaceCurve, Recurrence
from workplan.rules.pace import Pace, Step, expected_share, slots, spans_ended

from .strategies import days, paces

YEAR = (date(2024, 1, 1), date(2024, 12, 31))  # 366 days
QUARTERS = (
    Step(date(2024, 3, 31), D("0.2")),
    Step(date(2024, 6, 30), D("0.5")),
    Step(date(2024, 9, 30), D("0.8")),
)


def share(curve, on, start=YEAR[0], due=YEAR[1], steps=()):
    return expected_share(Pace(curve, start, due, steps), date.fromisoformat(on))


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2023-12-31", 0),
        ("2024-01-01", D(1) / 366),
        ("2024-02-29", D(60) / 366),
        ("2024-07-01", D(183) / 366),
        ("2024-12-31", 1),
        ("2025-06-01", 1),
    ],
)
def test_linear_pace_counts_the_days_from_the_first_to_the_last(on, expected):
    assert share(PaceCurve.LINEAR, on) == expected


def test_an_ordinary_year_has_365_shares():
    pace = Pace(PaceCurve.LINEAR, date(2023, 1, 1), date(2023, 12, 31))
    assert expected_share(pace, date(2023, 3, 1)) == D(60) / 365


@pytest.mark.parametrize(
    ("on", "months"),
    [("2024-01-30", 0), ("2024-01-31", 1), ("2024-02-28", 1), ("2024-02-29", 2), ("2024-12-30", 11)],
)
def test_monthly_pace_expects_a_quota_when_its_month_has_ended(on, months):
    assert share(PaceCurve.MONTHLY, on) == D(months) / 12


def test_monthly_pace_counts_the_broken_first_and_last_month():
    start, due = date(2024, 3, 15), date(2024, 5, 10)
    found = [share(PaceCurve.MONTHLY, on, start, due) for on in ("2024-03-31", "2024-05-09", "2024-05-10")]
    assert found == [D(1) / 3, D(2) / 3, 1]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2024-03-30", "0"),
        ("2024-03-31", "0.2"),
        ("2024-07-15", "0.5"),
        ("2024-12-30", "0.8"),
        ("2024-12-31", "1"),
    ],
)
def test_stepped_pace_stays_at_the_last_step_reached(on, expected):
    assert share(PaceCurve.STEPS, on, steps=QUARTERS) == D(expected)


def test_a_later_lower_step_does_not_take_back_what_was_expected():
    steps = (Step(date(2024, 3, 1), D("0.6")), Step(date(2024, 6, 1), D("0.4")))
    assert share(PaceCurve.STEPS, "2024-07-01", steps=steps) == D("0.6")


@pytest.mark.parametrize(("on", "expected"), [("2024-12-30", 0), ("2024-12-31", 1)])
def test_end_pace_expects_nothing_before_the_last_day(on, expected):
    assert share(PaceCurve.AT_END, on) == expected


@pytest.mark.parametrize("curve", PaceCurve)
def test_nothing_is_expected_without_a_due_date(curve):
    assert share(curve, "2024-06-01", due=None) is None


@pytest.mark.parametrize("curve", PaceCurve)
def test_a_single_day_is_a_whole_pace(curve):
    day = date(2024, 2, 29)
    assert [share(curve, on, day, day) for on in ("2024-02-28", "2024-02-29")] == [0, 1]


def test_a_start_after_the_due_date_is_refused():
    with pytest.raises(ValueError, match="start"):
        Pace(PaceCurve.LINEAR, date(2024, 2, 2), date(2024, 2, 1))


@pytest.mark.parametrize("wrong", ["-0.01", "1.01"])
def test_a_step_expects_no_more_than_the_whole_and_no_less_than_nothing(wrong):
    with pytest.raises(ValueError, match="share"):
        Step(date(2024, 2, 2), D(wrong))


@pytest.mark.parametrize("curve", PaceCurve)
def test_the_last_year_of_the_calendar_is_no_trap(curve):
    start, due = date(9998, 1, 1), date(9999, 12, 31)
    assert 0 <= share(curve, "9999-12-30", start, due) < 1


@given(paces(), days, days)
def test_expectation_never_falls_and_stays_between_nothing_and_all(pace, one, other):
    first, second = sorted((one, other))
    assert 0 <= expected_share(pace, first) <= expected_share(pace, second) <= 1


@given(paces())
def test_all_is_expected_on_the_due_date_and_nothing_before_the_start(pace):
    assert expected_share(pace, pace.due) == 1
    assert expected_share(pace, pace.start - timedelta(days=1)) == 0


class TestSpans:
    @pytest.mark.parametrize(
        ("recurrence", "on", "ended"),
        [
            (Recurrence.MONTHLY, "2024-02-28", 1),
            (Recurrence.MONTHLY, "2024-02-29", 2),
            (Recurrence.QUARTERLY, "2024-06-29", 1),
            (Recurrence.QUARTERLY, "2024-06-30", 2),
            (Recurrence.HALF_YEARLY, "2024-06-29", 0),
            (Recurrence.HALF_YEARLY, "2024-06-30", 1),
            (Recurrence.HALF_YEARLY, "2024-12-31", 2),
            (Recurrence.YEARLY, "2024-12-30", 0),
            (Recurrence.YEARLY, "2024-12-31", 1),
            (Recurrence.NONE, "2024-12-30", 0),
            (Recurrence.NONE, "2024-12-31", 1),
            (Recurrence.MONTHLY, "2031-01-01", 12),
        ],
    )
    def test_a_span_is_owed_once_it_has_ended(self, recurrence, on, ended):
        assert spans_ended(recurrence, *YEAR, date.fromisoformat(on)) == ended

    def test_duty_from_the_month_of_the_notice_has_ten_spans(self):
        assert len(slots(Recurrence.MONTHLY, date(2024, 3, 1), date(2024, 12, 31))) == 10

    def test_spans_follow_the_calendar_and_are_cut_to_the_duty(self):
        found = slots(Recurrence.QUARTERLY, date(2024, 2, 10), date(2024, 8, 20))
        assert found == (
            (date(2024, 2, 10), date(2024, 3, 31)),
            (date(2024, 4, 1), date(2024, 6, 30)),
            (date(2024, 7, 1), date(2024, 8, 20)),
        )

    def test_half_years_run_across_the_turn_of_the_year(self):
        ends = [end for _, end in slots(Recurrence.HALF_YEARLY, date(2023, 7, 1), date(2024, 12, 31))]
        assert ends == [date(2023, 12, 31), date(2024, 6, 30), date(2024, 12, 31)]

    @given(paces(), days)
    def test_spans_cover_every_day_of_the_duty_once(self, pace, on):
        for recurrence in Recurrence:
            found = slots(recurrence, pace.start, pace.due)
            covered = sum((end - start).days + 1 for start, end in found)
            assert covered == (pace.due - pace.start).days + 1
            assert sum(start <= on <= end for start, end in found) == (pace.start <= on <= pace.due)
