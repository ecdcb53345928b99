"""Registers in a real browser: keeping a record on a phone and by keyboard, checking it on the spot, unmasking."""

from datetime import date

import pytest
from django.urls import reverse

from eldercare.models import Canteen, HomeAdaptation
from people.models import Reveal
from people.sample import invented_number
from tests.browser.conftest import DESK, PHONE
from tests.registers.conftest import accepted_home
from workplan.services.measuring import refresh_target
from workplan.services.reports import start_report
from workplan.services.spotchecks import draw_sample

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOMES = "/registers/eldercare/homeadaptation/"
CANTEENS = "/registers/eldercare/canteen/"
FOCUS = "document.activeElement.name"
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture
def target(townsfolk):
    """Return the target of adapted homes, computed from the register."""
    found = townsfolk[0].targets["49.3"]
    found.computed_by = "eldercare.homes_accepted"
    found.save()
    refresh_target(found)
    return found


@pytest.fixture
def homes(target, townsfolk):
    """Return three accepted homes of the first township."""
    district, cast = townsfolk
    return [accepted_home(district.township, cast.liaison, number) for number in range(3)]


def save(page) -> None:
    page.get_by_role("button", name="保存", exact=True).click()


def type_home(page, number: int = 1) -> None:
    page.fill("[name=person_name]", "演示老人")
    page.fill("[name=person_id_number]", invented_number(date(1940, 5, 1), (number,)))
    page.select_option("[name=hardship]", index=1)
    page.fill("[name=happened_on]", "2024-08-01")


def figure(page, portal, target) -> str:
    page.goto(portal.url + reverse("workplan:target", args=[target.pk]))
    return page.inner_text("main .tile-number >> nth=0")


def test_a_home_goes_from_survey_to_acceptance_on_a_phone(townsfolk, target, pinned_portal, sign_in, violations):
    page = sign_in(townsfolk[1].liaison, PHONE)
    page.goto(pinned_portal.url + "/registers/")
    page.get_by_role("link", name="适老化改造").click()
    page.get_by_role("link", name="登记", exact=True).click()
    type_home(page)
    save(page)
    page.wait_for_selector(".record-steps")
    address = page.url
    assert page.inner_text(".record-steps .taken") == "入户评估\n2024-08-01"
    assert figure(page, pinned_portal, target) == "0 户"

    page.goto(address)
    page.get_by_role("link", name="修改").click()
    for step, day in [("planned_on", "2024-08-05"), ("built_on", "2024-09-01"), ("accepted_on", "2024-09-10")]:
        page.fill(f"[name={step}]", day)
    save(page)
    page.wait_for_selector("text=已保存。")
    assert "完成适老化改造" in page.inner_text("main")
    assert figure(page, pinned_portal, target) == "1 户"
    assert violations == []


def test_a_wrong_date_is_said_where_it_stands_and_nothing_is_lost(townsfolk, pinned_portal, sign_in):
    page = sign_in(townsfolk[1].liaison, PHONE)
    page.goto(pinned_portal.url + HOMES + "new/")
    type_home(page)
    page.fill("[name=planned_on]", "2024-07-01")
    save(page)
    page.wait_for_selector(".field-error")
    assert page.evaluate(FOCUS) == "planned_on"
    assert page.inner_text("#id_planned_on-hint .field-error").endswith("不能早于入户评估日期（2024-08-01）。")
    assert page.input_value("[name=person_name]") == "演示老人"
    assert page.input_value("[name=person_id_number]") == invented_number(date(1940, 5, 1), (1,))
    assert page.input_value("[name=planned_on]") == "2024-07-01"
    assert not HomeAdaptation.objects.exists()


def test_records_follow_one_another_by_keyboard(townsfolk, pinned_portal, sign_in):
    page = sign_in(townsfolk[1].liaison)
    page.goto(pinned_portal.url + CANTEENS + "new/")
    for name in ("甲食堂", "乙食堂"):
        assert page.evaluate(FOCUS) == "name"
        assert page.input_value("[name=name]") == ""
        page.keyboard.type(name)
        if name == "甲食堂":
            page.fill("[name=happened_on]", "2024-03-01")  # the next one starts with the same unit and day
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/new/?unit=*")
        page.wait_for_selector("text=已登记老年食堂。")
    kept = Canteen.objects.order_by("pk").values_list("name", "happened_on")
    assert list(kept) == [("甲食堂", date(2024, 3, 1)), ("乙食堂", date(2024, 3, 1))]


def test_leaving_a_half_typed_record_asks_first(townsfolk, pinned_portal, sign_in):
    page = sign_in(townsfolk[1].liaison)
    page.goto(pinned_portal.url + CANTEENS + "new/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.keyboard.type("写了一半")
    page.reload()
    assert asked == ["beforeunload"]
    page.keyboard.type("写完了")
    page.fill("[name=happened_on]", "2024-03-01")
    save(page)
    page.wait_for_selector("text=已登记老年食堂。")
    assert asked == ["beforeunload"]


def test_a_rejected_record_leaves_the_figure_and_waits_at_its_township(
    townsfolk, homes, target, pinned_portal, sign_in
):
    _, cast = townsfolk
    staff = sign_in(cast.staff)
    staff.on("dialog", lambda dialog: dialog.accept())
    assert figure(staff, pinned_portal, target) == "3 户"
    staff.fill("#id_size", "2")
    staff.get_by_role("button", name="抽取").click()
    staff.wait_for_url("**/spot-checks/*/")
    staff.get_by_role("button", name="不实").first.click()
    staff.wait_for_selector("text=核查不实须写明情况。")
    assert staff.evaluate(FOCUS) == "note"
    staff.keyboard.type("现场未见改造内容。")
    staff.get_by_role("button", name="不实").first.click()
    staff.wait_for_selector("text=已记录核查结果。")
    staff.get_by_role("button", name="属实").click()
    staff.wait_for_selector("text=已核查 2 条")
    assert figure(staff, pinned_portal, target) == "2 户"
    assert staff.inner_text("main .tile-number >> nth=1") == "1 户"  # beside it, what is verified

    liaison = sign_in(cast.liaison, PHONE)
    liaison.get_by_role("region", name="核查不实的记录").get_by_role("link").click()
    assert "核查不实，这条记录不计入任何数字" in liaison.inner_text("main")
    assert "现场未见改造内容。" in liaison.inner_text("main")


def test_a_number_is_shown_for_a_reason_only_and_once(townsfolk, homes, pinned_portal, sign_in):
    page = sign_in(townsfolk[1].liaison)
    person = homes[0].person
    address = pinned_portal.url + reverse("people:person", args=[person.uid])
    page.goto(address)
    masked = page.inner_text(".masked >> nth=0")
    page.click("text=查看完整号码 >> nth=0")
    page.fill("#reason-id_number", "核")
    page.get_by_role("button", name="查看", exact=True).first.click()
    page.wait_for_selector("text=请写明查看理由")
    assert not Reveal.objects.exists()
    page.fill("#reason-id_number", "核对身份证原件")
    page.get_by_role("button", name="查看", exact=True).first.click()
    full = page.inner_text(".secret")
    assert (len(full), full[-4:], "*" in full) == (18, masked[-4:], False)
    assert Reveal.objects.get().reason == "核对身份证原件"
    page.goto(address)
    assert page.locator(".secret").count() == 0


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", ["liaison", "leader"])
def test_pages_of_registers_fit_and_obey_the_policy(
    townsfolk, homes, target, pinned_portal, sign_in, violations, name, viewport
):
    _, cast = townsfolk
    check = draw_sample(target=target, size=2, actor=cast.staff)
    pages = ["/registers/", HOMES, f"{HOMES}{homes[0].pk}/", f"{HOMES}?target={target.pk}&part=counts"]
    pages += [CANTEENS, f"{CANTEENS}?q=没有", f"/targets/{target.pk}/"]
    pages += [f"/spot-checks/{check.pk}/"] if name == "leader" else []
    if name == "liaison":
        pages += [f"{HOMES}new/", f"{HOMES}import/", "/persons/", f"/persons/{homes[0].person.uid}/"]
    page = sign_in(getattr(cast, name), viewport)
    for address in pages:
        assert page.goto(pinned_portal.url + address).ok, address
        assert page.evaluate(WIDTH) <= viewport["width"], address
    assert violations == []


def test_a_computed_rate_is_read_only_in_the_report(townsfolk, pinned_portal, sign_in, violations):
    district, cast = townsfolk
    rate = district.targets["22.4"]
    rate.computed_by = "eldercare.workers_certified"
    rate.save()
    refresh_target(rate)
    report = start_report(
        task=district.task, org_unit=district.township, period=district.period(10), actor=cast.liaison
    )
    page = sign_in(cast.liaison, PHONE)
    page.goto(f"{pinned_portal.url}/reports/{report.pk}/")
    card = page.get_by_role("region", name="护理员持证率")
    assert card.locator(".recorded").is_visible()
    assert card.get_by_role("link", name="查看记录").get_attribute("href") == f"/targets/{rate.pk}/"
    assert page.locator("[name$=-numerator]").count() == 0
    page.fill("textarea[name=narrative]", "数字由台账计算。")
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_selector("text=已保存草稿。")
    assert violations == []


def test_a_full_export_without_a_reason_keeps_what_was_typed(townsfolk, homes, pinned_portal, sign_in):
    page = sign_in(townsfolk[1].liaison)
    page.goto(pinned_portal.url + HOMES)
    page.click("summary:has-text('导出完整号码')")
    page.fill("#id_reason", "核")
    page.get_by_role("button", name="导出完整号码").click()
    page.wait_for_selector("#id_reason_error:has-text('请写明')")
    assert (page.input_value("#id_reason"), page.evaluate(FOCUS)) == ("核", "reason")
