"""The next year: a draft plan made from this one's, for the office to correct by the new notice before it is published.

`carry_over` alone gives tasks and targets the owners and shares of last year's; everything it writes is proposed (待确认).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts import audit
from accounts.locks import exclusive
from accounts.models import OrgUnit, Succession

from ..enums import AssignmentRole, PlanStatus
from ..errors import Refused
from ..models import (
    Allocation,
    Assignment,
    PaceStep,
    PeriodRule,
    Plan,
    Reading,
    ReminderRule,
    Section,
    SupervisionStep,
    Target,
    Task,
)
from ..rules.rolling import due_next, goes_on, next_year, span_next, title_next
from .measuring import follow_target
from .periods import generate_periods
from .plan import keeps_whole_plan

NO_RIGHT = "您没有进行此操作的权限。"
RANK = (AssignmentRole.LEAD, AssignmentRole.COOPERATE, AssignmentRole.REPORT)
KEPT_OF_PLAN = ("bureau_id", "yellow_gap", "red_gap", "jump_factor", "return_reasons", "rollup_day")

Pairs = Iterable[tuple[Task, Task] | tuple[Target, Target]]


# --- who takes the place of units that are no more --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heirs:
    """Who answers on a day for units that carried a part before. words: what was replaced or left out, for people."""

    of: dict[int, list[OrgUnit]]
    words: list[str]


def heirs_of(units: Iterable[OrgUnit], on: date) -> Heirs:
    """Return by unit id who carries its part on the day: itself, its successors, or nobody. Two statements for each merger on the way."""
    found: dict[int, list[OrgUnit]] = {}
    words = []
    for unit in sorted(units, key=lambda unit: (unit.sort, unit.code)):
        found[unit.pk] = _living(unit, on, set())
        if found[unit.pk] != [unit]:
            names = "、".join(heir.label for heir in found[unit.pk])
            words.append(
                f"{unit.label}已不存在，由{names}承接。" if names else f"{unit.label}已不存在，没有承接单位，不带入。"
            )
    return Heirs(found, words)


def _living(unit: OrgUnit, on: date, seen: set[int]) -> list[OrgUnit]:
    if unit.valid_to is None or unit.valid_to > on:
        return [unit]
    if unit.pk in seen:
        return []
    seen.add(unit.pk)
    steps = Succession.objects.filter(predecessor=unit).select_related("successor").order_by("successor__sort", "pk")
    heirs = [heir for step in steps for heir in _living(step.successor, on, seen)]
    return list(dict.fromkeys(heirs))


# --- owners and shares ------------------------------------------------------------------------------------------------


@transaction.atomic
def carry_over(*, pairs: Pairs, on: date, actor) -> list[str]:
    """Give new tasks and targets the parts and shares of the old ones, proposed; return what was replaced or left out, in words.

    pairs: (old, new) tasks and (old, new) targets; on: the day from which units must be there. What the new one has already stays.
    """
    pairs = list(pairs)
    tasks = {old.pk: new for old, new in pairs if isinstance(old, Task)}
    targets = {old.pk: new for old, new in pairs if isinstance(old, Target)}
    parts = list(Assignment.objects.filter(task__in=tasks).select_related("org_unit"))
    shares = list(Allocation.objects.filter(target__in=targets).select_related("org_unit"))
    heirs = heirs_of({row.org_unit for row in (*parts, *shares)}, on)
    new_parts = carried_parts(parts, tasks, heirs)
    new_shares = carried_shares(shares, targets, heirs)
    Assignment.objects.bulk_create(new_parts, ignore_conflicts=True)
    Allocation.objects.bulk_create(new_shares, ignore_conflicts=True)
    after = {"assignments": len(new_parts), "allocations": len(new_shares)}
    plan = next((new.plan for _, new in pairs), None)
    audit.record(action="plan.change", actor=actor, row=plan, after=after, note="沿用上年责任分工和指标分解")
    return heirs.words


def carried_parts(parts: Iterable[Assignment], tasks: dict[int, Task], heirs: Heirs) -> list[Assignment]:
    """Return the parts in the new tasks; who takes over several keeps the strongest, and a task has one lead."""
    roles: dict[tuple[int, int], AssignmentRole] = {}
    led: set[int] = set()
    for part in sorted(parts, key=lambda part: (RANK.index(AssignmentRole(part.role)), part.pk)):
        task = tasks[part.task_id].pk
        for heir in heirs.of[part.org_unit_id]:
            role = AssignmentRole(part.role)
            if role == AssignmentRole.LEAD and task in led:
                role = AssignmentRole.COOPERATE
            if roles.setdefault((task, heir.pk), role) == AssignmentRole.LEAD:
                led.add(task)
    return [
        Assignment(task_id=task, org_unit_id=unit, role=role, proposed=True) for (task, unit), role in roles.items()
    ]


def carried_shares(shares: Iterable[Allocation], targets: dict[int, Target], heirs: Heirs) -> list[Allocation]:
    """Return the shares of the new targets, in the order of targets (see ADR 15). Shares that come together are added up; of a unit
    that was split the first successor has the number, the others have a share without one to be filled in."""
    amounts: dict[tuple[int, int], Decimal | None] = {}
    for share in sorted(shares, key=lambda share: (targets[share.target_id].pk, share.pk)):
        for place, heir in enumerate(heirs.of[share.org_unit_id]):
            key, amount = (targets[share.target_id].pk, heir.pk), None if place else share.amount
            before = amounts.get(key)
            amounts[key] = amount if before is None else before + (amount or 0)
    return [Allocation(target_id=t, org_unit_id=u, amount=amount, proposed=True) for (t, u), amount in amounts.items()]


# --- the whole plan ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outline:
    """What a draft of the next year would hold. tasks: each with its targets; words: what is replaced or left out, and why."""

    tasks: list[tuple[Task, list[Target]]]
    words: list[str] = field(default_factory=list)


def next_plan(plan: Plan) -> Plan | None:
    """Return the bureau's plan of the year after, if there is one."""
    return Plan.objects.filter(bureau=plan.bureau_id, year=plan.year + 1).first()


def outline(plan: Plan) -> Outline:
    """Return what would be copied and what not. Writes nothing."""
    by_task: dict[int, list[Target]] = {}
    targets = list(Target.objects.filter(plan=plan).order_by("sort", "pk"))
    for target in targets:
        by_task.setdefault(target.task_id, []).append(target)
    tasks = Task.objects.filter(plan=plan).select_related("section").order_by("section__number", "number")
    units = OrgUnit.objects.filter(assignments__task__plan=plan) | OrgUnit.objects.filter(
        allocations__target__plan=plan
    )
    words = [
        f"{target} 时限 {target.due}，跨年继续，目标值、起止日期不变。"
        for target in targets
        if goes_on(target.due, plan.year)
    ]
    words += heirs_of(set(units.distinct()), date(plan.year + 1, 1, 1)).words
    return Outline([(task, by_task.get(task.pk, [])) for task in tasks], words)


@transaction.atomic
def start_next_year(*, plan: Plan, actor, tasks: Collection[int] | None = None) -> Plan:
    """Make the draft of the next year's plan; tasks: ids of those that are taken over, None for all.

    Figures, reports, periods edited by hand and amendments stay behind. Raises Refused (forbidden, draft_plan, last_year, exists, nothing).
    """
    if not keeps_whole_plan(actor, plan.bureau):
        raise Refused(NO_RIGHT, code="forbidden")
    if plan.status == PlanStatus.DRAFT:
        raise Refused("草稿状态的工作要点不能生成下一年度草稿。", code="draft_plan")
    if plan.year >= 2100:
        raise Refused("年度最大为 2100。", code="last_year")
    exclusive(f"plan-years:{plan.bureau_id}")
    if next_plan(plan):
        raise Refused(f"{plan.year + 1}年工作要点已经有了。", code="exists")
    chosen = Task.objects.filter(plan=plan).order_by("number")
    chosen = list(chosen if tasks is None else chosen.filter(pk__in=tasks))
    if not chosen:
        raise Refused("请至少选择一项任务。", code="nothing")
    new = _plan(plan)
    new_tasks = _tasks(plan, new, chosen, _sections(plan, new))
    new_targets = _targets(plan, new, new_tasks)
    _readings(plan, new, new_tasks)
    old = {
        **{("task", t.pk): t for t in chosen},
        **{("target", t.pk): t for t in plan.targets.filter(pk__in=new_targets)},
    }
    pairs = [(old["task", pk], row) for pk, row in new_tasks.items()]
    pairs += [(old["target", pk], row) for pk, row in new_targets.items()]
    carry_over(pairs=pairs, on=date(new.year, 1, 1), actor=actor)
    for target in new_targets.values():
        if target.is_computed:
            follow_target(target)
    after = {"year": new.year, "tasks": len(new_tasks), "targets": len(new_targets), "from": plan.pk}
    audit.record(action="plan.roll_over", actor=actor, row=new, after=after)
    return new


def _plan(plan: Plan) -> Plan:
    """Return the new plan with what belongs to it as a whole: rules of periods and reminders, steps of escalation."""
    kept = {name: getattr(plan, name) for name in KEPT_OF_PLAN}
    new = Plan(year=plan.year + 1, title=title_next(plan.title, plan.year), status=PlanStatus.DRAFT, **kept)
    new.save()
    first = date(new.year, 1, 1)
    PeriodRule.objects.bulk_create(_copies(plan.period_rules.all(), plan=new, first_start=first))
    ReminderRule.objects.bulk_create(_copies(plan.reminder_rules.all(), plan=new))
    SupervisionStep.objects.bulk_create(_copies(plan.supervision_steps.all(), plan=new))
    generate_periods(plan=new)
    return new


def _copies(rows, **changed) -> list:
    """Return unsaved copies of the rows, with some fields changed."""
    return [_copy(row, **changed) for row in rows]


def _copy(row, **changed):
    columns = [column for column in row._meta.concrete_fields if not column.primary_key]
    values = {column.attname: getattr(row, column.attname) for column in columns if column.name not in changed}
    return type(row)(**values, **changed)


def _sections(plan: Plan, new: Plan) -> dict[int, Section]:
    return {old.pk: _saved(_copy(old, plan=new)) for old in plan.sections.order_by("number")}


def _tasks(plan: Plan, new: Plan, chosen: list[Task], sections: dict[int, Section]) -> dict[int, Task]:
    """Return the new tasks by the old ones' ids. A deadline that moves is to be confirmed."""
    found = {}
    for old in chosen:
        due = due_next(old.due, plan.year)
        moved = {"due": due, "due_proposed": old.due_proposed or due != old.due}
        found[old.pk] = _saved(_copy(old, plan=new, section=sections[old.section_id], **moved))
    return found


def _targets(plan: Plan, new: Plan, tasks: dict[int, Task]) -> dict[int, Target]:
    """Return the new targets by the old ones' ids, with their steps, shown in the same tasks where these are taken over."""
    found = {}
    rows = Target.objects.filter(plan=plan, task__in=tasks).order_by("sort", "pk").prefetch_related("also_in", "steps")
    for old in rows:
        start, due = span_next(old.start, old.due, plan.year)
        moved = {"start": start, "due": due, "due_proposed": old.due_proposed or due != old.due}
        found[old.pk] = row = _saved(_copy(old, plan=new, task=tasks[old.task_id], **moved))
        row.also_in.set([tasks[task.pk] for task in old.also_in.all() if task.pk in tasks])
        PaceStep.objects.bulk_create(_steps(old, row, plan.year))
    return found


def _steps(old: Target, new: Target, year: int) -> list[PaceStep]:
    """Return the steps a year later, those of what goes on as they are. Of two that fall on one day the later one holds."""
    on = {(step.on if goes_on(old.due, year) else next_year(step.on)): step for step in old.steps.order_by("on")}
    return [PaceStep(target=new, on=day, share=step.share, label=step.label) for day, step in on.items()]


def _readings(plan: Plan, new: Plan, tasks: dict[int, Task]) -> None:
    for old in plan.readings.prefetch_related("tasks"):
        row: Reading = _saved(_copy(old, plan=new))
        row.tasks.set([tasks[task.pk] for task in old.tasks.all() if task.pk in tasks])


def _saved(row):
    row.save()
    return row
