"""The life of a report through the services: every step, every refusal with its sentence."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Event
from tests import factories as make
from tests.steps import approve, correct, entry, fill_and_submit, send_back
from workplan import clock
from workplan.enums import PlanStatus, ReportStatus
from workplan.errors import EntriesInvalid, Refused, StaleVersion
from workplan.models import Allocation, Entry, Evidence, Figure, ProgressReport
from workplan.services import reports


def refused(act, **kwargs) -> Refused:
    with pytest.raises(Refused) as caught:
        act(**kwargs)
    return caught.value


class TestStarting:
    def test_draft_has_one_empty_entry_for_each_target_of_the_unit(self, draft):
        assert sorted(draft.entries.values_list("target__code", "value")) == [("22.4", None), ("49.3", None)]
        assert draft.status == ReportStatus.DRAFT

    def test_second_click_finds_the_first_clicks_draft(self, district, cast, draft):
        again = reports.start_report(
            task=district.task, org_unit=district.township, period=draft.period, actor=cast.liaison
        )
        assert again == draft
        assert ProgressReport.objects.count() == 1
        assert Event.objects.filter(action="report.create").count() == 1

    def test_target_allocated_later_joins_the_draft(self, district, cast, draft):
        paper = district.targets["23.9"]
        Allocation.objects.create(target=paper, org_unit=district.township, amount=1)
        reports.start_report(task=district.task, org_unit=district.township, period=draft.period, actor=cast.liaison)
        assert draft.entries.filter(target=paper).exists()

    def test_target_allocated_later_must_be_filled_before_handing_in(self, district, cast, filled):
        paper = district.targets["23.9"]
        Allocation.objects.create(target=paper, org_unit=district.township, amount=1)
        with pytest.raises(EntriesInvalid) as caught:
            reports.submit_report(report=filled, actor=cast.liaison, version=filled.version)
        assert list(caught.value.problems) == [paper.pk]

    def test_unit_without_share_has_nothing_to_report(self, district, cast):
        found = refused(
            reports.start_report,
            task=district.other_task,
            org_unit=district.office,
            period=district.period(10),
            actor=cast.staff,
        )
        assert found.code == "nothing_to_report"
        assert "没有需要填报的目标" in found.message

    def test_plan_that_is_not_published_takes_no_reports(self, district, cast):
        district.plan.status = PlanStatus.DRAFT
        district.plan.save()
        district.task.refresh_from_db()
        act = {"task": district.task, "org_unit": district.township, "period": district.period(10)}
        found = refused(reports.start_report, actor=cast.liaison, **act)
        assert (found.code, found.message) == ("plan_not_published", "工作要点尚未发布，暂不能填报。")

    def test_period_of_another_plan_is_refused(self, district, neighbour, cast):
        found = refused(
            reports.start_report,
            task=district.task,
            org_unit=district.township,
            period=neighbour.period(10),
            actor=cast.liaison,
        )
        assert found.code == "nothing_to_report"

    def test_next_township_cannot_start_it(self, district, cast):
        act = {"task": district.task, "org_unit": district.township, "period": district.period(10)}
        assert refused(reports.start_report, actor=cast.other_liaison, **act).code == "forbidden"
        assert not ProgressReport.objects.exists()

    def test_next_township_is_not_handed_an_existing_draft(self, district, cast, draft):
        act = {"task": district.task, "org_unit": district.township, "period": draft.period}
        assert refused(reports.start_report, actor=cast.other_liaison, **act).code == "forbidden"

    def test_coming_period_is_not_open_yet(self, district, cast):
        act = {"task": district.task, "org_unit": district.township, "period": district.period(11)}
        found = refused(reports.start_report, actor=cast.liaison, **act)
        assert (found.code, found.message) == ("period_not_open", "2024年11月尚未开始，不能填报。")

    def test_closed_period_says_when_it_closed(self, district, cast):
        act = {"task": district.task, "org_unit": district.township, "period": district.period(9)}
        found = refused(reports.start_report, actor=cast.liaison, **act)
        assert found.code == "period_closed"
        assert found.message == "2024年9月已于 10月12日 关闭，请联系科室开放补报。"


class TestSaving:
    def test_zero_is_kept_as_zero_and_empty_as_empty(self, draft, save):
        save(draft, t49_3=entry(value=0))
        assert draft.entries.get(target__code="49.3").value == 0
        assert draft.entries.get(target__code="22.4").numerator is None

    def test_texts_that_were_not_sent_stay(self, draft, save):
        saved = save(draft, texts={"narrative": " 已开工 ", "problems": "缺人手"})
        saved = save(saved, texts={"problems": ""})
        assert (saved.narrative, saved.problems) == ("已开工", "")

    def test_log_keeps_values_before_and_after(self, draft, save, cast):
        saved = save(draft, t49_3=entry(value=5), texts={"narrative": "启动"})
        save(saved, t49_3=entry(value=8))
        event = Event.objects.filter(action="report.save").first()
        assert event.actor == cast.liaison
        assert event.before["49.3"]["value"].rstrip("0").rstrip(".") == "5"
        assert event.after["49.3"]["value"].rstrip("0").rstrip(".") == "8"
        assert "narrative" not in event.after

    def test_saving_the_same_again_leaves_no_trace_in_the_log(self, draft, save):
        saved = save(draft, t49_3=entry(value=5))
        save(saved, t49_3=entry(value=5))
        assert Event.objects.filter(action="report.save").count() == 1

    @pytest.mark.parametrize(
        ("values", "field", "code"),
        [
            ({"value": -1}, "value", "negative"),
            ({"value": Decimal("1.23456")}, "value", "too_many_decimals"),
            ({"value": Decimal("1e14")}, "value", "too_large"),
            ({"value": Decimal("NaN")}, "value", "not_a_number"),
            ({"value": Decimal("Infinity")}, "value", "not_a_number"),
            ({"value": 3, "zero_report": True}, "zero_report", "zero_report_not_zero"),
            ({"value": 3, "numerator": 1, "denominator": 2}, "numerator", "wrong_shape"),
        ],
    )
    def test_value_that_cannot_be_kept_is_named_at_its_field(self, draft, save, district, values, field, code):
        with pytest.raises(EntriesInvalid) as caught:
            save(draft, t49_3=entry(**values))
        problems = caught.value.problems[district.targets["49.3"].pk]
        assert (field, code) in [(problem.field, problem.code) for problem in problems]
        assert draft.entries.get(target__code="49.3").value is None

    @pytest.mark.parametrize("half", [{"numerator": 3}, {"denominator": 3}, {"value": 3}])
    def test_ratio_needs_both_its_numbers_and_no_other(self, draft, save, half):
        with pytest.raises(EntriesInvalid):
            save(draft, t22_4=entry(**half))

    def test_entry_of_another_report_is_refused_and_nothing_stored(self, draft, save, district):
        found = refused(save, report=draft, t49_3=entry(value=5), t46_3=entry(value=1))
        assert found.code == "foreign_target"
        assert found.message == "提交的数据包含不属于这份填报的目标。"
        assert draft.entries.get(target__code="49.3").value is None

    def test_second_saver_is_told_who_was_first_and_nothing_is_overwritten(self, district, cast, draft, save):
        colleague = make.UserFactory(name="演员·同事")
        make.MembershipFactory(user=colleague, org_unit=district.township)
        save(draft, actor=colleague, texts={"narrative": "同事写的"})
        with pytest.raises(StaleVersion) as caught:
            save(draft, version=draft.version, texts={"narrative": "我写的"}, t49_3=entry(value=5))
        assert "演员·同事" in caught.value.message
        assert caught.value.report.narrative == "同事写的"
        stored = ProgressReport.objects.get(pk=draft.pk)
        assert (stored.narrative, stored.entries.get(target__code="49.3").value) == ("同事写的", None)

    def test_time_of_the_first_saver_is_local_time(self, draft, save):
        ProgressReport.objects.filter(pk=draft.pk).update(version=7, saved_at="2024-10-14T23:30:00Z")
        with pytest.raises(StaleVersion) as caught:
            save(draft, version=1, texts={"narrative": "我写的"})
        assert "10-15 07:30" in caught.value.message

    def test_vanished_draft_says_so(self, draft, save, cast):
        reports.discard_report(report=draft, actor=cast.liaison)
        found = refused(save, report=ProgressReport(pk=10**6), version=1)
        assert (found.code, found.message) == ("gone", "这份填报已被撤销。")


class TestHandingIn:
    def test_empty_values_are_named_and_the_draft_stays(self, draft, cast, district):
        with pytest.raises(EntriesInvalid) as caught:
            reports.submit_report(report=draft, actor=cast.liaison, version=draft.version)
        assert caught.value.message == "有 2 处需要修改后才能提交。"
        assert {p.code for found in caught.value.problems.values() for p in found} == {"missing"}
        assert ProgressReport.objects.get(pk=draft.pk).status == ReportStatus.DRAFT

    def test_zero_values_can_be_handed_in(self, draft, save, cast):
        saved = save(draft, t49_3=entry(value=0), t22_4=entry(numerator=0, denominator=0))
        done = reports.submit_report(report=saved, actor=cast.liaison, version=saved.version)
        assert done.status == ReportStatus.SUBMITTED

    def test_values_that_keep_it_from_being_handed_in_are_saved_all_the_same(self, draft, cast, district):
        typed = reports.ReportInput(entries={district.targets["49.3"].pk: entry(value=7)})
        with pytest.raises(EntriesInvalid):
            reports.hand_in_report(report=draft, actor=cast.liaison, version=draft.version, typed=typed)
        assert draft.entries.get(target__code="49.3").value == 7
        assert ProgressReport.objects.get(pk=draft.pk).status == ReportStatus.DRAFT

    def test_second_submit_is_refused_by_state(self, submitted, cast):
        found = refused(reports.submit_report, report=submitted, actor=cast.liaison, version=submitted.version)
        assert (found.code, found.message) == ("wrong_state", "该填报当前为“待审核”，不能提交。")

    def test_handing_in_on_the_due_day_is_on_time_and_a_day_later_is_late(self, district, cast):
        with clock.pinned(date(2024, 9, 27)):
            assert fill_and_submit(district, cast, month=9, homes=1).late is False
        with clock.pinned(date(2024, 9, 28)):
            assert fill_and_submit(district, cast, month=9, unit=district.other_township).late is True

    def test_lateness_sticks_through_a_return(self, district, cast):
        with clock.pinned(date(2024, 9, 28)):
            report = fill_and_submit(district, cast, month=9)
            report = send_back(report, cast)
            report = reports.submit_report(report=report, actor=cast.liaison, version=report.version)
        assert (report.late, report.submitted_on) == (True, date(2024, 9, 28))

    def test_being_on_time_sticks_through_a_return(self, district, cast):
        with clock.pinned(date(2024, 9, 20)):
            report = send_back(fill_and_submit(district, cast, month=9), cast)
        with clock.pinned(date(2024, 9, 29)):
            report = reports.submit_report(report=report, actor=cast.liaison, version=report.version)
        assert (report.late, report.submitted_on) == (False, date(2024, 9, 20))


class TestReviewing:
    def test_approval_writes_figures_and_the_log(self, approved, cast):
        assert Figure.objects.filter(period=approved.period).count() == 2
        event = Event.objects.get(action="report.approve")
        assert (event.actor, event.before, event.after) == (
            cast.head,
            {"status": ReportStatus.SUBMITTED},
            {"status": ReportStatus.APPROVED},
        )

    def test_second_approval_is_refused_and_writes_nothing(self, approved, cast):
        assert refused(reports.approve_report, report=approved, actor=cast.head).code == "wrong_state"
        assert Figure.objects.count() == 2

    @pytest.mark.parametrize("reason", ["", "  \n "])
    def test_return_without_reason_is_refused(self, submitted, cast, reason):
        found = refused(reports.return_report, report=submitted, actor=cast.head, reason=reason)
        assert (found.code, found.message) == ("reason_required", "请填写退回原因。")
        assert ProgressReport.objects.get(pk=submitted.pk).status == ReportStatus.SUBMITTED

    def test_return_keeps_its_reason_in_report_and_log(self, submitted, cast):
        returned = send_back(submitted, cast, reason="请附照片。")
        assert (returned.status, returned.return_reason) == (ReportStatus.RETURNED, "请附照片。")
        assert Event.objects.get(action="report.return").note == "请附照片。"

    def test_reviewer_of_an_outdated_text_is_told(self, submitted, cast):
        seen = submitted.version
        returned = send_back(submitted, cast)
        reports.submit_report(report=returned, actor=cast.liaison, version=returned.version)
        with pytest.raises(StaleVersion):
            reports.approve_report(report=submitted, actor=cast.head, version=seen)
        with pytest.raises(StaleVersion):
            reports.return_report(report=submitted, actor=cast.head, version=seen, reason="请补充。")
        assert not Figure.objects.exists()

    def test_nobody_approves_what_he_handed_in_or_drafted(self, district, cast, submitted):
        make.MembershipFactory(user=cast.liaison, org_unit=district.office, role="head")
        cast.liaison = type(cast.liaison).objects.get(pk=cast.liaison.pk)
        for act in (reports.approve_report, reports.return_report):
            more = {} if act is reports.approve_report else {"reason": "请补充。"}
            found = refused(act, report=submitted, actor=cast.liaison, **more)
            assert (found.code, found.message) == ("own_report", "不能审核本人填报或提交的内容。")

    def test_head_of_another_section_cannot_approve(self, submitted, cast):
        assert refused(reports.approve_report, report=submitted, actor=cast.other_head).code == "forbidden"


class TestCorrecting:
    def test_old_values_hold_until_the_correction_is_approved(self, district, cast, approved):
        second = correct(approved, cast, homes=15)
        figures = Figure.objects.filter(target=district.targets["49.3"], replaced_on__isnull=True)
        assert figures.get().value == 12
        approve(second, cast)
        assert figures.get().value == 15

    def test_correction_is_a_further_revision_with_the_values_so_far(self, approved, cast):
        draft = reports.correct_report(report=approved, actor=cast.liaison, reason="多报。")
        assert (draft.revision, draft.corrects, draft.correction_reason) == (2, approved, "多报。")
        assert draft.entries.get(target__code="49.3").value == 12
        assert Event.objects.get(action="report.correct").note == "多报。"

    def test_correction_may_lower_a_total(self, approved, cast):
        assert correct(approved, cast, homes=3).status == ReportStatus.SUBMITTED

    def test_correction_cannot_empty_an_accepted_value(self, approved, cast, save):
        draft = reports.correct_report(report=approved, actor=cast.liaison, reason="多报。")
        saved = save(draft, t49_3=entry(), t22_4=entry(numerator=9, denominator=10))
        with pytest.raises(EntriesInvalid) as caught:
            reports.submit_report(report=saved, actor=cast.liaison, version=saved.version)
        ((problem,),) = caught.value.problems.values()
        assert problem.code == "emptied"
        assert "更正不能清空" in problem.message

    def test_correction_needs_a_reason(self, approved, cast):
        found = refused(reports.correct_report, report=approved, actor=cast.liaison, reason=" ")
        assert (found.code, found.message) == ("reason_required", "请填写更正原因。")

    def test_second_correction_of_one_report_is_refused(self, approved, cast):
        reports.correct_report(report=approved, actor=cast.liaison, reason="多报。")
        found = refused(reports.correct_report, report=approved, actor=cast.liaison, reason="又错。")
        assert (found.code, found.message) == ("superseded", "该填报已有更正，请在最新版次上操作。")

    def test_lateness_of_the_first_report_carries_over(self, district, cast):
        with clock.pinned(date(2024, 9, 29)):
            late = approve(fill_and_submit(district, cast, month=9, homes=2), cast)
            assert correct(late, cast, homes=3).late is True

    def test_chain_of_corrections_leaves_one_figure_per_cell(self, district, cast, approved):
        second = approve(correct(approved, cast, homes=15), cast)
        approve(correct(second, cast, homes=14), cast)
        figures = Figure.objects.filter(target=district.targets["49.3"])
        assert figures.count() == 3
        assert figures.get(replaced_on__isnull=True).value == 14


class TestDiscarding:
    def test_discarded_draft_leaves_its_values_in_the_log(self, filled, cast):
        reports.discard_report(report=filled, actor=cast.liaison)
        assert not ProgressReport.objects.exists()
        assert not Entry.objects.exists()
        before = Event.objects.get(action="report.discard").before
        assert before["49.3"]["value"].startswith("12")

    def test_report_that_was_handed_in_cannot_be_discarded(self, submitted, cast):
        returned = send_back(submitted, cast)
        found = refused(reports.discard_report, report=returned, actor=cast.liaison)
        assert (found.code, found.message) == ("wrong_state", "已提交过的填报不能撤销，请修改后重新提交。")

    def test_correction_with_copied_evidence_can_be_discarded(self, approved, cast):
        Evidence.objects.create(
            report=approved,
            file="evidence/0/abc",
            name="照片.jpg",
            size=3,
            sha256="0" * 64,
            uploaded_by=cast.liaison,
            uploaded_at=approved.saved_at,
        )
        draft = reports.correct_report(report=approved, actor=cast.liaison, reason="多报。")
        assert draft.evidence.count() == 1
        reports.discard_report(report=draft, actor=cast.liaison)
        assert approved.evidence.kept().count() == 1
