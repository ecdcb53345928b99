"""Chance without randomness: the same words always draw the same number, on every machine."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

Item = TypeVar("Item")

SATURDAY = 5
# Public holidays of the sample year (first and last day off): nobody reports on them.
HOLIDAYS = (
    (date(2024, 4, 4), date(2024, 4, 6)),
    (date(2024, 5, 1), date(2024, 5, 5)),
    (date(2024, 6, 8), date(2024, 6, 10)),
    (date(2024, 9, 15), date(2024, 9, 17)),
    (date(2024, 10, 1), date(2024, 10, 7)),
)


def draw(*words: object) -> float:
    """Return a number from 0 up to but not including 1 that depends on the words alone."""
    digest = hashlib.sha256(":".join(map(str, words)).encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def between(low: int, high: int, *words: object) -> int:
    """Return a whole number from `low` to `high`, both included."""
    return low + int(draw(*words) * (high - low + 1))


def pick(items: Sequence[Item], *words: object) -> Item:
    return items[int(draw(*words) * len(items))]


def reached(pieces: int, level: float, *words: object) -> int:
    """Return how many of `pieces` have been finished at `level` (0 to 1). A higher level never gives less."""
    return sum(draw(*words, piece) < level for piece in range(pieces))


def workday_before(day: date) -> date:
    """Return the day itself where offices work on it, else the last day before on which they do."""
    while not _is_workday(day):
        day -= timedelta(days=1)
    return day


def workday_after(day: date) -> date:
    """Return the day itself where offices work on it, else the next day on which they do."""
    while not _is_workday(day):
        day += timedelta(days=1)
    return day


def _is_workday(day: date) -> bool:
    return day.weekday() < SATURDAY and not any(first <= day <= last for first, last in HOLIDAYS)
