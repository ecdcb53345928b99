"""Tables that leave: harmless text, true numbers and days, every row, whatever the size."""

import csv
import io
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from accounts import sheets
from accounts.disarm import disarm, is_harmless, restore

from .build import parts

STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "　=", "\ufeff@", "'=", " '-"]


def xlsx(header, rows, **more) -> bytes:
    stream = io.BytesIO()
    rows = list(rows)
    assert sheets.write_xlsx_stream(stream, header=header, rows=iter(rows), **more) == len(rows)
    return stream.getvalue()


def text(header, rows, **more) -> str:
    stream = io.BytesIO()
    rows = list(rows)
    assert sheets.write_csv_stream(stream, header=header, rows=iter(rows), **more) == len(rows)
    return stream.getvalue().decode("utf-8-sig")


def seen(content: bytes) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("start", STARTS)
def test_cells_headers_and_lines_cannot_become_formulas(start):
    evil = f"{start}1+1"
    content = xlsx([evil, "乙"], [[evil, "x"]], lines=[evil], text_columns=[evil])
    assert b"<f>" not in b"".join(parts(content).values())
    title, _, header, row = seen(content)
    assert {title[0], header[0], row[0]} == {f"'{evil}"}
    assert [row[0] for row in csv.reader(io.StringIO(text([evil, "乙"], [[evil, "x"]], lines=[evil]), newline=""))] == [
        f"'{evil}"
    ] * 3


def test_numbers_and_days_stay_what_they_are():
    values = [-5, Decimal("-1.50"), 0, 123456789012345, 0.5, date(2024, 2, 29)]
    assert seen(xlsx(list("abcdef"), [values]))[1] == [-5.0, -1.5, 0.0, 123456789012345.0, 0.5, date(2024, 2, 29)]
    assert text(list("abcdef"), [values]).splitlines()[1] == "-5,-1.50,0,123456789012345,0.5,2024-02-29"


def test_what_a_cell_could_not_hold_leaves_as_text():
    moment = datetime(2024, 2, 28, 16, 5, tzinfo=UTC)
    values = [
        10**15,
        -(10**17),
        Decimal("1234567890.123456789"),
        date(1899, 12, 31),
        date(1, 1, 1),
        moment,
        True,
        False,
    ]
    told = [
        "1000000000000000",
        "-100000000000000000",
        "1234567890.123456789",
        "1899-12-31",
        "0001-01-01",
        "2024-02-29 00:05",
        "是",
        "否",
    ]
    assert seen(xlsx(list("abcdefgh"), [values]))[1] == told
    assert next(csv.reader(text(list("abcdefgh"), [values]).splitlines()[1:])) == told
    odd = [float("nan"), float("-inf"), None, "", "a\x00b\ud800c", "文" * 40_000]
    assert seen(xlsx(list("abcdef"), [odd]))[1] == ["nan", "-inf", "", "", "abc", "文" * 32_767]


def test_text_stays_text_and_days_are_shown_as_days():
    styles = parts(xlsx(["证", "日"], [["012", date(2024, 1, 2)]], text_columns=["证"]))["xl/styles.xml"].decode()
    assert 'formatCode="yyyy-mm-dd"' in styles and 'formatCode="@"' in styles
    assert seen(xlsx(["证"], [["012"], ["1e5"], ["http://x.y"], ["TRUE"]])) == [
        ["证"],
        ["012"],
        ["1e5"],
        ["http://x.y"],
        ["TRUE"],
    ]


def test_lines_stand_over_the_header_and_say_who_took_it():
    lines = [
        *sheets.provenance(
            title="低保台账", as_of=date(2024, 10, 1), taken_by="张三（zhang）", taken_at="2024-10-02 08:00"
        ),
        "内部资料",
    ]
    rows = seen(xlsx(["姓名", "额"], [["李四", 1]], lines=lines))
    assert [row[0] for row in rows[:3]] == [
        "低保台账",
        "数据截至 2024-10-01　导出人：张三（zhang）　导出时间：2024-10-02 08:00",
        "内部资料",
    ]
    assert rows[3:] == [["", ""], ["姓名", "额"], ["李四", 1.0]]
    assert len(seen(xlsx(["姓名"], [["李四"]], lines=lines))) == 6, "one column is enough"


def test_nothing_to_write_is_still_a_table():
    assert seen(xlsx(["姓名", "额"], [])) == [["姓名", "额"]]
    assert text(["姓名", "额"], []) == "姓名,额\r\n"


def test_twin_columns_and_crooked_rows_are_mistakes_of_the_caller():
    with pytest.raises(ValueError, match="same name"):
        xlsx(["姓名", "姓名"], [["a", "b"]])
    with pytest.raises(ValueError, match="zip"):
        xlsx(["姓名", "额"], [["a"]])


def test_an_error_while_rows_are_fetched_is_not_swallowed():
    def rows():
        yield ["a"]
        raise LookupError("gone")

    for write in (sheets.write_xlsx_stream, sheets.write_csv_stream):
        with pytest.raises(LookupError, match="gone"):
            write(io.BytesIO(), header=["姓名"], rows=rows())


@pytest.mark.parametrize("write", [sheets.write_xlsx_stream, sheets.write_csv_stream])
def test_memory_does_not_grow_with_the_rows(write, tmp_path):
    def peak(rows: int) -> int:
        tracemalloc.start()
        with (tmp_path / "t").open("wb") as stream:
            write(stream, header=["甲", "乙"], rows=([f"文字{number}" * 10, number] for number in range(rows)))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100)
    assert peak(20_000) < peak(1_000) + 2**21


@given(st.text(alphabet=st.sampled_from("=+-@＝＋ \t\r\n'　𠮷a1") | st.characters(), max_size=12))
def test_disarming_is_undone_exactly(value):
    kept = "".join(c for c in value if c in "\t\n\r" or not (ord(c) < 32 or 0xD800 <= ord(c) <= 0xDFFF))
    assert restore(disarm(value)) == kept
    assert not is_harmless(value) or disarm(value) == value
    assert disarm(value).lstrip(" \u3000\u00a0\ufeff\u200b")[:1] not in tuple("=+-@＝＋－＠\t\r\n")


TEXT = st.text(
    alphabet=st.sampled_from("=+-@＝＋－＠\t\r\n' 　𠮷１２,;\"<>&_x") | st.characters(exclude_categories=["Cs"], exclude_characters=[chr(c) for c in range(32)]),
    max_size=20,
)  # fmt: skip


@settings(deadline=None, max_examples=30)  # each example starts two processes
@given(st.lists(st.tuples(TEXT, TEXT).filter(lambda row: "".join(row).strip()), min_size=1, max_size=20))
def test_what_is_written_is_read_back_equal(rows):
    for write, name in ((sheets.write_xlsx_stream, "t.xlsx"), (sheets.write_csv_stream, "t.csv")):
        stream = io.BytesIO()
        write(stream, header=["姓名", "备注"], rows=rows)
        table = sheets.read_table(stream.getvalue(), name=name, known=["姓名", "备注"])
        assert list(table) == [(line, list(row)) for line, row in enumerate(rows, start=2)]
