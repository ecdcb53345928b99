"""Supervision orders: the list, a new draft, the page of one with all its acts, the printed form, the files."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.enums import Right
from accounts.scope import get_visible, require_right

from .. import clock
from ..enums import OrderAction, PlanStatus
from ..errors import Refused
from ..models import ProgressReport, Remark, SupervisionFile, SupervisionOrder, Target, Task
from ..observe import readable_plans
from ..order_forms import NewOrderForm, act_form
from ..services import order_life as life
from ..services import supervision as service
from ..services.remarks import order_remark, subject_of
from ..services.supervision import Subject, steps_of, task_of
from ..supervising import TRANSITIONS
from ..ui import params
from ..ui.downloads import stored_file
from ..ui.tables import render_list
from .order_page import page_of, print_of
from .order_tables import OrderFilter, OrderTable, PastOrderFilter, PastOrderTable

PAGE = "workplan/supervision/order.html"
SUBJECTS = {"task": Task, "target": Target, "report": ProgressReport}
ONE_MATTER = "一次只能对应一件事，请从页面上的链接重新进入。"
DONE = {
    OrderAction.SAVE: "已保存。",
    OrderAction.ISSUE: "已下发，等待责任单位签收。",
    OrderAction.WITHDRAW: "已记为不予立项。",
    OrderAction.SIGN: "已签收，请在完成时限前反馈。",
    OrderAction.REPLY: "已反馈，等待复核。",
    OrderAction.ASK: "已提交延期申请，等待审批。",
    OrderAction.GRANT: "已同意延期，完成时限已更新。",
    OrderAction.REFUSE: "未同意延期，完成时限不变。",
    OrderAction.STRIKE: "已销号。",
    OrderAction.RETURN: "已退回，责任单位须重新反馈。",
    OrderAction.ESCALATE: "已升级督办。",
    OrderAction.ARCHIVE: "已归档。",
    OrderAction.REOPEN: "已重新督办。",
}


@login_required
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    on, rows = params.as_of(request), SupervisionOrder.objects.with_context()
    past = on < clock.today()
    return render_list(
        request,
        queryset=rows.as_of(on) if past else rows,
        table_class=PastOrderTable if past else OrderTable,
        filterset_class=PastOrderFilter if past else OrderFilter,
        template="workplan/supervision/orders.html",
        extra={"may_draft": request.user.may(Right.ORDER_DRAFT)},
    )


@login_required
@require_safe
def order(request: HttpRequest, pk: int) -> HttpResponse:
    params.refuse_unknown(request, [])
    return render(request, PAGE, page_of(visible_order(request.user, pk), request.user))


def visible_order(user, pk: int, right: str = Right.VIEW) -> SupervisionOrder:
    """Return the order; 404 outside the scope, 403 inside without the right."""
    rows = SupervisionOrder.objects.with_context().select_related(
        "bureau", "drafted_by", "issued_by", "signed_by", "replied_by", "struck_by"
    )
    return get_visible(rows, user, right, pk=pk)


@login_required
@require_safe
def order_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the order as it is printed: for the signatures, and for the file."""
    params.refuse_unknown(request, [])
    return render(request, "workplan/supervision/print.html", print_of(visible_order(request.user, pk)))


@login_required
@require_safe
def order_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a file of a reply as a download; the look is logged."""
    row = get_visible(SupervisionFile.objects.select_related("order__org_unit"), request.user, pk=pk)
    response = stored_file(row)
    audit.record(action="order.download", actor=request.user, row=row, after={"sha256": row.sha256})
    return response


# --- acts ---


def _carry_out(row: SupervisionOrder, action: OrderAction, request: HttpRequest, data: dict, typed) -> None:
    """Do the act with what its form holds. Raises Refused as the service does."""
    common = {"order": row, "actor": request.user, "version": data["version"]}
    text, due = data.get("text", ""), data.get("due")
    acts = {
        OrderAction.SAVE: lambda: service.save_order(typed=typed(), **common),
        OrderAction.ISSUE: lambda: service.issue_order(due=due, **common),
        OrderAction.WITHDRAW: lambda: service.withdraw_order(reason=text, **common),
        OrderAction.SIGN: lambda: life.sign_order(**common),
        OrderAction.REPLY: lambda: life.reply_order(text=text, uploads=data["files"], **common),
        OrderAction.ASK: lambda: life.ask_extension(wanted=due, reason=text, **common),
        OrderAction.GRANT: lambda: life.decide_extension(granted=True, note=text, **common),
        OrderAction.REFUSE: lambda: life.decide_extension(granted=False, note=text, **common),
        OrderAction.STRIKE: lambda: life.strike_order(text=text, **common),
        OrderAction.RETURN: lambda: life.return_order(text=text, **common),
        OrderAction.ESCALATE: lambda: life.escalate_order(due=due, text=text, **common),
        OrderAction.ARCHIVE: lambda: life.archive_order(**common),
        OrderAction.REOPEN: lambda: life.reopen_order(due=due, text=text, **common),
    }
    acts[action]()


@login_required
@require_POST
def act(request: HttpRequest, pk: int, action: OrderAction) -> HttpResponse:
    """Carry out one act on the order, or show its form again with the reason and what was typed.

    Answers 422 for what is wrong with the input, 409 where the order is no longer as it was read.
    """
    row = visible_order(request.user, pk)
    form = act_form(row, action, request.POST, request.FILES)
    if not form.is_valid():
        if "version" in form.errors:
            _require_held(row, request.user, action)
            raise BadRequest("表单不完整，请重新打开这份督办单。")
        return _again(request, row, action, form, 422)
    try:
        _carry_out(row, action, request, form.cleaned_data, getattr(form, "typed", None))
    except Refused as refused:
        return _refused(request, row, action, form, refused)
    messages.success(request, DONE[action])
    return redirect("workplan:order", pk=pk)


def _require_held(row: SupervisionOrder, user, action: OrderAction) -> None:
    """Raise PermissionDenied where the user may never do this to the order."""
    visible_order(user, row.pk, TRANSITIONS[action].right)


def _again(request, row: SupervisionOrder, action: OrderAction, form, status: int, **more) -> HttpResponse:
    _require_held(row, request.user, action)
    return render(request, PAGE, page_of(row, request.user, failed=(action, form), **more), status=status)


def _refused(request, row: SupervisionOrder, action: OrderAction, form, refused: Refused) -> HttpResponse:
    if refused.code == "forbidden":
        raise PermissionDenied(refused.message)
    fresh = visible_order(request.user, row.pk)
    if fresh.version == row.version == form.cleaned_data["version"]:
        form.place(refused)
        offered = any(act.name == action.value for act in page_of(fresh, request.user)["acts"])
        more = {} if offered else {"conflict": _conflict(refused, form)}
        return _again(request, fresh, action, form, 422 if offered else 409, **more)
    data = request.POST.copy()
    data["version"] = str(fresh.version)
    renewed = act_form(fresh, action, data, request.FILES)
    renewed.is_valid()
    return _again(request, fresh, action, renewed, 409, conflict=_conflict(refused, form))


def _conflict(refused: Refused, form) -> dict:
    """Return why nothing was written, and what was typed, so that it is not lost where the form is gone."""
    typed = [
        (bound.label, form.data.get(bound.html_name, "")) for bound in form.visible_fields() if bound.name != "files"
    ]
    return {"message": refused.message, "typed": [(label, text) for label, text in typed if text]}


# --- a new draft ---


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def order_new(request: HttpRequest) -> HttpResponse:
    """Draft an order about what the address names (task, target, report or a leader's remark), or about a free matter."""
    require_right(request.user, Right.ORDER_DRAFT)
    remark = _remark(request)
    if remark and remark.order_id and request.method != "POST":
        messages.info(request, "这条批示已经拟办过督办单。")
        return redirect("workplan:remark", pk=remark.pk)
    subject = subject_of(remark) if remark else named_subject(request, Right.ORDER_DRAFT)
    task = task_of(subject)
    plan = task.plan if task else _current_plan(request.user)
    if plan is None:
        return render(request, "workplan/no_plan.html")
    steps_of(plan)
    posted = request.POST if request.method == "POST" else None
    form = NewOrderForm(posted, user=request.user, plan=plan, subject=subject, initial=_initial(subject, remark))
    status = 200
    if posted is not None:
        made, status = _draft(request, form, plan, subject, remark) if form.is_valid() else (None, 422)
        if made:
            messages.success(request, "已拟办，由科室负责人或局领导审定后下发。")
            return redirect("workplan:order", pk=made.pk)
    context = {
        "form": form,
        "subject": subject.task or subject.target or subject.report,
        "remark": remark,
        "kind": next((model._meta.verbose_name for name, model in SUBJECTS.items() if getattr(subject, name)), ""),
        "plan": plan,
        "crumbs": [("督办单", reverse("workplan:orders")), ("拟办", None)],
    }
    return render(request, "workplan/supervision/new.html", context, status=status)


def _remark(request: HttpRequest) -> Remark | None:
    """Return the remark that the address names, if any; 404 and 403 as for `named_subject`."""
    params.refuse_unknown(request, [*SUBJECTS, "remark"])
    pk = params.whole(request, "remark", Remark._meta.verbose_name)
    if pk is None:
        return None
    if len(request.GET) > 1:
        raise params.BadParameter("", "网址", ONE_MATTER)
    return get_visible(Remark.objects.with_context(), request.user, Right.ORDER_DRAFT, pk=pk)


def named_subject(request: HttpRequest, right: str) -> Subject:
    """Return what the address names, a `Subject` of nothing where it names none. 404 out of sight, 403 without the right on it."""
    named = {name: params.whole(request, name, model._meta.verbose_name) for name, model in SUBJECTS.items()}
    named = {name: pk for name, pk in named.items() if pk}
    if len(named) > 1:
        raise params.BadParameter("", "网址", ONE_MATTER)
    for name, pk in named.items():
        return Subject(**{name: get_visible(SUBJECTS[name].objects.all(), request.user, right, pk=pk)})
    return Subject()


def _current_plan(user):
    plans = [plan for plan in readable_plans(user) if plan.status != PlanStatus.DRAFT]
    return next((plan for plan in plans if plan.year == clock.today().year), plans[0] if plans else None)


def _initial(subject: Subject, remark: Remark | None) -> dict:
    """Return what the form of a new draft holds before anything is typed."""
    initial = {"title": _title(subject)[:120], "org_unit": subject.report and subject.report.org_unit}
    if remark:
        initial["title"] = f"落实批示：{_title(subject)}"[:120]
        initial["requirement"] = f"局领导{remark.written_on:%Y年%-m月%-d日}批示：{remark.text}"
    return initial


def _title(subject: Subject) -> str:
    if subject.target:
        return f"推进“{subject.target.measure}”"
    task = task_of(subject)
    return f"推进“{task.title}”" if task else ""


def _draft(
    request: HttpRequest, form: NewOrderForm, plan, subject: Subject, remark: Remark | None
) -> tuple[SupervisionOrder | None, int]:
    """Return the draft, or None and the status where the service refuses, with the reason at the field."""
    data, task = form.cleaned_data, task_of(subject)
    if task is None:
        subject = Subject(matter=data["matter"])
    common = {"org_unit": data["org_unit"], "typed": form.typed(), "actor": request.user}
    common["key"] = f"form:{request.user.pk}:{data['key']}"
    try:
        if remark:
            return order_remark(remark=remark, **common), 302
        app = task.section.app if task else data["app"]
        return service.draft_order(plan=plan, app=app, subject=subject, **common), 302
    except Refused as refused:
        if refused.code == "forbidden":
            raise PermissionDenied(refused.message) from None
        form.place(refused)
        return None, 409 if refused.code == "converted" else 422
