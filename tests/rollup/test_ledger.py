"""The ledger has the usual columns, a frozen head, a print set-up, lights as words and colours, and no error in any cell."""

import io
import re
import zipfile
from datetime import date

import pytest

from tests import factories as make
from tests.supervision import steps
from workplan import clock
from workplan.rollup.ledger import COLUMNS
from workplan.services import rollup as service
from workplan.services.supervision import Subject

from .conftest import asked_for, content, ledger_of, publish

pytestmark = pytest.mark.django_db
USUAL = [
    "序号",
    "来源（章节/条）",
    "重点任务",
    "工作目标（指标）",
    "具体措施",
    "分管领导",
    "牵头科室",
    "配合科室/乡镇",
    "责任人",
    "启动时间",
    "完成时限",
    "进度（%）",
    "进展情况",
    "存在问题",
    "下一步打算",
    "佐证材料",
    "状态灯",
    "督办记录",
    "办结（销号）日期",
    "考核得分",
    "备注",
]


def part(report, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content(report, "xlsx"))) as book:
        return book.read(name).decode()


def rows_of(report) -> list[dict]:
    rows = ledger_of(report)
    return [dict(zip(rows[3], row, strict=True)) for row in rows[4:]]


def test_columns(published):
    header = [name for name in ledger_of(published)[3] if name]
    assert header == [name for name, _ in COLUMNS]
    assert [name for name in header if name in USUAL] == USUAL


def test_a_row_tells_what_the_snapshot_holds(published, told):
    row = next(row for row in rows_of(published) if row["工作目标（指标）"].startswith("49.3"))
    assert row["来源（章节/条）"] == "5. 养老板块 第49条"
    assert row["目标值"] == "不低于 100 户"
    assert (row["实绩"], row["进度（%）"], row["状态灯"]) == ("105 户", 105, "完成")
    assert row["牵头科室"] == told.office.label
    assert row["完成时限"] == date(2024, 12, 31)
    assert "本月按计划推进。" in row["进展情况"]


def test_orders_stand_in_their_rows_as_they_were_on_the_last_day(told, cast):
    with clock.pinned(date(2024, 9, 27)):
        order = steps.issue(steps.draft(told, cast), cast)
        steps.draft(told, cast)
    with clock.pinned(date(2024, 10, 8)):
        steps.sign(order, cast)
        steps.issue(steps.draft(told, cast, subject=Subject(task=told.task)), cast)
    report, _ = service.make_report(asked=asked_for(told), actor=cast.leader)
    rows = rows_of(publish(report, cast.leader))
    shown = {row["工作目标（指标）"].split()[0]: row["督办记录"] for row in rows}
    assert shown.pop("49.3") == f"督办〔2024〕1号（{told.township.label}，提醒）已下发，时限 2024-10-22"
    assert not any(shown.values())


def test_orders_on_a_task_stand_in_each_of_its_rows_and_a_township_sees_its_own(told, cast):
    with clock.pinned(date(2024, 9, 27)):
        for unit in (told.township, told.other_township):
            order = steps.draft(told, cast, unit=unit, subject=Subject(task=told.task))
            steps.issue(order, cast)
    asked = asked_for(told, township=told.other_township)
    report, _ = service.make_report(asked=asked, actor=cast.leader)
    rows = [row for row in rows_of(publish(report, cast.leader)) if row["重点任务"].startswith("49.")]
    assert len(rows) == 2
    words = f"督办〔2024〕2号（{told.other_township.label}，提醒）已下发，时限 2024-10-22"
    assert {row["督办记录"] for row in rows} == {words}


def test_the_head_of_the_leading_office_answers(published, cast):
    row = next(row for row in rows_of(published) if row["工作目标（指标）"].startswith("46.3"))
    assert row["责任人"] == cast.other_head.name


def test_head_is_frozen_and_repeated_and_one_page_wide(published):
    sheet, book = part(published, "xl/worksheets/sheet1.xml"), part(published, "xl/workbook.xml")
    assert re.search(r'<pane xSplit="4" ySplit="4" topLeftCell="E5"[^>]*state="frozen"', sheet)
    assert 'orientation="landscape"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert 'fitToPage="1"' in sheet
    assert "_xlnm.Print_Titles" in book
    assert "$4:$4" in book
    assert "<autoFilter" in sheet


def test_lights_are_words_with_colours(published):
    assert {row["状态灯"] for row in rows_of(published)} <= {
        "完成",
        "逾期完成",
        "正常",
        "滞后",
        "红灯",
        "未报",
        "未启动",
        "不亮灯",
    }
    assert "FFD6ECD9" in part(published, "xl/styles.xml")


def test_no_formula_and_no_error(published):
    sheet = part(published, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert 't="e"' not in sheet
    assert not any(str(cell).startswith("#") for row in ledger_of(published) for cell in row)


def test_a_task_whose_targets_stand_elsewhere_has_its_row(told, cast):
    task = make.TaskFactory(section=told.section, number=23, title="居家养老")
    told.targets["49.3"].also_in.add(task)
    report, _ = service.make_report(asked=asked_for(told), actor=cast.leader)
    row = next(row for row in rows_of(publish(report, cast.leader)) if row["重点任务"].startswith("23."))
    assert row["工作目标（指标）"] == "见目标 49.3"
