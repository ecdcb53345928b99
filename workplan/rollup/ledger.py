"""The ledger (任务分解台账): one row for each target, in the columns that bureaus use. Empty columns are filled in by hand."""

import io
import math
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from accounts.disarm import disarm

from ..rules.kinds import Light
from .word import SHADES

# Heading and width in characters. 分管领导 and 考核得分 are decided outside the portal.
COLUMNS = (
    ("序号", 6),
    ("来源（章节/条）", 14),
    ("重点任务", 18),
    ("工作目标（指标）", 22),
    ("目标值", 12),
    ("具体措施", 28),
    ("分管领导", 10),
    ("牵头科室", 14),
    ("配合科室/乡镇", 18),
    ("责任人", 10),
    ("启动时间", 11),
    ("完成时限", 11),
    ("实绩", 14),
    ("进度（%）", 9),
    ("进展情况", 32),
    ("存在问题", 24),
    ("下一步打算", 24),
    ("佐证材料", 9),
    ("状态灯", 10),
    ("督办记录", 20),
    ("办结（销号）日期", 11),
    ("考核得分", 9),
    ("备注", 16),
)
TOP = 3  # title, day, blank line; the header stands below
NAMED = 6  # units named in a cell
LINE, TALLEST = 12.75, 400  # height of a line and of a row, in points
LINES = 12  # units quoted in a cell
INK = {"red": "#9C0006", "behind": "#7F6000", "not_reported": "#7B1E4B"}


def write(title: str, snapshot: dict[str, Any]) -> bytes:
    """Return the workbook."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": disarm(title), "author": disarm(snapshot["bureau"])})
    sheet = book.add_worksheet("任务分解台账")
    formats = _Formats(book)
    _head(sheet, title, snapshot, formats)
    rows = list(_rows(snapshot))
    for at, (cells, light) in enumerate(rows, start=TOP + 1):
        _write_row(sheet, at, cells, light, formats)
    _set_up(sheet, len(rows))
    book.close()
    return stream.getvalue()


class _Formats:
    """The formats of the book, one for each kind of cell."""

    def __init__(self, book):
        frame = {"border": 1, "valign": "top", "text_wrap": True, "font_name": "宋体", "font_size": 10}
        self.title = book.add_format({"bold": True, "font_size": 16, "align": "center", "font_name": "黑体"})
        self.line = book.add_format({"font_size": 10, "font_name": "宋体"})
        self.head = book.add_format(
            frame | {"bold": True, "align": "center", "valign": "vcenter", "bg_color": "#EDEDED"}
        )
        self.text = book.add_format(frame)
        self.number = book.add_format(frame | {"num_format": "0.0", "align": "right"})
        self.whole = book.add_format(frame | {"num_format": "0", "align": "right"})
        self.day = book.add_format(frame | {"num_format": "yyyy-mm-dd", "align": "center"})
        self.lights = {
            light.value: book.add_format(
                frame
                | {"align": "center", "font_color": INK.get(light.value, "#000000")}
                | ({"bg_color": f"#{SHADES[light.value]}"} if light.value in SHADES else {})
            )
            for light in Light
        }


def _head(sheet, title: str, snapshot: dict[str, Any], formats: _Formats) -> None:
    sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, disarm(f"{title}：任务分解台账"), formats.title)
    sheet.write_string(1, 0, f"数据截至 {snapshot['end']}", formats.line)
    sheet.set_row(TOP, 2 * LINE + 2)
    for at, (name, width) in enumerate(COLUMNS):
        sheet.set_column(at, at, width)
        sheet.write_string(TOP, at, name, formats.head)


def _rows(snapshot: dict[str, Any]) -> Iterator[tuple[list, str]]:
    tasks = {task["number"]: task for task in snapshot["tasks"]}
    sections = {section["number"]: section for section in snapshot["sections"]}
    rows = [(row["task"], row) for row in snapshot["targets"]]
    rows += [
        (number, _stated_elsewhere(number, snapshot["targets"])) for number in tasks.keys() - {task for task, _ in rows}
    ]
    for number, (task, row) in enumerate(sorted(rows, key=lambda pair: pair[0]), start=1):
        section = sections.get(tasks[task]["section"]) or {"number": tasks[task]["section"], "name": ""}
        yield _cells(number, row, tasks[task], section), row["light"]


def _stated_elsewhere(task: int, targets: list[dict]) -> dict:
    """Return a row for a task that has no target of its own: it names the targets that it shares."""
    codes = "、".join(row["code"] for row in targets if task in row["also_in"])
    empty = dict.fromkeys(("code", "goal_words", "amount_text", "light_text", "verified_text"), "")
    shown = f"见目标 {codes}" if codes else "没有量化目标"
    return empty | {
        "measure": shown,
        "light": "",
        "start": None,
        "due": None,
        "progress": None,
        "kind": "",
        "reason_text": "",
    }


def _cells(number: int, row: dict, task: dict, section: dict) -> list:
    return [
        number,
        f"{section['number']}. {section['name']} 第{task['number']}条",
        f"{task['number']}. {task['title']}",
        f"{row['code']} {row['measure']}".strip(),
        row["goal_words"],
        task["summary"],
        "",
        "、".join(task["lead"]),
        _names(task["others"] + task["reporters"]),
        "、".join(task["heads"]),
        _day(row["start"]),
        _day(row["due"]),
        row["amount_text"],
        _tenth(row["progress"]),
        _quoted(task, "narrative"),
        _quoted(task, "problems"),
        _quoted(task, "next_steps"),
        task["evidence"],
        row["light_text"],
        "\n".join(_order(order) for order in task["orders"] if order["target"] in (None, row["code"])),
        _day(task["done_on"]) if row["kind"] == "milestone" and row["light"] in ("done", "done_late") else "",
        "",
        row["reason_text"] + (f"；经核实 {row['verified_text']}" if row["verified_text"] else ""),
    ]


def _names(names: list[str]) -> str:
    return "、".join(names[:NAMED]) + (f"等{len(names)}个单位" if len(names) > NAMED else "")


def _quoted(task: dict, name: str) -> str:
    """Return what units wrote, equal words once."""
    said: dict[str, list[str]] = {}
    for report in task["reports"]:
        if report[name]:
            said.setdefault(report[name], []).append(report["unit"])
    lines = [f"{_names(units)}：{words}" for words, units in list(said.items())[:LINES]]
    return "\n".join(lines + ([f"（另有{len(said) - LINES}条）"] if len(said) > LINES else []))


def _order(order: dict) -> str:
    return f"{order['number']}（{order['unit']}，{order['step']}）{order['state']}，时限 {order['due']}"


def _day(text: str | None) -> date | str:
    return date.fromisoformat(text) if text else ""


def _tenth(text: str | None) -> Decimal | str:
    return Decimal(text) if text is not None else ""


def _height(cells: list) -> float:
    """Return the height in points that the row's longest text takes when it is wrapped: not every program works it out itself."""
    lines = 1
    for value, (_, width) in zip(cells, COLUMNS, strict=True):
        if isinstance(value, str):
            lines = max(lines, sum(_lines(line, width) for line in value.split("\n")))
    return min(LINE * lines + 2, TALLEST)


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column; characters of East Asian width count double."""
    return max(1, math.ceil(sum(2 if ord(char) > 0x2E7F else 1 for char in text) / (width - 1)))


def _write_row(sheet, at: int, cells: list, light: str, formats: _Formats) -> None:
    sheet.set_row(at, _height(cells))
    for column, value in enumerate(cells):
        if isinstance(value, date):
            sheet.write_datetime(at, column, value, formats.day)
        elif isinstance(value, Decimal):
            sheet.write_number(at, column, value, formats.number)
        elif isinstance(value, int):
            sheet.write_number(at, column, value, formats.whole)
        else:
            own = formats.lights.get(light) if COLUMNS[column][0] == "状态灯" else None
            sheet.write_string(at, column, disarm(value), own or formats.text)


def _set_up(sheet, rows: int) -> None:
    """A3 across, one page wide, the header on every page, page numbers, a filter over the columns."""
    sheet.freeze_panes(TOP + 1, 4)
    sheet.autofilter(TOP, 0, TOP + max(rows, 1), len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(TOP)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页")
