"""Leaders' remarks: the list, a new one, the page of one with the office's answer."""

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
from ..errors import Refused
from ..models import Remark, SupervisionOrder
from ..remark_forms import AnswerForm, RemarkForm, answer_form
from ..services import remarks as service
from ..services.supervision import Subject, office_of, task_of
from ..ui import params
from ..ui import remarks as signs
from ..ui.tables import render_list
from .order_page import subject_url
from .remark_tables import RemarkFilter, RemarkTable
from .supervision import SUBJECTS, named_subject

PAGE = "workplan/remarks/remark.html"
INCOMPLETE = "表单不完整，请重新打开这个页面。"


@login_required
@require_safe
def remarks(request: HttpRequest) -> HttpResponse:
    return render_list(
        request,
        queryset=Remark.objects.with_context().filter(written_on__lte=params.as_of(request)),
        table_class=RemarkTable,
        filterset_class=RemarkFilter,
        template="workplan/remarks/remarks.html",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remark_new(request: HttpRequest) -> HttpResponse:
    """Write a remark on what the address names: a task, a target or a report."""
    require_right(request.user, Right.REMARK)
    params.refuse_unknown(request, SUBJECTS)
    subject = named_subject(request, Right.REMARK)
    task = task_of(subject)
    if task is None:
        raise params.BadParameter("", "网址", "请从任务、目标或填报的页面进入批示。")
    posted = request.POST if request.method == "POST" else None
    form = RemarkForm(posted, initial={"due": service.usual_due(task.plan.bureau)})
    if posted is not None and form.is_valid():
        made = _write(request, form, subject)
        if made:
            messages.success(request, f"已批示，并告知{made.org_unit.label}。")
            return redirect("workplan:remark", pk=made.pk)
    if "key" in form.errors:
        raise BadRequest(INCOMPLETE)
    about = subject.task or subject.target or subject.report
    context = {
        "form": form,
        "subject": about,
        "kind": about._meta.verbose_name,
        "office": office_of(task.plan, task.section.app),
        "crumbs": [("领导批示", reverse("workplan:remarks")), ("批示", None)],
    }
    return render(request, "workplan/remarks/new.html", context, status=422 if form.is_bound else 200)


def _write(request: HttpRequest, form: RemarkForm, subject: Subject) -> Remark | None:
    """Return the remark; None where the service refuses, with the reason at the field."""
    key = f"form:{request.user.pk}:{form.cleaned_data['key']}"
    try:
        return service.write_remark(subject=subject, typed=form.typed(), actor=request.user, key=key)
    except Refused as refused:
        _raise_forbidden(refused)
        form.place(refused)
        return None


def _raise_forbidden(refused: Refused) -> None:
    if refused.code == "forbidden":
        raise PermissionDenied(refused.message) from None


@login_required
@require_safe
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    params.refuse_unknown(request, [])
    return render(request, PAGE, _page(_visible(request.user, pk), request.user))


def _visible(user, pk: int, right: str = Right.VIEW) -> Remark:
    """Return the remark; 404 outside the scope, 403 inside without the right."""
    return get_visible(Remark.objects.with_context(), user, right, pk=pk)


def _page(row: Remark, user, form: AnswerForm | None = None, conflict: dict | None = None) -> dict:
    """Return everything that the remark's page shows. form: what could not be written; conflict: why, where it is gone."""
    return {
        "row": row,
        "state": signs.state_mark(row, clock.today()),
        "days": signs.days_left(row, clock.today()),
        "waits": signs.waits(row, clock.today()),
        "section": signs.section_of(row),
        "subject_url": subject_url(row, user),
        "order_seen": _order_seen(row, user),
        "form": (form or answer_form(row)) if service.may_answer(row, user) else None,
        "may_convert": service.may_convert(row, user),
        "conflict": conflict,
        "crumbs": [("领导批示", reverse("workplan:remarks")), (str(row), None)],
    }


def _order_seen(row: Remark, user) -> SupervisionOrder | None:
    """Return the order that the remark became, or its draft, where the user may see it."""
    return SupervisionOrder.objects.visible_to(user).filter(pk=row.order_id).first() if row.order_id else None


@login_required
@require_POST
def remark_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Store the office's answer, or show the form again with the reason and what was typed.

    Answers 422 for what is wrong with the input, 409 where the remark is no longer as it was read.
    """
    row = _visible(request.user, pk, Right.REPORT_REVIEW)
    form = answer_form(row, request.POST)
    if form.is_valid():
        try:
            service.answer_remark(remark=row, actor=request.user, **form.cleaned_data)
        except Refused as refused:
            return _refused(request, form, refused, pk)
        messages.success(request, "已回应，并告知批示人。")
        return redirect("workplan:remark", pk=pk)
    if "version" in form.errors:
        raise BadRequest(INCOMPLETE)
    return render(request, PAGE, _page(row, request.user, form), status=422)


def _refused(request: HttpRequest, form: AnswerForm, refused: Refused, pk: int) -> HttpResponse:
    """Show the remark as it stands now. What was typed stays in the form, or beside the reason where the form is gone."""
    _raise_forbidden(refused)
    fresh = _visible(request.user, pk)
    if refused.code == "text_required":
        form.place(refused)
        return render(request, PAGE, _page(fresh, request.user, form), status=422)
    data = request.POST.copy()
    data["version"] = str(fresh.version)
    renewed = answer_form(fresh, data)
    offered = service.may_answer(fresh, request.user)
    conflict = {"message": refused.message, "text": "" if offered else form.cleaned_data["text"]}
    return render(request, PAGE, _page(fresh, request.user, renewed, conflict), status=409)
