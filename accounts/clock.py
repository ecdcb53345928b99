"""The business date. `workplan.clock` re-exports this module; accounts needs it below workplan."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from django.conf import settings
from django.utils import timezone

_pinned: ContextVar[date | None] = ContextVar("pinned_business_date", default=None)


def today() -> date:
    """Return the business date: the date pinned in this context, else by settings, else today's local date."""
    return _pinned.get() or settings.PINNED_DATE or timezone.localdate()


def is_pinned() -> bool:
    """Say whether the business date is held still by configuration (pages then show a banner)."""
    return settings.PINNED_DATE is not None


@contextmanager
def pinned(on: date) -> Iterator[None]:
    """Hold the business date at `on` for the code inside: sample data and tests, never requests."""
    token = _pinned.set(on)
    try:
        yield
    finally:
        _pinned.reset(token)
