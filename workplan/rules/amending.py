"""What a plan said on a past day, read from what its amendments have replaced since."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

# Fields whose texts are numbers or days; all others are words.
NUMBERS, DAYS = frozenset({"goal"}), frozenset({"due"})


OF_TASK = "task."


class Replaced(NamedTuple):
    """A value that an amendment replaced: `old` was in force until the day before `until`.

    row: id of the target, or of the task where the field begins with `OF_TASK`; number: of the amendment, which orders
    those of one day.
    """

    row: int
    until: date
    number: int
    field: str
    old: str


class Then(NamedTuple):
    """The values that were in force on a day, by id of target and of task, where they have been replaced since."""

    targets: dict[int, dict[str, Any]]
    tasks: dict[int, dict[str, Any]]


NOTHING_CHANGED = Then({}, {})


def plan_then(replaced: Iterable[Replaced], on: date) -> Then:
    """Return what the plan said at the close of the day where it says something else by now."""
    targets, tasks = [], []
    for one in replaced:
        if one.field.startswith(OF_TASK):
            tasks.append(one._replace(field=one.field.removeprefix(OF_TASK)))
        else:
            targets.append(one)
    return Then(former(targets, on), former(tasks, on)) if targets or tasks else NOTHING_CHANGED


def former(replaced: Iterable[Replaced], on: date) -> dict[int, dict[str, Any]]:
    """Return by row the values that were in force at the close of the day, where they have been replaced since.

    The first amendment after the day knows: what it replaced had stood until then.
    """
    found: dict[int, dict[str, Any]] = {}
    for one in sorted((one for one in replaced if one.until > on), key=lambda one: (one.until, one.number)):
        found.setdefault(one.row, {}).setdefault(one.field, value_of(one.field, one.old))
    return found


def value_of(field: str, text: str) -> Any:
    """Return the value that a stored text stands for; no goal and no deadline are None. Raises ValueError for others' texts."""
    if field in NUMBERS:
        return Decimal(text) if text else None
    if field in DAYS:
        return date.fromisoformat(text) if text else None
    return text


def text_of(value: Any) -> str:
    """Return the text that a value is stored as, the same for 100 and 100.0000."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)
