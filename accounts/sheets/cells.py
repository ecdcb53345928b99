"""A value as it goes into a cell."""

from datetime import date, datetime
from decimal import Decimal
from math import isfinite

from django.utils import timezone

from ..disarm import disarm, is_harmless

EXACT_DIGITS = 15  # what a spreadsheet's number keeps; longer ones leave as text
EXACT = 10**EXACT_DIGITS
FIRST_YEAR = 1900  # of the calendar of spreadsheets


def workbook_cell(value):
    """Return text, a number, a day, or None for an empty cell. Text is disarmed, long numbers are text."""
    kind = type(value)
    if kind is str:
        return (value if is_harmless(value) else disarm(value)) or None
    if value is None:
        return None
    if kind is int:
        return value if -EXACT < value < EXACT else str(value)
    if kind is date:
        return value if value.year >= FIRST_YEAR else value.isoformat()
    return _rare(value)


def _rare(value):
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal | float):
        return _number(value)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, int):
        return workbook_cell(int(value))
    return disarm(str(value)) or None


def _number(value: Decimal | float):
    if not isfinite(value):
        return str(value).lower()
    if isinstance(value, Decimal) and len(value.as_tuple().digits) > EXACT_DIGITS:
        return f"{value:f}"
    return value


def _moment(value: datetime) -> str:
    return f"{timezone.localtime(value) if timezone.is_aware(value) else value:%Y-%m-%d %H:%M}"


def text_cell(value) -> str:
    """Return the value as text for CSV; numbers and days need no disarming."""
    cell = workbook_cell(value)
    if cell is None:
        return ""
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
