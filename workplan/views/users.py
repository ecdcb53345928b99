"""The administration of users. Rows come from `visible_to`; changing one asks that it lies within the own units."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.admin_forms import GrantForm, ReasonForm, UserChangeForm, UserCreateForm
from accounts.audit import ACTIONS
from accounts.audit_text import changes_of
from accounts.enums import Right
from accounts.errors import Refused
from accounts.models import Event, Membership, User
from accounts.scope import get_visible, require_right
from accounts.services import roles
from accounts.services import users as acts

from .admin_tables import UserFilter, UserTable, render_filtered, shown_memberships

HISTORY_SHOWN = 20


@login_required
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    """List the accounts of the own units."""
    require_right(request.user, Right.USER_MANAGE)
    shown = Prefetch("memberships", shown_memberships(request.user), to_attr="shown_memberships")
    rows = User.objects.visible_to(request.user, Right.USER_MANAGE).prefetch_related(shown)
    return render_filtered(
        request, rows=rows, filterset_class=UserFilter, table_class=UserTable, template="accounts/users.html"
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def user_create(request: HttpRequest) -> HttpResponse:
    """Make an account; the answer shows the start password once."""
    require_right(request.user, Right.USER_MANAGE)
    form = UserCreateForm(request.POST if request.method == "POST" else None, actor=request.user)
    if form.is_bound and form.is_valid():
        try:
            user, password = acts.create_user(actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error("role", refused.message)
        except ValidationError as invalid:  # taken between the check and the writing
            form.add_error(None, invalid.messages)
        else:
            return _password_page(request, user, password, "账号已建立")
    return render(request, "accounts/user_create.html", {"form": form}, status=422 if form.is_bound else 200)


def _password_page(request: HttpRequest, user: User, password: str, title: str) -> HttpResponse:
    context = {"person": user, "password": password, "title": title}
    return render(request, "accounts/start_password.html", context)


@login_required
@require_safe
def user(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an account: its roles, its history, and the forms to change it."""
    return _page(request, _person(request, pk))


def _person(request: HttpRequest, pk: int) -> User:
    """Return the account. The right is asked for first, so that without it no number tells whether there is one."""
    require_right(request.user, Right.USER_MANAGE)
    return get_visible(User.objects, request.user, Right.USER_MANAGE, pk=pk)


def _page(request: HttpRequest, person: User, *, status: int = 200, **bound) -> HttpResponse:
    visible = Membership.objects.visible_to(request.user, Right.USER_MANAGE).filter(user=person)
    context = {
        "person": person,
        "current": shown_memberships(request.user).filter(user=person),
        "memberships": visible.select_related("org_unit").order_by("-valid_from", "-pk"),
        "history": _history(request.user, person, visible),
        "manageable": _is_manageable(request.user, person),
        "own": person.pk == request.user.pk,
        "change_form": UserChangeForm(initial={"name": person.name, "email": person.email}),
        "grant_form": GrantForm(actor=request.user),
        "reason_form": ReasonForm(),
        **bound,
    }
    return render(request, "accounts/user.html", context, status=status)


def _history(reader: User, person: User, roles_seen) -> list[tuple]:
    """Return (event, act, changes) of the account and of its roles, newest first."""
    role_ids = [str(pk) for pk in roles_seen.values_list("pk", flat=True)]
    account = Q(object_type=User._meta.label_lower, object_id=str(person.pk))
    role = Q(object_type=Membership._meta.label_lower, object_id__in=role_ids)
    events = Event.objects.visible_to(reader, Right.AUDIT_READ).filter(account | role).order_by("-pk")
    return [(event, ACTIONS[event.action], changes_of(event)) for event in events[:HISTORY_SHOWN]]


def _is_manageable(actor: User, person: User) -> bool:
    return User.objects.manageable_by(actor).filter(pk=person.pk).exists()


def manageable_or_refuse(request: HttpRequest, pk: int) -> User:
    """Return the account, or raise: Http404 outside the scope, PermissionDenied where it has roles beyond it."""
    person = _person(request, pk)
    if not _is_manageable(request.user, person):
        raise PermissionDenied("该用户在您管辖范围以外还有任职，请由上级管理员办理。")
    return person


def _do(request: HttpRequest, act: Callable, done: str) -> bool:
    """Run an act and say that it is done, or why it is not."""
    try:
        act()
    except Refused as refused:
        messages.error(request, refused.message)
        return False
    messages.success(request, done)
    return True


@login_required
@require_POST
def user_change(request: HttpRequest, pk: int) -> HttpResponse:
    person = manageable_or_refuse(request, pk)
    form = UserChangeForm(request.POST)
    if not form.is_valid():
        return _page(request, person, status=422, change_form=form)
    _do(request, lambda: acts.change_user(user=person, actor=request.user, **form.cleaned_data), "已保存。")
    return redirect("workplan:user", pk)


@login_required
@require_POST
def user_grant(request: HttpRequest, pk: int) -> HttpResponse:
    person = manageable_or_refuse(request, pk)
    form = GrantForm(request.POST, actor=request.user)
    if form.is_valid():
        try:
            given = roles.grant_role(user=person, actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, f"已授予：{given.org_unit} {given.get_role_display()}。")
            return redirect("workplan:user", pk)
    return _page(request, person, status=422, grant_form=form)


@login_required
@require_POST
def user_revoke(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    """Take away a role of the own units, also from somebody who holds others elsewhere."""
    person = _person(request, pk)
    row = get_visible(Membership.objects.filter(user=person), request.user, Right.USER_MANAGE, pk=membership)
    _do(request, lambda: roles.revoke_role(membership=row, actor=request.user), "角色已收回，立即生效。")
    return redirect("workplan:user", pk)


@login_required
@require_POST
def user_close(request: HttpRequest, pk: int) -> HttpResponse:
    person = manageable_or_refuse(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, person, status=422, reason_form=form)
    reason = form.cleaned_data["reason"]
    _do(
        request,
        lambda: acts.close_account(user=person, actor=request.user, reason=reason),
        "账号已停用，会话和令牌立即失效。",
    )
    return redirect("workplan:user", pk)


@login_required
@require_POST
def user_sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    person = manageable_or_refuse(request, pk)
    _do(request, lambda: acts.sign_out_everywhere(user=person, actor=request.user), "该用户的所有登录均已退出。")
    return redirect("workplan:user", pk)


@login_required
@never_cache
@require_POST
def user_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_new_password(request, pk, acts.reopen_account, "账号已启用")


@login_required
@never_cache
@require_POST
def user_reset(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_new_password(request, pk, acts.reset_password, "密码已重置")


def _with_new_password(request: HttpRequest, pk: int, act: Callable, title: str) -> HttpResponse:
    person = manageable_or_refuse(request, pk)
    try:
        person, password = act(user=person, actor=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("workplan:user", pk)
    return _password_page(request, person, password, title)
