"""From a checked notice to a plan: its sections' apps, the look at last year, what is missing, the draft, and its publication."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Right
from accounts.scope import get_visible

from ..enums import PlanStatus
from ..errors import Refused
from ..intake.comparing import compare
from ..intake.errors import BadEdit
from ..models import Intake, Plan, Target
from ..sections import section_choices
from ..services import intake as service
from ..services.former_plan import carried_targets, former_plan, former_tasks, proposed_apps, with_proposals
from ..services.intake_draft import make_draft
from ..services.intake_missing import obstacles
from ..services.intake_parts import Units, proposed_parts
from ..services.plan import publish_plan
from ..ui import intake_comparison, intake_missing, params
from .intake import read_version, visible_intake
from .intake_bench import steps_of

SECTIONS, COMPARE, FINISH = (f"workplan/intake/{name}.html" for name in ("sections", "compare", "finish"))


def _frame(row: Intake, here: str) -> dict:
    """Return what every page of the wizard shows around its content."""
    return {
        "intake": row,
        "steps": steps_of(row, here),
        "crumbs": [("工作要点导入", reverse("workplan:intakes")), (str(row), None)],
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def intake_sections(request: HttpRequest, pk: int) -> HttpResponse:
    """Show which section app each section belongs to, with what is proposed filled in, and store the choice."""
    params.refuse_unknown(request, [])
    row = visible_intake(request.user, pk)
    if request.method != "POST":
        return _sections(request, row)
    chosen = _posted(request, "app-")
    edits = [{"edit": "map_sections", "apps": chosen}]
    return _changed(request, row, edits, partial(_sections, chosen=chosen), "intake_compare", "已保存板块对应。")


def _posted(request, prefix: str) -> dict[str, str]:
    """Return what was chosen for each part; the names of the inputs are the prefix and the part's id."""
    return {
        name.removeprefix(prefix): value.strip()
        for name, value in request.POST.items()
        if name.startswith(prefix) and len(value) <= 200
    }


def _changed(request, row: Intake, edits: list[dict], page, following: str, done: str) -> HttpResponse:
    """Make the corrections of a whole page, all or none; where one is refused show the page again with what was chosen."""
    version = read_version(request)
    try:
        with transaction.atomic():
            for step, edit in enumerate(edits):
                service.correct(intake=row, actor=request.user, version=version + step, edit=edit)
    except (BadEdit, Refused) as error:
        status = 422 if isinstance(error, BadEdit) else 409
        return page(request, visible_intake(request.user, row.pk), conflict=error.message, status=status)
    messages.success(request, done)
    return redirect(f"workplan:{following}", pk=row.pk)


def _sections(request, row: Intake, *, chosen: dict | None = None, conflict: str = "", status: int = 200):
    outline = service.outline_of(row)
    proposed = proposed_apps(row, outline)
    chosen = chosen or {}
    rows = []
    for number, section in enumerate(outline.live_sections, start=1):
        found = proposed.get(section.id)
        app = chosen.get(section.id, section.app or (found.app if found else ""))
        reason = found.reason or "没有可以参照的，请选择" if found else "已确定"
        rows.append({"section": section, "number": number, "app": app, "reason": reason, "open": not section.app})
    taken = [one["app"] for one in rows if one["app"]]
    context = _frame(row, "sections") | {
        "rows": rows,
        "apps": section_choices(),
        "repeated": sorted({dict(section_choices()).get(app, app) for app in taken if taken.count(app) > 1}),
        "lacking": sum(not one["section"].app for one in rows),
        "conflict": conflict,
    }
    return render(request, SECTIONS, context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def intake_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is new, gone or changed against last year's plan, and who is proposed for each task; store other leads."""
    params.refuse_unknown(request, [])
    row = visible_intake(request.user, pk)
    if request.method != "POST":
        return _compare(request, row)
    shown = _posted(request, "was-")
    leads = {task: lead for task, lead in _posted(request, "lead-").items() if lead != shown.get(task, "")}
    taken = _posted(request, "keep-")
    carried = carried_targets(former_plan(row), taken, row.year)
    edits = [{"edit": "set_leads", "leads": leads}] if leads else []
    edits += [{"edit": "carry_targets", "targets": carried}] if carried else []
    if not edits:
        messages.info(request, "没有变化。")
        return redirect("workplan:intake_finish", pk=pk)
    done = f"已修改 {len(leads)} 项任务的牵头单位，沿用上年目标 {len(carried)} 个。"
    page = partial(_compare, chosen=leads, kept=frozenset(taken))
    return _changed(request, row, edits, page, "intake_finish", done)


def _compare(
    request,
    row: Intake,
    *,
    chosen: dict | None = None,
    kept: frozenset[str] = frozenset(),
    conflict: str = "",
    status: int = 200,
):
    outline = service.outline_of(row)
    shown = with_proposals(outline, proposed_apps(row, outline))
    former = former_plan(row)
    comparison = compare(shown, former_tasks(former))
    units = Units(row.bureau)
    parts = proposed_parts(shown, comparison, former, units)
    context = _frame(row, "compare") | {
        "former": former,
        "groups": intake_comparison.groups_of(shown, comparison, parts, chosen or {}, kept),
        "gone": comparison.gone,
        "gone_targets": intake_comparison.gone_targets(comparison),
        "counts": intake_comparison.counts_of(comparison),
        "units": [unit.name for unit in units.all],
        "conflict": conflict,
    }
    return render(request, COMPARE, context, status=status)


@login_required
@require_safe
def intake_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is missing, or the button that makes the draft; afterwards the plan and the way to publish it."""
    params.refuse_unknown(request, [])
    return _finish(request, visible_intake(request.user, pk))


def _finish(request, row: Intake, *, conflict: str = "", status: int = 200) -> HttpResponse:
    outline = service.outline_of(row)
    found = obstacles(row, outline) if row.is_open else []
    plan = row.plan
    context = _frame(row, "finish") | {
        "plan": plan,
        "missing": [intake_missing.line_of(row, outline, obstacle) for obstacle in found],
        "summary": intake_missing.summary(outline),
        "empty": [section.title for section in outline.sections if not section.live_tasks],
        "unallocated": Target.objects.filter(plan=plan, allocations__isnull=True).order_by("sort") if plan else (),
        "is_draft": bool(plan and plan.status == PlanStatus.DRAFT),
        "conflict": conflict,
    }
    return render(request, FINISH, context, status=status)


@login_required
@require_POST
def intake_draft_make(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the draft of the plan. A second press finds it made."""
    params.refuse_unknown(request, [])
    row = visible_intake(request.user, pk)
    try:
        plan = make_draft(intake=row, actor=request.user, version=read_version(request))
    except Refused as refused:
        return _finish(request, visible_intake(request.user, pk), conflict=refused.message, status=409)
    messages.success(request, f"已生成“{plan}”草稿，请核对分工和指标分解后发布。")
    return redirect("workplan:intake_finish", pk=pk)


@login_required
@require_POST
def intake_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the plan that the intake was made."""
    params.refuse_unknown(request, [])
    row = visible_intake(request.user, pk)
    plan = get_visible(Plan.objects.all(), request.user, Right.PLAN_EDIT, pk=row.plan_id or 0)
    try:
        publish_plan(plan=plan, actor=request.user)
    except Refused as refused:
        return _finish(request, row, conflict=refused.message, status=409)
    messages.success(request, f"已发布“{plan}”，各单位现在可以签收任务。")
    return redirect("workplan:intake_finish", pk=pk)
