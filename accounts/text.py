"""What people may type as a name: characters that are seen."""

import re
import unicodedata

from django.core.exceptions import ValidationError

# Control, surrogate, private and unassigned characters, and format characters such as those that turn the direction.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def require_visible_text(value: str) -> None:
    """Raise ValidationError for text with characters that nobody sees: two different names could look the same."""
    if any(unicodedata.category(c) in UNSEEN for c in value):
        raise ValidationError("含有无法识别的字符。", code="unseen")


# So many digits in a row are no row id of ours: somebody has put a telephone or ID number into an address.
LONG_NUMBER = re.compile(r"[0-9]{11,}[Xx]?")


# The address of a calendar feed is its password.
FEED = re.compile(r"(/calendar/)[^/\s]+")


def fit_for_logs(text: str) -> str:
    """Return an address path, or a line with one, as logs may keep it.

    That is without telephone and ID numbers that somebody typed into it, and without the tokens of calendar feeds.
    """
    return LONG_NUMBER.sub("…", FEED.sub(r"\1…", text))
