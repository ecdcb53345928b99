"""What people and spreadsheets type, brought into one form."""

import re
import unicodedata

# Full-width forms of "!" to "~" lie at one distance from the ASCII ones.
FULL_WIDTH = {code + 0xFEE0: code for code in range(0x21, 0x7F)}
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE][+]?\d{1,2}")


class Unusable(ValueError):
    """A typed value that cannot be used. `str()` is the Chinese sentence for its field and repeats nothing of the value."""


def require_short(text: str, longest: int, what: str) -> None:
    """Raise Unusable for a text that is too long to be what it should be. To be asked before anything looks into it."""
    if len(text) > longest:
        raise Unusable(f"{what}最多 {longest} 个字。")


def narrowed(text: str) -> str:
    """Return the text with full-width letters, digits and signs as ASCII; Chinese characters stay as they are."""
    return text if text.isascii() else text.translate(FULL_WIDTH)


def squeezed(text: str) -> str:
    """Return a number as typed without blanks, unseen characters and the apostrophe that spreadsheets put before text."""
    if text.isascii() and text.isalnum():  # nearly always
        return text
    kept = "".join(c for c in narrowed(text) if not c.isspace() and unicodedata.category(c) not in UNSEEN)
    return kept.lstrip("'‘’`")


def is_scientific(text: str) -> bool:
    """Say whether a spreadsheet has turned a long number into something like 5.0015619900101E+17."""
    return SCIENTIFIC.fullmatch(text) is not None
