"""The user's own account: data, password, sessions, tokens."""

from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import clock
from ..audit import ACTIONS
from ..errors import Refused
from ..forms import PasswordForm, TokenForm
from ..models import Event
from ..passwords import is_too_old
from ..services import tokens, users

SIGN_INS_SHOWN = 10


@login_required
@require_safe
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Show who I am, what I may do where, my last sign-ins and my tokens."""
    return _page(request, TokenForm())


def _page(request: HttpRequest, form: TokenForm, *, raw: str = "", status: int = 200) -> HttpResponse:
    user, today = request.user, clock.today()
    sign_ins = Event.objects.of(user).filter(action__in=("auth.sign_in", "auth.refused", "auth.locked"))
    context = {
        "memberships": user.memberships.unended(today).select_related("org_unit"),
        "sign_ins": [(event.at, ACTIONS[event.action]) for event in sign_ins[:SIGN_INS_SHOWN]],
        "tokens": user.api_tokens.all(),
        "form": form,
        "raw_token": raw,
    }
    return render(request, "accounts/account.html", context, status=status)


@sensitive_post_parameters()
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the own password; the reason is told where it is forced."""
    form = PasswordForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_bound and form.is_valid():
        user = users.change_password(user=request.user, password=form.cleaned_data["new"])
        update_session_auth_hash(request, user)  # the other sessions end
        messages.success(request, "密码已修改，其他设备上的登录已全部失效。")
        return redirect("workplan:home")
    context = {"form": form, "start": request.user.must_change_password, "too_old": is_too_old(request.user)}
    return render(request, "accounts/password.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all sessions of mine, this one included."""
    users.sign_out_everywhere(user=request.user, actor=request.user)
    end_session(request)
    messages.success(request, "所有设备上的登录均已退出，请重新登录。")
    return redirect("accounts:login")


@login_required
@require_POST
@never_cache
def token_issue(request: HttpRequest) -> HttpResponse:
    """Make a token and show it on this very answer: it is not kept for a redirect."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        _, raw = tokens.issue_token(user=request.user, actor=request.user, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.message)
        return _page(request, form, status=422)
    return _page(request, TokenForm(), raw=raw)


@login_required
@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of my own tokens."""
    token = get_object_or_404(request.user.api_tokens, pk=pk)
    tokens.revoke_token(token=token, actor=request.user)
    messages.success(request, f"令牌“{token.name}”已撤销。")
    return redirect("accounts:account")
