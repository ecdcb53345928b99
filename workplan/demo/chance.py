"""Chance without randomness: the same words always draw the same number, on every machine and in any order."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

Item = TypeVar("Item")

SATURDAY = 5


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
    """Return how many of `pieces` have been finished at `level` (0 to 1). A higher level never gives fewer."""
    return sum(draw(*words, piece) < level for piece in range(pieces))


def workday_before(day: date) -> date:
    """Return the day itself, or the Friday before where it falls on a weekend."""
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))


def workday_after(day: date) -> date:
    """Return the day itself, or the Monday after where it falls on a weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day
