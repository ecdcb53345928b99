"""Running totals: what values that hold for a time add up to, from change to change."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple

NUMBERS = 4


class Lasting(NamedTuple):
    """A value that counts from `since` until the day before `until` (None: for good). stated: whether it is one of a unit's own totals."""

    since: date
    until: date | None
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    verified: Decimal | None
    stated: bool


class Running(NamedTuple):
    """The sums of all values that count from `since` until the day before `until` (None: for good).

    A sum is None where nothing that counts has the number. units: how many of the values are units' own totals.
    """

    since: date
    until: date | None
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    verified: Decimal | None
    units: int


def running(values: Iterable[Lasting]) -> list[Running]:
    """Return the sums in order of time; a time in which nothing counts has none, and neighbours that are equal are one."""
    changes: dict[date, list[tuple[int, Lasting]]] = defaultdict(list)
    for one in values:
        if one.until is None or one.until > one.since:
            changes[one.since].append((1, one))
            if one.until is not None:
                changes[one.until].append((-1, one))
    days, found, tally = sorted(changes), [], _Tally()
    for day, until in zip_longest(days, days[1:]):
        for sign, one in changes[day]:
            tally.add(sign, one)
        if tally.counting:
            _append(found, Running(day, until, *tally.sums(), tally.units))
    return found


def _append(found: list[Running], one: Running) -> None:
    if found and found[-1].until == one.since and found[-1][2:] == one[2:]:
        found[-1] = found[-1]._replace(until=one.until)
    else:
        found.append(one)


class _Tally:
    """What counts at the moment: how many values, and of each number the sum and how many have it."""

    def __init__(self):
        self.counting = self.units = 0
        self._sums = [Decimal(0)] * NUMBERS
        self._known = [0] * NUMBERS

    def add(self, sign: int, one: Lasting) -> None:
        self.counting += sign
        self.units += sign * one.stated
        for place, number in enumerate((one.value, one.numerator, one.denominator, one.verified)):
            if number is not None:
                self._sums[place] += sign * number
                self._known[place] += sign

    def sums(self) -> list[Decimal | None]:
        return [total if known else None for total, known in zip(self._sums, self._known, strict=True)]
