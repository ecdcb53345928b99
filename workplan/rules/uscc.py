"""The unified social credit code (统一社会信用代码) of organisations, GB 32100-2015.

18 characters: registration authority, type, six digits of the division, nine of the organisation code (GB 11714, with a check
character of its own), and a check character. Real codes that fail the check are in use, so what is found is a doubt, not an error.
"""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z
LENGTH = 18
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # 3^i mod 31
BODY = slice(8, 16)  # the organisation code without its check character
BODY_CHECK = 16
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
BODY_CHECKS = "0123456789X"
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def normalise(text: str) -> str:
    """Return the code in its one form: ASCII, capitals, no blanks or hyphens."""
    return "".join(text.translate(FULL_WIDTH).split()).replace("-", "").upper()


def check_character(code: str) -> str:
    """Return the last character that goes with the first 17. Raises ValueError for characters that codes never have."""
    return ALPHABET[-sum(ALPHABET.index(c) * weight for c, weight in zip(code, WEIGHTS, strict=False)) % 31]


def body_check_character(code: str) -> str:
    """Return the check character that goes with the organisation code inside: its letters count 10 for A to 35 for Z."""
    total = sum(int(c, 36) * weight for c, weight in zip(code[BODY], BODY_WEIGHTS, strict=True))
    return BODY_CHECKS[-total % 11]


def doubt_of(code: str) -> str:
    """Return in one sentence what is wrong with a normalised code; "" for one that passes."""
    if len(code) != LENGTH:
        return f"统一社会信用代码应为 {LENGTH} 位，现为 {len(code)} 位，请核对证书。"
    strange = sorted({c for c in code if c not in ALPHABET})
    if strange:
        return f"统一社会信用代码中不应出现 {'、'.join(strange)}，请核对证书。"
    if not code[2:8].isdigit():
        return "统一社会信用代码第 3 至 8 位应为行政区划数字，请核对证书。"
    if code[-1] != check_character(code) or code[BODY_CHECK] != body_check_character(code):
        return "统一社会信用代码的校验位不符，请核对证书；确认无误的可以保留。"
    return ""
