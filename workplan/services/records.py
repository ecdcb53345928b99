"""Records of registers: written, changed, removed. The figures that they make follow in the same transaction."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.enums import Right
from accounts.locks import read_locked
from accounts.models import OrgUnit

from .. import clock
from ..enums import RecordSource, RecordState
from ..errors import Refused
from ..models import Record, SpotCheckItem
from ..registers.columns import is_many, parts_of
from ..registers.registry import writable_units
from .measuring import refresh_models

# Set by the services themselves; nothing that people type can be wrong about them.
BOOK_KEEPING = ["created_by", "verified_by", "batch"]


class StaleRecord(Refused):
    """Somebody else saved the record in the meantime. Carries it as it is stored now."""

    code = "stale"

    def __init__(self, record: Record):
        changed = timezone.localtime(record.changed_at)
        super().__init__(f"这条记录已于 {changed:%m-%d %H:%M} 被他人修改，您的修改尚未写入，请核对后再保存。")
        self.record = record


@transaction.atomic
def create_record(*, model: type[Record], actor, typed: dict[str, Any], source: str = RecordSource.TYPED) -> Record:
    """Add a record with what was typed, by column name. Raises ValidationError by field, Refused without the right."""
    now = timezone.now()
    record = model(source=source, created_by=actor, created_at=now, changed_at=now)
    _fill(record, typed, actor)
    require_writable(record.org_unit, model, actor)
    record.full_clean(exclude=BOOK_KEEPING)
    _save(record)
    _fill_many(record, typed)
    audit.record(action="record.create", actor=actor, row=record, after=audit.snapshot(record))
    refresh_models([model], [record.org_unit_id])
    return record


@transaction.atomic
def change_record(*, record: Record, actor, version: int, typed: dict[str, Any]) -> Record:
    """Store what was typed into an existing record; columns that are absent stay as they are.

    Raises StaleRecord where somebody saved since `version` was read, ValidationError by field. A record that had been
    found untrue counts again once it is mended; what was verified must be verified anew.
    """
    record = locked(record)
    require_writable(record.org_unit, type(record), actor)
    if record.version != version:
        raise StaleRecord(record)
    before, unit = _snapshot(record), record.org_unit_id
    _fill(record, typed, actor)
    require_writable(record.org_unit, type(record), actor)
    record.full_clean(exclude=BOOK_KEEPING)
    _fill_many(record, typed)
    old, new = audit.changes(before, _snapshot(record))
    if not new:
        return record
    record.state, record.verified_by, record.verified_on = RecordState.VALID, None, None
    record.version, record.changed_at = record.version + 1, timezone.now()
    _save(record)
    audit.record(action="record.change", actor=actor, row=record, before=old, after=new)
    _note_mended(record)
    refresh_models([type(record)], {unit, record.org_unit_id})
    return record


def _save(record: Record) -> None:
    """Write the record. Raises ValidationError where somebody was faster with the same one."""
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError:
        record.full_clean(exclude=BOOK_KEEPING)  # sees the other's row now, and says what is wrong
        raise


def drafted(*, model: type[Record], actor, typed: dict[str, Any]) -> Record:
    """Return the record that would be made of what was typed. Writes nothing: a new person is undone again."""
    with transaction.atomic():
        record = model(created_by=actor)
        _fill(record, typed, actor)
        transaction.set_rollback(True)
    return record


def same_record(*, model: type[Record], actor, typed: dict[str, Any]) -> Record | None:
    """Return the record that stands with exactly what was typed, where the actor keeps it: for requests sent twice."""
    draft = drafted(model=model, actor=actor, typed=typed)
    names = [f.attname for f in model._meta.concrete_fields if f.name in model.register.fields]
    said = {name: getattr(draft, name) for name in names}
    empty = {f"{name}__isnull": True for name, value in said.items() if value is None}
    known = {name: value for name, value in said.items() if value is not None}
    rows = model.objects.visible_to(actor, Right.RECORD_WRITE).counted().filter(**known, **empty)
    return next((row for row in rows.order_by("pk") if _same_many(row, typed)), None)


def _same_many(record: Record, typed: dict[str, Any]) -> bool:
    names = [name for name in typed if name in record.register.fields and is_many(type(record), name)]
    return all(set(getattr(record, name).all()) == set(typed[name]) for name in names)


@transaction.atomic
def remove_record(*, record: Record, actor, reason: str) -> Record:
    """Take a record out of its register. The row stays for the history. Raises Refused without a reason."""
    record = locked(record)
    require_writable(record.org_unit, type(record), actor)
    if not reason.strip():
        raise Refused("请填写删除原因。", code="reason_required")
    _note_mended(record)
    return move_state(record, RecordState.REMOVED, actor, "record.remove", reason.strip())


@transaction.atomic
def verify_record(*, record: Record, actor, confirmed: bool, note: str = "") -> Record:
    """Note what a look at the thing itself has shown; an untrue record leaves the figures.

    Raises Refused for the own record, and for an untrue one without a note.
    """
    record = locked(record)
    if record.created_by_id == actor.pk:
        raise Refused("不能核查本人登记的记录。", code="own_record")
    if not type(record).objects.visible_to(actor, Right.RECORD_VERIFY).filter(pk=record.pk).exists():
        raise Refused("您没有进行此操作的权限。", code="forbidden")
    if not confirmed and not note.strip():
        raise Refused("核查不实须写明情况。", code="reason_required")
    record.verified_by, record.verified_on = (actor, clock.today())
    record.save(update_fields=["verified_by", "verified_on"])
    state = RecordState.VALID if confirmed else RecordState.REJECTED
    return move_state(record, state, actor, "record.confirm" if confirmed else "record.reject", note.strip())


def _note_mended(record: Record) -> None:
    """Take a record that was found untrue off its unit's list, now that it has been put right."""
    found = SpotCheckItem.objects.to_mend().filter(
        spot_check__app=record._meta.app_label, spot_check__model=record._meta.model_name, record=record.pk
    )
    found.update(mended_on=clock.today())


def move_state(record: Record, state: RecordState, actor, action: str, note: str) -> Record:
    """Give a locked record another state, say so in the log and bring the figures up to date."""
    before = {"state": record.state}
    record.state, record.version, record.changed_at = state, record.version + 1, timezone.now()
    record.save(update_fields=["state", "version", "changed_at"])
    audit.record(action=action, actor=actor, row=record, before=before, after={"state": state}, note=note)
    refresh_models([type(record)], [record.org_unit_id])
    return record


def locked(record: Record) -> Record:
    """Read the record again under a row lock. Raises Refused where it has been removed."""
    found = read_locked(type(record).objects.kept().select_related("org_unit"), record.pk).first()
    if found is None:
        raise Refused("这条记录已被删除。", code="gone")
    return found


def require_writable(unit: OrgUnit, model: type[Record], actor) -> None:
    """Raise Refused where the actor may not keep this register for the unit."""
    if not writable_units(actor, model, Right.RECORD_WRITE).filter(pk=unit.pk).exists():
        raise Refused("您不能为这一单位登记该台账。", code="forbidden")


def _fill(record: Record, typed: dict[str, Any], actor) -> None:
    """Set what was typed; parts (such as the person) first, since they may refuse."""
    if "org_unit" in typed and typed["org_unit"] is not None:
        record.org_unit = typed["org_unit"]
    if record.org_unit_id is None:
        raise ValidationError({"org_unit": "请选择单位。"})
    for name, part in parts_of(type(record)).items():
        if getattr(record, f"{name}_id") is None:
            part.attach(record, typed, actor)
    own = {field.name for field in record._meta.concrete_fields}
    for name, value in typed.items():
        if name in own and name in record.register.fields and name != "org_unit":
            setattr(record, name, value)


def _fill_many(record: Record, typed: dict[str, Any]) -> None:
    for name, value in typed.items():
        if name in record.register.fields and is_many(type(record), name):
            getattr(record, name).set(value)


def _snapshot(record: Record) -> dict:
    many = [field.name for field in record._meta.many_to_many]
    lists = {name: sorted(getattr(record, name).values_list("pk", flat=True)) for name in many}
    return audit.snapshot(record, list(_content_of(record))) | lists


def _content_of(record: Record) -> Iterable[str]:
    """Return the attribute names of what people type, without the book-keeping about it."""
    kept = {"version", "changed_at", "created_at", "verified_on", "state", "source"}
    return [f.attname for f in record._meta.concrete_fields if f.name not in kept and not f.primary_key]
