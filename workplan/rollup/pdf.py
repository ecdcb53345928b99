"""A report as a PDF, where WeasyPrint and what it stands on are installed: the optional extra `pdf`.

Laid out after the same standard as the Word file, from the same snapshot and words. Nothing is fetched from anywhere.
"""

import shutil
import subprocess
from functools import cache
from importlib import import_module
from typing import Any, NoReturn

from django.template.loader import render_to_string

from ..rules.wording import parts
from .word import LIGHT_WORDS, LIGHTS, SECTION_PARTS, SHADES, UNWRITABLE, Material, numeral, title_lines

TEMPLATE = "workplan/rollups/document.html"
REPORTING = ("owed", "handed_in", "on_time", "late", "missing")


@cache
def missing() -> str:
    """Return why no PDF can be made on this machine, "" where it can."""
    try:
        import_module("weasyprint")
    except ImportError:
        return "未安装 PDF 组件（pip install -r requirements-pdf.txt）。"
    except OSError:
        return "PDF 组件缺少系统库 Pango。"
    return "" if _has_chinese_font() else "系统没有中文字体（如 fonts-noto-cjk），不能生成 PDF。"


def _has_chinese_font() -> bool:
    command = shutil.which("fc-list")
    if command is None:
        return False
    found = subprocess.run([command, ":lang=zh", "family"], capture_output=True, check=False, timeout=30)  # noqa: S603
    return bool(found.stdout.strip())


def write(material: Material) -> bytes:
    """Return the report as a PDF. Only where `missing()` is ""."""
    return of_html(html_of(material))


def of_html(page: str) -> bytes:
    """Return a page that needs nothing from elsewhere as a PDF. Only where `missing()` is ""."""
    weasyprint = import_module("weasyprint")
    return weasyprint.HTML(string=UNWRITABLE.sub("", page), url_fetcher=_refuse).write_pdf()


def _refuse(url: str, *args, **kwargs) -> NoReturn:
    raise ValueError("a report fetches nothing")


def html_of(material: Material) -> str:
    """Return the report as the page that the PDF is made of; all texts are escaped."""
    snapshot = material.snapshot
    return render_to_string(
        TEMPLATE,
        {
            "title": material.title,
            "title_lines": title_lines(material.title),
            "bureau": snapshot["bureau"],
            "date": material.date,
            "overview": _paragraphs(material, "overview"),
            "reporting": _paragraphs(material, "reporting"),
            "sections": [_section(material, place, one) for place, one in enumerate(snapshot["sections"], start=1)],
            "corrections": snapshot["corrections"],
            "light_words": LIGHT_WORDS,
            "light_rows": list(_light_rows(snapshot)),
            "report_rows": list(_report_rows(snapshot["reporting"])),
            "targets": [row | {"shade": SHADES.get(row["light"], "")} for row in snapshot["targets"]],
        },
    )


def _section(material: Material, place: int, section: dict[str, Any]) -> dict[str, Any]:
    number = section["number"]
    return {
        "heading": f"（{numeral(place)}）{section['name']}",
        "parts": [
            (f"{at}. {label}", _paragraphs(material, f"s{number}.{part}"))
            for at, (part, label) in enumerate(SECTION_PARTS, start=1)
        ],
    }


def _paragraphs(material: Material, key: str) -> list[list[tuple[str, str]]]:
    """Return the paragraphs of a place, each as words with the address of their source, "" for none."""
    lines = [line.strip() for line in material.texts.get(key, "").splitlines() if line.strip()] or ["无。"]
    return [[(words, _web(material.addresses.get(source, ""))) for words, source in parts(line)] for line in lines]


def _web(address: str) -> str:
    return address if address.startswith(("http://", "https://")) else ""


def _light_rows(snapshot: dict[str, Any]):
    for section in snapshot["sections"]:
        yield f"{section['number']}. {section['name']}", [section["lights"][light] for light in LIGHTS]
    yield "合计", [snapshot["lights"][light] for light in LIGHTS]


def _report_rows(found: dict[str, Any]):
    for unit in found["units"]:
        yield unit["name"], [unit[name] for name in REPORTING]
    yield "合计", [found["total"][name] for name in REPORTING]
