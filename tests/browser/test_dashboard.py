"""The dashboard in a browser: charts when they come near, tables without script, a wall that turns its pages, one sheet of paper."""

import re
from datetime import date

import pytest

from tests.steps import approve, fill_and_submit
from workplan import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOWN = "[...document.querySelectorAll('.wall-page')].map(one => !one.hidden)"


@pytest.fixture
def told(townsfolk):
    district, cast = townsfolk
    for month in (8, 9):
        with clock.pinned(date(2024, month, 25)):
            approve(fill_and_submit(district, cast, month=month, homes=month, rate=(8, 10)), cast)
    return cast


def test_the_chart_is_drawn_when_it_comes_near_and_its_table_is_there(told, sign_in, pinned_portal, violations):
    page = sign_in(told.leader, {"width": 1366, "height": 500})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{pinned_portal.url}/leader/", wait_until="networkidle")
    assert not [url for url in asked if "echarts" in url]
    page.locator("#course-title").scroll_into_view_if_needed()
    page.wait_for_selector("[data-chart] svg")
    assert not page.locator(".chart-table").evaluate("one => one.open")
    assert violations == []


def test_the_wall_turns_its_pages_by_itself_and_by_hand(told, sign_in, pinned_portal, violations):
    page = sign_in(told.leader)
    page.clock.install()
    page.goto(f"{pinned_portal.url}/leader/wall/")
    assert page.evaluate(SHOWN) == [True, False, False, False]
    page.clock.run_for(15_000)
    assert page.evaluate(SHOWN) == [False, True, False, False]
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="暂停").click()
    page.clock.run_for(60_000)
    assert page.evaluate(SHOWN) == [True, False, False, False]
    page.get_by_role("button", name="上一页").click()
    assert page.evaluate(SHOWN) == [False, False, False, True]
    assert violations == []


def test_without_script_everything_stands_on_the_wall_and_the_board(told, sign_in, pinned_portal, browser):
    signed_in = sign_in(told.leader)
    context = browser.new_context(java_script_enabled=False, storage_state=signed_in.context.storage_state())
    page = context.new_page()
    page.goto(f"{pinned_portal.url}/leader/wall/")
    assert page.locator(".wall-page >> visible=true").count() == 4
    page.goto(f"{pinned_portal.url}/leader/")
    assert page.locator(".chart-table table").is_visible()
    context.close()


def test_the_sheet_is_one_sheet(told, sign_in, pinned_portal):
    page = sign_in(told.leader)
    page.goto(f"{pinned_portal.url}/leader/print/")
    assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True))) == 1
