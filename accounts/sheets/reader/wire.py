"""The messages in which the rows go back: R rows, X a refusal, T what the table is, E the end."""

import json
import struct

CELL, ROW = "\x1f", "\x1e"
HEAD, LINE = struct.Struct(">cI"), struct.Struct(">I")
ROWS_AT_ONCE = 1000
MAX_CELL = 32_767  # what a cell of Excel holds
CONTROLS = bytes(code for code in range(32) if chr(code) not in "\t\n\r\x1e\x1f")


class Refused(Exception):
    """The file cannot be taken; the text is shown to the user."""


class Sender:
    """Sends rows packed, a run of consecutive lines at a time, and counts what it sends."""

    def __init__(self, out, asked: dict):
        self._out = out
        self._limits = asked["limits"]
        self._example = asked["example"]
        self._room = self._limits["text_bytes"]
        self._first = 0
        self._run: list[str] = []
        self.count = 0

    def rows(self, lines, layout) -> None:
        """Send the rows of (line, cells) that are not blank, cut to the layout's columns, in ascending order of line."""
        pick, twin = layout.picker(), layout.twin_of(self._example)
        for line, cells in lines:
            if not cells:
                continue
            cells = pick(line, cells)
            packed = CELL.join(cells)
            if not packed or packed.isspace():  # the separators count as space
                continue
            if cells == twin:
                continue
            if len(packed) > MAX_CELL or packed.count(CELL) != len(cells) - 1:
                packed = CELL.join(_bounded(line, cells))
            self._add(line, packed)
        self._flush()

    def _add(self, line: int, packed: str) -> None:
        if self.count >= self._limits["rows"]:
            raise Refused(f"数据超过 {self._limits['rows']} 行，请分成几个文件导入。")
        self.count += 1
        if line != self._first + len(self._run) or len(self._run) >= ROWS_AT_ONCE:
            self._flush()
            self._first = line
        self._run.append(packed)

    def _flush(self) -> None:
        if self._run:
            text = ROW.join(self._run).encode("utf-8", "ignore").translate(None, CONTROLS)
            self._run = []
            self._room -= len(text)
            if self._room < 0:
                raise Refused(f"数据超过 {self._limits['text_bytes'] >> 20} MB，请分成几个文件导入。")
            self._send(b"R", LINE.pack(self._first) + text)

    def finish(self, **table) -> None:
        """Say what was sent, and that it is complete."""
        self._send(b"T", json.dumps({**table, "count": self.count}).encode())
        self._send(b"E", b"")
        self._out.flush()

    def refuse(self, reason: str) -> None:
        self._send(b"X", json.dumps(reason).encode())
        self._out.flush()

    def _send(self, kind: bytes, payload: bytes) -> None:
        self._out.write(HEAD.pack(kind, len(payload)) + payload)


def _bounded(line: int, cells: list[str]) -> list[str]:
    """Return the cells without characters that part them. Raises Refused for one longer than Excel allows."""
    if max(map(len, cells)) > MAX_CELL:
        raise Refused(f"第 {line} 行有单元格超过 {MAX_CELL} 个字符。")
    return [cell.replace(CELL, "").replace(ROW, "") for cell in cells]
