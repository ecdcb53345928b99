"""Small workbooks with formats: the template that an import begins with."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter

from ..disarm import disarm
from .cells import workbook_cell
from .limits import STANDARD
from .writing import DAY, HEAD_COLOR, SHEET, width_of

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
GUIDE, CHOICES = "填写说明", "可选值"
GUIDE_HEADER = ("列名", "是否必填", "说明", "可选值", "示例")
GUIDE_WIDTHS = (18, 10, 48, 40, 24)
SHOWN_CHOICES = 20  # in the guide; all of them stand in their own sheet
REQUIRED_COLOR, EXAMPLE_COLOR = "#B42318", "#667085"
HINT_LIMIT, NOTE_LIMIT = 255, 2000  # characters that Excel shows beside a cell, and in a note


@dataclass(frozen=True)
class TemplateColumn:
    """A column of a template. `kind` says how cells are formatted: text keeps long numbers and leading zeros whole."""

    name: str
    required: bool = False
    help: str = ""
    choices: Sequence[str] = ()
    example: object = ""
    kind: str = "general"  # or "text", "date", "number"


def write_template(*, title: str, columns: Sequence[TemplateColumn], notes: Sequence[str] = ()) -> bytes:
    """Return a workbook to fill in: the table with drop-downs and an example row, a guide, and all choices.

    `read_table` finds the table by the names of the columns, and leaves the example row out if `example_of` is given to it.
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        _write_table(book, book.add_worksheet(SHEET), columns)
        _write_guide(book, book.add_worksheet(GUIDE), title, columns, notes)
        if any(column.choices for column in columns):
            _write_choices(book, book.add_worksheet(CHOICES), columns)
    return stream.getvalue()


def example_of(columns: Sequence[TemplateColumn]) -> dict[str, str]:
    """Return the example row as `read_table` reads it back."""
    return {column.name: str(column.example) for column in columns if column.example not in ("", None)}


def _write_table(book, sheet, columns: Sequence[TemplateColumn]) -> None:
    head = {"bold": True, "bottom": 1, "text_wrap": True, "bg_color": HEAD_COLOR, "num_format": "@"}
    heads = {False: book.add_format(head), True: book.add_format(head | {"font_color": REQUIRED_COLOR})}
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        number = {"text": "@", "date": DAY}.get(column.kind, "General")
        sheet.set_column(at, at, width_of(column.name), book.add_format({"num_format": number}))
        sheet.write_string(0, at, disarm(column.name) + "*" * column.required, heads[column.required])
        if hint := _hint(column):
            sheet.write_comment(0, at, hint[:NOTE_LIMIT], {"x_scale": 2})
        look = {"num_format": number, "italic": True, "font_color": EXAMPLE_COLOR}
        _write(sheet, 1, at, column.example, book.add_format(look))
        if column.choices:
            _add_choices(sheet, at, column, _choice_place(columns, column))
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{STANDARD.rows}"})


def _hint(column: TemplateColumn) -> str:
    return "\n".join(part for part in ("必填。" if column.required else "", column.help) if part)


def _add_choices(sheet, at: int, column: TemplateColumn, place: int) -> None:
    """Offer the choices in every row that may be filled; they stand in a sheet, where commas and length do not matter."""
    letter = xlsxwriter.utility.xl_col_to_name(place)
    rule = {
        "validate": "list",
        "source": f"='{CHOICES}'!${letter}$2:${letter}${len(column.choices) + 1}",
        "error_title": "请从列表中选择",
        "error_message": f"“{column.name[:60]}”只能填写列表中的值。",
    }
    if column.help:
        rule["input_message"] = column.help[:HINT_LIMIT]
    sheet.data_validation(1, at, STANDARD.rows, at, rule)


def _choice_place(columns: Sequence[TemplateColumn], wanted: TemplateColumn) -> int:
    return [column.name for column in columns if column.choices].index(wanted.name)


def _write_guide(book, sheet, title: str, columns: Sequence[TemplateColumn], notes: Sequence[str]) -> None:
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for at, width in enumerate(GUIDE_WIDTHS):
        sheet.set_column(at, at, width)
    sheet.write_string(0, 0, disarm(title), bold)
    for line, note in enumerate(notes, start=1):
        sheet.write_string(line, 0, disarm(note))
    top = len(notes) + 2
    sheet.write_row(top, 0, GUIDE_HEADER, bold)
    for line, column in enumerate(columns, start=top + 1):
        shown = "、".join(column.choices[:SHOWN_CHOICES]) + ("……" if len(column.choices) > SHOWN_CHOICES else "")
        told = (column.name, "必填" if column.required else "", column.help, shown, column.example)
        for at, value in enumerate(told):
            _write(sheet, line, at, value, wrap)


def _write_choices(book, sheet, columns: Sequence[TemplateColumn]) -> None:
    text = book.add_format({"num_format": "@"})
    for at, column in enumerate(column for column in columns if column.choices):
        sheet.set_column(at, at, width_of(column.name), text)
        for line, value in enumerate([column.name, *column.choices]):
            sheet.write_string(line, at, disarm(value), text)


def _write(sheet, line: int, at: int, value, look) -> None:
    cell = workbook_cell(value)
    if isinstance(cell, date):
        look.set_num_format(DAY)
        sheet.write_datetime(line, at, datetime(cell.year, cell.month, cell.day), look)
    elif isinstance(cell, str):
        sheet.write_string(line, at, cell, look)
    elif cell is not None:
        sheet.write_number(line, at, cell, look)
