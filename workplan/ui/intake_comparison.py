"""This year's plan beside last year's, in words."""

from dataclasses import dataclass

from ..intake.comparing import Comparison, FormerTarget, TargetChange, TaskChange
from ..intake.outline import Outline
from ..services.intake_parts import Parts
from . import format as fmt
from . import marks
from .marks import Mark

NEW = Mark("new", "新增", "blue", marks.CIRCLE)
CHANGED = Mark("changed", "有变化", "yellow", marks.TRIANGLE)
KEPT = Mark("kept", "不变", "grey", marks.DASH)
GONE = Mark("gone", "上年有", "rose", marks.DIAMOND)


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target that is new, gone or promises something else than last year. key: of one that is gone, to take it over; kept: it was chosen."""

    mark: Mark
    measure: str
    old: str
    new: str
    key: str = ""
    kept: bool = False


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task with what became of it. before: last year's number and title; lead: who is proposed or was chosen."""

    id: str
    number: int
    title: str
    mark: Mark
    before: str
    targets: list[TargetLine]
    lead: str
    proposed: str
    others: str
    source: str
    unknown: str


def groups_of(
    outline: Outline, found: Comparison, parts: dict[str, Parts], chosen: dict[str, str], kept: frozenset[str]
) -> list[tuple]:
    """Return section id and title with the lines of its tasks."""
    changes = {change.new.id: change for change in found.changes}
    numbers = {ident: number for number, ident in enumerate(changes, start=1)}
    return [
        (
            section,
            [
                _task_line(changes[task.id], numbers[task.id], parts[task.id], chosen.get(task.id), kept)
                for task in section.live_tasks
            ],
        )
        for section in outline.live_sections
    ]


def _task_line(change: TaskChange, number: int, parts: Parts, chosen: str | None, kept: frozenset[str]) -> TaskLine:
    proposed = parts.lead.name if parts.lead else ""
    return TaskLine(
        change.new.id,
        number,
        change.new.title,
        NEW if change.old is None else CHANGED if change.is_changed else KEPT,
        _before(change),
        [_target_line(one, kept) for one in change.targets if one.is_changed] if change.old else [],
        proposed if chosen is None else chosen,
        proposed,
        "、".join(unit.label for unit in parts.others),
        parts.source if parts.lead or parts.others else "",
        "、".join(parts.unknown),
    )


def _before(change: TaskChange) -> str:
    if change.old is None or change.old.title == change.new.title:
        return ""
    return f"{change.old.number}. {change.old.title}"


def _target_line(change: TargetChange, kept: frozenset[str]) -> TargetLine:
    new, old = change.new, change.old
    mark = NEW if old is None else GONE if new is None else CHANGED
    return TargetLine(
        mark,
        new.measure if new else f"{old.code} {old.measure}",
        fmt.goal(old.comparator, old.goal, old.unit) if old else fmt.MISSING,
        fmt.goal(new.comparator, new.goal, new.unit) if new else fmt.MISSING,
        "" if new else f"keep-{old.pk}",
        new is None and str(old.pk) in kept,
    )


def gone_targets(found: Comparison) -> list[tuple[FormerTarget, str]]:
    """Return last year's targets that nothing of this year stands beside, with their goals in words; those of gone tasks too."""
    return [(target, fmt.goal(target.comparator, target.goal, target.unit)) for target in found.gone_targets]


def counts_of(found: Comparison) -> list[tuple[str, int]]:
    new, changed = len(found.new), len(found.changed)
    return [
        ("新增任务", new),
        ("有变化的任务", changed),
        ("不变的任务", len(found.changes) - new - changed),
        ("上年有、今年没有的任务", len(found.gone)),
    ]
