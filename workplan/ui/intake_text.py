"""The notice's text with everything that was recognised marked in its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..intake.outline import DraftTask, Outline, Span

# What a mark stands for, in the order of the legend; of several at one place the first is shown.
KINDS = {"target": "目标", "owner": "责任单位", "due": "时限", "task": "任务标题", "section": "板块标题"}
ORDER = {kind: place for place, kind in enumerate([*KINDS, "text"])}
MARK = '<a class="mk mk-{}{}"{} data-at="{}" data-part="{}" data-task="{}" href="{}?section={}#{}" title="{}">{}</a>'


@dataclass(frozen=True, slots=True)
class Marked:
    """A passage that means something. part: id of what it became; waits: somebody must still look at it."""

    span: Span
    kind: str
    part: str
    task: str
    section: str
    waits: bool = False


def marks_of(outline: Outline) -> Iterator[Marked]:
    """Return every passage that became part of the outline, and each task's text."""
    for section in outline.sections:
        if section.title_span:
            yield Marked(section.title_span, "section", section.id, "", section.id)
        for task in section.live_tasks:
            yield from _of_task(task, section.id)


def _of_task(task: DraftTask, section: str) -> Iterator[Marked]:
    for span in task.spans:
        yield Marked(span, "text", task.id, task.id, section)
    if task.title_span:
        yield Marked(task.title_span, "task", task.id, task.id, section, task.waits)
    for owner in task.owners:
        if owner.span:
            yield Marked(owner.span, "owner", task.id, task.id, section)
    if task.due_span:
        yield Marked(task.due_span, "due", task.id, task.id, section)
    for target in task.targets:
        if target.span and not target.dropped:
            yield Marked(target.span, "target", target.id, task.id, section, target.waits)


def marked_text(outline: Outline, here: str) -> SafeString:
    """Return the whole text as HTML: each stretch says where it begins, and leads to what it became on the page at `here`."""
    seen: set[str] = set()
    return format_html_join("", "{}", ((_stretch(outline.source, *one, here, seen),) for one in _stretches(outline)))


def _stretches(outline: Outline) -> Iterator[tuple[int, int, Marked | None]]:
    """Cut the text wherever a mark begins or ends, and say which mark each stretch shows."""
    marks = sorted(marks_of(outline), key=lambda one: one.span[0])
    length = len(outline.source)
    cuts = sorted({0, length} | {min(at, length) for one in marks for at in one.span})
    active: list[Marked] = []
    waiting = iter(marks)
    following = next(waiting, None)
    for start, end in pairwise(cuts):
        while following and following.span[0] <= start:
            active.append(following)
            following = next(waiting, None)
        active = [one for one in active if one.span[1] > start]
        yield start, end, min(active, key=lambda one: ORDER[one.kind], default=None)


def _stretch(source: str, start: int, end: int, mark: Marked | None, here: str, seen: set[str]) -> SafeString:
    words = source[start:end]
    if mark is None or mark.kind == "text":
        return format_html('<span data-at="{}" data-task="{}">{}</span>', start, mark.task if mark else "", words)
    name, ident = f"src-{mark.part}", ""
    if name not in seen and mark.kind in ("target", "task", "section"):
        seen.add(name)
        ident = format_html(' id="{}"', name)
    title = f"{KINDS[mark.kind]}{'，待核对' if mark.waits else ''}"
    waits = " mk-waits" if mark.waits else ""
    places = (start, mark.part, mark.task, here, mark.section, mark.part)
    return format_html(MARK, mark.kind, waits, ident, *places, title, words)
