"""Where each target stands on a day: the sum of its figures, its pace and its light.

Everything here is derived; nothing is stored. A whole plan, or all plans of a city, takes the same few statements.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Count, DecimalField, F, Q, Sum, Window
from django.db.models.functions import RowNumber

from accounts.models import OrgUnit

from .models import Allocation, Figure, PaceStep, Period, Plan, Target
from .rules.amounts import Amount, roll_up
from .rules.kinds import Comparator, PaceCurve, Recurrence, Strength, TargetKind
from .rules.lights import TargetFacts, Thresholds, Verdict, full_goal, is_reached, light
from .rules.pace import Pace, Step

NOTHING = Amount(None, None, None)


@dataclass(frozen=True, slots=True)
class Assessment:
    """One target as seen on a day by one observer.

    amount: the sum over the observer's units; goal: the target's, or the share of the unit looked at;
    full_goal: what must be reached in all (for recurring duties the goal of every span and unit);
    units_expected, units_reported: how many units owe a figure and how many have one (for flows: in the last
    period due).
    """

    target: Target
    amount: Amount
    goal: Decimal | None
    full_goal: Decimal | None
    verdict: Verdict
    units_expected: int
    units_reported: int

    @property
    def measured(self) -> Decimal | None:
        """Return the number that is compared with the goal: percent for ratios, else the amount."""
        return self.amount.measured(self.target.is_ratio)


# What sums are kept by: the target, or the target and the unit.
WHOLE = ("target_id",)
EACH_UNIT = ("target_id", "org_unit_id")
Key = tuple[int, ...]


def assess(targets: Iterable[Target], *, on: date, unit: OrgUnit | None = None) -> list[Assessment]:
    """Return the standing of each target at the close of the day, for the whole bureau or below one unit.

    Six statements whatever the size, and one more where a target that is met has passed its deadline.
    """
    targets = list(targets)
    within = Q(org_unit__path__startswith=unit.path) if unit else Q()
    shares = _shares(targets, within, WHOLE)
    found = _judged({(t.pk,): t for t in targets}, shares, on, within, WHOLE, is_share=unit is not None)
    return [found[(target.pk,)] for target in targets]


def assess_each_unit(targets: Iterable[Target], *, on: date, units: Iterable[OrgUnit]) -> dict[int, list[Assessment]]:
    """Return by unit id the standing of the targets allocated to that very unit, in the order of `targets`.

    As many statements as `assess`, however many units there are.
    """
    by_id = {target.pk: target for target in targets}
    within = Q(org_unit__in=[unit.pk for unit in units])
    shares = _shares(by_id.values(), within, EACH_UNIT)
    order = {pk: place for place, pk in enumerate(by_id)}
    keys = sorted((key for key in shares if key[0] in by_id), key=lambda key: order[key[0]])
    found = _judged({key: by_id[key[0]] for key in keys}, shares, on, within, EACH_UNIT, is_share=True)
    by_unit: dict[int, list[Assessment]] = {}
    for (_, unit_id), assessment in found.items():
        by_unit.setdefault(unit_id, []).append(assessment)
    return by_unit


def _judged(
    items: dict[Key, Target],
    shares: dict[Key, dict],
    on: date,
    within: Q,
    keys: tuple[str, ...],
    *,
    is_share: bool,
) -> dict[Key, Assessment]:
    plans = Plan.objects.in_bulk({target.plan_id for target in items.values()})
    if not plans:
        return {}
    steps, due = _steps(plans), last_due_periods(plans, on)
    sums = _sums(plans, on, within, due.values(), keys)
    facts = {}
    for key, target in items.items():
        pace = Pace(PaceCurve(target.curve), target.start, target.due, steps.get(target.pk, ()))
        any_due = target.plan_id in due
        facts[key] = _facts(target, pace, on, sums.get(key), shares.get(key), any_due, is_share)
    _judge_lateness(items, facts, on, within, keys)
    thresholds = {pk: Thresholds(plan.yellow_gap, plan.red_gap) for pk, plan in plans.items()}
    return {
        key: _assessment(t, facts[key], thresholds[t.plan_id], sums.get(key), shares.get(key))
        for key, t in items.items()
    }


def for_assessment(queryset):
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
    passed = Period.objects.filter(plan__in=plans).past_due(on).order_by("start")
    return dict(passed.values_list("plan_id", "pk"))  # of each plan the last one stays


def _sums(plans: set[int], on: date, within: Q, due_periods: Iterable[int], keys: tuple[str, ...]) -> dict[Key, dict]:
    """One statement: by key, the sums of the figures in force, and how many units stand behind them."""
    current = Q(flow=False) | Q(period__in=list(due_periods))
    rows = (
        Figure.objects.in_force(on)
        .filter(within, target__plan__in=plans)
        .order_by()
        .values(*keys)
        .annotate(
            total=Sum("value"),
            above=Sum("numerator"),
            below=Sum("denominator"),
            units=Count("pk", filter=current),
        )
    )
    return {tuple(row[key] for key in keys): row for row in rows}


def _shares(targets: Iterable[Target], within: Q, keys: tuple[str, ...]) -> dict[Key, dict]:
    rows = (
        Allocation.objects.filter(within, target__plan__in={target.plan_id for target in targets})
        .order_by()
        .values(*keys)
        .annotate(
            units=Count("pk"),
            amount=Sum("amount", output_field=DecimalField(max_digits=18, decimal_places=4)),
        )
    )
    return {tuple(row[key] for key in keys): row for row in rows}


def _amount(row: dict | None) -> Amount:
    return Amount(row["total"], row["above"], row["below"]) if row else NOTHING


def _nothing_recorded(target: Target) -> Amount:
    """A register that is kept and has no record states zero; without records a rate has nothing to measure."""
    return Amount(numerator=Decimal(0), denominator=Decimal(0)) if target.is_ratio else Amount(Decimal(0))


def _goal(target: Target, share: dict | None, is_share: bool) -> Decimal | None:
    """Return the goal for the observer: a unit answers for its share, the bureau for the whole.

    A ratio's threshold, and what a recurring duty asks of each span, hold for every unit alike.
    """
    alike = target.is_ratio or target.kind == TargetKind.RECURRING
    if not is_share or alike or share is None or share["amount"] is None:
        return target.goal
    return share["amount"]


def _facts(target: Target, pace: Pace, on: date, total, share, any_due: bool, is_share: bool) -> TargetFacts:
    kind = TargetKind(target.kind)
    return TargetFacts(
        kind=kind,
        strength=Strength(target.strength),
        comparator=Comparator(target.comparator),
        goal=_goal(target, share, is_share),
        is_ratio=target.is_ratio,
        amount=_amount(total) if total or not target.is_computed else _nothing_recorded(target),
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


def _judge_lateness(
    items: dict[Key, Target], facts: dict[Key, TargetFacts], on: date, within: Q, keys: tuple[str, ...]
) -> None:
    """Note on the facts of targets that are met after their deadline whether they were met in time."""
    met = [key for key in items if facts[key].is_past and is_reached(facts[key])]
    in_time = _amounts_in_time({key[0] for key in met}, on, within, keys) if met else {}
    for key in met:
        then = replace(facts[key], amount=in_time.get(key, NOTHING))
        facts[key] = replace(facts[key], met_on_time=is_reached(then))


def _amounts_in_time(targets: set[int], on: date, within: Q, keys: tuple[str, ...]) -> dict[Key, Amount]:
    """One statement: the targets' sums from what had been reported by their deadline, as corrected until `on`."""
    newest = Window(RowNumber(), partition_by=[F("target_id"), F("org_unit_id")], order_by=F("period__start").desc())
    rows = (
        Figure.objects.filter(Q(corrected_on__isnull=True) | Q(corrected_on__gt=on), within)
        .filter(target__in=targets, accepted_on__lte=on, reported_on__lte=F("target__due"))
        .filter(Q(entry__isnull=False) | Q(replaced_on__isnull=True) | Q(replaced_on__gt=F("target__due")))
        .annotate(newest=newest)
        .filter(Q(flow=True) | Q(newest=1))
        .values_list(*keys, "value", "numerator", "denominator")
    )
    by_key: dict[Key, list[Amount]] = {}
    for row in rows:
        by_key.setdefault(row[: len(keys)], []).append(Amount(*row[len(keys) :]))
    return {key: roll_up(amounts) for key, amounts in by_key.items()}


def _assessment(target: Target, facts: TargetFacts, thresholds: Thresholds, total, share) -> Assessment:
    verdict = light(facts, thresholds)
    expected, reported = _expected(share), _reported(total)
    return Assessment(target, facts.amount, facts.goal, full_goal(facts), verdict, expected, reported)


def pace_of(target: Target) -> Pace:
    """Return one target's pace as the rules know it; reads its steps."""
    steps = tuple(Step(step.on, step.share) for step in target.steps.all())
    return Pace(PaceCurve(target.curve), target.start, target.due, steps)
