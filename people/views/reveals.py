"""Looking at a full number, and the log of those who did."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.crypto import Undecryptable
from accounts.enums import Right
from accounts.errors import Refused
from accounts.scope import get_visible, require_right
from workplan.views.admin_tables import render_filtered

from ..enums import SecretField
from ..forms import RevealForm
from ..models import Person, Reveal
from ..services.revealing import reveal
from ..ui.lists import RevealFilter, RevealTable
from .persons import person_page

TOO_MANY = "too_many_reveals"


@login_required
@never_cache
@require_POST
def person_reveal(request: HttpRequest, uid, field: str) -> HttpResponse:
    """Answer the person's page with one number in full: this once, kept nowhere."""
    if field not in SecretField.values:
        raise Http404("没有找到该内容，或您无权查看。")
    row = get_visible(Person.objects.with_context(), request.user, Right.REVEAL, uid=uid)
    form = RevealForm(request.POST)
    if not form.is_valid():
        return person_page(request, row, status=422, reveal_form=form, revealing=field)
    try:
        value = reveal(actor=request.user, person=row, field=field, reason=form.cleaned_data["reason"])
    except Refused as refused:
        form.add_error(None, refused.message)
        status = 429 if refused.code == TOO_MANY else 422
        return person_page(request, row, status=status, reveal_form=form, revealing=field)
    except Undecryptable:
        form.add_error(None, "该号码无法解密，请联系系统管理员检查数据密钥。")
        return person_page(request, row, status=422, reveal_form=form, revealing=field)
    return person_page(request, row, revealed={"field": field, "value": value})


@login_required
@require_safe
def reveals(request: HttpRequest) -> HttpResponse:
    """List who looked at which number and why, newest first."""
    require_right(request.user, Right.AUDIT_READ)
    rows = Reveal.objects.visible_to(request.user, Right.AUDIT_READ).select_related("user", "org_unit")
    return render_filtered(
        request, rows=rows, filterset_class=RevealFilter, table_class=RevealTable, template="people/reveals.html"
    )
