"""What units answer to ad-hoc requests: kept as a draft, handed in, changed until the expiry."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.enums import Right
from accounts.locks import read_locked

from .. import clock
from ..enums import AdHocState
from ..errors import Refused
from ..models import AdHocAnswer, AdHocField, AdHocValue
from ..models.requests import Value
from ..rules.entries import EntryInput, storable_problems
from .adhoc import NO_RIGHT, locked

CLOSED = {
    AdHocState.EXPIRED: "这份临时填报已过有效期，不能再填报。",
    AdHocState.WITHDRAWN: "这份临时填报已经撤回，不能再填报。",
}


class AnswerInvalid(Refused):
    """Values that cannot be taken. `problems` maps field id to a sentence."""

    code = "invalid_answer"

    def __init__(self, problems: dict[int, str]):
        super().__init__(f"有 {len(problems)} 处需要修改。")
        self.problems = problems


class AnswerStale(Refused):
    """Somebody else saved in the meantime."""

    code = "stale"

    def __init__(self, row: AdHocAnswer):
        saved_at = timezone.localtime(row.saved_at)
        super().__init__(f"{row.saved_by} 已于 {saved_at:%m-%d %H:%M} 保存过，您的内容尚未写入。")


def may_answer(row: AdHocAnswer, user) -> bool:
    """Say whether the user may answer now."""
    return row.request.is_open(clock.today()) and _holds(row, user)


@transaction.atomic
def save_answer(
    *, answer: AdHocAnswer, typed: Mapping[int, Value | None], actor, version: int, submit: bool
) -> AdHocAnswer:
    """Keep what a unit typed, by field id; `submit` hands it in. What is handed in stays so: from then on every change must be complete.

    What is stored already is no change, whoever sends it, so that a second click does nothing.
    Raises Refused without the right and where the request is over, AnswerInvalid, and AnswerStale where another was faster.
    """
    request = locked(answer.request_id)
    row = read_locked(AdHocAnswer.objects.with_context(), answer.pk).get()
    if not _holds(row, actor):
        raise Refused(NO_RIGHT, code="forbidden")
    state = request.standing(clock.today())
    if state in CLOSED:
        raise Refused(CLOSED[state], code="closed")
    fields, submit = list(request.fields.all()), submit or row.answered_on is not None
    new = {field.pk: said for field in fields if (said := typed.get(field.pk)) not in (None, "")}
    _require_sound(fields, new, submit)
    if new == row.stored() and (row.answered_on is not None or not submit) and row.saved_at:
        return row
    if row.version != version:
        raise AnswerStale(row)
    return _store(row, fields, new, actor, submit)


def _require_sound(fields: list[AdHocField], new: Mapping[int, Value], submit: bool) -> None:
    problems = {field.pk: "必填，请填写。" for field in fields if submit and field.required and field.pk not in new}
    for pk, said in new.items():
        found = storable_problems(EntryInput(value=said)) if isinstance(said, Decimal) else []
        if found:
            problems[pk] = found[0].message
    if problems:
        raise AnswerInvalid(problems)


def _store(row: AdHocAnswer, fields: list[AdHocField], new: dict[int, Value], actor, submit: bool) -> AdHocAnswer:
    before = _in_words(fields, row.stored())
    row.values.all().delete()
    AdHocValue.objects.bulk_create(
        AdHocValue(answer=row, field_id=pk, **({"number": said} if isinstance(said, Decimal) else {"text": said}))
        for pk, said in new.items()
    )
    row.version += 1
    row.saved_by, row.saved_at = actor, timezone.now()
    if submit:
        row.answered_by, row.answered_on = actor, row.answered_on or clock.today()
    row.save()
    old, changed = audit.changes(before, _in_words(fields, new))
    audit.record(action="adhoc.answer" if submit else "adhoc.keep", actor=actor, row=row, before=old, after=changed)
    return row


def _in_words(fields: list[AdHocField], values: Mapping[int, Value]) -> dict[str, str]:
    return {field.title: str(values.get(field.pk, "")) for field in fields}


def _holds(row: AdHocAnswer, user) -> bool:
    held = AdHocAnswer.objects.visible_to(user, Right.REPORT_WRITE).filter(pk=row.pk)
    return user.may(Right.REPORT_WRITE) and held.exists()
