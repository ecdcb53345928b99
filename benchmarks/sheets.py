"""Tables in and out against the bare libraries, on the same cells: 100,000 rows.

Run by `make bench`. Every measurement is a process of its own, so that its peak memory is its own; the rounds of ours and of
theirs alternate. Prints medians of processor time, their ratio, rows a second by the clock, and peaks.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

ROWS = 100_000
ROUNDS = 3
WIDE = 20  # columns of the table that is read
HEADER = ["证件号码", "姓名", "性别", "出生日期", "住址", "序号", "金额", "类别", "办结日期", "电话", "变动", "备注"]
KINDS = ("城市低保", "农村低保", "特困供养")


def records() -> Iterator[list]:
    """Yield rows as a register exports them: texts, days, whole and decimal numbers, an empty cell."""
    born = date(1950, 1, 1)
    for n in range(ROWS):
        yield [
            f"5002321950{n:08d}",
            f"张三{n}",
            "女" if n % 2 else "男",
            born,
            f"凤山街道{n % 300}号",
            n,
            Decimal("620.50"),
            KINDS[n % 3],
            None,
            f"138{n % 10**8:08d}",
            -5,
            f"备注文字{n}",
        ]


def fill(folder: Path) -> int:
    """Write what is read: a workbook as Excel saves it, with shared strings, and a CSV file of the same cells."""
    import csv

    import xlsxwriter

    names = [f"列{at}" for at in range(WIDE)]
    with xlsxwriter.Workbook(folder / "in.xlsx") as book, (folder / "in.csv").open("w", newline="") as text:
        sheet, writer = book.add_worksheet("数据"), csv.writer(text)
        for line, row in enumerate([names, *map(_wide, range(ROWS))]):
            writer.writerow(row)
            for at, value in enumerate(row):
                sheet.write(line, at, value)
    return ROWS


def _wide(n: int) -> list:
    return [n * at if at % 5 == 0 else f"文字{(n * 7919 + at) % 50_000}号" for at in range(WIDE)]


def read_ours(folder: Path, name: str = "in.xlsx") -> int:
    from accounts.sheets import Limits, read_table

    content = (folder / name).read_bytes()
    table = read_table(content, name=name, limits=Limits(file_bytes=len(content)))
    return sum(1 for _, cells in table if len(cells) == WIDE)


def read_bare(folder: Path) -> int:
    from python_calamine import CalamineWorkbook

    return len(CalamineWorkbook.from_path(folder / "in.xlsx").get_sheet_by_index(0).to_python()) - 1


def read_csv_ours(folder: Path) -> int:
    return read_ours(folder, "in.csv")


def read_csv_bare(folder: Path) -> int:
    import csv

    with (folder / "in.csv").open(newline="") as text:
        return len(list(csv.reader(text))) - 1


def write_ours(folder: Path) -> int:
    from accounts.sheets import write_xlsx_stream

    with (folder / "out.xlsx").open("wb") as stream:
        return write_xlsx_stream(stream, header=HEADER, rows=records(), lines=["台账"], text_columns=HEADER[:1])


def write_bare(folder: Path) -> int:
    import rustpy_xlsxwriter

    rows = (dict(zip(HEADER, row, strict=True)) for row in records())
    rustpy_xlsxwriter.write_worksheet(rows, str(folder / "out.xlsx"), datetime_format="yyyy-mm-dd")
    return ROWS


def write_xlsxwriter(folder: Path) -> int:
    """Write the same with XlsxWriter, the other candidate."""
    import xlsxwriter

    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(folder / "out.xlsx", options) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([HEADER, *records()]):
            sheet.write_row(line, 0, row)
    return ROWS


def write_csv_ours(folder: Path) -> int:
    from accounts.sheets import write_csv_stream

    with (folder / "out.csv").open("wb") as stream:
        return write_csv_stream(stream, header=HEADER, rows=records())


def write_csv_bare(folder: Path) -> int:
    import csv

    with (folder / "out.csv").open("w", newline="") as text:
        csv.writer(text).writerows(records())
    return ROWS


def annotate_ours(folder: Path) -> int:
    from accounts.sheets import annotate, read_table

    table = read_table((folder / "in.xlsx").read_bytes(), name="in.xlsx")
    with (folder / "out.xlsx").open("wb") as stream:
        return annotate(stream, table, dict.fromkeys(range(2, ROWS, 10), "“列1”：请填写数字。"))


WHO = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
# What is measured → against what
PAIRS = {
    read_ours: read_bare,
    read_csv_ours: read_csv_bare,
    write_ours: write_bare,
    write_xlsxwriter: write_bare,
    write_csv_ours: write_csv_bare,
    annotate_ours: read_bare,
}


def measure(name: str, folder: Path) -> dict:
    """Run one of the functions above here; return its seconds and the peak memory of this process and its child in MB."""
    begin, spent = time.perf_counter(), _processor()
    rows = globals()[name](folder)
    seconds, spent = time.perf_counter() - begin, _processor() - spent
    own, child = (resource.getrusage(who).ru_maxrss >> 10 for who in WHO)
    if rows != ROWS:
        raise SystemExit(f"{name}: {rows} rows instead of {ROWS}")
    return {"seconds": seconds, "processor": spent, "own": own, "child": child}


def _processor() -> float:
    """Return the seconds of processor time so far, the child's included: a busy machine does not change them much."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, WHO))


def apart(name: str, folder: Path) -> dict:
    command = [sys.executable, "-m", "benchmarks.sheets", name, str(folder)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def compare(folder: Path) -> None:
    for ours, bare in PAIRS.items():
        rounds = [(apart(ours.__name__, folder), apart(bare.__name__, folder)) for _ in range(ROUNDS)]
        mine, theirs = (statistics.median(side["processor"] for side in sides) for sides in zip(*rounds, strict=True))
        wall = statistics.median(first["seconds"] for first, _ in rounds)
        own, child = (max(first[key] for first, _ in rounds) for key in ("own", "child"))
        print(
            f"{ours.__name__:18} {mine:6.2f} s   {bare.__name__:16} {theirs:6.2f} s"
            f"   ratio {mine / theirs:5.2f}   {ROWS / wall:7.0f} rows/s by the clock   peak {own} MB + child {child} MB",
            flush=True,
        )


def main() -> None:
    if len(sys.argv) == 3:
        print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
        return
    with TemporaryDirectory() as folder:
        apart("fill", Path(folder))  # in a process apart: one that is started inherits the peak of its starter
        compare(Path(folder))


if __name__ == "__main__":
    main()
