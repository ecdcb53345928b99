"""When to remind: pure rules over working days."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .workdays import WorkingCalendar


def parse_days(text: str) -> tuple[int, ...]:
    """Return the numbers of a text such as "7,3,1" or "10,5-1" (every day of a span), commas of either width; () for an empty one."""
    parts = (part.split("-") for part in re.split("[,，]", text) if part.strip())
    return tuple(day for part in parts for day in _span(int(part[0]), int(part[-1])))


def _span(first: int, last: int) -> range:
    return range(first, last - 1, -1) if first > last else range(first, last + 1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When one kind of thing is reminded of; all numbers are working days, None for never. See `ReminderRule`."""

    before: tuple[int, ...] = (7, 3, 1)
    on_day: bool = True
    overdue_every: int = 3
    supervisor_after: int | None = 1
    office_after: int | None = 3
    leader_after: int | None = 6
    order_after: int | None = 9

    def rings(self, left: int) -> bool:
        """Say whether those who owe a thing are told when `left` working days are left; negative when overdue."""
        if left > 0:
            return left in self.before
        if left == 0:
            return self.on_day
        return self.overdue_every > 0 and (-left - 1) % self.overdue_every == 0

    def climbs(self, left: int, after: int | None) -> bool:
        """Say whether the level that is told `after` so many working days is told now: then, and as often as the owers."""
        if after is None or left >= 0 or -left < max(after, 1):
            return False
        overdue = -left - max(after, 1)
        return overdue == 0 or (self.overdue_every > 0 and overdue % self.overdue_every == 0)


def days_left(calendar: WorkingCalendar, due: date, on: date) -> int:
    """Return the working days that are left: 0 on the day itself and, when that is no working day, on the last one before.

    Negative once it is overdue: -1 on the first working day after.
    """
    return calendar.distance(on, due) if due >= on else -calendar.distance(due, on)


def crossed(calendar: WorkingCalendar, due: date, since: date | None, on: date, test: Callable[[int], bool]) -> bool:
    """Say whether the test has held on `on`, or on a working day after `since` that was passed over.

    since: the day of the last reminders; None where there were none, then only `on` itself counts.
    """
    if test(days_left(calendar, due, on)):
        return True
    if since is None or since >= on:
        return False
    passed = range(1, calendar.distance(since, on))
    return any(test(days_left(calendar, due, calendar.shift(since, step))) for step in passed)


def in_words(left: int, due: date, on: date, ends: str = "截止") -> str:
    """Return how long is left, e.g. 还有 3 个工作日（9月27日截止）. ends: what happens on the day, 截止 or 到期."""
    day = f"{due.month}月{due.day}日{ends}" if due.year == on.year else f"{due.year}年{due.month}月{due.day}日{ends}"
    if left < 0:
        return f"已逾期 {-left} 个工作日（{day}）"
    if due == on:
        return f"今天{ends}"
    return f"还有 {left} 个工作日（{day}）" if left else f"{ends}前最后一个工作日（{day}）"
