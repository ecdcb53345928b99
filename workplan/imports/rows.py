"""The rows of a file as records: each cell read, each record checked, duplicates found, known ones recognised."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import UniqueConstraint
from django.utils import timezone

from accounts.enums import Right
from accounts.sheets import Table, UnreadableFile, is_ruined

from ..enums import RecordSource, RecordState
from ..models import ImportBatch, Record
from ..registers.columns import CellError, Column, Reading, columns_of, is_many, parts_of
from .conditions import broken

CHUNK = 5000


def in_chunks(items: Iterable, size: int = CHUNK) -> Iterator[Sequence]:
    """Yield the items in lists of at most `size`."""
    items = list(items)
    for start in range(0, len(items), size):
        yield items[start : start + size]


RUINED = "单元格被表格软件转成了数字，末几位已经丢失：请把该列设为文本后重新填写。"
TWICE = "与第 {line} 行重复。"


@dataclass(slots=True)
class Row:
    """One line of the file. typed: values by column name; known: the stored record that the row is about, if any."""

    line: int
    typed: dict[str, Any]
    record: Record
    problems: dict[str, str] = field(default_factory=dict)
    known: Record | None = None
    changed: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return not self.problems and self.known is None

    @property
    def is_changed(self) -> bool:
        return not self.problems and bool(self.changed)

    def sentence(self) -> str:
        """Return what is wrong with the row, by column; what belongs to none first."""
        return "".join(f"{label}：{text}" if label else text for label, text in self.problems.items())


def read_rows(
    table: Table, model: type[Record], reading: Reading, batch: ImportBatch, note: Callable[[int], None]
) -> list[Row]:
    """Return the rows of the table, checked cell by cell and as records; `note` is told how many are done.

    Raises UnreadableFile for missing columns.
    """
    places = columns_in(table, model)
    for column, _ in places:
        column.prepare(reading)
    now = timezone.now()
    rows: list[Row] = []
    for lines in table.chunks(CHUNK):
        chunk = [_row(line, cells, places, model, reading, batch, now) for line, cells in lines]
        _attach_parts(chunk, model, reading)
        rows += chunk
        note(len(rows))
    for row in rows:
        if not row.problems:
            _check_record(row, model)
    _find_twins(rows, model)
    for chunk in in_chunks(row for row in rows if not row.problems):
        _recognise(chunk, model, reading, places)
    return rows


def columns_in(table: Table, model: type[Record]) -> list[tuple[Column, int]]:
    """Return the register's columns that the file has, each with its place. Raises UnreadableFile."""
    found = {name: place for place, name in enumerate(table.header)}
    columns = columns_of(model)
    missing = [column.label for column in columns if column.required and column.label not in found]
    if missing:
        raise UnreadableFile(f"缺少必填的列：{'、'.join(missing)}。请使用模板填写。")
    return [(column, found[column.label]) for column in columns if column.label in found]


def unknown_columns(table: Table, model: type[Record]) -> list[str]:
    """Return the names in the header that the register does not know, so that the user learns what is left out."""
    known = {column.label for column in columns_of(model)}
    return [name for name in table.header if name and name not in known]


def _row(line: int, cells: list[str], places, model, reading: Reading, batch: ImportBatch, now) -> Row:
    typed, problems = {}, {}
    for column, place in places:
        try:
            typed[column.name] = _read(column, cells[place].strip(), reading)
        except CellError as wrong:
            problems[column.label] = str(wrong)
    record = model(source=RecordSource.IMPORTED, created_by=reading.user, created_at=now, changed_at=now, batch=batch)
    for name in model.register.fields:
        if name in typed and not is_many(model, name):
            setattr(record, name, typed[name])
    return Row(line, typed, record, problems)


def _read(column: Column, text: str, reading: Reading) -> Any:
    if text and "E" in text and is_ruined(text):
        raise CellError(RUINED)
    return column.read(text, reading)


def _attach_parts(rows: Iterable[Row], model: type[Record], reading: Reading) -> None:
    """Find or make the people whom the rows name. Runs inside the transaction of the check, which is taken back."""
    good = [row for row in rows if not row.problems]
    labels = {column.name: column.label for column in columns_of(model)}
    for part in {id(part): part for part in parts_of(model).values()}.values():
        found = part.attach_many([(row.record, row.typed) for row in good], reading.user)
        for row, problems in zip(good, found, strict=True):
            row.problems |= {labels.get(name, ""): text for name, text in problems.items()}


def _check_record(row: Row, model: type[Record]) -> None:
    """Check the record as its form would: dates and steps, then the constraints of the table."""
    try:
        row.record.clean()
    except ValidationError as wrong:
        for name, messages in wrong.message_dict.items():
            row.problems[_label(model, name)] = messages[0]
        return
    for message in broken(row.record):
        row.problems[""] = message


def _label(model: type[Record], name: str) -> str:
    return next((column.label for column in columns_of(model) if column.name == name), "")


def key_of(model: type[Record]) -> tuple[str, ...]:
    """Return the attributes that tell two records apart: those of the first constraint that says so; () for none."""
    unique = next((c for c in model._meta.constraints if isinstance(c, UniqueConstraint)), None)
    return tuple(model._meta.get_field(name).attname for name in unique.fields) if unique else ()


def _find_twins(rows: list[Row], model: type[Record]) -> None:
    """Note on every row that repeats an earlier one which line that was."""
    names, seen = key_of(model), {}
    if not names:
        return
    for row in rows:
        if not row.problems:
            key = tuple(getattr(row.record, name) for name in names)
            first = seen.setdefault(key, row.line)
            if first != row.line:
                row.problems[""] = TWICE.format(line=first)


def _recognise(rows: Iterable[Row], model: type[Record], reading: Reading, places) -> None:
    """Find the stored records that rows are about, and what the file would change in them. One statement a chunk."""
    rows, names = list(rows), key_of(model)
    if not names or not rows:
        return
    known = _known(rows, model, names)
    columns = [column for column, _ in places if not column.part and column.name != "org_unit"]
    own = set(writable_ids(model, reading.user, known.values()))
    for row in rows:
        found = known.get(tuple(getattr(row.record, name) for name in names))
        if found is None:
            continue
        if found.pk not in own:
            row.problems[""] = "这条记录不能由您登记，请联系主管科室核对。"
            continue
        row.known = found
        row.changed = changes(found, row, columns, model)


def _known(rows: list[Row], model: type[Record], names: tuple[str, ...]) -> dict[tuple, Record]:
    first = names[0] if names[0] != "org_unit_id" else names[-1]
    values = {getattr(row.record, first) for row in rows}
    stored = model.objects.kept().filter(**{f"{first}__in": values - {None}})
    stored = stored.prefetch_related(*(field.name for field in model._meta.many_to_many))
    return {tuple(getattr(record, name) for name in names): record for record in stored.iterator(chunk_size=CHUNK)}


def writable_ids(model: type[Record], user, records: Iterable[Record]) -> Iterator[int]:
    """Yield the ids of those records that the user may change."""
    pks = [record.pk for record in records]
    for chunk in in_chunks(pks):
        rows = model.objects.visible_to(user, Right.RECORD_WRITE).filter(pk__in=chunk)
        yield from rows.values_list("pk", flat=True)


def changes(found: Record, row: Row, columns: list[Column], model: type[Record]) -> dict[str, tuple[Any, Any]]:
    """Return by column name the stored and the new value where they differ; several rows are compared as ids."""
    different = {}
    for column in columns:
        new = row.typed[column.name]
        if is_many(model, column.name):
            old, new = sorted(o.pk for o in getattr(found, column.name).all()), sorted(o.pk for o in new)
        else:
            name = model._meta.get_field(column.name).attname
            old, new = getattr(found, name), getattr(row.record, name)
        if old != new:
            different[column.name] = (old, new)
    if found.state == RecordState.REJECTED:
        different.setdefault("state", (found.state, RecordState.VALID))
    return different
