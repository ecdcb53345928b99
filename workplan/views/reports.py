"""Reports: the list, the page of one report, and the acts of those who write them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.enums import Right
from accounts.models import OrgUnit
from accounts.scope import get_visible

from ..enums import ReportAction, ReportStatus
from ..errors import EntriesInvalid, Refused, StaleVersion
from ..forms import ReasonForm, ReportForms, StartForm
from ..models import Period, ProgressReport, Task
from ..services import reports as service
from ..ui.tables import render_list
from ..workflow import available_actions
from .report_files import store_uploads
from .report_page import forms_of, page_of
from .report_tables import ReportFilter, ReportTable

PAGE = "workplan/report.html"
SAVED = "已保存草稿。"
SUBMITTED = "已提交，等待科室审核。"


@login_required
@require_safe
def reports(request):
    rows = ProgressReport.objects.newest_revisions().with_context()
    return render_list(
        request,
        queryset=rows,
        table_class=ReportTable,
        filterset_class=ReportFilter,
        template="workplan/reports.html",
    )


@login_required
@require_safe
def report(request, pk: int):
    row = visible_report(request.user, pk)
    return render(request, PAGE, page_of(row, request.user))


def visible_report(user, pk: int, right: str = Right.VIEW) -> ProgressReport:
    """Return the report; 404 outside the scope, 403 inside without the right."""
    return get_visible(ProgressReport.objects.with_context(), user, right, pk=pk)


@login_required
@require_POST
def report_start(request):
    asked = StartForm(request.POST)
    if not asked.is_valid():
        raise BadRequest("缺少任务、单位或报告期。")
    try:
        task = get_visible(Task.objects, request.user, pk=asked.cleaned_data["task"])
        unit = get_visible(OrgUnit.objects, request.user, Right.REPORT_WRITE, pk=asked.cleaned_data["org_unit"])
        period = get_visible(Period.objects, request.user, pk=asked.cleaned_data["period"])
    except Http404:
        note_refusal(request, "发起填报时指定了无权查看的任务、单位或报告期。")
        raise
    try:
        row = service.start_report(task=task, org_unit=unit, period=period, actor=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("workplan:reports")
    return redirect("workplan:report", pk=row.pk)


def note_refusal(request, note: str, row: ProgressReport | None = None) -> None:
    """Log an attempt that the address alone does not show; the general note of the refusal is then left out."""
    audit.record(action="access.refused", actor=request.user, row=row, note=note)
    request.refusal_noted = True


@login_required
@require_POST
def report_save(request, pk: int):
    return write(request, pk, service.save_report, SAVED)


@login_required
@require_POST
def report_submit(request, pk: int):
    return write(request, pk, service.hand_in_report, SUBMITTED)


def write(request, pk: int, act, done: str):
    """Store what was typed and the chosen files by `act`, and show the report again.

    Answers 422 with everything typed and the reasons at their fields, 409 where somebody else was faster.
    """
    row = visible_report(request.user, pk, Right.REPORT_WRITE)
    forms = posted_forms(request, row)
    failed = store_uploads(request, row)
    if failed and act is service.hand_in_report:
        act, done = service.save_report, "已保存草稿，但有文件未能上传，因此尚未提交。"
    if not forms.is_valid():
        return _page(request, row, forms, status=422)
    try:
        act(report=row, actor=request.user, version=forms.version, typed=typed_of(forms))
    except EntriesInvalid as invalid:
        return _invalid(request, row, forms, invalid)
    except Refused as refused:
        return _refused(request, row, refused)
    messages.success(request, done)
    return redirect("workplan:report", pk=pk)


def posted_forms(request, row: ProgressReport) -> ReportForms:
    """Read the report's inputs. Fields of another report end in 404 and in the log, a broken version in 400."""
    forms = forms_of(row, request.POST)
    if forms.foreign_names():
        note_refusal(request, "提交了不属于这份填报的填报项。", row)
        request.refusal_noted = True
        raise Http404
    if "version" in forms.texts.errors:
        raise BadRequest("表单不完整，请重新打开这份填报。")
    return forms


def typed_of(forms: ReportForms) -> service.ReportInput:
    return service.ReportInput(texts=forms.texts.texts(), entries=forms.typed_entries())


def _page(request, row: ProgressReport, forms: ReportForms, *, status: int, **more):
    return render(request, PAGE, page_of(row, request.user, forms) | more, status=status)


def _invalid(request, row: ProgressReport, forms: ReportForms, invalid: EntriesInvalid):
    """Show the problems at their fields, on the report as it is stored by now."""
    fresh = visible_report(request.user, row.pk)
    forms = forms_of(fresh, _with_version(request, fresh)) if fresh.version != row.version else forms
    forms.is_valid()
    forms.show(invalid.problems)
    return _page(request, fresh, forms, status=422, saved=fresh.version != row.version)


def _refused(request, row: ProgressReport, refused: Refused):
    """Tell why nothing was written, with the typed text beside the stored one; a mere second click gets a kind word."""
    if refused.code == "forbidden":
        raise PermissionDenied(refused.message)
    fresh = visible_report(request.user, row.pk)
    forms = forms_of(fresh, _with_version(request, fresh))
    forms.is_valid()
    differences = forms.differences()
    if fresh.status == ReportStatus.SUBMITTED and not differences:
        messages.info(request, "这份填报已经提交，无需重复提交。")
        return redirect("workplan:report", pk=fresh.pk)
    if isinstance(refused, StaleVersion) and not differences:
        messages.info(request, "内容与已保存的一致，无需重复保存。")
        return redirect("workplan:report", pk=fresh.pk)
    stale = isinstance(refused, StaleVersion) and ReportAction.SAVE in available_actions(fresh, request.user)
    conflict = {"message": refused.message, "differences": differences, "stale": stale}
    return _page(request, fresh, forms if stale else forms_of(fresh), status=409, conflict=conflict)


def _with_version(request, row: ProgressReport):
    data = request.POST.copy()
    data["version"] = str(row.version)
    return data


@login_required
@require_POST
def report_discard(request, pk: int):
    row = visible_report(request.user, pk, Right.REPORT_WRITE)
    try:
        service.discard_report(report=row, actor=request.user)
    except Refused as refused:
        return refused_act(request, row, refused)
    messages.success(request, "草稿已撤销。")
    return redirect("workplan:reports")


@login_required
@require_POST
def report_correct(request, pk: int):
    row = visible_report(request.user, pk, Right.REPORT_WRITE)
    asked = ReasonForm(request.POST)
    if not asked.is_valid():
        return render(request, PAGE, page_of(row, request.user) | {"reason_form": asked}, status=422)
    try:
        draft = service.correct_report(report=row, actor=request.user, reason=asked.cleaned_data["reason"])
    except Refused as refused:
        return refused_act(request, row, refused)
    messages.success(request, "已生成更正稿，修改后请提交审核；审核通过前，原数值继续有效。")
    return redirect("workplan:report", pk=draft.pk)


def refused_act(request, row: ProgressReport, refused: Refused):
    """Tell on the report's page why the act was refused; what the user has no right to do at all is 403."""
    if refused.code == "forbidden":
        raise PermissionDenied(refused.message)
    messages.error(request, refused.message)
    return redirect("workplan:report", pk=row.pk)
