"""The page on which the next year's draft is made: what would be copied, what not and why, and the button."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.enums import Right
from accounts.scope import require_right

from .. import clock
from ..errors import Refused
from ..forms import is_id
from ..services import rollover as service
from ..services.plan import keeps_whole_plan
from ..ui import params
from .common import chosen_plan, plan_choice


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_next(request: HttpRequest) -> HttpResponse:
    """Show what the draft of the year after the plan that the address names would hold, and make it when asked."""
    require_right(request.user, Right.USER_MANAGE)
    params.refuse_unknown(request, ["plan"])
    plan = chosen_plan(request, clock.today())
    if plan is None:
        return render(request, "workplan/no_plan.html")
    if not keeps_whole_plan(request.user, plan.bureau):
        raise PermissionDenied(service.NO_RIGHT)
    chosen, refused = None, None
    if request.method == "POST":
        chosen = _chosen(request)
        try:
            new = service.start_next_year(plan=plan, actor=request.user, tasks=chosen)
            messages.success(request, f"已生成{new.year}年草稿，分工和分解均待确认，发布前请按新的通知修改。")
            return redirect(_plan_url(new))
        except Refused as why:
            refused = why
    outline = service.outline(plan)
    there = service.next_plan(plan)
    sections: dict = {}
    for task, targets in outline.tasks:
        sections.setdefault(task.section, []).append((task, targets, chosen is None or task.pk in chosen))
    context = {
        "plan": plan,
        "plans": plan_choice(request, plan),
        "year": plan.year + 1,
        "sections": list(sections.items()),
        "words": outline.words,
        "there": there,
        "there_url": _plan_url(there) if there else "",
        "refused": refused.message if refused else "",
        "crumbs": [("工作要点", _plan_url(plan)), ("生成下一年度草稿", None)],
    }
    status = (409 if refused.code == "exists" else 422) if refused else 200
    return render(request, "workplan/rollover.html", context, status=status)


def _chosen(request: HttpRequest) -> set[int]:
    ticked = request.POST.getlist("tasks")
    if not all(is_id(one) for one in ticked):
        raise BadRequest("表单不完整，请重新打开这个页面。")
    return {int(one) for one in ticked}


def _plan_url(plan) -> str:
    return reverse("workplan:plan") + f"?plan={plan.pk}"
