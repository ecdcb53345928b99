"""A downloaded sheet, filled in and saved as a spreadsheet program would: read cell by cell, changed, written anew."""

import io

import xlsxwriter
from python_calamine import CalamineWorkbook

ENTRIES, TEXTS = "指标填报", "文字说明"
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


class Formula(str):
    """A cell that is computed."""


class Percent(float):
    """A number that its cell shows in percent."""


class Book:
    """The workbook: lists of cells by the name of the sheet."""

    def __init__(self, content: bytes):
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        self.sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}

    def head(self, sheet: str = ENTRIES) -> int:
        return next(at for at, row in enumerate(self.sheets[sheet]) if {"数值", "进展情况"} & set(row))

    def at(self, column: str, sheet: str = ENTRIES) -> int:
        return self.sheets[sheet][self.head(sheet)].index(column)

    def row(self, code: str, sheet: str = ENTRIES) -> list:
        """Return the row of a target by its code, or of a task by its number."""
        place = self.at("编号" if sheet == ENTRIES else "任务号", sheet)
        return next(row for row in self.sheets[sheet][self.head(sheet) + 1 :] if shown(row[place]) == code)

    def get(self, code: str, column: str, sheet: str = ENTRIES):
        return self.row(code, sheet)[self.at(column, sheet)]

    def set(self, code: str, column: str, value, sheet: str = ENTRIES) -> "Book":
        self.row(code, sheet)[self.at(column, sheet)] = value
        return self

    def line(self, code: str, sheet: str = ENTRIES) -> int:
        """Return the line as the user counts it."""
        return self.sheets[sheet].index(self.row(code, sheet)) + 1

    def saved(self) -> bytes:
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, OPTIONS) as book:
            formats = {
                "day": book.add_format({"num_format": "yyyy-mm-dd"}),
                "percent": book.add_format({"num_format": "0.00%"}),
            }
            for name, rows in self.sheets.items():
                sheet = book.add_worksheet(name)
                for line, row in enumerate(rows):
                    for at, value in enumerate(row):
                        _write(sheet, line, at, value, formats)
        return stream.getvalue()


def shown(value) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _write(sheet, line: int, at: int, value, formats) -> None:
    if isinstance(value, Formula):
        sheet.write_formula(line, at, str(value), value="")
    elif isinstance(value, Percent):
        sheet.write_number(line, at, value, formats["percent"])
    elif isinstance(value, str):
        sheet.write_string(line, at, value) if value else None
    elif hasattr(value, "year"):
        sheet.write_datetime(line, at, value, formats["day"])
    elif isinstance(value, bool):
        sheet.write_boolean(line, at, value)
    else:
        sheet.write_number(line, at, value)
