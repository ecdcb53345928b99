"""The columns of the two tables, indicators and texts, and how their inputs stand in cells."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.disarm import UNWRITABLE

from ..forms import AMOUNT

ENTRIES, TEXTS = "指标填报", "文字说明"  # names of the worksheets
CODE, TASK, STATE = "编号", "任务号", "状态"
STAMP, TEXT_STAMPS = (
    "指标凭据",
    ("文字凭据1", "文字凭据2", "文字凭据3"),
)  # hidden; a long stamp is spread over several cells
YES, NO = "是", "否"
TICKED = frozenset({"是", "√", "✓", "1", "true", "y", "yes"})
UNTICKED = frozenset({"", "否", "×", "0", "false", "n", "no"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column. field: the input whose cells stand in it, "" where nothing is typed; help: what is expected."""

    name: str
    width: int
    field: str = ""
    help: str = ""


ENTRY_COLUMNS = (
    Column(TASK, 6),
    Column(CODE, 7),
    Column("指标", 30),
    Column("目标", 13),
    Column("本单位任务量", 10),
    Column("计量单位", 7),
    Column("序时进度", 10),
    Column("上次通过", 14),
    Column("数值", 11, "value", "只填数字，不带单位和百分号；没有发生的填 0。"),
    Column("分子", 9, "numerator", "只填数字，和分母一起填写；没有发生的填 0。"),
    Column("分母", 9, "denominator", "只填数字，和分子一起填写。"),
    Column("零报告", 7, "zero_report", "本期确无发生的填“是”。"),
    Column("完成日期", 11, "done_on", "已完成的填写日期，如 2024-10-15。"),
    Column("说明", 22, "remark", "需要说明的情况或原因，最多 500 字。"),
    Column(STATE, 11),
    Column(STAMP, 10),
)
TEXT_COLUMNS = (
    Column(TASK, 6),
    Column("任务", 30),
    Column("进展情况", 48, "narrative", "本期做了什么、取得什么进展，最多 4000 字。"),
    Column("存在问题", 34, "problems", "最多 4000 字。"),
    Column("下一步措施", 34, "next_steps", "最多 4000 字。"),
    Column(STATE, 11),
    *(Column(name, 10) for name in TEXT_STAMPS),
)
COLUMNS = {ENTRIES: ENTRY_COLUMNS, TEXTS: TEXT_COLUMNS}
STAMPS = {ENTRIES: (STAMP,), TEXTS: TEXT_STAMPS}
NUMBERS = ("value", "numerator", "denominator")


def inputs_of(sheet: str) -> dict[str, Column]:
    """Return by field the columns of a table that are typed into."""
    return {column.field: column for column in COLUMNS[sheet] if column.field}


def cleaned(text: str) -> str:
    """Return a text as it comes back out of a cell: one kind of line break, nothing that a file cannot hold."""
    return UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def text_in_cell(field: str, value: str) -> str:
    """Return an input's value, as the page would send it, as text in its cell."""
    return (YES if value else "") if field == "zero_report" else cleaned(value)


def value_typed(field: str, text: str) -> str | None:
    """Return the text of a cell as the page's input would send it; None where it is neither yes nor no."""
    if field != "zero_report":
        return text
    word = text.strip().lower()
    return "on" if word in TICKED else "" if word in UNTICKED else None


def cell_value(field: str, text: str) -> str | Decimal | date:
    """Return what the cell is to hold: numbers and days as such, so that a spreadsheet can work with them."""
    if field in NUMBERS and AMOUNT.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if field == "done_on":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
