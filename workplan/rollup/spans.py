"""The spans that roll-up reports cover: how they are named, and which of them is due."""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

from ..enums import RollupKind

MONTHS = {RollupKind.MONTH: 1, RollupKind.QUARTER: 3, RollupKind.HALF_YEAR: 6, RollupKind.YEAR: 12}


def month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def start_of(kind: str, end: date) -> date | None:
    """Return the first day of the calendar span of that kind that ends on the day; None where none does."""
    months = MONTHS[RollupKind(kind)]
    if end != month_end(end.year, end.month) or end.month % months:
        return None
    return date(end.year, end.month - months + 1, 1)


def ends_in(kind: str, year: int, until: date) -> list[date]:
    """Return the last days of the calendar spans of the year that are over by the day, the latest first."""
    months = MONTHS[RollupKind(kind)]
    ends = (month_end(year, month) for month in range(12, 0, -1) if month % months == 0)
    return [end for end in ends if end <= until]


def last_due(year: int, day: int, on: date) -> Iterator[tuple[RollupKind, date]]:
    """Yield by kind the last span of the year whose report is due on the day: from the `day`-th of the month after it."""
    month_before = on.replace(day=1) - timedelta(days=1)
    closed = month_before if on.day >= day else month_before.replace(day=1) - timedelta(days=1)
    for kind in MONTHS:
        ends = ends_in(kind, year, closed)
        if ends:
            yield kind, ends[0]


def span_in_words(kind: str, start: date, end: date) -> str:
    """Return the span as titles have it: 2024年9月, 2024年第3季度, 2024年上半年, 2024年度."""
    return {
        RollupKind.MONTH: f"{end.year}年{end.month}月",
        RollupKind.QUARTER: f"{end.year}年第{end.month // 3 or 1}季度",
        RollupKind.HALF_YEAR: f"{end.year}年{'上' if end.month <= 6 else '下'}半年",
        RollupKind.YEAR: f"{end.year}年度",
        RollupKind.ON_DEMAND: f"{start.year}年{start.month}月{start.day}日至{end.month}月{end.day}日",
    }[RollupKind(kind)]
