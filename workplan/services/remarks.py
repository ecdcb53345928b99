"""Leaders' remarks: written, answered by the office, made a supervision order. Each act checks, writes, logs and tells in one transaction.

There is no act that takes a remark back: it is official once it is written.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.enums import Right
from accounts.models import OrgUnit

from .. import clock
from ..enums import PlanStatus
from ..errors import Refused
from ..models import Plan, ProgressReport, Remark, SupervisionOrder
from ..reminders.people import People, Person
from ..sections import section_name
from .supervision import OrderInput, Subject, draft_order, office_of, required, task_of
from .telling import tell
from .workdays import calendar_of

ANSWER_DAYS = 5  # working days that an office usually has
LONGEST = timedelta(days=30)
NO_RIGHT = "您没有进行此操作的权限。"


@dataclass(frozen=True, slots=True)
class RemarkInput:
    """What a leader types. due: the last day on which the answer is in time."""

    text: str
    due: date | None


def usual_due(bureau: OrgUnit) -> date:
    """Return the day by which a remark written today is usually answered, in working days of the bureau's calendar."""
    return calendar_of(bureau).shift(clock.today(), ANSWER_DAYS)


# --- writing ---


@transaction.atomic
def write_remark(*, subject: Subject, typed: RemarkInput, actor, key: str | None = None) -> Remark:
    """Write a remark on a task, a target or a report and tell the office that must answer. key: of the form that was sent.

    Raises Refused without the right, for a plan or report that is not before the leaders yet, where the text or the
    deadline does not serve, and where nobody could answer.
    """
    existing = Remark.objects.filter(key=key, written_by=actor).first() if key else None
    if existing:
        return existing
    about = subject.report or subject.target or subject.task
    plan, app = task_of(subject).plan, task_of(subject).section.app
    if not type(about).objects.visible_to(actor, Right.REMARK).filter(pk=about.pk).exists():
        raise Refused(NO_RIGHT, code="forbidden")
    _require_open(plan, subject.report)
    about_it = {
        "task": subject.task,
        "target": subject.target,
        "report": subject.report,
        "org_unit": office_of(plan, app),
    }
    said = {"text": checked_text(typed.text), "answer_due": checked_due(typed.due)}
    people = People(plan.bureau, clock.today())
    told = _answerers(people, app, actor)
    if not told:
        raise Refused(f"“{section_name(app)}”还没有能够回应批示的科室负责人，请先联系系统管理员。", code="nobody")
    row, is_new = _stored(actor, key, plan=plan, app=app, **about_it, **said)
    if is_new:
        audit.record(action="remark.write", actor=actor, row=row, after=audit.snapshot(row))
        text, keys = f"请于 {row.answer_due} 前回应", [f"remark|{row.pk}"]
        _tell(row, people, told, "written", f"领导批示：{about}", text, keys)
    return row


def _stored(actor, key: str | None, **columns) -> tuple[Remark, bool]:
    """Return the remark, and whether it is new: the second click may come a moment after the first."""
    written = {"written_by": actor, "written_on": clock.today(), "written_at": timezone.now()}
    try:
        with transaction.atomic():
            return Remark.objects.create(key=key, **written, **columns), True
    except IntegrityError:
        return Remark.objects.get(key=key, written_by=actor), False


def _require_open(plan: Plan, report: ProgressReport | None) -> None:
    """Raise Refused where there is nothing yet that leaders speak about: a draft may still be discarded."""
    if plan.status == PlanStatus.DRAFT:
        raise Refused("工作要点尚未发布，暂不能批示。", code="plan_not_published")
    if report and not is_submitted(report):
        raise Refused("这份填报尚未提交，暂不能批示。", code="report_not_submitted")


def is_submitted(report: ProgressReport) -> bool:
    """Say whether the report was ever handed in; from then on it cannot be discarded."""
    return report.submitted_on is not None


def checked_text(text: str) -> str:
    return required(text, "请填写批示内容。")


def checked_due(due: date | None) -> date:
    """Return the deadline. Raises Refused where there is none, or none that serves."""
    today = clock.today()
    if due is None:
        raise Refused("请填写回应时限。", code="due_required")
    if due < today:
        raise Refused("回应时限不能早于今天。", code="due_in_past")
    if due > today + LONGEST:
        raise Refused(f"回应时限最长为 {LONGEST.days} 天。", code="due_too_far")
    return due


def _answerers(people: People, app: str, writer) -> list[Person]:
    holders = people.holders(Right.REPORT_REVIEW, people.bureau.path, app)
    return [person for person in holders if person.user.pk != writer.pk]


# --- answering ---


def may_answer(remark: Remark, user) -> bool:
    """Say whether the user may answer now: who reviews the section's reports, but nobody the own remark."""
    if remark.answered_on or remark.written_by_id == user.pk:
        return False
    return _holds(remark, user, Right.REPORT_REVIEW)


@transaction.atomic
def answer_remark(*, remark: Remark, actor, version: int, text: str) -> Remark:
    """Answer on behalf of the office, and tell the leader. The same answer sent twice is one.

    Raises Refused without the right, for the own remark, without words, and (code "stale") where somebody was faster.
    """
    row = _locked(remark)
    if not _holds(row, actor, Right.REPORT_REVIEW):
        raise Refused(NO_RIGHT, code="forbidden")
    if row.written_by_id == actor.pk:
        raise Refused("不能回应本人的批示。", code="own_remark")
    if row.answered_on:
        if (row.answered_by_id, row.answer) == (actor.pk, text.strip()):
            return row
        when = timezone.localtime(row.answered_at)
        raise Refused(f"{row.answered_by} 已于 {when:%m-%d %H:%M} 回应过这条批示，您的回应尚未写入。", code="stale")
    if row.version != version:
        raise Refused("这条批示刚刚拟办了督办单，您的回应尚未写入，请核对后再提交。", code="stale")
    row.answer = required(text, "请填写回应内容。")
    row.answered_by, row.answered_on, row.answered_at = actor, clock.today(), timezone.now()
    _store(row, actor, "remark.answer")
    people = People(row.plan.bureau, clock.today())
    _tell(
        row,
        people,
        _leaders(row, people),
        "answered",
        f"批示已回应：{row.subject}",
        f"{row.org_unit.label}已回应，请查阅",
    )
    return row


def _leaders(row: Remark, people: People) -> list[Person]:
    """Return who wrote the remark, or the other leaders where that account has left the bureau."""
    writer = people.by_id.get(row.written_by_id)
    return [writer] if writer else people.holders(Right.REMARK, people.bureau.path)


# --- becoming an order ---


def may_convert(remark: Remark, user) -> bool:
    """Say whether the user may draft the order that the remark becomes; that is done once."""
    return remark.order_id is None and _holds(remark, user, Right.ORDER_DRAFT)


def subject_of(remark: Remark) -> Subject:
    """Return what the remark is about, as orders name it."""
    return Subject(task=remark.task, target=remark.target, report=remark.report)


@transaction.atomic
def order_remark(*, remark: Remark, org_unit: OrgUnit, typed: OrderInput, actor, key: str) -> SupervisionOrder:
    """Draft the order that the remark becomes, and note it there. key: of the form; the same form sent twice is one order.

    Raises Refused as `draft_order` does, without the right, and (code "converted") where an order was drafted before.
    """
    row = _locked(remark)
    if not _holds(row, actor, Right.ORDER_DRAFT):
        raise Refused(NO_RIGHT, code="forbidden")
    key = f"remark:{row.pk}:{key}"
    if row.order_id:
        if row.order.key == key:
            return row.order
        raise Refused("这条批示已经拟办过督办单，没有重复拟办。", code="converted")
    row.order = draft_order(
        plan=row.plan, app=row.app, org_unit=org_unit, subject=subject_of(row), typed=typed, actor=actor, key=key
    )
    _store(row, actor, "remark.order")
    return row.order


# --- what every act is made of ---


def _holds(row: Remark, user, right: Right) -> bool:
    return user.may(right) and Remark.objects.visible_to(user, right).filter(pk=row.pk).exists()


def _locked(remark: Remark) -> Remark:
    """Return the remark under a row lock. Read after the lock is held: one who waited for it would join what was there before."""
    Remark.objects.select_for_update().get(pk=remark.pk)
    return Remark.objects.with_context().get(pk=remark.pk)


def _store(row: Remark, actor, action: str) -> None:
    before = audit.snapshot(Remark.objects.get(pk=row.pk))
    row.version += 1
    row.save()
    old, new = audit.changes(before, audit.snapshot(row))
    audit.record(action=action, actor=actor, row=row, before=old, after=new)


def _tell(row: Remark, people: People, told: list[Person], what: str, title: str, text: str, keys=()) -> None:
    """Write the news to each. What somebody typed does not travel: the message leads to the remark's page."""
    line = {"text": text, "url": reverse("workplan:remark", args=[row.pk]), "keys": list(keys)}
    sender = row.answered_by or row.written_by
    tell(people, told, key=f"remark:{row.pk}:{what}", title=title[:120], lines=[line], sent_by=sender)
