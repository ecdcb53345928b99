"""A sentence of an item with all that rules ask about it, and the making of proposals from it."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .clauses import Sentence, past_clauses
from .dates import Deadline, deadline
from .model import Confidence, Due, Proposal, least
from .units import Places
from .view import View

COOPERATION = re.compile(r"配合|协助|协同|会同|联合|争取|力争|努力|探索|指导下|统筹安排下|参与")
MOST_DEADLINES = 20
LEADING = re.compile(
    r"(?:进一步|持续|积极|大力|着力|努力|力争|争取|确保|全面|切实|深入|稳步|计划|加快|年内|全年|今年|(?:20\d\d年)?年?底前?|\d{1,2}月底前|到|至|并|其中|以及|同时|要|再|将|实现|做到|达到|使|让|按照|以|[ 、，和及并])+"
)
TRAILING = re.compile(
    r"(?:提高|调整|增加)?(?:到|至)?每人每[年月]$|[的在为至到于、，和及并 ：]+$|(?:达到|不低于|不少于|超过|保持在?|稳定在|提高到?|提升到?|至少|均?达到?|均|力争|控制在|以上)+$"
)
LONGEST_MEASURE = 60


@dataclass(slots=True)
class Passage:
    """year: of the plan. item_due: the deadline in the item's brackets, for targets that name none."""

    view: View
    sentence: Sentence
    year: int | None
    item_due: Due | None
    places: Places = field(init=False)
    deadlines: list[Deadline] = field(init=False)
    past: frozenset[int] = field(init=False)

    def __post_init__(self):
        self.places = Places(self.view.norm, self.sentence.start, self.sentence.end)
        self.past = past_clauses(self.norm, self.sentence, self.year)
        self.deadlines, at = [], self.sentence.start
        while len(self.deadlines) < MOST_DEADLINES:
            found = deadline(self.view.norm, at, self.sentence.end, self.year)
            if found is None:
                break
            if self.year is None or found.day.year >= self.year:
                self.deadlines.append(found)
            at = max(found.end, at + 1)

    @property
    def norm(self) -> str:
        return self.view.norm

    def clause(self, at: int) -> tuple[int, int]:
        """Return start and end of the clause that holds a place."""
        found = self.sentence.clauses[self.sentence.clause_at(at)]
        return found.start, found.end

    def is_past(self, at: int) -> bool:
        """Say whether what stands at a place is told of the past."""
        return self.sentence.clause_at(at) in self.past

    def due(self, start: int, end: int) -> tuple[date | None, str, bool]:
        """Return the deadline that holds for a stretch: the last one named before it, one in it, else that of the item."""
        before = [found for found in self.deadlines if found.start < end]
        if before:
            return before[-1].day, before[-1].text, before[-1].certain
        if self.item_due is not None:
            return self.item_due.day, self.item_due.text, True
        return None, "", True

    def scope(self, start: int, end: int) -> tuple[str, ...]:
        """Return the places that are named for a clause: in it, or in the next one where that says which they are."""
        names = self.places.within(start, end)[0]
        following = self.norm[end + 1 : end + 5]
        if names or not re.match(r"覆盖|分别|涉及|包括|即|其中", following):
            return names
        return self.places.within(end + 1, min(self.sentence.end, end + 8))[0]

    def propose(
        self,
        start: int,
        end: int,
        number: tuple[int, int],
        *,
        measure: str,
        kind: str,
        comparator: str,
        value: Decimal | int,
        unit: str,
        reason: str,
        confidence: Confidence = Confidence.HIGH,
        recurrence: str = "none",
        strength: str = "hard",
        scope: tuple[str, ...] = (),
        per: str = "",
        value_to: Decimal | None = None,
    ) -> Proposal:
        """Return a proposal for the stretch of the view from start to end."""
        day, words, certain = self.due(start, end)
        shared = COOPERATION.search(self.norm, start, end)
        while start < end and self.norm[start] in " 、，":
            start += 1
        while end > start and self.norm[end - 1] in " 、，。；：！？":
            end -= 1
        return Proposal(
            text=self.view.text[start:end],
            measure=measure or self.view.text[start:end][:LONGEST_MEASURE],
            kind=kind,
            comparator=comparator,
            value=Decimal(value),
            unit=unit,
            span=self.view.span(start, end),
            number_span=self.view.span(*number),
            reason=reason,
            confidence=confidence if certain else least(confidence, Confidence.MEDIUM),
            recurrence=recurrence,
            strength=strength,
            due=day,
            due_text=words,
            scope_units=scope,
            cooperation=shared[0] if shared else "",
            per=per,
            value_to=value_to,
        )


def trimmed(text: str) -> str:
    """Return words of a measure without what leads up to them or follows them."""
    text = text.strip(" ，。；、：“”\n")
    if text.rfind("（") > text.rfind("）"):
        text = text[text.rfind("（") + 1 :]  # 完成600户（其中失能家庭
    while True:
        lead = LEADING.match(text)
        shorter = TRAILING.sub("", text[lead.end() :] if lead else text)
        if shorter == text:
            break
        text = shorter
    text = text[-LONGEST_MEASURE:]
    return f"{text}”" if text.count("“") > text.count("”") else text
