"""The only writer of measured figures: from the records of registers, in the transaction that changes them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Case, Count, F, Q, Sum, When

from accounts.enums import VILLAGE_KINDS
from accounts.models import OrgUnit

from ..enums import PlanStatus
from ..measures import FOREVER, Measure, Rows, measure_of, measures
from ..models import Allocation, Figure, Plan, Target
from .figures import Drift
from .totals import lock_target, refresh_totals

Interval = tuple[int, date, date | None]  # org unit id, from, until
ZERO = Decimal(0)


@dataclass(slots=True)
class Total:
    """What the rows of one unit and interval add up to."""

    counts: Decimal = ZERO
    out_of: Decimal = ZERO
    verified: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Implied:
    """The figures that a target's records imply, by unit and interval."""

    target: Target
    sums: dict[Interval, Total] = field(default_factory=dict)


@transaction.atomic
def refresh_models(models: Iterable[type], units: Iterable[int] | None = None) -> int:
    """Bring the figures of all targets up to date that depend on the models; return how many figures changed.

    units: ids of the units whose records were touched; None for all. Called by every service that writes records, in
    its transaction, after the write. Waits for others who change figures of the same target.
    """
    models = set(models)
    found = targets_behind(models)
    return sum(refresh_target(target, units if _keeps_to_units(target, models) else None) for target in found)


def _keeps_to_units(target: Target, models: set[type]) -> bool:
    """Say whether a change of records in some units leaves the target's numbers of all other units as they are."""
    measure = measure_of(target)
    return models.isdisjoint(measure.depends) and not any(rows.looks_around for rows in measure.parts(target).values())


@transaction.atomic
def follow_target(target: Target) -> int:
    """Bring the figures of one target up to date after a change of the plan: its shares, its measure, its goal or dates.

    Shares decide who answers for the records of which unit. Returns how many figures changed.
    """
    return refresh_target(Target.objects.select_related("plan__bureau", "task__section").get(pk=target.pk))


@transaction.atomic
def follow_units() -> int:
    """Bring all measured figures of open plans up to date after a change of the tree of units.

    Villages count for the township that they lie in, and units themselves are counted.
    """
    return sum(refresh_target(target) for target in _open_computed())


def targets_behind(models: Iterable[type]) -> list[Target]:
    """Return the targets of plans still open whose measures read one of the models, in a fixed order."""
    models = set(models)
    return [t for t in _open_computed() if models & _models_of(measures().get(t.computed_by), t)]


def _open_computed():
    open_plans = Plan.objects.exclude(status=PlanStatus.CLOSED)
    computed = Target.objects.filter(plan__in=open_plans).exclude(computed_by="").order_by("pk")
    return computed.select_related("plan__bureau", "task__section")


def _models_of(measure: Measure | None, target: Target) -> set[type]:
    if measure is None:
        return set()
    return {rows.model for rows in measure.parts(target).values()} | set(measure.depends)


@transaction.atomic
def refresh_target(target: Target, units: Iterable[int] | None = None) -> int:
    """Write the target's measured figures as its records imply them; return how many rows changed."""
    lock_target(target.pk)
    narrowed = _narrowed(target, units)
    implied = implied_by_records(target, narrowed).sums
    kept = _kept(target, narrowed)
    gone = [figure.pk for key, figure in kept.items() if key not in implied]
    Figure.objects.filter(pk__in=gone).delete()
    changed = [_filled(kept[key], target, implied[key]) for key in implied.keys() & kept.keys()]
    changed = [figure for figure in changed if figure is not None]
    Figure.objects.bulk_update(changed, ["value", "numerator", "denominator", "verified"], batch_size=500)
    added = [_figure(target, key, implied[key]) for key in implied.keys() - kept.keys()]
    Figure.objects.bulk_create(added, batch_size=500)
    changes = len(gone) + len(changed) + len(added)
    if changes:
        refresh_totals([target.pk])
    return changes


def _narrowed(target: Target, units: Iterable[int] | None) -> set[int] | None:
    """Return the units to recompute, or None for all: where a unit does not answer for its records and no others.

    An office answers for the units without a share as well, so its figures are more than its own records.
    """
    if units is None:
        return None
    touched = _reporting_units(units)
    shares = Allocation.objects.filter(target=target, org_unit__in=touched).select_related("org_unit")
    alone = {share.org_unit_id for share in shares if share.org_unit.is_township}
    return touched if alone == touched else None


def _reporting_units(units: Iterable[int]) -> set[int]:
    """Return the units under whose name figures are kept: a village's records count for its township."""
    rows = OrgUnit.objects.filter(pk__in=set(units)).values_list("pk", "kind", "parent_id")
    return {parent if kind in VILLAGE_KINDS and parent else pk for pk, kind, parent in rows}


def _kept(target: Target, units: set[int] | None) -> dict[Interval, Figure]:
    figures = Figure.objects.measured().filter(target=target)
    if units is not None:
        figures = figures.filter(org_unit__in=units)
    return {(f.org_unit_id, f.accepted_on, f.replaced_on): f for f in figures}


def implied_by_records(target: Target, units: set[int] | None = None) -> Implied:
    """Return the figures that the records imply now: one statement for each part of the measure, two for the units."""
    measure, implied = measure_of(target), Implied(target)
    if measure is None:
        return implied
    answering = _answering(target)
    for part, rows in measure.parts(target).items():
        for unit, since, until, amount, verified in _grouped(rows, units):
            if since is None or (until is not None and until <= since):
                continue
            found = implied.sums.setdefault((answering.get(unit, unit), since, until), Total())
            setattr(found, part, getattr(found, part) + amount)
            if part == "counts":
                found.verified += verified
    return implied


def _grouped(rows: Rows, units: set[int] | None) -> list[tuple]:
    """One statement: unit, first and last day, sum and verified sum of the rows."""
    unit = f"{rows.unit}__" if rows.unit else ""
    own, parent = (f"{rows.unit}_id", f"{unit}parent_id") if rows.unit else ("pk", "parent_id")
    query = rows.query.annotate(
        kept_by=Case(When(**{f"{unit}kind__in": VILLAGE_KINDS}, then=F(parent)), default=F(own)),
        counts_from=F(rows.since),
        **({"counts_until": F(rows.until)} if rows.until else {}),
    )
    if units is not None:
        query = query.filter(kept_by__in=units)
    names = ("kept_by", "counts_from", *(("counts_until",) if rows.until else ()))
    confirmed = Q(verified_on__isnull=False) if _has_verification(rows.model) else Q(pk__in=[])
    if rows.amount == 1:
        sums = {"amount_": Count("pk"), "verified_": Count("pk", filter=confirmed)}
    else:
        sums = {"amount_": Sum(rows.amount, default=0), "verified_": Sum(rows.amount, filter=confirmed, default=0)}
    found = query.order_by().values_list(*names).annotate(**sums)
    return [_tidy(row, rows.until is not None) for row in found]


def _tidy(row: tuple, has_end: bool) -> tuple:
    unit, since = row[:2]
    until = row[2] if has_end and row[2] and row[2] < FOREVER else None
    return unit, since, until, Decimal(row[-2]), Decimal(row[-1])


def _has_verification(model: type) -> bool:
    return any(f.name == "verified_on" for f in model._meta.concrete_fields)


def _answering(target: Target) -> dict[int, int]:
    """Return by unit the one that answers for its records, where it is another: the office that has the target alone.

    A township that has a share answers for itself; records of a unit without a share count for the office to which
    the target is allocated, if one is.
    """
    shares = list(Allocation.objects.filter(target=target).select_related("org_unit").order_by("org_unit__sort"))
    own = {share.org_unit_id for share in shares}
    office = next((s.org_unit_id for s in shares if not s.org_unit.is_township), None)
    if office is None:
        return {}
    units = OrgUnit.objects.filter(path__startswith=target.plan.bureau.path).values_list("pk", flat=True)
    return {unit: office for unit in units if unit not in own}


def _figure(target: Target, key: Interval, found: Total) -> Figure:
    unit, since, until = key
    figure = Figure(target=target, org_unit_id=unit, flow=True, reported_on=since, accepted_on=since, replaced_on=until)
    _filled(figure, target, found)
    return figure


def _filled(figure: Figure, target: Target, found: Total) -> Figure | None:
    """Set the figure's numbers; return it if that changed anything."""
    numbers = (None, found.counts, found.out_of) if target.is_ratio else (found.counts, None, None)
    wanted = (*numbers, found.verified)
    if wanted == (figure.value, figure.numerator, figure.denominator, figure.verified):
        return None
    figure.value, figure.numerator, figure.denominator, figure.verified = wanted
    return figure


def measured_drift(plan: Plan) -> list[Drift]:
    """Return every difference between the measured figures kept and those that the records imply."""
    found = []
    targets = Target.objects.filter(plan=plan).select_related("plan__bureau").order_by("pk")
    for target in targets:
        implied, kept = implied_by_records(target).sums, _kept(target, None)
        for key in sorted(implied.keys() | kept.keys(), key=str):
            before = _numbers(kept[key]) if key in kept else None
            after = _numbers(_figure(target, key, implied[key])) if key in implied else None
            if before != after:
                found.append(Drift(target.pk, f"{target.code} {key[0]} {key[1]}", before, after))
    return found


def _numbers(figure: Figure) -> tuple:
    return figure.value, figure.numerator, figure.denominator, figure.verified


@transaction.atomic
def rebuild_measured(*, plan: Plan) -> int:
    """Write all measured figures of the plan anew; return how many rows changed."""
    targets = Target.objects.filter(plan=plan).select_related("plan__bureau").order_by("pk")
    return sum(refresh_target(target) for target in targets)
