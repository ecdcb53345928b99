"""More time for reports: the page on which a unit asks, and the office's answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import Right
from accounts.models import OrgUnit
from accounts.scope import get_visible, require_right

from .. import clock
from ..completeness import duties
from ..errors import Refused
from ..extension_forms import AskForm, DecideForm
from ..forms import is_id
from ..models import Period, ReportExtension
from ..services import report_extensions as service
from ..ui import extensions, params
from .reports import note_refusal

ASK, DECIDE = "workplan/extensions/ask.html", "workplan/extensions/decide.html"
STRANGE = "表单不完整，请重新打开页面。"
MOST = 200  # requests answered at once: more than a unit has tasks


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def extension_ask(request: HttpRequest) -> HttpResponse:
    """Ask for more time for some of a unit's reports of a period. Without these two the sheet is shown, which leads here."""
    require_right(request.user, Right.REPORT_WRITE)
    posted = request.POST if request.method == "POST" else None
    unit, period = _place(request, posted)
    if unit is None:
        return redirect("workplan:sheet")
    owed = duties(period, request.user, units=[unit], right=Right.REPORT_WRITE)
    form = AskForm(
        posted,
        period=period,
        owed=owed,
        askable=service.askable(unit, period, request.user),
        initial={"tasks": request.GET.getlist("task")},
    )
    if posted is not None and form.is_valid() and _ask(request, form, unit, period, owed):
        return redirect(_sheet(unit, period))
    page = {"form": form, "unit": unit, "period": period, "back": _sheet(unit, period)}
    return render(request, ASK, page, status=422 if form.is_bound else 200)


def _place(request, posted) -> tuple[OrgUnit | None, Period | None]:
    """Return the unit and the period that are named; None for both where an address names none."""
    if posted is None:
        params.refuse_unknown(request, ["unit", "period", "task"])
    named = [(posted or request.GET).get(name, "") for name in ("unit", "period")]
    if posted is None and not any(named):
        return None, None
    if not all(is_id(one) for one in named):
        raise BadRequest(STRANGE)
    try:
        unit = get_visible(OrgUnit.objects, request.user, Right.REPORT_WRITE, pk=named[0])
        return unit, get_visible(Period.objects.select_related("plan__bureau"), request.user, pk=named[1])
    except (Http404, PermissionDenied):
        note_refusal(request, "申请延期时指定了无权填报的单位或报告期。")
        raise


def _ask(request, form: AskForm, unit: OrgUnit, period: Period, owed) -> bool:
    """Ask for what the form says; put a refusal beside its field and return False."""
    chosen, data = set(form.chosen()), form.cleaned_data
    try:
        rows = service.ask_extensions(
            org_unit=unit,
            period=period,
            tasks=[duty.task for duty in owed if str(duty.task.pk) in chosen],
            actor=request.user,
            wanted=data["until"],
            reason=data["text"],
        )
    except Refused as refused:
        if refused.code == "already_asked":
            messages.info(request, refused.message)
            return True
        form.place(refused)
        return False
    messages.success(request, f"已提交 {len(rows)} 项任务的延期申请，等待科室审批。审批前原截止日期不变。")
    return True


def _sheet(unit: OrgUnit, period: Period) -> str:
    return f"{reverse('workplan:sheet')}?{urlencode({'unit': unit.pk, 'period': period.pk})}"


@login_required
@require_POST
def extension_decide(request: HttpRequest) -> HttpResponse:
    """Grant or refuse what a unit has asked in one go."""
    require_right(request.user, Right.REPORT_REVIEW)
    pks, granted = _named(request), request.POST.get("answer") == "grant"
    rows = ReportExtension.objects.visible_to(request.user).filter(pk__in=pks).with_context()
    if len(rows) != len(pks):
        note_refusal(request, "审批了无权查看的延期申请。")
        raise Http404("没有找到该内容，或您无权查看。")
    form = DecideForm(request.POST)
    if form.is_valid() and _decide(request, form, pks, granted):
        return redirect("workplan:review")
    asked = extensions.asked_of(rows, clock.today(), form)
    return render(request, DECIDE, {"asked": asked}, status=422)


def _named(request) -> set[int]:
    texts = request.POST.getlist("extension")
    known = request.POST.get("answer") in ("grant", "refuse")
    if not known or not 0 < len(texts) <= MOST or not all(is_id(text) for text in texts):
        raise BadRequest(STRANGE)
    return {int(text) for text in texts}


def _decide(request, form: DecideForm, pks: set[int], granted: bool) -> bool:
    """Write the answer; put a refusal beside its field and return False. What was overtaken is told on the queue's page."""
    data = form.cleaned_data
    try:
        rows = service.decide_extensions(
            extensions=pks, actor=request.user, granted=granted, until=data["until"], note=data["text"]
        )
    except Refused as refused:
        if refused.code == "forbidden":
            raise PermissionDenied(refused.message) from None
        if refused.code in ("nothing_asked", "own_request", "several_units"):
            messages.error(request, refused.message)
            return True
        form.place(refused)
        return False
    answer = f"同意{rows[0].org_unit.label}延期至 {rows[0].until}" if granted else f"不同意{rows[0].org_unit.label}延期"
    messages.success(request, f"已{answer}，共 {len(rows)} 项任务。")
    if len(rows) < len(pks):
        messages.warning(request, f"另有 {len(pks) - len(rows)} 项已被办理或已失效。")
    return True
