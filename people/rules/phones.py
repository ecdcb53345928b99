"""Telephone numbers of mainland China: mobile, or a landline with its area code."""

import re

from .typing import Unusable, is_scientific, require_short, squeezed

LONGEST = 40  # as typed
MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"(0\d{2,3})(\d{7,8})")
PREFIX = re.compile(r"(\+|00)?86(?=1[3-9]\d{9}$)")
SIGNS = re.compile(r"[-—–()（）]")


def read_phone(typed: str) -> str:
    """Return the digits of a telephone number, "" for an empty one. Raises Unusable."""
    require_short(typed, LONGEST, "电话号码")
    text = squeezed(typed)
    if not text:
        return ""
    if is_scientific(text):
        raise Unusable("电话号码已被 Excel 改成科学计数法，请把该列设为“文本”格式后重新输入。")
    digits = PREFIX.sub("", SIGNS.sub("", text.removesuffix(".0")))
    if not digits.isascii() or not digits.isdigit():
        raise Unusable("电话号码只能包含数字。")
    if digits.startswith("1") and not MOBILE.fullmatch(digits):
        raise Unusable("手机号应为 11 位。" if len(digits) != 11 else "手机号的前几位不符，请核对。")
    if not digits.startswith("1") and not LANDLINE.fullmatch(digits):
        raise Unusable("请填写 11 位手机号，或带区号的固定电话，如 023-77722000。")
    return digits
