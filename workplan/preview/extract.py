"""Takes the words out of a document, in a process of its own and under limits: `python -I extract.py`, answers on stdout.

The request is a line with what the document is (word, sheet, text), and the file. Only its beginning is read.
"""

import io
import json
import sys
from pathlib import Path

MB = 2**20
MEMORY, CPU_SECONDS, OUTPUT = 900 * MB, 4, 2 * MB
CHARACTERS, ROWS, COLUMNS, CELL = 20_000, 100, 20, 200
BROKEN = "这份文件无法预览，可能已损坏，请下载后查看。"


def from_text(content: bytes) -> dict:
    """Return the lines of a text in UTF-8 or GB 18030."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    return {"lines": text[:CHARACTERS].splitlines(), "more": len(text) > CHARACTERS}


def from_word(content: bytes) -> dict:
    """Return paragraphs and, a row on a line, tables as they follow each other."""
    from docx import Document
    from docx.table import Table

    lines, left = [], CHARACTERS
    for part in Document(io.BytesIO(content)).iter_inner_content():
        rows = [" | ".join(_cells(row)) for row in part.rows] if isinstance(part, Table) else [part.text]
        for text in rows:
            if left <= 0:
                return {"lines": lines, "more": True}
            lines.append(text[:left])
            left -= len(text) + 1
    return {"lines": lines, "more": False}


def _cells(row) -> list[str]:
    """Return the words of a row's cells; one that is drawn over several columns once."""
    found = []
    for cell in row.cells:
        if not found or cell._tc is not found[-1][0]:
            found.append((cell._tc, cell.text.strip()))
    return [text for _, text in found]


def from_sheet(content: bytes) -> dict:
    """Return the first rows and columns of the first sheet that has any."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for place in range(len(book.sheet_names)):
        rows = book.get_sheet_by_index(place).to_python(nrows=ROWS + 1)
        if rows:
            table = [[_shown(cell) for cell in row[:COLUMNS]] for row in rows[:ROWS]]
            return {
                "table": table,
                "more": len(rows) > ROWS or len(rows[0]) > COLUMNS or place + 1 < len(book.sheet_names),
            }
    return {"table": [], "more": False}


def _shown(cell) -> str:
    whole = isinstance(cell, float) and cell.is_integer()
    return str(int(cell) if whole else cell)[:CELL]


READERS = {"text": from_text, "word": from_word, "sheet": from_sheet}


def main() -> None:
    """Answer one request with P and JSON, or X and a sentence for people."""
    source = sys.stdin.buffer
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    reader, content = READERS[source.readline().decode().strip()], source.read()
    import docx.table  # noqa: F401  (what is imported later would be read within the limits)
    import python_calamine  # noqa: F401

    from workplan.confined import limit

    limit(memory=MEMORY, cpu_seconds=CPU_SECONDS)
    try:
        told = b"P" + json.dumps(reader(content), ensure_ascii=False).encode()
    except MemoryError:
        return  # the caller knows what to say
    except BaseException:  # whatever the parser makes of a broken file, its panics included
        told = b"X" + BROKEN.encode()
    sys.stdout.buffer.write(told)


if __name__ == "__main__":
    main()
