"""Pictures for the README, taken from the running portal with a fresh demo year (`make screenshots`)."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.ground.portal import ROOT, running

PASSWORD = "demo-workplan"
FOLDER = ROOT / "docs" / "screenshots"
DESK = {"width": 1366, "height": 900}
PHONE = {"width": 390, "height": 844}
CANTEENS = """所属单位,食堂名称,开办日期,新建
羊角街道,演示第二食堂,2024-09-01,是
羊角街道,演示第三食堂,2024-13-01,是
白马镇,演示第四食堂,2024-08-20,也许
江口镇,演示第五食堂,2024-10-08,否
"""


def enter(browser: Browser, url: str, username: str, viewport: dict, theme: str = "light") -> Page:
    """Return a page of somebody who has signed in."""
    look = {"viewport": viewport, "color_scheme": theme}
    page = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **look).new_page()
    page.goto(url)
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(url)
    return page


def keep(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")
    print(f"docs/screenshots/{name}.png")


def shoot(browser: Browser, url: str) -> None:
    leader = enter(browser, url, "leader", DESK)
    leader.goto(f"{url}leader/")
    keep(leader, "leader")
    leader.goto(f"{url}targets/?q=适老化")
    leader.locator("tr", has_text="49.3").locator("a[href^='/targets/']").first.click()
    keep(leader, "target")
    leader.goto(f"{url}rollups/")
    leader.get_by_role("link", name="上半年").first.click()
    keep(leader, "rollup")
    leader.goto(f"{url}supervision/")
    leader.get_by_role("link", name="加快适老化改造进度").click()
    keep(leader, "order")
    shoot_registers(browser, url)
    head = enter(browser, url, "head-eldercare", DESK)
    head.goto(f"{url}review/")
    keep(head, "review")
    liaison = enter(browser, url, "liaison-500156004", PHONE)
    liaison.locator(
        "main form[action='/reports/start/'] button, main a[href^='/reports/']:not([href*='?'])"
    ).first.click()
    keep(liaison, "report-phone")
    liaison.goto(f"{url}messages/")
    keep(liaison, "messages-phone")


def shoot_registers(browser: Browser, url: str) -> None:
    """The list of a register, one record of it, and what the check of a file has found."""
    homes = f"{url}registers/eldercare/homeadaptation/"
    staff = enter(browser, url, "staff-eldercare", DESK)
    staff.goto(homes)
    keep(staff, "register")
    staff.locator("tr", has_text="拨付").locator("a").first.click()
    keep(staff, "record")
    staff.goto(f"{url}registers/eldercare/canteen/import/")
    staff.set_input_files("input[type=file]", {"name": "食堂.csv", "mimeType": "text/csv", "buffer": CANTEENS.encode()})
    staff.locator("main form button").click()
    staff.locator(".problems").wait_for()
    keep(staff, "import")


@contextmanager
def demo() -> Iterator[tuple[Browser, str]]:
    """Start a fresh demo and a browser; yield them. Raises SystemExit where there is no Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("未找到 Chromium，请先运行 make browser。/ Chromium not found; run make browser first.")
    values = {"WORKPLAN_MODE": "demo", "ALLOWED_HOSTS": "127.0.0.1", "DEMO_DATE": "2024-10-15"}
    with (
        tempfile.TemporaryDirectory(prefix="workplan-pictures-") as folder,
        running(Path(folder) / "var", **values) as portal,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser, f"http://127.0.0.1:{portal.port}/"
        browser.close()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with demo() as (browser, url):
        shoot(browser, url)


if __name__ == "__main__":
    main()
