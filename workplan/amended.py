"""Targets and tasks as they read on a past day, before amendments that took effect since. See `rules.amending`."""

from collections.abc import Iterable
from copy import copy
from datetime import date
from typing import Any, TypeVar

from .models import Target, Task, replaced_since
from .rules.amending import Replaced, Then, plan_then

Row = TypeVar("Row", Target, Task)


def as_then(row: Row, values: dict[str, Any]) -> Row:
    """Return a copy of the target or task with other values, such as those that were in force on a day."""
    found = copy(row)
    found.__dict__.update(values)
    return found


def target_then(target: Target, then: Then) -> Target:
    """Return the target, and its task, as they read on the day; as it is where no amendment has changed either since."""
    task = then.tasks.get(target.task_id)
    if task is None and target.pk not in then.targets:
        return target
    found = as_then(target, then.targets.get(target.pk, {}))
    if found.due is not None:  # the start may have been moved behind a deadline of old
        found.due = max(found.due, found.start)
    if task is not None:
        found.task = as_then(target.task, task)
    return found


def readings_of(target: Target, days: Iterable[date]) -> dict[date, Target]:
    """Return by day the target as it read then. One statement."""
    days = list(days)
    replaced = _replaced(min(days), target=target) if days else []
    return {day: target_then(target, plan_then(replaced, day)) for day in days}


def tasks_then(tasks: Iterable[Task], on: date) -> list[Task]:
    """Return the tasks as they read on the day. One statement."""
    tasks = list(tasks)
    then = plan_then(_replaced(on, task__in=[task.pk for task in tasks]), on).tasks
    return [as_then(task, then[task.pk]) if task.pk in then else task for task in tasks]


def _replaced(day: date, **of) -> list[Replaced]:
    rows = replaced_since(day, **of).values_list(
        "target_id", "task_id", "amendment__effective_on", "amendment__number", "field", "old"
    )
    return [Replaced(target or task, *rest) for target, task, *rest in rows]
