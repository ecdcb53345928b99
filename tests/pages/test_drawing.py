"""What Jinja draws is escaped, and does not pass over names that are not there."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from jinja2 import UndefinedError

from workplan.forms import EntryForm
from workplan.lines import PlainLine
from workplan.ui.drawing import attributes, macro

HOSTILE = """"><script>alert('1')</script>"""


def line(name: str, **said) -> PlainLine:
    field = EntryForm.base_fields[name]
    given = {"label": field.label, "value": "", "errors": [], "warnings": []} | said
    return PlainLine(f"entry-1-{name}", field=field, **given)


@pytest.mark.parametrize("name", ["value", "remark"])
@pytest.mark.parametrize(
    "place", [{"value": HOSTILE}, {"label": HOSTILE}, {"errors": [HOSTILE]}, {"warnings": [HOSTILE]}]
)
def test_an_input_shows_what_was_typed_as_text(name, place):
    drawn = line(name, **place).html
    assert "<script" not in drawn
    assert drawn.count("&lt;script&gt;") == 1


def test_a_mistake_is_told_to_eyes_and_to_screen_readers():
    wrong, right = line("value", errors=["请只填写数字。"]).html, line("value").html
    assert 'aria-invalid="true"' in wrong and "is-invalid" in wrong and "请只填写数字。" in wrong
    assert "invalid" not in right


def test_a_mistake_of_one_input_is_not_kept_for_the_next():
    before = line("value").html
    line("value", errors=["请只填写数字。"]).html.encode()
    assert line("value").html == before


def test_attributes_are_quoted_and_those_without_value_stand_alone():
    assert attributes({"title": HOSTILE, "hidden": True, "disabled": False, "id": None, "rows": 1}) == (
        ' title="&#34;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;" hidden rows="1"'
    )


def test_a_name_that_is_not_there_is_an_error():
    with pytest.raises(UndefinedError):
        macro("workplan/sheet/rows.jinja", "rows")([object()])


def test_no_part_lets_markup_through():
    parts = list(Path(settings.BASE_DIR, "templates").rglob("*.jinja"))
    assert parts and engines["jinja"].env.autoescape
    assert not [part for part in parts if re.search(r"\|\s*safe|autoescape|Markup", part.read_text())]
