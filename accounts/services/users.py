"""The life of an account: made, changed, closed, opened again; its passwords and sessions."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from .. import audit
from ..errors import Refused
from ..models import ApiToken, CalendarFeed, OrgUnit, User
from ..passwords import start_password
from .roles import grant_role, require_other_administrator

FIELDS = ["username", "name", "email"]


@transaction.atomic
def create_user(
    *,
    username: str,
    name: str,
    org_unit: OrgUnit,
    role: str,
    actor: User | None,
    email: str = "",
    valid_from: date | None = None,
    password: str | None = None,
) -> tuple[User, str]:
    """Make an account with its first role; return it with its start password, which is stored nowhere in clear.

    password: one that the owner has chosen already (the first administrator); otherwise a random one that has to be
    changed at the first sign-in. Raises Refused where the role does not fit the unit, ValidationError for a name in use.
    """
    chosen = password or start_password()
    user = User(username=username, name=name, email=email, must_change_password=password is None)
    user.set_password(chosen)
    user.full_clean()
    user.save()
    audit.record(action="user.create", actor=actor, row=user, org_unit=org_unit, after=audit.snapshot(user, FIELDS))
    grant_role(user=user, org_unit=org_unit, role=role, actor=actor, valid_from=valid_from)
    return user, chosen


@transaction.atomic
def change_user(*, user: User, name: str, email: str, actor: User) -> User:
    """Change name and mail address. The account name stays: history and tokens speak of it."""
    user = _locked(user)
    before = audit.snapshot(user, FIELDS)
    user.name, user.email = name, email
    user.full_clean()
    user.save(update_fields=["name", "email"])
    old, new = audit.changes(before, audit.snapshot(user, FIELDS))
    if new:
        audit.record(action="user.change", actor=actor, row=user, before=old, after=new)
    return user


@transaction.atomic
def close_account(*, user: User, actor: User, reason: str = "") -> User:
    """Close an account at once: sessions end, tokens are revoked, roles stay on record and come back on reopening.

    Raises Refused for the actor's own account and for the last administrator of a unit.
    """
    if user.pk == actor.pk:
        raise Refused("不能停用自己的账号。", code="own_account")
    require_other_administrator(user=user)
    user = _locked(user)
    if not user.is_active:
        return user
    user.is_active = False
    user.session_epoch += 1
    user.save(update_fields=["is_active", "session_epoch"])
    _revoke_tokens(user)
    audit.record(
        action="user.close", actor=actor, row=user, before={"is_active": True}, after={"is_active": False}, note=reason
    )
    return user


@transaction.atomic
def reopen_account(*, user: User, actor: User) -> tuple[User, str]:
    """Open a closed account with a new start password; return both. Raises Refused where it is open."""
    user = _locked(user)
    if user.is_active:
        raise Refused("该账号已启用。", code="already_open")
    user.is_active = True
    chosen = _restart(user)
    audit.record(action="user.change", actor=actor, row=user, before={"is_active": False}, after={"is_active": True})
    return user, chosen


@transaction.atomic
def reset_password(*, user: User, actor: User) -> tuple[User, str]:
    """Give the account a new start password; sessions and tokens end. Raises Refused for the actor's own account."""
    if user.pk == actor.pk:
        raise Refused("请在“账号与安全”中修改自己的密码。", code="own_account")
    user = _locked(user)
    if not user.is_active:
        raise Refused("该账号已停用，请先启用。", code="closed")
    chosen = _restart(user)
    audit.record(action="auth.password", actor=actor, row=user, note="管理员重置")
    return user, chosen


def _restart(user: User) -> str:
    chosen = start_password()
    user.set_password(chosen)
    user.must_change_password = True
    user.session_epoch += 1
    user.save()
    _revoke_tokens(user)
    return chosen


@transaction.atomic
def change_password(*, user: User, password: str) -> User:
    """Set the password that the user has chosen; it was validated by the form. Other sessions end by themselves."""
    user = _locked(user)
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])
    audit.record(action="auth.password", actor=user, row=user)
    return user


@transaction.atomic
def sign_out_everywhere(*, user: User, actor: User) -> User:
    """End every session of the user at once. Tokens stay: they are revoked one by one."""
    user = _locked(user)
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
    audit.record(action="auth.sign_out_everywhere", actor=actor, row=user)
    return user


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _revoke_tokens(user: User) -> None:
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())
    CalendarFeed.objects.filter(user=user).delete()
