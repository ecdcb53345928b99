"""Supervision orders up to their issuing: steps of escalation, drafts, proposals, the number.

What happens to an issued order is in `services.order_life`. Each act checks, writes the order, its trail and the audit log in
one transaction.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.enums import Right
from accounts.locks import exclusive, read_locked
from accounts.models import OrgUnit, Remit

from .. import clock
from ..enums import OrderAction, PlanStatus, StepColour
from ..errors import Refused
from ..models import Plan, ProgressReport, SupervisionAct, SupervisionOrder, SupervisionStep, Target, Task
from ..reminders.people import People
from ..supervising import TRANSITIONS, facts_of, refusal
from .telling import tell
from .workdays import calendar_of

# Blue, orange, red as the three-coloured orders of many districts have them; each plan may change its own.
USUAL_STEPS = (
    (1, "提醒", StepColour.BLUE, 5),
    (2, "警告", StepColour.ORANGE, 3),
    (3, "通报", StepColour.RED, 2),
)
LONGEST = timedelta(days=366)


def steps_of(plan: Plan) -> list[SupervisionStep]:
    """Return the plan's steps of escalation, the mildest first; the usual ones are made where it has none."""
    steps = list(plan.supervision_steps.order_by("rank"))
    if not steps:
        SupervisionStep.objects.bulk_create(
            [
                SupervisionStep(plan=plan, rank=rank, name=name, colour=colour, reply_days=days)
                for rank, name, colour, days in USUAL_STEPS
            ],
            ignore_conflicts=True,  # two at once: the second finds those of the first
        )
        steps = list(plan.supervision_steps.order_by("rank"))
    return steps


@dataclass(frozen=True, slots=True)
class OrderInput:
    """What is typed about an order before it is issued. step: its first one; due: may still be open in a draft."""

    title: str
    requirement: str
    step: SupervisionStep
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What an order is about: exactly one of these."""

    task: Task | None = None
    target: Target | None = None
    report: ProgressReport | None = None
    matter: str = ""


@transaction.atomic
def draft_order(
    *, plan: Plan, app: str, org_unit: OrgUnit, subject: Subject, typed: OrderInput, actor, key: str | None = None
) -> SupervisionOrder:
    """Write the draft of an order. key: of the form that was sent; the same form sent twice gives the first one's draft.

    Raises Refused where subject, unit or section do not go together, or the texts or the deadline do not serve.
    """
    existing = SupervisionOrder.objects.filter(key=key, drafted_by=actor).first() if key else None
    if existing:
        return existing
    _require_coherent(plan, app, org_unit, subject, typed.step)
    _require_texts(typed)
    _require_day(typed.due)
    office = next((unit for unit in actor.home_units if unit.path.startswith(plan.bureau.path)), plan.bureau)
    try:
        with transaction.atomic():
            order = SupervisionOrder.objects.create(
                **_about(plan, app, org_unit, subject, typed), office=office, drafted_by=actor, key=key
            )
    except IntegrityError:  # the second click, a moment later
        return SupervisionOrder.objects.get(key=key, drafted_by=actor)
    if not SupervisionOrder.objects.visible_to(actor, Right.ORDER_DRAFT).filter(pk=order.pk).exists():
        raise Refused("您没有进行此操作的权限。", code="forbidden")
    return note_act(order, OrderAction.DRAFT, actor)


@transaction.atomic
def propose_order(
    *,
    plan: Plan,
    app: str,
    org_unit: OrgUnit,
    title: str,
    requirement: str,
    due: date | None,
    key: str,
    task: Task | None = None,
    target: Target | None = None,
    report: ProgressReport | None = None,
    matter: str = "",
) -> SupervisionOrder | None:
    """Write a draft on the portal's own account, for the section's office to decide upon; None where `key` had one before.

    Of subjects the first given counts: report, target, task, matter. A draft that was withdrawn is not proposed again.
    """
    if SupervisionOrder.objects.filter(key=key).exists():
        return None
    subject = _narrowest(task, target, report, matter)
    typed = OrderInput(title[:120].strip(), requirement.strip(), steps_of(plan)[0], due)
    _require_coherent(plan, app, org_unit, subject, typed.step)
    _require_texts(typed)
    order, created = SupervisionOrder.objects.get_or_create(
        key=key,
        defaults=_about(plan, app, org_unit, subject, typed) | {"office": office_of(plan, app), "proposed": True},
    )
    return note_act(order, OrderAction.DRAFT, None) if created else None


def _narrowest(task: Task | None, target: Target | None, report: ProgressReport | None, matter: str) -> Subject:
    if report:
        return Subject(report=report)
    if target:
        return Subject(target=target)
    return Subject(task=task) if task else Subject(matter=matter)


def office_of(plan: Plan, app: str) -> OrgUnit:
    """Return the office that runs the section in the plan's bureau, or the bureau itself."""
    remit = Remit.objects.open_on(clock.today()).filter(bureau=plan.bureau, app=app).select_related("office").first()
    return remit.office if remit else plan.bureau


def _about(plan: Plan, app: str, org_unit: OrgUnit, subject: Subject, typed: OrderInput) -> dict:
    return {
        "plan": plan,
        "bureau": plan.bureau,
        "app": app,
        "org_unit": org_unit,
        "task": subject.task,
        "target": subject.target,
        "report": subject.report,
        "matter": subject.matter.strip(),
        "title": typed.title.strip(),
        "requirement": typed.requirement.strip(),
        "due": typed.due,
        "step": typed.step,
        "drafted_on": clock.today(),
    }


def _require_coherent(plan: Plan, app: str, org_unit: OrgUnit, subject: Subject, step: SupervisionStep) -> None:
    """Raise Refused for a unit, section, step or subject of another plan, and for a unit that has no part in the subject."""
    if plan.status == PlanStatus.DRAFT:
        raise Refused("工作要点尚未发布，暂不能督办。", code="plan_not_published")
    if not org_unit.path.startswith(plan.bureau.path) or org_unit.pk == plan.bureau_id:
        raise Refused("责任单位须为本局科室或乡镇（街道）。", code="foreign_unit")
    if not plan.sections.filter(app=app).exists() or step.plan_id != plan.pk:
        raise Refused("所选板块或督办等级不属于这份工作要点。", code="foreign_section")
    if subject.report and subject.report.org_unit_id != org_unit.pk:
        raise Refused("责任单位须为这份填报的填报单位。", code="foreign_unit")
    task = task_of(subject)
    if task and (task.plan_id != plan.pk or task.section.app != app):
        raise Refused("督办对象不属于所选的工作要点或板块。", code="foreign_subject")
    if task and not takes_part(task, org_unit):
        raise Refused(f"{org_unit.label}不承担这项任务，请另选责任单位。", code="no_part")


def task_of(subject: Subject) -> Task | None:
    """Return the task that the subject belongs to; None for a free matter."""
    return subject.task or getattr(subject.target or subject.report, "task", None)


def takes_part(task: Task, unit: OrgUnit) -> bool:
    return task.assignments.filter(org_unit=unit).exists() or task.targets.filter(allocations__org_unit=unit).exists()


def _require_texts(typed: OrderInput) -> None:
    if not typed.title.strip():
        raise Refused("请填写督办事项。", code="title_required")
    if not typed.requirement.strip():
        raise Refused("请填写办理要求。", code="requirement_required")


def _require_day(due: date | None) -> None:
    """Raise Refused for a deadline that is over or more than a year ahead."""
    today = clock.today()
    if due is not None and due < today:
        raise Refused("完成时限不能早于今天。", code="due_in_past")
    if due is not None and due > today + LONGEST:
        raise Refused("完成时限最长为一年。", code="due_too_far")


def require_due(due: date | None) -> date:
    """Return the deadline. Raises Refused where there is none, or none that serves."""
    if due is None:
        raise Refused("请填写完成时限。", code="due_required")
    _require_day(due)
    return due


def usual_due(step: SupervisionStep) -> date:
    """Return the deadline that a step gives an order issued today, in working days of the bureau's calendar."""
    return calendar_of(step.plan.bureau).shift(clock.today(), step.reply_days)


@transaction.atomic
def save_order(*, order: SupervisionOrder, actor, version: int, typed: OrderInput) -> SupervisionOrder:
    """Store what was changed in a draft."""
    order = begin(order, actor, OrderAction.SAVE, version)
    _require_texts(typed)
    _require_day(typed.due)
    if typed.step.plan_id != order.plan_id:
        raise Refused("所选督办等级不属于这份工作要点。", code="foreign_section")
    order.title, order.requirement = typed.title.strip(), typed.requirement.strip()
    order.due, order.step = typed.due, typed.step
    return finish(order, OrderAction.SAVE, actor)


@transaction.atomic
def withdraw_order(*, order: SupervisionOrder, actor, version: int, reason: str) -> SupervisionOrder:
    """Decide that a draft becomes no order. It stays on record, so that it is not proposed again."""
    order = begin(order, actor, OrderAction.WITHDRAW, version)
    return finish(order, OrderAction.WITHDRAW, actor, text=required(reason, "请填写不予立项的原因。"))


@transaction.atomic
def issue_order(*, order: SupervisionOrder, actor, version: int, due: date | None) -> SupervisionOrder:
    """Make a draft an order: it gets the next number of its bureau and year, without gaps, and goes to its unit.

    Raises Refused where the deadline does not serve, as for every act where it is not possible or somebody was faster.
    """
    order = begin(order, actor, OrderAction.ISSUE, version)
    order.due = require_due(due)
    today = clock.today()
    exclusive(f"order-number:{order.bureau_id}:{today.year}")
    given = SupervisionOrder.objects.filter(bureau=order.bureau_id, year=today.year)
    order.year, order.sequence = today.year, (given.aggregate(last=Max("sequence"))["last"] or 0) + 1
    order.issued_by, order.issued_on = actor, today
    return tell_unit(finish(order, OrderAction.ISSUE, actor), OrderAction.ISSUE, actor)


def tell_unit(order: SupervisionOrder, action: OrderAction, actor) -> SupervisionOrder:
    """Tell those who report for the unit, and who answers for it, what was done that asks for an answer of theirs."""
    people = People(order.bureau, clock.today())
    writers = people.holders(Right.REPORT_WRITE, order.org_unit.path, order.app)
    line = {
        "text": f"{order.step}，请于 {order.due} 前签收、办理并反馈",
        "url": reverse("workplan:order", args=[order.pk]),
        "keys": [f"order|{order.pk}"],
    }
    tell(
        people,
        [*writers, *people.holders(Right.OVERSEE, order.org_unit.path)],
        key=f"order:{order.pk}:{order.version}",
        title=f"督办单 {order.number}：{action.label}",
        lines=[line],
        sent_by=actor,
    )
    return order


# --- what every act is made of ---


def begin(order: SupervisionOrder, actor, action: OrderAction, version: int) -> SupervisionOrder:
    """Return the order under a row lock, its version raised.

    Raises Refused where the act is not possible now, or where somebody acted since `version` was read (code "stale").
    """
    rows = SupervisionOrder.objects.select_related("bureau", "org_unit", "step", "plan")
    order = read_locked(rows, order.pk).get()
    refused = refusal(order, actor, action, facts_of(order, actor))
    if refused and refused.code in ("forbidden", "own_unit"):
        raise refused
    if order.version != version:
        raise _stale(order)
    if refused:
        raise refused
    SupervisionOrder.objects.filter(pk=order.pk).update(version=F("version") + 1)
    order.version += 1
    return order


def _stale(order: SupervisionOrder) -> Refused:
    last = order.acts.select_related("actor").order_by("pk").last()
    when, what = timezone.localtime(last.at), last.get_action_display()
    who = last.actor or "系统"
    return Refused(
        f"{who} 已于 {when:%m-%d %H:%M} 对这份督办单作了“{what}”，您的操作尚未写入，请核对后再办。", code="stale"
    )


def finish(order: SupervisionOrder, action: OrderAction, actor, *, text: str = "") -> SupervisionOrder:
    """Move the order on by the act, and note it."""
    before = audit.snapshot(SupervisionOrder.objects.get(pk=order.pk))
    order.state = TRANSITIONS[action].target or order.state
    order.save()
    return note_act(order, action, actor, text=text, before=before)


def note_act(
    order: SupervisionOrder, action: OrderAction, actor, *, text: str = "", before: dict | None = None
) -> SupervisionOrder:
    """Write the trail and the audit log. Returns the order, whose newest act is then `order.acts.last()`."""
    SupervisionAct.objects.create(
        order=order,
        action=action,
        actor=actor,
        on=clock.today(),
        at=timezone.now(),
        text=text,
        state=order.state,
        due=order.due,
        step=order.step,
    )
    old, new = audit.changes(before or {}, audit.snapshot(order))
    audit.record(
        action=f"order.{action.value}", actor=actor, row=order, before=old if before else {}, after=new, note=text
    )
    return order


def required(text: str, message: str) -> str:
    """Return the text without blanks around it. Raises Refused with the message where there is none."""
    if not text.strip():
        raise Refused(message, code="text_required")
    return text.strip()
