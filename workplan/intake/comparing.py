"""What is new, gone or changed against last year's plan, task by task and target by target."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from workplan.rules.likeness import pair_up

from .outline import DraftTarget, DraftTask, Outline

FAR = 0.6  # how alike two things must be that stand in different sections or tasks


@dataclass(frozen=True, slots=True)
class FormerTarget:
    """A target of last year's plan."""

    pk: int
    code: str
    measure: str
    kind: str
    comparator: str
    goal: Decimal | None
    unit: str
    strength: str
    recurrence: str = "none"
    due: date | None = None
    cooperation: bool = False


@dataclass(frozen=True, slots=True)
class FormerTask:
    """A task of last year's plan. lead: the unit that led it, by name."""

    pk: int
    number: int
    title: str
    app: str
    lead: str = ""
    targets: tuple[FormerTarget, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetChange:
    """A target of this year beside last year's. new, old: either is None where the target is new or gone."""

    new: DraftTarget | None
    old: FormerTarget | None

    @property
    def is_changed(self) -> bool:
        """Say whether the promise is another than last year's."""
        if self.new is None or self.old is None:
            return True
        promise = (self.new.kind, self.new.comparator, self.new.goal, self.new.unit, self.new.strength)
        return promise != (self.old.kind, self.old.comparator, self.old.goal, self.old.unit, self.old.strength)


@dataclass(frozen=True, slots=True)
class TaskChange:
    """A task of this year beside last year's, with what became of the targets of both."""

    new: DraftTask
    old: FormerTask | None
    targets: tuple[TargetChange, ...] = ()

    @property
    def is_changed(self) -> bool:
        return self.old is not None and (
            self.old.title != self.new.title or any(change.is_changed for change in self.targets)
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of it. tasks, targets: ids of this year's parts to last year's rows."""

    changes: tuple[TaskChange, ...] = ()
    gone: tuple[FormerTask, ...] = ()
    gone_targets: tuple[FormerTarget, ...] = ()
    tasks: dict[str, FormerTask] = field(default_factory=dict)
    targets: dict[str, FormerTarget] = field(default_factory=dict)

    @property
    def new(self) -> list[TaskChange]:
        return [change for change in self.changes if change.old is None]

    @property
    def changed(self) -> list[TaskChange]:
        return [change for change in self.changes if change.is_changed]


def compare(outline: Outline, former: Iterable[FormerTask]) -> Comparison:
    """Return how the outline differs from last year's plan. Tasks find each other within their section app first, then anywhere.

    Targets are looked for in the task that theirs was found to be, then, where they are very much alike, anywhere.
    """
    former = list(former)
    tasks = _pair_tasks(outline, former)
    targets = _pair_targets(outline, former, tasks)
    changes = tuple(_change(task, tasks, targets) for section in outline.live_sections for task in section.live_tasks)
    met, seen = {task.pk for task in tasks.values()}, {target.pk for target in targets.values()}
    gone = tuple(task for task in former if task.pk not in met)
    shown = {change.old.pk for one in changes for change in one.targets if change.old}
    lost = tuple(target for task in former for target in task.targets if target.pk not in seen | shown)
    return Comparison(changes, gone, lost, tasks, targets)


def _pair_tasks(outline: Outline, former: list[FormerTask]) -> dict[str, FormerTask]:
    apps = {task.id: section.app for section in outline.live_sections for task in section.live_tasks}
    titles = {task.id: task.title for task in outline.tasks if task.id in apps}
    by_pk = {task.pk: task for task in former}
    found: dict[str, FormerTask] = {}
    for app in dict.fromkeys(app for app in apps.values() if app):
        ones = {ident: title for ident, title in titles.items() if apps[ident] == app}
        others = {task.pk: task.title for task in former if task.app == app}
        found |= {ident: by_pk[pk] for ident, (pk, _) in pair_up(ones, others).items()}
    met = {task.pk for task in found.values()}
    ones = {ident: title for ident, title in titles.items() if ident not in found}
    others = {task.pk: task.title for task in former if task.pk not in met}
    return found | {ident: by_pk[pk] for ident, (pk, _) in pair_up(ones, others, FAR).items()}


def _pair_targets(outline: Outline, former: list[FormerTask], tasks: dict[str, FormerTask]) -> dict[str, FormerTarget]:
    live = {target.id: target for task in outline.tasks for target in task.live_targets}
    by_pk = {target.pk: target for task in former for target in task.targets}
    found: dict[str, FormerTarget] = {}
    for task in outline.tasks:
        if task.id in tasks:
            ones = {target.id: target.measure for target in task.live_targets}
            others = {target.pk: target.measure for target in tasks[task.id].targets}
            found |= {ident: by_pk[pk] for ident, (pk, _) in pair_up(ones, others).items()}
    met = {target.pk for target in found.values()}
    ones = {ident: target.measure for ident, target in live.items() if ident not in found}
    others = {pk: target.measure for pk, target in by_pk.items() if pk not in met}
    return found | {ident: by_pk[pk] for ident, (pk, _) in pair_up(ones, others, FAR).items()}


def _change(task: DraftTask, tasks: dict[str, FormerTask], targets: dict[str, FormerTarget]) -> TaskChange:
    old = tasks.get(task.id)
    found = [TargetChange(target, targets.get(target.id)) for target in task.live_targets]
    met = {target.pk for target in targets.values()}
    lost = [TargetChange(None, target) for target in (old.targets if old else ()) if target.pk not in met]
    return TaskChange(task, old, (*found, *lost))
