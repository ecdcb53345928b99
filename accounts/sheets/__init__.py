"""Spreadsheets and CSV files in and out, as tables of text. Nothing here knows what the columns mean."""

import io

from .annotate import annotate
from .books import TemplateColumn, example_of, write_template
from .errors import UnreadableFile
from .limits import MB, STANDARD, Limits
from .reading import ERRORS_COLUMN, read_table
from .table import Table, is_ruined
from .writing import provenance, write_csv_stream, write_xlsx_stream

__all__ = [
    "ERRORS_COLUMN",
    "STANDARD",
    "Limits",
    "Table",
    "TemplateColumn",
    "UnreadableFile",
    "annotate",
    "example_of",
    "is_ruined",
    "provenance",
    "read_csv",
    "read_table",
    "read_xlsx",
    "write_csv",
    "write_csv_stream",
    "write_template",
    "write_xlsx",
    "write_xlsx_stream",
]
SMALL = Limits(file_bytes=10 * MB, rows=20_000, columns=60, cpu_seconds=20, wall_seconds=40)  # read while someone waits


def read_xlsx(content: bytes) -> list[list[str]]:
    """Return header and rows of a small workbook's first sheet. Raises UnreadableFile."""
    return _grid(read_table(content, name="表.xlsx", limits=SMALL))


def read_csv(content: bytes) -> list[list[str]]:
    """Return header and rows of a small CSV file. Raises UnreadableFile."""
    return _grid(read_table(content, name="表.csv", limits=SMALL))


def _grid(table: Table) -> list[list[str]]:
    """Return header and rows, stripped, with blank rows where the file has them, so that counting gives the lines."""
    rows = [table.header]
    for line, cells in table:
        rows += [[""] * len(table.header)] * (line - table.header_line - len(rows))
        rows.append([cell.strip() for cell in cells])
    return rows


def write_xlsx(header: list[str], rows: list[list]) -> bytes:
    """Return a workbook with one sheet."""
    stream = io.BytesIO()
    write_xlsx_stream(stream, header=header, rows=rows)
    return stream.getvalue()


def write_csv(header: list[str], rows: list[list]) -> bytes:
    """Return a CSV file that Excel opens."""
    stream = io.BytesIO()
    write_csv_stream(stream, header=header, rows=rows)
    return stream.getvalue()
