"""Tasks from a table: one row is one item."""

import re
from collections import defaultdict

from .dates import deadline
from .model import Confidence, Due, Item, Owner, Section, Span
from .proposals import find_targets
from .tables import OWNERS, Cell, Table, number_of
from .tree import Built
from .view import View

BAND = re.compile(
    r"(?:第|[（(])?(?P<no>[一二三四五六七八九十]{1,3}|\d{1,2}) ?(?:(?:部分|章|篇)[、.：: ]*|[）)][、.]?|[、.．：:])(?P<title>\D.*)$"
)
NAMES = re.compile(r"[、，；/ ]+")


def from_tables(view: View, text: str, year: int | None) -> Built:
    """Return the items of the tables. Rows below one word for their section belong to it."""
    built = Built()
    for table in view.tables:
        for place, row in enumerate(table.rows):
            if place in table.bands:
                built.sections.append(_band(table.bands[place]))
            cells = _by_role(table, row)
            if cells["title"] and cells["title"][0].text.strip():
                _take(built, text, cells, year)
    return built


def _by_role(table: Table, row: list[Cell]) -> dict[str, list[Cell]]:
    """Return the cells by what their column holds. Where a row has fewer cells, what lacks is the section: its cell is drawn over rows."""
    roles = table.roles
    if len(row) < len(roles) and "section" in roles:
        roles = [name for name in roles if name != "section"]
    found: dict[str, list[Cell]] = defaultdict(list)
    for name, cell in zip(roles, row, strict=False):
        if name and cell.text:
            found[name].append(cell)
    return found


def _band(cell: Cell) -> Section:
    """Return the section that a row of one cell names, with its number where it has one."""
    numbered = BAND.match(cell.text)
    place = Span(cell.start, cell.end)
    if numbered is None:
        return Section(None, cell.text, place, place, confidence=Confidence.MEDIUM)
    return Section(number_of(numbered["no"]), numbered["title"], place, place, confidence=Confidence.MEDIUM)


def _take(built: Built, text: str, cells: dict[str, list[Cell]], year: int | None) -> None:
    section = cells["section"][0] if cells["section"] else None
    if not built.sections or (section and section.text != built.sections[-1].title):
        title = cells["title"][0]
        place = Span(section.start, section.end) if section else Span(title.start, title.start)
        built.sections.append(
            Section(None, section.text if section else "", place, place, confidence=Confidence.MEDIUM)
        )
    built.sections[-1].items.append(_item(text, cells, year))


def _item(text: str, cells: dict[str, list[Cell]], year: int | None) -> Item:
    title, number = cells["title"][0], cells["no"][0] if cells["no"] else None
    parts = [cell for found in cells.values() for cell in found]
    span = Span(min(cell.start for cell in parts), max(cell.end for cell in parts))
    item = Item(
        number_of(number.text) if number else None,
        _stripped(title.text),
        "\n".join(cell.text.strip() for cell in cells["text"]),
        span,
        Span(title.start, title.end),
        label=number.text if number else "",
        confidence=Confidence.MEDIUM,
        reason="表格的一行",
    )
    for column, role in OWNERS.items():
        for cell in cells[column]:
            item.owners += _owners(cell, role)
    item.due = _due(cells["due"][0] if cells["due"] else None, year)
    for cell in (title, *cells["text"]):
        item.targets += _targets(text, cell, year, item.due)
    return item


def _stripped(text: str) -> str:
    return text.strip().rstrip("。；")


def _owners(cell: Cell, role: str) -> list[Owner]:
    found, at = [], 0
    for name in NAMES.split(cell.text):
        at = cell.text.find(name, at)
        if name and len(name) <= 30:
            found.append(Owner(name, role, Span(cell.start + at, cell.start + at + len(name))))
        at += len(name)
    return found


def _due(cell: Cell | None, year: int | None) -> Due | None:
    if cell is None or not cell.text.strip():
        return None
    found = deadline(cell.text, 0, len(cell.text), year, bare=True)
    return Due(found.day if found else None, cell.text.strip(), Span(cell.start, cell.end))


def _targets(text: str, cell: Cell, year: int | None, due: Due | None):
    """Find targets within a cell: it is read by itself, its places moved to where the cell stands."""
    part = View(text[cell.start : cell.end], cell.start)
    return find_targets(part, 0, len(part.norm), year, due, [])
