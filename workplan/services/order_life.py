"""The life of an issued supervision order: signed for, replied to with evidence, extended, verified, struck off, opened again."""

from collections.abc import Sequence
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from .. import clock
from ..enums import ExtensionState, OrderAction
from ..errors import Refused
from ..models import Extension, SupervisionAct, SupervisionFile, SupervisionOrder
from .evidence import TYPES, checked_extension, safe_name, sha256_of
from .supervision import begin, finish, require_due, required, steps_of, tell_unit

MAX_FILES = 10  # with one reply


@transaction.atomic
def sign_order(*, order: SupervisionOrder, actor, version: int) -> SupervisionOrder:
    """Say on behalf of the unit that the order has arrived."""
    order = begin(order, actor, OrderAction.SIGN, version)
    order.signed_by, order.signed_on = actor, clock.today()
    return finish(order, OrderAction.SIGN, actor)


@transaction.atomic
def reply_order(
    *, order: SupervisionOrder, actor, version: int, text: str, uploads: Sequence[UploadedFile] = ()
) -> SupervisionOrder:
    """Report to the office what was done, with the files that show it. An open request for more time falls away.

    Raises Refused without a text, and for a file as `services.evidence` refuses them; then nothing is written.
    """
    order = begin(order, actor, OrderAction.REPLY, version)
    text = required(text, "请填写办理情况。")
    checked = _checked(order, uploads)
    order.replied_by, order.replied_on = actor, clock.today()
    _lapse_request(order)
    order = finish(order, OrderAction.REPLY, actor, text=text)
    _store(order, checked, actor)
    return order


def _lapse_request(order: SupervisionOrder) -> None:
    """Close a request for more time that nobody has answered and that has nothing to ask for any more."""
    order.extensions.filter(state=ExtensionState.ASKED).update(state=ExtensionState.LAPSED)


def _checked(order: SupervisionOrder, uploads: Sequence[UploadedFile]) -> list[SupervisionFile]:
    """Return the files as rows that are not stored yet. Raises Refused (code "file") where one may not be taken."""
    if len(uploads) > MAX_FILES:
        raise Refused(f"一次最多上传 {MAX_FILES} 个文件。", code="file")
    known = set(order.files.values_list("sha256", flat=True))
    found = []
    for upload in uploads:
        row = _checked_file(order, upload)
        if row.sha256 in known:
            raise Refused(f"“{row.name}”已经上传过。", code="file")
        known.add(row.sha256)
        found.append(row)
    return found


def _checked_file(order: SupervisionOrder, upload: UploadedFile) -> SupervisionFile:
    name = safe_name(upload.name or "")
    try:
        extension = checked_extension(upload, name)
    except Refused as refused:
        raise Refused(refused.message, code="file") from None
    return SupervisionFile(
        order=order,
        file=upload,
        name=name,
        content_type=TYPES[extension],
        size=upload.size,
        sha256=sha256_of(upload),
        uploaded_at=timezone.now(),
    )


def _store(order: SupervisionOrder, rows: list[SupervisionFile], actor) -> None:
    """Write files and rows with the reply just made; where one cannot be written, none stays behind on disk."""
    act, stored = order.acts.order_by("pk").last(), []
    try:
        for row in rows:
            row.act, row.uploaded_by = act, actor
            row.save()
            stored.append(row)
    except Exception:
        for row in stored:
            row.file.storage.delete(row.file.name)
        raise


@transaction.atomic
def ask_extension(*, order: SupervisionOrder, actor, version: int, wanted: date | None, reason: str) -> Extension:
    """Ask for a later deadline, with the reason. Raises Refused where the day is not later, or a request is open already."""
    order = begin(order, actor, OrderAction.ASK, version)
    reason = required(reason, "请写明延期理由。")
    wanted = require_due(wanted)
    if wanted <= order.due:
        raise Refused(f"申请延至的日期须晚于现时限 {order.due}。", code="not_later")
    asked = Extension.objects.create(order=order, wanted=wanted, reason=reason, asked_by=actor, asked_on=clock.today())
    finish(order, OrderAction.ASK, actor, text=f"申请延至 {wanted}：{reason}")
    return asked


@transaction.atomic
def decide_extension(
    *, order: SupervisionOrder, actor, version: int, granted: bool, note: str = ""
) -> SupervisionOrder:
    """Grant the open request, which moves the deadline, or refuse it with a reason."""
    action = OrderAction.GRANT if granted else OrderAction.REFUSE
    order = begin(order, actor, action, version)
    asked = order.extensions.get(state=ExtensionState.ASKED)
    note = note.strip() if granted else required(note, "请填写不同意延期的理由。")
    if granted and asked.wanted < clock.today():
        raise Refused("申请延至的日期已过，请不予同意，由单位重新申请。", code="due_in_past")
    asked.state = ExtensionState.GRANTED if granted else ExtensionState.REFUSED
    asked.decided_by, asked.decided_on, asked.note = actor, clock.today(), note
    asked.save()
    if granted:
        order.due = asked.wanted
    return finish(order, action, actor, text=note)


@transaction.atomic
def strike_order(*, order: SupervisionOrder, actor, version: int, text: str) -> SupervisionOrder:
    """Verify the reply and close the matter. Nobody does so with a reply of their own."""
    order = begin(order, actor, OrderAction.STRIKE, version)
    text = required(text, "请填写复核意见。")
    order.struck_by, order.struck_on = actor, clock.today()
    return finish(order, OrderAction.STRIKE, actor, text=text)


@transaction.atomic
def return_order(*, order: SupervisionOrder, actor, version: int, text: str) -> SupervisionOrder:
    """Send the reply back: the unit owes another one by the same deadline."""
    order = begin(order, actor, OrderAction.RETURN, version)
    order = finish(order, OrderAction.RETURN, actor, text=required(text, "请填写退回原因。"))
    return tell_unit(order, OrderAction.RETURN, actor)


@transaction.atomic
def escalate_order(*, order: SupervisionOrder, actor, version: int, due: date | None, text: str) -> SupervisionOrder:
    """Raise the order to the next step, with a new deadline; an open request for more time falls away."""
    order = begin(order, actor, OrderAction.ESCALATE, version)
    text = required(text, "请填写升级原因。")
    higher = next((step for step in steps_of(order.plan) if step.rank > order.step.rank), None)
    if higher is None:
        raise Refused("已是最高督办等级。", code="last_step")
    order.due, order.step = require_due(due), higher
    _lapse_request(order)
    return tell_unit(finish(order, OrderAction.ESCALATE, actor, text=text), OrderAction.ESCALATE, actor)


@transaction.atomic
def reopen_order(*, order: SupervisionOrder, actor, version: int, due: date | None, text: str) -> SupervisionOrder:
    """Take back that the matter is closed: the unit owes a reply again, by a new deadline."""
    order = begin(order, actor, OrderAction.REOPEN, version)
    text = required(text, "请填写重新督办的原因。")
    order.due = require_due(due)
    order.struck_by = order.struck_on = None
    return tell_unit(finish(order, OrderAction.REOPEN, actor, text=text), OrderAction.REOPEN, actor)


@transaction.atomic
def archive_order(*, order: SupervisionOrder, actor, version: int) -> SupervisionOrder:
    """Put a closed order on file; nothing changes it afterwards."""
    order = begin(order, actor, OrderAction.ARCHIVE, version)
    order.archived_on = clock.today()
    return finish(order, OrderAction.ARCHIVE, actor)


def trail_of(order: SupervisionOrder) -> list[SupervisionAct]:
    """Return the order's acts, the oldest first, each with its actor, step and files."""
    return list(order.acts.select_related("actor", "step").prefetch_related("files").order_by("pk"))
