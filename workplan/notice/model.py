"""What a notice says, as data. Every part knows where it stands in the text as read.

A `Span` counts characters of `Notice.source`: `source[span.start:span.end]` is the passage as printed, line breaks and stray spaces
included. What is shown as text (titles, bodies, targets) is the same passage with broken lines joined again.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Confidence(StrEnum):
    """How sure the parser is. High: the text says so. Medium: one reading was chosen. Low: a guess that somebody must look at."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


RANKS = (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW)


def least(*grades: Confidence) -> Confidence:
    """Return the least sure of the grades: a chain is as sure as its weakest link."""
    return RANKS[max(RANKS.index(grade) for grade in grades)]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of the text as read, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact of the header and where it stands."""

    value: str
    span: Span
    confidence: Confidence = Confidence.HIGH


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for an item. role: lead 牵头, cooperate 配合, responsible 责任."""

    name: str
    role: str
    span: Span


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline. day: the last day of the time that is named; None where words such as 持续推进 name none."""

    day: date | None
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Proposal:
    """A target that the text states.

    kind, comparator, unit, recurrence and strength are the words of `workplan.rules.kinds` and of the plan's tables; `unit` of what recurs
    names its time too (次/月). value: the goal; value_to: the upper end of a range. due is None where the text names no time.
    cooperation: the word that makes it a shared or an effort duty (配合, 争取, 力争), or "". per: of what each one is meant (每个乡镇).
    reason: the rule that found it, in Chinese, for the reader.
    """

    text: str
    measure: str
    kind: str
    comparator: str
    value: Decimal
    unit: str
    span: Span
    number_span: Span
    reason: str
    confidence: Confidence
    recurrence: str = "none"
    strength: str = "hard"
    due: date | None = None
    due_text: str = ""
    scope_units: tuple[str, ...] = ()
    cooperation: str = ""
    per: str = ""
    value_to: Decimal | None = None


@dataclass(slots=True)
class Item:
    """A numbered task. no: None where the text gives none. text: what follows the title. group: the heading between section and item."""

    no: int | None
    title: str
    text: str
    span: Span
    title_span: Span
    label: str = ""
    group: str = ""
    confidence: Confidence = Confidence.HIGH
    reason: str = ""
    targets: list[Proposal] = field(default_factory=list)
    owners: list[Owner] = field(default_factory=list)
    due: Due | None = None


@dataclass(slots=True)
class Section:
    """A chapter. Text and targets of its own stand before its first item, or make up a section without items."""

    no: int | None
    title: str
    span: Span
    title_span: Span
    text: str = ""
    confidence: Confidence = Confidence.HIGH
    items: list[Item] = field(default_factory=list)
    targets: list[Proposal] = field(default_factory=list)
    owners: list[Owner] = field(default_factory=list)
    due: Due | None = None


@dataclass(slots=True)
class Annex:
    """What follows the plan: annex, glossary or list. Its numbers are never items of the plan."""

    title: str
    kind: str
    span: Span
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two targets that seem to be one, stated in two items. first, second: item index and target index in reading order."""

    first: tuple[int, int]
    second: tuple[int, int]
    reason: str


@dataclass(slots=True)
class Header:
    """Facts about the document. year: of the plan, else of the document number, else of the date of issue."""

    title: Stated | None = None
    notice_title: Stated | None = None
    year: int | None = None
    document_number: Stated | None = None
    issuer: Stated | None = None
    issued: Stated | None = None
    published: Stated | None = None


@dataclass(slots=True)
class Notice:
    """A notice that has been read."""

    source: str
    header: Header
    sections: list[Section]
    annexes: list[Annex]
    duplicates: list[Duplicate]
    warnings: list[str]
    confidence: Confidence

    @property
    def items(self) -> list[Item]:
        """Return all items of the plan in reading order."""
        return [item for section in self.sections for item in section.items]
