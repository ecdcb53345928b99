"""The list of a register as a table: its columns come from what the register declares."""

from datetime import date
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from ..enums import RecordState
from ..models import Record
from ..ui import format as fmt
from ..ui import marks
from ..ui.tables import DayColumn, ListTable
from .columns import Column, NumberColumn, column_of
from .columns import DayColumn as DayInput

VERIFIED = marks.Mark("confirmed", "核查属实", "green", marks.TICKED)
REJECTED = marks.Mark("rejected", RecordState.REJECTED.label, "red", marks.TRIANGLE)
UNVERIFIED = marks.Mark("unverified", "未核查", "grey", marks.DOT)
NUMBERS = {"td": {"class": "num"}, "th": {"class": "num"}}
DAYS = {"td": {"class": "day"}}


def verification_mark(record: Record) -> marks.Mark:
    """Return the sign of what a spot check has shown."""
    return mark_of(record.state, record.verified_on)


def mark_of(state: str, verified_on: date | None) -> marks.Mark:
    if state == RecordState.REJECTED:
        return REJECTED
    return VERIFIED if verified_on else UNVERIFIED


class FieldCell(tables.Column):
    """A value as its column shows it; the first column of the table opens the record."""

    def __init__(self, column: Column | None, label: str, name: str, *, opens: bool, **extra):
        order = column.order_by if column else ()
        extra |= {"order_by": order} if order else {"orderable": False}
        extra |= {"attrs": _look(column)}
        super().__init__(label, accessor="pk", **extra)
        self.source, self.field_name, self.opens = column, name, opens

    def render(self, record):
        text = self.text(record)
        if not self.opens:
            return text
        return format_html('<a href="{}">{}</a>', record_url(record), text)

    def value(self, record):
        return self.source.export(record) if self.source else self.text(record)

    def text(self, record: Record) -> str:
        if self.source:
            return self.source.show(record)
        found = getattr(record, self.field_name)
        return fmt.MISSING if found in (None, "") else str(found)


def _look(column: Column | None) -> dict:
    """Numbers stand right-aligned, days stay on one line."""
    if isinstance(column, NumberColumn):
        return NUMBERS
    return DAYS if isinstance(column, DayInput) else {}


class RecordTable(ListTable):
    """Records of one register, with what spot checks have shown."""

    checked = tables.Column("核查", accessor="pk", orderable=False)
    changed_at = DayColumn("最近修改", visible=False)

    class Meta(ListTable.Meta):
        empty_text = "还没有登记。"
        sequence = ("...", "checked", "changed_at")

    def render_checked(self, record):
        return verification_mark(record).html

    def value_checked(self, record):
        return verification_mark(record).word


class RecordTables:
    """Makes the tables of one register; stands where a table class is expected."""

    page_size = ListTable.page_size

    def __init__(self, model: type[Record]):
        self.title = str(model._meta.verbose_name)
        self.cells = cells_of(model)
        self.base_columns = {**self.cells, **RecordTable.base_columns}

    def __call__(self, rows) -> RecordTable:
        table = RecordTable(rows, extra_columns=self.cells.items())
        table.title = self.title
        return table


def cells_of(model: type[Record]) -> dict[str, FieldCell]:
    """Return the declared columns of the list, in order. Names that are no fields are properties."""
    names, found = {f.name for f in model._meta.get_fields()}, {}
    for place, name in enumerate(model.register.columns):
        column = column_of(model, name) if name in names else None
        label = column.label if column else property_label(model, name)
        found[name] = FieldCell(column, label, name, opens=place == 0)
    return found


def property_label(model: type[Record], name: str) -> str:
    """Return the Chinese name of a shown property: its `short_description`."""
    found: Any = getattr(model, name)
    return getattr(getattr(found, "fget", found), "short_description", {"step": "环节"}.get(name, name))


def record_url(record: Record) -> str:
    return reverse("workplan:record", args=[record._meta.app_label, record._meta.model_name, record.pk])
