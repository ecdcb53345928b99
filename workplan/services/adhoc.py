"""Ad-hoc requests: drafted by an office, sent, approved or refused by another, withdrawn. Each act checks, writes, logs and tells in one transaction.

What units answer is in `services.adhoc_answers`. There is no act that moves the expiry: what is needed longer is asked anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import audit
from accounts.enums import Right
from accounts.locks import read_locked
from accounts.models import OrgUnit

from .. import clock
from ..enums import AdHocKind, AdHocState
from ..errors import Refused
from ..models import AdHocAnswer, AdHocField, AdHocRequest, Plan, Section
from ..models.requests import MOST_FIELDS
from ..reminders.people import People, Person
from ..sections import section_name
from .supervision import office_of, required
from .telling import tell

LONGEST = timedelta(days=90)  # from the day of sending to the expiry
EDITABLE = (AdHocState.DRAFT, AdHocState.REFUSED)
NO_RIGHT = "您没有进行此操作的权限。"
STALE = "这份临时填报刚刚被他人办理或修改过，您的操作尚未写入，请核对后再办。"


@dataclass(frozen=True, slots=True)
class FieldInput:
    """One thing that is to be asked. unit: what a number counts, "" for texts."""

    label: str
    kind: str = AdHocKind.NUMBER
    unit: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class RequestInput:
    """What is typed about a request."""

    title: str
    app: str
    reason: str
    units: tuple[OrgUnit, ...]
    fields: tuple[FieldInput, ...]
    due: date | None
    expires: date | None


# --- what can be asked, of whom ---


def draftable(user, plan: Plan) -> list[Section]:
    """Return the sections of the plan for which the user may draft requests."""
    return list(Section.objects.visible_to(user, Right.PLAN_EDIT).filter(plan=plan).order_by("number"))


def askable(plan: Plan) -> list[OrgUnit]:
    """Return the townships that can be asked."""
    return list(OrgUnit.objects.townships().below(plan.bureau).valid_on(clock.today()).order_by("sort", "code"))


def checked_days(due: date | None, expires: date | None) -> None:
    """Raises Refused where a day is missing or does not serve."""
    today = clock.today()
    if due is None:
        raise Refused("请填写填报截止日期。", code="due_required")
    if due < today:
        raise Refused("填报截止不能早于今天。", code="due_in_past")
    if expires is None:
        raise Refused("请填写有效期。", code="expires_required")
    if expires < due:
        raise Refused("有效期不能早于填报截止。", code="expires_before_due")
    if expires > today + LONGEST:
        raise Refused(f"有效期最长 {LONGEST.days} 天，即不晚于 {today + LONGEST}。", code="expires_too_far")


def checked_fields(fields: Iterable[FieldInput]) -> None:
    """Raises Refused where there are no fields or too many, or they cannot be told apart."""
    fields = list(fields)
    if not 0 < len(fields) <= MOST_FIELDS:
        raise Refused(f"请填写 1 至 {MOST_FIELDS} 个填报项。", code="fields_required")
    labels = [field.label for field in fields]
    twice = next((label for label in labels if labels.count(label) > 1), "")
    if twice:
        raise Refused(f"填报项“{twice}”重复。", code="field_twice")
    for field in fields:
        if field.kind == AdHocKind.NUMBER and not field.unit:
            raise Refused(f"填报项“{field.label}”是数字，请填写计量单位。", code="field_unit")


def _checked(plan: Plan, typed: RequestInput, actor) -> dict:
    """Return the columns that the input gives. Raises Refused for what does not serve."""
    if not plan.is_running:
        raise Refused("工作要点未在执行中，不能发起临时填报。", code="plan_not_running")
    if typed.app not in {section.app for section in draftable(actor, plan)}:
        raise Refused(NO_RIGHT, code="forbidden")
    title = _titled(typed.title)
    reason = required(typed.reason, "请写明为什么需要填报。")
    checked_fields(typed.fields)
    if not typed.units:
        raise Refused("请选择填报单位。", code="units_required")
    if not {unit.pk for unit in typed.units} <= {unit.pk for unit in askable(plan)}:
        raise Refused("所选单位中有不能填报的单位，请重新选择。", code="foreign_unit")
    checked_days(typed.due, typed.expires)
    days = {"due": typed.due, "expires": typed.expires}
    return {"app": typed.app, "office": office_of(plan, typed.app), "title": title, "reason": reason, **days}


def _titled(text: str) -> str:
    if not text.strip():
        raise Refused("请填写标题。", code="title_required")
    return text.strip()


# --- drafting ---


@transaction.atomic
def draft_request(*, plan: Plan, typed: RequestInput, actor, key: str | None = None) -> AdHocRequest:
    """Write a draft, which no township sees. key: of the form; the same form sent twice is one draft.

    Raises Refused without the right on the section, and for what does not serve.
    """
    existing = AdHocRequest.objects.filter(key=key, drafted_by=actor).first() if key else None
    if existing:
        return existing
    columns = _checked(plan, typed, actor)
    try:
        with transaction.atomic():
            row = AdHocRequest.objects.create(plan=plan, key=key, drafted_by=actor, drafted_on=clock.today(), **columns)
    except IntegrityError:  # the second click, a moment later
        return AdHocRequest.objects.get(key=key, drafted_by=actor)
    _ask(row, typed)
    audit.record(action="adhoc.draft", actor=actor, row=row, after=audit.snapshot(row) | asked_in_words(row))
    return row


@transaction.atomic
def save_request(*, request: AdHocRequest, typed: RequestInput, actor, version: int) -> AdHocRequest:
    """Change a draft, or one that was not approved.

    Raises Refused as `draft_request` does, where it is no longer to be edited, and (code "stale") where somebody was faster.
    """
    row = _held(request, actor, Right.PLAN_EDIT)
    columns = _checked(row.plan, typed, actor)
    if row.state not in EDITABLE:
        raise Refused("已送审的临时填报不能修改。", code="not_editable")
    _require_version(row, version)
    before = audit.snapshot(row) | asked_in_words(row)
    for name, value in columns.items():
        setattr(row, name, value)
    row.fields.all().delete()
    row.answers.all().delete()  # empty: nobody was asked before an approval
    _ask(row, typed)
    return _store(row, actor, "adhoc.save", before)


def _ask(row: AdHocRequest, typed: RequestInput) -> None:
    AdHocField.objects.bulk_create(
        AdHocField(request=row, place=place, label=one.label, kind=one.kind, unit=one.unit, required=one.required)
        for place, one in enumerate(typed.fields, start=1)
    )
    AdHocAnswer.objects.bulk_create(AdHocAnswer(request=row, org_unit=unit) for unit in typed.units)


def asked_in_words(row: AdHocRequest) -> dict:
    """Return what is asked of whom, as the audit log keeps it."""
    fields = [f"{field.title}{'' if field.required else '，选填'}" for field in row.fields.all()]
    return {"fields": fields, "units": [answer.org_unit.label for answer in row.answers.select_related("org_unit")]}


# --- sending and deciding ---


@transaction.atomic
def send_request(*, request: AdHocRequest, actor, version: int) -> AdHocRequest:
    """Send a draft for approval and tell those who can give it. Sent twice it is sent once.

    Raises Refused without the right, where its days no longer serve, and where nobody could approve it.
    """
    row = _held(request, actor, Right.PLAN_EDIT)
    if (row.state, row.sent_by_id) == (AdHocState.ASKED, actor.pk):
        return row
    if row.state not in EDITABLE:
        raise Refused(STALE, code="stale")
    _require_version(row, version)
    checked_days(row.due, row.expires)
    people = People(row.plan.bureau, clock.today())
    own = {row.drafted_by_id, actor.pk}
    told = [one for one in people.holders(Right.SUPERVISE, people.bureau.path, row.app) if one.user.pk not in own]
    if not told:
        raise Refused("除拟稿人和送审人外，还没有能够批准的科室负责人或局领导。", code="nobody")
    row.state, row.sent_by, row.sent_on = AdHocState.ASKED, actor, clock.today()
    _store(row, actor, "adhoc.send")
    _tell(row, people, told, "sent", "临时填报待审批", "请审批", actor)
    return row


def may_decide(row: AdHocRequest, user) -> bool:
    """Say whether the user may approve or refuse now: nobody decides upon the own request."""
    own = user.pk in (row.drafted_by_id, row.sent_by_id)
    return row.state == AdHocState.ASKED and not own and _holds(row, user, Right.SUPERVISE)


@transaction.atomic
def approve_request(*, request: AdHocRequest, actor, version: int) -> AdHocRequest:
    """Approve; from now on the units are asked, and told. Approved twice it is approved once.

    Raises Refused without the right, for the own request, and where its deadline has passed meanwhile.
    """
    row = _held(request, actor, Right.SUPERVISE)
    if (row.state, row.approved_by_id) == (AdHocState.APPROVED, actor.pk):
        return row
    _require_decidable(row, actor, version)
    if row.due < clock.today():
        raise Refused(f"填报截止 {row.due} 已过，请不予批准，由科室改期后重新送审。", code="due_in_past")
    row.state, row.approved_by, row.approved_on = AdHocState.APPROVED, actor, clock.today()
    _store(row, actor, "adhoc.approve")
    people = People(row.plan.bureau, clock.today())
    _tell(row, people, _senders(row, people), "approved", "临时填报已批准", "已发给填报单位", actor)
    for answer in row.answers.with_context():
        told = people.holders(Right.REPORT_WRITE, answer.org_unit.path, row.app)
        text = f"请于 {row.due} 前填报"
        _tell(row, people, told, f"asked:{answer.pk}", "新的临时填报", text, actor, [f"adhoc|{answer.pk}"])
    return row


@transaction.atomic
def refuse_request(*, request: AdHocRequest, actor, version: int, reason: str) -> AdHocRequest:
    """Refuse with a reason; the office may change the request and send it again. Refused twice it is refused once."""
    row = _held(request, actor, Right.SUPERVISE)
    if (row.state, row.refused_by_id, row.refusal) == (AdHocState.REFUSED, actor.pk, reason.strip()):
        return row
    _require_decidable(row, actor, version)
    row.refusal = required(reason, "请写明不批准的原因。")
    row.state, row.refused_by, row.refused_on = AdHocState.REFUSED, actor, clock.today()
    _store(row, actor, "adhoc.refuse")
    people = People(row.plan.bureau, clock.today())
    _tell(row, people, _senders(row, people), "refused", "临时填报未批准", "请查看原因", actor)
    return row


def _require_decidable(row: AdHocRequest, actor, version: int) -> None:
    if actor.pk in (row.drafted_by_id, row.sent_by_id):
        raise Refused("不能审批本人拟稿或送审的临时填报。", code="own_request")
    if row.state != AdHocState.ASKED:
        raise Refused(STALE, code="stale")
    _require_version(row, version)


# --- withdrawing ---


def may_withdraw(row: AdHocRequest, user) -> bool:
    ended = row.standing(clock.today()) in (AdHocState.WITHDRAWN, AdHocState.EXPIRED)
    return not ended and _holds(row, user, Right.PLAN_EDIT)


@transaction.atomic
def withdraw_request(*, request: AdHocRequest, actor, version: int, reason: str) -> AdHocRequest:
    """Take a request back for good, whatever its state, and tell the units that were asked. Nothing can be answered any more.

    Raises Refused without the right or a reason, and where it is over anyway.
    """
    row = _held(request, actor, Right.PLAN_EDIT)
    if (row.state, row.withdrawn_by_id, row.withdrawal) == (AdHocState.WITHDRAWN, actor.pk, reason.strip()):
        return row
    if row.standing(clock.today()) in (AdHocState.WITHDRAWN, AdHocState.EXPIRED):
        raise Refused("这份临时填报已经结束，无需撤回。", code="stale")
    _require_version(row, version)
    row.withdrawal = required(reason, "请写明撤回原因。")
    row.state, row.withdrawn_by, row.withdrawn_on = AdHocState.WITHDRAWN, actor, clock.today()
    _store(row, actor, "adhoc.withdraw")
    if row.approved_on:
        people = People(row.plan.bureau, clock.today())
        paths = row.answers.values_list("org_unit__path", flat=True)
        told = [one for path in paths for one in people.holders(Right.REPORT_WRITE, path, row.app)]
        _tell(row, people, told, "withdrawn", "临时填报已撤回", "无需再填报", actor)
    return row


# --- what every act is made of ---


def may_edit(row: AdHocRequest, user) -> bool:
    """Say whether the user may change or send the request now."""
    return row.state in EDITABLE and _holds(row, user, Right.PLAN_EDIT)


def _holds(row: AdHocRequest, user, right: Right) -> bool:
    return user.may(right) and AdHocRequest.objects.visible_to(user, right).filter(pk=row.pk).exists()


def _held(request: AdHocRequest, actor, right: Right) -> AdHocRequest:
    """Return the request, locked. Raises Refused without the right."""
    row = locked(request.pk)
    if not _holds(row, actor, right):
        raise Refused(NO_RIGHT, code="forbidden")
    return row


def locked(pk: int) -> AdHocRequest:
    return read_locked(AdHocRequest.objects.with_context(), pk).get()


def _require_version(row: AdHocRequest, version: int) -> None:
    if row.version != version:
        raise Refused(STALE, code="stale")


def _store(row: AdHocRequest, actor, action: str, before: dict | None = None) -> AdHocRequest:
    before = before or audit.snapshot(AdHocRequest.objects.get(pk=row.pk))
    row.version += 1
    row.save()
    now = audit.snapshot(row) | (asked_in_words(row) if "fields" in before else {})
    old, new = audit.changes(before, now)
    audit.record(action=action, actor=actor, row=row, before=old, after=new)
    return row


def _senders(row: AdHocRequest, people: People) -> list[Person]:
    pks = {row.drafted_by_id, row.sent_by_id}
    return [people.by_id[pk] for pk in pks if pk in people.by_id]


def _tell(row, people: People, told: Iterable[Person], what: str, title: str, text: str, actor, keys=()) -> None:
    """Write the news to each. What somebody typed does not travel: the message leads to the request's page."""
    line = {"text": text, "url": reverse("workplan:adhoc_request", args=[row.pk]), "keys": list(keys)}
    key, title = f"adhoc:{row.pk}:{row.version}:{what}", f"{title}（{section_name(row.app)}）"
    tell(people, told, key=key, title=title, lines=[line], sent_by=actor)
