"""Records of any register, with the least that their constraints ask for: typed values and the form that says the same."""

from datetime import date, timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.utils import timezone

from accounts.enums import UnitKind
from accounts.sheets import write_xlsx
from people.registers import PartColumn
from people.rules.kinds import IdKind
from people.sample import invented_number
from workplan import jobs as kinds  # noqa: F401  (declares what there is to do)
from workplan.imports.services import job_of
from workplan.models import ImportBatch, Record
from workplan.registers.columns import (
    ChoiceColumn,
    Column,
    DayColumn,
    NumberColumn,
    RecordColumn,
    UnitColumn,
    UnitsColumn,
    YesNoColumn,
    columns_of,
)
from workplan.services.jobs import run
from workplan.services.records import create_record, drafted

FIRST_DAY = date(2024, 3, 1)


def examples_of(model: type[Record]) -> dict[str, Any]:
    """Return what the section's own test module says of the model: `EXAMPLES` in tests/registers/of_<app>.py."""
    name = f"tests.registers.of_{model._meta.app_label}"
    examples = getattr(import_module(name), "EXAMPLES", {}) if find_spec(name) else {}
    return examples.get(model._meta.model_name, {})


def unit_for(model: type[Record], district):
    """Return the unit of the district that keeps such records: the first township where townships do."""
    return district.township if UnitKind.STREET in model.register.units else district.office


def typed_for(model: type[Record], unit, actor, number: int = 0) -> dict[str, Any]:
    """Return valid values by column name; `number` tells records apart."""
    typed = {column.name: _value(column, model, unit, actor, number) for column in columns_of(model)}
    return typed | {name: make(number) if callable(make) else make for name, make in examples_of(model).items()}


def _value(column: Column, model: type[Record], unit, actor, number: int) -> Any:
    if isinstance(column, PartColumn):
        return _of_person(column, unit, number)
    if isinstance(column, UnitsColumn):
        return [unit]
    if isinstance(column, UnitColumn):
        return unit
    if isinstance(column, RecordColumn):
        return _some_record(column, model, unit, actor) if column.required else None
    if isinstance(column, DayColumn):
        return _day(column, model, number)
    if isinstance(column, ChoiceColumn):
        return next(value for value, _ in column.field.flatchoices if value != "") if column.required else column.empty
    if isinstance(column, YesNoColumn):
        return column.empty
    if isinstance(column, NumberColumn):
        return 1 if column.required else column.empty
    return f"示例{number}"[: column.field.max_length] if column.required else ""


def _some_record(column: RecordColumn, beside: type[Record], unit, actor) -> Record:
    """Return a record that others may point at: the one that is there, else a new one."""
    model = column.field.related_model
    there = model.objects.filter(org_unit=unit).complex_filter(column.field.get_limit_choices_to()).first()
    same_section = model._meta.app_label == beside._meta.app_label
    return there or (make_record if same_section else _kept_elsewhere)(model, unit, actor)


def _kept_elsewhere(model: type[Record], unit, actor) -> Record:
    """Add a record of another section's register, which the actor may read but not keep."""
    record = drafted(model=model, actor=actor, typed=typed_for(model, unit, actor))
    record.created_at = record.changed_at = timezone.now()
    record.save()
    return record


def _day(column: Column, model: type[Record], number: int) -> date | None:
    if column.name == "happened_on":
        return FIRST_DAY + timedelta(days=number % 200)
    return FIRST_DAY + timedelta(days=number % 200) if column.required else None


def _of_person(column: PartColumn, unit, number: int) -> Any:
    """Return a value of a person; whom an office registers lives in one of the townships."""
    if column.key == "residence":
        return None if unit.is_township else unit.parent.children.townships().first()
    born = date(1960, 1, 1) + timedelta(days=number)
    values = {
        "name": f"测演{chr(0x4E00 + number % 500)}",
        "id_kind": IdKind.RESIDENT.value,
        "id_number": invented_number(born, ("register test", number)),
    }
    return values.get(column.key, column.empty)


def make_record(model: type[Record], unit, actor, number: int = 0, **values) -> Record:
    """Add a record through the service."""
    return create_record(model=model, actor=actor, typed=typed_for(model, unit, actor, number) | values)


def posted(typed: dict[str, Any]) -> dict[str, Any]:
    """Return typed values as a browser posts them."""
    return {name: _posted(value) for name, value in typed.items() if value not in (None, "", False)}


def _posted(value: Any) -> Any:
    if isinstance(value, list):
        return [_posted(part) for part in value]
    if value is True:
        return "on"
    return str(getattr(value, "pk", value))


def cells(model: type[Record], typed: dict[str, Any]) -> list[str]:
    """Return typed values as somebody writes them into the cells of the register's template."""
    return [_cell(column, typed[column.name]) for column in columns_of(model)]


def _cell(column: Column, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(unit.label for unit in value)
    choices = {str(key): str(label) for key, label in column.field.flatchoices or ()}
    return choices.get(str(value), getattr(value, "label", None) or str(value))


def workbook(model: type[Record], rows: list[dict[str, Any]]) -> bytes:
    """Return an xlsx file with the register's columns and a row for each of the typed values."""
    header = [column.label for column in columns_of(model)]
    return write_xlsx(header, [cells(model, typed) for typed in rows])


def run_import(batch: ImportBatch) -> None:
    """Have the batch's job done, as a worker would that is told of it."""
    run(job_of(batch).pk)
