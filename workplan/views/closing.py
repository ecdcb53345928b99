"""The page on which a year is closed: what is still open, and the button."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.enums import Right
from accounts.scope import require_right

from .. import clock
from ..enums import PlanStatus
from ..errors import Refused
from ..services import closing as service
from ..services.plan import keeps_whole_plan
from ..ui import params
from .common import chosen_plan, plan_choice


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_close(request: HttpRequest) -> HttpResponse:
    """Show what is open in the plan that the address names, and close it when asked."""
    require_right(request.user, Right.USER_MANAGE)
    params.refuse_unknown(request, ["plan"])
    plan = chosen_plan(request, clock.today())
    if plan is None:
        return render(request, "workplan/no_plan.html")
    if not keeps_whole_plan(request.user, plan.bureau):
        raise PermissionDenied(service.NO_RIGHT)
    refused = None
    if request.method == "POST":
        base = request.build_absolute_uri("/").rstrip("/")
        try:
            service.close_plan(
                plan=plan, actor=request.user, confirmed=request.POST.get("confirmed") == "on", base=base
            )
            messages.success(request, f"{plan}已结束，年度汇总报告已发布。")
            return redirect(reverse("workplan:plan") + f"?plan={plan.pk}")
        except Refused as why:
            refused = why.message
    context = {
        "plan": plan,
        "plans": plan_choice(request, plan),
        "closed": plan.status == PlanStatus.CLOSED,
        "outlook": service.outlook(plan),
        "refused": refused,
        "crumbs": [("工作要点", reverse("workplan:plan") + f"?plan={plan.pk}"), ("结束年度", None)],
    }
    return render(request, "workplan/closing.html", context, status=409 if refused else 200)
