"""Print-outs: an A4 page without navigation, and nothing cut off at its edge."""

from datetime import date

import pytest

from tests.registers.conftest import accepted_home
from tests.steps import fill_and_submit
from workplan import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHEET = {"width": 703, "height": 1000}  # A4 at 96 dots per inch, less the margins
UNSEEN = [".top", ".side", ".page-actions", ".filters", ".banner", ".btn", "main form", "input"]
# What sticks out of the sheet, or out of a block that would cut it off.
CUT = """() => [...document.querySelectorAll('main *')]
  .filter(e => e.getClientRects().length && !e.closest('.visually-hidden, svg, select, .chart'))
  .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(e => e.tagName + '.' + e.className)"""


@pytest.fixture
def pages(townsfolk):
    """Return the addresses of what is printed in offices."""
    district, cast = townsfolk
    with clock.pinned(date(2024, 9, 20)):
        report = fill_and_submit(district, cast, month=9, homes=3)
        home = accepted_home(district.township, cast.liaison, 1)
    target = district.targets["49.3"]
    return [
        "/registers/eldercare/homeadaptation/",
        f"/registers/eldercare/homeadaptation/{home.pk}/",
        "/leader/",
        "/plan/",
        "/targets/",
        f"/sections/{district.section.pk}/",
        f"/tasks/{district.task.pk}/",
        f"/targets/{target.pk}/",
        f"/units/{district.township.pk}/",
        f"/reports/{report.pk}/",
    ]


def test_printed_pages_hold_everything_and_no_navigation(pages, townsfolk, sign_in, pinned_portal):
    _, cast = townsfolk
    page = sign_in(cast.leader, SHEET)
    page.emulate_media(media="print")
    for address in pages:
        page.goto(pinned_portal.url + address)
        assert page.evaluate(CUT) == [], address
        assert [name for name in UNSEEN if page.locator(name).locator("visible=true").count()] == [], address
        assert page.locator("main .sign-word").first.inner_text(), (
            address
        )  # lights in words, for a printer without colour
        for head in page.locator("main thead").all():
            assert head.evaluate("e => getComputedStyle(e).display") == "table-header-group", address
