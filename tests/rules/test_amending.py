"""What a plan said on a past day: found from what was replaced, as a replay of all changes from the beginning has it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.rules.amending import Replaced, former, text_of, value_of

BEGIN = date(2024, 1, 1)
FIELDS = ("goal", "due", "measure")
DAYS = st.integers(0, 40)
CHANGES = st.lists(st.tuples(DAYS, st.integers(1, 3), st.sampled_from(FIELDS), st.integers(0, 9)), max_size=12)
FIRST = {"goal": 50, "due": 50, "measure": 50}


def _text(field: str, number: int) -> str:
    return text_of(_value(field, number))


def _value(field: str, number: int):
    if field == "goal":
        return Decimal(number)
    return BEGIN + timedelta(days=number) if field == "due" else f"目标{number}"


def _booked(changes) -> tuple[list[Replaced], list[dict]]:
    """Return the book as it is written, change by change, and the replay: the values of each row after each change."""
    now = {row: dict(FIRST) for row in (1, 2, 3)}
    book = []
    for number, (day, row, field, value) in enumerate(sorted(changes, key=lambda change: change[0]), start=1):
        book.append(Replaced(row, BEGIN + timedelta(days=day), number, field, _text(field, now[row][field])))
        now[row][field] = value
    return book, now


def _replayed(changes, on: int) -> dict:
    now = {row: dict(FIRST) for row in (1, 2, 3)}
    for day, row, field, value in sorted(changes, key=lambda change: change[0]):
        if day <= on:
            now[row][field] = value
    return now


@given(CHANGES, DAYS)
def test_former_values_are_those_of_a_replay(changes, on):
    book, now = _booked(changes)
    then = former(book, BEGIN + timedelta(days=on))
    for row, values in _replayed(changes, on).items():
        for field, number in values.items():
            told = then.get(row, {}).get(field, _value(field, now[row][field]))
            assert told == _value(field, number)


@given(CHANGES)
def test_from_the_last_change_on_nothing_is_former(changes):
    book, _ = _booked(changes)
    assert former(book, BEGIN + timedelta(days=40)) == {}


@given(st.decimals(min_value=0, max_value=10**13, places=4))
def test_a_goal_survives_being_kept_as_text(goal):
    assert value_of("goal", text_of(goal)) == goal


@pytest.mark.parametrize("field", ["goal", "due"])
def test_an_empty_text_stands_for_no_value(field):
    assert value_of(field, text_of(None)) is None


def test_the_same_number_has_one_text():
    assert text_of(Decimal("100.0000")) == text_of(Decimal(100)) == text_of(Decimal("1E+2")) == "100"
