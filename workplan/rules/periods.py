"""Which period a moment belongs to. Pure."""

from datetime import date, datetime, time, timedelta


def last_day_past(at: time, now: datetime) -> date:
    """Return the last day on which the time of day has come, seen from a local moment."""
    return now.date() if now.time() >= at else now.date() - timedelta(days=1)
