"""The user's own file back, with what is wrong beside each row."""

from collections.abc import Collection, Iterator, Mapping
from typing import BinaryIO

import rustpy_xlsxwriter
from rustpy_xlsxwriter import Format

from ..disarm import disarm, is_harmless
from .reading import ERRORS_COLUMN
from .table import Table
from .writing import SHEET, head_format, width_of

WRONG_COLOR = "#FDE7E9"
ERRORS_WIDTH = 60


def annotate(stream: BinaryIO, table: Table, problems: Mapping[int, str], *, only_wrong: bool = False) -> int:
    """Write the table with a last column 错误说明 and return the number of rows written.

    `problems` are sentences by the sheet's line. Every row stands on the line and in the columns where the user's file has
    it, wrong ones coloured; all cells are text, so that long numbers keep their digits. `only_wrong` leaves the others out
    and the rows then follow one another. The result can be corrected and uploaded again: the last column is not read.
    """
    lines = _Placed(table, problems, only_wrong)
    names = lines.names
    rustpy_xlsxwriter.write_worksheet(
        iter(lines),
        stream,
        sheet_name=_sheet_name(table.sheet),
        header_row=lines.top,
        freeze_row=lines.top + 1,
        merge_ranges=_titles(table, len(names)),
        header_format=head_format(),
        column_widths=[ERRORS_WIDTH if name == ERRORS_COLUMN else width_of(name) for name in names],
        column_formats={name: Format().set_num_format("@") for name in names},
        ignore_errors=names,
        row_formats={line - 1: Format().set_background_color(WRONG_COLOR) for line in lines.wrong_lines()} or None,
    )
    return lines.number


class _Placed:
    """The rows of a table as records, on the lines and in the columns where the user's file has them."""

    def __init__(self, table: Table, problems: Mapping[int, str], only_wrong: bool):
        self._table, self._problems, self._only_wrong = table, problems, only_wrong
        self.top = table.header_line - 1
        self.number = 0
        self.names = self._spread([disarm(name) for name in table.header], fill=_blank_names())
        self.names.append(ERRORS_COLUMN)

    def _spread(self, cells: list, fill: Iterator) -> list:
        """Put the cells where their columns stand in the file."""
        places = dict(zip(self._table.columns, cells, strict=True))
        return [places[at] if at in places else next(fill) for at in range(max(places, default=-1) + 1)]

    def wrong_lines(self) -> Collection[int]:
        if self._only_wrong:
            return range(self._table.header_line + 1, self._table.header_line + 1 + len(self._problems))
        return self._problems.keys()

    def __iter__(self) -> Iterator[dict]:
        empty = dict.fromkeys(self.names)
        next_line = self._table.first_line
        for line, cells in self._table:
            if self._only_wrong and line not in self._problems:
                continue
            for _ in range(0 if self._only_wrong else line - next_line):
                yield empty
            next_line = line + 1
            self.number += 1
            yield self._record(line, cells)
        if not self.number:
            yield empty  # the header is written with the first record

    def _record(self, line: int, cells: list[str]) -> dict:
        safe = [cell if is_harmless(cell) else disarm(cell) for cell in cells]
        problem = disarm(self._problems.get(line, ""))
        return dict(zip(self.names, [*self._spread(safe, fill=_nothing()), problem or None], strict=True))


def _blank_names() -> Iterator[str]:
    """Yield names that look empty and differ: the writer knows columns by name, and the file may have nameless ones."""
    name = " "
    while True:
        yield name
        name += " "


def _nothing() -> Iterator[None]:
    while True:
        yield None


def _titles(table: Table, columns: int) -> list[tuple] | None:
    """Return what stood over the header, each line in one cell over the whole width."""
    texts = ((line, "　".join(filter(None, map(str.strip, cells)))) for line, cells in table.above)
    return [(line - 1, 0, line - 1, max(columns - 1, 1), disarm(text)) for line, text in texts if text] or None


def _sheet_name(name: str) -> str:
    return name if rustpy_xlsxwriter.validate_sheet_name(name) else SHEET
