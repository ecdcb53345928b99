"""Taking a checked file in: new records, changes of known ones, the log and the figures, in one transaction."""

from typing import Any

from django.utils import timezone

from accounts import audit
from accounts.models import Event

from ..enums import RecordState
from ..models import ImportBatch, Record
from ..registers.columns import is_many
from ..services.measuring import refresh_models
from .rows import Row, in_chunks

BATCH = 1000


def write_rows(batch: ImportBatch, model: type[Record], rows: list[Row]) -> dict[str, Any]:
    """Store the good rows; return what undoing needs: the changed records with the version they have now.

    Runs inside the transaction of the import. Figures follow at the end, in one pass for all units.
    """
    new, changed = [row for row in rows if row.is_new], [row for row in rows if row.is_changed]
    _insert(model, new)
    versions = _change(batch, model, changed)
    units = {row.record.org_unit_id for row in new} | {row.known.org_unit_id for row in changed}
    refresh_models([model], units)
    return {"versions": versions}


def _insert(model: type[Record], rows: list[Row]) -> None:
    model.objects.bulk_create([row.record for row in rows], batch_size=BATCH)
    for field in model._meta.many_to_many:
        if field.name in model.register.fields:
            _link(model, field, rows)


def _link(model: type[Record], field, rows: list[Row]) -> None:
    """Write the rows that tie records to what they name several of."""
    through = getattr(model, field.name).through
    ours, theirs = field.m2m_column_name(), field.m2m_reverse_name()
    links = [
        through(**{ours: row.record.pk, theirs: other.pk}) for row in rows for other in row.typed.get(field.name, [])
    ]
    through.objects.bulk_create(links, batch_size=BATCH)


def _change(batch: ImportBatch, model: type[Record], rows: list[Row]) -> list[list[int]]:
    """Write what rows change in known records, with an event for each; return (record id, version now) pairs."""
    events, now = [], timezone.now()
    for row in rows:
        record = row.known
        events.append(_event(batch, row))
        _set(record, row, model)
        record.state, record.verified_by, record.verified_on = RecordState.VALID, None, None
        record.version, record.changed_at = record.version + 1, now
    names = [f.name for f in model._meta.concrete_fields if f.name in model.register.fields]
    kept = ["state", "verified_by", "verified_on", "version", "changed_at"]
    for chunk in in_chunks([row.known for row in rows], BATCH):
        model.objects.bulk_update(chunk, [*names, *kept])
    Event.objects.bulk_create(events, batch_size=BATCH)
    return [[row.known.pk, row.known.version] for row in rows]


def _set(record: Record, row: Row, model: type[Record]) -> None:
    for name in row.changed:
        if name == "state":
            continue
        if is_many(model, name):
            getattr(record, name).set(row.typed[name])
        else:
            setattr(record, name, row.typed[name])


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
