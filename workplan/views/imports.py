"""Imports into a register: template, upload, progress, preview, confirmation, the file back with its errors, undo."""

from tempfile import TemporaryFile

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit, sheets
from accounts.enums import Right

from ..enums import BatchState
from ..errors import Refused
from ..imports import services as service
from ..imports.files import template_of
from ..models import ImportBatch, Record
from ..registers.registry import find_register, opens, register_or_404
from ..sections import section_name
from ..ui import params
from ..ui.xlsx import CONTENT_TYPE
from .registers import list_url

SHOWN = 50  # problems on the page; the file itself comes back with all of them
RECENT = 10
BUSY = (BatchState.WAITING, BatchState.QUEUED)


class UploadForm(forms.Form):
    """The file to import."""

    file = forms.FileField(
        label="文件",
        allow_empty_file=True,
        error_messages={"required": "请先选择文件。", "invalid": "请先选择文件。", "max_length": "文件名过长。"},
        widget=forms.FileInput(
            attrs={"class": "form-control", "accept": ".xlsx,.csv", "aria-describedby": "file-hint"}
        ),
    )

    def clean_file(self):
        """Refuse what is too large before it is stored; all else is said by the check."""
        file = self.cleaned_data["file"]
        if not file.size:
            raise forms.ValidationError("文件是空的。")
        if file.size > sheets.STANDARD.file_bytes:
            raise forms.ValidationError(f"文件超过 {sheets.STANDARD.file_bytes // sheets.MB} MB，请分成几个文件。")
        return file


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request, app: str, name: str):
    """Offer the template and take a file."""
    model = register_or_404(request.user, app, name, Right.RECORD_WRITE)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        batch = service.start_import(model=model, actor=request.user, name=file.name, content=file.read())
        return redirect("workplan:import", uid=batch.uid)
    recent = ImportBatch.objects.filter(created_by=request.user, app=app, model=name)[:RECENT]
    context = {**_frame(model), "form": form, "recent": recent}
    return render(request, "workplan/registers/import_new.html", context, status=422 if form.is_bound else 200)


def _frame(model: type[Record]) -> dict:
    title = str(model._meta.verbose_name)
    return {
        "title": title,
        "section": section_name(model._meta.app_label),
        "names": {"app": model._meta.app_label, "name": model._meta.model_name},
        "crumbs": [("台账", reverse("workplan:registers")), (title, list_url(model)), ("导入", None)],
    }


@login_required
@require_safe
def import_template(request, app: str, name: str):
    """Hand out a workbook to fill in."""
    model = register_or_404(request.user, app, name, Right.RECORD_WRITE)
    response = HttpResponse(template_of(model, request.user), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{model._meta.verbose_name}导入模板.xlsx")
    return response


def own_batch(user, uid) -> tuple[ImportBatch, type[Record]]:
    """Return the user's own import and its register. Others' files do not exist, nor do registers closed since."""
    batch = ImportBatch.objects.filter(uid=uid, created_by=user).first()
    model = find_register(batch.app, batch.model) if batch else None
    if model is None or not opens(user, model, Right.RECORD_WRITE):
        raise Http404("没有找到这次导入，或您无权查看。")
    return batch, model


@login_required
@require_safe
def import_page(request, uid):
    """Show how the import stands; while it runs the page asks again by itself."""
    params.refuse_unknown(request, [])
    batch, model = own_batch(request.user, uid)
    return _answer(request, batch, model)


def _answer(request, batch: ImportBatch, model, *, refused: str = ""):
    done, total = service.progress(batch)
    problems = batch.result.get("problems", [])
    context = {
        **_frame(model),
        "batch": batch,
        "busy": batch.state in BUSY,
        "job": service.job_of(batch) if batch.state in BUSY else None,
        "checked": batch.state == BatchState.CHECKED,
        "failed": batch.state == BatchState.FAILED,
        "done": batch.state == BatchState.DONE,
        "undone": batch.state == BatchState.UNDONE,
        "counts": _counts(batch),
        "importable": batch.result.get("new", 0) + batch.result.get("changed", 0),
        "progress": {"done": done, "total": total, "percent": 100 * done // total if total else 0},
        "problems": problems[:SHOWN],
        "more": max(len(problems) - SHOWN, 0),
        "list_url": list_url(model),
        "refused": refused,
    }
    template = "workplan/registers/_import.html" if request.htmx else "workplan/registers/import.html"
    response = render(request, template, context, status=409 if refused else 200)
    patch_vary_headers(response, ["HX-Request"])  # else "back" shows the part that was asked for last, without its page
    return response


def _counts(batch: ImportBatch) -> list[tuple[str, int]]:
    words = {"new": "新增", "changed": "修改", "same": "没有变化", "wrong": "有错误"}
    return [(word, batch.result[name]) for name, word in words.items() if name in batch.result]


@login_required
@require_POST
def import_confirm(request, uid):
    """Have the file taken in, as a whole or without its wrong rows."""
    batch, model = own_batch(request.user, uid)
    try:
        service.confirm_import(batch=batch, actor=request.user, good_only="good_only" in request.POST)
    except Refused as refused:
        return _answer(request, batch, model, refused=refused.message)
    return redirect("workplan:import", uid=uid)


@login_required
@require_POST
def import_undo(request, uid):
    batch, model = own_batch(request.user, uid)
    try:
        service.undo_import(batch=batch, actor=request.user)
    except Refused as refused:
        return _answer(request, batch, model, refused=refused.message)
    messages.success(request, "已撤销这次导入。")
    return redirect("workplan:import", uid=uid)


@login_required
@require_safe
def import_errors(request, uid):
    """Hand the user's own file back with a column that says what is wrong; it can be mended and uploaded again."""
    params.refuse_unknown(request, [])
    batch, _ = own_batch(request.user, uid)
    try:
        table, problems = service.file_with_problems(batch)
    except (FileNotFoundError, sheets.UnreadableFile):
        raise Http404("这个文件已不能读取，请重新上传。") from None
    stream = TemporaryFile()  # noqa: SIM115  (the response closes it)
    sheets.annotate(stream, table, problems)
    stream.seek(0)
    audit.record(action="data.export", actor=request.user, row=batch, after={"list": "导入错误", "rows": len(problems)})
    response = FileResponse(stream, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"错误说明-{batch.name.rpartition('.')[0]}.xlsx")
    response["Cache-Control"] = "private, no-store"
    return response
