"""The report page as its users meet it: reading, filling in, handing in, conflicts."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Event
from tests import factories as make
from tests.reporting import files
from tests.steps import entry, send_back
from workplan.enums import ReportStatus
from workplan.models import Evidence, ProgressReport
from workplan.services import reports as service


def address(name, row) -> str:
    return reverse(f"workplan:{name}", args=[row.pk])


def text_of(response) -> str:
    """Return what a reader sees: the page without tags and runs of blanks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def typed(district):
    """Return the fields that a browser would post for the draft."""

    def fields(report, *, homes="12", rate=("9", "10"), remark="", **more):
        homes_pk, rate_pk = district.targets["49.3"].pk, district.targets["22.4"].pk
        return {
            "version": report.version,
            "narrative": "按计划推进。",
            "problems": "",
            "next_steps": "",
            f"entry-{homes_pk}-value": homes,
            f"entry-{homes_pk}-remark": remark,
            f"entry-{rate_pk}-numerator": rate[0],
            f"entry-{rate_pk}-denominator": rate[1],
            f"entry-{rate_pk}-remark": "",
        } | more

    return fields


@pytest.fixture
def as_liaison(as_user, cast):
    return as_user(cast.liaison)


class TestReading:
    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("liaison", 200),
            ("head", 200),
            ("staff", 200),
            ("leader", 200),
            ("auditor", 200),
            ("administrator", 200),
            ("other_liaison", 404),
            ("other_head", 404),
            ("other_staff", 404),
            ("nobody", 404),
            ("outsider", 404),
        ],
    )
    def test_page_is_open_to_those_in_scope_only(self, as_user, cast, filled, who, status):
        assert as_user(getattr(cast, who)).get(address("report", filled)).status_code == status

    def test_anonymous_visitor_is_sent_to_sign_in(self, client, filled):
        response = client.get(address("report", filled))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("accounts:login"))

    def test_only_the_writer_finds_inputs(self, as_user, cast, filled):
        assert 'id="report-form"' in as_user(cast.liaison).get(address("report", filled)).content.decode()
        assert 'id="report-form"' not in as_user(cast.head).get(address("report", filled)).content.decode()

    def test_page_tells_deadline_share_and_last_accepted_value(self, as_liaison, filled):
        seen = text_of(as_liaison.get(address("report", filled)))
        assert "截止 2024-10-28，还有 13 天" in seen
        assert "本单位分解 50 户" in seen
        assert "上次通过 —" in seen

    def test_return_reason_stands_out(self, as_liaison, submitted, cast):
        send_back(submitted, cast, reason="请附照片。")
        seen = text_of(as_liaison.get(address("report", submitted)))
        assert "已退回，请修改后重新提交" in seen
        assert "请附照片。" in seen

    def test_history_tells_who_changed_what(self, as_liaison, filled, save):
        save(filled, t49_3=entry(value=15))
        seen = text_of(as_liaison.get(address("report", filled)))
        assert "演员·liaison" in seen
        assert "49.3 数值 12 → 15" in seen

    def test_script_in_texts_is_shown_as_text(self, as_user, cast, filled, save):
        save(filled, texts={"narrative": "<script>alert(1)</script>"}, t49_3=entry(value=1, remark="<b>x</b>"))
        for who in (cast.liaison, cast.head):
            page = as_user(who).get(address("report", filled)).content.decode()
            assert "<script>alert" not in page
            assert "<b>x</b>" not in page
            assert "&lt;script&gt;alert(1)" in page

    def test_revisions_are_listed_and_linked(self, as_liaison, approved, cast):
        second = service.correct_report(report=approved, actor=cast.liaison, reason="多报。")
        page = as_liaison.get(address("report", second)).content.decode()
        assert address("report", approved) in page
        assert "审核通过前，原数值继续有效" in page


class TestSaving:
    def test_typed_values_are_stored_and_shown_again(self, as_liaison, draft, typed):
        response = as_liaison.post(address("report_save", draft), typed(draft, remark="入户核实。"), follow=True)
        assert "已保存草稿。" in text_of(response)
        stored = draft.entries.get(target__code="49.3")
        assert (stored.value, stored.remark) == (12, "入户核实。")
        assert 'value="12"' in response.content.decode()

    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("１２３", 123),
            ("1,234", 1234),
            ("１，２３４．５", "1234.5"),
            (" 12 ", 12),
            ("1 234", 1234),
            ("0", 0),
            ("007", 7),
        ],
    )
    def test_numbers_are_understood_as_people_write_them(self, as_liaison, draft, typed, written, meant):
        as_liaison.post(address("report_save", draft), typed(draft, homes=written))
        assert draft.entries.get(target__code="49.3").value == Decimal(meant)

    @pytest.mark.parametrize(
        "written", ["12户", "1,23", "一二", "3²", "1e5", "NaN", "Infinity", "1.2.3", "٣", "①", "<b>", "9" * 41]
    )
    def test_what_is_no_number_is_named_at_its_field_and_kept_as_typed(self, as_liaison, draft, typed, written):
        response = as_liaison.post(address("report_save", draft), typed(draft, homes=written))
        assert response.status_code == 422
        page = response.context["cards"][0].lines[0]
        assert page.errors
        assert page.field.value() == written
        assert "按计划推进。" in response.content.decode()
        assert draft.entries.get(target__code="49.3").value is None

    def test_first_wrong_field_has_the_focus_and_its_reason_by_its_side(self, as_liaison, draft, typed):
        page = as_liaison.post(address("report_save", draft), typed(draft, rate=("九", "10"))).content.decode()
        wrong = re.search(r'<input[^>]*name="entry-\d+-numerator"[^>]*>', page)[0]
        assert "autofocus" in wrong
        assert 'aria-invalid="true"' in wrong
        hint = re.search(r'aria-describedby="([^"]+)"', wrong)[1]
        assert re.search(rf'id="{hint}">\s*<p class="field-error">请只填写数字', page)
        assert page.count("autofocus") == 1

    @pytest.mark.parametrize("text", ["a\x00b", "长" * 4001])
    def test_text_that_cannot_be_kept_is_named_at_its_field(self, as_liaison, draft, typed, text):
        response = as_liaison.post(address("report_save", draft), typed(draft, narrative=text))
        assert response.status_code == 422
        assert ProgressReport.objects.get(pk=draft.pk).narrative == ""

    def test_half_a_ratio_is_refused_in_a_draft_too(self, as_liaison, draft, typed):
        response = as_liaison.post(address("report_save", draft), typed(draft, rate=("9", "")))
        assert response.status_code == 422
        assert "分子和分母要一起填写。" in text_of(response)

    def test_ticking_zero_states_the_zero(self, as_liaison, tombs_draft, district):
        pk = district.targets["46.3"].pk
        fields = {"version": 1, f"entry-{pk}-value": "", f"entry-{pk}-zero_report": "on", f"entry-{pk}-remark": ""}
        as_liaison.post(address("report_submit", tombs_draft), fields)
        stored = tombs_draft.entries.get()
        assert (stored.value, stored.zero_report) == (0, True)
        assert ProgressReport.objects.get(pk=tombs_draft.pk).status == ReportStatus.SUBMITTED

    def test_target_that_the_posted_page_did_not_show_keeps_its_value(self, as_liaison, filled, district):
        as_liaison.post(address("report_save", filled), {"version": filled.version, "narrative": "只改文字"})
        stored = ProgressReport.objects.get(pk=filled.pk)
        assert (stored.narrative, stored.entries.get(target__code="49.3").value) == ("只改文字", 12)


class TestHandingIn:
    def test_submit_saves_and_hands_in(self, as_liaison, draft, typed):
        response = as_liaison.post(address("report_submit", draft), typed(draft), follow=True)
        assert "已提交，等待科室审核。" in text_of(response)
        assert ProgressReport.objects.get(pk=draft.pk).status == ReportStatus.SUBMITTED

    def test_missing_values_are_named_and_what_was_typed_is_saved(self, as_liaison, draft, typed):
        response = as_liaison.post(address("report_submit", draft), typed(draft, homes=""))
        assert response.status_code == 422
        seen = text_of(response)
        assert "已保存为草稿，但还有 1 处需要修改才能提交" in seen
        assert "请填写数值；没有进展的填 0 或上期数。" in seen
        stored = ProgressReport.objects.get(pk=draft.pk)
        assert (stored.status, stored.narrative) == (ReportStatus.DRAFT, "按计划推进。")
        assert f'value="{stored.version}"' in response.content.decode()

    def test_corrected_page_can_be_handed_in_at_once(self, as_liaison, draft, typed):
        as_liaison.post(address("report_submit", draft), typed(draft, homes=""))
        draft.refresh_from_db()
        as_liaison.post(address("report_submit", draft), typed(draft))
        assert ProgressReport.objects.get(pk=draft.pk).status == ReportStatus.SUBMITTED

    def test_second_click_is_answered_kindly_and_changes_nothing(self, as_liaison, draft, typed):
        fields = typed(draft)
        as_liaison.post(address("report_submit", draft), fields)
        response = as_liaison.post(address("report_submit", draft), fields, follow=True)
        assert response.status_code == 200
        assert "这份填报已经提交，无需重复提交。" in text_of(response)
        assert Event.objects.filter(action="report.submit").count() == 1

    def test_refused_file_keeps_the_report_from_being_handed_in(self, as_liaison, draft, typed):
        fields = typed(draft) | {"files": files.upload("假.pdf", b"hello")}
        response = as_liaison.post(address("report_submit", draft), fields, follow=True)
        seen = text_of(response)
        assert "“假.pdf”的内容与扩展名不符。" in seen
        assert "尚未提交" in seen
        stored = ProgressReport.objects.get(pk=draft.pk)
        assert (stored.status, stored.narrative) == (ReportStatus.DRAFT, "按计划推进。")

    def test_files_chosen_with_submit_come_along(self, as_liaison, draft, typed):
        as_liaison.post(address("report_submit", draft), typed(draft) | {"files": files.upload("照.jpg", files.JPEG)})
        assert draft.evidence.get().name == "照.jpg"
        assert ProgressReport.objects.get(pk=draft.pk).status == ReportStatus.SUBMITTED


class TestConflict:
    @pytest.fixture
    def overtaken(self, district, draft, save):
        """A draft that a colleague saved after the liaison had opened it."""
        colleague = make.UserFactory(name="演员·同事")
        make.MembershipFactory(user=colleague, org_unit=district.township)
        save(draft, actor=colleague, texts={"narrative": "同事的文字"}, t49_3=entry(value=5))
        return draft

    def test_second_saver_sees_both_texts_and_who_was_first(self, as_liaison, overtaken, typed):
        response = as_liaison.post(address("report_save", overtaken), typed(overtaken, version=1))
        assert response.status_code == 409
        seen = text_of(response)
        assert "演员·同事" in seen
        assert "进展情况 同事的文字 按计划推进。" in seen
        assert "49.3 数值 5 12" in seen
        assert ProgressReport.objects.get(pk=overtaken.pk).narrative == "同事的文字"

    def test_typed_text_stays_in_the_fields_and_one_more_save_takes_over(self, as_liaison, overtaken, typed):
        response = as_liaison.post(address("report_save", overtaken), typed(overtaken, version=1))
        form = response.context["forms"]
        assert form.texts["narrative"].value() == "按计划推进。"
        again = typed(overtaken, version=form.texts["version"].value())
        assert as_liaison.post(address("report_save", overtaken), again).status_code == 302
        assert ProgressReport.objects.get(pk=overtaken.pk).narrative == "按计划推进。"

    def test_submit_over_a_colleagues_save_is_stopped_too(self, as_liaison, overtaken, typed):
        assert as_liaison.post(address("report_submit", overtaken), typed(overtaken, version=1)).status_code == 409
        assert ProgressReport.objects.get(pk=overtaken.pk).status == ReportStatus.DRAFT

    @pytest.mark.parametrize("version", [999, 2**31 - 1])
    def test_invented_version_is_a_conflict(self, as_liaison, draft, typed, version):
        assert as_liaison.post(address("report_save", draft), typed(draft, version=version)).status_code == 409

    @pytest.mark.parametrize("version", ["", "0", "-1", "x", "9" * 30])
    def test_broken_version_is_a_bad_request(self, as_liaison, draft, typed, version):
        assert as_liaison.post(address("report_save", draft), typed(draft, version=version)).status_code == 400

    def test_same_content_saved_twice_is_no_conflict(self, as_liaison, draft, typed):
        as_liaison.post(address("report_save", draft), typed(draft))
        response = as_liaison.post(address("report_save", draft), typed(draft), follow=True)
        assert "内容与已保存的一致" in text_of(response)

    def test_text_typed_while_a_colleague_handed_in_is_shown_for_copying(self, as_liaison, draft, typed):
        as_liaison.post(address("report_submit", draft), typed(draft))
        response = as_liaison.post(address("report_save", draft), typed(draft, narrative="后来补写的"))
        assert response.status_code == 409
        seen = text_of(response)
        assert "该填报当前为“待审核”，不能保存。" in seen
        assert "后来补写的" in seen


class TestForeignInput:
    def test_entry_of_another_report_is_404_and_logged_and_nothing_changes(
        self, as_liaison, draft, typed, district, cast
    ):
        foreign = {f"entry-{district.targets['46.3'].pk}-value": "0"}
        response = as_liaison.post(address("report_save", draft), typed(draft) | foreign)
        assert response.status_code == 404
        assert ProgressReport.objects.get(pk=draft.pk).narrative == ""
        assert Event.objects.get(action="access.refused").actor == cast.liaison

    def test_field_that_the_target_does_not_have_is_refused(self, as_liaison, draft, typed, district):
        fields = typed(draft) | {f"entry-{district.targets['49.3'].pk}-numerator": "1"}
        assert as_liaison.post(address("report_save", draft), fields).status_code == 404

    @pytest.mark.parametrize(
        "name",
        [
            "report_save",
            "report_submit",
            "report_discard",
            "report_correct",
            "evidence_add",
            "report_approve",
            "report_return",
        ],
    )
    def test_next_township_gets_404_and_office_403_on_every_act(self, as_user, cast, draft, typed, name):
        fields = typed(draft, reason="原因")
        for who in (cast.other_liaison, cast.other_head, cast.nobody, cast.outsider):
            assert as_user(who).post(address(name, draft), fields).status_code == 404
        for who in (cast.leader, cast.auditor, cast.administrator, cast.staff):
            assert as_user(who).post(address(name, draft), fields).status_code == 403
        stored = ProgressReport.objects.get(pk=draft.pk)
        assert (stored.status, stored.version, stored.narrative) == (ReportStatus.DRAFT, 1, "")
        assert not Evidence.objects.exists()

    def test_start_with_rows_of_others_is_404(self, as_user, cast, district, neighbour):
        own = {"task": district.task.pk, "org_unit": district.township.pk, "period": district.period(10).pk}
        start = reverse("workplan:report_start")
        client = as_user(cast.liaison)
        for change in (
            {"task": neighbour.task.pk},
            {"org_unit": district.other_township.pk},
            {"org_unit": neighbour.township.pk},
            {"period": neighbour.period(10).pk},
            {"task": 2**63 - 1},
        ):
            assert client.post(start, own | change).status_code == 404
        assert Event.objects.filter(action="access.refused", actor=cast.liaison).count() == 5
        assert client.post(start, own | {"task": "x"}).status_code == 400
        assert not ProgressReport.objects.exists()

    def test_start_opens_the_draft_and_a_second_click_the_same_one(self, as_liaison, district):
        fields = {"task": district.task.pk, "org_unit": district.township.pk, "period": district.period(10).pk}
        addresses = {as_liaison.post(reverse("workplan:report_start"), fields)["Location"] for _ in range(2)}
        assert addresses == {address("report", ProgressReport.objects.get())}

    def test_closed_period_is_told_in_words(self, as_liaison, district):
        fields = {"task": district.task.pk, "org_unit": district.township.pk, "period": district.period(8).pk}
        response = as_liaison.post(reverse("workplan:report_start"), fields, follow=True)
        assert "2024年8月已于 09月12日 关闭，请联系科室开放补报。" in text_of(response)

    def test_csrf_token_is_required(self, draft, typed, cast):
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.liaison, backend="django.contrib.auth.backends.ModelBackend")
        assert client.post(address("report_save", draft), typed(draft)).status_code == 403


def test_discarding_removes_the_draft(as_liaison, draft):
    response = as_liaison.post(address("report_discard", draft), follow=True)
    assert "草稿已撤销。" in text_of(response)
    assert not ProgressReport.objects.exists()


class TestCorrecting:
    def test_correction_opens_its_draft(self, as_liaison, approved):
        response = as_liaison.post(address("report_correct", approved), {"reason": "多报。"})
        assert response["Location"] == address("report", ProgressReport.objects.get(revision=2))

    def test_missing_reason_is_named_at_its_field(self, as_liaison, approved):
        response = as_liaison.post(address("report_correct", approved), {"reason": " "})
        assert response.status_code == 422
        assert "请填写原因。" in text_of(response)


def statements(client, where) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(where).status_code == 200
    return len(captured)


@pytest.mark.parametrize("who", ["liaison", "head"])
def test_page_takes_the_same_statements_for_any_number_of_targets(as_user, cast, filled, district, who):
    client = as_user(getattr(cast, who))
    client.get(address("report", filled))
    few = statements(client, address("report", filled))
    for number in range(5):
        target = make.TargetFactory(task=district.task, code=f"49.{number + 10}")
        make.AllocationFactory(target=target, org_unit=district.township, amount=20)
        filled.entries.create(target=target, value=number)
    assert statements(client, address("report", filled)) == few
