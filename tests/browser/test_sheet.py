"""The monthly sheet in a browser: saved by itself, by keyboard alone, on a phone, through a lost connection, by two at once."""

from decimal import Decimal

import pytest

from tests import factories as make
from workplan.enums import ReportStatus
from workplan.models import Entry, ProgressReport

from .conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sheet(townsfolk, sign_in, pinned_portal):
    """Return a function that opens the township's sheet for somebody."""

    def opened(user, size=None):
        page = sign_in(user, size) if size else sign_in(user)
        page.goto(f"{pinned_portal.url}/sheet/", wait_until="networkidle")
        return page

    return opened


def cell(page, district, code, field="value"):
    return page.locator(f"#id_entry-{district.targets[code].pk}-{field}")


def saved(page) -> None:
    page.locator("[data-state]", has_text="已保存 ").wait_for()


def test_a_month_by_keyboard_alone(townsfolk, sheet, violations):
    district, cast = townsfolk
    page = sheet(cast.liaison)
    cell(page, district, "49.3").focus()
    for keys in ("12", "Enter"):
        page.keyboard.type(keys) if keys.isdigit() else page.keyboard.press(keys)
    page.keyboard.type("9")
    page.keyboard.press("Tab")
    page.keyboard.type("10")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("0")  # one key: nothing happened
    saved(page)
    assert cell(page, district, "46.3", "zero_report").is_checked()
    page.get_by_role("button", name="提交已填好的任务").focus()
    page.keyboard.press("Enter")
    page.get_by_text("已提交 2 项任务").wait_for()
    assert set(ProgressReport.objects.values_list("status", flat=True)) == {ReportStatus.SUBMITTED}
    assert Entry.objects.get(target__code="22.4").denominator == 10
    assert violations == []


def test_the_same_on_a_phone_without_sideways_scrolling(townsfolk, sheet, violations):
    district, cast = townsfolk
    page = sheet(cast.liaison, PHONE)
    cell(page, district, "49.3").fill("12")
    cell(page, district, "22.4", "numerator").fill("9")
    cell(page, district, "22.4", "denominator").fill("10")
    cell(page, district, "46.3", "zero_report").check()
    saved(page)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("button", name="提交已填好的任务").click()
    page.get_by_text("已提交 2 项任务").wait_for()
    assert violations == []


def test_what_was_typed_without_connection_is_saved_when_it_is_back(townsfolk, sheet):
    district, cast = townsfolk
    page = sheet(cast.liaison)
    page.context.set_offline(True)
    cell(page, district, "49.3").fill("12")
    page.get_by_text("网络中断，已存在本机").wait_for()
    page.context.set_offline(False)
    saved(page)
    assert Entry.objects.get(target__code="49.3").value == Decimal(12)


def test_a_closed_window_loses_nothing(townsfolk, sheet):
    district, cast = townsfolk
    page = sheet(cast.liaison)
    page.context.set_offline(True)
    cell(page, district, "49.3").fill("12")
    page.get_by_text("网络中断，已存在本机").wait_for()
    context, address = page.context, page.url
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    saved(again)
    assert cell(again, district, "49.3").input_value() == "12"
    assert Entry.objects.get(target__code="49.3").value == Decimal(12)


def test_two_officers_and_one_cell(townsfolk, sheet):
    district, cast = townsfolk
    first, second = sheet(cast.liaison), sheet(cast.liaison)
    cell(first, district, "49.3").fill("12")
    saved(first)
    cell(second, district, "49.3").fill("15")
    second.get_by_text("您填写时他人已改为“12”，您填的是“15”。").wait_for()
    assert cell(second, district, "49.3").input_value() == "12"
    second.get_by_role("button", name="改用我填的").click()
    saved(second)
    assert Entry.objects.get(target__code="49.3").value == Decimal(15)


def test_a_wrong_number_is_said_at_its_place_and_stays(townsfolk, sheet):
    district, cast = townsfolk
    page = sheet(cast.liaison)
    cell(page, district, "49.3").fill("十二")
    page.get_by_text("请只填写数字").wait_for()
    assert cell(page, district, "49.3").get_attribute("aria-invalid") == "true"
    page.reload(wait_until="networkidle")
    assert cell(page, district, "49.3").input_value() == "十二"
    cell(page, district, "49.3").fill("12")
    saved(page)
    assert Entry.objects.get(target__code="49.3").value == Decimal(12)


def test_what_stood_before_a_wrong_number_may_be_put_back(townsfolk, sheet):
    district, cast = townsfolk
    page = sheet(cast.liaison)
    cell(page, district, "49.3").fill("12")
    saved(page)
    cell(page, district, "49.3").fill("12ab")
    page.get_by_text("请只填写数字").wait_for()
    row = page.locator(f'[data-row="{district.targets["49.3"].pk}"]')
    assert row.locator("[data-mark]").inner_text().strip() == "需修改"
    cell(page, district, "49.3").fill("12")
    saved(page)
    assert not page.get_by_text("请只填写数字").is_visible()
    assert cell(page, district, "49.3").get_attribute("aria-invalid") is None
    assert row.locator("[data-mark]").inner_text().strip() == "已保存"


def test_a_column_from_a_spreadsheet_is_spread_downwards(townsfolk, sheet):
    district, cast = townsfolk
    page = sheet(cast.liaison)
    cell(page, district, "49.3").focus()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text", "12\\r\\n9\\r\\n0\\r\\n");
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    assert cell(page, district, "49.3").input_value() == "12"
    assert cell(page, district, "22.4", "numerator").input_value() == "9"
    assert cell(page, district, "46.3", "zero_report").is_checked()


def test_without_script_it_is_a_form(townsfolk, sheet, browser):
    district, cast = townsfolk
    page = sheet(cast.liaison)
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    plain = context.new_page()
    plain.goto(page.url)
    cell(plain, district, "49.3").fill("12")
    plain.get_by_role("button", name="保存", exact=True).last.click()
    plain.get_by_text("已保存。").wait_for()
    assert cell(plain, district, "49.3").input_value() == "12"
    context.close()


MOST_INTERACTIONS = 40


class Hand:
    """Counts presses and taps; what is typed into a cell is text and not counted."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, key: str):
        self.count += 1
        self.page.keyboard.press(key)

    def tap(self, place):
        self.count += 1
        place.click()

    def type(self, text: str):
        self.page.keyboard.type(text)


def add_targets(district, typed: int, computed: int) -> None:
    """Give the township further targets in five more tasks, some typed and some from registers."""
    tasks = [make.TaskFactory(section=district.section, number=60 + n, title=f"任务{n}") for n in range(5)]
    for n in range(typed + computed):
        source = {"computed_by": "eldercare.homes_accepted"} if n >= typed else {}
        target = make.TargetFactory(task=tasks[n % 5], code=f"6{n % 5}.{n}", sort=10 + n, **source)
        make.AllocationFactory(target=target, org_unit=district.township, amount=10)


def test_a_month_of_thirty_targets_takes_few_interactions(townsfolk, sign_in, pinned_portal, violations):
    district, cast = townsfolk
    add_targets(district, typed=7, computed=20)
    page = sign_in(cast.liaison)
    hand = Hand(page)
    hand.tap(page.get_by_role("link", name="本期填报").first)
    page.wait_for_load_state("networkidle")
    assert page.locator("[data-row]").count() == 30
    hand.tap(page.locator(".amount").first)
    for _ in range(10):  # the rate has two cells; Enter in the last stays there
        asked = page.evaluate("document.activeElement.name")
        hand.type("0" if asked == f"entry-{district.targets['46.3'].pk}-value" else "9")
        if asked.endswith("-numerator"):
            hand.press("Tab")
            hand.type("10")
        hand.press("Enter")
    hand.tap(page.get_by_role("button", name="提交已填好的任务"))
    page.get_by_text("已提交 7 项任务").wait_for()
    print(f"30 targets, 20 of them from registers: {hand.count} key presses and taps")
    assert hand.count <= MOST_INTERACTIONS
    assert ProgressReport.objects.filter(status=ReportStatus.SUBMITTED).count() == 7
    assert violations == []
