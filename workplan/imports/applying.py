"""Taking a checked file in, a chunk at a time: new records, changes of known ones, and the log. Figures follow at the end."""

from operator import attrgetter, itemgetter
from typing import Any

from django.utils import timezone

from accounts import audit
from accounts.bulk import insert_rows, reserve_ids, update_rows
from accounts.models import Event

from ..enums import RecordState
from ..models import ImportBatch, Record
from ..registers.columns import Reading, is_many
from ..services.measuring import refresh_models
from .rows import Row, parts_in

KEPT = ("state", "verified_by_id", "verified_on", "version", "changed_at")


class Writer:
    """Stores the good rows of a file. Runs inside the transaction of the import.

    versions: (record id, version now) of the changed records, which is what undoing needs.
    """

    def __init__(self, batch: ImportBatch, model: type[Record], reading: Reading):
        self.batch, self.model, self.reading = batch, model, reading
        self.versions: list[list[int]] = []
        self._units: set[int] = set()

    def write(self, rows: list[Row]) -> None:
        """Store one chunk."""
        new, changed = [row for row in rows if row.is_new], [row for row in rows if row.is_changed]
        if new:
            self._insert(new)
        if changed:
            self._change(changed)

    def finish(self) -> None:
        """Bring the figures up to date, in one pass for all units."""
        refresh_models([self.model], self._units)

    def _insert(self, rows: list[Row]) -> None:
        records = [row.record for row in rows]
        for part in parts_in(self.model):
            part.keep_many(records, self.reading)
        for pk, record in zip(reserve_ids(self.model, len(records)), records, strict=True):
            record.pk = pk
        columns = [field.attname for field in self.model._meta.concrete_fields]
        insert_rows(self.model, columns, map(itemgetter(*columns), map(vars, records)))
        self._link(rows)
        self._units |= {record.org_unit_id for record in records}

    def _link(self, rows: list[Row]) -> None:
        """Write the rows that tie records to what they name several of."""
        for field in self.model._meta.many_to_many:
            if field.name not in self.model.register.fields:
                continue
            through = getattr(self.model, field.name).through
            columns = ("id", field.m2m_column_name(), field.m2m_reverse_name())
            links = [(row.record.pk, other.pk) for row in rows for other in row.typed.get(field.name, [])]
            ids = reserve_ids(through, len(links))
            insert_rows(through, columns, [(pk, *link) for pk, link in zip(ids, links, strict=True)])

    def _change(self, rows: list[Row]) -> None:
        """Write what rows change in known records, with an event for each."""
        records, now = [row.known for row in rows], timezone.now()
        _bring_related(records, self.model)  # the log names what records are about
        audit.record_many([_event(self.batch, row) for row in rows])
        for row in rows:
            _set(row, self.model)
            row.known.state, row.known.verified_by_id, row.known.verified_on = RecordState.VALID, None, None
            row.known.version, row.known.changed_at = row.known.version + 1, now
        fields = self.model._meta.concrete_fields
        columns = ("id", *(field.attname for field in fields if field.name in self.model.register.fields), *KEPT)
        update_rows(self.model, columns, map(attrgetter(*columns), records))
        self.versions += [[record.pk, record.version] for record in records]
        self._units |= {record.org_unit_id for record in records}


def _bring_related(records: list[Record], model: type[Record]) -> None:
    """Put beside the records what their labels and places may be made of: a statement with one parameter for each relation.

    Django's prefetching asks for each row by a condition of its own, of which SQLite takes a thousand.
    """
    fields = [field for field in model._meta.concrete_fields if field.name in model.register.fields]
    for field in (field for field in fields if field.is_relation):
        keys = {getattr(record, field.attname) for record in records}
        found = {row.pk: row for row in field.related_model._base_manager.filter(pk__among=keys)}
        for record in records:
            record._state.fields_cache[field.name] = found.get(getattr(record, field.attname))


def _set(row: Row, model: type[Record]) -> None:
    for name in row.changed:
        if name == "state":
            continue
        if is_many(model, name):
            getattr(row.known, name).set(row.typed[name])
        else:
            setattr(row.known, name, row.typed[name])


def _event(batch: ImportBatch, row: Row) -> Event:
    before = {_attname(row.known, name): _plain(old) for name, (old, _) in row.changed.items()}
    after = {_attname(row.known, name): _plain(new) for name, (_, new) in row.changed.items()}
    return audit.compose(
        action="record.change",
        actor=batch.created_by,
        row=row.known,
        before=before,
        after=after,
        note=note_of(batch),
    )


def note_of(batch: ImportBatch) -> str:
    """Return the note under which the log keeps the batch's changes, and by which undoing finds them."""
    return f"导入 {batch.uid}"


def _attname(record: Record, name: str) -> str:
    field = record._meta.get_field(name)
    return name if field.many_to_many else field.attname


def _plain(value: Any) -> Any:
    """Return a value as JSON keeps it."""
    return value if value is None or isinstance(value, bool | int | str | list) else str(value)
