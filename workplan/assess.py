"""Where each target stands on a day: the sum of its figures, its pace and its light.

Everything here is derived; nothing is stored. A whole plan, or all plans of a city, takes the same few statements.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Count, DecimalField, F, Max, Q, Sum, Window
from django.db.models.functions import RowNumber

from accounts.models import OrgUnit

from .models import Allocation, Figure, PaceStep, Period, Plan, Target
from .rules.amounts import Amount, roll_up
from .rules.kinds import Comparator, PaceCurve, Recurrence, Strength, TargetKind
from .rules.lights import TargetFacts, Thresholds, Verdict, is_reached, light
from .rules.pace import Pace, Step

NOTHING = Amount(None, None, None)


@dataclass(frozen=True, slots=True)
class Assessment:
    """One target as seen on a day by one observer.

    amount: the sum over the observer's units; goal: the target's, or the share of the unit looked at;
    units_expected, units_reported: how many units owe a figure and how many have one (for flows: in the last
    period due).
    """

    target: Target
    amount: Amount
    goal: Decimal | None
    verdict: Verdict
    units_expected: int
    units_reported: int

    @property
    def measured(self) -> Decimal | None:
        """Return the number that is compared with the goal: percent for ratios, else the amount."""
        return self.amount.measured(self.target.is_ratio)


def assess(targets: Iterable[Target], *, on: date, unit: OrgUnit | None = None) -> list[Assessment]:
    """Return the standing of each target at the close of the day, for the whole bureau or below one unit.

    Six statements whatever the size, and one more where a target that is met has passed its deadline.
    """
    targets = list(targets)
    if not targets:
        return []
    plans = Plan.objects.in_bulk({target.plan_id for target in targets})
    steps = _steps(plans)
    due = last_due_periods(plans, on)
    sums = _sums(plans, on, unit, due.values())
    shares = _shares(plans, unit)
    facts = {}
    for target in targets:
        pace = Pace(PaceCurve(target.curve), target.start, target.due, steps.get(target.pk, ()))
        facts[target.pk] = _facts(target, pace, on, sums, shares, target.plan_id in due, unit)
    _judge_lateness([t for t in targets if facts[t.pk].is_past and is_reached(facts[t.pk])], facts, on, unit)
    thresholds = {pk: Thresholds(plan.yellow_gap, plan.red_gap) for pk, plan in plans.items()}
    return [_assessment(t, facts[t.pk], thresholds[t.plan_id], sums, shares) for t in targets]


def with_section(queryset):
    """Load the targets with task and section. Prefetched, not joined: tasks are few and shared by many targets."""
    return queryset.prefetch_related("task__section")


def _steps(plans: Iterable[int]) -> dict[int, tuple[Step, ...]]:
    """Return the dated steps of the targets that have any."""
    found: dict[int, list[Step]] = {}
    rows = PaceStep.objects.filter(target__plan__in=plans).order_by("on").values_list("target_id", "on", "share")
    for target_id, on, share in rows:
        found.setdefault(target_id, []).append(Step(on, share))
    return {target_id: tuple(steps) for target_id, steps in found.items()}


def last_due_periods(plans: Iterable[int], on: date) -> dict[int, int]:
    """Return by plan id the id of the latest period whose deadline has passed."""
    newest = Period.objects.filter(plan__in=plans).past_due(on).values("plan").annotate(latest=Max("start"))
    wanted = Q()
    for row in newest:
        wanted |= Q(plan=row["plan"], start=row["latest"])
    if not wanted:
        return {}
    return dict(Period.objects.filter(wanted).values_list("plan_id", "pk"))


def _within(unit: OrgUnit | None) -> Q:
    return Q(org_unit__path__startswith=unit.path) if unit else Q()


def _sums(plans: set[int], on: date, unit: OrgUnit | None, due_periods: Iterable[int]) -> dict[int, dict]:
    """One statement: by target, the sums of the figures in force, and how many units stand behind them."""
    current = Q(flow=False) | Q(period__in=list(due_periods))
    rows = (
        Figure.objects.in_force(on)
        .filter(_within(unit), target__plan__in=plans)
        .order_by()
        .values("target_id")
        .annotate(
            total=Sum("value"), above=Sum("numerator"), below=Sum("denominator"), units=Count("pk", filter=current)
        )
    )
    return {row["target_id"]: row for row in rows}


def _shares(plans: set[int], unit: OrgUnit | None) -> dict[int, dict]:
    rows = (
        Allocation.objects.filter(_within(unit), target__plan__in=plans)
        .order_by()
        .values("target_id")
        .annotate(units=Count("pk"), amount=Sum("amount", output_field=DecimalField(max_digits=18, decimal_places=4)))
    )
    return {row["target_id"]: row for row in rows}


def _amount(row: dict | None) -> Amount:
    return Amount(row["total"], row["above"], row["below"]) if row else NOTHING


def _goal(target: Target, share: dict | None, unit: OrgUnit | None) -> Decimal | None:
    """Return the goal for the observer: a unit answers for its share, the bureau for the whole."""
    if unit is None or target.is_ratio or share is None or share["amount"] is None:
        return target.goal
    return share["amount"]


def _facts(target: Target, pace: Pace, on: date, sums, shares, any_due: bool, unit: OrgUnit | None) -> TargetFacts:
    total, share = sums.get(target.pk), shares.get(target.pk)
    kind = TargetKind(target.kind)
    return TargetFacts(
        kind=kind,
        strength=Strength(target.strength),
        comparator=Comparator(target.comparator),
        goal=_goal(target, share, unit),
        is_ratio=target.is_ratio,
        amount=_amount(total),
        pace=pace,
        on=on,
        recurrence=Recurrence(target.recurrence),
        units=_expected(share) or 1,
        any_period_due=any_due,
        missing_zero_report=kind == TargetKind.CEILING and any_due and _reported(total) < _expected(share),
    )


def _expected(share: dict | None) -> int:
    return share["units"] if share else 0


def _reported(sums: dict | None) -> int:
    return sums["units"] if sums else 0


def _judge_lateness(met: list[Target], facts: dict[int, TargetFacts], on: date, unit: OrgUnit | None) -> None:
    """Note on the facts of targets that are met after their deadline whether they were met in time."""
    in_time = _amounts_in_time(met, on, unit) if met else {}
    for target in met:
        then = replace(facts[target.pk], amount=in_time.get(target.pk, NOTHING))
        facts[target.pk] = replace(facts[target.pk], met_on_time=is_reached(then))


def _amounts_in_time(targets: list[Target], on: date, unit: OrgUnit | None) -> dict[int, Amount]:
    """One statement: the targets' sums from what had been reported by their deadline, as corrected until `on`."""
    newest = Window(RowNumber(), partition_by=[F("target_id"), F("org_unit_id")], order_by=F("period__start").desc())
    rows = (
        Figure.objects.filter(Q(corrected_on__isnull=True) | Q(corrected_on__gt=on), _within(unit))
        .filter(target__in=targets, accepted_on__lte=on, reported_on__lte=F("target__due"))
        .annotate(newest=newest)
        .filter(Q(flow=True) | Q(newest=1))
        .values_list("target_id", "value", "numerator", "denominator")
    )
    by_target: dict[int, list[Amount]] = {}
    for target_id, *numbers in rows:
        by_target.setdefault(target_id, []).append(Amount(*numbers))
    return {target_id: roll_up(amounts) for target_id, amounts in by_target.items()}


def _assessment(target: Target, facts: TargetFacts, thresholds: Thresholds, sums, shares) -> Assessment:
    verdict = light(facts, thresholds)
    expected, reported = _expected(shares.get(target.pk)), _reported(sums.get(target.pk))
    return Assessment(target, facts.amount, facts.goal, verdict, expected, reported)


def pace_of(target: Target) -> Pace:
    """Return one target's pace as the rules know it; reads its steps."""
    steps = tuple(Step(step.on, step.share) for step in target.steps.all())
    return Pace(PaceCurve(target.curve), target.start, target.due, steps)
