"""The whole story in a real browser: a township reports, the office returns and approves, the leader's light changes."""

import re

import pytest
from django.urls import reverse

from tests.browser.conftest import PHONE
from workplan.models import ProgressReport

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OTHER_OFFICER_SEES_NOTHING = 404


def fill(page, district, homes: int, staff: tuple[int, int]) -> None:
    page.fill(f"#id_entry-{district.targets['49.3'].pk}-value", str(homes))
    page.fill(f"#id_entry-{district.targets['22.4'].pk}-numerator", str(staff[0]))
    page.fill(f"#id_entry-{district.targets['22.4'].pk}-denominator", str(staff[1]))


def light_of(page, portal, target) -> str:
    page.goto(portal.url + reverse("workplan:target", args=[target.pk]))
    return page.inner_text("main")


def test_from_township_entry_to_the_leaders_figure(townsfolk, pinned_portal, sign_in, violations, tmp_path):
    district, cast = townsfolk
    homes = district.targets["49.3"]

    leader = sign_in(cast.leader)
    before = light_of(leader, pinned_portal, homes)
    assert "未报" in before

    # The liaison officer, on a phone: a slip is said at the field and nothing typed is lost.
    liaison = sign_in(cast.liaison, PHONE)
    row = liaison.locator("main li, main tr").filter(has_text="适老化改造").first
    row.get_by_role("button", name="填报").or_(row.get_by_role("link", name="填报")).first.click()
    liaison.wait_for_url(re.compile(r"/reports/\d+/"))
    fill(liaison, district, 45, (12, 10))
    liaison.fill("#id_texts-narrative, #id_narrative", "四十五户已竣工验收。")
    liaison.get_by_role("button", name="提交审核").click()
    assert "分子不能大于分母" in liaison.inner_text("main")
    assert liaison.input_value(f"#id_entry-{homes.pk}-value") == "45"

    # Mended, with a file; then handed in.
    fill(liaison, district, 45, (9, 10))
    proof = tmp_path / "验收单.txt"
    proof.write_text("验收合格", encoding="utf-8")
    liaison.set_input_files("#id_files", proof)
    liaison.get_by_role("button", name="上传并保存").click()
    assert "验收单.txt" in liaison.inner_text("#evidence")
    liaison.get_by_role("button", name="提交审核").click()
    liaison.get_by_text("待审核").first.wait_for()
    report = ProgressReport.objects.get()
    address = pinned_portal.url + reverse("workplan:report", args=[report.pk])

    # The office head returns it with a reason.
    head = sign_in(cast.head)
    head.goto(pinned_portal.url + reverse("workplan:review"))
    assert district.township.name in head.inner_text("main")
    head.goto(address)
    head.fill("#reason", "请核对户数。")
    head.get_by_role("button", name="退回").click()
    head.wait_for_load_state()

    # The liaison officer sees why, mends and hands in again.
    liaison.goto(address)
    assert "请核对户数。" in liaison.inner_text("main")
    fill(liaison, district, 42, (9, 10))
    liaison.get_by_role("button", name="提交审核").click()
    liaison.get_by_text("待审核").first.wait_for()

    # The head approves; the leader's number and light change.
    head.goto(address)
    head.get_by_role("button", name="通过", exact=True).click()
    head.wait_for_load_state()
    after = light_of(leader, pinned_portal, homes)
    assert "42 户" in after
    assert "未报" not in leader.inner_text(".page-head")
    assert "滞后" in after or "红灯" in after

    # The township next door sees nothing of it.
    neighbour = sign_in(cast.other_liaison)
    assert neighbour.goto(address).status == OTHER_OFFICER_SEES_NOTHING
    assert "42" not in light_of(neighbour, pinned_portal, homes).replace("2024", "")
    # The browser notes the two refusals that the story is about; it must note nothing else.
    assert [text for text in violations if "404" not in text and "422" not in text] == []
