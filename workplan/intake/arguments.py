"""How the arguments of a correction are read: from what a form posts or JSON keeps, with a Chinese sentence where that will not do."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from .errors import BadEdit

Reader = Callable[[Any, str], Any]
IDENT = re.compile(r"[st][0-9]{1,7}(\.[0-9]{1,7})?")
APP = re.compile(r"[a-z]{1,40}")
MOST_DIGITS = 14  # before the point; the plan's column takes these and four places


def text(label: str, limit: int, *, needed: bool = True, lines: bool = False) -> Reader:
    """Return a reader of words. lines: line breaks are kept."""

    def read(value: Any, name: str) -> str:
        if not isinstance(value, str):
            raise BadEdit(f"{label}应为文字。", name)
        value = value.replace("\r\n", "\n").strip()
        if needed and not value:
            raise BadEdit(f"请填写{label}。", name)
        if len(value) > limit:
            raise BadEdit(f"{label}最多 {limit} 字，现有 {len(value)} 字。", name)
        if any((ord(c) < 32 and not (lines and c in "\n\t")) or 0xD800 <= ord(c) <= 0xDFFF for c in value):
            raise BadEdit(f"{label}含有无法识别的字符。", name)
        return value

    return read


def ident(value: Any, name: str) -> str:
    if not isinstance(value, str) or not IDENT.fullmatch(value):
        raise BadEdit("没有指明要修改的板块、任务或目标。", name)
    return value


def maybe_ident(value: Any, name: str) -> str:
    return "" if value == "" else ident(value, name)


def app(value: Any, name: str) -> str:
    """Read the code of a section app, "" for none. Which codes there are the service knows."""
    if value != "" and not (isinstance(value, str) and APP.fullmatch(value)):
        raise BadEdit("请选择业务板块。", name)
    return value


def one_of(label: str, allowed: Iterable[str]) -> Reader:
    allowed = tuple(str(one) for one in allowed)

    def read(value: Any, name: str) -> str:
        if value not in allowed:
            raise BadEdit(f"请选择{label}。", name)
        return str(value)

    return read


def amount(value: Any, name: str) -> Decimal | None:
    """Read a number of zero or more, "" for none."""
    if value in ("", None):
        return None
    try:
        found = Decimal(str(value).replace(",", "").strip())
    except InvalidOperation:
        raise BadEdit("请只填写数字，如 1234 或 90.5，不带单位。", name) from None
    if not found.is_finite() or found < 0:
        raise BadEdit("目标值应为不小于 0 的数字。", name)
    if found >= 10**MOST_DIGITS or found != round(found, 4):
        raise BadEdit(f"目标值最多 {MOST_DIGITS} 位整数、4 位小数。", name)
    return found


def day(value: Any, name: str) -> date | None:
    """Read a day written 2025-06-30, "" for none."""
    if value in ("", None):
        return None
    try:
        found = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2101:
        raise BadEdit("请填写日期，如 2025-06-30。", name)
    return found


def year(value: Any, name: str) -> int | None:
    if value in ("", None):
        return None
    digits = str(value).strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) == 4 and 2000 <= int(digits) <= 2100):
        raise BadEdit("年度应为 2000 与 2100 之间的年份。", name)
    return int(digits)


def whole(value: Any, name: str) -> int | None:
    """Read a number of characters, "" for none."""
    if value in ("", None):
        return None
    if not (str(value).isascii() and str(value).isdigit() and len(str(value)) <= 9):
        raise BadEdit("位置无法识别，请重新选择。", name)
    return int(value)


def flag(value: Any, name: str) -> bool:
    """Read a tick: present or not."""
    return value in (True, "on", "1", "true")


def each(readers: dict[str, Reader]) -> Reader:
    """Return a reader of a list of things that have these arguments each."""

    def read(found: Any, name: str) -> list[dict]:
        if not isinstance(found, list) or len(found) > 1000 or not all(isinstance(one, dict) for one in found):
            raise BadEdit("表单不完整，请重新打开页面。", name)
        return [{key: reader(one.get(key, ""), key) for key, reader in readers.items()} for one in found]

    return read


def pairs(key: Reader, value: Reader) -> Reader:
    """Return a reader of a table of one thing to another."""

    def read(found: Any, name: str) -> dict:
        if not isinstance(found, dict) or len(found) > 1000:
            raise BadEdit("表单不完整，请重新打开页面。", name)
        return {key(one, f"{name}-{one}"): value(other, f"{name}-{one}") for one, other in found.items()}

    return read
