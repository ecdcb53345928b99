"""Takes a filled-in file in: its two tables as text, which travel, signed, from the preview to the confirmation."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import PurePath

from django.core import signing

from accounts import sheets
from accounts.sheets import MB, Limits, Table

from ..errors import Refused
from .columns import COLUMNS, ENTRIES, STAMPS, TEXTS, cleaned, inputs_of
from .stamps import Stamp, stamp_in

LIMITS = Limits(
    file_bytes=4 * MB,
    rows=2000,
    columns=60,
    text_bytes=4 * MB,
    part_bytes=20 * MB,
    unpacked_bytes=40 * MB,
    cpu_seconds=15,
    wall_seconds=30,
)
SALT = "workplan.sheet_file.upload"
HOURS = 12  # that a preview can be confirmed
LARGEST = 3 * MB  # of what travels with the preview
NOT_A_SHEET = "这不是从“本期填报”页下载的填报表。请先在该页下载 Excel，填好后再上传。"
TOO_LONG = "文件内容太多，不能一次写入。请删去填报表以外的内容后再上传。"
OUTDATED = "这次上传已过期，请重新上传文件。"


@dataclass(slots=True)
class SheetTable:
    """One of the two tables, as in the user's file. rows: line (from 1) and cells; formulas: line and place of the cell."""

    name: str
    header: list[str]
    columns: list[int]
    header_line: int
    above: list[tuple[int, list[str]]]
    rows: list[tuple[int, list[str]]]
    formulas: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row. cells: by field, as text; stamp: None for a row that the portal has not written; label: its code or number.

    formulas: the fields whose cells are formulas.
    """

    sheet: str
    line: int
    label: str
    cells: dict[str, str]
    stamp: Stamp | None
    formulas: frozenset[str]


@dataclass(slots=True)
class Upload:
    """What was uploaded."""

    name: str
    tables: list[SheetTable]

    def rows(self) -> list[FileRow]:
        """Return the rows of both tables that hold an input. Raises Refused for altered stamps."""
        return [row for table in self.tables for row in _rows(table)]


def read_upload(name: str, content: bytes) -> Upload:
    """Return what the file holds. Raises UnreadableFile and Refused, each with a sentence for the user."""
    if PurePath(name.strip()).suffix.lower() in (".csv", ".txt"):
        raise Refused("请上传从“本期填报”页下载的 .xlsx 文件。", code="not_a_sheet")
    known = {sheet: [*(column.name for column in inputs_of(sheet).values()), *STAMPS[sheet]] for sheet in COLUMNS}
    first = sheets.read_table(content, name=name, known=["编号", "指标", *known[ENTRIES]], limits=LIMITS, looks=True)
    tables = [_table(ENTRIES, first)]
    # Whoever has nothing to say may have deleted the second sheet.
    if len(first.sheets) > 1:
        tables.append(
            _table(TEXTS, sheets.read_table(content, name=name, known=known[TEXTS], limits=LIMITS, looks=True))
        )
    return Upload(PurePath(name).name, tables)


def _table(name: str, table: Table) -> SheetTable:
    missing = [one.name for one in inputs_of(name).values() if one.name not in table.header]
    if not set(STAMPS[name]) <= set(table.header):
        raise Refused(NOT_A_SHEET, code="not_a_sheet")
    if missing:
        raise Refused(
            f"工作表“{table.sheet}”缺少列：{'、'.join(missing)}。请恢复这些列名后再上传。", code="columns_missing"
        )
    places = {place: at for at, place in enumerate(table.columns)}
    rows = [(line, [_cell(table, line, at, text) for at, text in enumerate(cells)]) for line, cells in table]
    formulas = [(line, places[place]) for line, place in table.formulas if place in places]
    return SheetTable(name, table.header, table.columns, table.header_line, table.above, rows, formulas)


def _cell(table: Table, line: int, at: int, text: str) -> str:
    """Return the text of a cell as its writer sees it: a formula as such, 0.95 shown in percent as 95%."""
    place = line, table.columns[at]
    if place in table.formulas:
        return table.formulas[place]
    if place in table.percents and text:
        try:
            return f"{(Decimal(text) * 100).normalize():f}%"
        except ArithmeticError:
            return text
    return text


def _rows(table: SheetTable) -> Iterator[FileRow]:
    places = {column.field: table.header.index(column.name) for column in inputs_of(table.name).values()}
    stamps = [table.header.index(name) for name in STAMPS[table.name]]
    label = "编号" if table.name == ENTRIES else "任务号"
    at = table.header.index(label) if label in table.header else None
    formulas = set(map(tuple, table.formulas))
    for line, cells in table.rows:
        typed = {name: cleaned(cells[place]) for name, place in places.items()}
        stamp = stamp_in([cells[place] for place in stamps])
        if stamp is None and not any(typed.values()):
            continue  # a heading, or a line of the user's own
        computed = frozenset(name for name, place in places.items() if (line, place) in formulas)
        yield FileRow(table.name, line, cleaned(cells[at]) if at is not None else "", typed, stamp, computed)


# --- from the preview to the confirmation ---


def pack(upload: Upload, user) -> str:
    """Return the upload as signed text that only this user can bring back. Raises Refused where it is too long."""
    packed = signing.dumps(asdict(upload), salt=f"{SALT}.{user.pk}", compress=True)
    if len(packed) > LARGEST:
        raise Refused(TOO_LONG, code="too_long")
    return packed


def unpack(text: str, user) -> Upload:
    """Return what `pack` made. Raises Refused where it is forged, somebody else's, or too old."""
    try:
        found = signing.loads(text, salt=f"{SALT}.{user.pk}", max_age=HOURS * 3600)
        return Upload(found["name"], [SheetTable(**table) for table in found["tables"]])
    except (signing.BadSignature, KeyError, TypeError):  # the last two: packed before the portal was upgraded
        raise Refused(OUTDATED, code="outdated") from None
