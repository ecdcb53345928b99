"""Files added on the monthly sheet, and the history beside each of its cells."""

from datetime import date

import pytest
from django.urls import reverse

from tests.reporting import files
from tests.reporting.files import upload
from tests.steps import approve, correct, fill_and_submit, send_back
from workplan import clock
from workplan.models import Entry, Evidence, ProgressReport

pytestmark = pytest.mark.django_db
SHEET, EVIDENCE = reverse("workplan:sheet"), reverse("workplan:sheet_evidence")


@pytest.fixture
def attach(district, cast, as_user):
    """Return a function that chooses files for the task on the sheet of October, with what else is typed."""

    def post(*chosen, user=None, task=None, **typed):
        asked = {"unit": district.township.pk, "period": district.period(10).pk}
        asked["task"] = district.task.pk if task is None else task
        names = {f"files-{district.task.pk}": list(chosen)} if chosen else {}
        return as_user(user or cast.liaison).post(EVIDENCE, asked | names | typed)

    return post


def test_a_file_begins_the_report_and_is_shown_with_its_task(attach, district, cast, as_user):
    done = attach(upload("现场.png", files.PNG))
    assert done.status_code == 302 and done.url.endswith(f"#task-{district.task.pk}")
    (file,) = Evidence.objects.all()
    assert (file.report.task, file.report.period, file.target) == (district.task, district.period(10), None)
    page = as_user(cast.liaison).get(done.url).text
    assert "现场.png" in page and "佐证材料（1）" in page


def test_a_file_is_meant_for_one_target(attach, district):
    homes = district.targets["49.3"]
    attach(upload("现场.png", files.PNG), **{f"evidence_target-{district.task.pk}": homes.pk})
    assert Evidence.objects.get().target == homes


def test_what_is_typed_is_stored_with_the_file(attach, district):
    attach(upload("现场.png", files.PNG), **seven(district))
    assert Entry.objects.get(target=district.targets["49.3"]).value == 7
    assert Evidence.objects.count() == 1


def test_what_is_wrong_with_a_file_is_told_and_the_cells_are_stored(attach, district, cast, as_user):
    done = attach(upload("程序.png", b"MZ"), **seven(district))
    assert "程序.png" in as_user(cast.liaison).get(done.url).text
    assert Entry.objects.get(target=district.targets["49.3"]).value == 7
    assert not Evidence.objects.exists()


def test_without_a_file_it_is_said_so(attach, cast, as_user):
    assert "请先选择要上传的文件。" in as_user(cast.liaison).get(attach().url).text


@pytest.mark.parametrize("task", ["", "x", "9" * 30])
def test_without_a_task_the_form_is_broken(task, attach):
    assert attach(upload("现场.png", files.PNG), **{"task": task}).status_code == 400
    assert not Evidence.objects.exists()


def test_the_neighbour_adds_nothing(attach, cast):
    assert attach(upload("现场.png", files.PNG), user=cast.other_liaison).status_code == 404
    assert not Evidence.objects.exists()


def test_a_closed_period_takes_no_file(attach, district, cast, as_user):
    with clock.pinned(date(2024, 12, 20)):
        done = attach(upload("现场.png", files.PNG))
        assert "已关闭" in as_user(cast.liaison).get(done.url).text
    assert not Evidence.objects.exists()


def test_removing_a_file_leads_back_to_the_sheet(attach, district, cast, as_user):
    attach(upload("现场.png", files.PNG))
    (file,) = Evidence.objects.all()
    period = {"period": district.period(10).pk}
    done = as_user(cast.liaison).post(reverse("workplan:evidence_remove", args=[file.pk]), period)
    assert done.url.startswith(SHEET) and done.url.endswith(f"#task-{district.task.pk}")
    assert not Evidence.objects.kept().exists()


# --- history ---


def history(as_user, user, district, **headers):
    address = reverse("workplan:cell_history", args=[district.targets["49.3"].pk, district.township.pk])
    return as_user(user).get(address, **headers)


def test_history_tells_values_people_and_comments(district, cast, as_user):
    with clock.pinned(date(2024, 8, 20)):
        approve(fill_and_submit(district, cast, month=8, homes=7), cast)
    with clock.pinned(date(2024, 9, 20)):
        first = approve(fill_and_submit(district, cast, month=9, homes=12), cast)
        correct(first, cast, homes=11)
    send_back(fill_and_submit(district, cast, month=10, homes=13), cast)
    page = history(as_user, cast.liaison, district).text
    for words in (
        "7 户",
        "12 户",
        "11 户",
        "13 户",
        "第 2 版",
        cast.liaison.name,
        cast.head.name,
        "退回原因",
        "更正原因",
    ):
        assert words in page, words
    assert page.index("13 户") < page.index("11 户") < page.index("12 户") < page.index("7 户")


def test_history_has_the_newest_twelve(district, cast, as_user):
    for month in range(1, 13):
        with clock.pinned(date(2024, month, 20)):
            approve(fill_and_submit(district, cast, month=month, homes=month), cast)
    with clock.pinned(date(2024, 12, 22)):
        last = ProgressReport.objects.get(task=district.task, period=district.period(12))
        correct(last, cast, homes=14)
        lines = history(as_user, cast.liaison, district).context["lines"]
    assert [line.value for line in lines][:3] == ["14 户", "12 户", "11 户"]
    assert len(lines) == 12


def test_history_is_empty_before_anything_was_stated(district, cast, as_user):
    assert "还没有填报过。" in history(as_user, cast.liaison, district).text


def test_the_table_alone_is_for_the_sheet(district, cast, as_user):
    assert "<html" not in history(as_user, cast.liaison, district, HTTP_HX_REQUEST="true").text


def test_the_neighbour_sees_no_history(district, cast, as_user):
    assert history(as_user, cast.other_liaison, district).status_code == 404


def seven(district) -> dict[str, str]:
    """Return what a browser sends where 7 homes are typed into an empty row."""
    homes = district.targets["49.3"].pk
    empty = {f"was-{homes}-{name}": "" for name in ("value", "remark")}
    return {f"entry-{homes}-value": "7", f"entry-{homes}-remark": ""} | empty
