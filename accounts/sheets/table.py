"""A table that was read: its header, and its rows with the line on which the user sees each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from ..disarm import restore

CELL, ROW = "\x1f", "\x1e"  # as `reader/wire.py` joins them

RUINED = re.compile(r"[+-]?\d(\.\d+)?E\+\d{2,3}", re.IGNORECASE)

Line = tuple[int, list[str]]  # the sheet's line number, counted from 1, and the cells


@dataclass(frozen=True)
class Table:
    """The rows below a header. Text is as the sheet has it, not stripped; blank rows are left out but counted in lines.

    Dates are ISO text (`2024-10-15`, `2024-10-15 08:30:00`), booleans TRUE and FALSE, whole numbers have no point,
    numbers of 16 digits and more are text such as `5.00232195001010E+17`, which `is_ruined` recognises.
    Rows are kept packed and unpacked as they are asked for, every time anew.
    """

    header: list[str]  # the caller's spelling where a name is known, else the file's, without a mark of obligation
    columns: list[int]  # where each stands in the sheet, counted from 0
    sheet: str  # "" for text files
    sheets: list[str]  # names of all visible sheets; only `sheet` was read
    header_line: int
    above: list[Line] = field(repr=False)  # what stands over the header, blank rows included
    count: int = 0  # rows
    runs: list[tuple[int, bytes]] = field(default_factory=list, repr=False)  # first line, rows packed
    # Where `read_table` was asked for them, by line and by column counted from 0:
    formulas: dict[tuple[int, int], str] = field(default_factory=dict, repr=False)  # "=A1+B1"; the text is its result
    percents: frozenset[tuple[int, int]] = field(
        default=frozenset(), repr=False
    )  # numbers shown in percent: 0.95 for 95%

    def __iter__(self) -> Iterator[Line]:
        return chain.from_iterable(enumerate(unpacked(packed), start=line) for line, packed in self.runs)

    def __len__(self) -> int:
        return self.count

    def chunks(self, size: int) -> Iterator[list[Line]]:
        """Yield the rows in lists of `size`, the last one shorter."""
        rows = iter(self)
        while chunk := list(islice(rows, size)):
            yield chunk

    @property
    def first_line(self) -> int:
        """The line right below the header; rows may begin later."""
        return self.header_line + 1


def unpacked(packed: bytes) -> list[list[str]]:
    """Return the rows, each cell without an apostrophe that an export of ours has put before it."""
    text = packed.decode(errors="replace")
    rows = [row.split(CELL) for row in text.split(ROW)]
    if "'" in text:
        return [[restore(cell) if cell[:1] == "'" else cell for cell in row] for row in rows]
    return rows


def is_ruined(text: str) -> bool:
    """Say whether the text is a number that a spreadsheet has cut to 15 digits: an ID number typed into a number cell."""
    return bool(RUINED.fullmatch(text.strip()))
