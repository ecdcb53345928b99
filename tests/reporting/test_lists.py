"""The lists: reports, the review queue, unlocks. Who sees which rows, filters, export, the reviewer's round."""

import io
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.models import Event
from tests import factories as make
from tests.cast import TODAY
from tests.reporting.test_report_page import address, statements, text_of
from tests.steps import approve, fill_and_submit
from workplan import clock
from workplan.enums import ReportStatus
from workplan.models import ProgressReport, Unlock
from workplan.services import reports as service
from workplan.services.periods import unlock_period

REPORTS, REVIEW, UNLOCKS = (reverse(f"workplan:{name}") for name in ("reports", "review", "unlocks"))


def shown_reports(response) -> set[int]:
    return {row.record.pk for row in response.context["table"].rows}


def cells(response) -> list[list]:
    content = b"".join(response.streaming_content)
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.fixture
def waiting(district, cast):
    """Four reports that wait: two townships, two sections."""
    units = (district.township, district.other_township)
    homes = [fill_and_submit(district, cast, month=10, unit=unit, homes=3) for unit in units]
    tombs = [fill_and_submit(district, cast, month=10, unit=unit, tombs=0) for unit in units]
    return homes, tombs


class TestReports:
    def test_everybody_sees_the_reports_of_his_scope(self, as_user, cast, waiting):
        homes, tombs = ([report.pk for report in reports] for reports in waiting)
        expected = {
            "liaison": {homes[0], tombs[0]},
            "supervisor": {homes[0], tombs[0]},
            "other_liaison": {homes[1], tombs[1]},
            "head": set(homes),
            "staff": set(homes),
            "other_head": set(tombs),
            "other_staff": set(tombs),
            "leader": {*homes, *tombs},
            "auditor": {*homes, *tombs},
            "administrator": {*homes, *tombs},
            "nobody": set(),
            "outsider": set(),
        }
        found = {name: shown_reports(as_user(user).get(REPORTS)) for name, user in cast.everybody().items()}
        assert found == expected

    def test_filters_find_what_they_say(self, as_user, cast, district, waiting):
        client = as_user(cast.leader)
        (mine, _), (tombs, others_tombs) = waiting
        approve(mine, cast)
        assert shown_reports(client.get(REPORTS, {"status": ReportStatus.APPROVED})) == {mine.pk}
        assert shown_reports(client.get(REPORTS, {"task": district.other_task.pk})) == {tombs.pk, others_tombs.pk}
        assert shown_reports(client.get(REPORTS, {"org_unit": district.township.pk})) == {mine.pk, tombs.pk}
        assert shown_reports(client.get(REPORTS, {"period": district.period(9).pk})) == set()
        assert len(shown_reports(client.get(REPORTS, {"late": "false"}))) == 4
        assert shown_reports(client.get(REPORTS, {"late": "true"})) == set()

    def test_superseded_revisions_are_not_listed_twice(self, as_user, cast, approved):
        second = service.correct_report(report=approved, actor=cast.liaison, reason="多报。")
        assert shown_reports(as_user(cast.liaison).get(REPORTS)) == {second.pk}

    @pytest.mark.parametrize("sort", ["task", "-org_unit", "period", "status", "-late", "submitted_on"])
    def test_columns_sort(self, as_user, cast, waiting, sort):
        assert as_user(cast.leader).get(REPORTS, {"sort": sort}).status_code == 200

    @pytest.mark.parametrize(
        "query",
        [
            {"sort": "drafted_by__password"},
            {"status": "deleted"},
            {"task": "9" * 30},
            {"task": "x"},
            {"period": "-1"},
            {"org_unit": "1' OR 1=1"},
            {"late": "x" * 10_000},
            {"late": "a\x00b"},
            {"page": "99"},
            {"unknown": "1"},
        ],
    )
    def test_bad_parameters_are_bad_requests(self, as_user, cast, waiting, query):
        assert as_user(cast.leader).get(REPORTS, query).status_code == 400

    def test_hidden_units_and_invented_ones_are_answered_alike(self, as_user, cast, district, waiting):
        client = as_user(cast.liaison)
        hidden = client.get(REPORTS, {"org_unit": district.other_township.pk})
        invented = client.get(REPORTS, {"org_unit": 10**6})
        assert hidden.status_code == invented.status_code == 400
        assert hidden.context["filters"].errors == invented.context["filters"].errors
        assert district.other_township.name not in hidden.content.decode()

    def test_export_carries_the_filtered_rows_and_is_logged(self, as_user, cast, waiting):
        rows = cells(as_user(cast.liaison).get(REPORTS, {"export": "xlsx"}))
        header = next(index for index, row in enumerate(rows) if row[0] == "工作任务")
        assert len(rows) - header - 1 == 2
        assert rows[header + 1][3] == ReportStatus.SUBMITTED.label
        assert Event.objects.get(action="data.export").actor == cast.liaison

    @pytest.mark.parametrize("where", [REPORTS, REVIEW])
    def test_list_takes_the_same_statements_for_any_number_of_rows(self, as_user, cast, district, waiting, where):
        client = as_user(cast.head)
        statements(client, where)
        few = statements(client, where)
        with clock.pinned(date(2024, 9, 20)):
            for month in (7, 8, 9):
                with clock.pinned(date(2024, month, 20)):
                    for unit in (district.township, district.other_township):
                        fill_and_submit(district, cast, month=month, unit=unit, homes=1)
        assert statements(client, where) == few


class TestReview:
    @pytest.mark.parametrize(
        ("who", "status"),
        [("head", 200), ("other_head", 200), ("liaison", 403), ("staff", 403), ("leader", 403), ("auditor", 403)],
    )
    def test_queue_is_for_reviewers(self, as_user, cast, waiting, who, status):
        assert as_user(getattr(cast, who)).get(REVIEW).status_code == status

    def test_queue_holds_the_sections_of_the_reviewer_longest_waiting_first(self, as_user, cast, waiting):
        rows = as_user(cast.head).get(REVIEW).context["table"].rows
        assert [row.record.pk for row in rows] == [report.pk for report in waiting[0]]

    def test_queue_leaves_out_what_the_reviewer_drafted(self, as_user, cast, district, waiting):
        ProgressReport.objects.filter(pk=waiting[0][0].pk).update(drafted_by=cast.head)
        assert shown_reports(as_user(cast.head).get(REVIEW)) == {waiting[0][1].pk}

    def test_queue_tells_the_change_and_what_is_doubtful(self, as_user, cast, district):
        with clock.pinned(date(2024, 9, 20)):
            approve(fill_and_submit(district, cast, month=9, homes=10, rate=(8, 10)), cast)
        fill_and_submit(district, cast, month=10, homes=12, rate=(9, 9))
        ProgressReport.objects.get(period__number=10).entries.update(remark="")
        seen = text_of(as_user(cast.head).get(REVIEW))
        assert "49.3：10 户 → 12 户" in seen
        assert "22.4：80%（8/10） → 100%（9/9）" in seen
        assert "1 处需留意" in seen

    def test_approving_opens_the_next_one_and_the_last_leads_back(self, as_user, cast, waiting):
        first, second = waiting[0]
        client = as_user(cast.head)
        response = client.post(address("report_approve", first), {"version": first.version})
        assert response["Location"] == address("report", second)
        response = client.post(address("report_return", second), {"version": second.version, "reason": "请补充。"})
        assert response["Location"] == REVIEW
        assert "待审核的填报已全部处理。" in text_of(client.get(REVIEW))

    def test_page_links_the_next_one_and_tells_the_keys(self, as_user, cast, waiting):
        page = as_user(cast.head).get(address("report", waiting[0][0])).content.decode()
        assert re.search(rf'id="next-report" href="{address("report", waiting[0][1])}"', page)
        assert "<kbd>A</kbd>" in page
        assert 'list="reasons"' in page

    def test_return_without_reason_is_named_at_its_field(self, as_user, cast, submitted):
        response = as_user(cast.head).post(
            address("report_return", submitted), {"version": submitted.version, "reason": " "}
        )
        assert response.status_code == 422
        assert "请填写原因。" in text_of(response)
        assert ProgressReport.objects.get(pk=submitted.pk).status == ReportStatus.SUBMITTED

    @pytest.mark.parametrize("name", ["report_approve", "report_return"])
    def test_outdated_page_approves_and_returns_nothing(self, as_user, cast, submitted, name):
        fields = {"version": submitted.version - 1, "reason": "请补充。"}
        response = as_user(cast.head).post(address(name, submitted), fields)
        assert response.status_code == 409
        assert "请重新审阅" in text_of(response)
        assert ProgressReport.objects.get(pk=submitted.pk).status == ReportStatus.SUBMITTED

    @pytest.mark.parametrize("name", ["report_approve", "report_return"])
    def test_version_must_come_along(self, as_user, cast, submitted, name):
        response = as_user(cast.head).post(address(name, submitted), {"reason": "请补充。"})
        assert response.status_code == 400

    def test_second_approval_is_told_kindly(self, as_user, cast, submitted):
        client = as_user(cast.head)
        for _ in range(2):
            response = client.post(address("report_approve", submitted), {"version": submitted.version}, follow=True)
        assert "该填报当前为“已通过”，不能通过。" in text_of(response)

    def test_own_report_is_refused_in_words(self, as_user, cast, district, submitted):
        make.MembershipFactory(user=cast.liaison, org_unit=district.office, role="head")
        response = as_user(cast.liaison).post(
            address("report_approve", submitted), {"version": submitted.version}, follow=True
        )
        assert "不能审核本人填报或提交的内容。" in text_of(response)
        assert ProgressReport.objects.get(pk=submitted.pk).status == ReportStatus.SUBMITTED

    def test_head_of_another_section_gets_404(self, as_user, cast, submitted):
        for name in ("report_approve", "report_return"):
            fields = {"version": submitted.version, "reason": "请补充。"}
            assert as_user(cast.other_head).post(address(name, submitted), fields).status_code == 404


class TestUnlocks:
    @pytest.fixture
    def asked(self, district):
        return {
            "org_unit": district.township.pk,
            "period": district.period(9).pk,
            "app": "eldercare",
            "reason": "网络故障。",
            "expires_on": "2024-10-20",
        }

    @pytest.mark.parametrize(
        ("who", "status"),
        [("head", 200), ("administrator", 200), ("liaison", 403), ("staff", 403), ("leader", 403), ("nobody", 403)],
    )
    def test_page_is_for_those_who_may_unlock(self, as_user, cast, who, status):
        client = as_user(getattr(cast, who))
        assert client.get(UNLOCKS).status_code == status
        assert client.post(UNLOCKS, {}).status_code == (422 if status == 200 else 403)

    def test_grant_is_kept_listed_and_not_doubled(self, as_user, cast, asked):
        client = as_user(cast.head)
        assert "有效期至 2024-10-20" in text_of(client.post(UNLOCKS, asked, follow=True))
        assert "无需重复开放" in text_of(client.post(UNLOCKS, asked))
        assert Unlock.objects.count() == 1

    def test_choices_are_the_rows_one_may_unlock(self, as_user, cast, district):
        form = as_user(cast.head).get(UNLOCKS).context["form"]
        assert [app for app, _ in form.fields["app"].choices] == ["", "eldercare"]
        assert set(form.fields["org_unit"].queryset) == {
            district.township,
            district.other_township,
            district.office,
        }
        assert {period.number for period in form.fields["period"].queryset} == set(range(1, 10))

    @pytest.mark.parametrize("field", ["org_unit", "period", "app"])
    def test_rows_of_others_cannot_be_named(self, as_user, cast, asked, neighbour, field):
        foreign = {"org_unit": neighbour.township.pk, "period": neighbour.period(9).pk, "app": "funeral"}
        response = as_user(cast.head).post(UNLOCKS, asked | {field: foreign[field]})
        assert response.status_code == 422
        assert response.context["form"].errors[field]
        assert not Unlock.objects.exists()

    def test_own_unit_is_refused_in_words(self, as_user, cast, asked, district):
        response = as_user(cast.head).post(UNLOCKS, asked | {"org_unit": district.office.pk})
        assert response.status_code == 422
        assert "不能为本单位开放补报。" in text_of(response)

    @pytest.mark.parametrize(
        ("field", "value"),
        [("reason", " "), ("expires_on", "2024-10-14"), ("expires_on", "9999-12-31"), ("expires_on", "明天")],
    )
    def test_bad_input_is_named_at_its_field_and_kept(self, as_user, cast, asked, field, value):
        response = as_user(cast.head).post(UNLOCKS, asked | {field: value})
        assert response.status_code == 422
        assert response.context["form"].errors[field]
        assert response.context["form"]["org_unit"].value() == str(asked["org_unit"])

    def test_head_sees_the_unlocks_of_his_section_only(self, as_user, cast, district, asked):
        unlock_period(
            org_unit=district.township,
            period=district.period(9),
            app="funeral",
            actor=cast.other_head,
            reason="补报。",
            expires_on=TODAY + timedelta(days=1),
        )
        assert as_user(cast.head).get(UNLOCKS).context["table"].paginator.count == 0
        assert as_user(cast.other_head).get(UNLOCKS).context["table"].paginator.count == 1
