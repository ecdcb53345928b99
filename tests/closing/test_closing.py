"""Closing a year: what stops it, what is only named, the report that stays, and that nothing is written afterwards."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Event
from tests.amending import steps as amending
from tests.steps import approve, entry, fill_and_submit
from workplan import clock
from workplan.enums import AssignmentRole, PlanStatus, RollupKind, RollupState
from workplan.errors import Refused
from workplan.models import Figure, Period, Plan, ProgressReport, RollupReport, Task
from workplan.rollup.gather import Asked
from workplan.services import closing as service
from workplan.services import periods, reports, rollup
from workplan.services.plan import allocate, assign, change_goal, revise_target, withdraw_share
from workplan.services.reports import ReportInput
from workplan.services.sheet import Typed, save_typed
from workplan.workflow import available_actions

pytestmark = pytest.mark.django_db
AFTER = date(2025, 1, 20)


def refused(code: str):
    return pytest.raises(Refused, check=lambda error: error.code == code)


@pytest.fixture
def over(district, cast):
    """The year has passed; one report was approved in it."""
    with clock.pinned(date(2024, 7, 20)):
        approve(fill_and_submit(district, cast, month=7, homes=60, rate=(9, 10)), cast)
    with clock.pinned(AFTER):
        yield district


def close(district, cast, *, actor=None, confirmed=False) -> Plan:
    return service.close_plan(plan=district.plan, actor=actor or cast.administrator, confirmed=confirmed)


def test_a_closed_year_has_its_published_report(over, cast):
    assert close(over, cast).status == PlanStatus.CLOSED
    report = RollupReport.objects.get()
    assert (report.kind, report.level, report.state, report.end) == ("year", "bureau", "published", date(2024, 12, 31))
    assert report.files.count() >= 2 and report.published_by == cast.administrator
    assert [row["amount_text"] for row in report.snapshot["targets"] if row["code"] == "49.3"] == ["60 户"]
    assert Event.objects.get(action="plan.close").after["rollup"] == report.pk


def test_closed_twice_it_is_closed_once(over, cast):
    close(over, cast)
    assert close(over, cast).status == PlanStatus.CLOSED
    assert RollupReport.objects.count() == Event.objects.filter(action="plan.close").count() == 1


def test_a_draft_of_the_report_is_published_as_it_is_worded(over, cast):
    asked = Asked(over.plan, RollupKind.YEAR, date(2024, 1, 1), date(2024, 12, 31))
    report, _ = rollup.make_report(asked=asked, actor=cast.leader)
    place = next(iter(report.texts))
    rollup.save_texts(report=report, texts={place: "经过斟酌的文字。"}, version=1, actor=cast.leader)
    close(over, cast)
    found = RollupReport.objects.get()
    assert found.state == RollupState.PUBLISHED and found.texts[place] == "经过斟酌的文字。"


def test_a_draft_that_tells_other_numbers_stops_it(over, cast):
    asked = Asked(over.plan, RollupKind.YEAR, date(2024, 1, 1), date(2024, 12, 31))
    rollup.make_report(asked=asked, actor=cast.leader)
    Figure.objects.filter(target__code="49.3").update(value=61)
    over.targets["49.3"].totals.all().delete()
    with refused("stale_rollup"):
        close(over, cast)
    assert Plan.objects.get(pk=over.plan.pk).status == PlanStatus.PUBLISHED


def test_a_running_year_and_open_periods_stop_it(district, cast):
    for day, words in ((date(2024, 12, 31), "2024年还没有结束"), (date(2025, 1, 12), "报告期尚未关闭")):
        with clock.pinned(day), pytest.raises(Refused, match=words):
            close(district, cast)
    assert not RollupReport.objects.exists()


def test_reports_that_wait_for_review_stop_it(district, cast):
    with clock.pinned(date(2024, 12, 20)):
        waiting = fill_and_submit(district, cast, month=12, homes=70, rate=(9, 10))
    with clock.pinned(AFTER):
        with pytest.raises(Refused, match="填报待审核（1）"):
            close(district, cast)
        approve(waiting, cast)
        assert close(district, cast).status == PlanStatus.CLOSED


def test_what_may_be_left_is_confirmed(over, cast):
    with clock.pinned(date(2024, 12, 20)):
        reports.start_report(task=over.task, org_unit=over.township, period=over.period(12), actor=cast.liaison)
        amending.draft(over, cast)
    words = [one.words for one in service.outlook(over.plan).warnings]
    assert words == ["填报没有提交或退回后没有重报，将不再受理", "计划调整草稿，将不再能发布"]
    with refused("not_confirmed"):
        close(over, cast)
    assert close(over, cast, confirmed=True).status == PlanStatus.CLOSED


@pytest.mark.parametrize("who", ["leader", "head", "staff", "auditor", "liaison", "nobody", "outsider"])
def test_only_who_keeps_the_whole_plan_closes_it(who, over, cast):
    with refused("forbidden"):
        close(over, cast, actor=getattr(cast, who))


# --- afterwards ---


@pytest.fixture
def closed(over, cast):
    with clock.pinned(date(2024, 12, 20)):
        reports.start_report(
            task=over.task, org_unit=over.other_township, period=over.period(12), actor=cast.other_liaison
        )
    close(over, cast, confirmed=True)
    over.plan.refresh_from_db()
    for target in over.targets.values():
        target.refresh_from_db()
    return over


def test_nothing_is_written_into_a_closed_year(closed, cast):
    homes, boss = closed.targets["49.3"], cast.administrator
    approved = ProgressReport.objects.with_context().get(status="approved")
    draft = ProgressReport.objects.with_context().get(status="draft")
    typed = ReportInput(entries={homes.pk: entry(value=1)})
    period, share = closed.period(12), homes.allocations.first()
    unlock = {"org_unit": closed.township, "period": period, "app": "eldercare", "reason": "补报", "expires_on": AFTER}
    acts = [
        lambda: reports.save_report(report=draft, actor=cast.other_liaison, version=draft.version, typed=typed),
        lambda: reports.submit_report(report=draft, actor=cast.other_liaison, version=draft.version),
        lambda: reports.correct_report(report=approved, actor=cast.liaison, reason="更正"),
        lambda: reports.start_report(
            task=closed.other_task, org_unit=closed.township, period=period, actor=cast.liaison
        ),
        lambda: periods.unlock_period(actor=cast.head, **unlock),
        lambda: allocate(target=homes, amounts={closed.township: Decimal(99)}, actor=cast.head, reason="改"),
        lambda: withdraw_share(share=share, actor=boss),
        lambda: assign(task=closed.task, unit=closed.other_office, role=AssignmentRole.COOPERATE, actor=boss),
        lambda: change_goal(target=homes, goal=Decimal(1), actor=boss, reason="改"),
        lambda: revise_target(target=homes, actor=boss, reason="改"),
    ]
    for place, act in enumerate(acts):
        with pytest.raises(Refused) as found:
            act()
        assert found.value.code == "plan_closed", place
    assert available_actions(draft, cast.other_liaison) == available_actions(approved, cast.liaison) == []
    with refused("not_published"):
        amending.draft(closed, cast)


@pytest.mark.parametrize("who", ["liaison", "other_liaison"], ids=["nothing begun", "a draft"])
def test_a_save_that_began_before_the_close_finds_the_year_closed(who, closed, cast):
    begun = ProgressReport.objects.get(status="draft")
    unit = begun.org_unit if who == "other_liaison" else closed.township
    task = Task.objects.select_related("section", "plan__bureau").get(pk=begun.task_id)
    period = Period.objects.select_related("plan__bureau").get(pk=begun.period_id)
    task.plan.status = period.plan.status = PlanStatus.PUBLISHED  # as it was read while somebody was closing
    typed = Typed(entries={closed.targets["49.3"].pk: (entry(), entry(value=1))})
    kept = save_typed(task=task, org_unit=unit, period=period, actor=getattr(cast, who), typed=typed)
    assert kept.refused.code == "plan_closed"


def test_data_maintenance_shows_a_closed_year_only(closed, cast, as_user):
    client = as_user(cast.administrator)
    for name, pk in (("target", closed.targets["49.3"].pk), ("plan", closed.plan.pk), ("task", closed.task.pk)):
        address = reverse(f"admin:workplan_{name}_change", args=[pk])
        assert client.get(address).status_code == 200
        assert client.post(address, {"title": "另一个"}).status_code == 403


@pytest.mark.parametrize(
    "page", ["plan", "targets", "tasks", "leader", "units", "duties", "reports", "rollups", "amendments"]
)
def test_the_pages_of_a_closed_year_stay_readable(page, closed, cast, as_user):
    assert as_user(cast.leader).get(reverse(f"workplan:{page}")).status_code == 200


def test_single_things_of_a_closed_year_stay_readable(closed, cast, as_user):
    client, target = as_user(cast.leader), closed.targets["49.3"]
    report = ProgressReport.objects.get(status="approved")
    for name, pk in (
        ("section", closed.section.pk),
        ("task", closed.task.pk),
        ("target", target.pk),
        ("report", report.pk),
    ):
        assert client.get(reverse(f"workplan:{name}", args=[pk])).status_code == 200
    assert "60 户" in client.get(reverse("workplan:target", args=[target.pk])).content.decode()
    assert as_user(cast.liaison).get(reverse("workplan:sheet")).status_code == 200


# --- the page ---


def test_the_page_tells_what_is_open_and_closes(district, cast, as_user):
    client, address = as_user(cast.administrator), reverse("workplan:plan_close")
    text = client.get(address).content.decode()
    assert "2024年还没有结束" in text and '<button class="btn btn-primary"' not in text
    page = client.post(address)
    assert page.status_code == 409 and "还不能结束" in page.content.decode()
    with clock.pinned(AFTER):
        assert address in client.get(reverse("workplan:plan")).content.decode()
        page = client.post(f"{address}?plan={district.plan.pk}", follow=True)
        assert "已结束，年度汇总报告已发布。" in page.content.decode()
        assert "这一年度已经结束" in client.get(address).content.decode()


def test_the_page_asks_to_confirm_what_is_left(over, cast, as_user):
    amending.draft(over, cast)
    client, address = as_user(cast.administrator), reverse("workplan:plan_close")
    page = client.post(address)
    assert page.status_code == 409 and "请先确认未办结的事项" in page.content.decode()
    assert client.post(address, {"confirmed": "on"}).status_code == 302
