"""The monthly sheet: everything a unit owes on one page, saved cell by cell, handed in at once."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Event
from tests import factories as make
from tests.steps import approve, fill_and_submit, send_back
from workplan import clock
from workplan.enums import ReportStatus
from workplan.models import Allocation, Entry, ProgressReport, Target
from workplan.views.sheet_page import read_sheet

pytestmark = pytest.mark.django_db
SHEET, SAVE, SUBMIT = (reverse(f"workplan:{name}") for name in ("sheet", "sheet_save", "sheet_submit"))
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def open_sheet(district, cast, as_user):
    """Return a function that opens the sheet and gives its inputs as a browser would send them."""

    def inputs(user=None, *, unit=None, month=10) -> dict[str, str]:
        client = as_user(user or cast.liaison)
        unit = unit or district.township
        response = client.get(SHEET, {"unit": unit.pk, "period": district.period(month).pk})
        assert response.status_code == 200
        sheet = response.context["sheet"]
        found = {"unit": str(unit.pk), "period": str(sheet.period.pk)}
        for part in sheet.parts:
            for inputs in [*part.entries, *([part.texts] if part.texts else [])]:
                found |= {one.name: one.value for one in inputs.before}
                found |= {one.name.replace("was-", prefix_of(one.name)): one.value for one in inputs.before}
        return {name: value for name, value in found.items() if value or not name.endswith("zero_report")}

    def prefix_of(name: str) -> str:
        return "" if name.startswith("was-text-") else "entry-"

    return inputs


@pytest.fixture
def name(district):
    """Return a function that names the input of a target: name("49.3", "value")."""
    return lambda code, field: f"entry-{district.targets[code].pk}-{field}"


@pytest.fixture
def send(cast, as_user):
    def post(data, user=None, *, to=SAVE, **headers):
        return as_user(user or cast.liaison).post(to, data, **headers)

    return post


def stored(district, code, *, unit=None) -> Entry:
    return Entry.objects.get(target=district.targets[code], report__org_unit=unit or district.township)


# --- reading ---


def test_looking_begins_nothing(open_sheet, district):
    open_sheet()
    assert not ProgressReport.objects.exists() and not Event.objects.filter(action__startswith="report").exists()


def test_all_that_is_owed_is_there_with_what_is_known(district, cast, as_user):
    with clock.pinned(date(2024, 9, 25)):
        approve(fill_and_submit(district, cast, month=9, homes=7, rate=(8, 10)), cast)
    text = as_user(cast.liaison).get(SHEET).text
    assert "D1甲街道 2024年10月填报" in text and "养老板块" in text and "殡葬板块" in text
    assert "7 户（2024年9月）" in text and "本单位 50 户" in text
    assert "按月推进" not in text and 'data-carry="本月按计划推进。"' in text
    assert text.count("data-row=") == 3


def test_the_statements_do_not_grow_with_the_rows(district, cast):
    def statements() -> int:
        cast.liaison.__dict__.pop("scope", None)
        with CaptureQueriesContext(connection) as queries:
            read_sheet(cast.liaison, district.township, district.period(10))
        return len(queries)

    few = statements()
    for number in range(30):
        target = make.TargetFactory(task=district.task if number % 2 else district.other_task, code=f"x.{number}")
        Allocation.objects.create(target=target, org_unit=district.township, amount=1)
    assert statements() == few


def test_without_duties_or_plan_a_kind_word(cast, district, as_user):
    Allocation.objects.all().delete()
    assert "没有需要填报的任务" in as_user(cast.liaison).get(SHEET).text
    district.plan.periods.all().delete()
    assert "现在没有可以填报的报告期" in as_user(cast.liaison).get(SHEET).text


@pytest.mark.parametrize(
    ("part", "status"), [("leader", 403), ("nobody", 403), ("outsider", 404), ("other_liaison", 404)]
)
def test_the_sheet_of_another_unit_is_closed(part, status, district, cast, as_user):
    asked = {"unit": district.township.pk}
    assert as_user(getattr(cast, part)).get(SHEET, asked).status_code == status


# --- saving ---


def test_one_cell_begins_the_report_and_is_stored(open_sheet, send, name, district):
    told = send(open_sheet() | {name("49.3", "value"): "１２"}, **JSON)
    assert told.status_code == 200
    row = told.json()["rows"][str(district.targets["49.3"].pk)]
    assert (
        row["stored"]
        and row["mark"]["word"] == "已保存"
        and row["before"][f"was-{district.targets['49.3'].pk}-value"] == "12"
    )
    assert stored(district, "49.3").value == 12
    assert Event.objects.filter(action="report.save").count() == 1


def test_the_same_message_twice_is_one_change(open_sheet, send, name, district):
    data = open_sheet() | {name("49.3", "value"): "12"}
    for _ in range(2):
        assert send(data, **JSON).status_code == 200
    assert ProgressReport.objects.filter(entries__value=12).get().version == 2
    assert Event.objects.filter(action="report.save").count() == 1


def test_two_officers_each_their_cell(open_sheet, send, name, district):
    mine, theirs = open_sheet(), open_sheet()
    assert send(mine | {name("49.3", "value"): "12"}, **JSON).status_code == 200
    assert send(theirs | {name("22.4", "numerator"): "9", name("22.4", "denominator"): "10"}, **JSON).status_code == 200
    assert stored(district, "49.3").value == 12 and stored(district, "22.4").numerator == 9


def test_two_officers_one_cell_the_second_is_told(open_sheet, send, name, district):
    mine, theirs = open_sheet(), open_sheet()
    send(mine | {name("49.3", "value"): "12"}, **JSON)
    told = send(theirs | {name("49.3", "value"): "15", name("49.3", "remark"): "补充"}, **JSON)
    row = told.json()["rows"][str(district.targets["49.3"].pk)]
    assert told.status_code == 409 and row["conflicts"] == {"value": "12"}
    assert stored(district, "49.3").value == 12 and stored(district, "49.3").remark == "补充"
    plain = send(theirs | {name("49.3", "value"): "15"})
    assert plain.status_code == 409 and "49.3 完成适老化改造户数：数值" in plain.text and 'value="15"' in plain.text


def test_texts_are_joined_likewise(open_sheet, send, district):
    field = f"text-{district.task.pk}-narrative"
    mine, theirs = open_sheet(), open_sheet()
    assert send(mine | {field: "甲写的"}, **JSON).status_code == 200
    told = send(theirs | {field: "乙写的"}, **JSON)
    assert told.status_code == 409
    assert told.json()["parts"][str(district.task.pk)]["conflicts"] == {"narrative": "甲写的"}
    assert ProgressReport.objects.get(task=district.task).narrative == "甲写的"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"49.3 value": "十二"}, "请只填写数字"),
        ({"49.3 value": "-1"}, "不能为负数"),
        ({"22.4 numerator": "3"}, "分子和分母要一起填写"),
        ({"46.3 value": "2", "46.3 zero_report": "on"}, "勾选零报告时数值应为 0"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_place_and_the_rest_is_stored(
    typed, words, open_sheet, send, name, district
):
    posted = {name(*place.split()): value for place, value in typed.items()}
    other = "49.3" if "22.4" in next(iter(typed)) else "22.4"
    sound = (
        {name("49.3", "value"): "5"}
        if other == "49.3"
        else {name("22.4", "numerator"): "1", name("22.4", "denominator"): "2"}
    )
    told = send(open_sheet() | posted | sound, **JSON)
    assert told.status_code == 422
    row = told.json()["rows"][str(district.targets[next(iter(typed)).split()[0]].pk)]
    assert not row["stored"] and words in "".join(one["text"] for one in row["problems"])
    assert row["mark"]["word"] == "需修改" and row["open"]
    assert not stored(district, other).report.entries.filter(
        target__code=next(iter(typed)).split()[0], value__isnull=False
    )
    plain = send(open_sheet() | posted)
    assert plain.status_code == 422 and words in plain.text and next(iter(typed.values())) in plain.text
    marks = {row.pk: row.mark.word for row in plain.context["sheet"].rows}
    assert [pk for pk, word in marks.items() if word == "需修改"] == [district.targets[next(iter(typed)).split()[0]].pk]


def test_a_rate_is_asked_in_the_words_of_its_target(open_sheet, send, name, district, cast, as_user):
    labels = {"numerator_label": "持证护理员人数", "denominator_label": "全部护理员人数"}
    Target.objects.filter(pk=district.targets["22.4"].pk).update(**labels)
    fresh = as_user(cast.liaison).get(SHEET).text
    wrong = send(open_sheet() | {name("22.4", "numerator"): "三", name("22.4", "denominator"): "4"}).text
    send(open_sheet() | {name("22.4", "numerator"): "3", name("22.4", "denominator"): "4"})
    report = stored(district, "22.4").report
    page = as_user(cast.liaison).get(f"/reports/{report.pk}/").text
    for text in (fresh, wrong, page):
        assert all(f">{label}</label>" in text for label in labels.values())


def test_what_is_put_back_after_a_mistake_is_told_to_be_right(open_sheet, send, name, district):
    send(open_sheet() | {name("49.3", "value"): "12"})
    before = open_sheet()
    wrong = before | {name("49.3", "value"): "12ab"}
    assert send(wrong, **JSON).status_code == 422
    told = send(before, **JSON)
    row = told.json()["rows"][str(district.targets["49.3"].pk)]
    assert told.status_code == 200 and row["stored"] and row["problems"] == [] and row["mark"]["word"] == "已保存"
    assert stored(district, "49.3").value == 12


def test_warnings_are_told_while_typing(open_sheet, send, name, district, cast):
    with clock.pinned(date(2024, 9, 25)):
        approve(fill_and_submit(district, cast, month=9, homes=7, rate=(8, 10)), cast)
    told = send(open_sheet() | {name("49.3", "value"): "40"}, **JSON)
    row = told.json()["rows"][str(district.targets["49.3"].pk)]
    assert row["stored"] and row["mark"]["word"] == "请核对"
    assert [one["level"] for one in row["problems"]] == ["warning"]


def test_rows_of_another_unit_are_refused_and_noted(open_sheet, send, district, neighbour):
    strange = {f"entry-{neighbour.targets['49.3'].pk}-value": "3", f"was-{neighbour.targets['49.3'].pk}-value": ""}
    assert send(open_sheet() | strange, **JSON).status_code == 404
    assert Event.objects.filter(action="access.refused").count() == 1
    assert not Entry.objects.exists()


@pytest.mark.parametrize("part", ["other_liaison", "outsider"])
def test_another_unit_cannot_be_written(part, open_sheet, send, name, cast):
    assert send(open_sheet() | {name("49.3", "value"): "3"}, getattr(cast, part), **JSON).status_code == 404
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize("broken", [{"unit": "x"}, {"period": ""}, {"unit": "9" * 30}])
def test_a_broken_form_is_said_to_be_broken(broken, open_sheet, send):
    assert send(open_sheet() | broken).status_code == 400


def test_a_form_without_what_was_before_is_refused(open_sheet, send, name):
    data = {key: value for key, value in open_sheet().items() if not key.startswith("was-")}
    assert send(data | {name("49.3", "value"): "3"}).status_code == 400


def test_a_closed_period_is_read_only_until_it_is_opened(open_sheet, send, name, district, cast, as_user):
    data = open_sheet(month=8)
    assert not [key for key in data if key.startswith("entry-")]
    assert "已于" in as_user(cast.liaison).get(SHEET, {"period": district.period(8).pk}).text


def test_what_was_handed_in_meanwhile_is_told(open_sheet, send, name, district, cast):
    data = open_sheet()
    fill_and_submit(district, cast, month=10, homes=3)
    told = send(data | {name("49.3", "value"): "5"}, **JSON)
    assert told.status_code == 200 and stored(district, "49.3").value == 3


# --- handing in ---


def test_what_is_ready_goes_and_the_rest_is_named(open_sheet, send, name, district):
    typed = {name("49.3", "value"): "3", name("22.4", "numerator"): "9", name("22.4", "denominator"): "10"}
    done = send(open_sheet() | typed, to=SUBMIT)
    assert done.status_code == 422 and "已提交 1 项任务" in done.text
    assert "46. 违建墓地整治" in done.text and "请填写本期起数" in done.text
    assert ProgressReport.objects.get().status == ReportStatus.SUBMITTED
    last = send(open_sheet() | {name("46.3", "zero_report"): "on"}, to=SUBMIT, follow=True)
    assert "已提交 1 项任务" in last.text
    assert ProgressReport.objects.filter(status=ReportStatus.SUBMITTED).count() == 2
    assert "没有待提交的任务" in send(open_sheet(), to=SUBMIT, follow=True).text


def test_doubts_ask_once(open_sheet, send, name, district, cast):
    with clock.pinned(date(2024, 9, 25)):
        approve(fill_and_submit(district, cast, month=9, homes=7, rate=(8, 10)), cast)
    typed = {name("49.3", "value"): "40", name("22.4", "numerator"): "9", name("22.4", "denominator"): "10"}
    asked = send(open_sheet() | typed, to=SUBMIT)
    assert asked.status_code == 422 and "的 5 倍" in asked.text and "已核对提醒，仍然提交" in asked.text
    assert ProgressReport.objects.get(period=district.period(10), task=district.task).status == ReportStatus.DRAFT
    send(open_sheet() | {"confirmed": "on"}, to=SUBMIT)
    assert ProgressReport.objects.get(period=district.period(10), task=district.task).status == ReportStatus.SUBMITTED


def test_a_returned_report_shows_why_and_goes_again(open_sheet, send, name, district, cast, as_user):
    send_back(fill_and_submit(district, cast, month=10, homes=3), cast, reason="缺佐证。")
    assert "已退回：" in as_user(cast.liaison).get(SHEET).text
    send(open_sheet() | {name("49.3", "value"): "4"}, to=SUBMIT)
    assert ProgressReport.objects.get(task=district.task).status == ReportStatus.SUBMITTED


def test_a_wrong_cell_holds_up_handing_in_and_nothing_typed_is_lost(open_sheet, send, name):
    done = send(open_sheet() | {name("49.3", "value"): "三"}, to=SUBMIT)
    assert done.status_code == 422 and 'value="三"' in done.text
    assert not ProgressReport.objects.filter(status=ReportStatus.SUBMITTED).exists()


def test_script_in_texts_is_text(open_sheet, send, district, cast, as_user):
    nasty = "<script>alert(1)</script>"
    send(open_sheet() | {f"text-{district.task.pk}-narrative": nasty})
    text = as_user(cast.liaison).get(SHEET).text
    assert nasty not in text and "&lt;script&gt;" in text
