"""Text tables: their encoding, what parts their cells, and their rows."""

import codecs
import csv
import io
import re
from contextlib import suppress
from itertools import islice

from layout import WITHIN, Layouts
from wire import MAX_CELL, Refused, Sender

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
GUESSES = ("utf-8", "gb18030")  # Excel saves CSV as GB 18030 on Chinese systems
DELIMITERS = ",\t;|"
SEPARATOR = re.compile(r"sep=([,\t;|])\r?\n", re.IGNORECASE)  # Excel's own first line, which it does not show
MARKUP = re.compile(r"\s*<\s*(!doctype|\?xml|html|head|body|table|script|meta)", re.IGNORECASE)
HEAD = 2**16  # characters in which the header is looked for


def read(content: bytes, layouts: Layouts, sender: Sender) -> None:
    """Send the rows of a text table. Raises Refused."""
    encoding = encoding_of(content)
    source = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    head = source.read(HEAD)
    if MARKUP.match(head):
        raise Refused("文件内容是网页或 XML，不是 CSV。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。")
    marked = SEPARATOR.match(head)
    start = marked.end() if marked else 0
    delimiter = marked[1] if marked else delimiter_of(head, layouts)
    csv.field_size_limit(4 * MAX_CELL)
    source.seek(0)
    source.read(start)
    _send(parsed(source, delimiter), layouts, sender)


def _send(rows, layouts: Layouts, sender: Sender) -> None:
    first = list(islice(rows, WITHIN))
    layout = layouts.find(first)
    if layout is None:
        raise Refused(
            "没有找到表头。请保留模板中的列名，以逗号分隔各列。" if any(map(any, first)) else "文件中没有数据。"
        )
    sender.rows(enumerate(_joined(first[layout.row + 1 :], rows), start=layout.row + 2), layout)
    sender.finish(
        header=layout.header,
        columns=layout.columns,
        sheet="",
        sheets=[],
        header_line=layout.row + 1,
        above=list(enumerate(first[: layout.row], start=1)),
    )


def _joined(first: list, rest):
    yield from first
    yield from rest


def encoding_of(content: bytes) -> str:
    """Return the encoding by its mark, else the first that fits. Raises Refused where none does, or it is no text."""
    marked = [name for mark, name in MARKS.items() if content.startswith(mark)]
    if not marked and b"\0" in content:
        raise Refused("文件不是文本，请另存为 CSV 后再试。")
    for encoding in marked or GUESSES:
        try:
            decoded = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in decoded:
            raise Refused("文件不是文本，请另存为 CSV 后再试。")
        return encoding
    raise Refused("无法识别文件的编码，请保存为 UTF-8 编码的 CSV。")


def delimiter_of(head: str, layouts: Layouts) -> str:
    """Return what parts the cells: whichever finds most of the known names, or most columns where none are known."""
    return max(DELIMITERS, key=lambda delimiter: _fit(head, delimiter, layouts))


def _fit(head: str, delimiter: str, layouts: Layouts) -> tuple[int, int]:
    rows = []
    with suppress(csv.Error):  # judged by the rows before
        rows.extend(islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), WITHIN))
    filled = [row for row in rows if any(row)]
    return max(map(layouts.score, rows), default=0), len(filled[0]) if filled else 0


def parsed(source, delimiter: str):
    """Yield the rows. Raises Refused for quotation marks that do not pair, before they swallow the rows that follow."""
    rows = csv.reader(source, delimiter=delimiter, strict=True)
    line = 0
    while True:
        line += 1
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error as broken:
            raise Refused(f"第 {line} 行附近的引号不成对，或单元格太长，请检查后再试。") from broken
