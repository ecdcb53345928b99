"""The burden meter (减负): how much each township is asked to fill in, and what nobody has ever filled in."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import burden as meter
from .. import clock
from ..ui import adhoc, params
from ..ui import burden as ui
from ..ui.burden import BurdenFilter, BurdenTable
from ..ui.tables import checked_form, reading_right, render_rows
from .common import chosen_plan, plan_choice

CHOOSING = ("plan", "year")


@login_required
@require_safe
def burden(request: HttpRequest) -> HttpResponse:
    """Show the fields asked by township and period, their course, and those that nobody fills in."""
    if not any(request.user.may(right) for right in meter.BUREAU_RIGHTS):
        raise PermissionDenied("这一页供局机关使用。")
    params.day(request, "as_of", "截至日期")
    params.refuse_past(request)
    plan = chosen_plan(request, clock.today())
    if plan is None:
        return render(request, "workplan/no_plan.html")
    found = meter.burden(request.user, plan, clock.today(), reading_right(request))
    form = checked_form(request, BurdenFilter(request.GET, found))
    extra = {
        "plan": plan,
        "plans": plan_choice(request, plan),
        "list_keep": {"plan": plan.pk},
        "list_clear": f"{request.path}?plan={plan.pk}",
        "tiles": ui.tiles(found),
        "periods": ui.period_lines(found, clock.today()),
        "trend": ui.trend(found, clock.today()),
        "unfilled": ui.unfilled_lines(found),
        "adhoc": adhoc.approved_lines(request.user, plan, clock.today()),
    }
    return render_rows(
        request,
        rows=lambda: [row for row in ui.rows_of(found) if form.passes(row)],
        form=form,
        table_class=BurdenTable,
        template="workplan/burden.html",
        extra=extra,
        also=CHOOSING,
    )
