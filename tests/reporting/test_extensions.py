"""More time for a report: asked for in time with a reason, answered by another, and what it means for who is late."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Event
from tests import factories as make
from tests.cast import TODAY
from tests.steps import approve, fill_and_submit, send_back
from tests.test_concurrency import at_once
from workplan import clock
from workplan.completeness import completeness, duties
from workplan.dashboard.board import load
from workplan.due_days import periods_of
from workplan.enums import ExtensionState, PlanStatus, ReminderSubject
from workplan.errors import Refused
from workplan.models import Message, ProgressReport, ReportExtension
from workplan.reminders.due import all_due, reports_due, still_open
from workplan.services import reports, urging
from workplan.services.report_extensions import ask_extensions, askable, decide_extensions

DUE, LATER, CLOSES = date(2024, 10, 28), date(2024, 11, 1), date(2024, 11, 12)
ASK, DECIDE = "/extensions/ask/", "/extensions/decide/"


@pytest.fixture
def ask(district, cast):
    def asking(**kwargs):
        usual = {
            "org_unit": district.township,
            "period": district.period(10),
            "tasks": [district.task],
            "actor": cast.liaison,
            "wanted": LATER,
            "reason": "道路塌方，入户核实推迟。",
        }
        return ask_extensions(**(usual | kwargs))

    return asking


@pytest.fixture
def decide(cast):
    def deciding(rows, *, granted=True, actor=None, **kwargs):
        pks = [row.pk for row in rows]
        return decide_extensions(extensions=pks, actor=actor or cast.head, granted=granted, **kwargs)

    return deciding


@pytest.fixture
def granted(ask, decide):
    """More time until 1 November for the task of the office's section, granted on 15 October."""
    (row,) = decide(ask())
    return row


def refused(act, *args, **kwargs) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return caught.value.code, caught.value.message


def duty_of(district, user, on, task=None):
    found = duties(district.period(10), user, units=[district.township], tasks=[task or district.task], on=on)
    return found[0]


class TestAsking:
    def test_what_was_asked_is_kept_and_logged(self, ask, cast, district):
        (row,) = ask()
        assert (row.due, row.wanted, row.state, row.asked_on) == (DUE, LATER, ExtensionState.ASKED, TODAY)
        event = Event.objects.get(action="extension.ask")
        assert (event.actor, event.org_unit, event.note) == (
            cast.liaison,
            district.township,
            "道路塌方，入户核实推迟。",
        )

    def test_several_tasks_are_as_many_requests(self, ask, district):
        assert len(ask(tasks=[district.task, district.other_task])) == 2

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"reason": " "}, "text_required"),
            ({"wanted": None}, "wanted_required"),
            ({"wanted": DUE}, "not_later"),
            ({"wanted": date(2024, 11, 13)}, "after_close"),
            ({"tasks": []}, "tasks_required"),
        ],
    )
    def test_reason_day_and_task_must_serve(self, change, code, ask):
        assert refused(ask, **change)[0] == code
        assert not ReportExtension.objects.exists()

    def test_the_last_day_is_the_day_on_which_the_period_closes(self, ask):
        assert ask(wanted=CLOSES)

    def test_on_the_deadline_itself_it_can_still_be_asked_and_a_day_later_no_more(self, ask):
        with clock.pinned(date(2024, 10, 29)):
            code, message = refused(ask)
        assert (code, message) == ("past_due", "任务 49 已于 2024-10-28 截止，截止后不能再申请延期。")
        with clock.pinned(DUE):
            assert ask()

    def test_one_open_request_for_a_report(self, ask):
        ask()
        assert refused(ask, wanted=CLOSES) == ("already_asked", "任务 49 已有延期申请等待审批，无需重复申请。")

    def test_the_database_takes_one_open_request_only(self, ask):
        (row,) = ask()
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)

    def test_a_report_that_was_handed_in_needs_no_more_time_and_one_sent_back_does(self, ask, district, cast):
        report = fill_and_submit(district, cast, month=10, homes=1, rate=(1, 1))
        assert refused(ask)[0] == "handed_in"
        send_back(report, cast)
        assert ask()

    def test_what_the_unit_does_not_report_is_refused(self, ask, district):
        other = make.TaskFactory(section=district.section, number=50)
        assert refused(ask, tasks=[other])[0] == "nothing_owed"

    def test_a_plan_that_is_not_worked_on_and_a_period_to_come_are_refused(self, ask, district):
        assert refused(ask, period=district.period(11), wanted=date(2024, 12, 2))[0] == "period_not_open"
        district.plan.status = PlanStatus.CLOSED
        district.plan.save()
        assert refused(ask)[0] == "plan_not_running"

    def test_a_granted_day_can_be_asked_to_be_later_still(self, ask, decide, granted):
        assert refused(ask)[0] == "not_later"
        with clock.pinned(date(2024, 10, 31)):
            (row,) = decide(ask(wanted=CLOSES))
        assert (row.due, row.until) == (LATER, CLOSES)

    @pytest.mark.parametrize("part", ["other_liaison", "staff", "head", "leader", "outsider"])
    def test_nobody_asks_for_another_unit(self, part, ask, cast):
        assert refused(ask, actor=getattr(cast, part))[0] == "nothing_owed"


class TestAnswering:
    def test_granted_with_an_earlier_day_than_asked(self, ask, decide, cast):
        (row,) = decide(ask(), until=date(2024, 10, 30), note="请抓紧。")
        assert (row.state, row.until, row.decided_by, row.decided_on) == (
            "granted",
            date(2024, 10, 30),
            cast.head,
            TODAY,
        )
        assert Event.objects.get(action="extension.grant").after["until"] == "2024-10-30"

    @pytest.mark.parametrize(
        ("until", "code"),
        [(DUE, "not_later"), (date(2024, 11, 2), "beyond_wanted")],
    )
    def test_the_day_lies_between_the_deadline_and_what_was_asked(self, until, code, ask, decide):
        rows = ask()
        assert refused(decide, rows, until=until)[0] == code
        rows[0].refresh_from_db()
        assert rows[0].state == ExtensionState.ASKED

    def test_no_day_that_is_over_is_granted(self, ask, decide):
        rows = ask()
        with clock.pinned(date(2024, 10, 31)):
            assert refused(decide, rows, until=date(2024, 10, 30))[0] == "until_in_past"

    def test_refusing_takes_a_reason(self, ask, decide):
        rows = ask()
        assert refused(decide, rows, granted=False) == ("text_required", "请填写不同意延期的理由。")
        (row,) = decide(rows, granted=False, note="已给足时间。")
        assert (row.state, row.until, row.note) == ("refused", None, "已给足时间。")

    def test_the_unit_is_told_in_its_inbox(self, ask, decide, cast, district):
        decide(ask(), until=date(2024, 10, 30), note="请抓紧。")
        message = Message.objects.get(user=cast.liaison)
        assert message.title == "2024年10月填报延期申请：已同意"
        (line,) = message.lines
        assert line["text"] == "任务 49：同意延期至 2024-10-30（请抓紧。）"
        assert line["url"] == f"/sheet/?unit={district.township.pk}&period={district.period(10).pk}"
        assert not Message.objects.filter(user__in=[cast.other_liaison, cast.supervisor, cast.staff]).exists()

    def test_several_are_answered_at_once(self, ask, decide, district, cast):
        more = make.TargetFactory(task=make.TaskFactory(section=district.section, number=50), code="50.1", goal=1)
        make.AllocationFactory(target=more, org_unit=district.township, amount=1)
        rows = decide(ask(tasks=[district.task, more.task]))
        assert {row.until for row in rows} == {LATER}
        assert Message.objects.get(user=cast.liaison).lines[0]["text"] == "任务 49、50：同意延期至 2024-11-01"

    def test_the_second_answer_is_told_of_the_first(self, ask, decide, cast):
        rows = ask()
        decide(rows)
        code, message = refused(decide, rows, granted=False, note="不同意。")
        assert (code, "已于 2024-10-15" in message, "已同意" in message) == ("nothing_asked", True, True)
        assert ReportExtension.objects.get().state == ExtensionState.GRANTED

    def test_who_asked_does_not_answer(self, ask, decide, cast, district):
        make.MembershipFactory(user=cast.liaison, org_unit=district.office, role="head")
        both = type(cast.liaison).objects.get(pk=cast.liaison.pk)
        rows = ask(actor=both)
        assert refused(decide, rows, actor=both)[0] == "own_request"
        assert not ReportExtension.objects.awaiting_answer_by(both, TODAY).exists()
        with pytest.raises(IntegrityError), transaction.atomic():
            fields = {"state": "granted", "until": LATER, "decided_by": both, "decided_on": TODAY}
            ReportExtension.objects.update(**fields)

    @pytest.mark.parametrize("left_out", ["until", "decided_on", "decided_by"])
    def test_the_database_takes_no_half_answer(self, left_out, ask, cast):
        ask()
        whole = {"state": "granted", "until": LATER, "decided_by": cast.head, "decided_on": TODAY}
        with pytest.raises(IntegrityError), transaction.atomic():
            ReportExtension.objects.update(**whole | {left_out: None})
        assert ReportExtension.objects.update(**whole) == 1

    @pytest.mark.parametrize("part", ["leader", "staff", "other_head", "liaison", "supervisor", "administrator"])
    def test_only_who_reviews_the_reports_answers(self, part, ask, decide, cast):
        assert refused(decide, ask(), actor=getattr(cast, part))[0] == "forbidden"

    def test_units_are_answered_one_by_one(self, ask, decide, district, cast):
        rows = [*ask(), *ask(org_unit=district.other_township, actor=cast.other_liaison)]
        make.MembershipFactory(user=cast.other_liaison, org_unit=district.township)
        assert refused(decide, rows)[0] == "several_units"


class TestOvertaken:
    def test_a_request_lapses_when_the_report_is_handed_in(self, ask, decide, district, cast):
        rows = ask()
        fill_and_submit(district, cast, month=10, homes=1, rate=(1, 1))
        assert ReportExtension.objects.get().state == ExtensionState.LAPSED
        assert refused(decide, rows)[0] == "nothing_asked"

    def test_a_request_lapses_when_the_day_it_asked_for_has_passed(self, ask, decide):
        rows = ask()
        with clock.pinned(LATER):
            assert rows[0].state_on(clock.today()) == ExtensionState.ASKED
        with clock.pinned(date(2024, 11, 2)):
            assert rows[0].state_on(clock.today()) == ExtensionState.LAPSED
            code, message = refused(decide, rows)
        assert (code, message) == ("nothing_asked", "这项延期申请已失效：单位已经报送，或申请延至的日期已过。")

    def test_it_may_be_granted_between_the_deadline_and_the_day_asked_for(self, ask, decide, district, cast):
        rows = ask()
        with clock.pinned(date(2024, 10, 30)):
            assert duty_of(district, cast.head, None).is_missing(date(2024, 10, 30))
            decide(rows)
            assert not duty_of(district, cast.head, None).is_missing(date(2024, 10, 30))
        before = duty_of(district, cast.head, date(2024, 10, 29))
        assert (before.due, before.is_missing(date(2024, 10, 29))) == (DUE, True), "as it was told on that day"

    def test_one_of_several_handed_in_leaves_the_others_to_be_answered(self, ask, decide, district, cast):
        more = make.TargetFactory(task=make.TaskFactory(section=district.section, number=50), code="50.1", goal=1)
        make.AllocationFactory(target=more, org_unit=district.township, amount=1)
        rows = ask(tasks=[district.task, more.task])
        fill_and_submit(district, cast, month=10, homes=1, rate=(1, 1))
        assert [row.task for row in decide(rows)] == [more.task]


class TestMeaning:
    @pytest.mark.parametrize(
        ("on", "late"), [(DUE, False), (date(2024, 10, 29), False), (LATER, False), (date(2024, 11, 2), True)]
    )
    def test_late_is_judged_by_the_day_granted(self, on, late, granted, district, cast):
        with clock.pinned(on):
            assert fill_and_submit(district, cast, month=10, homes=1, rate=(1, 1)).late is late

    def test_a_refused_request_moves_nothing(self, ask, decide, district, cast):
        decide(ask(), granted=False, note="不同意。")
        with clock.pinned(date(2024, 10, 29)):
            assert fill_and_submit(district, cast, month=10, homes=1, rate=(1, 1)).late is True

    def test_it_is_for_one_task_and_unit_only(self, granted, district, cast):
        on = date(2024, 10, 30)
        with clock.pinned(on):
            missing = [duty for duty in duties(district.period(10), cast.leader) if duty.is_missing(on)]
        assert (district.task, district.township) not in [(duty.task, duty.org_unit) for duty in missing]
        assert len(missing) == 4

    def test_lateness_sticks_when_the_late_report_is_sent_back(self, ask, district, cast):
        rows = ask()
        with clock.pinned(date(2024, 10, 29)):
            report = send_back(fill_and_submit(district, cast, month=10, homes=1, rate=(1, 1)), cast)
            again = reports.submit_report(report=report, actor=cast.liaison, version=report.version)
        rows[0].refresh_from_db()
        assert (again.late, rows[0].state) == (True, ExtensionState.LAPSED)

    def test_completeness_list_board_and_grid_count_the_same(self, granted, district, cast, as_user):
        on = date(2024, 10, 30)
        with clock.pinned(on):
            found = duties(district.period(10), cast.leader, on=on)
            assert completeness(found, on).missing == 4
            board = load(cast.leader, district.plan, on=on, since=TODAY)
            assert completeness(board.duties, on) == completeness(found, on)
            client = as_user(cast.leader)
            query = {"period": district.period(10).pk, "status": "missing"}
            assert len(client.get(reverse("workplan:duties"), query).context["table"].rows) == 4
            page = client.get(reverse("workplan:duties"), {"period": district.period(10).pk}).content.decode()
            assert "延期至 2024-11-01" in page
            target = reverse("workplan:target", args=[district.targets["49.3"].pk])
            grid = client.get(target).context["grid"]
        words = {row.unit: row.cells[-1].words for row in grid}
        assert words == {"D1甲街道": "2024年10月：未到期", "D1乙镇": "2024年10月：未报"}

    def test_a_past_day_is_told_with_the_deadline_of_that_day(self, ask, decide, district, cast):
        rows = ask()
        with clock.pinned(date(2024, 10, 30)):
            decide(rows)
        for on, missing in ((date(2024, 10, 29), 5), (date(2024, 10, 30), 4), (LATER, 4), (date(2024, 11, 2), 5)):
            with clock.pinned(date(2024, 11, 5)):
                board = load(cast.leader, district.plan, on=on, since=TODAY)
                assert completeness(board.duties, on).missing == missing, on
                assert completeness(duties(district.period(10), cast.leader, on=on), on).missing == missing, on

    def test_many_extensions_cost_no_further_statement(self, granted, district, cast, ask, decide):
        def count() -> int:
            assert cast.leader.scope  # read once for the whole request
            with CaptureQueriesContext(connection) as found:
                periods_of(district.plan, TODAY)
                duties(district.period(10), cast.leader)
            return len(found)

        few = count()
        decide(ask(org_unit=district.other_township, actor=cast.other_liaison))
        decide(ask(tasks=[district.other_task]), actor=cast.other_head)
        periods, later = periods_of(district.plan, TODAY)
        assert (count(), len(periods), len(later.granted)) == (few, 12, 3)


class TestReminders:
    def due(self, district, on):
        with clock.pinned(on):
            found = [due for due in reports_due(district.plan, on) if due.unit == district.township]
        return {(due.app, due.day): due for due in found if due.key.startswith(f"report|{district.period(10).pk}|")}

    def test_the_due_day_follows_the_day_granted(self, granted, district):
        found = self.due(district, date(2024, 10, 30))
        assert set(found) == {("eldercare", LATER), ("funeral", DUE)}

    def test_a_message_of_the_old_deadline_no_longer_holds_and_one_of_the_new_does(self, ask, decide, district):
        old = self.due(district, TODAY)["eldercare", DUE].key
        assert still_open([old], TODAY) == {old}
        decide(ask())
        new = self.due(district, TODAY)["eldercare", LATER].key
        assert still_open([old, new], TODAY) == {new}

    def test_two_deadlines_of_one_section_are_two_things_and_one_urging(self, granted, district, cast):
        more = make.TargetFactory(task=make.TaskFactory(section=district.section, number=50), code="50.1", goal=1)
        make.AllocationFactory(target=more, org_unit=district.township, amount=1)
        assert {day for app, day in self.due(district, TODAY) if app == "eldercare"} == {DUE, LATER}
        (urge,) = urging.urge(period=district.period(10), org_unit=district.township, actor=cast.head)
        assert urge.missing == 2
        texts = [line["text"] for line in Message.objects.get(user=cast.liaison, kind="urge").lines]
        assert any("任务 49" in text and "11月1日截止" in text for text in texts)
        assert any("任务 50" in text and "10月28日截止" in text for text in texts)

    def test_the_office_is_reminded_of_what_waits_for_its_answer(self, ask, decide, district):
        def waiting():
            return [d for d in all_due(district.plan, TODAY) if d.subject == ReminderSubject.EXTENSION]

        rows = ask()
        (due,) = waiting()
        assert (due.app, due.day, due.what, due.url) == ("eldercare", DUE, "2024年10月填报的延期申请", "/review/")
        assert still_open([due.key], TODAY) == {due.key}
        decide(rows)
        assert waiting() == [] and still_open([due.key], TODAY) == set()


class TestPages:
    def here(self, district):
        return {"unit": district.township.pk, "period": district.period(10).pk}

    def test_the_sheet_leads_to_the_form_and_shows_what_was_asked_and_answered(self, district, cast, as_user):
        client, here = as_user(cast.liaison), self.here(district)
        sheet = reverse("workplan:sheet")
        assert "/extensions/ask/?unit=" in client.get(sheet, here).content.decode()
        form = client.get(ASK, here | {"task": district.task.pk}).content.decode()
        assert f'value="{district.task.pk}" checked' in form
        asked = {**here, "tasks": district.task.pk, "until": "2024-11-01", "text": "塌方"}
        answer = client.post(ASK, asked, follow=True).content.decode()
        assert "已提交 1 项任务的延期申请" in answer and "任务 49：<strong>待审批</strong>" in answer
        pks = list(ReportExtension.objects.values_list("pk", flat=True))
        decide_extensions(extensions=pks, actor=cast.head, granted=True)
        assert "已同意，延期至 2024-11-01" in client.get(sheet, here).content.decode()

    def test_a_whole_section_at_once(self, district, cast, as_user):
        data = self.here(district) | {"apps": "eldercare", "until": "2024-11-01", "text": "塌方"}
        as_user(cast.liaison).post(ASK, data)
        assert [row.task for row in ReportExtension.objects.all()] == [district.task]

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"text": ""}, "请写明延期理由。"),
            ({"until": ""}, "请填写申请延至的日期。"),
            ({"until": "明天"}, "请填写日期，如 2024-10-15。"),
            ({"until": "2024-12-30"}, "不能晚于报告期关闭日"),
            ({"tasks": ""}, "请选择要申请延期的任务。"),
            ({"tasks": "999999"}, "所选任务不在本单位本期的填报范围内。"),
        ],
    )
    def test_a_mistake_is_named_and_nothing_typed_is_lost(self, change, words, district, cast, as_user):
        data = self.here(district) | {"tasks": district.task.pk, "until": "2024-11-01", "text": "道路塌方"} | change
        answer = as_user(cast.liaison).post(ASK, {name: value for name, value in data.items() if value != ""})
        page = answer.content.decode()
        assert (answer.status_code, words in page) == (422, True)
        assert change.get("text") == "" or "道路塌方" in page
        assert not ReportExtension.objects.exists()

    def test_the_second_click_is_told_kindly(self, district, cast, as_user):
        client, data = as_user(cast.liaison), self.here(district)
        data |= {"tasks": district.task.pk, "until": "2024-11-01", "text": "塌方"}
        client.post(ASK, data)
        assert "已有延期申请等待审批，无需重复申请。" in client.post(ASK, data, follow=True).content.decode()
        assert ReportExtension.objects.count() == 1

    def test_a_form_without_unit_is_refused_and_an_address_without_leads_to_the_sheet(self, cast, as_user):
        client = as_user(cast.liaison)
        assert client.get(ASK).url == "/sheet/"
        assert client.post(ASK, {}).status_code == 400
        assert client.get(ASK, {"unit": "x", "period": "1"}).status_code == 400

    def test_the_neighbour_has_no_such_unit(self, district, cast, as_user):
        data = self.here(district) | {"tasks": district.task.pk, "until": "2024-11-01", "text": "塌方"}
        for user, status in ((cast.other_liaison, 404), (cast.outsider, 404), (cast.staff, 403)):
            assert as_user(user).get(ASK, self.here(district)).status_code == status
            assert as_user(user).post(ASK, data).status_code == status
        assert not ReportExtension.objects.exists()

    def test_the_office_answers_in_place(self, ask, district, cast, as_user):
        (row,) = ask()
        client = as_user(cast.head)
        assert "项延期申请待办理" in client.get("/").content.decode()
        page = client.get("/review/").content.decode()
        assert "延期申请待办理" in page and "道路塌方，入户核实推迟。" in page and 'value="2024-11-01"' in page
        data = {"extension": row.pk, "answer": "grant", "until": "2024-10-31", "text": ""}
        answer = client.post(DECIDE, data, follow=True).content.decode()
        assert "已同意D1甲街道延期至 2024-10-31，共 1 项任务。" in answer and "延期申请待办理" not in answer
        again = client.post(DECIDE, data, follow=True).content.decode()
        assert "无需重复办理" in again

    def test_a_refusal_without_a_reason_is_named_at_its_field(self, ask, cast, as_user):
        (row,) = ask()
        client = as_user(cast.head)
        data = {"extension": row.pk, "answer": "refuse", "until": "2024-10-31", "text": ""}
        answer = client.post(DECIDE, data)
        assert answer.status_code == 422
        assert "请填写不同意延期的理由。" in answer.content.decode() and 'value="2024-10-31"' in answer.content.decode()
        client.post(DECIDE, data | {"text": "时间已足够。"})
        row.refresh_from_db()
        assert (row.state, row.note) == ("refused", "时间已足够。")

    def test_broken_answers_are_refused(self, ask, cast, as_user):
        (row,) = ask()
        client = as_user(cast.head)
        for data in (
            {},
            {"extension": row.pk},
            {"extension": "x", "answer": "grant"},
            {"extension": row.pk, "answer": "y"},
        ):
            assert client.post(DECIDE, data).status_code == 400

    @pytest.mark.parametrize(
        ("part", "status"),
        [
            ("other_head", 404),
            ("leader", 403),
            ("staff", 403),
            ("liaison", 403),
            ("other_liaison", 403),
            ("outsider", 403),
        ],
    )
    def test_nobody_else_answers(self, part, status, ask, cast, as_user):
        (row,) = ask()
        answer = as_user(getattr(cast, part)).post(
            DECIDE, {"extension": row.pk, "answer": "grant", "until": "2024-11-01"}
        )
        assert answer.status_code == status
        row.refresh_from_db()
        assert row.state == ExtensionState.ASKED

    def test_the_report_names_the_day_granted(self, granted, district, cast, as_user):
        report = reports.start_report(
            task=district.task, org_unit=district.township, period=district.period(10), actor=cast.liaison
        )
        page = as_user(cast.liaison).get(reverse("workplan:report", args=[report.pk])).content.decode()
        assert "延期至 2024-11-01" in page
        with clock.pinned(date(2024, 10, 30)):
            handed = fill_and_submit(district, cast, month=10, homes=1, rate=(1, 1))
            page = as_user(cast.head).get(reverse("workplan:report", args=[approve(handed, cast).pk])).content.decode()
        assert "按期（延期至 2024-11-01）" in page

    def test_what_can_be_asked_for_is_what_the_form_offers(self, ask, district, cast):
        period = district.period(10)
        assert {duty.task for duty in askable(district.township, period, cast.liaison)} == {
            district.task,
            district.other_task,
        }
        ask()
        assert [duty.task for duty in askable(district.township, period, cast.liaison)] == [district.other_task]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_granting_and_handing_in_at_once_end_as_one_after_the_other():
    """On the day after the deadline: whoever came first decides whether the report is late, and the request says the same."""
    from tests import cast as parts
    from tests.steps import typed_values

    district = parts.build_district("P1")
    cast = parts.build_cast(district, parts.build_district("P2"))
    where = {"org_unit": district.township, "period": district.period(9), "actor": cast.liaison}
    with clock.pinned(date(2024, 9, 20)):
        report = reports.start_report(task=district.task, **where)
        typed = typed_values(district, homes=3, rate=(1, 2))
        entries = {t.pk: typed[t.code] for t in district.targets.values() if t.code in ("49.3", "22.4")}
        report = reports.save_report(
            report=report, actor=cast.liaison, version=1, typed=reports.ReportInput(entries=entries)
        )
        (row,) = ask_extensions(tasks=[district.task], wanted=date(2024, 10, 12), reason="塌方", **where)

    def on_the_day(act):
        def run():
            with clock.pinned(date(2024, 9, 30)):
                return act()

        return run

    def submit():
        return reports.submit_report(report=report, actor=cast.liaison, version=report.version)

    def grant():
        return decide_extensions(extensions=[row.pk], actor=cast.head, granted=True)

    results = at_once([on_the_day(submit), on_the_day(grant)])
    row.refresh_from_db()
    late = ProgressReport.objects.get(pk=report.pk).late
    assert (row.state, late) in ((ExtensionState.GRANTED, False), (ExtensionState.LAPSED, True))
    assert isinstance(results[1], Refused) == late
