"""Spreadsheets that leave the portal: what users typed stays text, and the sheet says what it is and who took it."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString

from accounts.disarm import disarm

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}
WIDTHS = (10, 40)


def workbook(*, title: str, on: date, user, header: list[str], rows: Iterable[list[Any]]):
    """Return an open temporary file with one sheet: title, day and who exported it, header, rows."""
    stream = TemporaryFile()  # noqa: SIM115  (the response closes it)
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        bold = book.add_format({"bold": True})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#EEF2F7"})
        sheet = book.add_worksheet("数据")
        for index, name in enumerate(header):
            sheet.set_column(index, index, min(max(len(name) * 2 + 4, WIDTHS[0]), WIDTHS[1]))
        sheet.write_string(0, 0, disarm(title), bold)
        sheet.write_string(1, 0, _provenance(on, user))
        for index, name in enumerate(header):
            sheet.write_string(3, index, disarm(name), head)
        sheet.freeze_panes(4, 0)
        for line, row in enumerate(rows, start=4):
            for index, value in enumerate(row):
                _write(sheet, line, index, value)
    stream.seek(0)
    return stream


def _provenance(on: date, user) -> str:
    moment = timezone.localtime(timezone.now())
    return disarm(f"数据截至 {on}　导出人：{user}（{user.get_username()}）　导出时间：{moment:%Y-%m-%d %H:%M}")


def _write(sheet, line: int, index: int, value: Any) -> None:
    """Numbers and dates as such, everything else as text."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(line, index, "是" if value else "否")
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(line, index, value)
    elif isinstance(value, datetime):
        sheet.write_string(line, index, f"{timezone.localtime(value):%Y-%m-%d %H:%M}")
    elif isinstance(value, date):
        sheet.write_datetime(line, index, datetime(value.year, value.month, value.day))
    else:
        text = strip_tags(value) if isinstance(value, SafeString) else str(value)
        sheet.write_string(line, index, disarm(text))


def attachment(stream, name: str) -> FileResponse:
    """Return the file as a download that no cache keeps."""
    response = FileResponse(stream, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response
