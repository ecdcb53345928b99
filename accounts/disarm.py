"""Text that a spreadsheet program could run: made harmless on the way out, taken back as it was on the way in."""

import re

# A cell that begins so is a formula, or becomes one where a program is lenient about width, blanks and apostrophes.
TRIGGERS = "=+-@\t\r\n＝＋－＠"
BLANKS = " \u3000\u00a0\ufeff\u200b"
CELL_LIMIT = 32767
ARMED = re.compile(f"[{BLANKS}']*[{re.escape(TRIGGERS)}]")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")  # neither XML nor UTF-8 has a place for them
DOUBTFUL_FIRST = frozenset(TRIGGERS + BLANKS + "'")


def disarm(text: str) -> str:
    """Return the text with an apostrophe before anything that a spreadsheet could run as a formula.

    Text that looks as if it had been disarmed before gets one too, so that `restore` gives back what it was.
    """
    kept = UNWRITABLE.sub("", text)
    return f"'{kept}"[:CELL_LIMIT] if ARMED.match(kept) else kept[:CELL_LIMIT]


def restore(text: str) -> str:
    """Return the text without an apostrophe that `disarm` put before it: an exported file comes back unchanged."""
    return text[1:] if text.startswith("'") and ARMED.match(text, 1) else text


def is_harmless(text: str) -> bool:
    """Say quickly that `disarm` would change nothing; False where that takes a closer look."""
    return text.isprintable() and text[:1] not in DOUBTFUL_FIRST and len(text) <= CELL_LIMIT
