"""axe-core finds no violation of WCAG 2.2 A and AA on any page, at a desk and on a phone, with everything in it folded open."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Error

from tests.factories import PASSWORD
from tests.security.test_pages import PAGES, furnished_world, value_of

from .conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path("node_modules/axe-core/axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Each page is looked at by the first of these who may open it.
ROLES = ("liaison", "head", "staff", "leader", "administrator", "nobody")
UNFOLD = "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"
FIND = """async (rules) => (await axe.run(document, { runOnly: rules })).violations.flatMap(
    (one) => one.nodes.map((node) => `${one.id}: ${node.target.join(' ')} ${node.failureSummary}`))"""


def pages_of(role: str) -> list[str]:
    """Return the names of the pages that this role is the first to open."""
    return sorted(name for name, page in PAGES.items() if page.get and first(page.get) == role)


def first(allowed) -> str | None:
    return next((role for role in ROLES if role in allowed), None)


@pytest.fixture
def world(transactional_db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return furnished_world()


def test_every_page_has_somebody_who_opens_it():
    assert [name for name, page in PAGES.items() if page.get and first(page.get) is None] == []


@pytest.mark.parametrize("role", ROLES)
def test_pages_are_accessible(role, world, sign_in, pinned_portal):
    user = getattr(world.cast, role)
    user.set_password(PASSWORD)
    user.save()
    page = sign_in(user)
    found, opened = [], 0
    for name in pages_of(role):
        arguments = {key: value_of(world, path) for key, path in PAGES[name].arguments.items()}
        if shown(page, pinned_portal.url + reverse(name, kwargs=arguments)):
            opened += 1
            for size in (DESK, PHONE):
                found += [f"{name} at {size['width']}: {wrong}" for wrong in violations_at(page, size)]
    assert not found, "\n".join(found)
    assert opened or not pages_of(role)


def shown(page, address: str) -> bool:
    """Open the address; say whether a page came: downloads are none."""
    try:
        answer = page.goto(address, wait_until="load")
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise
    assert answer.status < 500, address
    return "html" in answer.headers.get("content-type", "")


def violations_at(page, size: dict[str, int]) -> list[str]:
    page.set_viewport_size(size)
    page.evaluate(UNFOLD)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(FIND, RULES)
