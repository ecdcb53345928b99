"""The review queue, and the reviewer's two acts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Right
from accounts.scope import require_right

from .. import clock
from ..errors import Refused, StaleVersion
from ..forms import ReasonsForm, ReturnForm, VersionForm, is_id
from ..models import ProgressReport, SpotCheck
from ..services import reports as service
from ..services.plan import reviews_in, set_return_reasons
from ..services.reviewing import approve_sound
from ..ui import extensions
from ..ui.tables import checked_form, reading_right, render_rows
from .common import chosen_plan
from .report_page import page_of, queue_around
from .report_tables import ReviewFilter, ReviewTable
from .reports import PAGE, refused_act, visible_report

CHANGED = "这份填报在您审阅期间已被退回并重新提交，请重新审阅。"


@login_required
@require_safe
def review(request):
    """Show what waits for the office: requests for more time, spot checks that were begun, and reports, corrections among them."""
    require_right(request.user, Right.REPORT_REVIEW)
    waiting = ProgressReport.objects.awaiting_review_by(request.user).with_context()
    visible = waiting.visible_to(request.user, reading_right(request))
    filterset = ReviewFilter(request.GET or None, queryset=visible, request=request)
    form = checked_form(request, filterset.form)
    rows = filterset.qs if form.is_valid() or not form.is_bound else visible.none()
    return render_rows(
        request,
        rows=rows,
        form=form,
        table_class=ReviewTable,
        template="workplan/review.html",
        extra={
            "extensions": extensions.waiting(request.user, clock.today()),
            "spot_checks": SpotCheck.objects.awaiting_look_by(request.user).select_related("target"),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review_reasons(request):
    """What can be chosen from when a report goes back: of the plan that is worked on, for all its offices."""
    require_right(request.user, Right.REPORT_REVIEW)
    plan = chosen_plan(request, clock.today())
    if plan is None:
        return render(request, "workplan/no_plan.html")
    if not reviews_in(plan, request.user):
        raise PermissionDenied("您不审核这一工作要点的填报。")
    stored = {"return_reasons": plan.return_reasons}
    form = ReasonsForm(request.POST if request.method == "POST" else None, initial=stored)
    if form.is_valid():
        set_return_reasons(plan=plan, actor=request.user, reasons=form.cleaned_data["return_reasons"])
        messages.success(request, "已保存退回常用语。")
        return redirect("workplan:review")
    page = {"plan": plan, "lines": form.lines()}
    return render(request, "workplan/review_reasons.html", page, status=422 if form.is_bound else 200)


@login_required
@require_POST
def report_approve(request, pk: int):
    row = visible_report(request.user, pk, Right.REPORT_REVIEW)
    asked = VersionForm(request.POST)
    if not asked.is_valid():
        raise BadRequest("表单不完整，请重新打开这份填报。")
    return _reviewed(request, row, service.approve_report, "已通过", version=asked.cleaned_data["version"])


@login_required
@require_POST
def report_return(request, pk: int):
    row = visible_report(request.user, pk, Right.REPORT_REVIEW)
    asked = ReturnForm(request.POST)
    if "version" in asked.errors:
        raise BadRequest("表单不完整，请重新打开这份填报。")
    if not asked.is_valid():
        return render(request, PAGE, page_of(row, request.user) | {"reason_form": asked}, status=422)
    return _reviewed(request, row, service.return_report, "已退回", **asked.cleaned_data)


@login_required
@require_POST
def review_sound(request):
    """Approve the reports that were shown without a warning; what has changed since stays in the queue."""
    require_right(request.user, Right.REPORT_REVIEW)
    try:
        done, left = approve_sound(read=_read(request.POST.getlist("report")), actor=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("workplan:review")
    if done:
        messages.success(request, f"已通过 {len(done)} 份。")
    if left:
        messages.warning(request, f"有 {left} 份未通过：审阅期间有变化或有需留意的内容，请逐份审核。")
    return redirect("workplan:review")


def _read(named: list[str]) -> dict[int, int]:
    """Return the version read by report id. Raises BadRequest for what the page does not send."""
    pairs = [one.split(":") for one in named]
    if not pairs or not all(len(pair) == 2 and all(is_id(part) for part in pair) for pair in pairs):
        raise BadRequest("表单不完整，请重新打开审核页面。")
    return {int(pk): int(version) for pk, version in pairs}


def _reviewed(request, row: ProgressReport, act, done: str, **asked):
    """Do the act and open the report that waits next."""
    following = queue_around(row, request.user)["next"]
    try:
        act(report=row, actor=request.user, **asked)
    except StaleVersion:
        page = page_of(visible_report(request.user, row.pk), request.user)
        return render(request, PAGE, page | {"conflict": {"message": CHANGED}}, status=409)
    except Refused as refused:
        return refused_act(request, row, refused)
    messages.success(request, f"{done}：{row}。" + ("" if following else "待审核的填报已全部处理。"))
    return redirect("workplan:report", pk=following) if following else redirect("workplan:review")
