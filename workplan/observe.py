"""What a user may see of a target's standing: the whole bureau's numbers, or those of the user's own units."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from accounts.enums import Right
from accounts.models import OrgUnit

from .assess import Assessment, assess, for_assessment
from .discretion import as_told
from .enums import PlanStatus
from .models import Allocation, Plan, Target
from .standing import may_total


@dataclass(frozen=True, slots=True)
class Sight:
    """A target's standing as the user may see it. unit: whose share is seen; None for the whole bureau."""

    assessment: Assessment
    unit: OrgUnit | None


def readable_plans(user):
    """Return the plans that the user may read, newest first: drafts only for those who work on the plan."""
    plans = Plan.objects.visible_to(user).select_related("bureau").order_by("-year", "bureau__sort", "pk")
    return plans if user.may(Right.PLAN_EDIT) else plans.exclude(status=PlanStatus.DRAFT)


def of_readable_plans(rows, user, path: str = "plan"):
    """Return the rows whose plan the user may read; `path` leads from the row to its plan."""
    return rows.filter(**{f"{path}__in": readable_plans(user).values("pk")})


def visible_targets(user, plan: Plan, right: str = Right.VIEW):
    """Return the plan's targets that the user may see, with what `sights` needs."""
    targets = Target.objects.visible_to(user, right).filter(plan=plan).select_related("plan__bureau")
    return for_assessment(targets).prefetch_related("also_in__section")


def sights(user, targets: Iterable[Target], *, on: date) -> list[Sight]:
    """Return the standing of each target for this user at the close of the day, in the order of `targets`.

    `targets` as `visible_targets` loads them. As many statements as `assess` takes, times one for the whole and
    one for each unit that the user belongs to.
    """
    targets = list(targets)
    whole = [target for target in targets if sees_whole_of(user, target)]
    seen = {target.pk for target in whole}
    unit_of = _own_units(user, [target for target in targets if target.pk not in seen])
    found = {a.target.pk: Sight(as_told(user, a, a.target.plan.bureau), None) for a in assess(whole, on=on)}
    for unit in {unit.pk: unit for unit in unit_of.values()}.values():
        group = [target for target in targets if unit_of.get(target.pk) == unit]
        found |= {a.target.pk: Sight(as_told(user, a, unit), unit) for a in assess(group, on=on, unit=unit)}
    return [found[target.pk] for target in targets if target.pk in found]


def sights_of_unit(user, targets, unit: OrgUnit, *, on: date) -> list[Sight]:
    """Return the standing of those of the targets, a QuerySet as `visible_targets` gives it, that are allocated at the unit or below."""
    shares = Allocation.objects.visible_to(user).filter(org_unit__path__startswith=unit.path)
    open_to = [target for target in targets.filter(pk__in=shares.values("target")) if may_total(user, target, unit)]
    return [Sight(as_told(user, one, unit), unit) for one in assess(open_to, on=on, unit=unit)]


def sees_whole_of(user, target: Target) -> bool:
    """Say whether the user sees the target's number for the whole bureau."""
    return may_total(user, target, target.plan.bureau)


def _own_units(user, targets: list[Target]) -> dict[int, OrgUnit]:
    """Return by target id the user's unit that has a share of it. Two statements."""
    if not targets:
        return {}
    by_id = {target.pk: target for target in targets}
    paths = {grant.unit_path for grant in user.scope.with_right(Right.VIEW)}
    units = list(OrgUnit.objects.filter(path__in=paths))
    below = Q()
    for path in paths:
        below |= Q(org_unit__path__startswith=path)
    rows = Allocation.objects.filter(below, target__in=targets).values_list("target_id", "org_unit__path")
    return {
        target_id: unit
        for target_id, path in rows
        for unit in units
        if path.startswith(unit.path) and may_total(user, by_id[target_id], unit)
    }
