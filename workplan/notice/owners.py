"""Who answers for an item and until when: （牵头单位：甲科；配合单位：乙站、丙所；完成时限：10月底前）, （甲局牵头，乙局配合）, lines with labels."""

import re
from datetime import date

from .dates import deadline
from .model import Due, Owner

LEAD = "(?:牵头|主办|主责|承办|责任牵头)(?:责任)?(?:单位|科室|部门|处室|股室|领导|人)?"
RESPONSIBLE = "(?:责任|落实|实施|负责)(?:单位|科室|部门|处室|股室|主体|领导|人)"
COOPERATE = "(?:配合|协办|参与|协同|协助|参加)(?:单位|科室|部门|处室|股室)?"
TIME = "(?:完成)?(?:时限|时间|期限|日期)(?:要求)?"
LABEL = re.compile(
    rf"(?:(?P<lead>{LEAD})|(?P<responsible>{RESPONSIBLE})|(?P<cooperate>{COOPERATE})|(?P<time>{TIME})) ?： ?"
)
INSIDE = re.compile(rf"(?:{LEAD}|{RESPONSIBLE}|{COOPERATE}单位|{COOPERATE}科室|完成{TIME}|时限) ?[：:]|牵头|负责")
LINE_OWNED = re.compile(rf"(?:^|(?<=[\n。；])) ?(?:{LEAD}|{RESPONSIBLE}|{COOPERATE}|完成{TIME}|时限要求) ?： ?")
# A bracket at the end that holds nothing but units: （救助科、各乡镇）.
UNIT = "(?:[\u4e00-\u9fff]{1,12}(?:科|室|局|中心|所|站|办|处|队|委|院|办公室|科室)|各?(?:乡镇|镇街|街镇|街道|镇|乡镇（街道）|科室|单位)|局属各?单位)"
PROPER = re.compile(r"[科室局所站队委院]|中心|.办")
UNITS_ALONE = re.compile(rf"{UNIT}(?:[、，；]{UNIT}){{0,20}}")
BRACKET = re.compile(r"[（【\[]([^（）【】\[\]\n]{2,300}(?:（[^（）\n]{1,40}）[^（）【】\[\]\n]{0,200}){0,3})[）】\]]")
VERBS = re.compile(
    r"(?:按(?:照)?(?:各自)?职责(?:分工)?(?:分别)?)?(?P<verb>牵头(?:负责)?|负责|配合|参与|协助|协同)(?:落实|实施|推进)?$"
)
ROLES = {
    "牵头": "lead",
    "牵头负责": "lead",
    "负责": "responsible",
    "配合": "cooperate",
    "参与": "cooperate",
    "协助": "cooperate",
    "协同": "cooperate",
}
NAMES = re.compile(r"[、，/ ]|及(?=各)|(?<=[门科站所会局位])及|以及")
NO_NAME = re.compile(r"(?:等)?(?:国务院)?(?:相关|有关)?(?:部门|单位)?(?:按(?:照)?(?:各自)?职责(?:分工)?)?$|按.*|分别.*")
PARTS = re.compile(r"[；。\n]")
LONGEST_NAME = 30
DUE_WORDS = re.compile(r"(?:长期|持续|全年|常态|每[年季月]|按季度|按月)")


def find_owners(view, start: int, end: int, year: int | None) -> tuple[list[Owner], Due | None, list[tuple[int, int]]]:
    """Return owners, deadline, and the stretches of the view that hold them: they are no sentences of the item."""
    owners, due, taken = [], None, []
    for first, last, inner_start, inner_end in _places(view.norm, start, end):
        found, until = _parse(view, inner_start, inner_end, year)
        if found or until:
            owners += found
            due = due or until
            taken.append((first, last))
    seen, unique = set(), []
    for owner in owners:
        if (owner.name, owner.role) not in seen:
            seen.add((owner.name, owner.role))
            unique.append(owner)
    return unique, due, taken


def owner_bracket(norm: str, start: int, end: int) -> re.Match | None:
    """Return the first bracket in the stretch that names owners or a deadline."""
    for found in BRACKET.finditer(norm, start, end):
        last = not norm[found.end() : min(end, found.end() + 6)].strip("。；\n ") and found.start() > start
        if INSIDE.search(norm, *found.span(1)) or (last and _names_units(found[1])):
            return found
    return None


def _places(norm: str, start: int, end: int):
    """Yield (start, end, start of the inside, end of the inside) of each bracket and of each labelled line outside them."""
    at = start
    while at < end:
        bracket = owner_bracket(norm, at, end)
        yield from _labelled_lines(norm, at, bracket.start() if bracket else end)
        if bracket is None:
            return
        yield *bracket.span(), *bracket.span(1)
        at = bracket.end()


def _labelled_lines(norm: str, at: int, end: int):
    while (found := LINE_OWNED.search(norm, at, end)) is not None:
        stop = next((place for mark in "\n。" if (place := norm.find(mark, found.end(), end)) >= 0), end)
        yield found.start(), stop, found.start(), stop
        at = max(stop, found.end())


def _parse(view, start: int, end: int, year: int | None) -> tuple[list[Owner], Due | None]:
    norm = view.norm
    labels = list(LABEL.finditer(norm, start, end))
    if not labels:
        return _by_verbs(view, start, end) or _by_names(view, start, end), None
    owners, due = [], None
    for at, label in enumerate(labels):
        stop = labels[at + 1].start() if at + 1 < len(labels) else end
        if label.lastgroup == "time":
            due = due or _due(view, label.end(), stop, year)
        else:
            owners += _names(view, label.end(), stop, label.lastgroup)
    return owners, due


def _due(view, start: int, end: int, year: int | None) -> Due | None:
    text = view.norm[start:end].strip(" ；，。）\n")
    if not text or len(text) > 40:
        return None
    found = deadline(text, 0, len(text), year, bare=True)
    day: date | None = found.day if found else None
    first = view.norm.index(text, start)
    return Due(day, text, view.span(first, first + len(text)))


def _by_verbs(view, start: int, end: int) -> list[Owner]:
    """（甲局牵头，乙局、丙局配合）: each part ends with what its units do."""
    owners, at = [], start
    for part in re.split(r"([，；])", view.norm[start:end]):
        if part in "，；":
            at += 1
            continue
        verb = VERBS.search(part)
        if verb:
            owners += _names(view, at, at + verb.start(), ROLES[verb["verb"]])
        at += len(part)
    return owners


def _names_units(text: str) -> bool:
    """Say whether a bracket holds nothing but units, one of them no mere kind: （街道） is none."""
    return bool(UNITS_ALONE.fullmatch(text) and PROPER.search(text))


def _by_names(view, start: int, end: int) -> list[Owner]:
    return _names(view, start, end, "responsible") if _names_units(view.norm[start:end]) else []


def _names(view, start: int, end: int, role: str) -> list[Owner]:
    owners, at = [], start
    stop = PARTS.search(view.norm, start, end)
    end = stop.start() if stop else end
    for separator in [*NAMES.finditer(view.norm, start, end), None]:
        until = separator.start() if separator else end
        name = view.norm[at:until].strip(" 等由：")
        if name and len(name) <= LONGEST_NAME and not NO_NAME.match(name):
            first = view.norm.index(name, at)
            owners.append(
                Owner(view.text[first : first + len(name)].strip(), role, view.span(first, first + len(name)))
            )
        at = separator.end() if separator else end
    return owners
