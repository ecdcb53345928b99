"""The leader's overview: one look, then one click per question."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.enums import Right
from accounts.scope import require_right

from ..completeness import duties, last_due_period
from ..models import Section
from ..observe import visible_targets
from ..rules.kinds import Light
from ..rules.lights import SEVERITY
from ..ui import duty_rows, orders, overview, params
from ..ui.marks import light_mark
from .common import chosen_plan, plan_choice
from .plan import carried, target_rows

LOOK_BACK = timedelta(days=30)
QUANTIFIED = 15


@login_required
@require_safe
def leader(request):
    """Show lights by section, targets against pace, who is late or missing, and what has turned red."""
    require_right(request.user, Right.OVERVIEW)
    params.refuse_unknown(request, ["plan", "year", "as_of"])
    on = params.as_of(request)
    plan = chosen_plan(request, on)
    if plan is None:
        return render(request, "workplan/no_plan.html")
    targets = list(visible_targets(request.user, plan, Right.OVERVIEW))
    rows = target_rows(request, targets, on)
    before = {row.pk: row.light for row in target_rows(request, targets, on - LOOK_BACK)}
    query = {"plan": plan.pk, **carried(request)}
    sections = Section.objects.visible_to(request.user, Right.OVERVIEW).filter(plan=plan).order_by("number")
    context = {
        "plan": plan,
        "plans": plan_choice(request, plan),
        "year_gone": overview.year_gone(plan, on),
        "words": overview.in_words(rows),
        "totals": overview.light_counts(rows, **query),
        "lights": [light_mark(light) for light in SEVERITY],
        "matrix": [_matrix_row(request, section, rows, query) for section in sections],
        "quantified": _against_pace(rows),
        "newly_red": [r for r in rows if r.light == Light.RED and before.get(r.pk) != Light.RED],
        "look_back": LOOK_BACK.days,
        "asof_keep": {"plan": plan.pk},
        "supervision": orders.overview_of(request.user, plan, on),
        **_reporting(request, plan, on),
    }
    return render(request, "workplan/leader.html", context)


def _matrix_row(request, section: Section, rows, query: dict) -> dict:
    own = [row for row in rows if row.section_id == section.pk]
    return {
        "section": section,
        "url": reverse("workplan:section", args=[section.pk]) + params.carry(request),
        "total": len(own),
        "all_url": overview.list_url(section=section.pk, **query),
        "counts": overview.light_counts(own, section=section.pk, **query),
    }


def _against_pace(rows) -> list:
    """Return the targets with a measurable gap or progress, the farthest behind first."""
    measured = [row for row in rows if row.bar]
    return sorted(measured, key=lambda row: (-row.gap_key, row.rank, row.sort))[:QUANTIFIED]


def _reporting(request, plan, on) -> dict:
    """Return completeness of the last period due, as it stood on the day."""
    period = last_due_period(plan, on)
    if period is None:
        return {"period": None}
    owed = duties(period, request.user, on=on, right=Right.OVERVIEW)
    by_unit: dict = {}
    for duty in owed:
        by_unit.setdefault(duty.org_unit, []).append(duty)
    found = [
        duty_rows.summary(unit.label, owing, on, period=period.pk, unit=unit.pk, **carried(request))
        for unit, owing in by_unit.items()
    ]
    return {
        "period": period,
        "reporting": duty_rows.summary(period.name, owed, on, period=period.pk, **carried(request)),
        "missing": sorted((s for s in found if s.counts.missing), key=lambda s: -s.counts.missing),
        "late": sorted((s for s in found if s.counts.late), key=lambda s: -s.counts.late),
    }
