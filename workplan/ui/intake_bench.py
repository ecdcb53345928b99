"""The outline as the bench shows it: sections with what is left to check, one section's tasks and targets in words."""

from dataclasses import dataclass, field

from ..intake.edits import EDITS
from ..intake.outline import DraftSection, DraftTarget, DraftTask, Outline
from ..models import Intake
from ..rules.kinds import Recurrence, Strength, TargetKind
from . import format as fmt
from . import marks
from .marks import Mark

WAITS = Mark("waits", "待核对", "yellow", marks.TRIANGLE)
CHECKED = Mark("checked", "已核对", "green", marks.TICKED)
SURE = Mark("sure", "已识别", "green", marks.CIRCLE)
DROPPED = Mark("dropped", "不采用", "grey", marks.DASH)
SAME = Mark("same", "同一目标", "grey", marks.RING)
STEPS = (("bench", "核对内容"), ("sections", "对应板块"), ("compare", "与上年比较"), ("finish", "生成草稿"))


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target in words. alike, same: the other target that it may be, or is, one with."""

    draft: DraftTarget
    mark: Mark
    goal: str
    kind: str
    alike: str = ""
    same: str = ""

    @property
    def id(self) -> str:
        return self.draft.id


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in words. number: its place in the plan, None where it is left out."""

    draft: DraftTask
    number: int | None
    mark: Mark
    owners: str
    targets: list[TargetRow]
    waiting: int

    @property
    def id(self) -> str:
        return self.draft.id


@dataclass(frozen=True, slots=True)
class SectionTab:
    """A section in the row of sections. waiting: how many parts of it must still be looked at."""

    id: str
    number: int
    title: str
    waiting: int
    chosen: bool


@dataclass(slots=True)
class Bench:
    """Everything of the outline that the page shows."""

    tabs: list[SectionTab]
    section: DraftSection | None
    tasks: list[TaskRow]
    waiting: list[str]
    counts: dict[str, int] = field(default_factory=dict)


def bench_of(outline: Outline, chosen: DraftSection | None) -> Bench:
    waiting = outline.waiting
    numbers = {task.id: n for n, task in enumerate((t for s in outline.sections for t in s.live_tasks), start=1)}
    codes = target_codes(outline, numbers)
    tabs = [
        SectionTab(one.id, n, one.title, sum(_waiting(task) for task in one.tasks), one is chosen)
        for n, one in enumerate(outline.sections, start=1)
    ]
    rows = [_task_row(task, numbers, codes) for task in chosen.tasks] if chosen else []
    counts = {"tasks": len(numbers), "targets": sum(len(task.live_targets) for task in outline.tasks)}
    return Bench(tabs, chosen, rows, waiting, counts)


def target_codes(outline: Outline, numbers: dict[str, int]) -> dict[str, str]:
    """Return the code and words by which a target is named to the user."""
    return {
        target.id: f"{numbers[task.id]}.{n} {target.measure}"
        for task in outline.tasks
        if task.is_live
        for n, target in enumerate(task.live_targets, start=1)
    }


def _waiting(task: DraftTask) -> int:
    return task.waits + sum(target.waits for target in task.live_targets)


def _task_row(task: DraftTask, numbers: dict[str, int], codes: dict[str, str]) -> TaskRow:
    mark = DROPPED if task.dropped else WAITS if task.waits else CHECKED if task.checked else SURE
    rows = [_target_row(target, codes) for target in task.targets]
    return TaskRow(task, numbers.get(task.id), mark, owners_in_words(task), rows, _waiting(task))


def _target_row(target: DraftTarget, codes: dict[str, str]) -> TargetRow:
    return TargetRow(
        target,
        _target_mark(target),
        fmt.goal(target.comparator, target.goal, target.unit),
        _kind_in_words(target),
        codes.get(target.alike, "") if target.waits else "",
        codes.get(target.same_as, "") if target.same_as else "",
    )


def _target_mark(target: DraftTarget) -> Mark:
    if target.dropped:
        return DROPPED
    if target.same_as:
        return SAME
    return WAITS if target.waits else CHECKED if target.checked else SURE


def _kind_in_words(target: DraftTarget) -> str:
    words = [TargetKind(target.kind).label, Strength(target.strength).label]
    if target.recurrence != Recurrence.NONE and target.recurrence in set(Recurrence):
        words.append(Recurrence(target.recurrence).label)
    return " · ".join(
        [*words, *(["推定目标值"] if target.implied else []), *(["配合事项"] if target.cooperation else [])]
    )


def owners_in_words(task: DraftTask) -> str:
    lead = [owner.name for owner in task.owners if owner.role == "lead"]
    others = [owner.name for owner in task.owners if owner.role != "lead"]
    return "；".join([*(f"{name}牵头" for name in lead), *([f"{'、'.join(others)}配合"] if others else [])])


def last_edit(intake: Intake) -> str:
    """Return what the last correction was, in words; "" where there is none."""
    return EDITS[intake.edits[-1]["edit"]].label if intake.edits else ""


def next_undone(intake: Intake) -> str:
    return EDITS[intake.undone[-1]["edit"]].label if intake.undone else ""
