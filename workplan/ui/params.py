"""Query parameters, read strictly: what is not understood ends in a 400 page that says why, in Chinese."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import BadRequest
from django.utils.http import urlencode

from .. import clock

TEXT_LIMIT = 100
ID_LIMIT = 2**63 - 1
FIRST_DAY = date(2000, 1, 1)


class BadParameter(BadRequest):
    """A query parameter that cannot be used. `name` and `label` tell which control, `message` what is wrong."""

    def __init__(self, name: str, label: str, message: str):
        super().__init__(message)
        self.name, self.label, self.message = name, label, message


def refuse_unknown(request, known: Iterable[str]) -> None:
    """Raise BadParameter for any parameter that the page does not have, or that is given twice."""
    known = set(known)
    for name, values in request.GET.lists():
        if name not in known:
            raise BadParameter("", "网址", "网址中有无法识别的参数，请从页面上的链接重新进入。")
        if len(values) > 1:
            raise BadParameter(name, "网址", "网址中同一参数出现了多次，请从页面上的链接重新进入。")


def text(request, name: str, label: str, limit: int = TEXT_LIMIT) -> str:
    """Return a short text, "" where absent. Raises BadParameter for over-long texts and characters nobody types."""
    value = request.GET.get(name, "").strip()
    if len(value) > limit:
        raise BadParameter(name, label, f"“{label}”最多 {limit} 个字。")
    if not printable(value):
        raise BadParameter(name, label, f"“{label}”含有无法识别的字符。")
    return value


def printable(value: str) -> bool:
    """Say whether a text can be stored and shown: no control characters, half surrogates or undecodable bytes."""
    return not any(ord(c) < 32 or 0xD800 <= ord(c) <= 0xDFFF or c == "\ufffd" for c in value)


def choice(request, name: str, label: str, allowed: Iterable[str], default: str = "") -> str:
    """Return one of the allowed values."""
    value = request.GET.get(name, "")
    if not value:
        return default
    if value not in set(allowed):
        raise BadParameter(name, label, f"“{label}”没有这一选项。")
    return value


def whole(
    request, name: str, label: str, *, low: int = 1, high: int = ID_LIMIT, default: int | None = None
) -> int | None:
    """Return a whole number within bounds, written in ASCII digits."""
    value = request.GET.get(name, "")
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and len(value) <= 19) or not low <= int(value) <= high:
        raise BadParameter(name, label, f"“{label}”不在可选范围内。")
    return int(value)


def as_of(request) -> date:
    """Return the day to look at, by default today; remember it on the request so that links carry it on."""
    on = day(request, "as_of", "截至日期")
    if on is None:
        return clock.today()
    request.as_of = on
    return on


def refuse_past(request) -> None:
    """Raise BadParameter where a past day is asked for, for pages that know no day but today."""
    if "as_of" in request.GET:
        raise BadParameter("as_of", "截至日期", "这一页只有今天的情况，不能选择截至日期。")


def day(request, name: str, label: str) -> date | None:
    """Return a day between the first that the portal knows and today, None where absent."""
    value = request.GET.get(name, "")
    if not value:
        return None
    found = _day(value)
    if found is None:
        raise BadParameter(name, label, f"{label}应为 2024-10-15 这样的日期。")
    if not FIRST_DAY <= found <= clock.today():
        raise BadParameter(name, label, f"{label}应在 {FIRST_DAY} 与 {clock.today()} 之间。")
    return found


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if len(value) == 10 and value.isascii() else None
    except ValueError:
        return None


def day_carried(request) -> dict[str, str]:
    """Return the chosen day as a query parameter, nothing for today."""
    on = getattr(request, "as_of", None)
    return {"as_of": on.isoformat()} if on and on != clock.today() else {}


def carried(request) -> dict[str, str]:
    """Return what links to other pages keep as query parameters: the chosen day and the chosen place."""
    place = getattr(request, "place", None)
    return ({"unit": str(place.pk)} if place else {}) | day_carried(request)


def carry(request) -> str:
    """Return what links to other pages keep as a query string: "", "?as_of=…", "?unit=…" or both."""
    kept = carried(request)
    return f"?{urlencode(kept)}" if kept else ""
