"""Check constraints decided in memory: asking the database for each row of a file would cost a statement each."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db.models import CheckConstraint, F, Model, Q

Test = Callable[[Any], bool | None]  # None: unknown, as in SQL, which a check lets pass

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": lambda value, wanted: value == wanted,
    "gt": lambda value, wanted: value > wanted,
    "gte": lambda value, wanted: value >= wanted,
    "lt": lambda value, wanted: value < wanted,
    "lte": lambda value, wanted: value <= wanted,
    "in": lambda value, wanted: value in wanted,
}


def broken(row: Model) -> list[str]:
    """Return the messages of the check constraints that the row breaks."""
    return [message for test, message in tests_of(type(row)) if test(row) is False]


@cache
def tests_of(model: type[Model]) -> tuple[tuple[Test, str], ...]:
    """Return the model's check constraints as functions of a row, each with its message."""
    checks = [c for c in model._meta.constraints if isinstance(c, CheckConstraint)]
    return tuple((compiled(check.condition), str(check.violation_error_message)) for check in checks)


def compiled(condition: Q) -> Test:
    """Return the condition as a function of a row. Raises LookupError for a lookup that it does not know."""
    parts = [compiled(child) if isinstance(child, Q) else _comparison(*child) for child in condition.children]
    joined = _any if condition.connector == Q.OR else _all

    def test(row: Any) -> bool | None:
        found = joined([part(row) for part in parts])
        return not found if condition.negated and found is not None else found

    return test


def _comparison(path: str, wanted: Any) -> Test:
    name, _, lookup = path.partition("__")
    lookup = lookup or "exact"
    if lookup == "isnull":
        return lambda row: (_value(row, name) is None) == wanted
    compare = COMPARISONS[lookup]

    def test(row: Any) -> bool | None:
        value = _value(row, name)
        other = _value(row, wanted.name) if isinstance(wanted, F) else wanted
        return None if value is None or other is None else compare(value, getattr(other, "pk", other))

    return test


def _value(row: Any, name: str) -> Any:
    """Return the stored value of a field: of a relation the id."""
    return getattr(row, row._meta.get_field(name).attname)


def _all(found: list[bool | None]) -> bool | None:
    return False if False in found else None if None in found else True


def _any(found: list[bool | None]) -> bool | None:
    return True if True in found else None if None in found else False
