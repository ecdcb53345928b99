"""What becomes of a plan's days a year later, and which promises go on. Pure."""

import calendar
from datetime import date


def in_year(day: date, year: int) -> date:
    """Return the day in another year; the last day of a month stays its last day, so 29 February becomes the 28th."""
    last = calendar.monthrange(year, day.month)[1]
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, day.month, last if is_last else min(day.day, last))


def next_year(day: date) -> date:
    return in_year(day, day.year + 1)


def goes_on(due: date | None, year: int) -> bool:
    """Say whether a promise of the year's plan is still running when the year is over."""
    return due is not None and due.year > year


def span_next(start: date, due: date | None, year: int) -> tuple[date, date | None]:
    """Return first day and deadline in the next year's plan: what goes on keeps them, all else begins anew a year later."""
    if goes_on(due, year):
        return start, due
    begin = max(next_year(start), date(year + 1, 1, 1))
    return begin, None if due is None else max(next_year(due), begin)


def due_next(due: date | None, year: int) -> date | None:
    """Return a deadline alone in the next year's plan."""
    return due if due is None or goes_on(due, year) else next_year(due)


def title_next(title: str, year: int) -> str:
    """Return the title with the year that follows: 2024年全区民政工作要点 becomes 2025年…; without a year it stays."""
    return title.replace(str(year), str(year + 1))
