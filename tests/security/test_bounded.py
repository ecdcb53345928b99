"""Hostile length is refused before anything is parsed, and no pattern of ours can run away on what is let through."""

import importlib
import pkgutil
import re
from datetime import date
from re import _constants as kinds
from re import _parser as parser

import pytest

from people.registers import PartColumn
from people.rules.names import LONGEST, normalise_name
from people.rules.numbers import read_id_number
from people.rules.phones import read_phone
from people.rules.typing import Unusable
from workplan.registers.columns import CellError, Column, Reading, columns_of
from workplan.registers.registry import registers

OURS = ("accounts", "config", "people", "workplan")
TODAY = date(2024, 10, 15)
LONG = 200_000


class Untouched(str):
    """A long text that may be measured, and nothing else: whoever looks into it looks at every character."""

    def _refuse(self, *args, **kwargs):
        raise AssertionError("a text of hostile length was looked into")

    __iter__ = __getitem__ = __contains__ = _refuse
    translate = split = strip = lstrip = rstrip = replace = lower = upper = encode = _refuse
    isdigit = isascii = isalnum = isspace = startswith = endswith = removesuffix = removeprefix = partition = _refuse


def kinds_of_columns() -> list:
    """Return one column of each kind, by the class that parses it."""
    found: dict[type, Column] = {}
    for model in registers():
        for column in columns_of(model):
            found.setdefault(type(column), column)
    return [pytest.param(column, id=f"{kind.__module__}.{kind.__name__}") for kind, column in found.items()]


@pytest.mark.parametrize("column", kinds_of_columns())
def test_a_cell_of_hostile_length_is_refused_by_its_length(column):
    with pytest.raises(CellError, match=r"最多 \d+ 个字"):
        column.read(Untouched("9" * LONG), Reading(None, None))


@pytest.mark.parametrize("read", [normalise_name, read_phone, lambda text: read_id_number("resident", text, TODAY)])
def test_readers_of_names_and_numbers_refuse_by_length(read):
    with pytest.raises(Unusable, match=r"最多 \d+ 个字"):
        read(Untouched("9" * LONG))


def test_what_is_just_short_enough_is_read():
    """Control: the limits let through what people have."""
    assert normalise_name("阿" * LONGEST) == "阿" * LONGEST
    assert normalise_name(" 阿 · 依 ") == "阿·依"
    assert read_phone(" +86 138-0000-1234 ") == "13800001234"
    assert [c for c in kinds_of_columns() if isinstance(c.values[0], PartColumn)]


# --- Patterns ---


def patterns() -> dict[str, re.Pattern]:
    """Return every compiled pattern that stands in a module of ours."""
    found = {}
    for name in OURS:
        package = importlib.import_module(name)
        for info in pkgutil.walk_packages(package.__path__, f"{name}."):
            if ".migrations" in info.name or info.name.endswith("__main__") or info.name.startswith("config."):
                continue
            for attribute, value in vars(importlib.import_module(info.name)).items():
                for at, pattern in enumerate(value.values() if isinstance(value, dict) else [value]):
                    pattern = pattern[0] if isinstance(pattern, tuple) and pattern else pattern
                    if isinstance(pattern, re.Pattern):
                        found[f"{info.name}.{attribute}.{at}"] = pattern
    return found


def nested(tree, inside: bool = False) -> bool:
    """Say whether an endless repetition of varying length stands inside another, which is what makes patterns run away."""
    for kind, value in tree:
        if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT):
            _, most, body = value
            endless = most == kinds.MAXREPEAT
            if endless and inside:
                return True
            if nested(body, inside or endless):
                return True
        elif (
            (kind is kinds.SUBPATTERN and nested(value[-1], inside))
            or (kind is kinds.BRANCH and any(nested(branch, inside) for branch in value[1]))
            or (kind in (kinds.ASSERT, kinds.ASSERT_NOT) and nested(value[1], inside))
        ):
            return True
    return False


def test_no_pattern_repeats_a_repetition():
    looked_at = patterns()
    assert len(looked_at) > 15, "the patterns are found"
    runaway = [
        name
        for name, pattern in looked_at.items()
        if nested(
            parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else 0)
        )
    ]
    assert runaway == []


@pytest.mark.parametrize(
    ("text", "runs_away"), [("(a+)+b", True), ("(a|b*)*", True), ("(,[0-9]{3})+", False), ("a+b+", False)]
)
def test_the_look_at_patterns_sees_what_runs_away(text, runs_away):
    """Control."""
    assert nested(parser.parse(text)) is runs_away
