"""Copies the few front-end files that pages use from node_modules to static/vendor. Standard library only."""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES, VENDOR = ROOT / "node_modules", ROOT / "static" / "vendor"

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "@alpinejs/csp/dist/cdn.min.js": "alpine-csp.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
}
ICONS = [
    "alert-triangle", "archive", "arrow-back-up", "bell", "building-community", "calendar-due", "chart-bar", "check",
    "checklist", "chevron-right", "circle-check", "clock", "dashboard", "device-tv", "download", "edit", "eye",
    "file-text",
    "filter", "flag", "folder", "heart-handshake", "history", "home", "home-heart", "inbox", "key", "leaf",
    "lifebuoy", "list-check", "lock", "lock-open", "logout", "map-pin", "menu-2", "minus", "mood-kid", "old",
    "paperclip", "pencil", "plus", "printer", "refresh", "report-analytics", "search", "send", "settings",
    "shield-check", "sitemap", "square-x", "stethoscope", "target", "target-arrow", "trash", "upload", "user",
    "users", "users-group", "x",
]  # fmt: skip
# A source map that is not shipped would stop the manifest storage, and would be asked for in vain.
SOURCE_MAP = re.compile(rb"\n?(//[#@] sourceMappingURL=\S+|/\*[#@] sourceMappingURL=\S+ \*/)\s*$")


def copy_files() -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, name in FILES.items():
        content = (PACKAGES / source).read_bytes()
        (VENDOR / name).write_bytes(SOURCE_MAP.sub(b"", content))


def copy_icons() -> None:
    """Make one sprite of the icons in use: <svg><use href="…icons.svg#name"></use></svg>."""
    symbols = []
    for name in ICONS:
        text = (PACKAGES / "@tabler/icons/icons/outline" / f"{name}.svg").read_text(encoding="utf-8")
        inner = re.search(r"<svg[^>]*>(.*)</svg>", text, re.S).group(1).strip()
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
            f'stroke-linecap="round" stroke-linejoin="round">{inner}</symbol>'
        )
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>"
    (VENDOR / "icons.svg").write_text(sprite, encoding="utf-8")


def main() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    copy_files()
    copy_icons()


if __name__ == "__main__":
    main()
