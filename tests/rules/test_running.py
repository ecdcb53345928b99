"""Running totals: on every day they are the plain sum of what counts on it, and they say nothing twice."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from workplan.rules.running import Change, running


class Lasting(NamedTuple):
    """A value that counts from `since` until the day before `until`, as figures do."""

    since: date
    until: date | None
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    verified: Decimal | None
    stated: bool


def totals(lasting):
    """Hand the values over one by one, as changes."""
    found = []
    for one in lasting:
        known = tuple(int(number is not None) for number in one[2:6])
        if one.until is None or one.until > one.since:
            found.append(Change(one.since, 1, 1, int(one.stated), one[2:6], known))
            if one.until is not None:
                found.append(Change(one.until, -1, 1, int(one.stated), one[2:6], known))
    return running(found)


START = date(2024, 1, 1)
days = st.integers(0, 12).map(lambda n: START + timedelta(days=n))
numbers = st.none() | st.integers(0, 20).map(Decimal)
values = st.builds(Lasting, days, st.none() | days, numbers, numbers, numbers, numbers, st.booleans())


def on_day(found, day):
    return [one for one in found if one.since <= day and (one.until is None or one.until > day)]


def plain_sum(counting, place):
    known = [one[place] for one in counting if one[place] is not None]
    return sum(known) if known else None


@given(st.lists(values, max_size=12))
def test_each_day_has_the_plain_sum(lasting):
    found = totals(lasting)
    for number in range(15):
        day = START + timedelta(days=number)
        counting = on_day(lasting, day)
        stated = [one for one in counting if one.since < (one.until or date.max)]
        told = on_day(found, day)
        assert len(told) == bool(stated)
        for one in told:
            assert list(one[2:6]) == [plain_sum(stated, place) for place in range(2, 6)]
            assert one.units == sum(value.stated for value in stated)


@given(st.lists(values, max_size=12))
def test_rows_follow_each_other_and_differ(lasting):
    found = totals(lasting)
    for earlier, later in pairwise(found):
        assert earlier.until is not None and earlier.until <= later.since
        assert earlier.until < later.since or earlier[2:] != later[2:]


def test_nothing_is_not_zero():
    lasting = [Lasting(START, None, None, Decimal(3), Decimal(4), None, True)]
    (one,) = totals(lasting)
    assert one == (START, None, None, 3, 4, None, 1)
    assert totals([]) == []
