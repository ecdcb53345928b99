"""Brings one file's rows and the database together without losing what users changed.

Three values of each field are compared: what the file says, what was loaded last (`LoadedRow`), and what the
database holds. The database follows the file only where it still holds what was loaded last.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models

from ..enums import AssignmentRole
from ..models import LoadedRow
from .specs import Column, Context, Table
from .tables import CsvRow


@dataclass(slots=True)
class LoadReport:
    """What a load did: counts of rows, and one Chinese line for each row that was left to its user."""

    created: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0
    periods: int = 0
    kept: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated or self.removed or self.periods)


@dataclass(slots=True)
class Wanted:
    """One row as the file wants it: values ready for the model, and the same in plain form for comparing."""

    source: CsvRow
    key: str
    values: dict[str, Any]
    plain: dict[str, Any]


class TableMerge:
    """The merging of one file: its wanted rows, the rows that exist, and the memory of the last load."""

    def __init__(self, table: Table, context: Context, report: LoadReport, scope: str):
        self.table, self.context, self.report = table, context, report
        self.columns = [column for column in table.columns if not column.kept_out]
        self.kind = table.file.removesuffix(".csv")
        self.prefix = scope
        self.rows = {self._key_of_row(row): row for row in table.existing(context)}
        self.memory = {m.key: m for m in LoadedRow.objects.filter(kind=self.kind, key__startswith=scope)}

    def run(self, sources: list[CsvRow]) -> None:
        """Merge the file's rows. Raises FixtureError at the first bad one."""
        wanted: dict[str, Wanted] = {}
        self.context.found[self.table.model] = self.rows  # now: a unit may name its parent in the same file
        for number, source in enumerate(self._expanded(sources), start=1):
            item = self._wanted(source, number)
            if item.key in wanted:
                raise source.error(f"与第{wanted[item.key].source.line}行重复（{item.key}）。")
            wanted[item.key] = item
        self._remove_gone(wanted)
        for item in sorted(wanted.values(), key=_leads_last):
            self._merge(item)

    def _expanded(self, sources: list[CsvRow]) -> list[CsvRow]:
        """Put one row per unit in place of a row that names a group of units."""
        if not any(column.name == "unit" and column.refers for column in self.columns):
            return sources
        return [
            CsvRow(source.file, source.line, {**source.cells, "unit": code})
            for source in sources
            for code in self.context.units_named(source.cells["unit"])
        ]

    def _attribute(self, name: str) -> str:
        return next(column.target for column in self.columns if column.name == name)

    # --- reading ---

    def _wanted(self, source: CsvRow, number: int) -> Wanted:
        values, plain = {}, {}
        for column in self.columns:
            try:
                value = column.read(source.cells[column.name])
            except ValueError as error:
                raise source.error(f"“{column.name}”{error}，实际为“{source.cells[column.name]}”。") from None
            values[column.target], plain[column.target] = value, plain_of(value)
        if self.table.sorted_by_row:
            values["sort"] = plain["sort"] = number
        key = ":".join(str(plain[self._attribute(name)]) for name in self.table.key)
        return Wanted(source, key, values, plain)

    def _key_of_row(self, row: models.Model) -> str:
        current = {
            column.target: self._current(row, column) for column in self.columns if column.name in self.table.key
        }
        return ":".join(str(current[self._attribute(name)]) for name in self.table.key)

    def _current(self, row: models.Model, column: Column) -> Any:
        if column.several:
            return sorted(natural_key(other) for other in getattr(row, column.target).all())
        value = getattr(row, column.target)
        if column.refers:
            return natural_key(value) if value else ""
        return plain_of(value)

    def _plain_row(self, row: models.Model) -> dict[str, Any]:
        current = {column.target: self._current(row, column) for column in self.columns}
        return current | ({"sort": row.sort} if self.table.sorted_by_row else {})

    # --- writing ---

    def _merge(self, item: Wanted) -> None:
        row, memory = self.rows.get(item.key), self.memory.get(self.prefix + item.key)
        if row is not None:
            self._follow(item, row, memory)
        elif memory is not None:
            self.report.kept.append(f"保留您的删除：{self.table.label} {item.key}")
        else:
            row = self.table.model(**self.table.owner(self.context))
            self._store(item, row, set(item.plain))
            self.rows[item.key] = row
            LoadedRow.objects.create(kind=self.kind, key=self.prefix + item.key, values=item.plain)
            self.report.created += 1

    def _follow(self, item: Wanted, row: models.Model, memory: LoadedRow | None) -> None:
        last = memory.values if memory else {}
        current = self._plain_row(row)
        differing = {name for name in item.plain if current[name] != item.plain[name]}
        edited = {name for name in differing if name not in last or current[name] != last[name]}
        if differing - edited:
            self._store(item, row, differing - edited)
            self.report.updated += 1
        elif not edited:
            self.report.unchanged += 1
        if edited:
            self.report.kept.append(self._kept_line(item, current, edited))
        self._remember(item, memory, edited)

    def _remember(self, item: Wanted, memory: LoadedRow | None, edited: set[str]) -> None:
        """Keep for each field what was loaded last: of an edited field that stays what it was."""
        last = memory.values if memory else {}
        values = {name: value for name, value in item.plain.items() if name not in edited}
        values |= {name: last[name] for name in edited if name in last}
        if values != last:
            place = {"kind": self.kind, "key": self.prefix + item.key}
            LoadedRow.objects.update_or_create(**place, defaults={"values": values})

    def _store(self, item: Wanted, row: models.Model, names: set[str]) -> None:
        groups = {}
        for column in self.columns:
            if column.target in names and column.several:
                keys = item.values[column.target]
                groups[column.target] = [self._referred(item, column, key) for key in keys]
            elif column.target in names:
                setattr(row, column.target, self._value(item, column))
        if "sort" in names:
            row.sort = item.values["sort"]
        self._save(item.source, row)
        for name, others in groups.items():
            getattr(row, name).set(others)

    def _value(self, item: Wanted, column: Column) -> Any:
        value = item.values[column.target]
        if column.refers is None:
            return value
        return self._referred(item, column, value) if value else None

    def _referred(self, item: Wanted, column: Column, key: str) -> models.Model:
        found = self.context.found.get(column.refers, {}).get(str(key))
        if found is None:
            raise item.source.error(f"“{column.name}”所指的“{key}”不存在。")
        return found

    def _save(self, source: CsvRow, row: models.Model) -> None:
        relations = [f.name for f in row._meta.concrete_fields if f.is_relation]
        try:
            row.clean_fields(exclude=[*relations, "path"])
            row.clean()
            row.save()
        except ValidationError as error:
            raise source.error(_validation_message(error)) from error
        except IntegrityError as error:
            raise source.error(_constraint_message(row, error)) from error

    def _remove_gone(self, wanted: dict[str, Wanted]) -> None:
        """Take out rows that left the file, where nobody changed them since."""
        if not self.table.removable:
            return
        for full_key, memory in self.memory.items():
            key = full_key.removeprefix(self.prefix)
            row = self.rows.get(key)
            if key in wanted or row is None:
                continue
            if self._plain_row(row) != memory.values:
                self.report.kept.append(f"保留您的修改：{self.table.label} {key}（预置数据已不含此项）")
                continue
            row.delete()
            memory.delete()
            del self.rows[key]
            self.report.removed += 1

    def _kept_line(self, item: Wanted, current: dict, edited: set[str]) -> str:
        parts = []
        for name in sorted(edited):
            field = self.table.model._meta.get_field(name)
            parts.append(f"{field.verbose_name} {_shown(current[name])}（预置 {_shown(item.plain[name])}）")
        return f"保留您的修改：{self.table.label} {item.key}：{'、'.join(parts)}"


def _leads_last(item: Wanted) -> bool:
    """Order rows so that an old lead steps down before the new one is named: a task never has two."""
    return item.plain.get("role") == AssignmentRole.LEAD


def plain_of(value: Any) -> Any:
    """Return the value as JSON keeps it, numbers in one spelling, so that equal values compare equal."""
    if isinstance(value, bool) or value is None or isinstance(value, list):
        return value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)


def natural_key(row: models.Model) -> str:
    """Return what other files name the row by: its code, or its number."""
    return str(row.code if hasattr(row, "code") else row.number)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(value) or "空"
    return str(value) if value not in (None, "") else "空"


def _validation_message(error: ValidationError) -> str:
    return "；".join(f"“{name}”{message}" for name, found in error.message_dict.items() for message in found)


def _constraint_message(row: models.Model, error: IntegrityError) -> str:
    """Return the constraint's own Chinese sentence where the database names it."""
    for constraint in row._meta.constraints:
        if constraint.name in str(error):
            return str(constraint.violation_error_message)
    table = row._meta.db_table
    fields = [str(f.verbose_name) for f in row._meta.concrete_fields if f"{table}.{f.column}" in str(error)]
    return f"与已有数据冲突（{'、'.join(fields)}）。" if fields else f"数据库拒绝了这一行：{error}"
