"""Where the title of a section or item ends."""

from dataclasses import dataclass

from .model import Confidence
from .owners import owner_bracket

LONGEST = 70  # characters of a heading that is followed by text
LONGEST_ALONE = 60  # of an item that is one sentence: longer ones have no title of their own
ALONE = "任务只有一句，即为标题"
USUAL = 30  # characters of a heading before a colon or a blank
UNUSUAL = 45  # of a section: longer ones may have swallowed the text behind them
LOOK = 400
PAIRS = {"“": "”", "《": "》", "（": "）", "‘": "’"}
WELL_KNOWN = (
    "总体要求",
    "指导思想",
    "基本原则",
    "工作目标",
    "总体目标",
    "主要目标",
    "重点任务",
    "主要任务",
    "工作任务",
    "保障措施",
    "组织实施",
    "工作要求",
)
FULL_STOPS = "。！？"


@dataclass(frozen=True, slots=True)
class Heading:
    """Title from start to end, its text from `body` on. headed: False where the item has no title and its first words stand for it."""

    start: int
    end: int
    body: int
    headed: bool
    confidence: Confidence
    reason: str


def section_heading(norm: str, start: int, end: int) -> Heading:
    """Return the heading of a section: its line, or up to the first full stop, or to its first item."""
    start = _skip(norm, start, end)
    line = _line_end(norm, start, end)
    owned = owner_bracket(norm, start, min(line, start + LOOK))
    stop = _stop(norm, start, min(line, start + LOOK), FULL_STOPS)
    if owned and start < owned.start() <= start + LONGEST and (stop is None or owned.start() < stop):
        return Heading(
            start, _trimmed(norm, start, owned.start()), owned.start(), True, Confidence.HIGH, "标题后为责任单位"
        )
    if stop is not None:
        grade = Confidence.HIGH if stop - start <= UNUSUAL else Confidence.LOW
        return Heading(start, stop, stop + 1, True, grade, "标题止于句号")
    if line < end or line - start <= LONGEST:
        return Heading(start, _trimmed(norm, start, line), min(line + 1, end), True, Confidence.HIGH, "标题独占一行")
    known = next((start + len(words) for words in WELL_KNOWN if norm.startswith(words, start)), None)
    comma = known or _stop(norm, start, min(line, start + LOOK), FULL_STOPS + "，；") or min(line, start + LONGEST)
    return Heading(start, comma, comma, False, Confidence.LOW, "标题与正文之间没有标点，按首个停顿截取")


def item_heading(norm: str, start: int, end: int) -> Heading:
    """Return the heading of an item: what stands before a colon or its owners, its own line, or its first sentence."""
    start = _skip(norm, start, end)
    line = _line_end(norm, start, end)
    window = min(line, start + LOOK)
    stop = _stop(norm, start, window, FULL_STOPS)
    colon = _stop(norm, start, min(window, start + LONGEST_ALONE), "：")
    owned = owner_bracket(norm, start, window)
    if colon is not None and (stop is None or colon < stop) and line - colon > 2:
        grade = Confidence.HIGH if colon - start <= USUAL else Confidence.MEDIUM
        return Heading(start, colon, colon + 1, True, grade, "标题止于冒号")
    if owned and (stop is None or owned.start() < stop) and start < owned.start() <= start + LONGEST:
        return _before_owner(norm, start, end, owned)
    if stop is None and line - start <= LONGEST_ALONE:
        reason = "标题独占一行" if norm[line:end].strip() else ALONE
        return Heading(start, _trimmed(norm, start, line), min(line + 1, end), True, Confidence.HIGH, reason)
    return _of_sentence(norm, start, line, end, stop)


def _of_sentence(norm: str, start: int, line: int, end: int, stop: int | None) -> Heading:
    """Return the heading of an item that begins with a sentence: up to a blank that parts it from a long one, up to its stop, or none."""
    window = min(line, start + LOOK)
    blank = _stop(norm, start, min(window, start + 26), " ，；：")
    if (stop is None or stop - start > USUAL) and blank is not None and norm[blank] == " " and blank - start >= 4:
        return Heading(start, blank, blank + 1, True, Confidence.MEDIUM, "标题后为空格")
    if stop is not None and stop - start <= LONGEST:
        alone = not norm[stop + 1 : end].strip()
        grade = Confidence.HIGH if stop - start <= UNUSUAL or alone else Confidence.MEDIUM
        return Heading(start, stop, _past_marks(norm, stop + 1, end), True, grade, ALONE if alone else "标题为首句")
    cut = _stop(norm, start, window, FULL_STOPS + "，；：") or min(line, start + LONGEST)
    return Heading(start, cut, start, False, Confidence.LOW, "没有单独的标题，以首个分句代替")


def _before_owner(norm: str, start: int, end: int, owned) -> Heading:
    """An item whose heading is followed by its owners in brackets."""
    at = owned.start()
    cut = _stop(norm, start, at, "；，") if at - start > LONGEST_ALONE else None
    return Heading(
        start,
        cut or _trimmed(norm, start, at),
        at if cut is None else start,
        cut is None,
        Confidence.HIGH,
        "标题后为责任单位",
    )


def running_heading(norm: str, start: int, end: int) -> Heading:
    """Return the heading of 一是…: up to the first stop of any kind."""
    start = _skip(norm, start, end)
    window = min(_line_end(norm, start, end), start + LOOK)
    stop = _stop(norm, start, window, FULL_STOPS)
    if stop is not None and stop - start <= 30 and norm[stop + 1 : end].strip():
        return Heading(start, stop, stop + 1, True, Confidence.HIGH, "标题为首句")
    cut = _stop(norm, start, window, "；。，：")
    cut = min(window, start + LONGEST) if cut is None else cut
    if not norm[cut:end].strip("；。 \n"):
        return Heading(start, cut, end, True, Confidence.MEDIUM, "任务只有一句，即为标题")
    return Heading(start, cut, start, False, Confidence.MEDIUM, "以首个分句为标题")


def _skip(norm: str, start: int, end: int) -> int:
    while start < end and norm[start] in " \n：、.*":
        start += 1
    return start


def _past_marks(norm: str, at: int, end: int) -> int:
    """Return the place behind marks of emphasis that closed with the title."""
    while at < end and norm[at] == "*":
        at += 1
    return at


def _line_end(norm: str, start: int, end: int) -> int:
    found = norm.find("\n", start, end)
    return end if found < 0 else found


def _trimmed(norm: str, start: int, end: int) -> int:
    while end > start and norm[end - 1] in " ：；，。*":
        end -= 1
    return end


def _stop(norm: str, start: int, end: int, marks: str) -> int | None:
    """Return the first of the marks outside quotation marks and brackets."""
    closing = ""
    for at in range(start, end):
        word = norm[at]
        if closing:
            if word == closing:
                closing = ""
        elif word in marks:
            return at
        elif word in PAIRS and norm.find(PAIRS[word], at, end) > 0:
            closing = PAIRS[word]
    return None
