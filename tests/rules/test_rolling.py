"""A plan a year later: which day a day becomes, and what goes on."""

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.rules.rolling import due_next, goes_on, next_year, span_next, title_next

DAYS = st.dates(date(2000, 1, 1), date(2098, 12, 31))


def is_last(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]


@pytest.mark.parametrize(
    ("day", "later"),
    [
        ("2024-02-29", "2025-02-28"),
        ("2023-02-28", "2024-02-29"),
        ("2024-02-28", "2025-02-28"),
        ("2024-06-30", "2025-06-30"),
        ("2024-12-31", "2025-12-31"),
        ("2024-03-15", "2025-03-15"),
    ],
)
def test_days_a_year_later(day, later):
    assert next_year(date.fromisoformat(day)) == date.fromisoformat(later)


@given(DAYS)
def test_the_month_stays_and_a_month_end_stays_one(day):
    later = next_year(day)
    assert (later.year, later.month) == (day.year + 1, day.month)
    assert not is_last(day) or is_last(later)
    assert abs(later.day - day.day) <= 1


@given(DAYS, DAYS)
def test_the_order_of_days_stays(one, other):
    first, last = sorted((one, other))
    assert next_year(first) <= next_year(last)


@given(DAYS, st.none() | DAYS, st.integers(2000, 2098))
def test_a_span_stays_one_and_only_what_goes_on_is_kept(start, due, year):
    if due is not None:
        start, due = sorted((start, due))
    begin, end = span_next(start, due, year)
    assert (end is None) == (due is None)
    assert end is None or begin <= end
    if goes_on(due, year):
        assert (begin, end) == (start, due)
    else:
        assert begin >= date(year + 1, 1, 1)


@given(DAYS, st.integers(2000, 2098))
def test_a_deadline_alone_moves_as_one_of_a_span_within_the_year(due, year):
    if due.year == year:
        assert due_next(due, year) == span_next(date(year, 1, 1), due, year)[1]
    elif due.year > year:
        assert due_next(due, year) == due


def test_the_title_names_the_next_year():
    assert title_next("2024年全区民政工作要点", 2024) == "2025年全区民政工作要点"
    assert title_next("全区民政工作要点", 2024) == "全区民政工作要点"
