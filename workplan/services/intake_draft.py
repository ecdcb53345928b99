"""The one transaction that writes the draft of a plan from a corrected intake."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import OrgUnit

from ..enums import AssignmentRole
from ..errors import Refused
from ..intake.comparing import Comparison, compare
from ..intake.outline import DraftTarget, DraftTask, Outline
from ..models import Allocation, Assignment, Intake, PaceStep, PeriodRule, Plan, Section, Target, Task
from ..rules.breaking_down import spread
from ..rules.kinds import PaceCurve, Recurrence, TargetKind, is_flow
from ..rules.rolling import in_year
from .former_plan import former_plan, former_tasks
from .intake import StaleIntake, locked, outline_of, require_open
from .intake_missing import NotReady, obstacles
from .intake_parts import Parts, Units, proposed_parts
from .periods import generate_periods
from .supervision import steps_of

CAMPAIGN = re.compile("[“「](.{1,60}?)[”」]")
# What a new plan takes over from last year's.
SETTINGS = ("yellow_gap", "red_gap", "jump_factor", "return_reasons", "rollup_day")
SPREADABLE = (TargetKind.COUNT, TargetKind.MILESTONE, TargetKind.COVERAGE, TargetKind.CEILING)


@transaction.atomic
def make_draft(*, intake: Intake, actor, version: int) -> Plan:
    """Write the draft of a plan with everything below it, and return it; a second call returns the same plan.

    Owners, shares, registers and settings are proposed from last year's plan where a task or target is found there. Raises NotReady
    with all that is missing, StaleIntake where the intake was changed since it was read, Refused where it was discarded.
    """
    intake = locked(intake)
    if intake.plan_id:
        return intake.plan
    require_open(intake)
    if intake.version != version:
        raise StaleIntake(intake)
    outline = outline_of(intake)
    found = obstacles(intake, outline)
    if found:
        raise NotReady(found)
    try:
        with transaction.atomic():
            plan = Drafting(intake, outline).write()
            intake.plan, intake.version = plan, intake.version + 1
            intake.save(update_fields=["plan", "version"])
    except IntegrityError as error:
        if "plan_one_per_bureau_year" not in str(error) and "workplan_plan.bureau_id" not in str(error):
            raise
        raise Refused(f"{outline.facts.year}年的工作要点刚刚由他人建立，请刷新后核对。", code="taken") from error
    counts = {"tasks": plan.tasks.count(), "targets": plan.targets.count()}
    audit.record(action="intake.draft", actor=actor, row=plan, after={"intake": intake.pk} | counts)
    return plan


class Drafting:
    """The rows of one plan in the making. Whatever is proposed is marked so."""

    def __init__(self, intake: Intake, outline: Outline):
        self.intake, self.outline, self.year = intake, outline, outline.facts.year
        self.former = former_plan(intake)
        self.comparison: Comparison = compare(outline, former_tasks(self.former))
        self.units = Units(intake.bureau)
        olds = Target.objects.filter(plan=self.former).select_related("plan").prefetch_related("allocations", "steps")
        self.olds = {row.pk: row for row in olds} if self.former else {}
        self.tasks: dict[str, Task] = {}
        self.targets: dict[str, Target] = {}

    def write(self) -> Plan:
        self.plan = self._plan()
        self._sections_and_tasks()
        self._targets()
        self._shares_and_parts()
        self._periods()
        steps_of(self.plan)
        return self.plan

    def _plan(self) -> Plan:
        facts = self.outline.facts
        kept = {name: getattr(self.former, name) for name in SETTINGS} if self.former else {}
        head = {"title": facts.title, "document_number": facts.document_number, "issued_on": facts.issued}
        return Plan.objects.create(bureau=self.intake.bureau, year=self.year, **head, **kept)

    def _sections_and_tasks(self) -> None:
        drafts = self.outline.live_sections
        sections = Section.objects.bulk_create(
            Section(plan=self.plan, number=n, title=one.title, campaign=_campaign(one.title), app=one.app)
            for n, one in enumerate(drafts, start=1)
        )
        pairs = [(section, task) for section, one in zip(sections, drafts, strict=True) for task in one.live_tasks]
        tasks = Task.objects.bulk_create(
            Task(
                plan=self.plan,
                section=section,
                number=n,
                title=task.title,
                summary=task.text,
                due=task.due or date(self.year, 12, 31),
                due_proposed=task.due is None,
            )
            for n, (section, task) in enumerate(pairs, start=1)
        )
        self.tasks = {draft.id: task for (_, draft), task in zip(pairs, tasks, strict=True)}

    def _targets(self) -> None:
        drafts = [(task, target) for task in self._drafts() for target in task.live_targets]
        places: dict[str, int] = {}
        rows = []
        for sort, (task, target) in enumerate(drafts, start=1):
            places[task.id] = places.get(task.id, 0) + 1
            code = f"{self.tasks[task.id].number}.{places[task.id]}"
            rows.append(self._target(task, target, code, sort))
        made = Target.objects.bulk_create(rows)
        self.targets = {draft.id: row for (_, draft), row in zip(drafts, made, strict=True)}
        self._shared_targets()
        self._steps()

    def _drafts(self) -> Iterator[DraftTask]:
        return (task for section in self.outline.live_sections for task in section.live_tasks)

    def _target(self, task: DraftTask, target: DraftTarget, code: str, sort: int) -> Target:
        due = target.due or task.due
        kept = self._kept(target)
        return Target(
            plan=self.plan,
            task=self.tasks[task.id],
            code=code,
            sort=sort,
            measure=target.measure,
            kind=target.kind,
            strength=target.strength,
            implied=target.implied,
            comparator=target.comparator,
            goal=target.goal,
            unit=target.unit,
            start=date(self.year, 1, 1),
            due=due or date(self.year, 12, 31),
            due_proposed=due is None,
            recurrence=target.recurrence,
            cooperation=target.cooperation,
            note=f"原文：{target.text}" if target.implied and target.text else "",
            **({"curve": _usual_curve(target)} | kept),
        )

    def _before(self, target: DraftTarget) -> Target | None:
        """Return last year's target that this one was found to be, if it is counted in the same way."""
        old = self.comparison.targets.get(target.id)
        row = self.olds.get(old.pk) if old else None
        return row if row and (row.is_ratio, row.is_flow) == (target.unit == "%", is_flow(target.kind)) else None

    def _kept(self, target: DraftTarget) -> dict:
        """Return how last year's target was counted, where it is the same one."""
        old = self._before(target)
        if old is None:
            return {}
        names = ("numerator_label", "denominator_label", "computed_by", "needs_evidence")
        kept = {name: getattr(old, name) for name in names}
        return kept | ({"curve": old.curve} if (old.kind, old.recurrence) == (target.kind, target.recurrence) else {})

    def _shared_targets(self) -> None:
        """Show a target in every other task that states it again."""
        for task in self._drafts():
            for target in task.targets:
                row = self.targets.get(target.same_as) if not target.dropped else None
                if row is not None and row.task_id != self.tasks[task.id].pk:
                    row.also_in.add(self.tasks[task.id])

    def _steps(self) -> None:
        """Take the dated steps over with their targets, a year on."""
        steps = []
        for task in self._drafts():
            for target in task.live_targets:
                row, old = self.targets[target.id], self._before(target)
                if old and row.curve == PaceCurve.STEPS:
                    moved = [
                        (in_year(step.on, step.on.year + self.year - old.plan.year), step) for step in old.steps.all()
                    ]
                    steps += [PaceStep(target=row, on=on, share=step.share, label=step.label) for on, step in moved]
        PaceStep.objects.bulk_create(steps)

    def _shares_and_parts(self) -> None:
        proposed = proposed_parts(self.outline, self.comparison, self.former, self.units)
        shares: list[Allocation] = []
        parts: list[Assignment] = []
        for task in self._drafts():
            found = proposed[task.id]
            own = [share for target in task.live_targets for share in self._shares(target, found.lead)]
            shares += own
            parts += _assignments(self.tasks[task.id], found, [share.org_unit for share in own])
        Allocation.objects.bulk_create(shares)
        Assignment.objects.bulk_create(parts)

    def _shares(self, target: DraftTarget, lead: OrgUnit | None) -> list[Allocation]:
        """Return the shares proposed: last year's, in the same proportion, else all of it with the lead; none without a lead."""
        row, old = self.targets[target.id], self._before(target)
        former = [s for s in old.allocations.all() if s.org_unit_id in self.units.by_pk] if old else []
        held = [(self.units.by_pk[share.org_unit_id], share.amount) for share in former] or (
            [(lead, target.goal)] if lead else []
        )
        amounts = _amounts(target, [amount for _, amount in held])
        pairs = zip(held, amounts, strict=True)
        return [Allocation(target=row, org_unit=unit, amount=part, proposed=True) for (unit, _), part in pairs]

    def _periods(self) -> None:
        rules = list(PeriodRule.objects.filter(plan=self.former)) if self.former else []
        first, issued = date(self.year, 1, 1), self.outline.facts.issued
        if issued and issued.year == self.year and issued.month < 12:
            first = date(self.year, issued.month + 1, 1)  # nobody reports on months before the notice
        PeriodRule.objects.bulk_create(
            PeriodRule(
                plan=self.plan,
                first_start=first,
                kind=rule.kind,
                due_offset=rule.due_offset,
                closes_offset=rule.closes_offset,
            )
            for rule in rules or [PeriodRule()]
        )
        generate_periods(plan=self.plan)


def _assignments(task: Task, parts: Parts, reporting: list[OrgUnit]) -> list[Assignment]:
    """Return a part for each unit: the lead, those who co-operate, and whoever else has a share and so reports."""
    roles = {parts.lead: AssignmentRole.LEAD} if parts.lead else {}
    for units, role in ((parts.others, AssignmentRole.COOPERATE), (reporting, AssignmentRole.REPORT)):
        for unit in units:
            roles.setdefault(unit, role)
    return [Assignment(task=task, org_unit=unit, role=role, proposed=True) for unit, role in roles.items()]


def _amounts(target: DraftTarget, before: list[Decimal | None]) -> list[Decimal | None]:
    """Return this year's shares from last year's: what recurs is asked of each, what is counted is spread in proportion."""
    if target.unit == "%" or target.goal is None:
        return [None] * len(before)
    if target.kind == TargetKind.RECURRING or not target.goal:
        return [target.goal] * len(before)
    weights = [amount or Decimal(0) for amount in before]
    if len(before) == 1:
        return [target.goal]
    if target.kind not in SPREADABLE or None in before or not any(weights):
        return [None] * len(before)
    return spread(target.goal, weights)


def _usual_curve(target: DraftTarget) -> str:
    """Return how a target of its kind mostly advances."""
    if target.kind == TargetKind.RECURRING and target.recurrence == Recurrence.MONTHLY:
        return PaceCurve.MONTHLY.value
    at_end = target.kind in (TargetKind.MILESTONE, TargetKind.RECURRING)
    return PaceCurve.AT_END.value if at_end else PaceCurve.LINEAR.value


def _campaign(title: str) -> str:
    found = CAMPAIGN.search(title)
    return found[1] if found else ""
