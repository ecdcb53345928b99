"""Spreadsheets and CSV files in and out, as tables of text."""

import csv
import io
import json
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from . import sheet_reader
from .disarm import disarm, restore

MAX_BYTES = 10 * 2**20
PATIENCE = 40  # seconds for the child, start included
READER = Path(sheet_reader.__file__)
EXACT_DIGITS = 15  # what a spreadsheet's number keeps; longer ones leave as text
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
REASONS = {
    sheet_reader.TOO_LARGE: f"表格过大：最多 {sheet_reader.MAX_ROWS} 行、{sheet_reader.MAX_COLUMNS} 列。",
    sheet_reader.UNREADABLE: "无法读取这个表格，请确认是未加密的 xlsx 文件。",
}


class UnreadableFile(ValueError):
    """A file that cannot be taken in; `str()` is the Chinese reason."""


def read_xlsx(content: bytes) -> list[list[str]]:
    """Return the rows of the first sheet. Raises UnreadableFile. The file is parsed in a limited child process."""
    _require_size(content)
    if not content.startswith(b"PK\x03\x04"):
        raise UnreadableFile(REASONS[sheet_reader.UNREADABLE])
    command = [sys.executable, "-I", str(READER)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as slow:
        raise UnreadableFile(REASONS[sheet_reader.TOO_LARGE]) from slow
    if done.returncode:
        raise UnreadableFile(REASONS.get(done.returncode, REASONS[sheet_reader.TOO_LARGE]))
    return _tidy(json.loads(done.stdout))


def read_csv(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV file in UTF-8 (with or without BOM) or GB 18030. Raises UnreadableFile."""
    _require_size(content)
    text = decode(content)
    if "\0" in text:
        raise UnreadableFile("文件不是文本，请另存为 CSV 后再试。")
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as broken:
        raise UnreadableFile("文件不是有效的 CSV。") from broken
    if len(rows) > sheet_reader.MAX_ROWS + 1 or max(map(len, rows), default=0) > sheet_reader.MAX_COLUMNS:
        raise UnreadableFile(REASONS[sheet_reader.TOO_LARGE])
    return _tidy(rows)


def decode(content: bytes) -> str:
    """Return the text: by BOM, else as UTF-8, else as GB 18030, in which Excel saves CSV on Chinese systems."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("无法识别文件的编码，请保存为 UTF-8。")


def _require_size(content: bytes) -> None:
    if not content:
        raise UnreadableFile("文件是空的。")
    if len(content) > MAX_BYTES:
        raise UnreadableFile(f"文件超过 {MAX_BYTES // 2**20} MB。")


def _tidy(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows as wide as the header, without empty ones at the end; formulas stay the text that they are."""
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise UnreadableFile("文件中没有数据。")
    width = len(rows[0])
    if any(cell.strip() for row in rows for cell in row[width:]):
        raise UnreadableFile("有的行比表头长，请检查多出的单元格。")
    return [[restore(cell.strip()) for cell in (row + [""] * width)[:width]] for row in rows]


def write_xlsx(header: list[str], rows: list[list]) -> bytes:
    """Return a workbook with one sheet. Numbers and days stay what they are, everything else is text."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("数据")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(header) - 1, 0), 16)
        for line, row in enumerate([header, *rows]):
            for index, value in enumerate(row):
                _write_cell(sheet, line, index, value, day)
    return stream.getvalue()


def _write_cell(sheet, line: int, index: int, value, day) -> None:
    if value is None or value == "":
        return
    if isinstance(value, int | Decimal) and len(str(value)) <= EXACT_DIGITS:
        sheet.write_number(line, index, value)
    elif isinstance(value, int | Decimal):
        sheet.write_string(line, index, f"{value:f}")
    elif isinstance(value, date) and value.year >= 1900:
        sheet.write_datetime(line, index, datetime(value.year, value.month, value.day), day)
    else:
        sheet.write_string(line, index, disarm(str(value)))


def write_csv(header: list[str], rows: list[list]) -> bytes:
    """Return a CSV file that Excel opens: UTF-8 with BOM."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for row in [header, *rows]:
        writer.writerow([_csv_cell(value) for value in row])
    return stream.getvalue().encode("utf-8-sig")


def _csv_cell(value) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value) if isinstance(value, int | float | date) else disarm(str(value))
