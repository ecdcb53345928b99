"""Pictures of the dashboard and what belongs to it, for each role that has one, at three sizes and in both themes (`make pictures`).

They go to `pictures/` in WORKPLAN_VAR, which git does not see: somebody looks at them before a release.
"""

import os
from pathlib import Path

from playwright.sync_api import Browser

from tests.screenshots import demo, enter

SIZES = {"desk": (1366, 768), "wide": (1920, 1080), "phone": (390, 844)}
ROLES = ("leader", "auditor", "admin")
PAGES = {
    "board": "leader/",
    "changes": "leader/changes/",
    "sheet": "leader/print/",
    "wall": "leader/wall/",
    "tasks": "tasks/",
}


def main() -> None:
    folder = Path(os.environ["WORKPLAN_VAR"]) / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    with demo() as (browser, url):
        for role in ROLES:
            for size in SIZES:
                for theme in ("light", "dark"):
                    shoot(browser, url, role, size, theme, folder)
    print(folder)


def shoot(browser: Browser, url: str, role: str, size: str, theme: str, folder: Path) -> None:
    width, height = SIZES[size]
    page = enter(browser, url, role, {"width": width, "height": height}, theme)
    for name, path in PAGES.items():
        page.goto(f"{url}{path}", wait_until="networkidle")
        page.mouse.wheel(0, 20_000)  # charts are drawn when they come near the screen
        page.wait_for_load_state("networkidle")
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=folder / f"{name}-{role}-{size}-{theme}.png", full_page=True)
    page.context.close()


if __name__ == "__main__":
    main()
