"""Columns of registers as JSON: what kind of value each takes, how one is read, how it is answered."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ..forms import AmountField, DayField
from ..models import Record
from ..registers.columns import Column, Reading, columns_of
from ..ui.params import ID_LIMIT, printable

# By the input that a column is typed into, the narrower class first.
KINDS = {
    forms.ModelMultipleChoiceField: "rows",
    forms.ModelChoiceField: "row",
    forms.BooleanField: "yes_no",
    forms.ChoiceField: "choice",
    DayField: "day",
    AmountField: "number",
    forms.CharField: "text",
}
KIND_NAMES = {
    "text": "文字",
    "choice": "选项代码",
    "yes_no": "true 或 false",
    "day": "日期，如 2024-10-15",
    "number": "数字",
    "row": "编号",
    "rows": "编号的列表",
}
MESSAGES = {
    "required": "必填。",
    "invalid_choice": "没有这一选项，或您无权使用。",
    "invalid_pk_value": "没有这一选项，或您无权使用。",
}
UNKNOWN = "没有这一列，或该列不能修改。"
NAME_LIMIT, NAMES_SHOWN = 50, 20


def kind_of(field: forms.Field) -> str:
    """Return the kind of value that the input takes, as the API names it."""
    return next(kind for cls, kind in KINDS.items() if isinstance(field, cls))


def read_values(model: type[Record], user, values: dict[str, Any], *, changing: bool) -> dict[str, Any]:
    """Return JSON values as services take them. Raises ValidationError by column name.

    changing: columns left out stay as they are, and those of a part (the person), chosen once, are refused.
    """
    columns = {column.name: column for column in columns_of(model) if not (changing and column.part)}
    strange = sorted(name[:NAME_LIMIT] for name in values.keys() - columns.keys())[:NAMES_SHOWN]
    problems: dict[str, Any] = {name: [UNKNOWN] for name in strange}
    reading, typed = Reading(user, model), {}
    for name, column in columns.items():
        if changing and name not in values:
            continue
        try:
            typed[name] = _read(column, reading, values.get(name))
        except ValidationError as wrong:
            problems[name] = wrong.messages
    if problems:
        raise ValidationError(problems)
    return typed


def _read(column: Column, reading: Reading, value: Any) -> Any:
    field = column.form_field(reading)
    field.error_messages |= MESSAGES
    if value is None:
        return column.from_form(field.clean(None))
    kind = kind_of(field)
    if not FITS[kind](value):
        raise ValidationError(f"应为{KIND_NAMES[kind]}。")
    return column.from_form(field.clean(str(value) if kind == "number" else value))


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= ID_LIMIT


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and printable(value)


def _is_number(value: Any) -> bool:
    return _is_text(value) or (isinstance(value, int | float) and not isinstance(value, bool))


FITS = {
    "text": _is_text,
    "choice": _is_text,
    "yes_no": lambda value: isinstance(value, bool),
    "day": _is_text,
    "number": _is_number,
    "row": _is_id,
    "rows": lambda value: isinstance(value, list) and all(_is_id(one) for one in value),
}


def value_of(column: Column, record: Record) -> Any:
    """Return the value as JSON: ids of rows, numbers as written texts, people in masked words."""
    value = column.value_of(record)
    if column.part or value is None:
        return value
    if column.field.many_to_many:
        return [row.pk for row in value.all()]
    if column.field.is_relation:
        return value.pk
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value


def described(model: type[Record], user) -> list[dict]:
    """Return what a program must know about the columns of a register, in order."""
    reading = Reading(user, model)
    return [_described(column, column.form_field(reading)) for column in columns_of(model)]


def _described(column: Column, field: forms.Field) -> dict:
    kind = kind_of(field)
    choices = [{"value": value, "label": str(label)} for value, label in field.choices] if kind == "choice" else []
    return {
        "name": column.name,
        "label": column.label,
        "kind": kind,
        "required": column.required,
        "fixed": bool(column.part),
        "choices": [one for one in choices if one["value"] != ""],
        "help": column.help,
    }
