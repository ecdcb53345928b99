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
    if kind is Decimal:
        return float(value) if len(str(value)) <= EXACT_DIGITS and value.is_finite() else text_cell(value)
    if kind is float:
        return value if isfinite(value) else str(value)
    return text_cell(value)


def text_cell(value) -> str | int | date | None:
    """Return the value as CSV has it: all digits of numbers, days as 2024-10-15, other text disarmed."""
    kind = type(value)
    if kind is str:
        return value if is_harmless(value) else disarm(value)
    if value is None or kind is int or kind is date:
        return value  # the csv module writes these as we want them
    if kind is Decimal:
        return f"{value:f}" if value.is_finite() else str(value).lower()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value) if timezone.is_aware(value) else value:%Y-%m-%d %H:%M}"
    return str(value) if isinstance(value, int | float) else disarm(str(value))
