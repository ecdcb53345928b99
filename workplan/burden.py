"""The burden meter (减负): how much the plan has its townships fill in, and how much of it nobody needs.

**A field asked** is one cell of the sheet that a person is expected to fill in for a unit in a period. `typed_of` and
`prefilled_of` say it for a target; a task adds one, what has been done (进展情况). Not counted are words that are written when
there is something to say (说明, 存在问题, 下一步措施), the day on which a milestone was done, and evidence. A rate is two fields.
A ceiling is one, its number or the tick that there was none. A target that is computed from a register asks for nothing,
but for the tick of a ceiling of which no record says anything; its numbers are the fields *prefilled*. Targets are asked for from the period in
which they begin, units from the one in which they were founded; shares are those of today.

What is asked outside the plan (临时填报) counts as well, once it was approved: its fields are asked of each of its units in the
period in which they are due. Of a request that was withdrawn only what had been answered before counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import date

from django.db.models import Count, Q

from accounts.enums import TOWNSHIP_KINDS, Right
from accounts.models import OrgUnit

from .enums import AdHocKind
from .models import AdHocAnswer, Allocation, Entry, Period, Plan, ProgressReport, Target, Task
from .rules.kinds import TargetKind

NARRATIVE = "narrative"
# Those who work at the bureau hold one of them: overseers and administrators the first, offices the second.
BUREAU_RIGHTS = (Right.OVERVIEW, Right.PLAN_EDIT)


def typed_of(target: Target) -> tuple[str, ...]:
    """Return the names of the inputs of an entry that a person is expected to fill in for the target in a period."""
    if target.is_computed:
        return ("zero_report",) if target.kind == TargetKind.CEILING else ()
    return numbers_of(target)


def prefilled_of(target: Target) -> tuple[str, ...]:
    """Return the names of the inputs that the registers fill in instead."""
    return numbers_of(target) if target.is_computed else ()


def numbers_of(target: Target) -> tuple[str, ...]:
    return ("numerator", "denominator") if target.is_ratio else ("value",)


@dataclass(frozen=True, slots=True)
class Load:
    """How many fields there are. typed: asked of a person, `texts` of them words, `adhoc` outside the plan; prefilled: known from registers."""

    typed: int = 0
    texts: int = 0
    prefilled: int = 0
    adhoc: int = 0

    @property
    def all(self) -> int:
        return self.typed + self.prefilled

    def __add__(self, other: "Load") -> "Load":
        parts = zip(astuple(self), astuple(other), strict=True)
        return Load(*(one + two for one, two in parts))


NONE = Load()


@dataclass(frozen=True, slots=True)
class Unfilled:
    """An input that is asked for and that no unit has ever filled in this year. target: None for the words of the task."""

    task: Task
    target: Target | None
    name: str
    units: int


@dataclass(frozen=True, slots=True)
class Burden:
    """What a plan asks of its units. loads: by unit and period id; unfilled: what nobody has filled in, in order of targets."""

    plan: Plan
    periods: list[Period]
    units: list[OrgUnit]
    loads: dict[tuple[int, int], Load]
    unfilled: list[Unfilled]

    def of_period(self, period: Period) -> Load:
        return sum((self.loads.get((unit.pk, period.pk), NONE) for unit in self.units), NONE)

    def of_unit(self, unit: OrgUnit) -> Load:
        return sum((self.loads.get((unit.pk, period.pk), NONE) for period in self.periods), NONE)

    @property
    def total(self) -> Load:
        return sum(self.loads.values(), NONE)


def burden(user, plan: Plan, on: date, right: str = Right.VIEW) -> Burden:
    """Return the burden of the townships of a plan, in the sections where the user holds `right`. Five statements, whatever the size."""
    shares = _shares(user, plan, Q(org_unit__kind__in=TOWNSHIP_KINDS), right)
    periods = list(Period.objects.filter(plan=plan).order_by("start"))
    units = {share.org_unit_id: share.org_unit for share in shares}
    by_unit: dict[int, list[Target]] = defaultdict(list)
    for share in shares:
        by_unit[share.org_unit_id].append(share.target)
    loads = {
        (pk, period.pk): load_of(by_unit[pk], period)
        for pk, own in units.items()
        for period in periods
        if own.valid_from <= period.end
    }
    for unit, period, load in _asked_besides(user, plan, Q(), periods, right):
        units.setdefault(unit.pk, unit)
        loads[unit.pk, period.pk] = loads.get((unit.pk, period.pk), NONE) + load
    begun = [period for period in periods if period.start <= on]
    return Burden(
        plan=plan,
        periods=periods,
        units=sorted(units.values(), key=lambda one: one.place),
        loads=loads,
        unfilled=_unfilled(user, plan, shares, begun, right),
    )


def loads_of_unit(user, plan: Plan, unit: OrgUnit, periods: Iterable[Period]) -> dict[int, Load]:
    """Return by period id what is asked of one unit. Two statements."""
    periods = list(periods)
    targets = [share.target for share in _shares(user, plan, Q(org_unit=unit), Right.VIEW)]
    loads = {period.pk: load_of(targets, period) for period in periods if unit.valid_from <= period.end}
    for _, period, load in _asked_besides(user, plan, Q(org_unit=unit), periods, Right.VIEW):
        loads[period.pk] = loads.get(period.pk, NONE) + load
    return loads


def period_of(periods: list[Period], day: date) -> Period | None:
    """Return the period that a day is counted in: the last that has begun by then, else the first. `periods` in their order."""
    return next((period for period in reversed(periods) if period.start <= day), periods[0] if periods else None)


def _asked_besides(
    user, plan: Plan, whose: Q, periods: list[Period], right: str
) -> Iterator[tuple[OrgUnit, Period, Load]]:
    """Yield what ad-hoc requests ask of each unit, in the period in which they are due. One statement."""
    asked = AdHocAnswer.objects.visible_to(user, right).counted().filter(whose, request__plan=plan)
    fields = Count("request__fields")
    texts = Count("request__fields", filter=Q(request__fields__kind=AdHocKind.TEXT))
    for one in asked.select_related("org_unit", "request").annotate(fields=fields, texts=texts).order_by("pk"):
        period = period_of(periods, one.request.due)
        if period:
            yield one.org_unit, period, Load(typed=one.fields, texts=one.texts, adhoc=one.fields)


def load_of(targets: Iterable[Target], period: Period) -> Load:
    """Return what the targets of one unit ask for in the period, with one text for each task."""
    targets = list(targets)
    begun = [target for target in targets if target.start <= period.end]
    texts = len({target.task_id for target in targets})
    typed = sum(len(typed_of(target)) for target in begun)
    return Load(typed + texts, texts, sum(len(prefilled_of(target)) for target in begun))


def _shares(user, plan: Plan, whose: Q, right: str) -> list[Allocation]:
    """Return the shares that are reported in the user's sections: a target that is merely shown there is reported elsewhere."""
    shares = Allocation.objects.visible_to(user, right).filter(whose, target__plan=plan)
    shares = shares.select_related("org_unit", "target__task__section").order_by("target__sort", "target_id")
    scope, found = user.scope, []
    for share in shares:
        apps = scope.apps_over(share.org_unit.path, right)
        if apps is None or share.target.task.section.app in apps:
            found.append(share)
    return found


def _unfilled(user, plan: Plan, shares: list[Allocation], begun: list[Period], right: str) -> list[Unfilled]:
    """Return the inputs of targets and tasks that were asked for in a period that has begun, and hold nothing anywhere."""
    if not begun:
        return []
    last, entries = begun[-1], _filled_inputs(user, plan, right)
    told = _told_tasks(user, plan, right)
    targets = {share.target_id: share.target for share in shares}
    units: dict[int, set[int]] = defaultdict(set)
    of_task: dict[int, set[int]] = defaultdict(set)
    for share in shares:
        units[share.target_id].add(share.org_unit_id)
        of_task[share.target.task_id].add(share.org_unit_id)
    tasks = {target.task_id: target.task for target in targets.values()}
    found = [
        Unfilled(target.task, target, name, len(units[pk]))
        for pk, target in targets.items()
        if target.start <= last.end
        for name in typed_of(target)
        if (pk, name) not in entries
    ]
    found += [Unfilled(task, None, NARRATIVE, len(of_task[pk])) for pk, task in tasks.items() if pk not in told]
    return sorted(found, key=lambda one: (one.task.number, one.target is None, one.target.sort if one.target else 0))


def _filled_inputs(user, plan: Plan, right: str) -> set[tuple[int, str]]:
    """Return target and name of the inputs that hold something in some report of the year."""
    rows = Entry.objects.visible_to(user, right).filter(report__task__plan=plan).order_by().values("target_id")
    numbers = {name: Count(name) for name in ("value", "numerator", "denominator")}
    counted = rows.annotate(**{f"has_{name}": count for name, count in numbers.items()})
    counted = counted.annotate(has_zero_report=Count("pk", filter=Q(zero_report=True)))
    names = (*numbers, "zero_report")
    return {(row["target_id"], name) for row in counted for name in names if row[f"has_{name}"]}


def _told_tasks(user, plan: Plan, right: str) -> set[int]:
    reports = ProgressReport.objects.visible_to(user, right).filter(task__plan=plan).exclude(narrative="")
    return set(reports.order_by().values_list("task_id", flat=True).distinct())
