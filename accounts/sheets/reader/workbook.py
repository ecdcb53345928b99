"""Workbooks: which sheet holds the table, and its rows as text."""

import io
from itertools import chain, count, islice

import looks
import rewrite
from layout import WITHIN, Layouts
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum
from values import text
from wire import Refused, Sender


def read(archive, layouts: Layouts, sender: Sender, with_looks: bool) -> None:
    """Send the first visible sheet that has a header. Raises Refused."""
    content, lines = rewrite.tamed(archive)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    names = [sheet.name for sheet in book.sheets_metadata if _is_shown(sheet)]
    has_text = False
    for name in names:
        sheet = book.get_sheet_by_name(name)
        rows = zip(lines.get(name) or count(1), texts(sheet), strict=False)
        first = list(islice(rows, WITHIN))
        has_text = has_text or bool(first)
        layout = layouts.find([cells for _, cells in first], sheet.start[1] if sheet.start else 0)
        if layout:
            sender.rows(chain(first[layout.row + 1 :], rows), layout)
            found = looks.found(archive, name) if with_looks else {}
            _finish(sender, layout, first, sheet=name, sheets=names, **found)
            return
    raise Refused(_no_header(names) if has_text else "文件中没有数据。")


def _finish(sender: Sender, layout, first: list, **told) -> None:
    sender.finish(
        header=layout.header,
        columns=layout.columns,
        header_line=first[layout.row][0],
        above=first[: layout.row],
        **told,
    )


def texts(sheet):
    """Yield the rows from the sheet's first on, cells from its first filled column on."""
    for row in sheet.iter_rows():
        yield [cell if type(cell) is str else text(cell) for cell in row]


def _is_shown(sheet) -> bool:
    return sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible


def _no_header(names: list[str]) -> str:
    if len(names) == 1:
        return "没有找到表头，请保留模板中的列名。"
    listed = "、".join(f"“{name}”" for name in names[:20])
    return f"没有一个工作表含有模板中的列名。文件中的工作表有：{listed}。"
