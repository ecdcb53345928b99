"""What units answer to an ad-hoc request: the form of one unit, and all answers as a spreadsheet."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.enums import Right
from accounts.scope import get_visible, require_right

from .. import clock
from ..adhoc_forms import AnswerForm
from ..errors import Refused
from ..models import AdHocAnswer, AdHocRequest
from ..services.adhoc_answers import AnswerInvalid, may_answer, save_answer
from ..ui import adhoc as ui
from ..ui import params, xlsx

PAGE = "workplan/adhoc/answer.html"
INCOMPLETE = "表单不完整，请重新打开这个页面。"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a unit is asked and has answered; keep or hand in what was typed.

    Answers 422 for what is wrong with the input, 409 where the answer or the request is no longer as it was read.
    """
    params.refuse_unknown(request, [])
    posted = request.method == "POST"
    row = _visible(request.user, pk, Right.REPORT_WRITE if posted else Right.VIEW)
    form = AnswerForm(request.POST if posted else None, row=row, fields=list(row.request.fields.all()))
    if not posted:
        return render(request, PAGE, _page(row, request.user, form))
    if "version" in form.errors:
        raise BadRequest(INCOMPLETE)
    if form.is_valid():
        try:
            return _save(request, row, form)
        except AnswerInvalid as invalid:
            form.show(invalid.problems)
        except Refused as refused:
            return _refused(request, refused, pk)
    return render(request, PAGE, _page(row, request.user, form), status=422)


def _visible(user, pk: int, right: str = Right.VIEW) -> AdHocAnswer:
    return get_visible(AdHocAnswer.objects.with_context(), user, right, pk=pk)


def _save(request: HttpRequest, row: AdHocAnswer, form: AnswerForm) -> HttpResponse:
    submit = "submit" in request.POST
    said = {"typed": form.typed(), "version": form.cleaned_data["version"], "submit": submit}
    saved = save_answer(answer=row, actor=request.user, **said)
    if saved.answered_on:
        messages.success(request, f"已提交，可以修改至 {saved.request.expires}。")
    else:
        messages.success(request, "已保存草稿，尚未提交。")
    return redirect("workplan:adhoc_answer", pk=row.pk)


def _refused(request: HttpRequest, refused: Refused, pk: int) -> HttpResponse:
    """Show the answer as it stands now: what was typed stays in the form, beside what another has stored."""
    if refused.code == "forbidden":
        raise PermissionDenied(refused.message) from None
    fresh, data = _visible(request.user, pk), request.POST.copy()
    data["version"] = str(fresh.version)
    form = AnswerForm(data, row=fresh, fields=list(fresh.request.fields.all()))
    conflict = {"message": refused.message, "differences": form.differences()}
    return render(request, PAGE, _page(fresh, request.user, form, conflict), status=409)


def _page(row: AdHocAnswer, user, form: AnswerForm, conflict: dict | None = None) -> dict:
    """Return what the page shows. conflict: why what was typed could not be stored, and where it differs."""
    on, writing = clock.today(), may_answer(row, user)
    crumbs = [("临时填报", reverse("workplan:adhoc")), (row.request.title, ui.url_of(row.request))]
    return {
        "row": row,
        "asked": row.request,
        "mark": ui.answer_mark(row, on),
        "late": row.request.due < on and not row.answered_on,
        "form": form if writing else None,
        "said": ui.said_lines(row, form.asked, seen=writing or _writes(row, user)),
        "conflict": conflict,
        "crumbs": [*crumbs, (row.org_unit.label, None)],
    }


def _writes(row: AdHocAnswer, user) -> bool:
    return AdHocAnswer.objects.visible_to(user, Right.REPORT_WRITE).filter(pk=row.pk).exists()


@login_required
@require_safe
def answers_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the answers that the user may take along as a spreadsheet, and say so in the audit log."""
    params.refuse_unknown(request, [])
    asked = get_visible(AdHocRequest.objects.with_context(), request.user, Right.EXPORT, pk=pk)
    require_right(request.user, Right.EXPORT)
    on = clock.today()
    header, rows = ui.sheet_of(asked, ui.answers_of(asked, request.user, Right.EXPORT), on)
    title = f"临时填报 {asked.title}"
    after = {"list": title, "rows": len(rows) - 1, "as_of": on.isoformat()}
    audit.record(action="data.export", actor=request.user, row=asked, after=after, note=title)
    stream = xlsx.workbook(title=title, on=on, user=request.user, header=header, rows=rows)
    return xlsx.attachment(stream, f"{title}-{on:%Y%m%d}.xlsx")
