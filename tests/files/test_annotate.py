"""The user's own file back, with what is wrong beside each row."""

import io

import pytest
from python_calamine import CalamineWorkbook

from accounts.sheets import annotate, read_table

from .build import PERSON, one, parts, read, workbook

ROW = ["张三", "500232195001010011", "1950-01-01", "12.5"]
TITLED = [["低保名册", "", "2024 年"], [], PERSON, ROW, [], ["=1+1", "5", "", "x"], ["王五", "", "", ""]]


def annotated(content: bytes, problems: dict[int, str], **more) -> bytes:
    stream = io.BytesIO()
    annotate(stream, read(content), problems, **more)
    return stream.getvalue()


def test_every_cell_stands_where_it_was_with_the_problem_beside_it():
    content = annotated(one(TITLED), {6: "“金额”：请填写数字。", 7: "=SUM(1)"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows == [
        ["低保名册　2024 年", "", "", "", ""],
        [""] * 5,
        [*PERSON, "错误说明"],
        [*ROW, ""],
        [""] * 5,
        ["'=1+1", "5", "", "x", "“金额”：请填写数字。"],
        ["王五", "", "", "", "'=SUM(1)"],
    ]


def test_the_corrected_file_is_read_as_the_first_was():
    before = read(one(TITLED))
    after = read(annotated(one(TITLED), {6: "坏"}))
    assert (after.header, list(after)) == (before.header, list(before))


def test_wrong_rows_are_coloured_and_long_numbers_are_text():
    members = parts(annotated(one(TITLED), {6: "坏"}))
    sheet = members["xl/worksheets/sheet1.xml"].decode()
    assert sheet.count('customFormat="1"') == 1 and '<row r="6" s=' in sheet
    assert "FDE7E9" in members["xl/styles.xml"].decode()
    assert "<v>" not in sheet, "no number cells at all"


def test_columns_keep_their_places():
    content = annotated(workbook(("名单", [["", "姓名", "", "金额"], ["", "张三", "", "1"]])), {2: "坏"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    assert sheet.name == "名单"
    assert [row[1::2] for row in sheet.to_python(skip_empty_area=False)[1:]] == [["张三", "1"]]
    table = read(content)
    assert (table.columns, list(table)) == ([1, 3], [(2, ["张三", "1"])])


def test_only_the_wrong_rows_on_request():
    content = annotated(one(TITLED), {7: "坏"}, only_wrong=True)
    assert list(read(content)) == [(4, ["王五", "", "", ""])]


@pytest.mark.parametrize("problems", [{}, {2: "坏"}])
def test_text_files_come_back_as_workbooks(problems):
    table = read_table("姓名,金额\n张三,1\n".encode("gb18030"), name="a.csv", known=PERSON)
    stream = io.BytesIO()
    assert annotate(stream, table, problems) == 1
    assert list(read(stream.getvalue())) == [(2, ["张三", "1"])]
