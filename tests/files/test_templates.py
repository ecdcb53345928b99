"""The workbook that an import begins with."""

import io
from datetime import date

from python_calamine import CalamineWorkbook

from accounts.sheets import TemplateColumn, example_of, read_table, write_template

from .build import parts

COLUMNS = [
    TemplateColumn("姓名", required=True, help="与身份证一致", example="张三"),
    TemplateColumn("证件号码", required=True, kind="text", example="500232195001010011"),
    TemplateColumn("出生日期", kind="date", example=date(1950, 1, 1)),
    TemplateColumn("类别", choices=["城市低保", "农村低保", "特困，集中", "=其他"], example="城市低保"),
    TemplateColumn("村", choices=[f"第{number}村" for number in range(300)]),
    TemplateColumn("金额", kind="number", example=620),
]
NAMES = [column.name for column in COLUMNS]


def template() -> bytes:
    return write_template(title="低保对象导入模板", columns=COLUMNS, notes=["一行一人。"])


def test_an_untouched_template_has_no_rows():
    table = read_table(template(), name="t.xlsx", known=NAMES, example=example_of(COLUMNS))
    assert (table.header, table.sheet, len(table)) == (NAMES, "数据", 0)
    assert len(read_table(template(), name="t.xlsx", known=NAMES)) == 1, "the example itself can be read"


def test_the_guide_names_every_column_its_duty_choices_and_example():
    rows = CalamineWorkbook.from_filelike(io.BytesIO(template())).get_sheet_by_name("填写说明").to_python()
    assert rows[0][0] == "低保对象导入模板" and rows[1][0] == "一行一人。"
    told = {row[0]: row[1:] for row in rows[4:]}
    assert list(told) == NAMES
    assert told["姓名"][:2] == ["必填", "与身份证一致"] and told["姓名"][3] == "张三"
    assert told["出生日期"][3] == date(1950, 1, 1)
    assert told["村"][2].endswith("第19村……")


def test_choices_of_any_length_drop_down_in_every_row():
    members = parts(template())
    sheet = members["xl/worksheets/sheet1.xml"].decode()
    assert sheet.count("<dataValidation ") == 2
    assert "<formula1>'可选值'!$A$2:$A$5</formula1>" in sheet and "<formula1>'可选值'!$B$2:$B$301</formula1>" in sheet
    assert 'sqref="D2:D100001"' in sheet
    choices = CalamineWorkbook.from_filelike(io.BytesIO(template())).get_sheet_by_name("可选值").to_python()
    assert [row[0] for row in choices[:5]] == ["类别", "城市低保", "农村低保", "特困，集中", "'=其他"]


def test_id_columns_are_text_and_required_ones_marked():
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(template())).get_sheet_by_index(0).to_python()
    assert sheet[0][:3] == ["姓名*", "证件号码*", "出生日期"]
    assert sheet[1][1] == "500232195001010011"
    styles = parts(template())["xl/styles.xml"].decode()
    assert 'formatCode="@"' in styles
    assert "与身份证一致" in parts(template())["xl/comments1.xml"].decode()
