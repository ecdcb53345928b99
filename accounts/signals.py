"""Notes sign-ins, sign-outs and refusals in the audit log.

What was typed as name or password is never written: an unknown name is often a password in the wrong field.
"""

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from . import audit
from .middleware import SEEN, STARTED, now
from .models import OrgUnit, User


@receiver(user_logged_in)
def note_sign_in(sender, request, user, **kwargs):
    if request is not None and hasattr(request, "session"):
        request.session[STARTED] = request.session[SEEN] = now()
    audit.record(action="auth.sign_in", actor=user, row=user)


@receiver(user_logged_out)
def note_sign_out(sender, request, user, **kwargs):
    if user is not None:
        audit.record(action="auth.sign_out", actor=user, row=user)


@receiver(user_login_failed)
def note_refusal(sender, credentials, request=None, **kwargs):
    if not getattr(request, "axes_locked_out", False):  # that one is noted below
        _note("auth.refused", credentials.get("username"))


@receiver(user_locked_out)
def note_lock(sender, request=None, username=None, **kwargs):
    # axes hands over the disguised name: the typed one is in the credentials.
    typed = (getattr(request, "axes_credentials", None) or {}).get("username")
    _note("auth.locked", typed)


def _note(action: str, username) -> None:
    account = _account(username)
    if account is not None:
        audit.record(action=action, row=account)
    else:
        audit.record(action=action, org_unit=_house(), note="账号不存在")


def _account(username) -> User | None:
    if not isinstance(username, str) or "\0" in username:
        return None
    return User.objects.filter(username=username).first()


def _house() -> OrgUnit | None:
    """Return the one root unit. Where several districts share the portal, an unknown name belongs to none of them."""
    roots = list(OrgUnit.objects.filter(parent=None)[:2])
    return roots[0] if len(roots) == 1 else None
