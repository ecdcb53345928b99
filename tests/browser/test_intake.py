"""The whole way from a published notice to a published plan, in a browser: at the desk, on a phone, and without JavaScript."""

import re

import pytest

from tests.factories import PASSWORD
from tests.intake.notice import TEXT, last_year
from workplan.enums import PlanStatus
from workplan.models import Intake, Plan
from workplan.services.intake import outline_of

from .conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHOOSE = """([text, from, to]) => {
  const walker = document.createTreeWalker(document.querySelector("[data-source-text]"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.textContent.indexOf(text);
    if (at < 0) continue;
    document.getSelection().setBaseAndExtent(node, at + from, node, at + to);
    return true;
  }
  return false;
}"""


def choose(page, text: str) -> None:
    assert page.evaluate(CHOOSE, [text, 0, len(text)])


@pytest.fixture
def notice(tmp_path):
    file = tmp_path / "2025年工作要点.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


def upload(page, portal, file) -> None:
    page.goto(f"{portal.url}/intake/")
    page.get_by_label("通知文件").set_input_files(file)
    page.get_by_role("button", name="上传并识别").click()
    page.locator(".intake-source").wait_for(state="attached")


def test_a_notice_becomes_a_published_plan(townsfolk, sign_in, pinned_portal, notice, violations):
    district, cast = townsfolk
    last_year(district)
    page = sign_in(cast.administrator)
    page.get_by_role("link", name="工作要点导入").click()
    upload(page, pinned_portal, notice)

    # Either side finds the other.
    page.locator("#t1\\.1").get_by_role("link", name="原文").click()
    assert "护理" not in page.locator(".mk.is-here").first.inner_text()
    page.locator(".intake-words .mk", has_text="护理员持证率达到95%").click()
    assert page.locator("#t1\\.2").evaluate("one => one.classList.contains('is-here')")

    # What waits is looked at, one after the other.
    page.locator("#t2\\.1").get_by_role("button", name="确认").click()
    page.get_by_text("还有 1 处待核对。").wait_for()
    page.locator("#t2\\.2").get_by_role("link", name="修改").click()
    page.get_by_label("目标值", exact=True).fill("90")
    page.get_by_role("button", name="保存并确认").click()
    page.get_by_text("已全部核对", exact=False).first.wait_for()

    # A chosen passage becomes a target, another the beginning of a task.
    choose(page, "编印简报12期")
    page.get_by_role("link", name="作为目标").click()
    assert page.get_by_label("目标", exact=True).input_value() == "编印简报12期"
    page.get_by_role("button", name="增加", exact=True).click()
    page.get_by_text("≥ 12 期").wait_for()
    choose(page, "加强宣传引导")
    page.get_by_role("button", name="在此拆分").click()
    page.get_by_role("button", name="撤销：拆分任务").click()
    page.get_by_text("已撤销：拆分任务。").wait_for()

    # Sections, last year, draft, publication.
    page.get_by_role("link", name=re.compile("对应板块")).click()
    page.get_by_label("3. 其他工作").select_option("eldercare")
    page.get_by_role("button", name="保存，下一步").click()
    page.get_by_role("heading", name="与上年比较").wait_for()
    page.get_by_role("button", name="保存，下一步").click()
    page.get_by_role("button", name="生成草稿").click()
    page.get_by_text("请核对分工和指标分解后发布").wait_for()
    page.get_by_text("发布…").click()
    page.get_by_role("button", name="确认发布").click()
    page.get_by_text("已发布“").wait_for()
    plan = Plan.objects.get(year=2025)
    assert plan.status == PlanStatus.PUBLISHED
    assert plan.targets.get(code="5.1").goal == 12 and plan.targets.get(code="2.2").goal == 90
    assert violations == []


def test_places_count_alike_in_browser_and_notice(townsfolk, sign_in, pinned_portal, tmp_path, violations):
    """Characters beyond the first plane are two to a browser and one to us; line breaks of files are two or one."""
    _, cast = townsfolk
    file = tmp_path / "要点.txt"
    file.write_bytes(TEXT.replace("加强宣传引导。", "𠮷祥宣传𠮷引导。").replace("\n", "\r\n").encode())
    page = sign_in(cast.administrator)
    upload(page, pinned_portal, file)
    assert page.evaluate(CHOOSE, ["𠮷祥宣传𠮷引导", 5, 8])  # 𠮷引: a browser counts two for each rare character
    page.get_by_role("button", name="在此拆分").click()
    page.get_by_role("button", name="撤销：拆分任务").wait_for()
    assert outline_of(Intake.objects.get()).task("t6").title == "𠮷引导"
    assert violations == []


def test_on_a_phone_the_panes_are_two_tabs(townsfolk, sign_in, pinned_portal, notice, violations):
    _, cast = townsfolk
    page = sign_in(cast.administrator, viewport=PHONE)
    upload(page, pinned_portal, notice)
    source = page.locator(".intake-source")
    assert not source.is_visible()
    page.get_by_role("button", name="原文", exact=True).click()
    assert source.is_visible() and not page.locator(".intake-outline").is_visible()
    page.locator(".intake-words .mk", has_text="护理员持证率达到95%").click()
    assert page.locator("#t1\\.2").is_visible() and not source.is_visible()
    for path in ("", "sections/", "compare/", "finish/"):
        page.goto(f"{pinned_portal.url}/intake/{Intake.objects.get().pk}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        sizes = page.eval_on_selector_all(
            "main input:not([type=hidden]), main select, main textarea",
            "all => all.map((one) => getComputedStyle(one).fontSize)",
        )
        assert all(float(size.removesuffix("px")) >= 16 for size in sizes), path
    assert violations == []


def test_it_goes_without_javascript(townsfolk, browser, browser_context_args, pinned_portal, notice):
    _, cast = townsfolk
    context = browser.new_context(**(browser_context_args | {"viewport": DESK, "java_script_enabled": False}))
    page = context.new_page()
    page.goto(f"{pinned_portal.url}/")
    page.fill("input[name=username]", cast.administrator.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    upload(page, pinned_portal, notice)
    page.locator(".intake-words .mk", has_text="新建公益性公墓3个").click()
    page.wait_for_url("**/?section=s2#t4.1")
    page.locator("#t4").get_by_role("link", name="修改、拆分、移动").click()
    page.get_by_label("移到板块").select_option("s1")
    page.get_by_role("button", name="移动", exact=True).click()
    page.wait_for_url("**/?section=s1#t4")
    assert [task.id for task in outline_of(Intake.objects.get()).section("s1").tasks] == ["t1", "t2", "t4"]
    context.close()
