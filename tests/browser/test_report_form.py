"""The report page in a real browser: what its script adds, and that it adds it under the strict policy."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from tests import cast as parts
from tests.browser.conftest import DESK, PHONE
from tests.reporting import files
from tests.steps import fill_and_submit
from workplan.enums import ReportStatus
from workplan.models import ProgressReport
from workplan.services import reports
from workplan.services.evidence import add_evidence

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def townsfolk(transactional_db):
    """District and cast without passwords: these tests are not about signing in."""
    district = parts.build_district("D1")
    return district, parts.build_cast(district, parts.build_district("D2"))


@pytest.fixture
def opened(townsfolk, browser, browser_context_args, pinned_portal, violations):
    """Open a report's page as somebody."""
    contexts = []

    def open_report(report, user, viewport=DESK):
        contexts.append(browser.new_context(**(browser_context_args | {"viewport": viewport})))
        contexts[-1].add_cookies([session_cookie(user, pinned_portal.url)])
        page = contexts[-1].new_page()
        page.on("console", lambda m: violations.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: violations.append(str(e)))
        page.goto(f"{pinned_portal.url}/reports/{report.pk}/")
        return page

    yield open_report
    for context in contexts:
        context.close()


def session_cookie(user, url: str) -> dict:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "url": url}


@pytest.fixture
def draft(townsfolk):
    district, cast = townsfolk
    return reports.start_report(
        task=district.task, org_unit=district.township, period=district.period(10), actor=cast.liaison
    )


@pytest.fixture
def tombs(townsfolk):
    district, cast = townsfolk
    return reports.start_report(
        task=district.other_task, org_unit=district.township, period=district.period(10), actor=cast.liaison
    )


@pytest.mark.parametrize(
    ("above", "below", "shown"),
    [
        ("9", "10", "90%"),
        ("９", "１，０００", "0.9%"),
        ("9996", "10000", "99.9%"),
        ("0", "0", "不适用"),
        ("x", "3", "—"),
    ],
)
def test_percent_is_computed_while_typing(opened, townsfolk, draft, violations, above, below, shown):
    page = opened(draft, townsfolk[1].liaison)
    page.fill("input[name$=-numerator]", above)
    page.fill("input[name$=-denominator]", below)
    assert page.text_content("[data-percent]") == shown
    assert violations == []


def test_zero_report_and_number_agree(opened, townsfolk, tombs):
    page = opened(tombs, townsfolk[1].liaison)
    page.check("input[name$=-zero_report]")
    assert page.input_value("input[name$=-value]") == "0"
    page.fill("input[name$=-value]", "2")
    assert not page.is_checked("input[name$=-zero_report]")


def test_leaving_with_unsaved_changes_asks_first(opened, townsfolk, draft):
    page = opened(draft, townsfolk[1].liaison)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == []
    page.fill("textarea[name=narrative]", "写了一半")
    assert page.is_visible("[data-dirty]")
    page.reload()
    assert asked == ["beforeunload"]


def test_what_was_typed_can_be_brought_back(opened, townsfolk, draft):
    page = opened(draft, townsfolk[1].liaison)
    page.on("dialog", lambda dialog: dialog.accept())
    page.fill("textarea[name=narrative]", "写了一半")
    page.reload()
    page.click("[data-restore]")
    assert page.input_value("textarea[name=narrative]") == "写了一半"


def test_saving_asks_nothing_and_leaves_no_copy(opened, townsfolk, draft):
    page = opened(draft, townsfolk[1].liaison)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.fill("textarea[name=narrative]", "写完了")
    page.click(".action-bar button:has-text('保存草稿')")
    page.wait_for_selector("text=已保存草稿。")
    assert asked == []
    assert page.is_hidden("#restore")
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('report-'))") == []


def test_hasty_double_click_hands_in_once(opened, townsfolk, draft):
    page = opened(draft, townsfolk[1].liaison)
    page.fill("input[name$=-value]", "12")
    page.fill("input[name$=-numerator]", "9")
    page.fill("input[name$=-denominator]", "10")
    page.dblclick("button:has-text('提交审核')")
    page.wait_for_selector("text=等待科室审核")
    assert ProgressReport.objects.get().status == ReportStatus.SUBMITTED


def test_first_mistake_has_the_focus(opened, townsfolk, draft):
    page = opened(draft, townsfolk[1].liaison)
    page.fill("input[name$=-value]", "12户")
    page.click("button:has-text('提交审核')")
    page.wait_for_selector("#mistakes-title")
    assert page.evaluate("document.activeElement.name").endswith("-value")
    assert page.input_value("input[name$=-value]") == "12户"


def test_enter_in_a_field_saves_and_does_not_hand_in(opened, townsfolk, draft):
    page = opened(draft, townsfolk[1].liaison)
    page.fill("input[name$=-value]", "12")
    page.press("input[name$=-value]", "Enter")
    page.wait_for_selector("text=已保存草稿。")
    assert ProgressReport.objects.get().status == ReportStatus.DRAFT


def test_phone_shows_the_whole_width_and_the_actions(opened, townsfolk, draft, violations):
    page = opened(draft, townsfolk[1].liaison, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    bar = page.locator(".action-bar").bounding_box()
    assert bar["y"] + bar["height"] <= PHONE["height"] + 1
    assert violations == []


def test_reviewers_keys_move_but_do_not_act_and_rest_while_typing(opened, townsfolk, violations):
    district, cast = townsfolk
    first = fill_and_submit(district, cast, month=10, homes=3)
    second = fill_and_submit(district, cast, month=10, homes=3, unit=district.other_township)
    page = opened(first, cast.head)
    page.keyboard.press("a")
    assert page.evaluate("document.activeElement.id") == "approve"
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.id") == "reason"
    page.keyboard.type("nar")
    assert page.input_value("#reason") == "nar"
    assert page.url.endswith(f"/reports/{first.pk}/")
    page.locator("h1").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("n")
    page.wait_for_url(f"**/reports/{second.pk}/")
    assert ProgressReport.objects.filter(status=ReportStatus.SUBMITTED).count() == 2
    assert violations == []


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_pdf_is_looked_at_in_its_place(opened, townsfolk, draft, violations, settings, tmp_path, viewport):
    settings.MEDIA_ROOT = tmp_path
    upload = files.upload("通知.pdf", files.pdf("One", "Two"))
    add_evidence(report=draft, actor=townsfolk[1].liaison, upload=upload)
    page = opened(draft, townsfolk[1].liaison, viewport)
    assert page.locator(".papers").count() == 0
    page.click(".paper summary")
    page.locator(".papers li").nth(1).scroll_into_view_if_needed()
    for place in (0, 1):
        expect(page.locator(".papers img").nth(place)).to_have_js_property("naturalHeight", 1755)  # A4 at 1240 pixels
    assert page.locator(".files").inner_text().count("共 2 页") == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert violations == []


def test_the_queue_is_walked_by_arrows_and_opened_by_enter(opened, townsfolk, pinned_portal, violations):
    district, cast = townsfolk
    first = fill_and_submit(district, cast, month=10, homes=3)
    second = fill_and_submit(district, cast, month=10, homes=3, unit=district.other_township)
    page = opened(first, cast.head)
    page.goto(pinned_portal.url + reverse("workplan:review"))
    focused = "document.activeElement.getAttribute('href')"
    for key, report in (("ArrowDown", first), ("ArrowDown", second), ("ArrowDown", second), ("ArrowUp", first)):
        page.keyboard.press(key)
        assert page.evaluate(focused) == reverse("workplan:report", args=[report.pk])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/reports/{first.pk}/")
    assert violations == []
