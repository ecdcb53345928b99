"""Townships: the list by pace, and the page of one."""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.enums import UnitKind
from accounts.models import OrgUnit
from accounts.scope import get_visible

from ..assess import Assessment, assess_each_unit
from ..completeness import Completeness, Duty, completeness, duties, last_due_period, reporting_period
from ..discretion import as_told
from ..models import Plan
from ..observe import Sight, visible_targets
from ..rules.kinds import Light
from ..rules.lights import WELL, count_lights
from ..ui import duty_rows, overview, params
from ..ui import format as fmt
from ..ui.lists import TargetTable, UnitTable
from ..ui.present import row_of
from ..ui.tables import reading_right, render_rows
from .common import chosen_plan

CHOOSING = ("plan", "year")


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One township in the list. on_pace: of the targets that are lit, how many are on pace or done."""

    pk: int
    url: str
    name: str
    sort: int
    kind: str
    on_pace_count: int
    lit: int
    red: int
    behind: int
    unreported: int
    handed_count: int
    owed: int
    late: int
    missing: int

    @property
    def on_pace(self) -> str:
        return fmt.ratio(self.on_pace_count, self.lit)

    @property
    def pace_key(self) -> Decimal:
        return Decimal(self.on_pace_count) / self.lit if self.lit else Decimal(-1)

    @property
    def handed_in(self) -> str:
        return fmt.ratio(self.handed_count, self.owed)

    @property
    def handed_key(self) -> Decimal:
        return Decimal(self.handed_count) / self.owed if self.owed else Decimal(-1)


@login_required
@require_safe
def units(request):
    """List the townships by how many of their lit targets are on pace; reporting is that of the last period due."""
    on = params.as_of(request)
    plan = chosen_plan(request, on)
    if plan is None:
        return render(request, "workplan/no_plan.html")
    period = last_due_period(plan, on)
    extra = {"plan": plan, "period": period, "list_keep": {"plan": plan.pk}}

    def rows() -> list[UnitRow]:
        return sorted(_unit_rows(request, plan, period, on), key=lambda row: (-row.pace_key, row.sort))

    return render_rows(
        request, rows=rows, table_class=UnitTable, template="workplan/units.html", extra=extra, also=CHOOSING
    )


def _unit_rows(request, plan: Plan, period, on) -> list[UnitRow]:
    user, right = request.user, reading_right(request)
    townships = OrgUnit.objects.visible_to(user, right).below(plan.bureau).townships().valid_on(on)
    found = assess_each_unit(visible_targets(user, plan, right), on=on, units=townships)
    owed: dict[int, list[Duty]] = {}
    for duty in duties(period, user, on=on, right=right, units=townships) if period else []:
        owed.setdefault(duty.org_unit.pk, []).append(duty)
    return [
        _unit_row(unit, found.get(unit.pk, []), completeness(owed.get(unit.pk, []), on), params.carry(request))
        for unit in townships
    ]


def _unit_row(unit: OrgUnit, found: list[Assessment], reporting: Completeness, carry: str) -> UnitRow:
    counts = count_lights(one.verdict.light for one in found)
    return UnitRow(
        pk=unit.pk,
        url=reverse("workplan:unit", args=[unit.pk]) + carry,
        name=unit.label,
        sort=unit.sort,
        kind=UnitKind(unit.kind).label,
        on_pace_count=sum(counts[light] for light in WELL),
        lit=len(found) - counts[Light.UNLIT],
        red=counts[Light.RED],
        behind=counts[Light.BEHIND],
        unreported=counts[Light.NOT_REPORTED],
        handed_count=reporting.handed_in,
        owed=reporting.owed,
        late=reporting.late,
        missing=reporting.missing,
    )


@login_required
@require_safe
def unit(request, pk: int):
    """Show one unit: its targets with its share, what it has reported, what is missing."""
    on = params.as_of(request)
    chosen = get_visible(OrgUnit.objects.select_related("parent"), request.user, pk=pk)
    plan = chosen_plan(request, on)
    if plan is None:
        return render(request, "workplan/no_plan.html")
    request.place = chosen
    targets = visible_targets(request.user, plan, reading_right(request))
    found = assess_each_unit(targets, on=on, units=[chosen]).get(chosen.pk, [])
    rows = [row_of(Sight(as_told(request.user, one, chosen), chosen), params.carry(request)) for one in found]
    query = {"plan": plan.pk, "unit": chosen.pk, **params.day_carried(request)}
    extra = {
        "unit": chosen,
        "kind": UnitKind(chosen.kind).label,
        "plan": plan,
        "words": overview.in_words(rows),
        "counts": overview.light_counts(rows, **query),
        "periods": _periods(request.user, plan, chosen, on),
        "crumbs": [
            ("单位", overview.with_query(reverse("workplan:units"), params.day_carried(request))),
            (chosen.label, None),
        ],
        "asof_keep": {"plan": plan.pk},
    }
    return render_rows(
        request,
        rows=rows,
        table_class=UnitTargetTable,
        template="workplan/unit.html",
        extra=extra,
        also=CHOOSING,
    )


class UnitTargetTable(TargetTable):
    """The targets of one unit with its share: whose numbers they are goes without saying."""

    title = "单位目标"
    names_share = False


def _periods(user, plan: Plan, chosen: OrgUnit, on) -> list[tuple]:
    """Return the last period due and the current one, each with its summary and the duties still open first."""
    wanted = {p.pk: p for p in (reporting_period(plan, on), last_due_period(plan, on)) if p}
    blocks = []
    for period in wanted.values():
        owed = duties(period, user, units=[chosen])
        rows = sorted(duty_rows.rows_of(owed, on), key=lambda row: (row.rank, row.task_number))
        summary = duty_rows.summary(period.name, owed, on, period=period.pk, unit=chosen.pk)
        blocks.append((period, summary, rows))
    return blocks
