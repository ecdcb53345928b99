"""How near a reading comes to the truth: items, targets, false targets."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from tests.notice.truth import Outcome
from workplan.notice import Notice, NoticeError, read_notice


@dataclass
class Score:
    items: int = 0
    items_right: int = 0
    targets: int = 0
    targets_found: int = 0
    proposed: int = 0
    false: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        for name in ("items", "items_right", "targets", "targets_found", "proposed", "false"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.faults += other.faults

    @property
    def item_rate(self) -> float:
        return self.items_right / self.items if self.items else 1.0

    @property
    def recall(self) -> float:
        return self.targets_found / self.targets if self.targets else 1.0

    @property
    def false_rate(self) -> float:
        return self.false / self.proposed if self.proposed else 0.0

    def __str__(self) -> str:
        return (
            f"items {self.items_right}/{self.items} ({self.item_rate:.1%}), targets {self.targets_found}/{self.targets} "
            f"({self.recall:.1%}), false {self.false}/{self.proposed} ({self.false_rate:.1%})"
        )


def score(outcome: Outcome) -> tuple[Score, Notice | None]:
    """Return the score of one text, and the notice that was read."""
    result = Score()
    try:
        notice = read_notice(outcome.content, outcome.filename)
    except NoticeError as error:
        if not outcome.refused:
            result.items = sum(len(section["items"]) for section in outcome.sections)
            result.faults.append(f"{outcome.name}: refused, {error}")
        return result, None
    if outcome.refused:
        result.faults.append(f"{outcome.name}: read, though it is no notice")
        return result, notice
    _facts(outcome, notice, result)
    _sections(outcome, notice, result)
    return result, notice


def _facts(outcome: Outcome, notice: Notice, result: Score) -> None:
    header = notice.header
    pairs = {
        "title": (outcome.title, header.title.value if header.title else ""),
        "year": (outcome.year, header.year),
        "document_number": (outcome.document_number, header.document_number.value if header.document_number else ""),
        "issuer": (outcome.issuer, header.issuer.value if header.issuer else ""),
    }
    if outcome.annexes is not None:
        pairs["annexes"] = (outcome.annexes, len(notice.annexes))
    for name, (wanted, found) in pairs.items():
        if wanted is not None and wanted != found:
            result.faults.append(f"{outcome.name}: {name} {found!r} instead of {wanted!r}")


def _sections(outcome: Outcome, notice: Notice, result: Score) -> None:
    wanted = [(section["no"], section["title"]) for section in outcome.sections]
    found = [(section.no, section.title) for section in notice.sections]
    if wanted != found:
        result.faults.append(f"{outcome.name}: sections {found} instead of {wanted}")
    there = {}
    for at, section in enumerate(notice.sections):
        for item in section.items:
            there.setdefault((at, item.no, item.title), item)
    total = sum(len(section.items) for section in notice.sections)
    for at, section in enumerate(outcome.sections):
        for no, title, truth in section["items"]:
            result.items += 1
            item = there.get((at, no, title))
            if item is None:
                near = [other.title for key, other in there.items() if key[:2] == (at, no)]
                result.faults.append(f"{outcome.name}: item {no} {title!r} is {near}")
            result.items_right += item is not None
            _targets(outcome.name, f"{no} {title}", truth, item, result)
    if total != result.items:
        result.faults.append(f"{outcome.name}: {total} items instead of {result.items}")


def _targets(name: str, label: str, truth, item, result: Score) -> None:
    """Count targets of kind, comparator, value and unit. Of an item that was not found none is found and none is false."""
    wanted = Counter((target.kind, target.comparator, target.value, target.unit) for target in truth.targets)
    result.targets += sum(wanted.values())
    if item is None:
        return
    found = Counter((target.kind, target.comparator, Decimal(target.value), target.unit) for target in item.targets)
    result.targets_found += sum((wanted & found).values())
    result.proposed += sum(found.values())
    result.false += sum((found - wanted).values())
    for missed in (wanted - found).elements():
        result.faults.append(f"{name}: {label} misses {' '.join(map(str, missed))}")
    for invented in (found - wanted).elements():
        result.faults.append(f"{name}: {label} has {' '.join(map(str, invented))}")
    if truth.owners and set(truth.owners) != {owner.name for owner in item.owners}:
        result.faults.append(f"{name}: {label} owners {[owner.name for owner in item.owners]}")
    due = item.due.day.isoformat() if item.due and item.due.day else None
    if truth.due and truth.due != due:
        result.faults.append(f"{name}: {label} due {due} instead of {truth.due}")
