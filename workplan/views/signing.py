"""Signing for newly given tasks: one of them, or all that the page has listed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from accounts.enums import Right
from accounts.scope import require_right

from ..errors import Refused
from ..forms import is_id
from ..models import Assignment
from ..services.signing import sign_parts
from .reports import note_refusal

MOST = 500  # more than any list of one unit's tasks


@login_required
@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """Sign for the part that was pressed, or for all that were listed. What came in meanwhile is not among them."""
    require_right(request.user, Right.REPORT_WRITE)
    named = _named(request)
    mine = Assignment.objects.visible_to(request.user)
    if mine.filter(pk__in=named).count() != len(named):
        note_refusal(request, "签收时指定了无权查看的任务分工。")
        raise Http404("没有找到该内容，或您无权查看。")
    try:
        done = sign_parts(parts=named, actor=request.user)
    except Refused as refused:
        raise PermissionDenied(refused.message) from None
    if done:
        messages.success(request, f"已签收 {done} 项任务。")
    else:
        messages.info(request, "已经签收过，无需重复签收。")
    return redirect(_back(request))


def _named(request) -> set[int]:
    """Return the ids of the parts. Raises BadRequest for what the page does not send."""
    texts = request.POST.getlist("one") or request.POST.getlist("listed")
    if not texts or len(texts) > MOST or not all(is_id(text) for text in texts):
        raise BadRequest("表单不完整，请重新打开页面后签收。")
    return {int(text) for text in texts}


def _back(request) -> str:
    """Return the page that the button was pressed on: a unit's sheet, or the first page."""
    named = {name: request.POST.get(name, "") for name in ("unit", "period")}
    if not all(is_id(text) for text in named.values()):
        return reverse("workplan:home")
    return f"{reverse('workplan:sheet')}?{urlencode(named)}"
