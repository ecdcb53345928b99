"""The bench on which a task is assigned to units."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.enums import Right
from accounts.scope import get_visible

from ..assignment_forms import AssignForm, all_townships_report, told
from ..enums import PlanStatus
from ..errors import Refused
from ..models import Task
from ..services.assigning import assign_units
from .common import bearing_units

PAGE = "workplan/assigning.html"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assigning(request, pk: int):
    """Show who has which part in the task; fill the form in as asked, or store it."""
    rows = Task.objects.select_related("plan__bureau", "section")
    task = get_visible(rows, request.user, Right.PLAN_EDIT, pk=pk)
    parts = {part.org_unit_id: part for part in task.assignments.select_related("org_unit")}
    bearers = [part.org_unit for part in parts.values()]
    kept = {"units": bearing_units(request.user, task.plan.bureau, bearers), "parts": parts}
    if request.method != "POST":
        return _shown(request, task, AssignForm(**kept))
    if "fill" in request.POST:
        return _shown(request, task, AssignForm(all_townships_report(request.POST, kept["units"]), **kept), filled=True)
    form = AssignForm(request.POST, **kept)
    return _stored(request, task, form) if form.is_valid() else _shown(request, task, form, status=422)


def _shown(request, task: Task, form: AssignForm, *, status: int = 200, **more):
    page = {
        "task": task,
        "form": form,
        "rows": form.rows(),
        "seen": form["seen"].value(),
        "published": task.plan.status != PlanStatus.DRAFT,
        "targets": task.targets.order_by("sort"),
    }
    return render(request, PAGE, page | more, status=status)


def _stored(request, task: Task, form: AssignForm):
    try:
        changed = assign_units(
            task=task,
            roles=form.roles(),
            withdrawn=form.withdrawn(),
            actor=request.user,
            reason=form.cleaned_data["reason"],
            seen=form.before(),
        )
    except Refused as refused:
        form.add_error("reason" if refused.code == "reason_required" else None, refused.message)
        if refused.code == "stale":  # who saves again has seen what is stored by now
            return _shown(request, task, form, status=409, seen=told(form.parts.values()))
        return _shown(request, task, form, status=422)
    messages.success(request, f"已保存责任分工，调整了 {changed} 个单位。" if changed else "责任分工没有变化。")
    return redirect("workplan:task", pk=task.pk)
