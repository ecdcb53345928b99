"""What people may type as a name: characters that are seen."""

import unicodedata

from django.core.exceptions import ValidationError

# Control, surrogate, private and unassigned characters, and format characters such as those that turn the direction.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def require_visible_text(value: str) -> None:
    """Raise ValidationError for text with characters that nobody sees: two different names could look the same."""
    if any(unicodedata.category(c) in UNSEEN for c in value):
        raise ValidationError("含有无法识别的字符。", code="unseen")
