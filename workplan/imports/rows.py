"""The rows of a file as records: each cell read, each record checked, duplicates found, known ones recognised."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import UniqueConstraint
from django.db.models.base import ModelState
from django.utils import timezone

from accounts.enums import Right
from accounts.sheets import Table, UnreadableFile, is_ruined

from .. import clock
from ..enums import RecordSource, RecordState
from ..models import ImportBatch, Record
from ..registers.columns import CellError, Column, Part, Reading, columns_of, is_many, parts_of
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
    record: Record | None  # not for rows with cells that cannot be read
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


class Reader:
    """Reads a file chunk by chunk: what stands in the cells, whom they name, what the database knows of it. Writes nothing."""

    def __init__(self, table: Table, model: type[Record], reading: Reading, batch: ImportBatch):
        """Raises UnreadableFile for missing columns."""
        self.table, self.model, self.reading = table, model, reading
        self.places = columns_in(table, model)
        for column, _ in self.places:
            column.prepare(reading)
        self._cells = [(place, Cells(column, reading)) for column, place in self.places]
        self._draft = Draft(model, reading.user, batch, timezone.now())
        self._seen: dict[tuple, int] = {}  # the line of each key

    def chunks(self) -> Iterator[list[Row]]:
        """Yield the rows, checked. Those of a chunk are to be written, if at all, before the next is asked for."""
        for lines in self.table.chunks(CHUNK):
            with clock.pinned(clock.today()):
                rows = [self._row(line, cells) for line, cells in lines]
                _find_parts(rows, self.model, self.reading)
                for row in rows:
                    if not row.problems:
                        _check_record(row, self.model)
                _find_twins(rows, self.model, self._seen)
                _recognise([row for row in rows if not row.problems], self.model, self.reading, self.places)
            yield rows

    def _row(self, line: int, texts: list[str]) -> Row:
        values = [cells[texts[place]] for place, cells in self._cells]
        typed, problems = {}, {}
        for (column, _), value in zip(self.places, values, strict=True):
            if type(value) is CellError:
                problems[column.label] = str(value)
            else:
                typed[column.name] = value
        return Row(line, typed, None if problems else self._draft.filled(typed), problems)


class Cells(dict):
    """What the texts of one column stand for, by text: columns repeat themselves. A text that says nothing stands for its error."""

    def __init__(self, column: Column, reading: Reading):
        super().__init__()
        self._column, self._reading = column, reading

    def __missing__(self, text: str) -> Any:
        try:
            value = _read(self._column, text.strip(), self._reading)
        except CellError as wrong:
            value = wrong
        if len(self) < CHUNK:
            self[text] = value
        return value


class Draft:
    """Makes records out of typed values as unpickling does: past `Model.__init__`, which takes five times as long."""

    def __init__(self, model: type[Record], user, batch: ImportBatch, now: datetime):
        blank = model(
            source=RecordSource.IMPORTED, created_by=user, created_at=now, changed_at=now, batch=batch, version=1
        )
        fields = model._meta.concrete_fields
        self._model, self._values = model, {field.attname: getattr(blank, field.attname) for field in fields}
        own = [field for field in fields if field.name in model.register.fields]
        self._plain = [field.name for field in own if not field.is_relation]
        self._related = [(field.name, field.attname) for field in own if field.is_relation]

    def filled(self, typed: dict[str, Any]) -> Record:
        """Return a record with the values, not stored yet. Parts are set later."""
        record = self._model.__new__(self._model)
        values = record.__dict__
        values.update(self._values, _state=ModelState())
        for name in self._plain:
            if name in typed:
                values[name] = typed[name]
        for name, attname in self._related:
            row = typed.get(name)
            if row is not None:
                values[attname] = row.pk
                record._state.fields_cache[name] = row
        return record


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


def _read(column: Column, text: str, reading: Reading) -> Any:
    if text and "E" in text and is_ruined(text):
        raise CellError(RUINED)
    return column.read(text, reading)


def _find_parts(rows: list[Row], model: type[Record], reading: Reading) -> None:
    """Find the people whom the rows name; those who are not known yet get ids that only stand for them."""
    good = [row for row in rows if not row.problems]
    labels = {column.name: column.label for column in columns_of(model)}
    for part in parts_in(model):
        found = part.find_many([(row.record, row.typed) for row in good], reading)
        for row, problems in zip(good, found, strict=True):
            row.problems |= {labels.get(name, ""): text for name, text in problems.items()}


def parts_in(model: type[Record]) -> list[Part]:
    """Return the parts of the model, each once, however many fields it stands for."""
    return list({id(part): part for part in parts_of(model).values()}.values())


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


def _find_twins(rows: list[Row], model: type[Record], seen: dict[tuple, int]) -> None:
    """Note on every row that repeats an earlier one which line that was; `seen` holds the lines of earlier chunks."""
    names = key_of(model)
    for row in rows if names else ():
        if not row.problems:
            key = tuple(getattr(row.record, name) for name in names)
            first = seen.setdefault(key, row.line)
            if first != row.line:
                row.problems[""] = TWICE.format(line=first)


def _recognise(rows: list[Row], model: type[Record], reading: Reading, places) -> None:
    """Find the stored records that rows are about, and what the file would change in them. One statement a chunk."""
    names = key_of(model)
    if not names or not rows:
        return
    known = _known(rows, model, names)
    columns = [column for column, _ in places if not column.part and column.name != "org_unit"]
    own = known and set(writable_ids(model, reading.user, known.values()))
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
