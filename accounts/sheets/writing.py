"""Tables out, any number of rows in constant memory."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import BinaryIO

import rustpy_xlsxwriter
from rustpy_xlsxwriter import Format

from ..disarm import disarm
from .cells import text_cell, workbook_cell

SHEET = "数据"
DAY = "yyyy-mm-dd"
HEAD_COLOR = "#EEF2F7"
WIDTHS = 10, 40  # of a column, in characters


def write_xlsx_stream(
    stream: BinaryIO,
    *,
    header: Sequence[str],
    rows: Iterable[Sequence],
    lines: Sequence[str] = (),
    text_columns: Collection[str] = (),
    sheet: str = SHEET,
) -> int:
    """Write a workbook of one sheet and return the number of rows written.

    `lines` stand over the header (title, as-of day, who took it and when, watermark), a blank line below them. Numbers and
    days stay what they are, up to 15 digits; everything else is text, disarmed. `text_columns` are formatted as text, so
    that a long number typed into them later keeps its digits. Raises ValueError for a header with twins.
    """
    names = [disarm(name) for name in header]
    if len(set(names)) < len(names):
        raise ValueError("Two columns of an export have the same name.")
    counted = _Counted(rows)
    top = len(lines) + 1 if lines else 0
    as_text = [disarm(name) for name in text_columns]
    rustpy_xlsxwriter.write_worksheet(
        _records(names, counted),
        stream,
        sheet_name=sheet,
        header_row=top,
        freeze_row=top + 1,
        merge_ranges=_merged(lines, len(names)),
        header_format=head_format(),
        column_widths=[width_of(name) for name in names],
        column_formats={name: Format().set_num_format("@") for name in as_text} or None,
        ignore_errors=as_text or None,
        datetime_format=DAY,
    )
    return counted.number


class _Counted:
    """Passes rows on and knows how many there were."""

    def __init__(self, rows: Iterable[Sequence]):
        self._rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[Sequence]:
        for self.number, row in enumerate(self._rows, start=1):  # noqa: B020
            yield row


def _records(names: list[str], rows: Iterable[Sequence]) -> Iterator[dict]:
    """Yield the rows as the writer takes them. It writes the header with the first, so there is always one."""
    row = None
    for row in rows:
        yield dict(zip(names, [workbook_cell(value) for value in row], strict=True))
    if row is None:
        yield dict.fromkeys(names)


def _merged(lines: Sequence[str], columns: int) -> list[tuple] | None:
    """Lay each line over the whole width: the writer has no other cells above the header."""
    last = max(columns - 1, 1)
    title, plain = Format().set_bold(), Format()
    return [(at, 0, at, last, disarm(line), plain if at else title) for at, line in enumerate(lines) if line] or None


def head_format() -> Format:
    return Format().set_bold().set_text_wrap().set_border_bottom("thin").set_background_color(HEAD_COLOR)


def width_of(name: str) -> int:
    return min(max(len(name) * 2 + 4, WIDTHS[0]), WIDTHS[1])


def write_csv_stream(
    stream: BinaryIO, *, header: Sequence[str], rows: Iterable[Sequence], lines: Sequence[str] = ()
) -> int:
    """Write CSV that Excel opens (UTF-8 with BOM) and return the number of rows written. Arguments as for workbooks."""
    counted = _Counted(rows)
    text = io.TextIOWrapper(stream, "utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerows([disarm(line)] for line in lines)
    writer.writerow([disarm(name) for name in header])
    writer.writerows([text_cell(value) for value in row] for row in counted)
    text.flush()
    text.detach()  # the stream stays open and the caller's
    return counted.number


def provenance(*, title: str, as_of: date, taken_by: str, taken_at: str) -> list[str]:
    """Return the lines that say what a file is, to which day it speaks, and who took it when."""
    return [title, f"数据截至 {as_of}　导出人：{taken_by}　导出时间：{taken_at}"]
