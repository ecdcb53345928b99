"""What the database knows of where targets stand: sums, shares, steps, thresholds. `assess` says what it means.

A bureau's own numbers are read from the running totals, those of its units are summed from their figures. For whatever number of
targets, plans and days it takes the same few statements.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import CharField, Count, DateField, DecimalField, F, IntegerField, Q, Sum, Value, Window
from django.db.models.functions import Coalesce, RowNumber

from .models import Allocation, AmendmentLine, Figure, PaceStep, Plan, ShareTotal, Target, TargetTotal
from .rules.amending import NOTHING_CHANGED, Replaced, Then, plan_then
from .rules.amounts import Amount, roll_up
from .rules.lights import Thresholds
from .rules.pace import Step

EVERYWHERE = Q()

# What sums are kept by: the target, or the target and the unit.
WHOLE = ("target_id",)
EACH_UNIT = ("target_id", "org_unit_id")
Key = tuple[int, ...]
SHARE = DecimalField(max_digits=5, decimal_places=4)


class Sums(NamedTuple):
    """Sums of the figures in force. units: how many have one (for flows: in the last period due).

    verified: the part of `total`, or of a rate's numerator `above`, that spot checks have confirmed.
    """

    total: Decimal | None
    above: Decimal | None
    below: Decimal | None
    verified: Decimal | None
    units: int


class Share(NamedTuple):
    """What is allocated. units: how many owe a figure; amount: their shares together, where shares are numbers."""

    units: int
    amount: Decimal | None


NO_SUMS = Sums(None, None, None, None, 0)
NO_SHARE = Share(0, None)


@dataclass(frozen=True, slots=True)
class Grounds:
    """All that lights depend on beside the targets themselves, read from the database before anything is judged.

    thresholds: by plan; due: by plan the last period due, where one is; steps: by target; sums, shares: by key;
    then: the values that were in force on the day, where amendments have replaced them since.
    """

    thresholds: dict[int, Thresholds]
    due: dict[int, int]
    steps: dict[int, tuple[Step, ...]]
    sums: dict[Key, Sums]
    shares: dict[Key, Share]
    then: Then = NOTHING_CHANGED


def gather(targets: Iterable[Target], *, on: date, within: Q = EVERYWHERE, keys: tuple[str, ...] = WHOLE) -> Grounds:
    """Read what the lights of these targets depend on at the close of the day. Five statements at most, whatever the size."""
    return gather_days(targets, [on], within=within, keys=keys)[on]


def gather_days(
    targets: Iterable[Target], days: Iterable[date], *, within: Q = EVERYWHERE, keys: tuple[str, ...] = WHOLE
) -> dict[date, Grounds]:
    """Read the grounds of several days. Of whole bureaus as many statements as for one day, of units one more for each."""
    targets, days = list(targets), list(days)
    plans = {target.plan_id for target in targets}
    thresholds, due = thresholds_and_due(plans, days)
    steps, replaced = steps_of(plans)
    if within == EVERYWHERE and keys == WHOLE:
        shares, sums = total_shares(plans), total_sums(targets, due)
    else:
        shares = shares_of(plans, within, keys)
        sums = {day: figure_sums(plans, day, within, due[day].values(), keys) for day in days}
    return {day: Grounds(thresholds, due[day], steps, sums[day], shares, plan_then(replaced, day)) for day in days}


def thresholds_and_due(
    plans: Iterable[int], days: list[date]
) -> tuple[dict[int, Thresholds], dict[date, dict[int, int]]]:
    """Return by plan id its thresholds, and by day and plan id the latest period whose deadline has passed."""
    names = ("pk", "yellow_gap", "red_gap", "periods__pk", "periods__due")
    rows = list(Plan.objects.filter(pk__in=plans).order_by("periods__start").values_list(*names))
    due: dict[date, dict[int, int]] = {day: {} for day in days}
    for plan, _, _, period, deadline in rows:
        for day in days:
            if period is not None and deadline < day:
                due[day][plan] = period
    return {plan: Thresholds(yellow, red) for plan, yellow, red, *_ in rows}, due


def steps_of(plans: Iterable[int]) -> tuple[dict[int, tuple[Step, ...]], list[Replaced]]:
    """Return the dated steps of the targets that have any, and what amendments have replaced. One statement."""
    nothing = Value("", output_field=CharField())
    steps = PaceStep.objects.filter(target__plan__in=plans).order_by()
    lines = AmendmentLine.objects.issued().filter(amendment__plan__in=plans).order_by()
    number, share = Value(0, output_field=IntegerField()), Value(None, output_field=SHARE)
    rows = steps.values_list("target_id", "on", "share", number, nothing, nothing).union(
        lines.values_list(
            Coalesce("target_id", "task_id"), "amendment__effective_on", share, "amendment__number", "field", "old"
        ),
        all=True,
    )
    found: dict[int, list[Step]] = {}
    replaced = []
    for row, on, share, number, name, old in rows:
        if number:
            replaced.append(Replaced(row, on, number, name, old))
        else:
            found.setdefault(row, []).append(Step(on, share))
    return {target_id: tuple(sorted(steps, key=lambda step: step.on)) for target_id, steps in found.items()}, replaced


def total_sums(targets: list[Target], due: dict[date, dict[int, int]]) -> dict[date, dict[Key, Sums]]:
    """Return by day and target what all figures add up to. Two statements: the running totals, and whose flows are in."""
    plans = {target.plan_id for target in targets}
    found: dict[date, dict[Key, Sums]] = {day: {} for day in due}
    named = {day.isoformat(): sums for day, sums in found.items()}
    for row in _totals(plans, found):
        named[row[0]][(row[1],)] = Sums._make(row[2:])
    for (day, target), units in _flows_stated(plans, due).items():
        if sums := found[day].get((target,)):
            found[day][(target,)] = sums._replace(units=sums.units + units)
    return found


def _totals(plans: set[int], days: Iterable[date]) -> Iterable[tuple]:
    """Return the totals that last on each day: the day in ISO 8601, the target and the numbers. One statement."""
    names = ("day", "target_id", "value", "numerator", "denominator", "verified", "units")
    parts = [
        TargetTotal.objects.filter(_lasting(day, "since", "until"), target__plan__in=plans)
        .order_by()
        .annotate(day=Value(day.isoformat()))
        .values_list(*names)
        for day in days
    ]
    return parts[0].union(*parts[1:], all=True) if parts else ()


def _flows_stated(plans: set[int], due: dict[date, dict[int, int]]) -> dict[tuple[date, int], int]:
    """Return by day and target how many units' figures of the last period due, which add up over periods, are in force."""
    periods = {period for by_plan in due.values() for period in by_plan.values()}
    rows = Figure.objects.filter(flow=True, period__in=periods).order_by()
    names = ("target_id", "period_id", "accepted_on", "replaced_on")
    found: dict[tuple[date, int], int] = {}
    for target, period, since, until, number in rows.values_list(*names).annotate(number=Count("*")):
        for day, by_plan in due.items():
            if since <= day and (until is None or until > day) and period in by_plan.values():
                found[day, target] = found.get((day, target), 0) + number
    return found


def _lasting(day: date, since: str, until: str) -> Q:
    return Q(**{f"{since}__lte": day}) & (Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": day}))


def figure_sums(
    plans: Iterable[int], on: date, within: Q, due_periods: Iterable[int], keys: tuple[str, ...]
) -> dict[Key, Sums]:
    """One statement: by key, the sums of the figures in force, and how many units stand behind them."""
    current = Q(flow=False) | Q(period__in=list(due_periods))
    rows = (
        Figure.objects.in_force(on)
        .filter(within, target__plan__in=plans)
        .order_by()
        .values_list(*keys)
        .annotate(
            total=Sum("value"),
            above=Sum("numerator"),
            below=Sum("denominator"),
            confirmed=Sum("verified"),
            units=Count("pk", filter=current),
        )
    )
    return {row[: len(keys)]: Sums._make(row[len(keys) :]) for row in rows}


def shares_of(plans: Iterable[int], within: Q, keys: tuple[str, ...]) -> dict[Key, Share]:
    rows = (
        Allocation.objects.filter(within, target__plan__in=plans)
        .order_by()
        .values_list(*keys)
        .annotate(
            units=Count("*"),
            together=Sum("amount", output_field=DecimalField(max_digits=18, decimal_places=4)),
        )
    )
    return {row[: len(keys)]: Share._make(row[len(keys) :]) for row in rows}


def total_shares(plans: Iterable[int]) -> dict[Key, Share]:
    """Return by target what is allocated to all units together, which the database keeps beside the allocations."""
    rows = ShareTotal.objects.filter(target__plan__in=plans, units__gt=0).order_by()
    return {
        (target,): Share(units, amount) for target, units, amount in rows.values_list("target_id", "units", "amount")
    }


def amounts_in_time(
    asked: dict[date, set[int]], within: Q, moved: dict[date, dict[int, date]] | None = None
) -> dict[date, dict[Key, Amount]]:
    """Return by day, target and unit what had been reported by the target's deadline, as corrected until that day.

    asked: by day the ids of targets; moved: by day the deadlines that were in force then, where they have been amended since.
    One statement, whatever the number of days.
    """
    parts = [
        part for day, targets in asked.items() for part in _by_deadline(targets, day, within, (moved or {}).get(day))
    ]
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0] if parts else ()
    found: dict[date, dict[Key, list[Amount]]] = {day: {} for day in asked}
    for day, target, unit, *numbers in rows:
        found[day].setdefault((target, unit), []).append(Amount(*numbers))
    return {day: {key: roll_up(amounts) for key, amounts in by_key.items()} for day, by_key in found.items()}


def _by_deadline(targets: set[int], on: date, within: Q, moved: dict[int, date] | None) -> list:
    """Return the rows of the targets, those with another deadline then apart from those with today's."""
    other: dict[date, set[int]] = {}
    for target, due in (moved or {}).items():
        if target in targets:
            other.setdefault(due, set()).add(target)
    rest = targets.difference(*other.values())
    parts = [_in_time(some, on, within, Value(due, output_field=DateField())) for due, some in other.items()]
    return [_in_time(rest, on, within, F("target__due")), *parts] if rest else parts


def _in_time(targets: set[int], on: date, within: Q, due):
    newest = Window(RowNumber(), partition_by=[F("target_id"), F("org_unit_id")], order_by=F("period__start").desc())
    rows = (
        Figure.objects.filter(Q(corrected_on__isnull=True) | Q(corrected_on__gt=on), within)
        .filter(target__in=targets, accepted_on__lte=on, reported_on__lte=due)
        .filter(Q(entry__isnull=False) | Q(replaced_on__isnull=True) | Q(replaced_on__gt=due))
        .annotate(newest=newest, day=Value(on, output_field=DateField()))
        .filter(Q(flow=True) | Q(newest=1))
        .order_by()
    )
    return rows.values_list("day", "target_id", "org_unit_id", "value", "numerator", "denominator")
