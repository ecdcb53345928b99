"""Unlocks: which closed periods are open again for whom, and the form that grants one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.enums import Right
from accounts.scope import require_right

from ..errors import Refused
from ..forms import UnlockForm
from ..models import Unlock
from ..services.periods import unlock_period
from ..ui.tables import render_list
from .report_tables import UnlockFilter, UnlockTable


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def unlocks(request):
    require_right(request.user, Right.UNLOCK)
    form = UnlockForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid() and _grant(request, form):
        return redirect("workplan:unlocks")
    response = render_list(
        request,
        queryset=Unlock.objects.select_related("org_unit", "period", "granted_by"),
        table_class=UnlockTable,
        filterset_class=UnlockFilter,
        template="workplan/unlocks.html",
        extra={"form": form},
    )
    if form.is_bound:
        response.status_code = 422
    return response


def _grant(request, form: UnlockForm) -> bool:
    """Grant what the form asks for; put a refusal beside the form and return False."""
    asked = form.cleaned_data
    try:
        unlock = unlock_period(
            org_unit=asked["org_unit"],
            period=asked["period"],
            app=asked["app"],
            actor=request.user,
            reason=asked["reason"],
            expires_on=asked["expires_on"],
        )
    except Refused as refused:
        form.add_error(
            {"expiry_in_past": "expires_on", "expiry_too_far": "expires_on"}.get(refused.code), refused.message
        )
        return False
    messages.success(request, f"已为{unlock.org_unit}开放{unlock.period}补报，有效期至 {unlock.expires_on}。")
    return True
