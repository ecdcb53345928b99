"""How cells of imported and exported tables are read and written. Errors are Chinese and name the cell's content."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db.models import QuerySet
from import_export.widgets import Widget

SHOWN = 30
YES, NO = "是", "否"


def shown(text: str) -> str:
    """Return a cell's content for a message, cut short."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


class TextWidget(Widget):
    """Text without control characters."""

    def clean(self, value, row=None, **kwargs) -> str:
        text = str(value or "")
        if any(ord(c) < 32 and c not in "\t\n\r" for c in text):
            raise ValueError("含有无法识别的字符。")
        return text

    def render(self, value, obj=None, **kwargs) -> str:
        return value or ""


class NumberWidget(Widget):
    """A decimal number, thousands separators understood; empty is None."""

    def clean(self, value, row=None, **kwargs) -> Decimal | None:
        text = str(value or "").strip().replace(",", "").replace("，", "")
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise ValueError(f"“{shown(text)}”不是数字。")
        return number

    def render(self, value, obj=None, **kwargs) -> Decimal | str:
        return "" if value is None else Decimal(f"{value.normalize():f}")


class WholeWidget(NumberWidget):
    """A whole number."""

    def clean(self, value, row=None, **kwargs) -> int | None:
        number = super().clean(value, row, **kwargs)
        if number is None:
            return None
        if number != number.to_integral_value() or abs(number) >= 10**9:
            raise ValueError(f"“{shown(str(value))}”不是整数。")
        return int(number)

    def render(self, value, obj=None, **kwargs) -> int | str:
        return "" if value is None else value


class DayWidget(Widget):
    """A day such as 2024-10-15 or 2024/10/15; empty is None."""

    def clean(self, value, row=None, **kwargs) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        with suppress(ValueError):
            year, month, day = (int(part) for part in text.replace("/", "-").split("-"))
            return date(year, month, day)
        raise ValueError(f"“{shown(text)}”不是日期，应为 2024-10-15 这样的日期。")

    def render(self, value, obj=None, **kwargs) -> date | str:
        return value or ""


class ChoiceWidget(Widget):
    """One of a list, written by its Chinese name."""

    def __init__(self, choices):
        super().__init__()
        self.labels = {str(value): str(label) for value, label in choices}

    def clean(self, value, row=None, **kwargs) -> str:
        text = str(value or "").strip()
        for key, label in self.labels.items():
            if text == label:
                return key
        raise ValueError(f"没有“{shown(text)}”这一项，可填：{'、'.join(self.labels.values())}。")

    def render(self, value, obj=None, **kwargs) -> str:
        return self.labels.get(str(value), "") if value is not None else ""


class YesNoWidget(Widget):
    """是 or 否; empty is 否."""

    def clean(self, value, row=None, **kwargs) -> bool:
        text = str(value or "").strip()
        if text not in (YES, NO, ""):
            raise ValueError(f"“{shown(text)}”应为“是”或“否”。")
        return text == YES

    def render(self, value, obj=None, **kwargs) -> str:
        return YES if value else NO


class KeyWidget(Widget):
    """A row named by its natural key, among those that the import may use.

    rows: from the resource (which knows the user) and the table row to the rows to look among; lookup: the path to the
    key; blank: whether the cell may be empty.
    """

    resource = None  # set by the resource that owns the field

    def __init__(self, rows: Callable[..., QuerySet], lookup: str, *, blank: bool = False):
        super().__init__()
        self.rows, self.lookup, self.blank = rows, lookup, blank

    def clean(self, value, row=None, **kwargs):
        text = str(value or "").strip()
        if not text and self.blank:
            return None
        found = None
        with suppress(ValueError, OverflowError):
            found = self.rows(self.resource, row).filter(**{self.lookup: text}).first() if text else None
        if found is None:
            raise ValueError(f"没有找到“{shown(text)}”，或您无权维护。")
        return found

    def render(self, value, obj=None, **kwargs):
        for name in self.lookup.split("__"):
            value = getattr(value, name, None)
        return "" if value is None else value
