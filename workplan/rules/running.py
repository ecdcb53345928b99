"""Running totals: what values that hold for a time add up to, from change to change."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

Numbers = tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]


class Change(NamedTuple):
    """What begins (sign 1) or ends (sign -1) to count on a day: how many values, and of each number the sum and how many have it.

    numbers: value, numerator, denominator, verified; stated: how many of the values are a unit's own total.
    """

    day: date
    sign: int
    values: int
    stated: int
    sums: Numbers
    known: tuple[int, int, int, int]


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


def running(changes: Iterable[Change]) -> list[Running]:
    """Return the sums in order of time; a time in which nothing counts has none, and neighbours that are equal are one."""
    by_day: dict[date, list[Change]] = {}
    for change in changes:
        by_day.setdefault(change.day, []).append(change)
    found, tally = [], _Tally()
    for day in sorted(by_day):
        for change in by_day[day]:
            tally.add(change)
        _follow(found, day, tally)
    return found


def _follow(found: list[Running], day: date, tally: "_Tally") -> None:
    """Begin a row on the day unless it would say what the one before says; end that one where it holds no longer."""
    now = (*tally.sums(), tally.stated) if tally.values else None
    last = found[-1] if found and found[-1].until is None else None
    if last is not None and last[2:] == now:
        return
    if last is not None:
        found[-1] = last._replace(until=day)
    if now is not None:
        found.append(Running(day, None, *now))


class _Tally:
    """What counts at the moment."""

    def __init__(self):
        self.values = self.stated = 0
        self._sums, self._known = [Decimal(0)] * 4, [0] * 4

    def add(self, change: Change) -> None:
        self.values += change.sign * change.values
        self.stated += change.sign * change.stated
        for place, (total, known) in enumerate(zip(change.sums, change.known, strict=True)):
            self._sums[place] += change.sign * (total or 0)
            self._known[place] += change.sign * known

    def sums(self) -> list[Decimal | None]:
        return [total if known else None for total, known in zip(self._sums, self._known, strict=True)]
