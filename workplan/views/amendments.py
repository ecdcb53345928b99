"""Plan amendments: the list of a plan, a new one, the document that is drafted, issued and printed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Right
from accounts.scope import require_right

from .. import clock
from ..amendment_forms import DocumentForm, LinesForm, document_form, row_of
from ..enums import PlanStatus
from ..errors import Refused
from ..models import Amendment, Target, Task
from ..observe import of_readable_plans
from ..services import amendments as service
from ..ui import params
from ..ui.amendments import line_rows
from .common import chosen_plan, plan_choice

PAGE = "workplan/amendments/amendment.html"
INCOMPLETE = "表单不完整，请重新打开这个页面。"
CLASHES = {"stale", "issued", "changed", "gone"}


@login_required
@require_safe
def amendments(request: HttpRequest) -> HttpResponse:
    """List the amendments of a plan, drafts first for those who work on them."""
    params.refuse_unknown(request, ["plan", "year"])
    plan = chosen_plan(request, clock.today())
    if plan is None:
        return render(request, "workplan/no_plan.html")
    rows = Amendment.objects.readable_by(request.user).filter(plan=plan).select_related("issued_by", "made_by")
    context = {
        "plan": plan,
        "plans": plan_choice(request, plan),
        "drafts": rows.filter(number__isnull=True).order_by("-pk"),
        "issued": rows.filter(number__isnull=False).annotate(lines_number=Count("lines")).order_by("-number"),
        "may_draft": plan.status == PlanStatus.PUBLISHED and request.user.may(Right.PLAN_EDIT),
        "crumbs": [("工作要点", reverse("workplan:plan") + f"?plan={plan.pk}"), ("计划调整", None)],
    }
    return render(request, "workplan/amendments/amendments.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def amendment_new(request: HttpRequest) -> HttpResponse:
    """Begin a draft of the plan that the address names."""
    require_right(request.user, Right.PLAN_EDIT)
    params.refuse_unknown(request, ["plan"])
    plan = chosen_plan(request, clock.today())
    if plan is None:
        return render(request, "workplan/no_plan.html")
    data = request.POST if request.method == "POST" else None
    form = DocumentForm(data, plan=plan, initial={"version": 1, "effective_on": clock.today()})
    if form.is_bound and form.is_valid():
        key = f"form:{request.user.pk}:{form.cleaned_data['key'] or ''}"
        try:
            made = service.draft_amendment(plan=plan, typed=form.typed(), actor=request.user, key=key)
            return redirect("workplan:amendment", pk=made.pk)
        except Refused as refused:
            _raise_forbidden(refused)
            form.place(refused)
    _require_complete(form)
    crumbs = [("计划调整", _list_url(plan)), ("拟定", None)]
    context = {"form": form, "plan": plan, "crumbs": crumbs}
    return render(request, "workplan/amendments/new.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def amendment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the document; of a draft that one may edit the forms, with those of the target or task that `row` names."""
    params.refuse_unknown(request, ["row"])
    found = _visible(request.user, pk)
    name = params.text(request, "row", "条款")
    lines = _lines_form(request, found, name) if name else None
    return render(request, PAGE, _page(request, found, lines=lines))


@login_required
@require_POST
def amendment_save(request: HttpRequest, pk: int) -> HttpResponse:
    found = _editable(request.user, pk)
    form = document_form(found, request.POST)
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            service.save_amendment(amendment=found, typed=form.typed(), version=version, actor=request.user)
            messages.success(request, "已保存。")
            return redirect("workplan:amendment", pk=pk)
        except Refused as refused:
            return _refused(request, pk, refused, form=form)
    _require_complete(form)
    return render(request, PAGE, _page(request, found, form=form), status=422)


@login_required
@require_POST
def amendment_lines(request: HttpRequest, pk: int) -> HttpResponse:
    """Put what one target or task becomes into the draft."""
    found = _editable(request.user, pk)
    form = _lines_form(request, found, request.POST.get("row", ""), request.POST)
    if form.is_valid():
        typed = {
            "values": form.values(),
            "reason": form.cleaned_data["reason"],
            "version": form.cleaned_data["version"],
        }
        try:
            service.set_lines(amendment=found, row=form.row, actor=request.user, **typed)
            messages.success(request, f"已列入：{form.row}。")
            return redirect("workplan:amendment", pk=pk)
        except Refused as refused:
            return _refused(request, pk, refused, lines=form)
    _require_complete(form)
    return render(request, PAGE, _page(request, found, lines=form), status=422)


@login_required
@require_POST
def amendment_line_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found, line = _editable(request.user, pk), request.POST.get("line", "")
    if not (line.isascii() and line.isdigit() and len(line) <= 18):
        raise BadRequest(INCOMPLETE)
    try:
        service.remove_line(amendment=found, line=int(line), version=_version(request), actor=request.user)
    except Refused as refused:
        return _refused(request, pk, refused)
    return redirect("workplan:amendment", pk=pk)


@login_required
@require_POST
def amendment_discard(request: HttpRequest, pk: int) -> HttpResponse:
    found = _editable(request.user, pk)
    try:
        service.discard_amendment(amendment=found, actor=request.user)
    except Refused as refused:
        return _refused(request, pk, refused)
    messages.success(request, "已删除草稿。")
    return redirect(_list_url(found.plan))


@login_required
@require_POST
def amendment_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the draft; a second click finds it issued and changes nothing."""
    found = _visible(request.user, pk)
    if not request.user.may(Right.PLAN_AMEND) or (not found.is_issued and not service.may_edit(found, request.user)):
        raise PermissionDenied(service.NO_RIGHT)
    try:
        made = service.issue_amendment(amendment=found, version=_version(request), actor=request.user)
    except Refused as refused:
        return _refused(request, pk, refused)
    messages.success(request, f"已发布为{made}。")
    return redirect("workplan:amendment", pk=pk)


# --- shared ---


def _visible(user, pk: int) -> Amendment:
    """Return the amendment; 404 where the user may not read it."""
    rows = of_readable_plans(Amendment.objects.readable_by(user), user)
    found = rows.select_related("plan__bureau", "made_by", "issued_by").filter(pk=pk).first()
    if found is None:
        raise Http404("没有找到该内容，或您无权查看。")
    return found


def _editable(user, pk: int) -> Amendment:
    """Return the draft for who may edit it; what has been issued meanwhile as well: the service says so."""
    found = _visible(user, pk)
    if not user.may(Right.PLAN_EDIT) or (not found.is_issued and not service.may_edit(found, user)):
        raise PermissionDenied(service.NO_RIGHT)
    return found


def _lines_form(request: HttpRequest, found: Amendment, name: str, data=None) -> LinesForm:
    """Return the form of the row that is named. Raises BadParameter for no name of one, Http404 for a row not to be edited."""
    named = row_of(name)
    if named is None:
        raise params.BadParameter("row", "条款", "请从列表中选择目标或任务。")
    model, pk = named
    row = model.objects.visible_to(request.user, Right.PLAN_EDIT).filter(pk=pk, plan=found.plan_id).first()
    if row is None:
        raise Http404("没有找到该目标或任务，或不在您维护的范围内。")
    return LinesForm(row, data, amendment=found)


def _page(
    request: HttpRequest, found: Amendment, *, form: DocumentForm | None = None, lines: LinesForm | None = None, **more
) -> dict:
    """Return everything that the page shows. form, lines: what could not be stored."""
    user = request.user
    editing = service.may_edit(found, user)
    return {
        "amendment": found,
        "rows": line_rows(user, found),
        "editing": editing,
        "form": (form or document_form(found)) if editing else None,
        "lines": lines if editing else None,
        "lines_row": f"{lines.row._meta.model_name}-{lines.row.pk}" if editing and lines else "",
        "choices": _choices(user, found) if editing else [],
        "may_issue": editing and service.may_issue(found, user),
        "crumbs": [("计划调整", _list_url(found.plan)), (str(found), None)],
        **more,
    }


def _choices(user, found: Amendment) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return by task what may be amended: the task itself and its targets, as name and words."""
    tasks = Task.objects.visible_to(user, Right.PLAN_EDIT).filter(plan=found.plan_id).order_by("number")
    by_task = {task.pk: (str(task), [(f"task-{task.pk}", f"任务 {task}")]) for task in tasks}
    targets = Target.objects.visible_to(user, Right.PLAN_EDIT).filter(plan=found.plan_id).order_by("sort", "pk")
    for target in targets:
        if target.task_id in by_task:
            by_task[target.task_id][1].append((f"target-{target.pk}", str(target)))
    return list(by_task.values())


def _refused(request: HttpRequest, pk: int, refused: Refused, *, form=None, lines=None) -> HttpResponse:
    """Show the document as it stands now, with the reason, and with what was typed: in its form, or beside the reason."""
    _raise_forbidden(refused)
    fresh = _visible(request.user, pk) if refused.code != "gone" else None
    if fresh is None:
        messages.error(request, refused.message)
        return redirect("workplan:amendments")
    typed = form or lines
    if typed is None or refused.code in CLASHES:
        if typed is not None:
            typed.data = typed.data.copy()
            typed.data["version"] = str(fresh.version)
        shown = [] if typed is None or service.may_edit(fresh, request.user) else _typed_words(typed)
        page = _page(request, fresh, form=form, lines=lines, conflict={"message": refused.message, "typed": shown})
        return render(request, PAGE, page, status=409 if refused.code in CLASHES else 422)
    typed.place(refused)
    return render(request, PAGE, _page(request, fresh, form=form, lines=lines), status=422)


def _typed_words(form) -> list[tuple[str, str]]:
    return [(bound.label, str(bound.value())) for bound in form.visible_fields() if bound.value()]


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadRequest(INCOMPLETE)
    return int(text)


def _require_complete(form) -> None:
    if {"version", "key"} & set(form.errors):
        raise BadRequest(INCOMPLETE)


def _raise_forbidden(refused: Refused) -> None:
    if refused.code in ("forbidden", "foreign"):
        raise PermissionDenied(refused.message) from None


def _list_url(plan) -> str:
    return f"{reverse('workplan:amendments')}?plan={plan.pk}"
