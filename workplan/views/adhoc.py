"""Ad-hoc requests: the list, drafting, and the page of one with the acts that move it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Right
from accounts.scope import get_visible, require_right

from .. import clock
from ..adhoc_forms import ActForm, RequestForm, act_form
from ..enums import AdHocState
from ..errors import Refused
from ..models import AdHocRequest, Plan
from ..observe import readable_plans
from ..sections import section_name
from ..services import adhoc as service
from ..ui import adhoc as ui
from ..ui import params
from ..ui.tables import render_list
from .adhoc_tables import RequestFilter, RequestTable

PAGE, FORM = "workplan/adhoc/request.html", "workplan/adhoc/form.html"
INCOMPLETE = "表单不完整，请重新打开这个页面。"


@login_required
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """List the requests within the scope, as they stand today."""
    params.refuse_past(request)
    return render_list(
        request,
        queryset=AdHocRequest.objects.with_context(),
        table_class=RequestTable,
        filterset_class=RequestFilter,
        template="workplan/adhoc/requests.html",
        extra={"may_draft": request.user.may(Right.PLAN_EDIT)},
    )


# --- drafting ---


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def request_new(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.PLAN_EDIT)
    params.refuse_unknown(request, [])
    plan = _running_plan(request)
    if plan is None:
        return render(request, "workplan/no_plan.html")
    form = _form(request, plan)
    if form.is_bound and form.is_valid():
        key = f"form:{request.user.pk}:{form.cleaned_data['key']}"
        try:
            made = service.draft_request(plan=plan, typed=form.typed(), actor=request.user, key=key)
        except Refused as refused:
            _raise_forbidden(refused)
            form.place(refused)
        else:
            messages.success(request, "已保存为拟稿，请核对后送审。批准前乡镇看不到。")
            return redirect("workplan:adhoc_request", pk=made.pk)
    return _show_form(request, form, [("临时填报", reverse("workplan:adhoc")), ("发起", None)])


def _running_plan(request: HttpRequest) -> Plan | None:
    """Return the plan of this year that requests are made in, else the newest that runs."""
    plans = list(readable_plans(request.user).running())
    return next((plan for plan in plans if plan.year == clock.today().year), plans[0] if plans else None)


def _form(request: HttpRequest, plan: Plan, row: AdHocRequest | None = None, data=None) -> RequestForm:
    apps = dict.fromkeys(section.app for section in service.draftable(request.user, plan))
    data = data or (request.POST if request.method == "POST" else None)
    return RequestForm(data, apps=apps, units=service.askable(plan), row=row)


def _show_form(request: HttpRequest, form: RequestForm, crumbs: list, row: AdHocRequest | None = None) -> HttpResponse:
    if {"key", "version"} & form.errors.keys():
        raise BadRequest(INCOMPLETE)
    context = {"form": form, "row": row, "crumbs": crumbs}
    return render(request, FORM, context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def request_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft, or a request that was not approved.

    Answers 409 where somebody was faster: what was typed stays, and can be saved again over what is stored by then.
    """
    params.refuse_unknown(request, [])
    row = _visible(request.user, pk, Right.PLAN_EDIT)
    if row.state not in service.EDITABLE and request.method != "POST":
        messages.info(request, "已送审的临时填报不能修改。")
        return redirect("workplan:adhoc_request", pk=pk)
    form = _form(request, row.plan, row)
    crumbs = [("临时填报", reverse("workplan:adhoc")), (row.title, ui.url_of(row)), ("修改", None)]
    if form.is_bound and form.is_valid():
        said = {"typed": form.typed(), "version": form.cleaned_data["version"]}
        try:
            service.save_request(request=row, actor=request.user, **said)
        except Refused as refused:
            _raise_forbidden(refused)
            if refused.code == "stale":
                return _show_stale(request, refused, crumbs, pk)
            form.place(refused)
        else:
            messages.success(request, "已保存。")
            return redirect("workplan:adhoc_request", pk=pk)
    return _show_form(request, form, crumbs, row)


def _show_stale(request: HttpRequest, refused: Refused, crumbs: list, pk: int) -> HttpResponse:
    """Show the form with what was typed and the version of today's text, which is one link away."""
    row = _visible(request.user, pk)
    data = request.POST.copy()
    data["version"] = str(row.version)
    form = _form(request, row.plan, row, data)
    form.is_valid()
    form.place(refused)
    return render(request, FORM, {"form": form, "row": row, "stale": True, "crumbs": crumbs}, status=409)


# --- the page of one ---


def _visible(user, pk: int, right: str = Right.VIEW) -> AdHocRequest:
    """Return the request; 404 outside the scope, 403 inside without the right."""
    return get_visible(AdHocRequest.objects.with_context().select_related("withdrawn_by"), user, right, pk=pk)


@login_required
@require_safe
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    params.refuse_unknown(request, [])
    return render(request, PAGE, _page(_visible(request.user, pk), request.user))


def _page(row: AdHocRequest, user, sent: tuple[str, ActForm] | None = None) -> dict:
    """Return everything that the request's page shows. sent: the form that could not be acted upon, by the act's name."""
    on, deciding = clock.today(), service.may_decide(row, user)
    own = dict([sent]) if sent else {}
    return {
        "row": row,
        "state": ui.state_mark(row, on),
        "section": section_name(row.app),
        "fields": list(row.fields.all()),
        "results": ui.results_of(row, user, on),
        "mine": ui.own_answer(row, user, on),
        "published": row.approved_on is not None,
        "may_edit": service.may_edit(row, user),
        "may_export": row.approved_on is not None and user.may(Right.EXPORT),
        "send": own.get("send") or act_form(row, "", "send"),
        "approve": (own.get("approve") or act_form(row, "", "approve")) if deciding else None,
        "refuse": (own.get("refuse") or act_form(row, "不批准的原因", "refuse")) if deciding else None,
        "withdraw": (own.get("withdraw") or act_form(row, "撤回原因", "withdraw"))
        if service.may_withdraw(row, user)
        else None,
        "weight": ui.weight_of(row, user) if row.state == AdHocState.ASKED else None,
        "sent": sent[1] if sent else None,
        "crumbs": [("临时填报", reverse("workplan:adhoc")), (row.title, None)],
    }


# --- acts ---


@login_required
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, Right.PLAN_EDIT, "send", service.send_request, "已送审，并告知能够批准的人。")


@login_required
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, Right.SUPERVISE, "approve", service.approve_request, "已批准，并告知填报单位。")


@login_required
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(
        request, pk, Right.SUPERVISE, "refuse", service.refuse_request, "未批准，并告知送审人。", "不批准的原因"
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, Right.PLAN_EDIT, "withdraw", service.withdraw_request, "已撤回，不能再填报。", "撤回原因")


def _act(request: HttpRequest, pk: int, right: Right, name: str, act, done: str, label: str = "") -> HttpResponse:
    """Act on a request, or show it as it stands with the reason of the refusal and what was typed.

    Answers 422 for what is wrong with the input, 409 where the request is no longer as it was read.
    """
    row = _visible(request.user, pk, right)
    form = act_form(row, label, name, request.POST)
    if not form.is_valid():
        if "version" in form.errors:
            raise BadRequest(INCOMPLETE)
        return render(request, PAGE, _page(row, request.user, (name, form)), status=422)
    said = {"reason": form.cleaned_data["text"]} if label else {}
    try:
        act(request=row, actor=request.user, version=form.cleaned_data["version"], **said)
    except Refused as refused:
        return _refused(request, pk, name, label, refused)
    messages.success(request, done)
    return redirect("workplan:adhoc_request", pk=pk)


def _refused(request: HttpRequest, pk: int, name: str, label: str, refused: Refused) -> HttpResponse:
    """Show the request as it stands now, with the reason; what was typed stays in the form, or beside it where the form is gone."""
    _raise_forbidden(refused)
    fresh = _visible(request.user, pk)
    data = request.POST.copy()
    data["version"] = str(fresh.version)
    form = act_form(fresh, label, name, data)
    form.is_valid()
    form.place(refused)
    status = 409 if refused.code == "stale" else 422
    return render(request, PAGE, _page(fresh, request.user, (name, form)), status=status)


def _raise_forbidden(refused: Refused) -> None:
    if refused.code in ("forbidden", "own_request"):
        raise PermissionDenied(refused.message) from None
