"""Workbooks for the tests, honest and hostile, built from their parts."""

import io
import zipfile
from collections.abc import Iterable

import xlsxwriter

from accounts import sheets

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET1 = "xl/worksheets/sheet1.xml"
PLAIN = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
PERSON = ["姓名", "证件号码", "出生日期", "金额"]


def workbook(*tables: tuple[str, list[list]], hidden: Iterable[str] = ()) -> bytes:
    """Return a workbook as Excel saves it: shared strings, one sheet for each (name, rows)."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, PLAIN) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        stays = False
        for name, rows in tables:
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            elif not stays:
                stays = True
                sheet.activate()
                sheet.set_first_sheet()
            for line, row in enumerate(rows):
                for at, value in enumerate(row):
                    if hasattr(value, "year"):
                        sheet.write_datetime(line, at, value, day)
                    else:
                        sheet.write(line, at, value)
    return stream.getvalue()


def one(rows: list[list]) -> bytes:
    return workbook(("数据", rows))


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes] | list[tuple[str, bytes]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, data)
    return stream.getvalue()


def with_part(name: str, data: bytes, base: bytes | None = None) -> bytes:
    """Return a workbook in which one part is replaced or added."""
    return packed(parts(base or one([PERSON, ["张三", "1", "2", "3"]])) | {name: data})


def with_rows(xml: str | bytes, base: bytes | None = None) -> bytes:
    """Return a workbook whose first sheet has these rows after its own."""
    base = base or one([PERSON, ["张三", "1", "2", "3"]])
    xml = xml.encode() if isinstance(xml, str) else xml
    return with_part(SHEET1, parts(base)[SHEET1].replace(b"</sheetData>", xml + b"</sheetData>"), base)


def read(content: bytes, name: str = "表.xlsx", known=PERSON, **more) -> sheets.Table:
    return sheets.read_table(content, name=name, known=known, **more)


def cells(table: sheets.Table) -> list[list[str]]:
    return [row for _, row in table]
