"""Sheets as the parser takes them well: without rows that hold nothing, with errors of formulas as text.

The parser lays a sheet out as a full grid from its first to its last filled cell: one blank at the bottom of a sheet costs
650 MB. It returns `#REF!` as nothing. Sheets with neither are not touched; in the others rows without text are dropped, the
rest numbered anew, and the lines on which the user sees them kept beside.
"""

import io
import re
import zipfile
from xml.etree import ElementTree

from wire import Refused

SPARE = 200  # lines over the data and below, that need no second look
ROW = b"<row "
NUMBER = re.compile(rb'^(?:[^<>]*? )?r="(\d{1,9})"')
CELL_NUMBER = re.compile(rb'(<c\b[^<>]*? r="[A-Z]{1,3})\d{1,9}"')
ERROR = re.compile(rb'(<c\b[^<>]*? t=")e"')
FILLED = re.compile(rb"<[vt](?: [^<>]*)?>\s*[^<\s]")
NUMBERED = re.compile(rb"<c\b([^<>]*)><v>(\d+)</v>")
PIECE_BYTES = 32 * 2**20  # of one row; beyond that, joining step to step would take time by the square


def tamed(archive) -> tuple[bytes, dict[str, list[int]]]:
    """Return the workbook, and by sheet the line of each row where rows were dropped. Raises Refused."""
    most = archive.limits["rows"] + SPARE
    doubtful = [
        name
        for name, part in archive.parts.items()
        if name.startswith("xl/worksheets/") and (part.last_row > most or part.has_errors)
    ]
    if not doubtful:
        return archive.content, {}
    lines, stream = {}, io.BytesIO()
    blanks = blank_strings(archive)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for name in archive.parts:
            with copy.open(name, "w") as part:
                if name in doubtful:
                    lines[name] = Sheet(blanks, most).write(archive.unpack(name), part)
                else:
                    part.writelines(archive.unpack(name))
    return stream.getvalue(), {sheet: lines[part] for sheet, part in sheet_parts(archive).items() if part in lines}


class Sheet:
    """Copies one sheet row by row."""

    def __init__(self, blanks: frozenset[bytes], most: int):
        self._blanks, self._most = blanks, most
        self._line = 0
        self.lines: list[int] = []

    def write(self, steps, out) -> list[int]:
        """Write the filled rows to `out`; return their lines."""
        pieces = split(steps, ROW)
        out.write(next(pieces, b""))
        for piece in pieces:
            body, end, after = piece.partition(b"</sheetData>")
            self._write_row(body, out)
            if end:
                out.write(end + after)
                out.writelines(ROW + rest for rest in pieces)
        return self.lines

    def _write_row(self, piece: bytes, out) -> None:
        number = NUMBER.match(piece)
        self._line = int(number[1]) if number else self._line + 1
        if not self._is_filled(piece):
            return
        if len(self.lines) >= self._most:
            raise Refused(f"数据超过 {self._most - SPARE} 行，请分成几个文件导入。")
        self.lines.append(self._line)
        place = b"%d" % len(self.lines)
        tag, close, cells = piece.partition(b">")
        tag = re.sub(rb'(^|\s)r="\d+"', b"", tag)
        cells = CELL_NUMBER.sub(rb"\g<1>" + place + b'"', cells)
        out.write(ROW + b'r="' + place + b'" ' + tag + close + ERROR.sub(rb'\g<1>str"', cells))

    def _is_filled(self, piece: bytes) -> bool:
        if b"<v" not in piece and b"<t" not in piece:
            return False
        if not FILLED.search(piece):
            return False
        if not self._blanks or b"<t" in piece:
            return True
        shared = [number for tag, number in NUMBERED.findall(piece) if b' t="s"' in tag]
        return len(shared) < len(FILLED.findall(piece)) or not self._blanks.issuperset(shared)


def split(steps, mark: bytes):
    """Yield what stands before, between and after the marks, with little of the whole in memory."""
    rest = b""
    for step in steps:
        *whole, rest = (rest + step).split(mark)
        if len(rest) > PIECE_BYTES:
            raise Refused("表格的某一行过大，不能导入。")
        yield from whole
    yield rest


def blank_strings(archive) -> frozenset[bytes]:
    """Return the numbers of shared strings without text, as cells name them."""
    if "xl/sharedStrings.xml" not in archive.parts:
        return frozenset()
    items = split(archive.unpack("xl/sharedStrings.xml"), b"<si")
    next(items)
    return frozenset(b"%d" % at for at, item in enumerate(items) if not FILLED.search(item))


def sheet_parts(archive) -> dict[str, str]:
    """Return each sheet's part of the archive by the sheet's name."""
    relations = _tree(archive, "xl/_rels/workbook.xml.rels")
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    book = _tree(archive, "xl/workbook.xml")
    found = {}
    for sheet in book.iterfind("{*}sheets/{*}sheet"):
        target = next((targets.get(value, "") for key, value in sheet.items() if key.endswith("}id")), "")
        found[sheet.get("name")] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return found


def _tree(archive, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(b"".join(archive.unpack(name)))  # noqa: S314  (no document types or entities: refused before)
