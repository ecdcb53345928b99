"""The sample year: who may sign in, what it shows, and that its rows are those that the services write."""

from collections import Counter
from datetime import date

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Max
from django.forms import model_to_dict
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from accounts.enums import Right
from accounts.models import Event, OrgUnit, User
from workplan import clock
from workplan.assess import assess, assess_each_unit
from workplan.demo.accounts import PASSWORD, cast_accounts
from workplan.demo.load import load_demo
from workplan.demo.scripts import Script, scripts_of
from workplan.enums import ReportAction, ReportStatus
from workplan.errors import Refused
from workplan.loading.loader import load_plan
from workplan.models import Allocation, Entry, Figure, LoadedRow, Plan, Problem, ProgressReport
from workplan.rules.entries import Level
from workplan.rules.kinds import Light, Reason
from workplan.services import reports as services
from workplan.services.checks import entries_with_previous, problems_of_entry
from workplan.services.figures import drift_of

from .plan_data import kept_for_module

TODAY = date(2024, 10, 15)

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]


def _load() -> None:
    load_plan()
    with override_settings(DEMO=True):
        load_demo()


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup, django_db_blocker):
    with kept_for_module(django_db_blocker, _load):
        yield


@pytest.fixture
def plan() -> Plan:
    return Plan.objects.get()


def test_some_of_the_adapted_homes_were_looked_at(plan):
    (found,) = assess(plan.targets.filter(code="49.3"), on=TODAY)
    assert 0 < found.verified == plan.targets.get(code="49.3").spot_checks.get().items.exclude(finding="open").count()
    assert found.verified < found.amount.value


@pytest.fixture
def demo_mode(settings):
    settings.DEMO = True


def month(plan: Plan, number: int):
    return ProgressReport.objects.filter(period__plan=plan, period__number=number)


# --- Accounts ---


def test_there_is_an_account_for_every_part(plan):
    apps = list(plan.sections.values_list("app", flat=True))
    townships = OrgUnit.objects.townships().values_list("code", flat=True)
    expected = {"admin", "leader", "auditor"}
    expected |= {f"{part}-{app}" for part in ("head", "staff") for app in apps}
    expected |= {f"{part}-{code}" for part in ("liaison", "supervisor") for code in townships}
    assert set(User.objects.values_list("username", flat=True)) == expected
    assert User.objects.filter(is_demo=True, must_change_password=False).count() == len(expected)
    assert all(user.name.startswith("演示·") for user in User.objects.all())


@pytest.mark.parametrize("username", ["admin", "leader", "head-eldercare", "liaison-500156004"])
def test_account_opens_with_the_demo_password(username, rf):
    user = authenticate(rf.post("/"), username=username, password=PASSWORD)
    assert user is not None
    assert user.username == username
    assert authenticate(rf.post("/"), username=username, password="demo") is None


def test_parts_hold_their_rights():
    head, liaison = (
        User.objects.get(username="head-eldercare"),
        User.objects.get(username="liaison-500156004"),
    )
    assert head.may(Right.REPORT_REVIEW)
    assert not head.may(Right.REPORT_WRITE)
    assert liaison.may(Right.REPORT_WRITE)
    assert not liaison.may(Right.REPORT_REVIEW)
    assert User.objects.get(username="leader").may(Right.OVERVIEW)
    own = ProgressReport.objects.visible_to(liaison)
    assert set(own.values_list("org_unit__code", flat=True)) == {"500156004"}


# --- What the year shows ---


def test_reports_stand_in_every_state(plan):
    states = Counter(month(plan, 9).values_list("status", flat=True))
    assert all(states[state] >= 10 for state in (ReportStatus.APPROVED, ReportStatus.SUBMITTED, ReportStatus.RETURNED))
    settled = Counter(month(plan, 5).values_list("status", flat=True))
    assert settled[ReportStatus.APPROVED] > 0.95 * sum(settled.values())
    assert set(month(plan, 10).values_list("status", flat=True)) == {ReportStatus.DRAFT}
    assert not month(plan, 11).exists()


def test_some_reports_are_late_some_missing_and_some_corrected(plan):
    owed = len(set(Allocation.objects.values_list("target__task", "org_unit")))
    for number in range(3, 10):
        reports = month(plan, number).filter(revision=1)
        assert 0 < reports.filter(late=True).count() < 0.15 * owed, number
        assert 0.9 * owed < reports.count() < owed, number
    assert ProgressReport.objects.filter(revision=2, status=ReportStatus.APPROVED).exists()


def test_lateness_follows_the_periods(plan):
    for report in ProgressReport.objects.exclude(submitted_on=None).select_related("period", "corrects"):
        expected = report.corrects.late if report.corrects else report.submitted_on > report.period.due
        assert report.late == expected, report
        assert report.corrects or report.submitted_on <= report.period.closes, report


def test_nothing_happens_after_the_pinned_day():
    latest = ProgressReport.objects.aggregate(Max("saved_at__date"), Max("approved_on"), Max("submitted_on"))
    assert all(day < TODAY for day in latest.values())


def test_one_ceiling_is_breached_with_a_remark(plan):
    tomb = Entry.objects.get(target__code="46.3", value__gt=0)
    assert tomb.remark
    found = {a.target.code: a.verdict for a in assess(plan.targets.all(), on=TODAY)}
    breached = [code for code, verdict in found.items() if verdict.reason == Reason.CEILING_BREACHED]
    assert breached == ["46.3"]


def test_lights_of_every_colour_are_on(plan):
    lights = Counter(a.verdict.light for a in assess(plan.targets.all(), on=TODAY))
    # Once a period is due a target is reported or not reported: none is merely "not started".
    assert set(lights) == set(Light) - {Light.NOT_STARTED}
    assert lights[Light.ON_PACE] + lights[Light.DONE] > 0.5 * plan.targets.count()


def test_totals_never_shrink_and_hundred_homes_are_under_way(plan):
    homes = plan.targets.get(code="49.3")
    units = list(OrgUnit.objects.below(plan.bureau).townships())
    by_unit: dict[int, list] = {}
    for day in (*(date(2024, month, 28) for month in range(3, 10)), TODAY):
        for unit, (found,) in assess_each_unit([homes], on=day, units=units).items():
            by_unit.setdefault(unit, []).append(found.amount.value)
    assert len(by_unit) == 26
    assert all(values == sorted(values) for values in by_unit.values())
    assert 50 < sum(values[-1] for values in by_unit.values()) < 100


def test_numbers_of_one_unit_do_not_contradict_each_other(plan):
    value: dict[tuple, Entry] = {}
    for entry in Entry.objects.filter(report__submitted_on__isnull=False).select_related("target", "report"):
        value[entry.target.code, entry.report.org_unit_id, entry.report.period_id, entry.report.revision] = entry
    for (code, *place), entry in value.items():
        site = value.get(("40.4", *place))
        if code == "40.3" and entry.value:
            assert site.value == 1, entry.report  # a unit with a station of its own is covered
        if code == "42.3" and entry.numerator == 0 and ("40.4", *place) in value:
            assert site.value == 0, entry.report  # a covered unit offers the service
        if code == "49.2":
            assert entry.numerator >= value["49.3", *place].value, entry.report  # no home without its plan
        if code == "50.2":
            assert entry.denominator == value["50.1", *place].numerator, entry.report


def test_everything_handed_in_passes_the_checks():
    handed_in = ProgressReport.objects.exclude(submitted_on=None)
    for entry in entries_with_previous(handed_in):
        errors = [problem for problem in problems_of_entry(entry) if problem.level == Level.ERROR]
        assert not errors, (entry.report, entry.target, errors)


def test_tour_liaison_has_something_returned_something_missing_and_drafts(plan):
    own = ProgressReport.objects.filter(org_unit__code="500156004")
    assert own.filter(period__number=9, status=ReportStatus.RETURNED).exclude(return_reason="").exists()
    assert not own.filter(period__number=9, task__number=21).exists()
    assert own.filter(period__number=10, status=ReportStatus.DRAFT).exists()


# --- The rows are those of the services ---


def test_figures_show_no_drift(plan):
    assert Figure.objects.filter(target__plan=plan).count() > 5000
    assert drift_of(plan) == []


def test_story_is_the_same_each_time_it_is_told(plan):
    troupe, _ = cast_accounts(plan)
    first = scripts_of(plan, troupe)
    with clock.pinned(date(2031, 3, 3)):
        assert scripts_of(plan, troupe) == first


def rows_of(reports) -> list[dict]:
    """Return reports with entries, figures and events as plain values, without ids and clock times."""
    found = []
    for report in reports.order_by("task", "org_unit", "period", "revision").select_related("period", "corrects"):
        row = model_to_dict(report, exclude=["id", "corrects", "saved_at", "submitted_at", "approved_at"])
        row["corrects"] = report.corrects and report.corrects.revision
        row["entries"] = [model_to_dict(e, exclude=["id", "report"]) for e in report.entries.order_by("target")]
        figures = Figure.objects.filter(entry__report=report).order_by("target")
        row["figures"] = [model_to_dict(figure, exclude=["id", "entry"]) for figure in figures]
        events = Event.objects.of(report).order_by("pk")
        row["events"] = [model_to_dict(e, exclude=["id", "object_id", "at"]) for e in events]
        found.append(row)
    return found


def replay(scripts: list[Script]) -> None:
    """Do with the services, in the order of days, what the scripts tell."""
    acts = [(act.on, number, act) for number, script in enumerate(scripts) for act in script.acts]
    reports: dict[int, ProgressReport] = {}
    saves = {number: iter(script.saves) for number, script in enumerate(scripts)}
    numbers = {id(script): number for number, script in enumerate(scripts)}
    for on, number, act in sorted(acts, key=lambda item: item[0]):  # stable: one report's acts keep their order
        script = scripts[number]
        with clock.pinned(on):
            if act.action == ReportAction.CORRECT:
                source = reports[numbers[id(script.corrects)]]
                reports[number] = services.correct_report(report=source, actor=script.writer, reason=act.note)
            else:
                reports[number] = perform(script, act, reports.get(number), saves[number])


def perform(script: Script, act, report, saves) -> ProgressReport:
    if act.action == ReportAction.SAVE:
        report = report or services.start_report(
            task=script.task, org_unit=script.org_unit, period=script.period, actor=script.writer
        )
        typed = next(saves)
        typed = services.ReportInput(texts=typed.texts, entries=typed.entries)
        return services.save_report(report=report, actor=script.writer, version=report.version, typed=typed)
    if act.action == ReportAction.SUBMIT:
        return services.submit_report(report=report, actor=script.writer, version=report.version)
    if act.action == ReportAction.APPROVE:
        return services.approve_report(report=report, actor=script.reviewer)
    return services.return_report(report=report, actor=script.reviewer, reason=act.note)


def courses(scripts: list[Script]) -> set[str]:
    """Return what kinds of lives occur among the scripts."""
    found = set()
    for script in scripts:
        actions = [act.action for act in script.acts]
        found |= {"returned"} if actions[-1] == ReportAction.RETURN else set()
        found |= {"mended"} if ReportAction.RETURN in actions[:-1] else set()
        found |= {"waiting"} if actions[-1] == ReportAction.SUBMIT else set()
        found |= {"draft"} if len(actions) == 1 else set()
        found |= {"corrected"} if script.corrects else set()
        found |= (
            {"late"}
            if len(actions) > 1 and actions[0] == ReportAction.SAVE and (script.acts[0].on > script.period.due)
            else set()
        )
    return found


def sample(scripts: list[Script]) -> list[list[Script]]:
    """Return whole years of some units and tasks that together show every kind of life."""
    years: dict[tuple, list[Script]] = {}
    for script in scripts:
        years.setdefault((script.task.pk, script.org_unit.pk), []).append(script)
    chosen, seen = [], set()
    for year in years.values():
        if courses(year) - seen:
            chosen.append(year)
            seen |= courses(year)
    assert seen == {"returned", "mended", "waiting", "draft", "corrected", "late"}
    return chosen


def test_rows_are_those_that_the_services_write(plan):
    troupe, _ = cast_accounts(plan)
    for year in sample(scripts_of(plan, troupe)):
        told = ProgressReport.objects.filter(task=year[0].task, org_unit=year[0].org_unit)
        in_bulk = rows_of(told)
        Figure.objects.filter(entry__report__in=told).delete()
        for report in told.order_by("-revision"):
            report.delete()
        replay(year)
        assert rows_of(told.all()) == in_bulk


# --- Once, and only in the demo ---


def test_second_run_writes_nothing(demo_mode):
    with CaptureQueriesContext(connection) as queries:
        assert load_demo().already
    assert not [q for q in queries.captured_queries if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]


def test_what_users_changed_since_stays(demo_mode):
    draft = ProgressReport.objects.filter(status=ReportStatus.DRAFT).first()
    ProgressReport.objects.filter(pk=draft.pk).update(narrative="用户填写的内容")
    load_demo()
    draft.refresh_from_db()
    assert draft.narrative == "用户填写的内容"


def test_production_refuses_the_demo(settings):
    settings.DEMO = False
    LoadedRow.objects.filter(kind="demo").delete()
    before = User.objects.count(), ProgressReport.objects.count()
    with pytest.raises(Refused, match="演示模式"):
        load_demo()
    with pytest.raises(CommandError, match="演示模式"):
        call_command("load_demo")
    assert (User.objects.count(), ProgressReport.objects.count()) == before


def test_plan_with_reports_of_users_gets_accounts_only(demo_mode, capsys):
    LoadedRow.objects.filter(kind="demo").delete()
    before = ProgressReport.objects.count()
    call_command("load_demo")
    assert "未载入演示填报" in capsys.readouterr().out
    assert ProgressReport.objects.count() == before


def test_demo_asks_for_the_plan_first(demo_mode):
    LoadedRow.objects.all().delete()
    Plan.objects.update(year=2019)
    with pytest.raises(Refused, match="load_plan"):
        load_demo()


def test_supervision_orders_stand_in_the_usual_states(plan):
    with clock.pinned(TODAY):
        states = Counter(plan.orders.values_list("state", flat=True))
        lights = Counter(order.light(TODAY) for order in plan.orders.all())
    assert states == {"archived": 1, "signed": 1, "replied": 1, "issued": 2, "draft": 1}
    assert lights == {"done": 1, "soon": 2, "overdue": 1, "open": 1, None: 1}
    assert sorted(plan.orders.filter(sequence__isnull=False).values_list("sequence", flat=True)) == [1, 2, 3, 4, 5]
    problems = Problem.objects.filter(target__plan=plan)
    assert problems.count() == 2 and problems.open().count() == 1


def test_remarks_stand_in_the_usual_states(plan):
    with clock.pinned(TODAY):
        states = Counter(remark.state(TODAY) for remark in plan.remarks.select_related("order"))
    assert states == {"answered": 1, "waiting": 1, "ordered": 1}
    assert plan.remarks.get(report__isnull=False).report.org_unit.code == "500156004"
