"""Numbers of identity documents: read, checked, and what they tell.

GB 11643-1999: six digits of the place of first registration, eight of the birth date, three of sequence (odd: male), one check
digit. The place is never checked: districts are renamed and numbers stay.
"""

import re
from datetime import date
from typing import NamedTuple

from stdnum.cn.ric import calc_check_digit

from .kinds import IdKind, Sex
from .typing import Unusable, is_scientific, require_short, squeezed

LONGEST = 60  # as typed
FIRST_YEAR = 1880  # older than anybody alive
RUINED = "号码的末几位已被 Excel 改写，无法恢复。请在 Excel 中把该列设为“文本”格式，重新输入完整号码后再导入。"
PATTERNS: dict[str, tuple[re.Pattern, str]] = {
    IdKind.BIRTH_CERTIFICATE: (re.compile(r"[A-Z]\d{9}"), "出生医学证明编号应为 1 个字母加 9 位数字。"),
    IdKind.PASSPORT: (re.compile(r"[A-Z0-9]{5,20}"), "护照号码应为 5 至 20 位字母或数字。"),
    IdKind.OTHER: (re.compile(r"[A-Z0-9()\-/]{4,30}"), "证件号码应为 4 至 30 位字母或数字。"),
}
RESIDENCE_PERMIT_PLACES = ("81", "82", "83")


class IdNumber(NamedTuple):
    """A checked number in its one form; birth date and sex where it tells them."""

    text: str
    birth_date: date | None = None
    sex: str = Sex.UNKNOWN


def read_id_number(kind: str, typed: str, today: date, *, was_number: bool = False) -> IdNumber:
    """Return the number of a document of the kind. Raises Unusable.

    was_number: the cell held a number, not text; of more than 15 digits the last are lost then, whatever the check digit says.
    """
    require_short(typed, LONGEST, "证件号码")
    text = squeezed(typed).upper()
    if kind == IdKind.NONE:
        if text:
            raise Unusable("选择“无证件”时不填写证件号码。")
        return IdNumber("")
    if not text:
        raise Unusable("请填写证件号码。")
    if is_scientific(text):
        raise Unusable(RUINED)
    if kind in (IdKind.RESIDENT, IdKind.RESIDENCE_PERMIT):
        return _read_resident(kind, text, today, was_number)
    pattern, message = PATTERNS[kind]
    if not pattern.fullmatch(text):
        raise Unusable(message)
    return IdNumber(text)


def _read_resident(kind: str, text: str, today: date, was_number: bool) -> IdNumber:
    if text.endswith(".0"):  # what is left of a number cell
        text, was_number = text.removesuffix(".0"), True
    if not re.fullmatch(r"[0-9]+X?", text):
        raise Unusable("身份证号只能包含数字，最后一位可以是 X。")
    if len(text) == 15 and kind == IdKind.RESIDENT:
        text = _lengthened(text)
    if len(text) != 18:
        raise Unusable(f"身份证号应为 18 位，现为 {len(text)} 位。")
    if text.endswith("000") and (was_number or calc_check_digit(text) != text[-1]):
        raise Unusable(RUINED)
    born = _birth_date(text[6:14], today)
    if calc_check_digit(text) != text[-1]:
        raise Unusable("身份证号的校验位不符，请核对是否有输错的数字。")
    if kind == IdKind.RESIDENCE_PERMIT and not text.startswith(RESIDENCE_PERMIT_PLACES):
        raise Unusable("港澳台居民居住证号码应以 81、82 或 83 开头。")
    return IdNumber(text, born, Sex.MALE if int(text[16]) % 2 else Sex.FEMALE)


def _lengthened(text: str) -> str:
    """Return the 18 characters of a first-generation number, which left out the century and the check digit."""
    if not text.isdigit():
        raise Unusable("15 位身份证号只能包含数字。")
    longer = f"{text[:6]}19{text[6:]}"
    return longer + calc_check_digit(f"{longer}0")


def _birth_date(text: str, today: date) -> date:
    try:
        born = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise Unusable("身份证号中的出生日期不是有效日期，请核对。") from None
    if born > today:
        raise Unusable("身份证号中的出生日期晚于今天，请核对。")
    if born.year < FIRST_YEAR:
        raise Unusable("身份证号中的出生日期过早，请核对。")
    return born


def tail_of(number: str) -> str:
    """Return the last four characters, which are kept beside the encrypted number for search."""
    return number[-4:]
