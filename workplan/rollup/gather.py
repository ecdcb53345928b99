"""The one place that collects what a roll-up report freezes: numbers, lights, narratives, lateness, corrections.

The statements are fixed in number but for those of the report periods within the span (four each).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q

from accounts.enums import TOWNSHIP_KINDS, Right
from accounts.models import OrgUnit
from accounts.scope import Grant, Scope

from ..amended import tasks_then
from ..assess import Assessment, assess, assess_each_unit, for_assessment
from ..completeness import Duty, completeness, duties
from ..discretion import sensitive_apps, without_small
from ..enums import AssignmentRole, ReportStatus, RollupLevel
from ..models import Assignment, Evidence, Figure, Period, Plan, ProgressReport, Section, Target, Task
from ..rules.amounts import Amount
from ..rules.kinds import Comparator, Light, TargetKind
from ..rules.lights import count_lights
from ..ui import format as fmt
from ..ui.present import amount_text, expected_text, verified_text
from .charged import heads_of, orders_of

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked for: kind, whose figures (the plan's bureau, one section or one township), and which span."""

    plan: Plan
    kind: str
    start: date
    end: date
    section: Section | None = None
    township: OrgUnit | None = None

    @property
    def level(self) -> RollupLevel:
        if self.section:
            return RollupLevel.SECTION
        return RollupLevel.TOWNSHIP if self.township else RollupLevel.BUREAU

    @property
    def unit(self) -> OrgUnit:
        return self.township or self.plan.bureau

    @property
    def subject(self) -> str:
        """Return the name of what is reported on, as titles have it."""
        if self.section:
            return self.section.campaign or self.section.title
        return self.unit.label

    @property
    def key(self) -> str:
        """Return what makes it one report."""
        subject = self.section.pk if self.section else self.township.pk if self.township else ""
        return f"{self.plan.pk}:{self.kind}:{self.level.value}:{subject}:{self.end}"


@dataclass(frozen=True, slots=True)
class Everything:
    """Reads as somebody who sees the whole unit: what may be shown of it is decided by who may see the report."""

    unit: OrgUnit
    is_active: bool = field(default=True, init=False)

    @property
    def scope(self) -> Scope:
        return Scope((Grant(self.unit.path, None, frozenset({Right.VIEW})),))


def gather(asked: Asked, corrections: list[dict]) -> dict[str, Any]:
    """Return the snapshot as plain JSON. corrections: what has changed since the report before, see `corrections.py`."""
    targets = targets_of(asked)
    found = [told(one) for one in assess(targets, on=asked.end, unit=asked.township)]
    before = _before(asked, targets)
    tasks = _tasks(asked, targets)
    rows = [_target(one, before.get(one.target.pk)) for one in found]
    return {
        "format": FORMAT,
        "kind": asked.kind,
        "level": asked.level.value,
        "subject": asked.subject,
        "unit": asked.unit.pk,
        "bureau": asked.plan.bureau.label,
        "plan": {"pk": asked.plan.pk, "title": asked.plan.title, "year": asked.plan.year},
        "start": asked.start.isoformat(),
        "end": asked.end.isoformat(),
        "lights": _counts(one.verdict.light for one in found),
        "sections": _sections(found),
        "targets": rows,
        "tasks": tasks,
        "units": [] if asked.township else _units(asked, targets),
        "reporting": _reporting(asked),
        "corrections": corrections,
    }


# --- Targets -------------------------------------------------------------------------------------------------


def targets_of(asked: Asked) -> list[Target]:
    targets = Target.objects.filter(plan=asked.plan).select_related("plan__bureau").order_by("sort", "pk")
    if asked.section:
        targets = targets.filter(task__section=asked.section)
    if asked.township:
        shares = asked.township.allocations.values("target")
        targets = targets.filter(pk__in=shares)
    return list(for_assessment(targets).prefetch_related("also_in"))


def told(found: Assessment) -> Assessment:
    """Return the assessment as a document may tell it: it travels, so small counts about people never stand in it."""
    return without_small(found) if sensitive_apps(found.target) else found


def _before(asked: Asked, targets: list[Target]) -> dict[int, Assessment]:
    """Return where the targets stood at the end of the span before, within the plan's year."""
    last = asked.start - timedelta(days=1)
    if last.year < asked.plan.year:
        return {}
    return {one.target.pk: told(one) for one in assess(targets, on=last, unit=asked.township)}


def _target(found: Assessment, before: Assessment | None) -> dict[str, Any]:
    target, verdict = found.target, found.verdict
    return {
        "pk": target.pk,
        "code": target.code,
        "section": target.task.section.number,
        "task": target.task.number,
        "also_in": [task.number for task in target.also_in.all()],
        "measure": target.measure,
        "kind": str(target.kind),
        "strength": str(target.strength),
        "unit": target.unit,
        "comparator": str(target.comparator),
        "goal": _text(found.goal),
        "goal_text": fmt.goal(target.comparator, found.goal, target.unit),
        "goal_words": _goal_words(target, found.goal),
        "amount": amount_of(found.amount),
        "amount_text": amount_text(found),
        "expected_text": expected_text(found),
        "verified_text": verified_text(found),
        "before": amount_of(before.amount if before and not before.withheld else Amount()),
        "progress": _text(verdict.progress),
        "progress_text": fmt.percent(verdict.progress),
        "gap": _text(verdict.gap),
        "light": verdict.light.value,
        "light_text": verdict.light.label,
        "reason": verdict.reason.value,
        "reason_text": verdict.reason.label,
        "start": target.start.isoformat(),
        "due": target.due.isoformat() if target.due else None,
        "computed": target.is_computed,
        "withheld": found.withheld,
    }


def _goal_words(target: Target, goal: Decimal | None) -> str:
    """Return the goal without signs that a spreadsheet would take for a formula: 达到 1 次/月."""
    if goal is None:
        return ""
    unit = "%" if target.is_ratio else f" {target.unit}"
    return f"{Comparator(target.comparator).label} {fmt.number(goal)}{unit}"


def amount_of(amount: Amount) -> list[str | None]:
    """Return value, numerator and denominator as texts that JSON keeps exactly."""
    return [_text(amount.value), _text(amount.numerator), _text(amount.denominator)]


def amount_from(stored: list[str | None]) -> Amount:
    return Amount(*(None if text is None else Decimal(text) for text in stored))


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _counts(lights: Iterable[Light]) -> dict[str, int]:
    return {light.value: number for light, number in count_lights(lights).items()}


def _sections(found: list[Assessment]) -> list[dict[str, Any]]:
    by_section: dict[Section, list[Assessment]] = {}
    for one in found:
        by_section.setdefault(one.target.task.section, []).append(one)
    return [
        {
            "pk": section.pk,
            "number": section.number,
            "title": section.title,
            "name": section.campaign or section.title,
            "lights": _counts(one.verdict.light for one in seen),
        }
        for section, seen in sorted(by_section.items(), key=lambda pair: pair[0].number)
    ]


# --- Tasks: who carries them, and what was reported about them --------------------------------------------------


def _tasks(asked: Asked, targets: list[Target]) -> list[dict[str, Any]]:
    tasks = {task.pk: task for task in tasks_then(_tasks_of(asked, targets), asked.end)}
    people = _carriers(asked, tasks)
    heads = _heads(asked, tasks)
    orders = orders_of(asked.plan, asked.township, asked.end)
    reports = _reports(asked, tasks)
    files = _files(reports)
    done = _done_on(targets, asked)
    return [
        {
            "pk": task.pk,
            "number": task.number,
            "section": task.section.number,
            "title": task.title,
            "summary": task.summary,
            "due": task.due.isoformat() if task.due else None,
            "lead": people.get((task.pk, AssignmentRole.LEAD), []),
            "heads": heads.get(task.pk, []),
            "others": people.get((task.pk, AssignmentRole.COOPERATE), []),
            "reporters": people.get((task.pk, AssignmentRole.REPORT), []),
            "reports": [_report(one) for one in reports if one["task_id"] == task.pk],
            "evidence": sum(files.get(one["pk"], 0) for one in reports if one["task_id"] == task.pk),
            "done_on": done.get(task.pk),
            "orders": orders.get(task.pk, []),
        }
        for task in sorted(tasks.values(), key=lambda task: task.number)
    ]


def _tasks_of(asked: Asked, targets: list[Target]) -> Iterable[Task]:
    """Return the plan's or the section's tasks, also those whose only targets are stated elsewhere; a township's are those of its targets."""
    if asked.township:
        return {target.task for target in targets}
    tasks = Task.objects.filter(plan=asked.plan).select_related("section")
    return tasks.filter(section=asked.section) if asked.section else tasks


def _carriers(asked: Asked, tasks: Iterable[int]) -> dict[tuple[int, str], list[str]]:
    """Return by task and role who carries it; a township's report names no other township."""
    found: dict[tuple[int, str], list[str]] = {}
    rows = Assignment.objects.filter(task__in=list(tasks)).select_related("org_unit")
    if asked.township:
        rows = rows.exclude(Q(org_unit__kind__in=TOWNSHIP_KINDS) & ~Q(org_unit=asked.township))
    for row in rows.order_by("org_unit__sort", "org_unit__code"):
        found.setdefault((row.task_id, row.role), []).append(row.org_unit.label)
    return found


def _heads(asked: Asked, tasks: Iterable[int]) -> dict[int, list[str]]:
    """Return by task the heads of the offices that lead it."""
    rows = Assignment.objects.filter(task__in=list(tasks), role=AssignmentRole.LEAD).order_by("pk")
    leading = list(rows.values_list("task", "org_unit"))
    heads = heads_of((unit for _, unit in leading), asked.end)
    found: dict[int, list[str]] = {}
    for task, unit in leading:
        found.setdefault(task, []).extend(heads.get(unit, []))
    return found


def _reports(asked: Asked, tasks: Iterable[int]) -> list[dict[str, Any]]:
    """Return of each unit and task what its last report of the span said, as it was in force at the end."""
    rows = ProgressReport.objects.filter(
        task__in=list(tasks), status=ReportStatus.APPROVED, approved_on__lte=asked.end
    ).filter(period__start__gte=asked.start, period__end__lte=asked.end)
    if asked.township:
        rows = rows.filter(org_unit=asked.township)
    names = ("pk", "task_id", "org_unit__short_name", "org_unit__name", "narrative", "problems", "next_steps")
    newest: dict[tuple[int, int], dict] = {}
    for row in rows.order_by("period__start", "revision").values(*names, "org_unit_id", "org_unit__sort"):
        newest[row["task_id"], row["org_unit_id"]] = row
    return sorted(newest.values(), key=lambda row: (row["task_id"], row["org_unit__sort"], row["org_unit_id"]))


def _report(row: dict[str, Any]) -> dict[str, Any]:
    unit = row["org_unit__short_name"] or row["org_unit__name"]
    return {"pk": row["pk"], "unit": unit} | {
        name: row[name].strip() for name in ("narrative", "problems", "next_steps")
    }


def _files(reports: list[dict[str, Any]]) -> dict[int, int]:
    rows = Evidence.objects.kept().filter(report__in=[row["pk"] for row in reports]).order_by()
    return dict(rows.values_list("report").annotate(number=Count("pk")))


def _done_on(targets: list[Target], asked: Asked) -> dict[int, str]:
    """Return by task the last day on which one of its milestones was done."""
    stones = [target.pk for target in targets if target.kind == TargetKind.MILESTONE]
    rows = Figure.objects.in_force(asked.end).filter(target__in=stones, entry__done_on__isnull=False)
    if asked.township:
        rows = rows.filter(org_unit=asked.township)
    found = rows.order_by().values_list("target__task").annotate(last=Max("entry__done_on"))
    return {task: last.isoformat() for task, last in found}


# --- Townships, and who has reported ----------------------------------------------------------------------------


def _units(asked: Asked, targets: list[Target]) -> list[dict[str, Any]]:
    """Return the lights of each township that has a share of the targets."""
    townships = list(OrgUnit.objects.below(asked.plan.bureau).townships().valid_on(asked.end).order_by("sort", "code"))
    found = assess_each_unit(targets, on=asked.end, units=townships)
    return [
        {"pk": unit.pk, "name": unit.label, "lights": _counts(one.verdict.light for one in found[unit.pk])}
        for unit in townships
        if found.get(unit.pk)
    ]


def _reporting(asked: Asked) -> dict[str, Any]:
    """Return who owed, handed in, was late or silent in the periods of the span that were due by its end."""
    within = Period.objects.filter(plan=asked.plan, start__gte=asked.start, end__lte=asked.end).order_by("start")
    tasks = list(asked.section.tasks.all()) if asked.section else None
    owed: list[Duty] = []
    for period in within.past_due(asked.end):
        owed += _duties(asked, period, tasks)
    names = {task.pk: task.title for task in tasks_then({duty.task for duty in owed}, asked.end)}
    by_unit: dict[OrgUnit, list[Duty]] = {}
    for duty in owed:
        by_unit.setdefault(duty.org_unit, []).append(duty)
    units = sorted(by_unit.items(), key=lambda pair: (pair[0].sort, pair[0].code))
    return {
        "period": owed[-1].period.pk if owed else None,
        "periods": list(dict.fromkeys(duty.period.name for duty in owed)),
        "total": _completeness(owed, asked.end),
        "units": [{"pk": unit.pk, "name": unit.label} | _completeness(own, asked.end) for unit, own in units],
        "late": [_lateness(duty, names) for duty in owed if duty.late],
        "missing": [_lateness(duty, names) for duty in owed if duty.is_missing(asked.end)],
    }


def _duties(asked: Asked, period: Period, tasks: list | None) -> list[Duty]:
    units = [asked.township] if asked.township else None
    return duties(period, Everything(asked.unit), units=units, tasks=tasks, on=asked.end)


def _completeness(owed: list[Duty], on: date) -> dict[str, int]:
    found = completeness(owed, on)
    return {
        "owed": found.owed,
        "handed_in": found.handed_in,
        "on_time": found.on_time,
        "late": found.late,
        "missing": found.missing,
    }


def _lateness(duty: Duty, names: dict[int, str]) -> dict[str, Any]:
    return {
        "unit": duty.org_unit.label,
        "task": duty.task.number,
        "title": names[duty.task.pk],
        "period": duty.period.name,
        "due": duty.due.isoformat(),
        "on": duty.report.submitted_on.isoformat() if duty.handed_in else None,
    }
