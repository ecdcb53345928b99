"""Numbers as official documents write them: 12, １２, 十二, 一百零五, 二〇二六, 1.5万, 两."""

from decimal import Decimal

DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10_000, "亿": 100_000_000}
CHINESE = "零〇○一二两三四五六七八九十百千"
LONGEST = 24  # characters of a number; what is longer is no amount of anything


def chinese_number(text: str) -> int | None:
    """Return the value of a Chinese numeral below ten thousand; None where it is none (二三, 百十).

    Digits in a row without a word for tens are read one by one (二〇二六), as years are written.
    """
    if not text or len(text) > LONGEST or any(word not in DIGITS and word not in TENS for word in text):
        return None
    if not any(word in TENS for word in text):
        return _in_a_row(text)
    total, digit, last = 0, None, 10_000
    for word in text:
        if word in DIGITS:
            if digit:
                return None
            digit = DIGITS[word]
            continue
        size = TENS[word]
        if size >= last or (digit == 0 and total == 0) or (digit is None and (size != 10 or total)):
            return None
        total, digit, last = total + size * (digit or 1), None, size
    return total + (digit or 0)


def _in_a_row(text: str) -> int | None:
    if len(text) == 1:
        return DIGITS[text]
    return int("".join(str(DIGITS[word]) for word in text)) if len(text) == 4 else None


def amount(text: str) -> Decimal | None:
    """Return the value of digits or a Chinese numeral, with 万 or 亿 behind it; separators of thousands are ignored."""
    factor, bare = 1, text.strip().replace(",", "").replace("，", "").replace(" ", "")
    while bare and bare[-1] in LARGE:
        factor, bare = factor * LARGE[bare[-1]], bare[:-1]
    if not bare or len(bare) > LONGEST or factor > 10**12:
        return None
    if bare[0].isdecimal():
        whole, _, part = bare.partition(".")
        return _plain(Decimal(bare) * factor) if whole.isdecimal() and (not part or part.isdecimal()) else None
    value = chinese_number(bare)
    return None if value is None else Decimal(value * factor)


def _plain(value: Decimal) -> Decimal:
    """Return the value without idle zeros and exponents."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
