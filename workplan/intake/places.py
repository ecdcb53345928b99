"""Where a piece of a task's text stands in the notice, and where a task can be cut in two."""

import re
from bisect import bisect_left

from .errors import BadEdit
from .outline import DraftTask, Span

STOPS = "。；！？"
NEAR = 40  # characters of the notice that may be missing from the text in one place: a number, a broken line, a footer
SENTENCE = re.compile(rf"[^{STOPS}\n]*[{STOPS}\n]+|[^{STOPS}\n]+$")
STOP, PAUSE = re.compile(rf"[{STOPS}\n]"), re.compile("[，：,:]")
TITLE_LIMIT = 60


class Places:
    """A task's text beside the notice: for every character of the one its place in the other.

    The text is the passage without numbers, line breaks and stray blanks: each character is the next one like it. What was typed
    stands nowhere; it counts as standing where the character before it does.
    """

    def __init__(self, task: DraftTask, source: str):
        self.offsets = [at for start, end in task.body for at in range(start, end)]
        self.order = {offset: place for place, offset in enumerate(self.offsets)}
        self.indexes: list[int] = []
        at = 0
        for character in task.text:
            window = range(at, min(at + NEAR, len(self.offsets)))
            found = next((near for near in window if source[self.offsets[near]] == character), None)
            self.indexes.append(at if found is None else found)
            at = at if found is None else found + 1

    def cut(self, offset: int) -> int:
        """Return how many characters of the text stand before a place of the notice. Raises BadEdit outside the task."""
        if offset not in self.order:
            raise BadEdit("拆分位置不在这项任务的正文内。", "at")
        return bisect_left(self.indexes, self.order[offset])

    def offset(self, cut: int) -> int | None:
        """Return the place of the text's character in the notice, None where the task stands nowhere in it."""
        if not self.offsets:
            return None
        return self.offsets[min(self.indexes[cut], len(self.offsets) - 1)]

    def follows(self, span: Span | None, cut: int) -> bool:
        """Say whether a passage begins at the character of the text or after it."""
        if span is None or span[0] not in self.order:
            return False
        return self.order[span[0]] >= self.indexes[cut]


def sentences(text: str) -> list[tuple[int, str]]:
    """Return the sentences of a text with the number of characters before each."""
    return [(found.start(), found.group()) for found in SENTENCE.finditer(text)]


def headed(text: str) -> tuple[str, str, str]:
    """Return a text as title, the mark after it, and the rest. The title is the first sentence, or what of it is short enough."""
    head = text[: TITLE_LIMIT + 1]
    for stop in (STOP.search(head), PAUSE.search(head)):
        if stop and head[: stop.start()].strip():
            return text[: stop.start()], stop.group(), text[stop.end() :]
    return text[:TITLE_LIMIT], "", text[TITLE_LIMIT:]


def split_spans(spans: tuple[Span, ...], at: int | None) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return what of the spans lies before the place, and from it on, in the order of the spans."""
    before: list[Span] = []
    for number, (start, end) in enumerate(spans):
        if at is not None and start <= at < end:
            first = [(start, at)] if start < at else []
            return (*before, *first), ((at, end), *spans[number + 1 :])
        before.append((start, end))
    return spans, ()


def joined(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the spans with those that touch made one."""
    found: list[Span] = []
    for start, end in spans:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)
