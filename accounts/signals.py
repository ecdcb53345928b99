"""Notes sign-ins, sign-outs and refusals in the audit log. The attempted name and password are never written."""

import time

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from . import audit
from .middleware import SEEN, STARTED
from .models import User


@receiver(user_logged_in)
def note_sign_in(sender, request, user, **kwargs):
    if request is not None and hasattr(request, "session"):
        request.session[STARTED] = request.session[SEEN] = time.time()
    audit.record(action="auth.sign_in", actor=user, row=user)


@receiver(user_logged_out)
def note_sign_out(sender, request, user, **kwargs):
    if user is not None:
        audit.record(action="auth.sign_out", actor=user, row=user)


@receiver(user_login_failed)
def note_refusal(sender, credentials, request=None, **kwargs):
    audit.record(action="auth.refused", row=_account(credentials.get("username")))


@receiver(user_locked_out)
def note_lock(sender, request=None, username=None, **kwargs):
    audit.record(action="auth.locked", row=_account(username))


def _account(username) -> User | None:
    """Return the account that was tried, if there is one: an unknown name may be a mistyped password."""
    return User.objects.filter(username=username).first() if isinstance(username, str) and "\0" not in username else None
