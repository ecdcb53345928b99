"""Sentences and clauses of a stretch of the view, with the quotations in them."""

import re
from bisect import bisect_right
from dataclasses import dataclass

SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?”?")
CLAUSE = re.compile(r"[^，：:—]+")
QUOTED = re.compile(r"“[^“”\n]{0,60}”|《[^《》\n]{0,80}》")
LONGEST = 1200  # characters of a sentence; what is longer is cut
# What is told of the past or given as a reason is no promise.
PAST = re.compile(
    r"(?:去年|上年|上一年|近年来|今年以来|截至(?!今年|20\d\d年底前)|目前|现有|累计已|已经|经统计|据统计|过去一年|一年来|五年来|回顾|“十三五”|“十四五”(?:期间|以来|时期))"
)
COMPARED = re.compile(r"(?:较|比|同比|与|在)$")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch between two pauses, in the view."""

    start: int
    end: int


@dataclass(slots=True)
class Sentence:
    """A stretch up to a full stop or semicolon, in the view. quotes: where quotations begin and end."""

    start: int
    end: int
    quotes: list[tuple[int, int]]
    clauses: list[Clause]

    def quoted(self, at: int) -> tuple[int, int] | None:
        """Return the quotation around a place."""
        found = bisect_right(self.quotes, (at, 1 << 60)) - 1
        return self.quotes[found] if found >= 0 and self.quotes[found][0] < at < self.quotes[found][1] else None

    def clause_at(self, at: int) -> int:
        """Return which clause holds a place."""
        return max(0, bisect_right([clause.start for clause in self.clauses], at) - 1)


def sentences(norm: str, start: int, end: int, without: list[tuple[int, int]], telling: re.Pattern):
    """Yield the sentences in which `telling` finds something, but for those within the stretches left out."""
    for first, last in _kept(start, end, without):
        for match in SENTENCE.finditer(norm, first, last):
            at = match.start()
            while at < match.end():
                stop = min(at + LONGEST, match.end())
                if telling.search(norm, at, stop):
                    yield _sentence(norm, at, stop)
                at = stop


def _kept(start: int, end: int, without: list[tuple[int, int]]):
    at = start
    for first, last in sorted(without):
        if first > at:
            yield at, min(first, end)
        at = max(at, last)
    if at < end:
        yield at, end


def _sentence(norm: str, start: int, end: int) -> Sentence:
    quotes = [match.span() for match in QUOTED.finditer(norm, start, end)]
    clauses, at, within = [], start, 0
    for match in CLAUSE.finditer(norm, start, end):
        while within < len(quotes) and quotes[within][1] <= match.end():
            within += 1
        if within < len(quotes) and quotes[within][0] < match.end() < quotes[within][1]:
            continue  # a comma inside a quotation parts nothing
        clauses.append(Clause(at, match.end()))
        at = match.end() + 1
    if at < end:
        clauses.append(Clause(at, end))
    return Sentence(start, end, quotes, clauses or [Clause(start, end)])


def is_past(norm: str, sentence: Sentence, at: int, year: int | None) -> bool:
    """Say whether what stands at a place is told of the past: a word for it comes before, in its clause or at the sentence's start."""
    clause = sentence.clauses[sentence.clause_at(at)]
    for start, end in ((sentence.start, sentence.clauses[0].end), (clause.start, at)):
        for match in PAST.finditer(norm, start, min(end, start + 200)):
            if not COMPARED.search(norm, max(start, match.start() - 2), match.start()):
                return True
        for match in re.finditer(r"(20\d\d)年", norm[start : min(end, start + 200)]):
            early = year and int(match[1]) < year
            if early and not COMPARED.search(norm, max(start, start + match.start() - 2), start + match.start()):
                return True
    return False
