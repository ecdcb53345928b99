"""Completeness: who owes what in a period, and who has handed it in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Right
from accounts.models import OrgUnit
from accounts.scope import get_visible, require_right

from .. import clock, completeness
from ..completeness import Duty
from ..errors import Refused
from ..forms import UrgeForm
from ..models import Period, Plan, Urge
from ..observe import of_readable_plans
from ..services import urging
from ..ui import duty_rows, params
from ..ui.lists import ANY, DutyFilter, DutyTable
from ..ui.overview import with_query
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
        "may_urge": request.user.may(Right.SUPERVISE),
        "urging": _urging(request, period, form, owed) if on == clock.today() else None,
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


def _urging(request, period: Period, form: DutyFilter, owed: list[Duty]) -> dict | None:
    """Return who can be urged here and has been: for the one unit that the list is narrowed to, while the period is open."""
    unit_id = form.cleaned_data["unit"] if form.is_valid() else None
    if unit_id is None or period.closes < clock.today():
        return None
    unit = next(duty.org_unit for duty in owed if duty.org_unit.pk == unit_id)
    urges = Urge.objects.visible_to(request.user).filter(period=period, org_unit=unit).select_related("urged_by")
    apps = request.user.scope.apps_over(unit.path, Right.SUPERVISE)
    missing = [d for d in owed if d.org_unit.pk == unit_id and not d.handed_in]
    mine = [d for d in missing if apps is None or d.task.section.app in apps]
    return {"unit": unit, "missing": len(mine), "urges": _by_act(urges)}


def _by_act(urges) -> list[str]:
    """Return one line for each time that somebody urged, whatever the number of sections."""
    acts: dict[tuple, int] = {}
    for one in urges:
        acts[one.day, str(one.urged_by)] = acts.get((one.day, str(one.urged_by)), 0) + one.missing
    return [f"{day:%m-%d} {who} 催办，当时未报 {missing} 份" for (day, who), missing in acts.items()]


@login_required
@require_POST
def urge(request):
    """Urge a unit to hand in what it owes for a period."""
    require_right(request.user, Right.SUPERVISE)
    form = UrgeForm(request.POST)
    if not form.is_valid():
        raise params.BadParameter("period", "催办", "请从填报情况页面催办。")
    asked = form.cleaned_data
    periods = of_readable_plans(Period.objects.select_related("plan__bureau"), request.user)
    period = get_visible(periods, request.user, pk=asked["period"])
    unit = get_visible(OrgUnit.objects, request.user, pk=asked["unit"])
    try:
        urges = urging.urge(period=period, org_unit=unit, actor=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"已催办{unit.label}：{period}还有 {sum(one.missing for one in urges)} 份未报。")
    return redirect(with_query(reverse("workplan:duties"), {"period": period.pk, "unit": unit.pk}))
