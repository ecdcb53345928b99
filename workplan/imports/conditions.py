"""Check constraints decided in memory: asking the database for each row of a file would cost a statement each."""

import operator
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

from django.db.models import CheckConstraint, F, Model, Q

Test = Callable[[Any], bool | None]  # None: unknown, as in SQL, which a check lets pass

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": lambda value, wanted: value in wanted,
}


def broken(row: Model) -> list[str]:
    """Return the messages of the check constraints that the row breaks."""
    return [message for test, message in tests_of(type(row)) if test(row) is False]


@cache
def tests_of(model: type[Model]) -> tuple[tuple[Test, str], ...]:
    """Return the model's check constraints as functions of a row, each with its message."""
    checks = [c for c in model._meta.constraints if isinstance(c, CheckConstraint)]
    return tuple((compiled(check.condition, model), str(check.violation_error_message)) for check in checks)


def compiled(condition: Q, model: type[Model]) -> Test:
    """Return the condition as a function of a row. Raises LookupError for a lookup that it does not know."""
    parts = [
        compiled(child, model) if isinstance(child, Q) else _comparison(*child, model) for child in condition.children
    ]
    joined = _any(parts) if condition.connector == Q.OR else _all(parts)
    if not condition.negated:
        return joined

    def negated(row: Any) -> bool | None:
        found = joined(row)
        return None if found is None else not found

    return negated


def _comparison(path: str, wanted: Any, model: type[Model]) -> Test:
    name, _, lookup = path.partition("__")
    value_of = _value_of(model, name)
    if lookup == "isnull":
        return lambda row: (value_of(row) is None) == wanted
    compare = COMPARISONS[lookup or "exact"]
    if isinstance(wanted, F):
        return _between(value_of, _value_of(model, wanted.name), compare)
    wanted = getattr(wanted, "pk", wanted)

    def test(row: Any) -> bool | None:
        value = value_of(row)
        return None if value is None or wanted is None else compare(value, wanted)

    return test


def _between(value_of: Callable, other_of: Callable, compare: Callable) -> Test:
    """Return the comparison of two fields of a row."""

    def test(row: Any) -> bool | None:
        value, other = value_of(row), other_of(row)
        return None if value is None or other is None else compare(value, other)

    return test


def _value_of(model: type[Model], name: str) -> Callable[[Any], Any]:
    """Return what reads the stored value of a field: of a relation the id."""
    return attrgetter(model._meta.get_field(name).attname)


def _all(parts: list[Test]) -> Test:
    def test(row: Any) -> bool | None:
        known: bool | None = True
        for part in parts:
            found = part(row)
            if found is False:
                return False
            if found is None:
                known = None
        return known

    return test


def _any(parts: list[Test]) -> Test:
    def test(row: Any) -> bool | None:
        known: bool | None = False
        for part in parts:
            found = part(row)
            if found is True:
                return True
            if found is None:
                known = None
        return known

    return test
