"""Pages that merge, split or end an org unit, and the handover of a user's work."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.admin_forms import DayForm
from accounts.errors import Refused

from .. import clock
from ..enums import EDITABLE_STATUSES
from ..models import ProgressReport
from ..services.handover import handover as hand_over
from ..services.units import close_unit, merge_units, split_unit
from ..unit_forms import HandoverForm, MergeForm, SplitForm
from .org_units import managed_unit
from .users import manageable_or_refuse

page = require_http_methods(["GET", "HEAD", "POST"])


def _data(request: HttpRequest) -> dict:
    return {"data": request.POST if request.method == "POST" else None, "initial": {"on": clock.today()}}


def _done(form: Form, act: Callable) -> bool:
    """Run the act that a valid form asks for; put a refusal beside the form and return False."""
    if not (form.is_bound and form.is_valid()):
        return False
    try:
        act(form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.message)
        return False
    return True


def _form_page(request: HttpRequest, template: str, form: Form, **context) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound else 200)


@login_required
@page
def unit_merge(request: HttpRequest, pk: int) -> HttpResponse:
    unit = managed_unit(request, pk)
    form = MergeForm(unit=unit, actor=request.user, **_data(request))
    if _done(form, lambda said: merge_units(into=said["into"], units=[unit], on=said["on"], actor=request.user)):
        messages.success(request, f"{unit}已并入{form.cleaned_data['into']}。")
        return redirect("workplan:org_unit", pk)
    return _form_page(request, "accounts/unit_merge.html", form, unit=unit)


@login_required
@page
def unit_split(request: HttpRequest, pk: int) -> HttpResponse:
    unit = managed_unit(request, pk)
    form = SplitForm(unit=unit, actor=request.user, **_data(request))

    def act(said):
        split_unit(unit=unit, into=list(said["into"]), on=said["on"], actor=request.user, heirs=form.heirs())

    if _done(form, act):
        messages.success(request, f"{unit}已拆分，请为承接单位授予人员角色。")
        return redirect("workplan:org_unit", pk)
    return _form_page(request, "accounts/unit_split.html", form, unit=unit)


@login_required
@page
def unit_retire(request: HttpRequest, pk: int) -> HttpResponse:
    unit = managed_unit(request, pk)
    form = DayForm(**_data(request))
    if _done(form, lambda said: close_unit(unit=unit, on=said["on"], actor=request.user)):
        messages.success(request, f"{unit}已停用。")
        return redirect("workplan:org_unit", pk)
    return _form_page(request, "accounts/unit_retire.html", form, unit=unit)


@login_required
@page
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    leaver = manageable_or_refuse(request, pk)
    form = HandoverForm(request.POST if request.method == "POST" else None, leaver=leaver, actor=request.user)

    def act(said):
        hand_over(leaver=leaver, successor=said["successor"], close=said["close"], actor=request.user)

    if _done(form, act):
        messages.success(request, f"{leaver}的未办工作和角色已交接给{form.cleaned_data['successor']}。")
        return redirect("workplan:user", pk)
    waiting = ProgressReport.objects.filter(drafted_by=leaver, status__in=EDITABLE_STATUSES).count()
    roles = leaver.memberships.unended(clock.today()).select_related("org_unit")
    return _form_page(request, "accounts/handover.html", form, person=leaver, waiting=waiting, memberships=roles)
