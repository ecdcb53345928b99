"""Where each target stands on a day: the sum of its figures, its pace and its light.

Everything here is derived; nothing is stored. A whole plan, or all plans of a city, takes the same few statements.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.db.models import Q

from accounts.models import OrgUnit

from .amended import target_then
from .grounds import (
    EACH_UNIT,
    EVERYWHERE,
    NO_SHARE,
    NO_SUMS,
    Grounds,
    Key,
    Share,
    Sums,
    amounts_in_time,
    gather,
    gather_days,
)
from .models import Target
from .rules.amending import Then
from .rules.amounts import Amount, roll_up
from .rules.kinds import PaceCurve, TargetKind
from .rules.lights import TargetFacts, Verdict, full_goal, is_reached, light
from .rules.pace import Pace, Step

NOTHING = Amount(None, None, None)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Assessment:
    """One target as seen on a day by one observer.

    amount: the sum over the observer's units; goal: the target's, or the share of the unit looked at;
    full_goal: what must be reached in all (for recurring duties the goal of every span and unit);
    units_expected, units_reported: how many units owe a figure and how many have one (for flows: in the last
    period due); verified: the part of the amount (of a rate's numerator) that spot checks have confirmed;
    withheld: numbers that are None have been left out, since they are small (see `discretion`).
    """

    target: Target
    amount: Amount
    goal: Decimal | None
    full_goal: Decimal | None
    verdict: Verdict
    units_expected: int
    units_reported: int
    verified: Decimal | None = None
    withheld: bool = False

    @property
    def measured(self) -> Decimal | None:
        """Return the number that is compared with the goal: percent for ratios, else the amount."""
        return self.amount.measured(self.target.is_ratio)


def assess(targets: Iterable[Target], *, on: date, unit: OrgUnit | None = None) -> list[Assessment]:
    """Return the standing of each target at the close of the day, for the whole bureau or below one unit.

    Six statements at most whatever the size, and one more where a target that is met has passed its deadline.
    """
    return assess_days(targets, days=[on], unit=unit)[on]


def assess_days(
    targets: Iterable[Target], *, days: Iterable[date], unit: OrgUnit | None = None
) -> dict[date, list[Assessment]]:
    """Return by day the standing of each target, as `assess` does. For a whole bureau as many statements as for one day."""
    targets, days = list(targets), list(days)
    within = Q(org_unit__path__startswith=unit.path) if unit else EVERYWHERE
    grounds, items = gather_days(targets, days, within=within), {(target.pk,): target for target in targets}
    found = judged(dict.fromkeys(days, items), grounds, within=within)
    return {day: [found[day][(target.pk,)] for target in targets] for day in days}


def assess_each_unit(targets: Iterable[Target], *, on: date, units: Iterable[OrgUnit]) -> dict[int, list[Assessment]]:
    """Return by unit id the standing of the targets allocated to that very unit, in the order of `targets`.

    As many statements as `assess`, however many units there are.
    """
    by_id = {target.pk: target for target in targets}
    within = Q(org_unit__in=[unit.pk for unit in units])
    grounds = gather(by_id.values(), on=on, within=within, keys=EACH_UNIT)
    order = {pk: place for place, pk in enumerate(by_id)}
    keys = sorted((key for key in grounds.shares if key[0] in by_id), key=lambda key: order[key[0]])
    found = judged({on: {key: by_id[key[0]] for key in keys}}, {on: grounds}, within=within)[on]
    by_unit: dict[int, list[Assessment]] = {}
    for (_, unit_id), assessment in found.items():
        by_unit.setdefault(unit_id, []).append(assessment)
    return by_unit


def for_assessment(queryset):
    """Load the targets with task and section. Prefetched, not joined: tasks are few and shared by many targets."""
    return queryset.prefetch_related("task__section")


# --- What it means ------------------------------------------------------------------------------------------


def pace_of(target: Target) -> Pace:
    """Return one target's pace as the rules know it; reads its steps."""
    steps = tuple(Step(step.on, step.share) for step in target.steps.all())
    return Pace(PaceCurve(target.curve), target.start, target.due, steps)


def judged(
    asked: dict[date, dict[Key, Target]], grounds: dict[date, Grounds], *, within: Q = EVERYWHERE
) -> dict[date, dict[Key, Assessment]]:
    """Judge targets, or targets of a unit, on each day by the grounds of that day. One statement, if any is past its deadline.

    The target of an assessment reads as the plan read on that day.
    within: which units the grounds are of. A key that names a unit, or units that are not all, ask for a share.
    """
    whole = within == EVERYWHERE
    asked = {day: _as_then(items, grounds[day].then) for day, items in asked.items()}
    facts = {
        day: {key: _facts(target, key, grounds[day], day, not whole or len(key) > 1) for key, target in items.items()}
        for day, items in asked.items()
    }
    _judge_lateness(facts, grounds, within)
    return {
        day: {key: _assessment(target, key, grounds[day], facts[day][key]) for key, target in items.items()}
        for day, items in asked.items()
    }


def _as_then(items: dict[Key, Target], then: Then) -> dict[Key, Target]:
    """Return the targets as they read on the day; nothing is copied where no amendment has come since."""
    if not then.targets and not then.tasks:
        return items
    found = {target.pk: target_then(target, then) for target in items.values()}
    return {key: found[key[0]] for key in items}


def _facts(target: Target, key: Key, grounds: Grounds, on: date, is_share: bool) -> TargetFacts:
    """Return what the rules ask. They compare words, so the stored ones are as good as the members of the enums."""
    sums, share = grounds.sums.get(key, NO_SUMS), grounds.shares.get(key, NO_SHARE)
    any_due = target.plan_id in grounds.due
    return TargetFacts(
        kind=target.kind,
        strength=target.strength,
        comparator=target.comparator,
        goal=_goal(target, share, is_share),
        is_ratio=target.is_ratio,
        amount=_amount(target, grounds.sums.get(key)),
        pace=_pace(target.curve, target.start, target.due, grounds.steps.get(target.pk, ())),
        on=on,
        recurrence=target.recurrence,
        units=share.units or 1,
        any_period_due=any_due,
        missing_zero_report=any_due and target.kind == TargetKind.CEILING and sums.units < share.units,
    )


def _amount(target: Target, sums: Sums | None) -> Amount:
    """Return the sum as an amount. A register that is kept and has no record states zero; a report not made, nothing."""
    if sums is None and target.is_computed:
        return Amount(None, ZERO, ZERO) if target.is_ratio else Amount(ZERO)
    return Amount(sums.total, sums.above, sums.below) if sums else NOTHING


@lru_cache(maxsize=1024)
def _pace(curve: str, start: date, due: date | None, steps: tuple[Step, ...]) -> Pace:
    """Most targets of a plan share a few paces."""
    return Pace(PaceCurve(curve), start, due, steps)


def _goal(target: Target, share: Share, is_share: bool) -> Decimal | None:
    """Return the goal for the observer: a unit answers for its share, the bureau for the whole.

    A ratio's threshold, and what a recurring duty asks of each span, hold for every unit alike.
    """
    alike = target.is_ratio or target.kind == TargetKind.RECURRING
    return target.goal if not is_share or alike or share.amount is None else share.amount


def _judge_lateness(facts: dict[date, dict[Key, TargetFacts]], grounds: dict[date, Grounds], within: Q) -> None:
    """Note on the facts of targets that are met after their deadline whether they were met in time."""
    met = {day: [k for k, known in own.items() if known.is_past and is_reached(known)] for day, own in facts.items()}
    moved = {day: {pk: old["due"] for pk, old in grounds[day].then.targets.items() if old.get("due")} for day in met}
    in_time = amounts_in_time({day: {key[0] for key in keys} for day, keys in met.items()}, within, moved)
    for day, keys in met.items():
        of_target: dict[int, list[Amount]] = {}
        for (target, _), amount in in_time[day].items():
            of_target.setdefault(target, []).append(amount)
        for key in keys:
            amount = in_time[day].get(key, NOTHING) if len(key) > 1 else roll_up(of_target.get(key[0], ()))
            then = replace(facts[day][key], amount=amount)
            facts[day][key] = replace(facts[day][key], met_on_time=is_reached(then))


def _assessment(target: Target, key: Key, grounds: Grounds, facts: TargetFacts) -> Assessment:
    verdict = light(facts, grounds.thresholds[target.plan_id])
    share, sums = grounds.shares.get(key, NO_SHARE), grounds.sums.get(key, NO_SUMS)
    return Assessment(
        target, facts.amount, facts.goal, full_goal(facts), verdict, share.units, sums.units, sums.verified
    )
