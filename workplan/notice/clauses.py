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
    r"(?:去年|上年|上一年|近年来|今年以来|截至(?!今年|20\d\d年底前)|目前|现有|累计已|已经|经统计|据统计|过去一年|一年来|五年来|回顾|“十三五”|“十四五”(?:期间|以来|时期)|(20\d\d)年)"
)
BUILT_UPON = re.compile(r"[低少]于(?:去年|上年)|上年水平|基础上|基础之上|的做法|的经验")
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
    starts: list[int]

    def quoted(self, at: int) -> tuple[int, int] | None:
        """Return the quotation around a place."""
        found = bisect_right(self.quotes, (at, 1 << 60)) - 1
        return self.quotes[found] if found >= 0 and self.quotes[found][0] < at < self.quotes[found][1] else None

    def clause_at(self, at: int) -> int:
        """Return which clause holds a place."""
        return max(0, bisect_right(self.starts, at) - 1)


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
    clauses = clauses or [Clause(start, end)]
    return Sentence(start, end, quotes, clauses, [clause.start for clause in clauses])


def past_clauses(norm: str, sentence: Sentence, year: int | None) -> frozenset[int]:
    """Return which clauses tell of the past: a word for it stands in them, or at the head of the sentence, which then is all past."""
    told = {at for at, clause in enumerate(sentence.clauses) if _tells_of_past(norm, clause, year)}
    return frozenset(range(len(sentence.clauses)) if 0 in told else told)


def _tells_of_past(norm: str, clause: Clause, year: int | None) -> bool:
    end = min(clause.end, clause.start + 200)
    if BUILT_UPON.search(norm, clause.start, end):
        return False
    for match in PAST.finditer(norm, clause.start, end):
        early = match[1] is None or (year is not None and int(match[1]) < year)
        if early and not COMPARED.search(norm, max(clause.start, match.start() - 2), match.start()):
            return True
    return False
