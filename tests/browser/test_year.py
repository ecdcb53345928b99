"""A unit's year in a browser: by keyboard, on a phone, and the address for calendars taken along."""

from datetime import date

import pytest

from workplan import clock
from workplan.services.workdays import seed_calendar

from .conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def test_months_are_turned_by_keyboard_and_keep_their_place(townsfolk, sign_in, pinned_portal, violations):
    _, cast = townsfolk
    page = sign_in(cast.liaison)
    page.goto(f"{pinned_portal.url}/year/")
    page.get_by_role("link", name="上一月").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="2024年9月时限").wait_for()
    assert page.url.endswith("month=2024-09#month")
    cell = page.locator("table.month td", has=page.locator("time[datetime='2024-09-27']"))
    cell.get_by_role("link").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="2024年9月填报情况").wait_for()
    assert violations == []


def test_on_a_phone_the_month_is_a_list_of_days(townsfolk, sign_in, pinned_portal, violations):
    district, cast = townsfolk
    with clock.pinned(date(2024, 10, 15)):
        seed_calendar(bureau=district.bureau, year=2024)
    page = sign_in(cast.liaison, PHONE)
    page.goto(f"{pinned_portal.url}/year/")
    assert page.get_by_text("10月28日 周一").is_visible()
    assert not page.get_by_text("10月29日 周二").is_visible(), "a day without a deadline"
    for path in ("/year/", "/year/reports/", "/year/feed/"):
        page.goto(pinned_portal.url + path)
        assert page.evaluate(WIDE), path
    leader = sign_in(cast.leader, PHONE)
    leader.goto(f"{pinned_portal.url}/burden/")
    assert leader.evaluate(WIDE)
    assert violations == []


def test_the_address_for_calendars_is_copied(townsfolk, sign_in, pinned_portal, settings, violations):
    _, cast = townsfolk
    settings.SITE_URL = pinned_portal.url
    page = sign_in(cast.liaison)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{pinned_portal.url}/year/feed/")
    page.get_by_role("button", name="生成订阅地址").click()
    page.get_by_role("button", name="复制").click()
    page.get_by_text("已复制。").wait_for()
    address = page.evaluate("navigator.clipboard.readText()")
    assert address == page.get_by_label("订阅地址").last.input_value()
    answer = page.request.get(address)
    assert answer.status == 200 and answer.text().startswith("BEGIN:VCALENDAR")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="停用").click()
    page.get_by_text("原地址立即失效").first.wait_for()
    assert page.request.get(address).status == 404
    assert violations == []
