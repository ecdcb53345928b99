"""Deadlines as a calendar that other programs subscribe to (RFC 5545)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import icalendar

from ..deadlines import Deadline

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//workplan-portal//deadlines//ZH"
AGAIN = timedelta(hours=6)  # how often programs may come back


def calendar_of(found: Iterable[Deadline], *, name: str, site: str, now: datetime) -> bytes:
    """Return the calendar: one event of a whole day for each deadline. site: the portal's address, without a slash at its end.

    An event keeps its UID for as long as the thing exists, whatever its day, so that programs move what has been moved.
    """
    calendar = icalendar.Calendar()
    for key, value in (
        ("prodid", PRODUCT),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("method", "PUBLISH"),
        ("x-wr-calname", name),
        ("x-wr-timezone", "Asia/Shanghai"),
    ):
        calendar.add(key, value)
    calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    for one in found:
        calendar.add_component(_event(one, site, now))
    return calendar.to_ical()


def _event(one: Deadline, site: str, now: datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", str(uuid5(NAMESPACE_URL, f"{site}/{one.key}")))
    event.add("dtstamp", now)
    event.add("dtstart", one.day)
    event.add("dtend", one.day + timedelta(days=1))
    event.add("summary", f"{one.unit.label} {one.what}")
    event.add("description", one.detail)
    event.add("categories", [one.subject.label])
    event.add("transp", "TRANSPARENT")
    event.add("url", f"{site}{one.url}")
    return event
