"""A unit's year (我的年度): what was asked of it, what was handed in, what is still ahead."""

import re
from datetime import date

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import OrgUnit
from accounts.scope import get_visible

from .. import clock
from ..burden import NONE, loads_of_unit
from ..completeness import times_sent_back
from ..deadlines import deadlines, year_of
from ..models import Allocation, Period, Plan
from ..observe import readable_plans
from ..ui import duty_rows, params
from ..ui import format as fmt
from ..ui import year as ui
from ..ui.lists import ANY, YearDutyFilter, YearDutyTable
from ..ui.overview import with_query
from ..ui.tables import checked_form, reading_right, render_rows
from .common import chosen_plan

CHOOSING = ("plan", "year", "unit")
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


@login_required
@require_safe
def year(request: HttpRequest) -> HttpResponse:
    """Show the year of the unit that the address names, else of the user's own."""
    params.refuse_unknown(request, [*CHOOSING, "month"])
    plan, unit = _asked(request)
    units = list(_units(request.user))
    if plan is None or unit is None:
        return render(request, "workplan/year.html", {"plan": plan, "units": units})
    on, query = clock.today(), {"plan": plan.pk, "unit": unit.pk}
    owed = year_of(request.user, plan, unit)
    found = deadlines(request.user, plan, unit, on, owed)
    context = {
        "plan": plan,
        "unit": unit,
        "units": units,
        "plans": _plan_choice(request, plan, unit),
        "heads": ui.HEADS,
        "rows": ui.period_rows(owed, times_sent_back(plan, unit), on, **query),
        "ahead": ui.ahead(found, on),
        "ahead_count": sum(one.is_open for one in found),
        "month": ui.month_of(plan, _month(request, plan, on), found, on, request.path, query),
        "weekdays": ui.WEEKDAYS,
        "burden": _burden(request.user, plan, unit, on),
    }
    return render(request, "workplan/year.html", context)


@login_required
@require_safe
def year_duties(request: HttpRequest) -> HttpResponse:
    """List what a unit owes in all periods of the year: the list behind the counts of its page."""
    params.refuse_past(request)
    plan, unit = _asked(request)
    if plan is None or unit is None:
        return render(request, "workplan/year.html", {"plan": plan, "units": []})
    form = checked_form(request, _filter(request, plan))
    query = {"plan": plan.pk, "unit": unit.pk}

    def rows() -> list[duty_rows.DutyRow]:
        owed = year_of(request.user, plan, unit, reading_right(request))
        found = duty_rows.rows_of(owed, clock.today(), times_sent_back(plan, unit))
        return [row for row in found if _passes(row, form.cleaned_data)]

    back = with_query(reverse("workplan:year"), query)
    extra = {
        "unit": unit,
        "plan": plan,
        "list_keep": query,
        "list_clear": with_query(request.path, query),
        "crumbs": [(f"{unit.label}的年度", back), ("填报任务", None)],
    }
    return render_rows(
        request,
        rows=rows,
        form=form,
        table_class=YearDutyTable,
        template="workplan/year_duties.html",
        extra=extra,
        also=CHOOSING,
    )


def _burden(user, plan: Plan, unit: OrgUnit, on: date) -> dict | None:
    """Return how much of the sheet the unit fills in by itself in the period that is being reported, and in the year."""
    periods = list(Period.objects.filter(plan=plan).order_by("start"))
    loads = loads_of_unit(user, plan, unit, periods)
    begun = [period for period in periods if period.start <= on and period.pk in loads]
    if not begun:
        return None
    now = loads[begun[-1].pk]
    return {
        "period": begun[-1],
        "now": now,
        "share": fmt.ratio(now.prefilled, now.all),
        "year": sum(loads.values(), NONE),
    }


def _asked(request: HttpRequest) -> tuple[Plan | None, OrgUnit | None]:
    plan, pk = chosen_plan(request, clock.today()), params.whole(request, "unit", "单位")
    if pk:
        return plan, get_visible(OrgUnit.objects, request.user, pk=pk)
    units, home = list(_units(request.user)), {unit.pk for unit in request.user.home_units}
    return plan, next((unit for unit in units if unit.pk in home), units[0] if units else None)


def _units(user):
    """Return the units whose year the user may open: those of his scope that have something to report, and his own."""
    units = OrgUnit.objects.visible_to(user).valid_on(clock.today())
    wanted = Q(pk__in=Allocation.objects.values("org_unit")) | Q(pk__in=[unit.pk for unit in user.home_units])
    return units.filter(wanted).order_by("sort", "code")


def _plan_choice(request: HttpRequest, plan: Plan, unit: OrgUnit) -> list[tuple[str, str, bool]]:
    plans = list(readable_plans(request.user))
    links = [(str(one), with_query(request.path, {"plan": one.pk, "unit": unit.pk}), one == plan) for one in plans]
    return links if len(links) > 1 else []


def _month(request: HttpRequest, plan: Plan, on: date) -> date:
    """Return the first day of the month asked for, by default of this one; always one of the plan's year."""
    value = params.text(request, "month", "月份", limit=7)
    found = MONTH.fullmatch(value)
    if value and (found is None or int(found[1]) != plan.year):
        raise params.BadParameter("month", "月份", f"月份应为 {plan.year}-01 至 {plan.year}-12。")
    number = int(found[2]) if found else on.month if on.year == plan.year else 1
    return date(plan.year, number, 1)


def _filter(request: HttpRequest, plan: Plan) -> YearDutyFilter:
    form = YearDutyFilter(request.GET)
    periods = Period.objects.filter(plan=plan).order_by("start")
    form.fields["period"].choices = ANY + ui.period_choices(periods)
    return form


def _passes(row: duty_rows.DutyRow, asked: dict) -> bool:
    states = row.states | ({ui.SENT_BACK} if row.sent_back else set())
    return (not asked["status"] or asked["status"] in states) and asked["period"] in (None, row.period_id)
