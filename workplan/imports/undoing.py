"""Taking an import back, as long as nothing was built on it."""

from typing import Any

from django.db.models import ProtectedError
from django.utils import timezone

from accounts.models import Event

from ..enums import RecordState
from ..errors import Refused
from ..models import Attachment, ImportBatch, Record, SpotCheckItem
from ..registers.columns import is_many
from ..services.measuring import refresh_models
from .applying import note_of
from .rows import in_chunks

BUILT_ON = "导入之后，{what}，不能整批撤销。请逐条修改。"


def take_back(batch: ImportBatch, model: type[Record]) -> dict[str, int]:
    """Delete what the import added and restore what it changed; return the counts.

    Raises Refused where a record has been changed, verified, given files or pointed at since. Runs inside a transaction.
    """
    added = model.objects.filter(batch=batch)
    changed = _changed(batch, model)
    _require_untouched(batch, model, added, changed)
    units = {*added.values_list("org_unit", flat=True), *(record.org_unit_id for record in changed)}
    _restore(batch, changed)
    number = added.count()
    _delete(added)
    refresh_models([model], units)
    return {"removed": number, "restored": len(changed)}


def _changed(batch: ImportBatch, model: type[Record]) -> list[Record]:
    versions = dict(map(tuple, batch.result.get("versions", [])))
    found = []
    for chunk in in_chunks(versions):
        found += model.objects.select_for_update().filter(pk__in=chunk)
    if any(record.version != versions[record.pk] or record.state != RecordState.VALID for record in found):
        raise Refused(BUILT_ON.format(what="有记录又被修改过"), code="built_on")
    return found


def _require_untouched(batch: ImportBatch, model: type[Record], added, changed: list[Record]) -> None:
    if added.exclude(version=1, state=RecordState.VALID, verified_on__isnull=True).exists():
        raise Refused(BUILT_ON.format(what="有记录又被修改或核查过"), code="built_on")
    pks = added.values("pk")
    place = {"app": model._meta.app_label, "model": model._meta.model_name}
    if Attachment.objects.filter(**place, record__in=pks).exists():
        raise Refused(BUILT_ON.format(what="有记录上传了附件"), code="built_on")
    drawn = SpotCheckItem.objects.filter(spot_check__app=place["app"], spot_check__model=place["model"])
    if drawn.filter(record__in=pks).exists():
        raise Refused(BUILT_ON.format(what="有记录被抽查"), code="built_on")


def _delete(added) -> None:
    try:
        added.delete()
    except ProtectedError:
        raise Refused(BUILT_ON.format(what="有其他记录引用了这些记录"), code="built_on") from None


def _restore(batch: ImportBatch, records: list[Record]) -> None:
    """Put back what the log says stood there before."""
    if not records:
        return
    events = Event.objects.filter(object_type=records[0]._meta.label_lower, note=note_of(batch))
    before = {int(pk): values for pk, values in events.values_list("object_id", "before")}
    for record in records:
        _put_back(record, before[record.pk])


def _put_back(record: Record, before: dict[str, Any]) -> None:
    for name, value in before.items():
        if is_many(type(record), name):
            getattr(record, name).set(value)
        else:
            field = record._meta.get_field(name)
            setattr(record, name, field.target_field.to_python(value) if field.is_relation else field.to_python(value))
    record.version, record.changed_at = record.version + 1, timezone.now()
    record.save()
