"""Roll-up reports: the list, the form that makes one, the page on which it is read, worded and published, and its files."""

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.enums import Right
from accounts.scope import get_visible, require_right

from .. import clock
from ..enums import RollupFileKind, RollupKind, RollupLevel, RollupState
from ..errors import Refused
from ..forms import VersionForm
from ..models import RollupFile, RollupReport
from ..rollup_forms import RollupForm
from ..services import rollup as service
from ..services.evidence import TYPES
from ..services.rollup_templates import bureaus_of
from ..ui import params, rollup_page
from ..ui.downloads import sent_file, stored_file
from ..ui.tables import DayColumn, ListTable, render_list
from .common import chosen_plan

PAGE = "workplan/rollups/report.html"
ALL = "全部"
TEXT = "text-"


class RollupTable(ListTable):
    title = "汇总报告"

    name = tables.Column("报告", accessor="title", orderable=False, attrs={"td": {"class": "wide"}})
    kind = tables.Column("类型")
    level = tables.Column("范围")
    end = DayColumn("截至")
    state = tables.Column("状态")
    made_by = tables.Column("生成人", empty_values=(), orderable=False)
    published_on = DayColumn("发布日期")

    class Meta(ListTable.Meta):
        empty_text = "没有您可以查看的汇总报告。"

    def render_name(self, record):
        return format_html('<a href="{}">{}</a>', reverse("workplan:rollup", args=[record.pk]), record.title)

    def value_name(self, record):
        return record.title

    def render_state(self, record):
        return rollup_page.STATES[RollupState(record.state)].html

    def value_state(self, record):
        return record.get_state_display()

    def render_made_by(self, record):
        return str(record.made_by) if record.made_by_id else "自动生成"

    value_made_by = render_made_by


class RollupFilter(django_filters.FilterSet):
    """By kind, level and state."""

    kind = django_filters.ChoiceFilter(label="类型", choices=RollupKind.choices, empty_label=ALL)
    level = django_filters.ChoiceFilter(label="范围", choices=RollupLevel.choices, empty_label=ALL)
    state = django_filters.ChoiceFilter(label="状态", choices=RollupState.choices, empty_label=ALL)

    class Meta:
        model = RollupReport
        fields = ()


@login_required
@require_safe
def rollups(request: HttpRequest) -> HttpResponse:
    """List the reports that the user may read, the newest first."""
    rows = RollupReport.objects.defer("snapshot", "texts").select_related("made_by", "section", "township")
    return render_list(
        request,
        queryset=rows,
        table_class=RollupTable,
        filterset_class=RollupFilter,
        template="workplan/rollups/list.html",
        extra={
            "may_make": request.user.may(Right.ROLLUP_MAKE),
            "may_replace": bool(bureaus_of(request.user)),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rollup_new(request: HttpRequest) -> HttpResponse:
    """Make a draft of what was chosen; where it is there already, open that."""
    require_right(request.user, Right.ROLLUP_MAKE)
    params.refuse_unknown(request, ["plan", "year"])
    plan = chosen_plan(request, clock.today())
    if plan is None:
        return render(request, "workplan/no_plan.html")
    form = RollupForm(request.POST if request.method == "POST" else None, user=request.user, plan=plan)
    made = _make(request, form) if request.method == "POST" and form.is_valid() else None
    if made is not None:
        return redirect("workplan:rollup", pk=made.pk)
    context = {"form": form, "plan": plan, "crumbs": [("汇总报告", reverse("workplan:rollups")), ("生成汇总", None)]}
    return render(request, "workplan/rollups/new.html", context, status=422 if form.is_bound else 200)


def _make(request, form: RollupForm) -> RollupReport | None:
    """Return the report, or put a refusal at the field that it is about."""
    try:
        report, made = service.make_report(asked=form.asked(), actor=request.user)
    except Refused as refused:
        form.add_error({"future": "end", "wrong_year": "end", "no_span": "end"}.get(refused.code), refused.message)
        return None
    if not made and not RollupReport.objects.visible_to(request.user).filter(pk=report.pk).exists():
        form.add_error(None, "这一期的汇总报告已有他人编制的草稿，请等待发布。")
        return None
    if made:
        messages.success(request, "已生成草稿，请核对文字后发布。")
    else:
        messages.info(request, "这一期的汇总报告已经有了。")
    return report


def visible_report(user, pk: int, right: str = Right.VIEW) -> RollupReport:
    rows = RollupReport.objects.select_related(
        "plan__bureau", "section", "township", "made_by", "saved_by", "published_by"
    )
    return get_visible(rows, user, right, pk=pk)


@login_required
@require_safe
def rollup(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one report: a draft with its texts to edit, a published one to read."""
    params.refuse_unknown(request, [])
    report = visible_report(request.user, pk)
    return render(request, PAGE, _page(request, report))


def _page(request, report: RollupReport, typed: dict[str, str] | None = None) -> dict:
    draft = not report.is_published
    return rollup_page.page_of(report, typed) | {
        "may_edit": draft and service.holds(request.user, Right.ROLLUP_MAKE, report),
        "may_publish": draft and service.holds(request.user, Right.ROLLUP_PUBLISH, report),
        "text_limit": service.TEXT_LIMIT,
        "crumbs": [("汇总报告", reverse("workplan:rollups")), (f"{report.get_kind_display()}汇总", None)],
    }


@login_required
@require_POST
def rollup_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the edited texts; what cannot be kept is said, and stays in the form."""
    report = visible_report(request.user, pk, Right.ROLLUP_MAKE)
    version = _version(request)
    typed = {
        name.removeprefix(TEXT): value.replace("\r\n", "\n").strip()
        for name, value in request.POST.items()
        if name.startswith(TEXT)
    }
    if not all(params.printable(line) for text in typed.values() for line in text.replace("\t", " ").split("\n")):
        return _refused(
            request, report, Refused("文字中含有无法识别的字符，请删去后再保存。", code="unprintable"), typed
        )
    try:
        service.save_texts(report=report, texts=typed, version=version, actor=request.user)
    except Refused as refused:
        return _refused(request, report, refused, typed)
    messages.success(request, "已保存。")
    return redirect("workplan:rollup", pk=pk)


@login_required
@require_POST
def rollup_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the draft that the user has read."""
    report = visible_report(request.user, pk, Right.ROLLUP_PUBLISH)
    base = request.build_absolute_uri("/").rstrip("/")
    try:
        service.publish(report=report, version=_version(request), actor=request.user, base=base)
    except Refused as refused:
        return _refused(request, report, refused, {})
    messages.success(request, "已发布，报告不再改动。")
    return redirect("workplan:rollup", pk=pk)


@login_required
@require_POST
def rollup_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    report = visible_report(request.user, pk, Right.ROLLUP_MAKE)
    try:
        service.discard(report=report, actor=request.user)
    except Refused as refused:
        return _refused(request, report, refused, {})
    messages.success(request, f"已删除草稿“{report.title}”。")
    return redirect("workplan:rollups")


def _version(request) -> int:
    asked = VersionForm(request.POST)
    if not asked.is_valid():
        raise BadRequest("表单不完整，请重新打开这份汇总报告。")
    return asked.cleaned_data["version"]


def _refused(request, report: RollupReport, refused: Refused, typed: dict[str, str]) -> HttpResponse:
    """Show the report as it stands with why nothing was written; what was typed stays in the form."""
    if refused.code == "forbidden":
        raise PermissionDenied(refused.message)
    if refused.code == "gone":
        messages.error(request, refused.message)
        return redirect("workplan:rollups")
    fresh = visible_report(request.user, report.pk)
    stale = refused.code in ("stale", "published")
    known = {place.key for place in rollup_page.places(fresh.snapshot)}
    kept = {} if fresh.is_published else {key: text for key, text in typed.items() if key in known}
    context = _page(request, fresh, kept) | {
        "conflict": {
            "message": refused.message,
            "differences": rollup_page.differences(fresh, typed) if stale else [],
            "stale": refused.code == "stale",
        }
    }
    return render(request, PAGE, context, status=409 if stale else 422)


@login_required
@require_safe
def rollup_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Send a document: of a published report the stored one, of a draft one written for this look."""
    params.refuse_unknown(request, [])
    report = visible_report(request.user, pk)
    if kind not in RollupFileKind.values:
        raise Http404("没有这种文件。")
    if report.is_published:
        response = stored_file(get_visible(RollupFile.objects, request.user, report=report, kind=kind))
    else:
        response = _preview(request, report, kind)
    audit.record(action="rollup.download", actor=request.user, row=report, after={"kind": kind, "state": report.state})
    return response


def _preview(request, report: RollupReport, kind: str) -> HttpResponse:
    base = request.build_absolute_uri("/").rstrip("/")
    if kind not in service.kinds_here():
        raise Http404("没有这种文件。")
    content = service.render(report, kind, clock.today(), base)
    return sent_file(content, name=f"（草稿）{report.title}.{kind}", content_type=TYPES[f".{kind}"])
