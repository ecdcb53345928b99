"""Tasks from a table: one row is one item."""

import re

from .dates import deadline
from .model import Confidence, Due, Item, Owner, Section, Span
from .proposals import find_targets
from .tables import Cell, Table, number_of
from .tree import Built
from .view import View

NAMES = re.compile(r"[、，；/ ]+")


def from_tables(view: View, text: str, year: int | None) -> Built:
    """Return the items of the tables. Rows below one word for their section belong to it."""
    built = Built()
    for table in view.tables:
        for row in table.rows:
            cells = _by_role(table, row)
            title = cells.get("title")
            if title is not None and title.text.strip():
                _take(built, text, cells, year)
    return built


def _by_role(table: Table, row: list[Cell]) -> dict[str, Cell]:
    """Return the cells by what their column holds. Where a row has fewer cells, what lacks is the section: its cell is drawn over rows."""
    roles = table.roles
    if len(row) < len(roles) and "section" in roles:
        roles = [name for name in roles if name != "section"]
    found: dict[str, Cell] = {}
    for name, cell in zip(roles, row, strict=False):
        if name and name not in found and cell.text:
            found[name] = cell
    return found


def _take(built: Built, text: str, cells: dict[str, Cell], year: int | None) -> None:
    section = cells.get("section")
    if not built.sections or (section and section.text and section.text != built.sections[-1].title):
        place = Span(section.start, section.end) if section else Span(cells["title"].start, cells["title"].start)
        built.sections.append(
            Section(None, section.text if section else "", place, place, confidence=Confidence.MEDIUM)
        )
    built.sections[-1].items.append(_item(text, cells, year))


def _item(text: str, cells: dict[str, Cell], year: int | None) -> Item:
    title, body, number = cells["title"], cells.get("text"), cells.get("no")
    parts = list(cells.values())
    span = Span(min(cell.start for cell in parts), max(cell.end for cell in parts))
    item = Item(
        number_of(number.text) if number else None,
        _stripped(title.text),
        body.text.strip() if body else "",
        span,
        Span(title.start, title.end),
        label=number.text if number else "",
        confidence=Confidence.MEDIUM,
        reason="表格的一行",
    )
    item.owners = _owners(cells.get("owner"))
    item.due = _due(cells.get("due"), year)
    for cell in (title, body):
        if cell is not None:
            item.targets += _targets(text, cell, year, item.due)
    return item


def _stripped(text: str) -> str:
    return text.strip().rstrip("。；")


def _owners(cell: Cell | None) -> list[Owner]:
    if cell is None:
        return []
    found, at = [], 0
    for name in NAMES.split(cell.text):
        at = cell.text.find(name, at)
        if name and len(name) <= 30:
            found.append(Owner(name, "responsible", Span(cell.start + at, cell.start + at + len(name))))
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
