"""A cell's value as text."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

EXACT = 1e15  # a spreadsheet's number keeps 15 digits; the rest of a longer one is lost
SHORT = 16  # characters of a number that has no more digits than are exact


def text(value) -> str:
    """Return whole numbers without a point, days as 2024-10-15, and what has lost digits as 5.00232195001010E+17."""
    if type(value) is float:
        return number(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return number(float(value))
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, timedelta):
        return duration(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="seconds")
    return str(value)


def number(value: float) -> str:
    short = repr(value)
    if len(short) <= SHORT and short.replace(".", "", 1).isdecimal():  # nearly all, and many a table has millions
        return short.removesuffix(".0")
    if abs(value) >= EXACT:
        return f"{value:.14E}"
    if value.is_integer():
        return str(int(value))
    return f"{Decimal(f'{value:.15g}'):f}"


def moment(value: datetime) -> str:
    return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")


def duration(value: timedelta) -> str:
    """Return hours, minutes and seconds, as the sheet shows [h]:mm:ss."""
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
