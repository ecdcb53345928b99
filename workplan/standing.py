"""Who may be told which totals, and the totals themselves: for pages and API alike."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, Sum

from accounts.models import OrgUnit

from .assess import Assessment, assess, for_assessment
from .models import Figure, Plan, Section, Target
from .rules.amounts import Amount
from .rules.lights import count_lights, worst


def may_total(user, target: Target, unit: OrgUnit) -> bool:
    """Say whether the user may see the target's total over the whole subtree of the unit."""
    apps = user.scope.apps_over(unit.path)
    return apps is None or bool(apps & apps_of(target))


def apps_of(target: Target) -> set[str]:
    """Return the apps of the sections that state the target: its own, and those that show it too.

    Asks the database nothing where `task__section` and `also_in__section` are prefetched.
    """
    return {target.task.section.app} | {task.section.app for task in target.also_in.all()}


def standing_of(target: Target, *, unit: OrgUnit, on: date) -> Assessment | None:
    """Return where the target stands for the unit, or None where the unit has no part in it."""
    part = within(Target.objects.filter(pk=target.pk), unit)
    found = assess(for_assessment(part), on=on, unit=None if unit.pk == target.plan.bureau_id else unit)
    return found[0] if found else None


def within(targets, unit: OrgUnit):
    """Return the targets that concern the subtree: those of the unit's own plans, or allocated in it."""
    own = targets.filter(plan__bureau__path__startswith=unit.path)
    allocated = targets.filter(allocations__org_unit__path__startswith=unit.path)
    return targets.filter(pk__in=own.values("pk")) | targets.filter(pk__in=allocated.values("pk"))


def contributions(target: Target, user, *, unit: OrgUnit, on: date):
    """Return the reported figures in force behind the number, among those that the user may see."""
    rows = (
        Figure.objects.visible_to(user)
        .reported()
        .in_force(on)
        .filter(target=target, org_unit__path__startswith=unit.path)
    )
    return rows.select_related("org_unit", "period", "entry").order_by(
        "org_unit__sort", "org_unit__code", "period__start"
    )


def amounts_at(figures, days: Iterable[date]) -> dict[date, Amount]:
    """Return by day what the figures in force on it add up to. One statement for all days."""
    names, days = ("value", "numerator", "denominator"), list(days)
    sums = {}
    for place, day in enumerate(days):
        standing = Q(accepted_on__lte=day) & (Q(replaced_on__isnull=True) | Q(replaced_on__gt=day))
        sums |= {f"{name}_{place}": Sum(name, filter=standing) for name in names}
    found = figures.order_by().aggregate(**sums)
    return {day: Amount(*(found[f"{name}_{place}"] for name in names)) for place, day in enumerate(days)}


def lights_by_section(plan: Plan, user, *, unit: OrgUnit, on: date) -> list[dict]:
    """Return per section that the user reaches in the whole subtree: section, targets, worst, counts by light."""
    apps = user.scope.apps_over(unit.path)
    sections = Section.objects.visible_to(user).filter(plan=plan).order_by("number")
    targets = within(Target.objects.filter(plan=plan), unit)
    if apps is not None:
        sections = sections.filter(app__in=apps)
    seen = assess(
        for_assessment(targets.filter(task__section__in=sections.values("pk"))),
        on=on,
        unit=None if unit.pk == plan.bureau_id else unit,
    )
    return [
        _summary(section, [one for one in seen if one.target.task.section_id == section.pk]) for section in sections
    ]


def _summary(section: Section, seen: Iterable[Assessment]) -> dict:
    lights = [one.verdict.light for one in seen]
    return {
        "section": section,
        "targets": len(lights),
        "worst": worst(lights),
        "counts": count_lights(lights),
    }
