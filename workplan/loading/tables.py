"""Reads the CSV files of a plan: rows with their line numbers, and one clear line for whatever is wrong."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path


class FixtureError(Exception):
    """A file that cannot be loaded. `str()` is one Chinese line with the file and, unless 0, the line."""

    def __init__(self, file: str, line: int, message: str):
        place = f"{file} 第{line}行" if line else file
        super().__init__(f"{place}：{message}")


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row of a file: its cells by header, and where it stands."""

    file: str
    line: int
    cells: dict[str, str]

    def error(self, message: str) -> FixtureError:
        return FixtureError(self.file, self.line, message)


def read_rows(folder: Path, file: str, header: list[str]) -> Iterator[CsvRow]:
    """Yield the rows of a UTF-8 file whose first line is exactly `header`. Raises FixtureError."""
    text = _text(folder / file, file)
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        found = next(reader, [])
        if found != header:
            raise FixtureError(file, 1, f"表头应为“{','.join(header)}”，实际为“{','.join(found)}”。")
        for cells in reader:
            if len(cells) != len(header):
                raise FixtureError(file, reader.line_num, f"应有{len(header)}列，实际有{len(cells)}列。")
            stripped = (cell.strip() for cell in cells)
            yield CsvRow(file, reader.line_num, dict(zip(header, stripped, strict=True)))
    except csv.Error as error:
        raise FixtureError(file, reader.line_num, f"不是有效的CSV：{error}。") from error


def _text(path: Path, file: str) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise FixtureError(file, 0, "文件不存在。") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise FixtureError(file, line, "不是UTF-8编码。") from None


# --- Cells: each turns a cell into a value, or raises ValueError with a Chinese sentence ---


def text(cell: str) -> str:
    return cell


def required(cell: str) -> str:
    if not cell:
        raise ValueError("不能为空")
    return cell


def integer(cell: str) -> int:
    try:
        return int(cell)
    except ValueError:
        raise ValueError("应为整数") from None


def decimal(cell: str) -> Decimal | None:
    """Return the number in its shortest form, or None for an empty cell."""
    if not cell:
        return None
    try:
        number = Decimal(cell)
    except InvalidOperation:
        raise ValueError("应为数字") from None
    if not number.is_finite():
        raise ValueError("应为数字")
    return number


def day(cell: str) -> date | None:
    if not cell:
        return None
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise ValueError("应为日期，例如2024-12-31") from None


def flag(cell: str) -> bool:
    if cell not in ("0", "1"):
        raise ValueError("应为0或1")
    return cell == "1"


def many(cell: str) -> list[str]:
    """Return the parts of a cell that holds several keys, parted by semicolons."""
    return sorted(part for part in cell.split(";") if part)


def one_of(*allowed: str):
    """Return a cell reader that takes one of the given words."""

    def choice(cell: str) -> str:
        if cell not in allowed:
            raise ValueError(f"应为{'、'.join(allowed)}之一")
        return cell

    return choice
