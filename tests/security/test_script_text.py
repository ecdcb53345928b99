"""Script in a text field is text on every page and in every spreadsheet."""

import pytest

from .hostile import MARKUP, SCRIPT, poison
from .test_crawl import crawl
from .world import build_world


@pytest.fixture
def world(db):
    built = build_world()
    poison(built.district, built.cast, built.report)
    return built


@pytest.mark.parametrize("name", ["administrator", "leader", "head", "liaison"])
def test_no_page_contains_markup_that_somebody_typed(world, as_user, name):
    pages = crawl(as_user(getattr(world.cast, name)), ["/"])
    html = {path: text for path, text in pages.items() if text.lstrip().startswith(("<!doctype", "<!DOCTYPE", "<"))}
    assert len(html) > 10
    assert [path for path, text in html.items() if any(markup in text for markup in MARKUP)] == []


def test_the_text_is_kept_as_typed_and_shown(world, as_user):
    """Control: nothing was filtered away, and the pages do show it."""
    world.report.refresh_from_db()
    assert world.report.narrative == SCRIPT
    pages = crawl(as_user(world.cast.head), ["/"])
    assert any("&lt;script&gt;alert(1)" in text for text in pages.values())
