"""Names of people: one form to compare them in, and the initials to search them by."""

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from .typing import UNSEEN, Unusable, narrowed

LONGEST = 60
SPACED = 4  # times as long a name may be typed, with blanks that go
TOO_LONG = f"姓名最多 {LONGEST} 个字。"
DOT = "·"
DOTS = re.compile(r"\s*[\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65\u16eb\u2024\u25cf\u318d]\s*")
# A full stop between two characters of a name stands for the middle dot; in Latin names it ends an initial.
STOP = re.compile(r"(?<=[\u2e80-\U0003ffff])\s*[.。．]\s*(?=[\u2e80-\U0003ffff])")
HAN_BLANK = re.compile(r"(?<=[\u2e80-\U0003ffff])\s+(?=[\u2e80-\U0003ffff])")
HAN = re.compile(r"[\u4e00-\u9fa5]+")
LETTERS = ("L", "M")
ALSO = {DOT, " ", "-", "'", ".", "〇"}
# Family names that are not read as the character usually is.
SURNAMES = {
    "单": "s", "仇": "q", "解": "x", "查": "z", "区": "o", "曾": "z", "盖": "g", "覃": "q", "朴": "p", "冼": "x", "繁": "p",
    "种": "c", "员": "y", "缪": "m", "折": "s", "秘": "b", "乐": "y", "召": "s", "黑": "h", "万俟": "mq", "尉迟": "yc", "长孙": "zs",
}  # fmt: skip


# A character of names that pypinyin has no reading of.
RARE = {"𠮷": "j"}


def normalise_name(typed: str) -> str:
    """Return the name in its one form. Raises Unusable for what is no name.

    Blanks between Chinese characters go, full-width letters become ASCII, every middle dot the same one. Characters are never
    replaced by others: 𠮷 stays 𠮷.
    """
    if len(typed) > LONGEST * SPACED:  # nothing looks into such a text
        raise Unusable(TOO_LONG)
    if HAN.fullmatch(typed) and len(typed) <= LONGEST:  # nearly always
        return typed
    text = DOTS.sub(DOT, " ".join(narrowed(typed).split()).strip("'"))
    text = HAN_BLANK.sub("", STOP.sub(DOT, text)).strip(f"{DOT} ")
    if not text:
        raise Unusable("请填写姓名。")
    if len(text) > LONGEST:
        raise Unusable(TOO_LONG)
    _require_letters(text)
    return text


def _require_letters(text: str) -> None:
    for c in text:
        category = unicodedata.category(c)
        if category in UNSEEN:
            raise Unusable("姓名中有无法显示的字符，请用正式汉字或拼音代替。")
        if not category.startswith(LETTERS) and c not in ALSO:
            raise Unusable("姓名只能包含汉字、字母和间隔号，不要填写数字、括号或备注。")


def initials_of(name: str) -> str:
    """Return the pinyin initials of a name, small letters: 张三丰 → zsf. Characters without a reading are left out."""
    first = next((word for word in (name[:2], name[:1]) if word in SURNAMES), "")
    rest = name[len(first) :]
    return (SURNAMES.get(first, "") + "".join(map(_initial, rest)))[:LONGEST]


@lru_cache(maxsize=30000)
def _initial(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalpha() else ""
    if character in RARE:
        return RARE[character]
    read = lazy_pinyin(character, style=Style.FIRST_LETTER, errors="ignore")
    return read[0] if read and read[0].isascii() else ""
