"""Lays the rows of a file over the sheet: which of its cells were changed, and what the page's form would send for them."""

from collections.abc import Iterable

from ..views.sheet_page import Sheet
from .columns import ENTRIES, TEXTS, text_in_cell, value_typed
from .differences import Difference, Fate, Place, entry_place, text_place
from .reading import FileRow

FORMULA = "这一格是公式。请改为数字或文字（可复制后选择性粘贴为“值”）后再上传。"
YES_OR_NO = "请填“是”或“否”。"
BESIDE = "同一行有内容需要改正，改正后一并写入。"
NOT_OURS = "这一行不是下载的填报表中原有的行，不能写入。"
MOVED = "编号与这一行原来的不符，可能只移动了部分列。请恢复原来的行，或重新下载。"
GONE = {ENTRIES: "这一目标已不在本单位这一期的填报表中。", TEXTS: "这项任务已不在本单位这一期的填报表中。"}
LOCKED = "这一格不用填写；由台账自动填入的数，请在台账中登记。"
LOCKED_THEN = "下载时这一格不能填写，请重新下载后再填。"


class Join:
    """posted: what the page's form would have sent for the rows that were changed, and nothing of the others.

    sent: those rows and their places, by table and id; found: the cells that need not be asked about further.
    """

    def __init__(self, now: Sheet, rows: list[FileRow]):
        self.posted: dict[str, str] = {}
        self.sent: dict[tuple[str, int], tuple[FileRow, Place]] = {}
        self.found: list[Difference] = []
        places = [entry_place(part, row) for part in now.parts for row in part.rows]
        places += [text_place(part) for part in now.parts]
        self._places = {(place.sheet, place.key): place for place in places}
        self._lines: dict[tuple[str, int], list[int]] = {}
        for row in rows:
            if row.stamp:
                self._lines.setdefault((row.sheet, row.stamp.key), []).append(row.line)
        for row in rows:
            self._take(row)

    def _take(self, row: FileRow) -> None:
        if row.stamp is None:
            self._tell(row, [name for name, text in row.cells.items() if text], Fate.WRONG, NOT_OURS)
            return
        place, names = self._places.get((row.sheet, row.stamp.key)), touched(row)
        if place is None:
            self._tell(row, names, Fate.CLOSED, GONE[row.sheet])
        elif place.refused:
            self._tell(row, names, Fate.CLOSED, place.refused, place)
        elif misplaced := self._misplaced(row):
            self._tell(row, names, Fate.WRONG, misplaced, place)
        else:
            self._take_open(row, place, names)

    def _misplaced(self, row: FileRow) -> str:
        """Return why it is not sure that the row's cells are meant for its target, "" where it is."""
        others = [str(line) for line in self._lines[row.sheet, row.stamp.key] if line != row.line]
        if others:
            return f"与第 {'、'.join(others)} 行重复，请只保留一行。"
        return "" if row.label == row.stamp.label else MOVED

    def _take_open(self, row: FileRow, place: Place, names: list[str]) -> None:
        never = [name for name in names if name not in place.stored]
        then = [name for name in names if name in place.stored and name in row.stamp.shut]
        self._tell(row, never, Fate.CLOSED, LOCKED, place)
        self._tell(row, then, Fate.CLOSED, LOCKED_THEN, place)
        names = [name for name in names if name not in (*never, *then)]
        wrong = {name: YES_OR_NO for name in names if value_typed(name, row.cells[name]) is None}
        wrong |= {name: FORMULA for name in names if name in row.formulas}
        if wrong:
            for name in names:
                self._tell(row, [name], Fate.WRONG, wrong.get(name, BESIDE), place)
        else:
            self._send(row, place, names)

    def _send(self, row: FileRow, place: Place, names: list[str]) -> None:
        changed = {name: _pair(row, place, name) for name in names}
        if all(seen == typed for seen, typed in changed.values()):
            return
        same = {name: (text, text) for name, text in place.stored.items()}
        typing, before = place.names
        for name, (seen, typed) in (same | changed).items():
            self.posted[f"{before}-{name}"], self.posted[f"{typing}-{name}"] = seen, typed
        self.sent[row.sheet, place.key] = row, place

    def _tell(self, row: FileRow, names: Iterable[str], fate: Fate, reason: str, place: Place | None = None) -> None:
        self.found += [Difference(row, name, fate, reason, place) for name in names]


def touched(row: FileRow) -> list[str]:
    """Return the fields whose cells are not as they were downloaded."""
    before = row.stamp.was | row.stamp.shut
    return [name for name, text in row.cells.items() if text != before.get(name, "") or name in row.formulas]


def _pair(row: FileRow, place: Place, name: str) -> tuple[str, str]:
    """Return what the writer had before him and what he typed, as inputs send it; what is stored already was not typed."""
    stored, was, text = place.stored[name], row.stamp.was.get(name, ""), row.cells[name]
    if text == text_in_cell(name, stored):
        return stored, stored
    return (stored if was == text_in_cell(name, stored) else value_typed(name, was)), value_typed(name, text)
