"""What people do to tables before they send them: headers moved, formats mixed, blanks around."""

import io
from datetime import date, datetime, time, timedelta

import pytest
import xlsxwriter

from accounts.sheets import UnreadableFile, is_ruined

from .build import PERSON, PLAIN, cells, one, parts, read, with_part, with_rows, workbook

ROW = ["张三", "500232195001010011", "1950-01-01", "12.5"]


def test_rows_come_with_the_line_on_which_they_stand():
    table = read(one([PERSON, ROW, [], ["", " "], ["李四", "", "", ""]]))
    assert list(table) == [(2, ROW), (5, ["李四", "", "", ""])]
    assert (table.header, table.header_line, table.first_line, len(table)) == (PERSON, 1, 2, 2)
    assert list(table) == list(table), "rows can be asked for again"
    assert [len(chunk) for chunk in table.chunks(1)] == [1, 1]


def test_a_header_stands_below_titles_and_off_the_corner():
    table = read(one([[], ["", "凤山街道低保对象名册"], ["", "填报人：甲"], ["", *PERSON], ["", *ROW]]))
    assert list(table) == [(5, ROW)]
    assert table.columns == [1, 2, 3, 4]
    assert [line for line, _ in table.above] == [1, 2, 3]


@pytest.mark.parametrize(
    "header",
    [
        ["姓名*", "＊证件号码", " 出 生 日 期", "金\n额"],
        ["姓名 ", "\u200b证件号码", "出生日期＊", "　金额　"],
    ],
)
def test_headers_are_known_whatever_blanks_widths_and_marks(header):
    assert read(one([header, ROW])).header == PERSON


def test_width_of_brackets_and_letters_does_not_count():
    assert read(one([["电话（手机）", "ＩＤ"], ["1", "2"]]), known=["电话(手机)", "id"]).header == ["电话(手机)", "id"]


def test_a_header_of_two_lines_with_merged_cells_is_joined():
    rows = [
        ["", "姓名", "老人", "", "监护人", ""],
        ["", "", "电话", "地址", "姓名", "电话"],
        ["", "张三", "1", "2", "李四", "3"],
    ]
    known = ["姓名", "老人电话", "地址", "监护人姓名", "监护人电话"]
    table = read(one(rows), known=known)
    assert table.header == known
    assert list(table) == [(3, ["张三", "1", "2", "李四", "3"])]


def test_a_row_of_data_is_not_taken_for_a_second_header_line():
    assert list(read(one([PERSON, ["姓名", "1", "2", "3"]]))) == [(2, ["姓名", "1", "2", "3"])]


def test_trailing_blank_columns_and_nameless_ones_are_left_out():
    table = read(one([["姓名", "", "证件号码", "", ""], ["张三", " ", "1", "", "  "]]))
    assert (table.header, table.columns, cells(table)) == (["姓名", "证件号码"], [0, 2], [["张三", "1"]])


def test_text_beside_the_header_is_named_by_line_and_column():
    with pytest.raises(UnreadableFile, match="第 3 行的 F 列有内容，但表头没有这一列的列名"):
        read(one([PERSON, ROW, [*ROW, "", "备注"]]))
    with pytest.raises(UnreadableFile, match="第 2 行的 B 列有内容"):
        read(one([["姓名", "", "金额"], ["张三", "漏了列名", "1"]]))


def test_twin_columns_are_named_by_their_letters():
    with pytest.raises(UnreadableFile, match="A 列和 C 列都是“姓名”"):
        read(one([["姓名", "金额", "姓名*"], ["1", "2", "3"]]))


def test_the_first_sheet_with_the_header_is_read_and_hidden_ones_are_not():
    book = workbook(
        ("旧", [PERSON, ["隐", "", "", ""]]),
        ("说明", [["怎么填"]]),
        ("名单", [PERSON, ROW]),
        ("又", [PERSON]),
        hidden=["旧"],
    )
    table = read(book)
    assert (table.sheet, table.sheets, cells(table)) == ("名单", ["说明", "名单", "又"], [ROW])


def test_without_the_header_the_message_names_the_sheets():
    with pytest.raises(UnreadableFile, match="工作表有：“甲表”、“乙表”"):
        read(workbook(("甲表", [["x"]]), ("乙表", [["y"]])))
    with pytest.raises(UnreadableFile, match="没有找到表头"):
        read(one([["随便", "什么"]]))
    with pytest.raises(UnreadableFile, match="文件中没有数据"):
        read(one([]))


def test_without_known_names_the_first_row_with_text_is_the_header():
    table = read(one([[], ["甲", "乙"], ["1", "2"]]), known=())
    assert (table.header, list(table)) == (["甲", "乙"], [(3, ["1", "2"])])


def test_the_column_of_problems_and_the_example_row_are_not_read():
    rows = [[*PERSON, "错误说明"], [*ROW, ""], ["李四", "2", "", "", "姓名太短"]]
    table = read(one(rows), example=dict(zip(PERSON, ROW, strict=True)))
    assert (table.header, list(table)) == (PERSON, [(3, ["李四", "2", "", ""])])


def typed(tmp_path) -> bytes:
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path, PLAIN) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["值", "名"])
        day, hour, span = (book.add_format({"num_format": n}) for n in ('yyyy"年"m"月"d"日"', "hh:mm", "[h]:mm"))
        sheet.write_datetime(1, 0, date(2024, 10, 15), day)
        sheet.write_datetime(2, 0, datetime(2024, 10, 15, 8, 30), day)
        sheet.write_datetime(3, 0, time(8, 30), hour)
        sheet.write_datetime(4, 0, timedelta(hours=27, minutes=5), span)
        sheet.write_boolean(5, 0, True)
        for line, number in enumerate([5, -3, 0.1 + 0.2, 1e-7, 123456789012345, 500232195001010011], start=6):
            sheet.write_number(line, 0, number)
        sheet.write_formula(12, 0, "=1+1", None, 2)
        sheet.write_formula(13, 0, "=A0", None, "#REF!")
        sheet.write_string(14, 0, "=1+1")
        sheet.write_string(15, 0, "１２３")
        sheet.write_string(16, 0, " 两边 ")
        sheet.write_rich_string(17, 0, "张", book.add_format({"bold": True}), "三")
        for line in range(1, 18):
            sheet.write_string(line, 1, "x")
    return path.read_bytes()


def test_every_type_of_cell_comes_as_text(tmp_path):
    values = [row[0] for row in cells(read(typed(tmp_path), known=["值", "名"]))]
    assert values == [
        "2024-10-15",
        "2024-10-15 08:30:00",
        "08:30:00",
        "27:05:00",
        "TRUE",
        "5",
        "-3",
        "0.3",
        "0.0000001",
        "123456789012345",
        "5.00232195001010E+17",
        "2",
        "#REF!",
        "=1+1",
        "１２３",
        " 两边 ",
        "张三",
    ]


@pytest.mark.parametrize("text", ["5.00232195001010E+17", "5.00232E+17", " 1E+18 ", "5.00232e+17"])
def test_a_number_that_lost_digits_is_recognised(text):
    assert is_ruined(text)


@pytest.mark.parametrize("text", ["500232195001010011", "50023219500101001X", "1E5", "E+17", "12.5", ""])
def test_other_numbers_are_not(text):
    assert not is_ruined(text)


def test_errors_of_formulas_keep_their_rows_and_lines():
    xml = '<row r="9"><c r="A9" t="e"><f>X</f><v>#N/A</v></c><c r="B9" t="str"><f>Y</f><v>r="B9" t="e"</v></c></row>'
    assert list(read(with_rows(xml)))[-1] == (9, ["#N/A", 'r="B9" t="e"', "", ""])


def test_our_apostrophe_is_taken_back_and_that_of_others_kept():
    table = read(one([PERSON, ["'=1+1", "'abc", "''=x", "'"]]))
    assert cells(table) == [["=1+1", "'abc", "'=x", "'"]]


def test_characters_that_part_cells_inside_do_no_harm():
    xml = '<row r="3"><c r="A3" t="inlineStr"><is><t>a_x001F_b_x001E_c_x0000_d</t></is></c></row>'
    assert cells(read(with_rows(xml)))[1:] == [["abcd", "", "", ""]]


def test_parts_with_foreign_names_and_pictures_are_ignored():
    assert read(with_part("xl/media/image1.png", b"\x89PNG" * 1000)).header == PERSON
    assert "xl/workbook.xml" in parts(one([PERSON]))


CSV = "姓名,证件号码,出生日期,金额\n张三,500232195001010011,1950-01-01,12.5\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_understood_in_every_usual_encoding(encoding):
    table = read(CSV.replace("张三", "张𠮷").encode(encoding), name="表.CSV")
    assert (table.header, list(table)) == (PERSON, [(2, ["张𠮷", *ROW[1:]])])
    assert (table.sheet, table.sheets) == ("", [])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_text_is_parted_by_what_finds_the_known_names(delimiter):
    content = CSV.replace(",", delimiter).replace("张三", '"张,;|三"').encode()
    assert cells(read(content, name="表.txt")) == [["张,;|三", *ROW[1:]]]
    assert cells(read(b"sep=" + delimiter.encode() + b"\r\n" + content, name="表.csv"))[0][1] == ROW[1]


def test_rows_of_text_may_be_short_long_with_blanks_or_quoted_over_lines():
    content = '\n名册,,,\n姓名,证件号码,金额,,\n张三\n,,,,\n"李\n四",1,"2""",,\n'.encode()
    table = read(content, name="a.csv")
    assert list(table) == [(4, ["张三", "", ""]), (6, ["李\n四", "1", '2"'])]
    assert table.header_line == 3


def test_formulas_and_percentages_are_told_where_asked_for():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, PLAIN) as book:
        sheet, percent = book.add_worksheet("数据"), book.add_format({"num_format": "0.0%"})
        sheet.write_row(1, 1, PERSON)
        sheet.write_row(2, 1, ["张三", "1", "2"])
        sheet.write_formula(2, 4, '=1+2&"<"', value="3<")
        sheet.write_row(4, 1, ["李四", "100%"], percent)
        sheet.write_number(4, 3, 0.95, percent)
        sheet.write_blank(4, 4, None, percent)
    table = read(stream.getvalue(), looks=True)
    assert table.formulas == {(3, 4): '=1+2&"<"'}
    assert table.percents == {(5, 3)}
    assert cells(table) == [["张三", "1", "2", "3<"], ["李四", "100%", "0.95", ""]]
    plain = read(stream.getvalue())
    assert (plain.formulas, plain.percents) == ({}, frozenset())
