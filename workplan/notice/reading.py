"""Reading a notice: the order in which the parts of the parser work."""

from .duplicates import find_duplicates
from .errors import NoticeError
from .header import NOUNS, plan_title, read_header
from .model import Annex, Confidence, Item, Notice, Section, least
from .owners import find_owners
from .proposals import find_targets, is_review
from .source import read_bytes
from .tabular import from_tables
from .tree import Built, build
from .view import View
from .zones import Zone, find_zones

FEWEST_ITEMS = 2
NO_NOTICE = "这不像一份工作通知：没有找到带编号的板块和任务。"


def read_notice(content: bytes, name: str = "") -> Notice:
    """Return the notice in a file: .docx, a saved web page, or text. Raises NoticeError with a message for the user."""
    return parse_text(read_bytes(content, name))


def parse_text(text: str) -> Notice:
    """Return the notice in a text as it was read or pasted. Raises NoticeError where it holds none."""
    if not text.strip():
        raise NoticeError("文本是空的。")
    view = View(text)
    zones, main = find_zones(view, plan_title(view))
    zone = zones[main]
    built = build(view, zone)
    first = zone.chosen[0].start if zone.chosen else zone.end
    header = read_header(view, zone.start, first)
    warnings: list[str] = []
    if not any(section.items for section in built.sections) and view.tables:
        built = from_tables(view, text, header.year)
        warnings.append("任务取自表格。")
    else:
        _fill(view, built, header.year)
        built.sections = _with_content(built.sections)
    _check(view, header, built)
    annexes = _annexes(view, zones[main + 1 :], header.year)
    return _finish(text, header, built, annexes, warnings, zone)


def _fill(view: View, built: Built, year: int | None) -> None:
    """Find owners, deadlines and targets of every section and item."""
    reviewing = False
    for node, heading, stop in built.bodies:
        if isinstance(node, Section):
            reviewing = is_review(node.title)
        node.owners, node.due, taken = find_owners(view, heading.start, stop, year)
        if isinstance(node, Section):
            node.text = view.text[heading.body : stop].strip()
        if not reviewing and not is_review(node.title):
            node.targets = find_targets(view, heading.start, stop, year, node.due, taken)


def _with_content(sections: list[Section]) -> list[Section]:
    return [section for section in sections if section.title or section.items]


def _check(view: View, header, built: Built) -> None:
    """Refuse what is no notice: too few numbers, or numbers but nothing else of an official document."""
    items = sum(len(section.items) for section in built.sections)
    numbered = items + sum(1 for section in built.sections if section.no is not None)
    if numbered < FEWEST_ITEMS:
        raise NoticeError(NO_NOTICE)
    signs = (header.document_number, header.issuer, header.issued, header.notice_title)
    title = header.title is not None and header.title.value.rstrip("）").endswith(tuple(NOUNS.split("|")))
    two_levels = any(section.no is not None and section.items for section in built.sections) and items >= 3
    if not any(signs) and not title and not (two_levels and any(word in view.norm for word in DUTIES)):
        raise NoticeError("这不像一份工作通知：没有标题、文号、发文机关，也没有分级的任务。")


DUTIES = ("推进", "加强", "完善", "落实", "健全", "深化", "开展", "强化")


def _annexes(view: View, zones: list[Zone], year: int | None) -> list[Annex]:
    found = []
    for zone in zones:
        kind = zone.kind if zone.kind != "main" else "text"
        built = build(view, zone) if zone.chosen else Built()
        if kind == "annex":
            for node, heading, stop in built.bodies:
                node.owners, node.due, _ = find_owners(view, heading.start, stop, year)
        title = zone.title or _first_line(view, zone)
        if kind == "text" and not built.sections:
            continue
        items = [item for section in built.sections for item in section.items]
        found.append(Annex(title, kind, view.span(zone.start, zone.end), items))
    return found


def _first_line(view: View, zone: Zone) -> str:
    for start, end in view.paragraphs()[zone.first + 1 : zone.first + 3]:
        if 2 <= end - start <= 60 and end <= zone.end:
            return view.text[start:end].strip()
    return ""


def _finish(text: str, header, built: Built, annexes: list[Annex], warnings: list[str], zone: Zone) -> Notice:
    items = [item for section in built.sections for item in section.items]
    warnings += _warnings(header, built, items, zone)
    grades = [section.confidence for section in built.sections] + [item.confidence for item in items]
    low = sum(grade == Confidence.LOW for grade in grades)
    overall = Confidence.HIGH if not low else Confidence.MEDIUM if low * 5 <= len(grades) else Confidence.LOW
    if built.flat or header.title is None:
        overall = least(overall, Confidence.MEDIUM)
    duplicates = find_duplicates(items)
    return Notice(text, header, built.sections, annexes, duplicates, warnings, overall)


def _warnings(header, built: Built, items: list[Item], zone: Zone) -> list[str]:
    found = []
    if header.title is None:
        found.append("没有找到标题。")
    if header.year is None:
        found.append("没有找到年度，未写年份的时限没有推算。")
    if header.document_number is None:
        found.append("没有找到发文字号。")
    if built.flat:
        found.append(
            "正文没有编号的板块，任务归入一个无标题板块。"
            if items and items[0].no
            else "正文没有编号，按小标题和段落划分。"
        )
    found += _numbering_warnings(built)
    unsure = [item for item in items if item.confidence == Confidence.LOW]
    if unsure:
        found.append(
            f"有 {len(unsure)} 项任务的标题或编号没有把握，请核对："
            + "、".join(item.label or item.title[:8] for item in unsure[:10])
        )
    empty = [section.title for section in built.sections if not section.items and section.targets]
    found += [f"板块“{title[:20]}”没有编号的任务，其目标列在板块下。" for title in empty[:10]]
    return found


def _numbering_warnings(built: Built) -> list[str]:
    """Say where numbers are missing or come twice."""
    found = []
    last = 0
    for section in built.sections:
        if section.no is not None:
            if section.no not in (last + 1, 1):
                found.append(f"板块编号不连续：第 {last} 之后是第 {section.no}。")
            last = section.no
    number = 0
    for section in built.sections:
        for item in section.items:
            if item.no is not None and item.no not in (number + 1, 1):
                found.append(f"任务编号不连续：“{item.label}{item.title[:12]}”之前的编号是 {number}。")
            number = item.no or number
    return found[:20]
