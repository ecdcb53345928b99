"""Tables that have become lines: a row on one line with tabs, bars or blanks between its cells, or each cell on a line of its own.

A table is known by its head (序号, 工作任务, 责任科室, 完成时限): at least three cells that are words for columns. A row of one cell
(一、社会救助) is a band: it names the section of the rows below it.
"""

import re
from dataclasses import dataclass, field

from .lines import Line
from .numerals import chinese_number

COLUMNS = (
    ("no", re.compile(r"(?:序号|编号|序)$")),
    ("section", re.compile(r"(?:类别|板块|领域|分类|工作类别|任务类别|类型)$")),
    ("due", re.compile(r".{0,6}(?:时限|完成时间|时间要求|时间节点|完成日期|进度安排)$")),
    ("lead", re.compile(r".{0,4}(?:牵头|主办)(?:单位|科室|部门|处室|股室)$")),
    ("cooperate", re.compile(r".{0,4}(?:配合|协办|参与)(?:单位|科室|部门|处室|股室)$")),
    (
        "owner",
        re.compile(
            r".{0,6}(?:责任|牵头|配合|承办|协办|主办)?(?:单位|科室|部门|处室|股室)|责任人|责任领导|分管领导|牵头领导"
        ),
    ),
    ("title", re.compile(r"(?:重点|主要|工作|目标|具体)?(?:任务|事项|项目|任务名称|项目名称|事项名称)$|工作任务")),
    ("text", re.compile(r".{0,6}(?:目标|内容|要求|措施|标准|任务分解|指标|举措)$")),
    ("note", re.compile(r"备注$|领导$|进展.{0,4}$")),
)
OWNERS = {"lead": "lead", "owner": "responsible", "cooperate": "cooperate"}  # column → how its names answer for the row
LONGEST_BAND = 40
BAR = re.compile(r" *[|｜│] *")
SEPARATORS = (re.compile(r" *\t *"), BAR, re.compile(r" {2,}"), re.compile(r" "))
DRAWN = frozenset("|-+: ：—│")
FEWEST = 3
MOST_ROW = 1500


@dataclass(slots=True)
class Cell:
    """Text of one cell and where it stands in the source."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class Table:
    """roles: what each column holds. rows: cells by column. bands: by the place of the row that follows. start, end: in the source."""

    roles: list[str]
    start: int
    end: int
    rows: list[list[Cell]] = field(default_factory=list)
    bands: dict[int, Cell] = field(default_factory=dict)


def find_tables(lines: list[Line]) -> tuple[list[Table], set[int]]:
    """Return the tables and the indexes of the lines that they take."""
    tables, taken, at = [], set(), 0
    while at < len(lines):
        found = _by_rows(lines, at) or _by_cells(lines, at)
        if found is None or not found[0].rows:
            at += 1
            continue
        table, until = found
        tables.append(table)
        taken |= set(range(at, until))
        at = until
    return tables, taken


def role(text: str) -> str:
    """Return what a column of this name holds, "" where the words name no column."""
    bare = text.replace(" ", "")
    if not bare or len(bare) > 14:
        return ""
    return next((name for name, words in COLUMNS if words.match(bare)), "")


def _roles(cells: list[str]) -> list[str] | None:
    roles = [role(cell) for cell in cells]
    known = [name for name in roles if name]
    if len(known) < FEWEST or len(known) < len(roles) - 1 or ("title" not in known and "text" not in known):
        return None
    if not {*OWNERS, "due", "no"} & set(known):
        return None
    if "title" not in roles:
        roles[roles.index("text")] = "title"
    return roles


def _split(line: Line, separator: re.Pattern) -> list[Cell]:
    """Return the cells of a line. Between tabs and bars cells may be empty, but for those outside the outermost bars."""
    text, cells, at = line.norm, [], 0
    for match in separator.finditer(text):
        cells.append(Cell(text[at : match.start()].strip(), line.start + at, line.start + match.start()))
        at = match.end()
    cells.append(Cell(text[at:].strip(), line.start + at, line.end))
    if separator is BAR:
        cells = cells[not cells[0].text : len(cells) - (not cells[-1].text)]
    return cells


def _by_rows(lines: list[Line], at: int) -> tuple[Table, int] | None:
    head = lines[at]
    if len(head.norm) > 120:
        return None
    for separator in SEPARATORS:
        if separator.search(head.norm) is None:
            continue
        cells = _split(head, separator)
        roles = _roles([cell.text for cell in cells]) if len(cells) >= FEWEST else None
        if roles is not None:
            table = Table(roles, head.start, head.end)
            return table, _take_rows(lines, at + 1, table, separator)
    return None


def _take_rows(lines: list[Line], at: int, table: Table, separator: re.Pattern) -> int:
    """Read rows as long as they are rows; return the index of the first line after them."""
    numbered, size = table.roles[0] == "no", len(table.roles)
    while at < len(lines) and len(lines[at].norm) < MOST_ROW:
        if set(lines[at].norm) <= DRAWN:
            at += 1
            continue
        cells = _split(lines[at], separator)
        if _is_band(cells) and at + 1 < len(lines) and len(_split(lines[at + 1], separator)) >= size - 2 > 1:
            table.bands[len(table.rows)] = next(cell for cell in cells if cell.text)
            at += 1
            continue
        if not size - 2 <= len(cells) <= size or (numbered and number_of(cells[0].text) is None and len(cells) < size):
            break
        table.rows.append(cells)
        table.end = lines[at].end
        at += 1
    return at


def _is_band(cells: list[Cell]) -> bool:
    """Say whether a row has one cell of a few words, alone or before cells that are empty."""
    full = [cell.text for cell in cells if cell.text]
    return (
        len(full) == 1
        and 2 <= len(full[0]) <= LONGEST_BAND
        and full[0][-1] not in "。；，："
        and number_of(full[0]) is None
    )


def _by_cells(lines: list[Line], at: int) -> tuple[Table, int] | None:
    """Cells on lines of their own: a head of as many lines as columns, then rows that begin with 1, 2, 3."""
    if role(lines[at].norm) != "no":
        return None
    names = []
    while at + len(names) < len(lines) and len(names) < 9 and role(lines[at + len(names)].norm):
        names.append(lines[at + len(names)].norm)
    roles = _roles(names) if len(names) >= FEWEST else None
    if roles is None:
        return None
    table, size = Table(roles, lines[at].start, lines[at].end), len(roles)
    at += size
    while at + size <= len(lines) and number_of(lines[at].norm) == len(table.rows) + 1:
        table.rows.append([Cell(line.norm, line.start, line.end) for line in lines[at : at + size]])
        at += size
        table.end = lines[at - 1].end
    return table, at


def number_of(text: str) -> int | None:
    bare = text.strip(" .、（）")
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 4 else chinese_number(bare)
