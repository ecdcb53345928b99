"""All that the dashboard tells of a plan on a day, read in ten statements whatever the size."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.enums import TOWNSHIP_KINDS, VILLAGE_KINDS, Right
from accounts.models import OrgUnit

from ..assess import Assessment, judged
from ..completeness import Duty, duties_of
from ..discretion import as_told
from ..due_days import DueDays, periods_of
from ..grounds import (
    EACH_UNIT,
    EVERYWHERE,
    Grounds,
    Key,
    Share,
    figure_sums,
    shares_of,
    steps_of,
    total_sums,
)
from ..models import Period, Plan, ProgressReport, Target
from ..rules.amending import plan_then
from ..rules.kinds import Light
from ..rules.lights import Thresholds

MONTHS = 6  # of the trend, beside the day looked at


@dataclass(frozen=True, slots=True)
class Board:
    """A plan as one observer may see it at the close of a day.

    now, then: the standing of each target on the day and on the day it is compared with, in the order of `targets`;
    trend: the lights of targets, by id, on the last ends of months and on the day; townships: in their order, with what is
    allocated to each in `by_unit`; duties: of the last period due, which is None before the first.
    """

    plan: Plan
    on: date
    since: date
    targets: list[Target]
    now: list[Assessment]
    then: list[Assessment]
    trend: dict[date, dict[int, Light]]
    townships: list[OrgUnit]
    by_unit: dict[int, list[Assessment]]
    period: Period | None
    duties: list[Duty]


def load(user, plan: Plan, *, on: date, since: date) -> Board:
    """Read the board of a plan for somebody who oversees its whole bureau.

    Ten statements: targets, periods with later days that were granted, steps with what amendments have replaced, running totals, flows of the periods due, shares, figures by unit, what was reported in
    time (where a deadline has passed), units, reports.
    """
    targets = targets_of(user, plan)
    periods, granted = periods_of(plan, on)
    days = [*month_ends(plan, on), on]
    grounds, shares = _grounds(plan, targets, periods, on, {since, *days})
    whole = {(target.pk,): target for target in targets}
    asked: dict[date, dict[Key, Target]] = dict.fromkeys({since, *days}, whole)
    by_id = {target.pk: target for target in targets}
    units = {unit.pk: unit for unit in _units(plan)}
    townships = [unit for unit in units.values() if unit.kind in TOWNSHIP_KINDS and _is_there(unit, on)]
    counted = {unit.pk for unit in townships}
    asked[on] = whole | {key: by_id[key[0]] for key in shares if key[0] in by_id and key[1] in counted}
    found = judged(asked, grounds)
    period = last_due(periods, on)
    return Board(
        plan=plan,
        on=on,
        since=since,
        targets=targets,
        now=[as_told(user, found[on][key], plan.bureau) for key in whole],
        then=[as_told(user, found[since][key], plan.bureau) for key in whole],
        trend={day: {key[0]: found[day][key].verdict.light for key in whole} for day in days},
        townships=townships,
        by_unit=_by_unit(user, targets, found[on], {unit.pk: unit for unit in townships}),
        period=period,
        duties=_duties(user, period, shares, by_id, units, on, granted) if period else [],
    )


def sees_all(user, plan: Plan) -> bool:
    """Say whether the user oversees the whole bureau of the plan."""
    return user.scope.apps_over(plan.bureau.path, Right.OVERVIEW) is None


def targets_of(user, plan: Plan) -> list[Target]:
    """Return the plan's targets that the user oversees, with task and section. One statement."""
    rows = Target.objects.visible_to(user, Right.OVERVIEW).filter(plan=plan).select_related("task__section")
    targets = list(rows.order_by("sort", "pk"))
    for target in targets:
        target.plan = plan
    return targets


def month_ends(plan: Plan, on: date) -> list[date]:
    """Return the last ends of months before the day, within the plan's year, the oldest first."""
    firsts = [date(plan.year, month, 1) for month in range(2, 13)] + [date(plan.year + 1, 1, 1)]
    return [first - timedelta(days=1) for first in firsts if first <= on][-MONTHS:]


def last_due(periods: Iterable[Period], on: date) -> Period | None:
    """Return the latest period whose deadline has passed; on the due day itself a report is still on time."""
    return max((period for period in periods if period.due < on), key=lambda period: period.start, default=None)


def _grounds(
    plan: Plan, targets: list[Target], periods: list[Period], on: date, days: set[date]
) -> tuple[dict[date, Grounds], dict[Key, Share]]:
    """Return the grounds of each day, on the day looked at of units as well, and the share of each unit."""
    thresholds = {plan.pk: Thresholds(plan.yellow_gap, plan.red_gap)}
    due = {day: {plan.pk: period.pk} if (period := last_due(periods, day)) else {} for day in days}
    (steps, replaced), sums = steps_of([plan.pk]), total_sums(targets, due)
    by_unit = shares_of([plan.pk], EVERYWHERE, EACH_UNIT)
    shares = by_unit | _together(by_unit)
    sums[on] |= figure_sums([plan.pk], on, EVERYWHERE, due[on].values(), EACH_UNIT)
    return {
        day: Grounds(thresholds, due[day], steps, sums[day], shares, plan_then(replaced, day)) for day in days
    }, by_unit


def _together(shares: dict[Key, Share]) -> dict[Key, Share]:
    """Return the shares of all units of each target together."""
    found: dict[Key, Share] = {}
    for (target, _), share in shares.items():
        units, amount = found.get((target,), Share(0, None))
        if share.amount is not None:
            amount = share.amount + (amount or 0)
        found[(target,)] = Share(units + share.units, amount)
    return found


def _units(plan: Plan) -> list[OrgUnit]:
    rows = OrgUnit.objects.below(plan.bureau).exclude(kind__in=VILLAGE_KINDS)
    return list(rows.order_by("sort", "code"))


def _is_there(unit: OrgUnit, on: date) -> bool:
    return unit.valid_from <= on and (unit.valid_to is None or unit.valid_to > on)


def _by_unit(
    user, targets: list[Target], found: dict[Key, Assessment], townships: dict[int, OrgUnit]
) -> dict[int, list[Assessment]]:
    place = {target.pk: number for number, target in enumerate(targets)}
    by_unit: dict[int, list[Assessment]] = defaultdict(list)
    for key in sorted((key for key in found if len(key) == len(EACH_UNIT)), key=lambda key: place[key[0]]):
        by_unit[key[1]].append(as_told(user, found[key], townships[key[1]]))
    return dict(by_unit)


def _duties(
    user,
    period: Period,
    shares: dict[Key, Share],
    targets: dict[int, Target],
    units: dict[int, OrgUnit],
    on: date,
    granted: DueDays,
) -> list[Duty]:
    """Return what was owed for the period, as it stood on the day."""
    tasks = {target.task_id: target.task for target in targets.values()}
    rows = ProgressReport.objects.visible_to(user, Right.OVERVIEW).filter(period=period, submitted_on__lte=on)
    reports = [one for one in rows.order_by("revision") if one.task_id in tasks and one.org_unit_id in units]
    pairs = {(targets[target].task_id, unit) for target, unit in shares if target in targets}
    return duties_of(period, pairs, reports, tasks, units, granted)
