"""The user's own file back, with what is wrong at its cell and in a last column; mended, it can be uploaded again."""

import io
from collections.abc import Iterable

from accounts.sheets import ERRORS_COLUMN

from .columns import COLUMNS, STAMPS, Column
from .differences import Difference, Fate
from .export import grid_of, open_cell
from .reading import SheetTable, Upload
from .stamps import Stamp
from .writing import Cell, Grid, Look, write_grids

ERRORS_WIDTH = 50
OURS = frozenset(column for columns in COLUMNS.values() for column in columns)
OTHER_WIDTH = 14  # of a column that the user has added


def marked(upload: Upload, found: Iterable[Difference]) -> io.BytesIO:
    """Return the file as it was uploaded, every cell on its line and in its column, as an open Excel file."""
    wrong: dict[tuple[str, int], dict[str, Difference]] = {}
    for one in found:
        if one.fate != Fate.CHANGE:
            wrong.setdefault((one.row.sheet, one.row.line), {})[one.field] = one
    stamps = {(row.sheet, row.line): row.stamp for row in upload.rows()}
    return write_grids([_grid(table, wrong, stamps) for table in upload.tables])


def _grid(table: SheetTable, wrong: dict, stamps: dict) -> Grid:
    titles = {line - 1: "　".join(filter(None, map(str.strip, cells))) for line, cells in table.above}
    grid = grid_of(table.name, {line: text for line, text in titles.items() if text}, table.header_line - 1)
    names = _spread(table, table.header)
    known = {column.name: column for column in COLUMNS[table.name]}
    shown = [known.get(name, Column(name, OTHER_WIDTH)) for name in names]
    grid.columns = [(one.name, one.width, one.help) for one in shown] + [(ERRORS_COLUMN, ERRORS_WIDTH, "")]
    grid.hidden = [at for at, name in enumerate(names) if name in STAMPS[table.name]]
    for line, cells in table.rows:
        place = table.name, line
        grid.rows[line - 1] = _row(shown, _spread(table, cells), wrong.get(place, {}), stamps.get(place))
    return grid


def _spread(table: SheetTable, cells: list[str]) -> list[str]:
    """Put the cells where their columns stand in the file."""
    places = dict(zip(table.columns, cells, strict=True))
    return [places.get(at, "") for at in range(max(places) + 1)]


def _row(shown: list[Column], texts: list[str], wrong: dict[str, Difference], stamp: Stamp | None) -> list[Cell]:
    if texts[0] and not any(texts[1:]):
        return [Cell(texts[0], Look.BAND)]
    cells = [_cell(column, text, wrong.get(column.field), stamp) for column, text in zip(shown, texts, strict=True)]
    return [*cells, Cell("\n".join(f"{one.label}：{_sentence(one)}" for one in wrong.values()))]


def _cell(column: Column, text: str, wrong: Difference | None, stamp: Stamp | None) -> Cell:
    if wrong:
        return open_cell(column.field, text, column.help, Look.WRONG, _sentence(wrong))
    if stamp and column.field in stamp.shut:
        return Cell(text, Look.SHUT)
    return Cell(text) if stamp and column in OURS and not column.field else open_cell(column.field, text, column.help)


def _sentence(one: Difference) -> str:
    """Return what is wrong with a cell; of a conflict also what is stored."""
    return f"{one.reason}现有：{one.stored or '（空）'}" if one.fate == Fate.CONFLICT else one.reason
