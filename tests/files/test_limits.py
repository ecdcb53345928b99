"""Time, memory and rows are bounded, and whatever the file, the reading process has ended afterwards."""

import os
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from accounts.sheets import Limits, UnreadableFile, reading

from .build import PERSON, SHEET1, cells, one, parts, read, with_part, with_rows

GOOD = one([PERSON, ["张三", "1", "2", "3"]])
HEAVY = "内存或时间"
MB = 2**20


def children() -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            parent = (process / "stat").read_text().rsplit(")", 1)[1].split()[1]
        except OSError:
            continue
        if str(reading.READER).encode() in command and parent == str(os.getpid()):
            found.append(process.name)
    return found


def filled(rows: int, columns: int = 4) -> bytes:
    """Return a workbook with many rows, packed well enough to be small."""
    xml = []
    for line in range(2, rows + 2):
        row = "".join(f'<c r="{letter}{line}"><v>{line % 7}</v></c>' for letter in "ABCD"[:columns])
        xml.append(f'<row r="{line}">{row}</row>')
    return with_rows("".join(xml), one([PERSON]))


def test_more_rows_than_allowed_are_refused_in_both_formats():
    limits = Limits(rows=3)
    assert len(read(filled(3), limits=limits)) == 3
    with pytest.raises(UnreadableFile, match="超过 3 行"):
        read(filled(4), limits=limits)
    with pytest.raises(UnreadableFile, match="超过 3 行"):
        read(filled(500), limits=limits)
    with pytest.raises(UnreadableFile, match="超过 3 行"):
        read("姓名,金额\n".encode() + b"1,2\n" * 4, name="a.csv", limits=limits)


def test_more_text_than_allowed_is_refused():
    with pytest.raises(UnreadableFile, match="数据超过 1 MB"):
        read("姓名,金额\n".encode() + b"1234567890,2\n" * 90_000, name="a.csv", limits=Limits(text_bytes=MB))


def test_the_child_ends_with_its_memory():
    tight = Limits(memory=48 * MB)
    assert len(read(GOOD, limits=tight)) == 1
    with pytest.raises(UnreadableFile, match=HEAVY):
        read(filled(90_000), limits=tight)
    assert children() == []


def test_the_child_ends_with_its_time():
    with pytest.raises(UnreadableFile, match=HEAVY):
        read(filled(60_000), limits=Limits(wall_seconds=0.05))
    assert children() == []


def test_the_child_ends_with_its_share_of_the_processor():
    content = "姓名,金额\n".encode() + b"1,2\n" * 4_000_000
    with pytest.raises(UnreadableFile, match=HEAVY):
        read(content, name="a.csv", limits=Limits(cpu_seconds=1, rows=10**9))
    assert children() == []


def test_a_parser_that_gives_up_half_way_gives_no_half_table():
    answers = [(b"R", b"\0\0\0\2x")]
    with pytest.raises(UnreadableFile, match=HEAVY):
        reading._table(answers)


def test_the_child_knows_nothing_of_our_environment(monkeypatch, tmp_path):
    monkeypatch.setattr(reading, "READER", tmp_path / "spy")
    (tmp_path / "spy").mkdir()
    code = "import os, json, struct\n"
    code += "told = json.dumps('\\n'.join([*os.environ, os.getcwd()])).encode()\n"
    code += "os.write(1, struct.pack('>cI', b'X', len(told)) + told)\n"
    (tmp_path / "spy" / "__main__.py").write_text(code)
    monkeypatch.setenv("SECRET_KEY", "secret")
    with pytest.raises(UnreadableFile) as told:
        read(GOOD)
    assert set(str(told.value).split()) <= {"PATH", "LD_LIBRARY_PATH", "LC_CTYPE", "/"}


def test_a_child_that_talks_too_much_is_not_listened_to(monkeypatch, tmp_path):
    (tmp_path / "spy").mkdir()
    code = "import os, struct\nwhile True: os.write(1, struct.pack('>cI', b'R', 2**20) + bytes(2**20))\n"
    (tmp_path / "spy" / "__main__.py").write_text(code)
    monkeypatch.setattr(reading, "READER", tmp_path / "spy")
    with pytest.raises(UnreadableFile, match=HEAVY):
        read(GOOD, limits=Limits(text_bytes=4 * MB))


def ghosts(row: str, rows: int) -> bytes:
    """Return a workbook with 100 real rows, then rows that are formatted but empty."""
    base = one([PERSON, *([f"人{number}", "1", "2", "3"] for number in range(100))])
    head, tail = parts(base)[SHEET1].split(b"</sheetData>")
    stream = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(base)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            if name != SHEET1:
                new.writestr(name, old.read(name))
        with new.open(SHEET1, "w") as part:
            part.write(head)
            for start in range(102, rows + 102, 10_000):
                part.write("".join(row.replace("#", str(line)) for line in range(start, start + 10_000)).encode())
            part.write(b"</sheetData>" + tail)
    return stream.getvalue()


STYLED = '<row r="#" s="1" customFormat="1"><c r="A#" s="1"/><c r="B#" s="1"/><c r="C#" s="1"/></row>'
EMPTY_TEXT = '<row r="#"><c r="A#" t="inlineStr"><is><t></t></is></c><c r="B#" t="str"><f>A1</f><v></v></c></row>'


@pytest.mark.parametrize(("row", "rows"), [(STYLED, 1_000_000), (EMPTY_TEXT, 300_000)], ids=["formatted", "empty text"])
def test_ghost_rows_cost_neither_the_real_ones_nor_much_time(row, rows):
    content = ghosts(row, rows)
    start = os.times()
    table = read(content, limits=Limits(memory=160 * MB))
    end = os.times()  # of the processor: what else runs on the machine does not count
    assert end.children_user + end.children_system - start.children_user - start.children_system < 10
    assert (len(table), list(table)[-1]) == (100, (101, ["人99", "1", "2", "3"]))


def test_empty_shared_strings_are_ghosts_too():
    base = one([PERSON, ["张三", "1", "2", "3"], [""]])
    strings = parts(base)["xl/sharedStrings.xml"]
    blank = strings.count(b"<si>")
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{blank}</v></c></row>' for n in range(3, 2000))
    content = with_part(
        "xl/sharedStrings.xml", strings.replace(b"</sst>", b"<si><t/></si></sst>"), with_rows(rows, base)
    )
    assert cells(read(content, limits=Limits(rows=10))) == [["张三", "1", "2", "3"]]


@pytest.mark.parametrize("cell", ['<c r="{0}" t="inlineStr"><is><t> </t></is></c>', '<c r="{0}"><v>9</v></c>'])
@pytest.mark.parametrize("column", ["D", "XFD"])
def test_a_cell_at_the_very_end_of_the_sheet_costs_no_memory(cell, column):
    content = with_rows(f'<row r="1048576">{cell.format(f"{column}1048576")}</row>')
    limits = Limits(memory=160 * MB)
    if "<v>" in cell and column == "XFD":
        with pytest.raises(UnreadableFile, match="第 1048576 行的 XFD 列有内容"):
            read(content, limits=limits)
    else:
        expected = [(1048576, ["", "", "", "9"])] if "<v>" in cell else []
        assert list(read(content, limits=limits)) == [(2, ["张三", "1", "2", "3"]), *expected]


@pytest.mark.parametrize(
    "pattern", [b'"', b'""', b"\n", b",", b'a"b', b"\r", b"\t;|", b"sep=,\n"], ids=lambda pattern: repr(pattern)
)
def test_hostile_text_takes_time_in_proportion(pattern):
    """Four times the text must not take much more than four times as long, start of the process apart."""

    def seconds(size: int) -> float:
        content = "姓名,金额\n".encode() + pattern * (size // len(pattern))
        start = os.times().children_user
        try:
            read(content, name="a.csv", limits=Limits(rows=10**8, cpu_seconds=30))
        except UnreadableFile as refused:
            assert HEAVY not in str(refused)
        return os.times().children_user - start

    small, large = min(seconds(MB // 2) for _ in range(2)), seconds(2 * MB)
    assert large < 12 * max(small, 0.05)
