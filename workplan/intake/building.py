"""From what the parser found (`workplan.notice.as_data`) to the outline that corrections begin with."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from workplan.rules.kinds import Recurrence, Strength

from .outline import HIGH, DraftOwner, DraftSection, DraftTarget, DraftTask, Facts, Outline, Span

MEDIUM, LOW = "medium", "low"
NUMERAL = re.compile(r"[0-9０-９零〇一二两三四五六七八九十百千万亿]")
UNTITLED = "工作任务"
# The plan knows no time shorter than a month.
SHORT = {"weekly": (4, "每周 1 次按每月 4 次理解"), "daily": (None, "每日开展，按月跟踪")}


def build(parsed: dict, source: str) -> Outline:
    """Return the outline of a notice. Sections keep their order; a section's own targets get a task of the section's title."""
    sections, counts = [], [0, 0]
    ids: dict[tuple[int, int], str] = {}
    item = 0
    for data in parsed["sections"]:
        tasks = []
        if data["targets"] or (data["text"] and not data["items"]):
            tasks.append(_own_task(data, f"t{counts[1] + 1}", source))
            counts[1] += 1
        for one in data["items"]:
            counts[1] += 1
            task = _task(one, f"t{counts[1]}", source)
            ids |= {(item, place): target.id for place, target in enumerate(task.targets)}
            tasks.append(task)
            item += 1
        counts[0] += 1
        sections.append(_section(data, f"s{counts[0]}", tuple(tasks)))
    last = max((len(task.targets) for section in sections for task in section.tasks), default=0)
    outline = Outline(source, _facts(parsed), tuple(sections), (counts[0], counts[1], last))
    return _with_alikes(outline, parsed["duplicates"], ids)


def _facts(parsed: dict) -> Facts:
    return Facts(parsed["title"][:120], parsed["year"], parsed["document_number"][:60], _day(parsed["issued"]))


def _section(data: dict, ident: str, tasks: tuple[DraftTask, ...]) -> DraftSection:
    title = (data["title"] or UNTITLED)[:160]
    return DraftSection(
        ident, title, tasks, _span(data["span"]), _span(data["title_span"]), confidence=data["confidence"]
    )


def _own_task(data: dict, ident: str, source: str) -> DraftTask:
    """Return the task that holds what a section states before its first item."""
    task = _task(data | {"label": "", "reason": "板块自己的文字和目标"}, ident, source)
    end = data["items"][0]["span"][0] if data["items"] else data["span"][1]
    spans = ((data["span"][0], max(data["span"][0], end)),)
    return replace(task, title=task.title or UNTITLED, spans=spans, confidence=MEDIUM)


def _task(data: dict, ident: str, source: str) -> DraftTask:
    title, title_span, span = data["title"].strip(), _span(data["title_span"]), _span(data["span"])
    text, between = data["text"], source[title_span[1] : title_span[1] + 1]
    if len(title) > 160:
        title, text, between = title[:160], title[160:] + text, ""
    return DraftTask(
        id=ident,
        title=title,
        text=text,
        label=data["label"],
        between=between if between in ("。", "：", "；", "，") else "",
        spans=(span,),
        title_span=title_span if span[0] <= title_span[0] <= title_span[1] <= span[1] else None,
        targets=tuple(_target(one, f"{ident}.{n}", source) for n, one in enumerate(data["targets"], start=1)),
        owners=tuple(_owners(data["owner_roles"])),
        due=_day(data["due"]),
        due_span=_passage(data["due_text"], span, source),
        reason=data.get("reason", ""),
        confidence=data["confidence"],
    )


def _passage(words: str, span: Span, source: str) -> Span | None:
    at = source.find(words, *span) if words else -1
    return (at, at + len(words)) if at >= 0 else None


def _owners(found: list[dict]) -> list[DraftOwner]:
    """Return the units named. The first one named as responsible leads where nobody is named as leading; a unit has one part."""
    leads = [one["name"] for one in found if one["role"] == "lead"] or [
        one["name"] for one in found if one["role"] == "responsible"
    ]
    by_name = {}
    for one in found:
        role = "lead" if leads and one["name"] == leads[0] else "cooperate"
        by_name.setdefault(one["name"], DraftOwner(one["name"], role, _span(one["span"])))
    return list(by_name.values())


def _target(data: dict, ident: str, source: str) -> DraftTarget:
    printed = NUMERAL.search(source[slice(*data["number_span"])])
    target = DraftTarget(
        id=ident,
        text=data["text"],
        measure=data["measure"][:200] or data["text"][:200],
        kind=data["kind"],
        strength=data["strength"],
        comparator=data["comparator"],
        goal=None if data["value"] is None else Decimal(str(data["value"])),
        unit=data["unit"][:20],
        recurrence=data["recurrence"],
        due=_day(data["due"]),
        cooperation=bool(data["cooperation"]),
        implied=not printed and data["kind"] != "milestone",
        span=_span(data["span"]),
        reason=data["reason"],
        confidence=data["confidence"],
    )
    return _by_the_month(target) if target.recurrence in SHORT else target


def _by_the_month(target: DraftTarget) -> DraftTarget:
    """Read what recurs by the week or day as something of a month; somebody must look at it."""
    factor, reason = SHORT[target.recurrence]
    goal = target.goal * factor if factor and target.goal is not None else None
    return replace(
        target,
        goal=goal,
        unit=f"{target.unit.split('/')[0]}/月",
        recurrence=Recurrence.MONTHLY.value,
        strength=target.strength if goal is not None else Strength.TRACKED.value,
        implied=True,
        reason=f"{target.reason}；{reason}",
        confidence=MEDIUM if target.confidence == HIGH else target.confidence,
    )


def _with_alikes(outline: Outline, duplicates: list[dict], ids: dict[tuple[int, int], str]) -> Outline:
    """Note on the first of two targets that seem to be one that the later one states it too: somebody must decide."""
    for found in duplicates:
        first, second = ids.get(tuple(found["first"])), ids.get(tuple(found["second"]))
        if first and second:
            outline = outline.with_target(first, lambda target, other=second: replace(target, alike=other))
    return outline


def _span(pair: list[int]) -> Span:
    return pair[0], pair[1]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
