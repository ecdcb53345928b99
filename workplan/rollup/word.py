"""A report as a Word file. Works on the snapshot and the words alone: no Django and no database, so that a template of the
bureau's can be filled in a process of its own.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from ..rules.wording import parts, plain
from .styles import BODY_STYLE, DATE_STYLE, HEITI, TABLE_STYLE, prepare, set_font

UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NUMERALS = "〇一二三四五六七八九"
LIGHTS = ("done", "done_late", "on_pace", "behind", "red", "not_reported", "not_started", "unlit")
LIGHT_WORDS = ("完成", "逾期完成", "正常", "滞后", "红灯", "未报", "未启动", "不亮灯")
SHADES = {
    "done": "D6ECD9",
    "done_late": "E6EBC8",
    "on_pace": "E3F3E4",
    "behind": "FFF0C2",
    "red": "F9D0CC",
    "not_reported": "F6D9E4",
}
TITLE_TAIL = "进展情况汇总报告"
SECTION_PARTS = (("progress", "进展情况"), ("problems", "存在问题"), ("next", "下一步打算"))


@dataclass(frozen=True, slots=True)
class Material:
    """What a document is made of. texts: by place; addresses: by key of a citation; date: of publication, in words."""

    title: str
    snapshot: dict[str, Any]
    texts: dict[str, str]
    addresses: dict[str, str]
    date: str


def numeral(number: int) -> str:
    """Return a number from 1 to 99 as 一, 十二, 三十."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else f"{NUMERALS[tens]}十")
    return head + (NUMERALS[ones] if ones else "")


def write(material: Material) -> bytes:
    """Return the report in the standard's own layout."""
    document = Document()
    prepare(document)
    document.core_properties.title = clean(material.title)
    document.core_properties.author = clean(material.snapshot["bureau"])
    document.core_properties.comments = ""
    body = document.element.body
    Writer(document, material).write_before(body.sectPr)
    return saved(document)


def context_of(material: Material) -> dict[str, Any]:
    """Return what a template may name: texts only. `body`, the report itself with its tables, comes on top of it."""
    snapshot, texts = material.snapshot, {key: clean(plain(words)) for key, words in material.texts.items()}
    sections = [
        {"number": section["number"], "name": clean(section["name"])}
        | {part: texts.get(f"s{section['number']}.{part}", "") for part, _ in SECTION_PARTS}
        for section in snapshot["sections"]
    ]
    named = {
        "title": material.title,
        "bureau": snapshot["bureau"],
        "subject": snapshot["subject"],
        "date": material.date,
    }
    return {name: clean(words) for name, words in named.items()} | {
        "start": snapshot["start"],
        "end": snapshot["end"],
        "overview": texts.get("overview", ""),
        "reporting": texts.get("reporting", ""),
        "sections": sections,
        "lights": {word: snapshot["lights"][light] for light, word in zip(LIGHTS, LIGHT_WORDS, strict=True)},
    }


def sample_template() -> bytes:
    """Return a template to begin with: the standard's page, a red head, title, body."""
    document = Document()
    prepare(document)
    styles = {style.name: style.style_id for style in document.styles}
    place = document.element.body.sectPr
    for style, words in (
        ("Title", "{{ bureau }}文件"),
        (BODY_STYLE, ""),
        ("Title", "{{ title }}"),
        (BODY_STYLE, ""),
        (BODY_STYLE, "{{ body }}"),
    ):
        place.addprevious(paragraph(styles[style], text_run(words)))
    document.paragraphs[0].runs[0].font.color.rgb = RGBColor(0xC0, 0, 0)
    return saved(document)


def saved(document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def clean(text: str) -> str:
    """Return the text without what XML has no place for."""
    return UNWRITABLE.sub("", text)


# --- The pieces ----------------------------------------------------------------------------------------------


def paragraph(style_id: str, *runs) -> Any:
    element = OxmlElement("w:p")
    properties = OxmlElement("w:pPr")
    style = OxmlElement("w:pStyle")
    style.set(qn("w:val"), style_id)
    properties.append(style)
    element.append(properties)
    for run in runs:
        element.append(run)
    return element


def text_run(words: str) -> Any:
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    text.text = clean(words)
    run.append(text)
    return run


def title_lines(title: str) -> list[str]:
    """Break a long title where its sense does (7.3.1: 回行时要做到词意完整)."""
    head, tail, rest = title.partition(TITLE_TAIL)
    return [head, tail + rest] if head and tail else [title]


def _title_runs(title: str) -> list:
    first, *others = title_lines(title)
    runs = [text_run(first)]
    for line in others:
        line_break = OxmlElement("w:r")
        line_break.append(OxmlElement("w:br"))
        runs += [line_break, text_run(line)]
    return runs


@dataclass(slots=True)
class Writer:
    """Writes the body of a report. Bookmarks of sources stand in the tables; cited numbers lead to them."""

    document: Any
    material: Material
    next_id: int = 1
    styles: dict[str, str] = field(default_factory=dict)
    anchors: dict[str, str] = field(default_factory=dict)
    relations: dict[str, str] = field(default_factory=dict)

    def write_before(self, place, *, title: bool = True) -> None:
        """Insert the whole body before an element of the document; without `title` a template has set it already."""
        self.styles = {style.name: style.style_id for style in self.document.styles}
        self.anchors = anchors(self.material.snapshot)
        for element in self._elements(title):
            place.addprevious(element)

    def _elements(self, title: bool) -> Iterator[Any]:
        if title:
            yield from self._title()
        yield from self._overview()
        yield from self._sections()
        yield from self._corrections()
        yield from self._closing()
        yield from self._annexes()

    # --- parts of the report

    def _title(self) -> Iterator[Any]:
        yield paragraph(self.styles["Title"], *_title_runs(self.material.title))
        yield paragraph(self.styles[BODY_STYLE])

    def _overview(self) -> Iterator[Any]:
        yield self._heading(1, "一、总体情况")
        yield self._heading(2, "（一）亮灯情况")
        yield from self._body("overview")
        yield self._heading(2, "（二）报送情况")
        yield from self._body("reporting")

    def _sections(self) -> Iterator[Any]:
        sections = self.material.snapshot["sections"]
        yield self._heading(1, "二、工作进展")
        if not sections:
            yield self._paragraph("没有分解到本单位的目标。")
        for place, section in enumerate(sections, start=1):
            yield self._heading(2, f"（{numeral(place)}）{section['name']}")
            for number, (part, label) in enumerate(SECTION_PARTS, start=1):
                yield self._heading(3, f"{number}. {label}")
                yield from self._items(f"s{section['number']}.{part}", numbered=part != "progress")

    def _corrections(self) -> Iterator[Any]:
        found = self.material.snapshot["corrections"]
        yield self._heading(1, "三、更正情况")
        if not found:
            yield self._paragraph("上期发布的数据没有更正。")
            return
        yield self._paragraph(f"上期发布后更正数据{len(found)}处，详见附表4。")

    def _closing(self) -> Iterator[Any]:
        yield paragraph(self.styles[BODY_STYLE])
        yield paragraph(self.styles[BODY_STYLE], text_run(f"附表：{'；'.join(self._annex_names())}"))
        yield paragraph(self.styles[BODY_STYLE])
        yield paragraph(self.styles[DATE_STYLE], text_run(self.material.snapshot["bureau"]))
        yield paragraph(self.styles[DATE_STYLE], text_run(self.material.date))

    def _annex_names(self) -> list[str]:
        names = ["1. 各板块亮灯情况", "2. 各单位报送情况", "3. 目标完成情况"]
        return names + (["4. 更正情况"] if self.material.snapshot["corrections"] else [])

    def _items(self, key: str, *, numbered: bool) -> Iterator[Any]:
        lines = self._lines(key)
        if not numbered or len(lines) < 2:
            yield from (self._paragraph(line) for line in lines)
            return
        for number, line in enumerate(lines, start=1):
            yield self._paragraph(f"（{number}）{line}")

    def _body(self, key: str) -> Iterator[Any]:
        return (self._paragraph(line) for line in self._lines(key))

    def _lines(self, key: str) -> list[str]:
        return [line.strip() for line in self.material.texts.get(key, "").splitlines() if line.strip()] or ["无。"]

    def _heading(self, level: int, words: str) -> Any:
        return paragraph(self.styles[f"Heading {level}"], text_run(words))

    def _paragraph(self, line: str) -> Any:
        element = paragraph(self.styles[BODY_STYLE])
        for words, key in parts(line):
            element.append(self._cited(words, key) if key in self.anchors else text_run(words))
        return element

    def _cited(self, words: str, key: str) -> Any:
        """Return the number as a link to the row of the tables that it comes from."""
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), self.anchors[key])
        link.set(qn("w:history"), "1")
        link.append(text_run(words))
        return link

    # --- tables

    def _annexes(self) -> Iterator[Any]:
        snapshot = self.material.snapshot
        yield self._annex("附表1", "各板块亮灯情况", new_page=True)
        yield self._table(("板块", *LIGHT_WORDS, "合计"), (39, *[13] * 9), self._light_rows())
        yield self._annex("附表2", "各单位报送情况")
        yield self._table(
            ("单位", "应报", "已报", "按期", "逾期", "未报"), (46, 22, 22, 22, 22, 22), self._reporting_rows()
        )
        yield self._annex("附表3", "目标完成情况")
        yield self._table(
            ("编号", "目标", "目标值", "实绩", "完成率", "亮灯"), (12, 56, 23, 31, 16, 18), self._target_rows()
        )
        if snapshot["corrections"]:
            yield self._annex("附表4", "更正情况")
            head = ("编号", "目标", "单位", "报告期", "更正前", "更正后", "原因")
            yield self._table(head, (13, 40, 20, 22, 18, 18, 25), self._correction_rows())

    def _annex(self, number: str, name: str, *, new_page: bool = False) -> Any:
        element = paragraph(self.styles["Heading 1"], text_run(f"{number} {name}"))
        if new_page:
            element.pPr.append(OxmlElement("w:pageBreakBefore"))
        return element

    def _light_rows(self) -> Iterator[list]:
        snapshot = self.material.snapshot
        for section in snapshot["sections"]:
            lights = section["lights"]
            yield self._light_row(f"{section['number']}. {section['name']}", f"s{section['number']}", lights)
        yield self._light_row("合计", "all", snapshot["lights"])

    def _light_row(self, name: str, prefix: str, lights: dict[str, int]) -> list:
        counts = [Cell(str(lights[light]), link=self._address(f"{prefix}.{light}")) for light in LIGHTS]
        total = Cell(str(sum(lights.values())), link=self._address(f"{prefix}.total"))
        return [Cell(name, bookmark=f"lights_{prefix}"), *counts, total]

    def _reporting_rows(self) -> Iterator[list]:
        found = self.material.snapshot["reporting"]
        for unit in found["units"]:
            yield self._reporting_row(unit["name"], f"u{unit['pk']}", unit)
        yield self._reporting_row("合计", "rep", found["total"])

    def _reporting_row(self, name: str, prefix: str, counts: dict[str, int]) -> list:
        names = ("owed", "handed_in", "on_time", "late", "missing")
        cells = [Cell(str(counts[name]), link=self._address(f"{prefix}.{name}")) for name in names]
        return [Cell(name, bookmark=f"reports_{prefix}"), *cells]

    def _target_rows(self) -> Iterator[list]:
        for row in self.material.snapshot["targets"]:
            yield [
                Cell(row["code"], bookmark=self.anchors[row["code"]], link=self._address(row["code"])),
                Cell(row["measure"]),
                Cell(row["goal_text"]),
                Cell(row["amount_text"]),
                Cell(row["progress_text"]),
                Cell(row["light_text"], shade=SHADES.get(row["light"], "")),
            ]

    def _correction_rows(self) -> Iterator[list]:
        for row in self.material.snapshot["corrections"]:
            names = ("code", "measure", "unit", "period", "before", "after", "reason")
            yield [Cell(row[name]) for name in names]

    def _address(self, key: str) -> str:
        return self.material.addresses.get(key, "")

    def _table(self, head: Iterable[str], widths: Iterable[int], rows: Iterable[list]) -> Any:
        """Return a table as wide as the type area. widths in mm; the head is repeated and no row is torn apart."""
        twips = [round(width * 56.7) for width in widths]
        table = OxmlElement("w:tbl")
        table.append(_table_properties(sum(twips)))
        grid = OxmlElement("w:tblGrid")
        for width in twips:
            column = OxmlElement("w:gridCol")
            column.set(qn("w:w"), str(width))
            grid.append(column)
        table.append(grid)
        table.append(self._row([Cell(words) for words in head], twips, head=True))
        for cells in rows:
            table.append(self._row(cells, twips))
        return table

    def _row(self, cells: list, twips: list[int], *, head: bool = False) -> Any:
        row = OxmlElement("w:tr")
        properties = OxmlElement("w:trPr")
        properties.append(OxmlElement("w:cantSplit"))
        if head:
            properties.append(OxmlElement("w:tblHeader"))
        row.append(properties)
        for cell, width in zip(cells, twips, strict=True):
            row.append(self._cell(cell, width, head))
        return row

    def _cell(self, cell: "Cell", width: int, head: bool) -> Any:
        element, properties, size = OxmlElement("w:tc"), OxmlElement("w:tcPr"), OxmlElement("w:tcW")
        size.set(qn("w:w"), str(width))
        size.set(qn("w:type"), "dxa")
        properties.append(size)
        if cell.shade or head:
            shade = OxmlElement("w:shd")
            shade.set(qn("w:val"), "clear")
            shade.set(qn("w:fill"), cell.shade or "EDEDED")
            properties.append(shade)
        element.append(properties)
        run = text_run(cell.text)
        if head:
            set_font(run, HEITI, Pt(10.5))
        inner = self._linked(run, cell.link) if cell.link else run
        element.append(paragraph(self.styles[TABLE_STYLE], *self._bookmarked(inner, cell.bookmark)))
        return element

    def _linked(self, run, address: str) -> Any:
        """Return the run as a link out of the document; the address of the portal must be known for that."""
        if not address.startswith(("http://", "https://")):
            return run
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), self._relation(address))
        link.append(run)
        return link

    def _relation(self, address: str) -> str:
        """Return the id under which the document knows the address. python-docx's own look-up walks all of them each time."""
        if address not in self.relations:
            self.relations[address] = f"rIdLink{len(self.relations) + 1}"
            self.document.part.rels.add_relationship(
                RELATIONSHIP_TYPE.HYPERLINK, address, self.relations[address], is_external=True
            )
        return self.relations[address]

    def _bookmarked(self, inner, name: str) -> list:
        if not name:
            return [inner]
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        start.set(qn("w:id"), str(self.next_id))
        start.set(qn("w:name"), name)
        end.set(qn("w:id"), str(self.next_id))
        self.next_id += 1
        return [start, inner, end]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table. bookmark: name of the place that citations lead to; link: page of the portal; shade: fill as RRGGBB."""

    text: str
    bookmark: str = ""
    link: str = ""
    shade: str = ""


def anchors(snapshot: dict[str, Any]) -> dict[str, str]:
    """Return by key of a citation the bookmark of the row that the number stands in."""
    found = {row["code"]: "target_" + re.sub(r"\W", "_", row["code"]) for row in snapshot["targets"]}
    counts = (*LIGHTS, "total", "tasks", "sections", "well", "lit")
    for prefix in ("all", *(f"s{section['number']}" for section in snapshot["sections"])):
        found |= {f"{prefix}.{name}": f"lights_{prefix}" for name in counts}
    for prefix in ("rep", *(f"u{unit['pk']}" for unit in snapshot["reporting"]["units"])):
        found |= {
            f"{prefix}.{name}": f"reports_{prefix}" for name in ("owed", "handed_in", "on_time", "late", "missing")
        }
    return found


def _table_properties(width: int) -> Any:
    properties = OxmlElement("w:tblPr")
    total = OxmlElement("w:tblW")
    total.set(qn("w:w"), str(width))
    total.set(qn("w:type"), "dxa")
    centre = OxmlElement("w:jc")
    centre.set(qn("w:val"), "center")
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    layout = OxmlElement("w:tblLayout")
    layout.set(qn("w:type"), "fixed")
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", "28"), ("left", "57"), ("bottom", "28"), ("right", "57")):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), width)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    for child in (total, centre, borders, layout, margins):
        properties.append(child)
    return properties
