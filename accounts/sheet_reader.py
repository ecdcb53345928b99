"""Reads one spreadsheet from stdin and writes its rows to stdout as JSON. Runs alone, under limits of its own.

Started by `accounts.sheets` with `python -I`: it imports nothing of the portal, so that what a hostile file does to it
(memory, time, a crash of the parser) ends with this process.
"""

import io
import json
import resource
import sys
from datetime import date, datetime

MEMORY = 768 * 2**20  # bytes
SECONDS = 20
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 20_000, 60, 32_767
TOO_LARGE, UNREADABLE = 3, 4


def plain(value: object) -> str:
    """Return a cell as text: whole numbers without a point, days as 2024-10-15."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != value.min.time() else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    from python_calamine import CalamineWorkbook  # under the limits

    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())).get_sheet_by_index(0)
        if sheet.height > MAX_ROWS + 1 or sheet.width > MAX_COLUMNS:
            return TOO_LARGE
        rows = [[plain(cell)[:MAX_CELL] for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except Exception:  # whatever the parser makes of a broken file
        return UNREADABLE
    json.dump(rows, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
