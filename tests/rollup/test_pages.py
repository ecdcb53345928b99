"""The pages: make, read, word, publish, download; every bad input is said where it was typed and what was typed stays."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Event
from tests.pages.conftest import grow
from workplan import clock
from workplan.models import RollupReport
from workplan.services import rollup as service

from .conftest import asked_for, content, publish

pytestmark = pytest.mark.django_db


def address(name: str, report=None, *more) -> str:
    return reverse(f"workplan:{name}", args=[report.pk, *more] if report else [])


NEW = {"kind": "month", "subject": "bureau", "start": "", "end": "2024-09-30"}


def test_the_list_shows_what_may_be_seen(published, told, cast, as_user):
    service.make_report(asked=asked_for(told, month=8), actor=cast.leader)
    assert [row.record.end for row in as_user(cast.leader).get(address("rollups")).context["table"].rows] == [
        date(2024, 9, 30),
        date(2024, 8, 31),
    ]
    assert len(as_user(cast.auditor).get(address("rollups")).context["table"].rows) == 1
    page = as_user(cast.liaison).get(address("rollups"))
    assert "没有您可以查看的汇总报告。" in page.content.decode()
    assert "生成汇总" not in page.content.decode()
    assert len(as_user(cast.leader).get(address("rollups"), {"state": "draft"}).context["table"].rows) == 1


def test_one_click_makes_a_draft_and_opens_it(told, cast, as_user):
    response = as_user(cast.leader).post(address("rollup_new"), NEW)
    report = RollupReport.objects.get()
    assert response.url == address("rollup", report)
    assert report.made_by == cast.leader
    again = as_user(cast.leader).post(address("rollup_new"), NEW, follow=True)
    assert "已经有了" in again.content.decode()
    assert RollupReport.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"end": "2024-09-29"}, "月度汇总的截止日期应是一期的最后一天，如 2024-09-30。"),
        ({"end": "2024-10-31"}, "截止日期不能晚于今天"),
        ({"end": "2023-09-30"}, "起止日期须在2024年内"),
        ({"end": ""}, "请填写截止日期。"),
        ({"end": "昨天"}, "请填写日期，如 2024-10-15。"),
        ({"kind": "week"}, "没有这一类型，请重新选择。"),
        ({"subject": "section-0"}, "没有这一范围，或您无权汇总。"),
        ({"kind": "on_demand"}, "专题汇总请填写起始日期。"),
        ({"kind": "on_demand", "start": "2024-10-01"}, "截止日期不能早于起始日期"),
        ({"kind": "quarter", "end": "2024-08-31"}, "季度汇总的截止日期应是一期的最后一天，如 2024-09-30。"),
    ],
)
def test_what_cannot_be_made_is_said_and_kept(typed, words, told, cast, as_user):
    response = as_user(cast.leader).post(address("rollup_new"), NEW | typed)
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    if typed.get("end"):
        assert f'value="{typed["end"]}"' in page
    assert not RollupReport.objects.exists()


def test_only_what_one_may_report_on_can_be_chosen(told, neighbour, cast, as_user):
    page = as_user(cast.head).get(address("rollup_new"))
    assert [value for value, _ in _flat(page.context["form"].fields["subject"].choices)] == [
        f"section-{told.section.pk}"
    ]
    for subject in ("bureau", f"section-{told.other_section.pk}", f"section-{neighbour.section.pk}"):
        assert as_user(cast.head).post(address("rollup_new"), NEW | {"subject": subject}).status_code == 422
    chosen = _flat(as_user(cast.leader).get(address("rollup_new")).context["form"].fields["subject"].choices)
    assert len(chosen) == 1 + 2 + 2


def _flat(choices) -> list:
    return [pair for value, label in choices for pair in (label if isinstance(label, list) else [(value, label)])]


def test_a_draft_of_somebody_else_is_named_but_not_shown(told, cast, as_user):
    """A colleague's draft is there: the second is told so, instead of a page that is not found."""
    service.make_report(asked=asked_for(told, section=told.section), actor=cast.head)
    response = as_user(cast.staff).post(address("rollup_new"), NEW | {"subject": f"section-{told.section.pk}"})
    assert response.status_code == 422
    assert "已有他人编制的草稿" in response.content.decode()


def test_a_draft_is_edited_and_published(draft, cast, as_user):
    client = as_user(cast.leader)
    page = client.get(address("rollup", draft)).content.decode()
    assert "[[49.3|105户]]" in page
    client.post(address("rollup_save", draft), {"version": 1, "text-overview": "新写的总体情况。"})
    page = client.get(address("rollup", draft)).content.decode()
    assert "新写的总体情况。" in page
    assert client.post(address("rollup_publish", draft), {"version": 2}).status_code == 302
    page = client.get(address("rollup", draft)).content.decode()
    assert "已发布" in page
    assert "<textarea" not in page
    assert f'<a href="/targets/{draft.snapshot["targets"][0]["pk"]}/?as_of=2024-09-30">105户</a>' in page


def test_a_stale_form_is_told_with_both_texts(draft, cast, as_user):
    client = as_user(cast.leader)
    client.post(address("rollup_save", draft), {"version": 1, "text-overview": "先保存的。"})
    response = client.post(address("rollup_save", draft), {"version": 1, "text-overview": "后保存的。"})
    assert response.status_code == 409
    assert response.context["conflict"]["differences"] == [("亮灯情况", "先保存的。", "后保存的。")]
    page = response.content.decode()
    assert ">后保存的。</textarea>" in page
    assert 'name="version" value="2"' in page
    assert client.post(address("rollup_publish", draft), {"version": 1}).status_code == 409
    assert RollupReport.objects.get().texts["overview"] == "先保存的。"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"text-overview": "字" * 8001}, "每段文字最多 8000 字。"),
        ({"text-overview": "坏\x00字"}, "无法识别的字符"),
        ({"text-s99.progress": "x"}, "不属于这份报告的段落"),
    ],
)
def test_words_that_cannot_be_kept_are_said_and_stay(typed, words, draft, cast, as_user):
    response = as_user(cast.leader).post(address("rollup_save", draft), {"version": 1} | typed)
    assert response.status_code == 422
    assert words in response.content.decode()
    if "text-overview" in typed:
        assert typed["text-overview"].replace("\x00", "")[:5] in response.content.decode().replace("\x00", "")
    assert RollupReport.objects.get().version == 1


def test_a_form_without_its_version_is_a_bad_request(draft, cast, as_user):
    for name in ("rollup_save", "rollup_publish"):
        assert as_user(cast.leader).post(address(name, draft), {}).status_code == 400


def test_a_published_report_takes_no_words(published, cast, as_user):
    response = as_user(cast.leader).post(address("rollup_save", published), {"version": 1, "text-overview": "x"})
    assert response.status_code == 409
    assert "已发布，不能再修改" in response.content.decode()
    assert as_user(cast.leader).post(address("rollup_publish", published), {"version": 1}).status_code == 409
    assert as_user(cast.leader).post(address("rollup_discard", published), {}).status_code == 409


def test_a_draft_is_thrown_away(draft, cast, as_user):
    response = as_user(cast.leader).post(address("rollup_discard", draft), follow=True)
    assert "已删除草稿" in response.content.decode()
    assert as_user(cast.leader).get(address("rollup", draft)).status_code == 404


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_stored_documents_are_sent_as_they_are(kind, published, cast, as_user):
    response = as_user(cast.auditor).get(address("rollup_file", published, kind))
    assert b"".join(response.streaming_content) == content(published, kind)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert Event.objects.filter(action="rollup.download", actor=cast.auditor).count() == 1
    assert as_user(cast.liaison).get(address("rollup_file", published, kind)).status_code == 404


def test_a_draft_can_be_looked_at_as_documents(draft, cast, as_user):
    response = as_user(cast.leader).get(address("rollup_file", draft, "docx"))
    assert b"".join(response.streaming_content).startswith(b"PK")
    assert "%E8%8D%89%E7%A8%BF" in response["Content-Disposition"], "its name says that it is a draft"
    assert as_user(cast.leader).get(address("rollup_file", draft, "exe")).status_code == 404


@pytest.mark.parametrize("name", ["rollup", "rollup_save", "rollup_publish", "rollup_discard"])
def test_another_district_has_no_such_report(name, draft, neighbour, cast, as_user):
    client = as_user(cast.outsider)
    act = client.get if name == "rollup" else client.post
    assert act(address(name, draft)).status_code == 404


def test_corrections_late_and_missing_are_listed(corrected, told, cast, as_user):
    with clock.pinned(date(2024, 11, 5)):
        later, _ = service.make_report(asked=asked_for(told, month=10), actor=cast.leader)
        page = as_user(cast.leader).get(address("rollup", later)).content.decode()
    assert "数据有误。" in page
    assert "30 户" in page
    assert "逾期未报" in page


def test_the_page_takes_the_same_statements_whatever_the_size(told, cast, as_user):
    counts = []
    for month in (8, 9):
        report, _ = service.make_report(asked=asked_for(told, month=month), actor=cast.leader)
        client = as_user(cast.leader)
        client.get(address("rollup", report))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("rollup", report)).status_code == 200
        counts.append(len(queries))
        grow(told, townships=3, targets=4)
    assert counts[0] == counts[1] <= 25


def test_the_overview_leads_to_the_reports(told, cast, as_user):
    assert f'href="{address("rollups")}"' in as_user(cast.leader).get(reverse("workplan:leader")).content.decode()


def test_published_pages_of_all_levels_open(told, cast, as_user):
    for subject in ({"section": told.section}, {"township": told.township}):
        report, _ = service.make_report(asked=asked_for(told, **subject), actor=cast.leader)
        publish(report, cast.leader)
        reader = cast.staff if "section" in subject else cast.liaison
        assert as_user(reader).get(address("rollup", report)).status_code == 200
