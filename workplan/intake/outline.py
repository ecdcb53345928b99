"""The draft of a plan as plain data: sections, tasks and targets, each with its place in the notice and how sure the parser was.

Every part has an id that stays with it however it is moved ("s3", "t12", "t12.2") and that no other part ever gets. A `Span` counts
characters of the notice's text as read, end exclusive. What is dropped stays in its place, so that it can be brought back.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from workplan.rules.kinds import Strength

from .errors import BadEdit

Span = tuple[int, int]
HIGH = "high"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the head of the notice says. year: None where it says none."""

    title: str
    year: int | None
    document_number: str
    issued: date | None


@dataclass(frozen=True, slots=True)
class DraftOwner:
    """A unit's part in a task, by the name that the notice or the user gives. role: lead or cooperate."""

    name: str
    role: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class DraftTarget:
    """A target as it would enter the plan.

    text: the passage that states it; goal: in `unit`, None where it has no threshold; implied: the goal is a reading, not printed;
    reason, confidence: the parser's, "" and high for what a user has added; checked: somebody has looked at it;
    alike: id of a target that seems to be the same one; same_as: id of the target that it only repeats.
    """

    id: str
    text: str
    measure: str
    kind: str
    strength: str
    comparator: str
    goal: Decimal | None
    unit: str
    recurrence: str = "none"
    due: date | None = None
    cooperation: bool = False
    implied: bool = False
    span: Span | None = None
    reason: str = ""
    confidence: str = HIGH
    checked: bool = False
    dropped: bool = False
    alike: str = ""
    same_as: str = ""

    @property
    def is_live(self) -> bool:
        """Say whether the target becomes a row of the plan."""
        return not self.dropped and not self.same_as

    @property
    def waits(self) -> bool:
        """Say whether somebody must still look at it."""
        return self.is_live and not self.checked and (self.confidence != HIGH or bool(self.alike))

    @property
    def needs_goal(self) -> bool:
        return self.is_live and self.strength != Strength.TRACKED and self.goal is None


@dataclass(frozen=True, slots=True)
class DraftTask:
    """A task as it would enter the plan. between: what stands between title and text in the notice, mostly a full stop."""

    id: str
    title: str
    text: str
    label: str = ""
    between: str = ""
    spans: tuple[Span, ...] = ()
    title_span: Span | None = None
    targets: tuple[DraftTarget, ...] = ()
    owners: tuple[DraftOwner, ...] = ()
    due: date | None = None
    due_span: Span | None = None
    reason: str = ""
    confidence: str = HIGH
    checked: bool = False
    dropped: bool = False

    @property
    def is_live(self) -> bool:
        return not self.dropped

    @property
    def waits(self) -> bool:
        """Say whether somebody must still look at the task itself, whatever becomes of its targets."""
        return self.is_live and not self.checked and self.confidence != HIGH

    @property
    def whole(self) -> str:
        """Return title and text as they stand in the notice."""
        return self.title + self.between + self.text

    @property
    def body(self) -> tuple[Span, ...]:
        """Return where the text after the title stands."""
        if self.title_span is None:
            return self.spans
        begin, stop = self.title_span
        clipped = [(max(start, stop), end) if start <= begin < end else (start, end) for start, end in self.spans]
        return tuple((start, end) for start, end in clipped if start < end)

    @property
    def live_targets(self) -> list[DraftTarget]:
        return [target for target in self.targets if target.is_live] if self.is_live else []


@dataclass(frozen=True, slots=True)
class DraftSection:
    """A chapter of the plan. app: code of the section app that it belongs to, "" while nobody has said."""

    id: str
    title: str
    tasks: tuple[DraftTask, ...] = ()
    span: Span | None = None
    title_span: Span | None = None
    app: str = ""
    confidence: str = HIGH

    @property
    def live_tasks(self) -> list[DraftTask]:
        return [task for task in self.tasks if task.is_live]


@dataclass(frozen=True, slots=True)
class Outline:
    """The whole draft. last: the highest numbers given to a section, a task and a target so far."""

    source: str
    facts: Facts
    sections: tuple[DraftSection, ...]
    last: tuple[int, int, int]

    @property
    def tasks(self) -> Iterator[DraftTask]:
        return (task for section in self.sections for task in section.tasks)

    @property
    def targets(self) -> Iterator[DraftTarget]:
        return (target for task in self.tasks for target in task.targets)

    @property
    def live_sections(self) -> list[DraftSection]:
        """Return the sections that become part of the plan: those with a task."""
        return [section for section in self.sections if section.live_tasks]

    @property
    def waiting(self) -> list[str]:
        """Return the ids of the tasks and targets that somebody must still look at, in reading order."""
        found = []
        for task in self.tasks:
            found += [task.id] if task.waits else []
            found += [target.id for target in task.live_targets if target.waits]
        return found

    def section(self, ident: str) -> DraftSection:
        return _found((section for section in self.sections if section.id == ident), "板块")

    def task(self, ident: str) -> DraftTask:
        return _found((task for task in self.tasks if task.id == ident), "任务")

    def target(self, ident: str) -> DraftTarget:
        return _found((target for target in self.targets if target.id == ident), "目标")

    def section_of(self, ident: str) -> DraftSection:
        """Return the section in which a task stands."""
        return _found((s for s in self.sections if any(task.id == ident for task in s.tasks)), "任务")

    def task_of(self, ident: str) -> DraftTask:
        """Return the task in which a target stands."""
        return _found((task for task in self.tasks if any(one.id == ident for one in task.targets)), "目标")

    def section_of_part(self, ident: str) -> DraftSection | None:
        """Return the section in which a part of any kind stands; None where there is no such part."""
        for section in self.sections:
            for task in section.tasks:
                if ident == task.id or any(ident == target.id for target in task.targets):
                    return section
            if section.id == ident:
                return section
        return None

    # --- changed copies ---

    def with_section(self, ident: str, change: Callable[[DraftSection], DraftSection]) -> "Outline":
        self.section(ident)
        return replace(self, sections=tuple(change(s) if s.id == ident else s for s in self.sections))

    def with_task(self, ident: str, change: Callable[[DraftTask], DraftTask]) -> "Outline":
        home = self.section_of(ident)
        tasks = tuple(change(task) if task.id == ident else task for task in home.tasks)
        return self.with_section(home.id, lambda section: replace(section, tasks=tasks))

    def with_target(self, ident: str, change: Callable[[DraftTarget], DraftTarget]) -> "Outline":
        home = self.task_of(ident)
        targets = tuple(change(target) if target.id == ident else target for target in home.targets)
        return self.with_task(home.id, lambda task: replace(task, targets=targets))


def _found(candidates: Iterator, kind: str):
    part = next(candidates, None)
    if part is None:
        raise BadEdit(f"{kind}已不存在，可能已被合并或撤销。")
    return part
