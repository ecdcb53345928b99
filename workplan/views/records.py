"""One record of a register: its page, its form, and the acts of those who keep it."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.enums import Right
from accounts.models import OrgUnit
from accounts.scope import get_visible

from ..errors import Refused
from ..models import Attachment, Record
from ..registers.forms import ReasonedForm, RecordForm
from ..registers.registry import register_or_404
from ..registers.tables import record_url
from ..sections import section_name
from ..services import records as service
from ..services.attachments import add_attachment, remove_attachment
from ..services.records import StaleRecord
from ..ui.downloads import stored_file
from .record_page import page_of
from .registers import list_url

FORM = "workplan/registers/form.html"


def visible_record(user, app: str, name: str, pk: int, right: str = Right.VIEW) -> Record:
    """Return the record; 404 outside the scope or once removed, 403 inside without the right."""
    model = register_or_404(user, app, name)
    rows = model.objects.kept().select_related("org_unit", "created_by", "verified_by")
    return get_visible(rows, user, right, pk=pk)


@login_required
@require_safe
def record(request, app: str, name: str, pk: int):
    row = visible_record(request.user, app, name, pk)
    return render(request, "workplan/registers/record.html", page_of(row, request.user))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record_new(request, app: str, name: str):
    """Add a record; "save and next" opens an empty form again with the same unit and day."""
    model = register_or_404(request.user, app, name, Right.RECORD_WRITE)
    unit = OrgUnit.objects.visible_to(request.user).filter(pk=_pk(request.GET.get("unit"))).first()
    day = _day(request.GET.get("day"))
    form = RecordForm(request.POST or None, model=model, user=request.user, unit=unit, day=day)
    if request.method != "POST":
        return _form(request, model, form)
    if not form.is_valid():
        return _form(request, model, form, status=422)
    try:
        row = service.create_record(model=model, actor=request.user, typed=form.typed())
    except (ValidationError, Refused) as wrong:
        return _refused(request, model, form, wrong)
    messages.success(request, f"已登记{model._meta.verbose_name}。")
    if "next" in request.POST:
        again = reverse("workplan:record_new", args=[app, name])
        return redirect(f"{again}?unit={row.org_unit_id}&day={row.happened_on}")
    return redirect(record_url(row))


def _pk(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _day(text: str | None) -> date | None:
    """Return the day of an address; None where there is none or it is not one."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record_edit(request, app: str, name: str, pk: int):
    row = visible_record(request.user, app, name, pk, Right.RECORD_WRITE)
    form = RecordForm(request.POST or None, model=type(row), user=request.user, record=row)
    if request.method != "POST":
        return _form(request, type(row), form, row)
    if not form.is_valid():
        return _form(request, type(row), form, row, status=422)
    version = form.cleaned_data["version"]
    try:
        service.change_record(record=row, actor=request.user, version=version, typed=form.typed())
    except StaleRecord as stale:
        return _stale(request, form, stale)
    except (ValidationError, Refused) as wrong:
        return _refused(request, type(row), form, wrong, row)
    messages.success(request, "已保存。")
    return redirect(record_url(row))


def _stale(request, form: RecordForm, stale: StaleRecord):
    """Show what the other one stored beside what was typed; saving again then writes over it knowingly."""
    fresh = RecordForm(model=type(stale.record), user=request.user, record=stale.record)
    data = request.POST.copy()
    data["version"] = str(stale.record.version)
    again = RecordForm(data, model=type(stale.record), user=request.user, record=stale.record)
    stored = [(c.label, c.show(stale.record)) for c in fresh.columns]
    extra = {"conflict": stale.message, "stored": stored}
    return _form(request, type(stale.record), again, stale.record, status=409, extra=extra)


def _refused(request, model, form: RecordForm, wrong, row: Record | None = None):
    form.refuse(wrong if isinstance(wrong, ValidationError) else ValidationError(wrong.message))
    return _form(request, model, form, row, status=422)


def _form(request, model, form: RecordForm, row: Record | None = None, *, status: int = 200, extra=None):
    title = str(model._meta.verbose_name)
    crumbs = [("台账", reverse("workplan:registers")), (title, list_url(model))]
    crumbs += [(str(row), record_url(row)), ("修改", None)] if row else [("登记", None)]
    context = {
        "form": form,
        "title": f"{'修改' if row else '登记'}{title}",
        "section": section_name(model._meta.app_label),
        "hint": model.register.hint,
        "record": row,
        "back": record_url(row) if row else list_url(model),
        "crumbs": crumbs,
        **(extra or {}),
    }
    return render(request, FORM, context, status=status)


@login_required
@require_POST
def record_remove(request, app: str, name: str, pk: int):
    row = visible_record(request.user, app, name, pk, Right.RECORD_WRITE)
    form = ReasonedForm(request.POST)
    if not form.is_valid():
        context = page_of(row, request.user) | {"remove_form": form}
        return render(request, "workplan/registers/record.html", context, status=422)
    service.remove_record(record=row, actor=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, "已删除，记录仍保留在变更历史中。")
    return redirect(list_url(type(row)))


@login_required
@require_POST
def attachment_add(request, app: str, name: str, pk: int):
    """Store the chosen files with the record; each that is refused is named with the reason."""
    row = visible_record(request.user, app, name, pk, Right.RECORD_WRITE)
    files = request.FILES.getlist("files")
    if not files:
        messages.error(request, "请先选择文件。")
    for upload in files:
        try:
            add_attachment(record=row, actor=request.user, upload=upload)
        except Refused as refused:
            messages.error(request, refused.message)
    return redirect(record_url(row))


@login_required
@require_safe
def attachment(request, app: str, name: str, pk: int, file: int):
    """Hand out a file of a record, through the record's scope."""
    found = _file(visible_record(request.user, app, name, pk), file)
    response = stored_file(found)
    audit.record(action="attachment.download", actor=request.user, row=found, after={"sha256": found.sha256})
    return response


@login_required
@require_POST
def attachment_remove(request, app: str, name: str, pk: int, file: int):
    row = visible_record(request.user, app, name, pk, Right.RECORD_WRITE)
    remove_attachment(record=row, attachment=_file(row, file), actor=request.user)
    messages.success(request, "已移除。")
    return redirect(record_url(row))


def _file(row: Record, pk: int) -> Attachment:
    found = Attachment.objects.of(row).kept().filter(pk=pk).first()
    if found is None:
        raise Http404("没有找到该文件，或您无权查看。")
    return found
