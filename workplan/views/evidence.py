"""Evidence: handed out through the scope only, added and removed from the report's page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.enums import Right
from accounts.scope import get_visible

from ..errors import Refused
from ..models import Evidence
from ..preview import WORDED, pages
from ..preview.words import words_of
from ..services import reports as service
from ..services.evidence import remove_evidence
from ..ui.downloads import content_of, shown_file, shown_picture, stored_file
from .report_files import store_uploads
from .reports import SAVED, refused_act, visible_report, write


@login_required
@require_safe
def evidence(request, pk: int):
    """Send the file as a download under its user's name, never to be opened inside the portal's own pages."""
    row = get_visible(Evidence.objects.kept().select_related("report__task__section"), request.user, pk=pk)
    response = stored_file(row)
    audit.record(action="evidence.download", actor=request.user, row=row, after={"sha256": row.sha256})
    return response


@login_required
@require_safe
def evidence_view(request, pk: int):
    """Send the file to be looked at, where the browser shows it by itself: pictures stand on the page of the report."""
    row = get_visible(Evidence.objects.kept().select_related("report__task__section"), request.user, pk=pk)
    response = shown_file(row)
    audit.record(action="evidence.view", actor=request.user, row=row, after={"sha256": row.sha256})
    return response


@login_required
@require_safe
def evidence_pages(request, pk: int):
    """Show the pages of a PDF as pictures, the words of other documents: within the page of the report, or by themselves."""
    row = _previewed(request, pk)
    try:
        page = _pages(row) if row.is_paged else _words(request, row)
    except Refused as refused:
        page = {"problem": refused.message}
    part = f"workplan/reports/_{'pages' if row.is_paged else 'words'}.html"
    return render(request, part if request.htmx else "workplan/reports/pages.html", {"file": row, "part": part} | page)


def _pages(row: Evidence) -> dict:
    count = pages.page_count(content_of(row))
    return {"count": count, "numbers": range(1, min(count, pages.SHOWN) + 1), "most": pages.SHOWN}


def _words(request, row: Evidence) -> dict:
    found = words_of(content_of(row), WORDED[row.content_type])
    audit.record(action="evidence.view", actor=request.user, row=row, after={"sha256": row.sha256})
    return {"table": None} | found


@login_required
@require_safe
def evidence_page(request, pk: int, number: int):
    """Send one page of a PDF as a picture."""
    row = _previewed(request, pk)
    if not row.is_paged or not 1 <= number <= pages.SHOWN:
        raise Http404("这一页不能预览，请下载后打开。")
    try:
        picture = pages.page_picture(content_of(row), number)
    except Refused as refused:
        raise Http404(refused.message) from None
    audit.record(
        action="evidence.view", actor=request.user, row=row, after={"sha256": row.sha256}, note=f"第 {number} 页"
    )
    return shown_picture(picture, content_type=pages.PICTURE_TYPE)


def _previewed(request, pk: int) -> Evidence:
    row = get_visible(Evidence.objects.kept().select_related("report__task__section"), request.user, pk=pk)
    if not row.has_preview:
        raise Http404("这种文件不能预览，请下载后打开。")
    return row


@login_required
@require_POST
def evidence_add(request, pk: int):
    """Store the chosen files; where the button stood in the report form, what was typed is saved with them."""
    if not request.FILES:
        messages.warning(request, "请先选择要上传的文件。")
    if "version" in request.POST:
        return write(request, pk, service.save_report, SAVED)
    row = visible_report(request.user, pk, Right.REPORT_WRITE)
    if request.FILES and not store_uploads(request, row):
        messages.success(request, "文件已上传。")
    return redirect("workplan:report", pk=pk)


@login_required
@require_POST
def evidence_remove(request, pk: int):
    """Take a file off its report; what was typed is saved with it."""
    row = get_visible(Evidence.objects.kept().select_related("report"), request.user, pk=pk)
    report = visible_report(request.user, row.report_id, Right.REPORT_WRITE)
    try:
        remove_evidence(evidence=row, actor=request.user)
    except Refused as refused:
        return refused_act(request, report, refused)
    messages.success(request, f"已移除“{row.name}”。")
    if "version" in request.POST:
        return write(request, report.pk, service.save_report, SAVED)
    if "period" in request.POST:  # from the monthly sheet
        query = urlencode({"unit": report.org_unit_id, "period": report.period_id})
        return redirect(f"{reverse('workplan:sheet')}?{query}#task-{report.task_id}")
    return redirect("workplan:report", pk=report.pk)
