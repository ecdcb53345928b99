"""Text that a spreadsheet program could run: made harmless on the way out, taken back as it was on the way in."""

# A cell that begins so is a formula, or becomes one where a program is lenient about width and blanks.
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BLANKS = " \u3000\u00a0\ufeff\u200b"
CELL_LIMIT = 32767


def disarm(text: str) -> str:
    """Return the text with an apostrophe before anything that a spreadsheet could run as a formula."""
    kept = "".join(c for c in text if c in "\t\n\r" or not (ord(c) < 32 or 0xD800 <= ord(c) <= 0xDFFF))
    armed = kept.lstrip(BLANKS).startswith(TRIGGERS)
    return f"'{kept}"[:CELL_LIMIT] if armed else kept[:CELL_LIMIT]


def restore(text: str) -> str:
    """Return the text without an apostrophe that `disarm` put before it: an exported file comes back unchanged."""
    return text[1:] if text.startswith("'") and disarm(text[1:]) == text else text
