"""Makes the workbook: several tables, each with titles above, a frozen header, cells that are open or locked, and hidden stamps."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import xlsxwriter
from django.db.models import TextChoices

from accounts.disarm import disarm
from accounts.sheets.cells import workbook_cell

from .columns import NO, YES

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
INPUT, GREY, HEAD, WRONG, BAND, EDGE = "#FFFBE0", "#E7E9ED", "#EEF2F7", "#FDE7E9", "#F5F6F8", "#C9CED6"
LINE, TALLEST = 15, 300  # heights in points
NOTE_LIMIT, HINT_LIMIT, TITLE_LIMIT = 1000, 255, 32  # characters: of a note, of a hint beside a cell, of its title
ALLOWED = {"format_columns": True, "format_rows": True}  # of the protection, which has no password


class Look(TextChoices):
    """How a cell looks and whether it can be typed into."""

    FIXED = "fixed"
    SHUT = "shut"
    OPEN = "open"
    DAY = "day"
    CHOICE = "choice"
    WRONG = "wrong"
    BAND = "band"  # the heading of a section or task, over the whole width


OPENED = (Look.OPEN, Look.DAY, Look.CHOICE, Look.WRONG)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. hint: what is expected, shown when it is chosen; note: what is wrong with it."""

    value: object = ""
    look: Look = Look.FIXED
    hint: str = ""
    note: str = ""


@dataclass(slots=True)
class Grid:
    """One worksheet. columns: name, width and help of each; rows: cells by line, counted from 0; head: the header's line."""

    name: str
    titles: dict[int, str]
    head: int
    columns: list[tuple[str, int, str]]
    hidden: Sequence[int]
    frozen: int
    rows: dict[int, list[Cell]] = field(default_factory=dict)


def write_grids(grids: Sequence[Grid]) -> io.BytesIO:
    """Return the workbook as an open file."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        formats = _formats(book)
        for grid in grids:
            _write_grid(book, grid, formats)
    stream.seek(0)
    return stream


def _formats(book) -> dict:
    base = {"border": 1, "border_color": EDGE, "text_wrap": True, "valign": "top", "font_size": 10}
    looks = {
        "title": {"bold": True, "font_size": 14},
        "line": {"font_size": 10},
        "head": base | {"bold": True, "bg_color": HEAD, "valign": "vcenter", "align": "center"},
        Look.FIXED: base,
        Look.SHUT: base | {"bg_color": GREY},
        Look.OPEN: base | {"bg_color": INPUT, "locked": False},
        Look.DAY: base | {"bg_color": INPUT, "locked": False, "num_format": "yyyy-mm-dd"},
        Look.CHOICE: base | {"bg_color": INPUT, "locked": False, "align": "center"},
        Look.WRONG: base | {"locked": False, "bg_color": WRONG},
        Look.BAND: {"bold": True, "bg_color": BAND, "text_wrap": True, "valign": "vcenter", "font_size": 11},
    }
    return {name: book.add_format(look) for name, look in looks.items()}


def _write_grid(book, grid: Grid, formats: dict) -> None:
    sheet = book.add_worksheet(grid.name)
    last = max(at for at in range(len(grid.columns)) if at not in grid.hidden)
    for line, text in grid.titles.items():
        sheet.merge_range(line, 0, line, last, disarm(text), formats["line" if line else "title"])
        sheet.set_row(
            line, LINE * _lines(text, sum(width for _, width, _ in grid.columns[: last + 1])) + (0 if line else 8)
        )
    sheet.set_row(grid.head, 2 * LINE + 2)
    for at, (name, width, help_) in enumerate(grid.columns):
        sheet.set_column(at, at, width, None, {"hidden": True} if at in grid.hidden else {})
        sheet.write_string(grid.head, at, disarm(name), formats["head"])
        if help_:
            sheet.write_comment(grid.head, at, help_, {"x_scale": 2})
    for line, cells in grid.rows.items():
        _write_row(sheet, line, cells, grid, formats, last)
    _set_up(sheet, grid, last)


def _write_row(sheet, line: int, cells: list[Cell], grid: Grid, formats: dict, last: int) -> None:
    if cells and cells[0].look == Look.BAND:
        sheet.merge_range(line, 0, line, last, disarm(str(cells[0].value)), formats[Look.BAND])
        return
    shown = [(cell, grid.columns[at][1]) for at, cell in enumerate(cells) if at not in grid.hidden]
    most = max((_lines(str(cell.value), width) for cell, width in shown), default=1)
    sheet.set_row(line, min(LINE * most + 3, TALLEST))
    for at, cell in enumerate(cells):
        _write_cell(sheet, line, at, cell, formats[cell.look])
        if cell.note:
            sheet.write_comment(line, at, cell.note[:NOTE_LIMIT], {"x_scale": 2})
        if cell.look in OPENED:
            _guide(sheet, line, at, cell, grid.columns[at][0])


def _write_cell(sheet, line: int, at: int, cell: Cell, look) -> None:
    value = workbook_cell(cell.value)
    if isinstance(value, date):
        sheet.write_datetime(line, at, datetime(value.year, value.month, value.day), look)
    elif isinstance(value, str):
        sheet.write_string(line, at, value, look)
    elif value is None:
        sheet.write_blank(line, at, None, look)
    else:
        sheet.write_number(line, at, value, look)


def _guide(sheet, line: int, at: int, cell: Cell, name: str) -> None:
    """Say beside the chosen cell what is expected, and offer yes and no where that is asked."""
    if not cell.hint and cell.look != Look.CHOICE:
        return
    rule = {"validate": "any", "input_title": name[:TITLE_LIMIT], "input_message": cell.hint[:HINT_LIMIT]}
    if cell.look == Look.CHOICE:
        rule |= {
            "validate": "list",
            "source": [YES, NO],
            "error_title": name,
            "error_message": f"请填“{YES}”或“{NO}”。",
        }
    sheet.data_validation(line, at, line, at, rule)


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column; characters of East Asian width count double."""
    wide = (sum(2 if ord(char) > 0x2E7F else 1 for char in line) for line in text.split("\n"))
    return sum(max(1, math.ceil(length / max(width - 1, 1))) for length in wide)


def _set_up(sheet, grid: Grid, last: int) -> None:
    """A4 across, one page wide, the header on every page; protected without a password, so that nothing is overwritten unawares."""
    sheet.freeze_panes(grid.head + 1, grid.frozen)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(grid.head)
    sheet.print_area(0, 0, max(grid.rows, default=grid.head), last)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{max(grid.rows, default=0) + 1}"})
    sheet.protect("", ALLOWED)
