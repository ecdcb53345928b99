"""Hours in which nobody is disturbed. Pure: local times in, local times out."""

from datetime import datetime, time, timedelta

from .workdays import WorkingCalendar


def is_quiet(at: time, start: time, end: time) -> bool:
    """Say whether the time lies in the quiet hours, which may go over midnight; equal ends mean that there are none."""
    if start <= end:
        return start <= at < end
    return at >= start or at < end


def next_quiet_end(now: datetime, start: time, end: time, calendar: WorkingCalendar | None = None) -> datetime:
    """Return when something may go out: now, or when the quiet hours or the days off are over."""
    found = now
    if is_quiet(now.time(), start, end):
        day = now.date() if now.time() < end else now.date() + timedelta(days=1)
        found = datetime.combine(day, end, tzinfo=now.tzinfo)
    if calendar is None or calendar.is_working(found.date()):
        return found
    return datetime.combine(calendar.on_or_after(found.date()), end, tzinfo=now.tzinfo)
