"""The monthly sheet as an Excel file: download, upload, differences, confirmation, the file back with what is wrong.

Nothing is stored between upload and confirmation: what was read travels in the page, signed for the user who uploaded it.
"""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.enums import Right
from accounts.models import OrgUnit
from accounts.scope import require_right
from accounts.sheets import MB, UnreadableFile

from ..errors import Refused
from ..models import Period
from ..sheet_file.comparing import Comparison, compare, write
from ..sheet_file.differences import Difference, Fate
from ..sheet_file.export import workbook_of
from ..sheet_file.marking import marked
from ..sheet_file.reading import LIMITS, Upload, pack, read_upload, unpack
from ..sheet_forms import STRANGE
from ..ui import marks, xlsx
from ..ui.marks import Mark
from .sheet import asked_sheet, chosen_sheet, sheet_url
from .sheet_page import read_sheet

UPLOAD, PREVIEW = "workplan/sheet/upload.html", "workplan/sheet/preview.html"
NAMED = 5  # cells named in the sentence after writing
MARKS = {
    Fate.CHANGE: Mark("change", Fate.CHANGE.label, "green", marks.CIRCLE),
    Fate.CONFLICT: Mark("conflict", Fate.CONFLICT.label, "yellow", marks.TRIANGLE),
    Fate.WRONG: Mark("wrong", Fate.WRONG.label, "red", marks.SQUARE),
    Fate.CLOSED: Mark("closed", Fate.CLOSED.label, "grey", marks.DASH),
}


class SheetUploadForm(forms.Form):
    """The filled-in file."""

    file = forms.FileField(
        label="填好的 Excel 文件",
        allow_empty_file=True,
        error_messages={"required": "请先选择文件。", "invalid": "请先选择文件。", "max_length": "文件名过长。"},
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".xlsx", "aria-describedby": "file-hint"}),
    )

    def clean_file(self):
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > LIMITS.file_bytes:
            raise forms.ValidationError(f"文件超过 {LIMITS.file_bytes // MB} MB，不是本页下载的填报表。")
        return file


@login_required
@require_safe
def sheet_file(request: HttpRequest) -> HttpResponse:
    """Hand the sheet out as an Excel file with what is stored."""
    unit, period = _known(*chosen_sheet(request))
    sheet = read_sheet(request.user, unit, period)
    name = f"{unit.name}{period}填报表"
    audit.record(
        action="data.export", actor=request.user, row=unit, after={"list": name, "rows": len(sheet.rows)}, note=name
    )
    return xlsx.attachment(workbook_of(sheet, request.user), f"{name}.xlsx")


def _known(unit: OrgUnit | None, period: Period | None) -> tuple[OrgUnit, Period]:
    if unit is None or period is None:
        raise Http404("现在没有可以填报的报告期。")
    return unit, period


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_upload(request: HttpRequest) -> HttpResponse:
    """Take a filled-in file and show cell by cell what it would change. Nothing is written."""
    if request.method != "POST":
        return _ask(request, *_known(*chosen_sheet(request)), SheetUploadForm())
    unit, period = _posted(request)
    form = SheetUploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _ask(request, unit, period, form)
    file = form.cleaned_data["file"]
    try:
        upload = read_upload(file.name, file.read())
        comparison = compare(upload, user=request.user, unit=unit, period=period)
        return _preview(request, upload, comparison)
    except (UnreadableFile, Refused) as refused:
        form.add_error("file", str(refused))
        return _ask(request, unit, period, form)


def _posted(request) -> tuple[OrgUnit, Period]:
    require_right(request.user, Right.REPORT_WRITE)
    unit, period, _ = asked_sheet(request)
    return unit, period


def _ask(request, unit: OrgUnit, period: Period, form: forms.Form) -> HttpResponse:
    context = {"unit": unit, "period": period, "form": form, "sheet_url": sheet_url(unit, period)}
    context |= {"file_url": sheet_url(unit, period, "sheet_file"), "limit": LIMITS.file_bytes // MB}
    return render(request, UPLOAD, context, status=422 if form.errors else 200)


def _preview(request, upload: Upload, comparison: Comparison) -> HttpResponse:
    unit, period = comparison.sheet.unit, comparison.sheet.period
    context = {
        "unit": unit,
        "period": period,
        "name": upload.name,
        "packed": pack(upload, request.user),
        "found": [(one, MARKS[one.fate].html) for one in comparison.found],
        "counts": [(mark.html, len(found)) for fate, mark in MARKS.items() if (found := comparison.of(fate))],
        "changes": len(comparison.of(Fate.CHANGE)),
        "left": len(comparison.of(Fate.CONFLICT, Fate.WRONG, Fate.CLOSED)),
        "sheet_url": sheet_url(unit, period),
        "upload_url": sheet_url(unit, period, "sheet_upload"),
    }
    return render(request, PREVIEW, context)


# --- after the preview ---


@login_required
@require_POST
def sheet_confirm(request: HttpRequest) -> HttpResponse:
    """Write what the preview showed, as far as it still holds, and tell what was left out. A second time changes nothing."""
    unit, period = _posted(request)
    try:
        _, comparison = _again(request, unit, period)
    except Refused as refused:
        return _refused(request, unit, period, refused)
    found = write(comparison, user=request.user)
    _tell(request, found)
    return redirect(sheet_url(unit, period))


def _again(request, unit: OrgUnit, period: Period) -> tuple[Upload, Comparison]:
    """Return what was uploaded, compared with what is stored by now. Raises Refused."""
    packed = request.POST.get("upload")
    if not packed:
        raise BadRequest(STRANGE)
    upload = unpack(packed, request.user)
    return upload, compare(upload, user=request.user, unit=unit, period=period)


def _refused(request, unit: OrgUnit, period: Period, refused: Refused) -> HttpResponse:
    form = SheetUploadForm({})
    form.errors.clear()
    form.add_error("file", refused.message)
    return _ask(request, unit, period, form)


def _tell(request, found: list[Difference]) -> None:
    written = [one for one in found if one.fate == Fate.CHANGE]
    left = [one for one in found if one.fate != Fate.CHANGE]
    if written:
        messages.success(request, f"已从 Excel 写入 {len(written)} 格。")
    elif not left:
        messages.info(request, "文件中的内容都已写入，没有需要改动的。")
    if left:
        named = "；".join(f"{one.code} {one.label}（{one.fate.label}：{one.reason}）" for one in left[:NAMED])
        more = f"；等 {len(left)} 格" if len(left) > NAMED else ""
        messages.warning(request, f"有 {len(left)} 格没有写入：{named}{more}")


@login_required
@require_POST
def sheet_marked(request: HttpRequest) -> HttpResponse:
    """Hand the user's own file back with what is wrong marked in it."""
    unit, period = _posted(request)
    try:
        upload, comparison = _again(request, unit, period)
    except Refused as refused:
        return _refused(request, unit, period, refused)
    name = f"标出问题-{unit.name}{period}填报表"
    audit.record(
        action="data.export",
        actor=request.user,
        row=unit,
        after={"list": name, "rows": len(comparison.found)},
        note=name,
    )
    return xlsx.attachment(marked(upload, comparison.found), f"{name}.xlsx")
