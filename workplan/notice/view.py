"""The text as it is meant to be read: furniture dropped, broken lines joined, stray spaces taken out, and the way back to the source.

A paragraph is one line of `View.text`. `View.norm` is the same text, character for character, with one kind of digits and punctuation;
rules look at `norm`, what is shown comes from `text`.
"""

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

from .furniture import dropped
from .lines import SPACES, Line, count, split_lines, width
from .model import Span
from .numbering import CANDIDATE
from .tables import Table, find_tables

HAN = "\u4e00-\u9fff"
AROUND_DIGITS = re.compile(f"(?<=[{HAN}]) +(?=[0-9])|(?<=[0-9]) +(?=[{HAN}%])")
BLANKS = f"[{SPACES[:19]}]"
INVISIBLE = "[\u200b\u200c\u200d\u2060\ufeff\u00ad]"
IN_WORDS = re.compile(f"(?<=[{HAN}，。；：、]) {{1,2}}(?=[{HAN}])")
STRAY = re.compile(f"{BLANKS}+|{INVISIBLE}+")
ZERO_WIDTH = re.compile(f"{INVISIBLE}+")
FEWEST_STRAYS, STRAY_SHARE = 4, 0.007
FULL = 7  # columns by which a full line may fall short: a number or a mark was kept together
FEWEST_LINES, NARROWEST = 8, 24  # of a text whose lines were broken; columns
FEWEST_FULL, FULL_SHARE = 3, 0.12  # full lines there
SAME_COUNT = 0.6  # of the full lines have the same number of characters
MOST_OVER = 0.12  # of the lines: headings of a letter are often not broken where its text is
ENDINGS = "。；！？：”）"
CLOSING = "，。；：、！？”）》】"
TOKEN_LEVELS = frozenset(
    ("part", "division", "named", "decimal", "bracketed", "chinese", "arabic", "arabic_bracketed", "half", "circled")
)


class View:
    """Paragraphs of a source text."""

    def __init__(self, source: str, moved: int = 0):
        """moved: where the source begins in the text that spans are counted in."""
        self._moved = moved
        lines = split_lines(source)
        self.tables, in_tables = find_tables(lines)
        gone = dropped(lines) | in_tables
        self.lines = [line for at, line in enumerate(lines) if at not in gone]
        self._starts: list[int] = []
        self._sources: list[int] = []
        self.wrap = _wrap(self.lines)
        self.text, self.norm = self._compose(source, has_strays(self.lines))

    def _compose(self, source: str, strays: bool) -> tuple[str, str]:
        pieces, norms, length = [], [], 0
        drop = STRAY if strays else ZERO_WIDTH
        previous = None
        for line in self.lines:
            if previous is not None and not _joins(previous, line, self.wrap):
                pieces.append("\n")
                norms.append("\n")
                length += 1
            for start, end in _kept(source, line, drop):
                self._starts.append(length)
                self._sources.append(start)
                pieces.append(source[start:end])
                norms.append(line.norm[start - line.start : end - line.start])
                length += end - start
            previous = line
        return "".join(pieces), "".join(norms).replace("\t", " ")

    def span(self, start: int, end: int) -> Span:
        """Return where a stretch of the view stands in the source."""
        if end <= start:
            place = self._place(start) if self._starts else 0
            return Span(place, place)
        return Span(self._place(start), self._place(end - 1) + 1)

    def _place(self, at: int) -> int:
        piece = max(0, bisect_right(self._starts, at) - 1)
        return self._sources[piece] + at - self._starts[piece] + self._moved

    def place_of(self, source_at: int) -> int:
        """Return where a character of the source that was kept stands in the view."""
        at = source_at - self._moved
        piece = max(0, bisect_right(self._sources, at) - 1)
        return self._starts[piece] + at - self._sources[piece]

    def paragraphs(self) -> list[tuple[int, int]]:
        """Return start and end of each paragraph."""
        found, at = [], 0
        for part in self.norm.split("\n"):
            found.append((at, at + len(part)))
            at += len(part) + 1
        return found


def printed(text: str) -> str:
    """Return a title on one line, without the blanks that a word processor puts around digits."""
    return AROUND_DIGITS.sub("", text.replace("\n", "")).strip()


def has_strays(lines: list[Line]) -> bool:
    """Say whether blanks between words came from a PDF. A few are printed on purpose: the halves of a slogan."""
    hits = sum(len(IN_WORDS.findall(line.norm, _after_number(line))) for line in lines if " " in line.norm)
    if hits < FEWEST_STRAYS:
        return False
    return hits > STRAY_SHARE * sum(len(line.norm) for line in lines)


def _after_number(line: Line) -> int:
    """Return where the text of a line begins behind its number: a blank there is no stray."""
    number = CANDIDATE.match(line.norm)
    return number.end() if number else 0


def _kept(source: str, line: Line, drop: re.Pattern):
    """Yield the stretches of the line that stay."""
    at = line.start
    for match in drop.finditer(source, line.start, line.end):
        if match.start() > at:
            yield at, match.start()
        at = match.end()
    if at < line.end:
        yield at, line.end


@dataclass(frozen=True, slots=True)
class Wrap:
    """How lines were broken: at this width, and at this number of characters where all full lines have the same (0: they have not).

    indented: whether an indent marks a new paragraph; where most lines have one it marks nothing.
    """

    width: int
    count: int
    indented: bool

    def is_full(self, line: Line) -> bool:
        wide = width(line)
        if self.width - FULL <= wide <= self.width + 4:
            return True
        return bool(self.count) and self.count <= count(line) <= self.count + 1


def _wrap(lines: list[Line]) -> Wrap | None:
    """Return how all lines were broken, None where they are as long as their paragraphs."""
    widths = [width(line) for line in lines if len(line.norm) <= 200]
    if len(widths) < FEWEST_LINES or len(widths) < 0.9 * len(lines):
        return None
    counts = Counter(widths)
    widest = sorted(widths)[len(widths) - 1 - int(MOST_OVER * len(widths))]
    likely = [value for value in counts if value >= widest - 4]
    most = max(likely, key=lambda value: sum(counts[value - less] for less in range(4)))
    full = sum(counts[most - less + 1] for less in range(FULL))
    over = sum(number for value, number in counts.items() if value > most + 4)
    open_ended = sum(1 for line in lines if abs(width(line) - most) <= FULL and line.norm[-1] not in ENDINGS)
    if (
        most < NARROWEST
        or full < max(FEWEST_FULL, FULL_SHARE * len(widths))
        or over > MOST_OVER * len(widths)
        or open_ended < 0.4 * full
    ):
        return None
    numbers = Counter(count(line) for line in lines if abs(width(line) - most) <= FULL)
    number, often = numbers.most_common(1)[0]
    indents = sum(1 for line in lines if line.indent >= 2)
    return Wrap(most, number if often >= SAME_COUNT * sum(numbers.values()) else 0, indents < 0.6 * len(lines))


def _joins(line: Line, after: Line, wrap: Wrap | None) -> bool:
    """Say whether a line runs on in the next."""
    if after.norm[0] in CLOSING and line.norm[-1] not in "。；！？" and not after.gap:
        return True
    if wrap is None or not wrap.is_full(line):
        return False
    ended = line.norm[-1] in "。；！？"
    if after.indent >= 2 and (ended or wrap.indented):
        return False
    heading = after.norm[-1] not in ENDINGS and not wrap.is_full(after)
    if not ended:
        return not (line.norm[-1] in "）】" and (_is_numbered(after) or heading))
    return not _is_numbered(after) and not after.gap and not heading


def _is_numbered(line: Line) -> bool:
    """Say whether a line begins with a number of a heading, stray blanks or not."""
    found = [CANDIDATE.match(text) for text in (line.norm, line.bare)]
    return any(match is not None and match.lastgroup in TOKEN_LEVELS for match in found)


__all__ = ["Table", "View", "printed"]
