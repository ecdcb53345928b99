"""Pace (序时进度): what is expected of a target by a date (DESIGN rule 7)."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from .kinds import PaceCurve, Recurrence

MONTHS = {Recurrence.MONTHLY: 1, Recurrence.QUARTERLY: 3, Recurrence.HALF_YEARLY: 6, Recurrence.YEARLY: 12}


@dataclass(frozen=True, slots=True)
class Step:
    """From `on`, the share of the goal that is expected. Raises ValueError for a share outside 0 to 1."""

    on: date
    share: Decimal

    def __post_init__(self):
        if not 0 <= self.share <= 1:
            raise ValueError("share lies outside 0 to 1")


@dataclass(frozen=True, slots=True)
class Pace:
    """How a target is meant to advance from `start` to `due`. Without a due date nothing is expected.

    Raises ValueError where the start lies after the due date.
    """

    curve: PaceCurve
    start: date
    due: date | None
    steps: tuple[Step, ...] = ()

    def __post_init__(self):
        if self.due is not None and self.start > self.due:
            raise ValueError("start lies after due")


@lru_cache(maxsize=4096)  # hundreds of targets share a few paces, and a board asks for each on several days
def expected_share(pace: Pace, on: date) -> Decimal | None:
    """Return the share of the goal expected at the close of the day, 0 to 1; None without a due date."""
    if pace.due is None:
        return None
    if on >= pace.due:
        return Decimal(1)
    if on < pace.start:
        return Decimal(0)
    return {
        PaceCurve.LINEAR: _linear,
        PaceCurve.MONTHLY: _monthly,
        PaceCurve.STEPS: _stepped,
        PaceCurve.AT_END: lambda pace, on: Decimal(0),
    }[pace.curve](pace, on)


def _linear(pace: Pace, on: date) -> Decimal:
    """Both ends count: on the first of 366 days 1/366 is expected."""
    return Decimal((on - pace.start).days + 1) / ((pace.due - pace.start).days + 1)


def _monthly(pace: Pace, on: date) -> Decimal:
    """Equal quotas, each expected when its month has ended."""
    spans = list(_spans(1, pace.start, pace.due))
    return Decimal(sum(end <= on for _, end in spans)) / len(spans)


def _stepped(pace: Pace, on: date) -> Decimal:
    reached = [step for step in pace.steps if step.on <= on]
    return max((step.share for step in reached), default=Decimal(0))


@lru_cache(maxsize=1024)
def slots(recurrence: Recurrence, start: date, due: date) -> tuple[tuple[date, date], ...]:
    """Return the calendar spans (first and last day, cut to start and due) that a duty recurs in."""
    if recurrence == Recurrence.NONE:
        return ((start, due),)
    return tuple(_spans(MONTHS[recurrence], start, due))


def _spans(months: int, start: date, due: date) -> Iterator[tuple[date, date]]:
    year, month = start.year, (start.month - 1) // months * months + 1
    while (year, month) <= (due.year, due.month):  # no date is made beyond due: the last year is 9999
        last = month + months - 1
        end = date(year, last, calendar.monthrange(year, last)[1])
        yield max(start, date(year, month, 1)), min(due, end)
        year, month = (year + 1, 1) if last == 12 else (year, last + 1)


def spans_ended(recurrence: Recurrence, start: date, due: date, on: date) -> int:
    """Return how many spans of a recurring duty have ended by the close of the day."""
    return sum(end <= on for _, end in slots(recurrence, start, due))
