"""What is shown of names and numbers by default. The same for everybody, children included."""

STAR = "*"
HIDDEN = 4  # characters that a mask hides at least; a shorter text is hidden whole


def mask_number(number: str) -> str:
    """Return a document number with its first three and last four characters; short ones keep one and two."""
    head, tail = (3, 4) if len(number) >= 12 else (1, 2)
    return _masked(number, head, tail)


def mask_phone(number: str) -> str:
    """Return a telephone number with its first three and last two digits."""
    return _masked(number, 3, 2)


def mask_end(tail: str, shown: int) -> str:
    """Return what is known of a number by its end alone, for files of thousands: nothing is decrypted to hide it again."""
    return STAR * HIDDEN + tail[-shown:] if tail else ""


def mask_name(name: str) -> str:
    """Return the first character of a name and stars: 张*, 欧**."""
    return name[:1] + STAR * min(max(len(name) - 1, 1), 2) if name else ""


def _masked(text: str, head: int, tail: int) -> str:
    hidden = len(text) - head - tail
    if hidden < HIDDEN:
        return STAR * len(text)
    return text[:head] + STAR * hidden + text[-tail:]
