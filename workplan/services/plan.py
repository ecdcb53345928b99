"""Changes of the plan itself: targets, allocations, assignments, state."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from accounts import audit
from accounts.enums import Right
from accounts.models import OrgUnit

from ..enums import AssignmentRole, PlanStatus
from ..errors import Refused
from ..models import Allocation, Assignment, Plan, Section, Target, Task
from ..rules.kinds import TargetKind, is_flow
from . import amendment_book
from .figures import rebuild_figures
from .measuring import follow_target
from .reminder_rules import seed_rules
from .signing import GIVEN, give, give_all, take_back

CLOSED = "该年度工作要点已结束，不能再修改。"


def keeps_whole_plan(user, bureau: OrgUnit) -> bool:
    """Say whether the user edits every section of the bureau's plans: those of an administrator, not of an office."""
    return user.is_active and user.scope.apps_over(bureau.path, Right.PLAN_EDIT) is None


def lock_plan(plan: Plan) -> Plan:
    """Return the plan as it is stored, locked until the transaction ends."""
    return Plan.objects.select_for_update(of=("self",)).select_related("bureau").get(pk=plan.pk)


def require_open(plan: Plan) -> None:
    """Raise Refused where the plan's year is closed."""
    if plan.status == PlanStatus.CLOSED:
        raise Refused(CLOSED, code="plan_closed")


@transaction.atomic
def publish_plan(*, plan: Plan, actor) -> Plan:
    """Make a draft plan the one that is worked on. Raises Refused where targets lack an allocation."""
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if plan.status != PlanStatus.DRAFT:
        raise Refused("只有草稿状态的工作要点可以发布。", code="wrong_state")
    orphans = plan.targets.filter(allocations__isnull=True).values_list("code", flat=True)
    if orphans:
        raise Refused(f"以下目标尚未分解到单位：{'、'.join(orphans)}。", code="unallocated")
    before = {"status": plan.status}
    plan.status = PlanStatus.PUBLISHED
    plan.save(update_fields=["status"])
    seed_rules(plan=plan)
    give_all(plan)
    audit.record(action="plan.change", actor=actor, row=plan, before=before, after={"status": plan.status})
    return plan


def reviews_in(plan: Plan, user) -> bool:
    """Say whether the user reviews reports on some section of the plan."""
    return Section.objects.visible_to(user, Right.REPORT_REVIEW).filter(plan=plan).exists()


@transaction.atomic
def set_return_reasons(*, plan: Plan, reasons: str, actor) -> Plan:
    """Set what reviewers may choose from when a report goes back, one reason a line. Raises Refused for who reviews none of the plan's."""
    if not reviews_in(plan, actor):
        raise Refused("只有审核这一工作要点填报的人可以修改退回常用语。", code="forbidden")
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    before = {"return_reasons": plan.return_reasons}
    if plan.return_reasons != reasons:
        plan.return_reasons = reasons
        plan.save(update_fields=["return_reasons"])
        audit.record(action="plan.change", actor=actor, row=plan, before=before, after={"return_reasons": reasons})
    return plan


@transaction.atomic
def change_goal(*, target: Target, goal: Decimal | None, actor, reason: str) -> Target:
    """Change a target's goal, keeping the old value on its history. A published plan asks for a reason and has it as an amendment."""
    require_goal_reason(target.plan, reason)
    _wait_if_published(target.plan)
    stored = locked(target)
    before = {"goal": str(target.goal)}
    target.goal = goal
    target.full_clean()
    target.save(update_fields=["goal"])
    audit.record(
        action="plan.change", actor=actor, row=target, before=before, after={"goal": str(goal)}, note=reason.strip()
    )
    _enter_if_published(target, stored, actor, reason)
    if target.is_computed:
        follow_target(target)
    return target


def require_goal_reason(plan: Plan, reason: str) -> None:
    """Raise Refused where a goal of the plan may not be changed without saying why."""
    require_reason(plan, reason, "修改已发布的目标值须填写原因。")


def require_reason(plan: Plan, reason: str, message: str) -> None:
    """Raise Refused with the message where the plan is published and no reason is given: a change is an amendment then."""
    if plan.status != PlanStatus.DRAFT and not reason.strip():
        raise Refused(message, code="reason_required")


def require_summing_stays(target: Target, kind: str) -> None:
    """Raise Refused where figures are kept that the new kind would sum another way (amounts of a period, or totals)."""
    if is_flow(kind) != target.is_flow and target.figures.exists():
        raise Refused(
            "该目标已有实绩，类型不能在当期数（控制上限、频次）与累计数（其他类型）之间改变。", code="figures_kept"
        )


@transaction.atomic
def revise_target(*, target: Target, actor, reason: str = "") -> Target:
    """Store a target of which several fields were edited; for its goal the rule of `change_goal` holds.

    A published goal or deadline that changes is entered as an amendment of today.

    Raises Refused without the reason that a changed goal asks for and for a kind that the figures do not fit,
    ValidationError for values that do not fit together.
    """
    _wait_if_published(target.plan)
    stored = locked(target, "plan")
    if stored.goal != target.goal:
        require_goal_reason(stored.plan, reason)
    write_target(target=target, stored=stored, actor=actor, note=reason.strip())
    _enter_if_published(target, stored, actor, reason)
    return target


def _wait_if_published(plan: Plan) -> None:
    """Wait for one's turn in a published plan. Raises Refused where it is closed."""
    require_open(plan)
    if plan.status != PlanStatus.DRAFT:
        amendment_book.wait_turn(plan)


def _enter_if_published(target: Target, stored: Target, actor, reason: str) -> None:
    if target.plan.status != PlanStatus.DRAFT:
        amendment_book.enter_direct(target=target, stored=stored, actor=actor, reason=reason)


def write_target(*, target: Target, stored: Target, actor, note: str) -> None:
    """Store a changed target, note what changed, and let the figures follow. stored: the row as it was, under lock.

    Raises Refused for a kind that the figures do not fit, ValidationError for values that do not fit together.
    """
    require_summing_stays(stored, target.kind)
    target.full_clean()
    target.save()
    old, new = audit.changes(audit.snapshot(stored), audit.snapshot(target))
    if new:
        audit.record(action="plan.change", actor=actor, row=target, before=old, after=new, note=note)
    _follow(target, stored)


def locked(target: Target, *related: str) -> Target:
    """Read the target again under a lock that lets figures be added meanwhile: who adds them may hold what we wait for."""
    return Target.objects.select_for_update(of=("self",), no_key=True).select_related(*related).get(pk=target.pk)


def _follow(target: Target, stored: Target) -> None:
    """Let the figures follow a revised target; one that is computed from now on, or no longer, starts over."""
    if target.computed_by != stored.computed_by:
        rebuild_figures(plan=target.plan)
    if target.is_computed or stored.is_computed:
        follow_target(target)


@transaction.atomic
def allocate(
    *,
    target: Target,
    amounts: dict[OrgUnit, Decimal | None],
    actor,
    reason: str = "",
    withdrawn: Iterable[OrgUnit] = (),
    seen: dict[int, Decimal | None] | None = None,
) -> int:
    """Set the shares of several units at once, and take away those of `withdrawn`; return how many changed.

    Units that are not named keep theirs; a proposed share that is set is proposed no longer. seen: the shares by unit id that
    the actor had before him. Raises Refused where they are others by now, for a negative share, for a number as the share of
    a rate, for counted targets whose shares would then add up to less than the goal, for a change of a published plan without
    its reason, where nobody is left in one, and as `withdraw_share` does.
    """
    target = locked(target, "plan", "task__section")
    require_open(target.plan)
    stored = dict(target.allocations.values_list("org_unit_id", "amount"))
    if seen is not None and seen != stored:
        raise Refused("分解在您修改期间已被他人改动，请核对后再保存。", code="stale")
    if any(amount is not None and amount < 0 for amount in amounts.values()):
        raise Refused("分解值不能为负数。", code="negative")
    if target.is_ratio and any(amount is not None for amount in amounts.values()):
        raise Refused("比率类目标对各单位要求相同，不分解数值，请留空。", code="ratio_has_no_share")
    gone = list(target.allocations.filter(org_unit__in=withdrawn).select_related("org_unit"))
    if gone or any(unit.pk not in stored or stored[unit.pk] != amount for unit, amount in amounts.items()):
        require_reason(target.plan, reason, "修改已发布的指标分解须填写原因。")
    changed = sum(_set_share(target, unit, amount, actor, reason) for unit, amount in amounts.items())
    for share in gone:
        _withdraw(share, actor, reason)
    if gone and target.plan.status != PlanStatus.DRAFT and not target.allocations.exists():
        raise Refused("已发布的目标须至少由一个单位承担。", code="unallocated")
    require_full(target)
    if (changed or gone) and target.is_computed:
        follow_target(target)
    return changed + len(gone)


@transaction.atomic
def withdraw_share(*, share: Allocation, actor, note: str = "") -> None:
    """Take a unit's share of a target away; for a computed target another answers for its records from now on.

    Raises Refused where the unit has accepted values of a typed target: they would count without anybody answering for them. A unit
    that only reports has nothing left to sign for when its last share of the task is gone.
    """
    target = locked(share.target, "plan")
    require_open(target.plan)
    _withdraw(share, actor, note)
    if target.is_computed:
        follow_target(target)


def _withdraw(share: Allocation, actor, note: str) -> None:
    if share.target.figures.filter(org_unit=share.org_unit, entry__isnull=False).exists():
        raise Refused(f"{share.org_unit}已有审核通过的数值，不能取消分解。", code="figures_kept")
    audit.record(action="plan.delete", actor=actor, row=share, before=audit.snapshot(share), note=note)
    share.delete()
    if not _shares_in(share.target.task_id, share.org_unit).exists():
        only = Assignment.objects.filter(task=share.target.task_id, org_unit=share.org_unit, role=AssignmentRole.REPORT)
        for part in only:
            take_back(part)
            part.save(update_fields=GIVEN)


def _set_share(target: Target, unit: OrgUnit, amount: Decimal | None, actor, reason: str) -> bool:
    share, created = Allocation.objects.get_or_create(target=target, org_unit=unit, defaults={"amount": amount})
    if not created and share.amount == amount and not share.proposed:
        return False
    before = {} if created else {"amount": str(share.amount)}
    share.amount, share.proposed = amount, False
    share.save(update_fields=["amount", "proposed"])
    part, is_new = Assignment.objects.get_or_create(
        task=target.task, org_unit=unit, defaults={"role": AssignmentRole.REPORT}
    )
    if is_new or (created and not _shares_in(target.task_id, unit).exclude(pk=share.pk).exists()):
        give(part)
        part.save(update_fields=GIVEN)
    audit.record(
        action="allocation.change", actor=actor, row=share, before=before, after={"amount": str(amount)}, note=reason
    )
    return True


def _shares_in(task_id: int, unit: OrgUnit):
    """Return what the unit has of the targets of a task."""
    return Allocation.objects.filter(target__task=task_id, org_unit=unit)


def require_full(target: Target) -> None:
    """Raise Refused where the shares of a counted target are numbers that add up to less than its goal."""
    if target.kind != TargetKind.COUNT or target.goal is None:
        return
    total = target.allocations.aggregate(total=Sum("amount"))["total"]
    if total is not None and total < target.goal:
        raise Refused(f"分解合计 {total.normalize():f} 少于目标值 {target.goal.normalize():f}。", code="sum_below_goal")


@transaction.atomic
def assign(*, task: Task, unit: OrgUnit, role: AssignmentRole, actor, reason: str = "") -> Assignment:
    """Give a unit a part in a task. A new lead takes the place of the old one, which then co-operates."""
    require_open(task.plan)
    task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)  # two new leads at once: one after the other
    if role == AssignmentRole.LEAD:
        for old in Assignment.objects.filter(task=task, role=role).exclude(org_unit=unit):
            _set_role(old, AssignmentRole.COOPERATE, old.proposed, actor, reason)
    assignment = Assignment.objects.filter(task=task, org_unit=unit).first()
    return _set_role(assignment or Assignment(task=task, org_unit=unit), role, False, actor, reason)


def _set_role(assignment: Assignment, role: str, proposed: bool, actor, reason: str) -> Assignment:
    before = {} if assignment.pk is None else audit.snapshot(assignment, ["role", "proposed"])
    if assignment.pk is None or assignment.role != role:
        give(assignment)
    assignment.role, assignment.proposed = role, proposed
    assignment.save()
    old, new = audit.changes(before, audit.snapshot(assignment, ["role", "proposed"]))
    if new:
        kept = old if before else {}
        audit.record(action="assignment.change", actor=actor, row=assignment, before=kept, after=new, note=reason)
    return assignment
