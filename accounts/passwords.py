"""Start passwords, and when a password has to be changed."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from .validators import DENGBAO

# Without the letters and digits that are mixed up when read out or written down.
SMALL, CAPITAL, DIGIT = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"
GROUPS, GROUP_LENGTH = 4, 4


def start_password() -> str:
    """Return a random password for the first sign-in: about 70 bits, of four classes, easy to read out."""
    alphabet = SMALL + CAPITAL + DIGIT
    groups = ["".join(secrets.choice(alphabet) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)]
    # One of each class at a fixed place keeps 等保 satisfied whatever the draw.
    groups[0] = secrets.choice(CAPITAL) + secrets.choice(SMALL) + secrets.choice(DIGIT) + groups[0][-1]
    return "-".join(groups)


def must_change(user) -> bool:
    """Say whether the user has to choose a new password before anything else."""
    return user.must_change_password or is_too_old(user)


def is_too_old(user) -> bool:
    """Say whether the password has outlived its time: 等保 asks for periodic change, ASVS advises against it."""
    if settings.PASSWORD_POLICY != DENGBAO or user.is_demo or user.password_changed_at is None:
        return False
    return timezone.now() - user.password_changed_at > timedelta(days=settings.PASSWORD_MAX_AGE_DAYS)
