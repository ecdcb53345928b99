"""Intake of notices: the list, the upload, and putting an unfinished one away."""

import django_tables2 as tables
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import Right
from accounts.scope import get_visible

from ..errors import Refused
from ..intake_forms import UploadForm
from ..models import Intake
from ..services import intake as service
from ..ui import marks, params
from ..ui.marks import Mark
from ..ui.tables import ListTable, render_list
from .report_tables import MomentColumn

NO_BUREAU = "只有负责整个工作要点的用户可以导入工作要点。"
INCOMPLETE = "表单不完整，请重新打开这个页面。"
OPEN = Mark("open", "未完成", "blue", marks.CIRCLE)
DONE = Mark("done", "已生成", "green", marks.TICKED)
DISCARDED = Mark("discarded", "已作废", "grey", marks.DASH)


class IntakeTable(ListTable):
    title = "工作要点导入"

    name = tables.Column("通知", accessor="title", empty_values=(), orderable=False)
    year = tables.Column("年度", attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    state = tables.Column("状态", empty_values=(), orderable=False)
    file = tables.Column("文件", accessor="name", orderable=False)
    created_by = tables.Column("上传人", orderable=False)
    changed_by = tables.Column("最近修改人", orderable=False)
    changed_at = MomentColumn("最近修改时间")

    class Meta(ListTable.Meta):
        empty_text = "还没有导入过通知。"

    def render_name(self, record):
        return format_html('<a href="{}">{}</a>', reverse("workplan:intake", args=[record.pk]), record)

    def value_name(self, record):
        return str(record)

    def render_year(self, value):
        return str(value)

    def render_state(self, record):
        return state_of(record).html

    def value_state(self, record):
        return state_of(record).word


def state_of(intake: Intake) -> Mark:
    if intake.plan_id:
        return DONE
    return DISCARDED if intake.discarded_at else OPEN


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def intakes(request: HttpRequest) -> HttpResponse:
    """List the intakes, the newest first, and read a new notice. What was pasted stays where it cannot be read."""
    bureaus = service.bureaus_of(request.user)
    if not bureaus:
        raise PermissionDenied(NO_BUREAU)
    posted = request.method == "POST"
    form = UploadForm(*((request.POST, request.FILES) if posted else ()), bureaus=bureaus)
    if posted and form.is_valid():
        made = _begin(request, form)
        if made:
            return redirect("workplan:intake", pk=made.pk)
    response = render_list(
        request,
        queryset=Intake.objects.defer("source", "parsed", "edits", "undone").select_related("created_by", "changed_by"),
        table_class=IntakeTable,
        template="workplan/intake/list.html",
        extra={"form": form, "crumbs": [("工作要点", reverse("workplan:plan")), ("工作要点导入", None)]},
    )
    if posted:
        response.status_code = 422
    return response


def _begin(request, form: UploadForm) -> Intake | None:
    """Return the intake, or put what is wrong beside the field that it is about."""
    asked = form.cleaned_data
    file = asked["file"]
    try:
        intake, is_new = service.begin(
            bureau=form.bureaus[asked["bureau"]],
            content=file.read() if file else None,
            name=file.name if file else "",
            text=asked["text"],
            actor=request.user,
        )
    except Refused as refused:
        form.add_error("file" if file else "text", refused.message)
        return None
    if not is_new:
        messages.info(request, "这份通知已经导入过，接着上次的修改继续；要重新开始，请先作废。")
    return intake


def visible_intake(user, pk: int) -> Intake:
    """Return the intake, or 404 for who does not edit the whole plan of its bureau."""
    rows = Intake.objects.select_related("bureau", "plan", "changed_by")
    return get_visible(rows, user, Right.PLAN_EDIT, pk=pk)


def read_version(request: HttpRequest) -> int:
    """Return the version that the user had before him. Raises BadRequest where the form lacks it."""
    text = request.POST.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadRequest(INCOMPLETE)
    return int(text)


@login_required
@require_POST
def intake_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an unfinished intake away."""
    params.refuse_unknown(request, [])
    intake = visible_intake(request.user, pk)
    try:
        service.discard(intake=intake, actor=request.user, version=read_version(request))
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("workplan:intake", pk=pk)
    messages.success(request, f"已作废“{intake}”。")
    return redirect("workplan:intakes")
