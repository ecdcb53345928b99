"""Completeness: who owes what in a period, and who has handed it in."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import completeness
from ..completeness import Duty
from ..models import Period, Plan
from ..observe import of_readable_plans
from ..ui import duty_rows, params
from ..ui.lists import ANY, DutyFilter, DutyTable
from ..ui.tables import checked_form, keyed_choices, reading_right, render_rows
from .common import chosen_plan

CHOOSING = ("plan", "year")


@login_required
@require_safe
def duties(request):
    """List the duties of a period with their state, and count them by unit and by section."""
    on = params.as_of(request)
    period, plan = _period(request, on)
    if period is None:
        return render(request, "workplan/no_plan.html")
    owed = completeness.duties(period, request.user, right=reading_right(request))
    form = checked_form(request, _filter(request, plan, period, owed, on))
    rows = duty_rows.rows_of(owed, on)
    if form.is_valid():
        rows = [row for row in rows if _passes(row, form.cleaned_data)]
    query = {"period": period.pk}
    extra = {
        "period": period,
        "plan": plan,
        "total": duty_rows.summary(period.name, owed, on, **query),
        "by_unit": _grouped(owed, on, query, "unit", lambda d: (d.org_unit.sort, d.org_unit.pk, d.org_unit.label)),
        "by_section": _grouped(
            owed, on, query, "section", lambda d: (d.task.section.number, d.task.section_id, str(d.task.section))
        ),
    }
    return render_rows(
        request,
        rows=rows,
        form=form,
        table_class=DutyTable,
        template="workplan/duties.html",
        extra=extra,
        also=CHOOSING,
    )


def _period(request, on) -> tuple[Period | None, Plan | None]:
    """Return the period asked for, else the one being reported; with its plan.

    An id that no readable plan has is left to the filter form, which refuses it at its control.
    """
    asked = params.whole(request, "period", "报告期")
    periods = of_readable_plans(Period.objects.all(), request.user)
    found = periods.filter(pk=asked).select_related("plan__bureau").first() if asked else None
    if found is not None:
        return found, found.plan
    plan = chosen_plan(request, on)
    return (completeness.reporting_period(plan, on), plan) if plan else (None, None)


def _filter(request, plan: Plan, period: Period, owed: list[Duty], on) -> DutyFilter:
    """Return the form; its choices are what the period's visible duties have."""
    form = DutyFilter({**request.GET.dict(), "period": request.GET.get("period") or str(period.pk)})
    begun = Period.objects.filter(plan=plan).begun(on).order_by("-start")
    form.fields["period"].choices = keyed_choices((p.pk, p.name) for p in begun)
    sections = {d.task.section_id: d.task.section for d in owed}
    units = {d.org_unit.pk: d.org_unit for d in owed}
    form.fields["section"].choices = ANY + keyed_choices(
        (s.pk, str(s)) for s in sorted(sections.values(), key=lambda s: s.number)
    )
    form.fields["unit"].choices = ANY + keyed_choices(
        (u.pk, u.label) for u in sorted(units.values(), key=lambda u: (u.sort, u.code))
    )
    return form


def _passes(row, asked: dict) -> bool:
    return (
        (not asked["status"] or asked["status"] in row.states)
        and asked["section"] in (None, row.section_id)
        and asked["unit"] in (None, row.unit_id)
    )


def _grouped(owed: list[Duty], on, query: dict, name: str, key) -> list[duty_rows.Summary]:
    """Return a summary for each group; `key` gives place, id and label of a duty's group."""
    groups: dict[tuple, list[Duty]] = {}
    for duty in owed:
        groups.setdefault(key(duty), []).append(duty)
    return [
        duty_rows.summary(label, groups[place, pk, label], on, **query, **{name: pk})
        for place, pk, label in sorted(groups)
    ]
