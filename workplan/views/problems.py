"""The list of problems of a target: a new line, its page, and the check that strikes it off."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.scope import get_visible

from ..errors import Refused
from ..models import Problem, Target
from ..order_forms import CheckForm, NewProblemForm, problem_form, problem_units
from ..services import problems as service
from ..services.problems import ProblemInput
from ..ui import params

PAGE = "workplan/supervision/problem.html"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def problem_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a problem on the target's list."""
    params.refuse_unknown(request, [])
    target = get_visible(Target.objects.select_related("plan__bureau", "task__section"), request.user, pk=pk)
    units = problem_units(request.user, target)
    if not units.exists():
        raise PermissionDenied("您没有进行此操作的权限。")
    posted = request.POST if request.method == "POST" else None
    only = units[0] if len(units[:2]) == 1 else None
    form = NewProblemForm(posted, user=request.user, target=target, units=units, initial={"org_unit": only})
    if posted is not None and form.is_valid() and _add(request, target, form):
        messages.success(request, "已列入问题清单。")
        return redirect(f"{reverse('workplan:target', args=[pk])}#problems")
    crumbs = [(target.code, reverse("workplan:target", args=[pk])), ("登记问题", None)]
    context = {"form": form, "target": target, "crumbs": crumbs}
    return render(request, "workplan/supervision/problem_new.html", context, status=422 if form.is_bound else 200)


def _add(request: HttpRequest, target: Target, form: NewProblemForm) -> bool:
    data = form.cleaned_data
    try:
        service.add_problem(
            target=target,
            org_unit=data["org_unit"],
            typed=_typed(data),
            actor=request.user,
            order=data.get("order"),
            key=f"form:{request.user.pk}:{data['key']}",
        )
    except Refused as refused:
        form.place(refused)
        return False
    return True


def _typed(data: dict) -> ProblemInput:
    return ProblemInput(**{name: data[name] for name in ("problem", "cause", "action", "responsible", "due")})


@login_required
@require_safe
def problem(request: HttpRequest, pk: int) -> HttpResponse:
    params.refuse_unknown(request, [])
    return render(request, PAGE, _page(_visible(request.user, pk), request.user))


def _visible(user, pk: int) -> Problem:
    rows = Problem.objects.select_related(
        "target__task__section", "target__plan__bureau", "org_unit", "order", "created_by", "closed_by", "changed_by"
    )
    return get_visible(rows, user, pk=pk)


def _page(row: Problem, user, **forms) -> dict:
    writing, checking = service.may_write(row, user), service.may_check(row, user)
    return {
        "row": row,
        "form": forms.get("form") or (problem_form(row) if writing and not row.closed_on else None),
        "check": forms.get("check") or (_check_form(row) if checking else None),
        "conflict": forms.get("conflict"),
        "order_url": _order_url(row, user),
        "crumbs": [
            (row.target.code, reverse("workplan:target", args=[row.target_id])),
            ("问题清单", f"{reverse('workplan:target', args=[row.target_id])}#problems"),
            (f"问题 {row.pk}", None),
        ],
    }


def _check_form(row: Problem, data=None) -> CheckForm:
    return CheckForm(data, initial={"version": row.version, "text": row.check_note}, auto_id="check-%s")


def _order_url(row: Problem, user) -> str:
    seen = row.order and type(row.order).objects.visible_to(user).filter(pk=row.order_id).exists()
    return reverse("workplan:order", args=[row.order_id]) if seen else ""


@login_required
@require_POST
def problem_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is said about the problem."""
    row = _visible(request.user, pk)
    if not service.may_write(row, request.user):
        raise PermissionDenied("您没有进行此操作的权限。")
    form = problem_form(row, request.POST)

    def change(data):
        service.change_problem(row=row, actor=request.user, version=data["version"], typed=_typed(data))

    return _written(request, row, "form", form, change, "已保存。")


@login_required
@require_POST
def problem_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what a check has shown; struck off where it says so."""
    row = _visible(request.user, pk)
    form = _checked(request, row)

    def check(data):
        what = {"note": data["text"], "closed": data["closed"]}
        service.check_problem(row=row, actor=request.user, version=data["version"], **what)

    return _written(request, row, "check", form, check, "已记录核查情况。")


@login_required
@require_POST
def problem_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a problem again that was struck off."""
    row = _visible(request.user, pk)
    form = _checked(request, row)

    def reopen(data):
        service.reopen_problem(row=row, actor=request.user, version=data["version"], reason=data["text"])

    return _written(request, row, "check", form, reopen, "已重新列入整改。")


def _checked(request: HttpRequest, row: Problem) -> CheckForm:
    if not service.may_check(row, request.user):
        raise PermissionDenied("您没有进行此操作的权限。")
    return _check_form(row, request.POST)


def _written(request, row: Problem, name: str, form, act, done: str) -> HttpResponse:
    """Do the act with what the form holds, or show the page again: 422 for bad input, 409 where somebody was faster."""
    if "version" in form.errors:
        raise BadRequest("表单不完整，请重新打开这个问题。")
    status, conflict = 422, None
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except Refused as refused:
            if refused.code in ("stale", "wrong_state"):
                status, conflict = 409, refused.message
                data = request.POST.copy()
                data["version"] = str(_visible(request.user, row.pk).version)
                form.data = data
            else:
                form.place(refused)
        else:
            messages.success(request, done)
            return redirect("workplan:problem", pk=row.pk)
    fresh = _visible(request.user, row.pk)
    return render(request, PAGE, _page(fresh, request.user, **{name: form, "conflict": conflict}), status=status)
