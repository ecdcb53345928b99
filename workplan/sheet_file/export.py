"""Lays a sheet out as two tables: one row for each target, then the texts of each task."""

import io
from collections.abc import Callable, Iterator

from accounts.models import User

from .. import clock
from ..rules.kinds import TargetKind
from ..services.reports import TEXTS as TEXT_NAMES
from ..ui import xlsx
from ..views.sheet_page import Part, Row, Sheet
from .columns import (
    COLUMNS,
    ENTRIES,
    ENTRY_COLUMNS,
    STAMPS,
    TEXT_COLUMNS,
    TEXT_STAMPS,
    TEXTS,
    YES,
    cell_value,
    cleaned,
    inputs_of,
    text_in_cell,
)
from .stamps import Stamp, pieces_of
from .writing import Cell, Grid, Look, write_grids

GUIDE = (
    "浅黄色格可以填写，其余不用填写；没有发生的填 0。填好后回到“本期填报”页上传，核对差异后才写入。"
    "请不要改动列名和隐藏列；需要排序或删行时，先撤销工作表保护（没有密码）。"
)
VALUE_HINTS = {
    TargetKind.COUNT.label: "填到本期末的累计数，只填数字；没有进展的填 0 或上期数。",
    TargetKind.MILESTONE.label: "填完成的份数或进度（如 0.5），只填数字；完成的同时填写完成日期。",
    TargetKind.CEILING.label: "填本期发生数，只填数字；确无发生的在零报告一列填“是”。",
}


def workbook_of(sheet: Sheet, user: User) -> io.BytesIO:
    """Return the sheet as an open Excel file."""
    title = f"{sheet.unit.label}{sheet.period}填报表"
    lines = xlsx.provenance(title=title, on=clock.today(), user=user)
    titles = dict(enumerate([*lines, GUIDE]))
    return write_grids([_entries(sheet, titles), _texts(sheet, titles)])


def grid_of(name: str, titles: dict[int, str], head: int) -> Grid:
    """Return an empty table with its columns."""
    columns = [(column.name, column.width, column.help) for column in COLUMNS[name]]
    hidden = [at for at, column in enumerate(COLUMNS[name]) if column.name in STAMPS[name]]
    return Grid(name, titles, head, columns, hidden, frozen=3 if name == ENTRIES else 2)


def _entries(sheet: Sheet, titles: dict[int, str]) -> Grid:
    grid = grid_of(ENTRIES, titles, head=len(titles))
    bands = _counted(grid.head + 1)
    for section, parts in sheet.sections:
        bands(grid, [Cell(str(section), Look.BAND)])
        for part in parts:
            bands(grid, [Cell(_task_heading(part), Look.BAND)])
            for row in part.rows:
                bands(grid, _entry_cells(sheet, part, row))
    return grid


def _counted(line: int) -> Callable[[Grid, list[Cell]], None]:
    """Return a function that puts a row below the last one."""

    def put(grid: Grid, cells: list[Cell]) -> None:
        nonlocal line
        grid.rows[line] = cells
        line += 1

    return put


def _task_heading(part: Part) -> str:
    notes = [f"不可填写：{part.refused}"] if part.refused else []
    notes += [f"已退回：{part.reason}"] if part.reason else []
    return f"{part.task}" + "".join(f"　【{note}】" for note in notes)


def _entry_cells(sheet: Sheet, part: Part, row: Row) -> list[Cell]:
    was, shut = _open_inputs(row), _shut_inputs(row)
    stamp = Stamp(ENTRIES, sheet.unit.pk, sheet.period.pk, row.pk, row.code, was, shut)
    fixed = {
        "任务号": str(part.task.number),
        "编号": row.code,
        "指标": _measure(row),
        "目标": f"{row.kind} {row.goal}",
        "本单位任务量": row.share,
        "计量单位": row.unit,
        "序时进度": row.pace,
        "上次通过": row.previous,
        "状态": f"{row.mark.word}（不可填写）" if part.refused else row.mark.word,
        STAMPS[ENTRIES][0]: stamp.signed(),
    }
    typed = {name: open_cell(name, text, _hint(row, name)) for name, text in was.items()}
    typed |= {name: Cell(text, Look.SHUT) for name, text in shut.items()}
    return [typed[column.field] if column.field else Cell(fixed[column.name]) for column in ENTRY_COLUMNS]


def _measure(row: Row) -> str:
    """Return the indicator; of a rate also what its two numbers count."""
    labels = row.inputs.labels if row.inputs else {}
    parts = {name: word for name, word in (("numerator", "分子"), ("denominator", "分母")) if name in labels}
    named = [f"{word}：{labels[name]}" for name, word in parts.items() if labels[name] not in ("分子", "分母")]
    return "\n".join([row.measure, *named])


def _hint(row: Row, name: str) -> str:
    if name == "value":
        return VALUE_HINTS.get(row.kind, inputs_of(ENTRIES)[name].help)
    label = row.inputs.labels[name]
    return (
        f"{label}。{inputs_of(ENTRIES)[name].help}"
        if name in ("numerator", "denominator")
        else inputs_of(ENTRIES)[name].help
    )


def _open_inputs(row: Row) -> dict[str, str]:
    stored = row.inputs.stored if row.inputs else {}
    return {name: text_in_cell(name, value) for name, value in stored.items()}


def _shut_inputs(row: Row) -> dict[str, str]:
    """Return what locked cells show, as the page shows it: small counts that the reader may not see are withheld there too."""
    names = [name for name in inputs_of(ENTRIES) if not (row.inputs and name in row.inputs.labels)]
    shown = dict.fromkeys(names, "")
    if not row.inputs:
        (first, shown["value"]), *rest = row.values
        shown["zero_report"] = YES if first == inputs_of(ENTRIES)["zero_report"].name else ""
        shown |= {name: cleaned(text) for name, text in _named(rest)}
    if row.recorded:
        shown["value"] = cleaned(row.recorded)
    return shown


def _named(values: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    fields = {column.name: name for name, column in inputs_of(ENTRIES).items()}
    return ((fields[label], text) for label, text in values)


def open_cell(name: str, text: str, hint: str, look: Look | None = None, note: str = "") -> Cell:
    """Return a cell to type into."""
    looks = {"zero_report": Look.CHOICE, "done_on": Look.DAY}
    return Cell(cell_value(name, text), look or looks.get(name, Look.OPEN), hint, note)


# --- texts ---


def _texts(sheet: Sheet, titles: dict[int, str]) -> Grid:
    grid = grid_of(TEXTS, titles, head=len(titles))
    put = _counted(grid.head + 1)
    for _, parts in sheet.sections:
        for part in parts:
            put(grid, _text_cells(sheet, part))
    return grid


def _text_cells(sheet: Sheet, part: Part) -> list[Cell]:
    texts = {name: cleaned(getattr(part.report, name)) for name in TEXT_NAMES}
    was, shut = (texts, {}) if part.texts else ({}, texts)
    stamp = Stamp(TEXTS, sheet.unit.pk, sheet.period.pk, part.task.pk, str(part.task.number), was, shut)
    fixed = {
        "任务号": str(part.task.number),
        "任务": _task_heading(part),
        "状态": f"{part.mark.word}（不可填写）" if part.refused else part.mark.word,
        **dict(zip(TEXT_STAMPS, pieces_of(stamp.signed(), len(TEXT_STAMPS)), strict=True)),
    }
    inputs = inputs_of(TEXTS)
    typed = {name: open_cell(name, text, inputs[name].help) for name, text in was.items()}
    typed |= {name: Cell(text, Look.SHUT) for name, text in shut.items()}
    return [typed[column.field] if column.field else Cell(fixed[column.name]) for column in TEXT_COLUMNS]
