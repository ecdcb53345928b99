"""Past days are judged by what was in force then: on the dashboard, the pages, the API and in reports."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.steps import approve, fill_and_submit
from workplan import clock
from workplan.assess import assess, assess_days, assess_each_unit, for_assessment
from workplan.dashboard.board import load
from workplan.models import Amendment, AmendmentLine, Target
from workplan.rollup.gather import Asked, gather
from workplan.rules.amending import value_of
from workplan.rules.kinds import Light

from .steps import amended, change, draft, issue, stored

pytestmark = pytest.mark.django_db
JULY = date(2024, 7, 31)
AUGUST = date(2024, 8, 1)
TODAY = date(2024, 10, 15)


@pytest.fixture
def reported(district, cast):
    """July: 60 of 100 homes are done in one township."""
    with clock.pinned(date(2024, 7, 20)):
        approve(fill_and_submit(district, cast, month=7, homes=60, rate=(9, 10)), cast)
    return district.targets["49.3"]


def at(target, on, **how):
    return assess(for_assessment(Target.objects.filter(pk=target.pk)), on=on, **how)[0]


def test_before_the_first_day_the_old_goal_stands(district, cast, reported):
    before = at(reported, JULY)
    amended(district, cast, goal=50)
    then, now = at(reported, JULY), at(reported, AUGUST)
    assert (then.goal, then.verdict, then.target.goal) == (100, before.verdict, 100)
    assert (now.goal, now.verdict.light) == (50, Light.DONE)


def test_of_several_amendments_each_day_has_its_own(district, cast):
    target = district.targets["22.4"]
    for day, goal in ((date(2024, 3, 1), 80), (date(2024, 5, 1), 85), (date(2024, 5, 1), 70), (TODAY, 60)):
        amended(district, cast, "22.4", goal=goal, on=day)
    days = [date(2024, 2, 29), date(2024, 3, 1), date(2024, 4, 30), date(2024, 5, 1), date(2024, 10, 14), TODAY]
    found = assess_days(for_assessment(Target.objects.filter(pk=target.pk)), days=days)
    assert [found[day][0].goal for day in days] == [90, 80, 80, 70, 70, 60]


def test_any_course_of_amendments_is_told_as_a_replay_tells_it(district, cast):
    """Against an obvious slow recount: the plan's first state, changed line by line in the order of the days."""
    first = {code: stored(target) for code, target in district.targets.items()}
    for month, code, new in (
        (2, "49.3", {"goal": 90}),
        (3, "46.3", {"goal": 2, "measure": "新增违建坟墓"}),
        (3, "49.3", {"due": date(2024, 10, 31)}),
        (6, "49.3", {"goal": 70, "due": date(2024, 11, 30)}),
        (6, "23.9", {"due": date(2024, 9, 30)}),
        (8, "46.3", {"goal": 1}),
        (9, "49.3", {"goal": 95, "measure": "改造户数"}),
    ):
        amended(district, cast, code, on=date(2024, month, 10), actor=cast.administrator, **new)
    days = [date(2024, 1, 5) + timedelta(days=7 * week) for week in range(40)]
    found = assess_days(for_assessment(Target.objects.filter(plan=district.plan)), days=days)
    lines = AmendmentLine.objects.order_by("amendment__effective_on", "amendment__number")
    for day in days:
        for one in found[day]:
            told = {name: getattr(first[one.target.code], name) for name in ("goal", "due", "measure")}
            for line in lines.filter(target=one.target, amendment__effective_on__lte=day):
                told[line.field] = value_of(line.field, line.new)
            assert {name: getattr(one.target, name) for name in told} == told, (day, one.target.code)
            assert one.goal == told["goal"]


def test_a_deadline_that_was_moved_judges_lateness_by_the_day(district, cast, reported):
    """60 of 60 homes, reported on 20 July: late while the deadline was 30 June, in time since it is the end of the year."""
    with clock.pinned(date(2024, 3, 1)):
        amended(district, cast, goal=60, due=date(2024, 6, 30), on=date(2024, 3, 1))
    assert at(reported, JULY).verdict.light == Light.DONE_LATE
    amended(district, cast, due=date(2024, 12, 31))
    assert at(reported, JULY).verdict.light == Light.DONE_LATE
    assert at(reported, AUGUST).verdict.light == Light.DONE


def test_a_share_is_judged_by_the_deadline_of_the_day(district, cast, reported):
    amended(district, cast, due=date(2024, 8, 31))
    units = [district.township]
    of = for_assessment(Target.objects.filter(pk=reported.pk))
    dues = [assess_each_unit(of, on=day, units=units)[district.township.pk][0].target.due for day in (JULY, TODAY)]
    assert dues == [date(2024, 12, 31), date(2024, 8, 31)]


def test_the_board_of_a_past_day_stays_as_it_was(district, cast, reported, as_user):
    def told():
        board = load(cast.leader, district.plan, on=JULY, since=date(2024, 7, 1))
        return [(one.target.measure, one.goal, one.verdict) for one in (*board.now, *board.then)], board.trend

    before = told()
    amended(district, cast, goal=50, measure="改造户数", due=date(2024, 8, 31))
    assert told() == before
    board = load(cast.leader, district.plan, on=TODAY, since=JULY)
    (now,), (then,) = ([one for one in found if one.target == reported] for found in (board.now, board.then))
    assert (now.goal, now.target.measure, then.goal, then.target.measure) == (50, "改造户数", 100, "完成适老化改造户数")


def test_ten_statements_with_amendments_and_without(district, cast, reported):
    def statements():
        user = type(cast.leader).objects.get(pk=cast.leader.pk)
        assert user.scope
        with CaptureQueriesContext(connection) as found:
            load(user, district.plan, on=date(2024, 10, 10), since=JULY)
        return len(found)

    few = statements()
    for day in (date(2024, 8, 1), date(2024, 9, 1), TODAY):
        amended(district, cast, goal=day.month, due=date(2024, 11, day.month), on=day)
    assert statements() <= max(few, 10)


BELOW = re.compile('id="duties-title"|<h2>变更记录')
PAGES = {
    "plan": lambda district: reverse("workplan:plan"),
    "section": lambda district: reverse("workplan:section", args=[district.section.pk]),
    "task": lambda district: reverse("workplan:task", args=[district.task.pk]),
    "target": lambda district: reverse("workplan:target", args=[district.targets["49.3"].pk]),
    "targets": lambda district: reverse("workplan:targets"),
    "tasks": lambda district: reverse("workplan:tasks"),
    "leader": lambda district: reverse("workplan:leader"),
}


@pytest.mark.parametrize("where", PAGES)
def test_pages_of_a_past_day_tell_nothing_of_what_came_later(where, district, cast, reported, as_user):
    client, address = as_user(cast.leader), PAGES[where](district)
    made = draft(district, cast)
    change(made, reported, cast, goal=77, measure="改造之后的名称", due=date(2024, 11, 23))
    change(made, district.task, cast, title="后来的任务标题", due=date(2024, 11, 24))
    issue(made, cast)
    page = client.get(address, {"as_of": JULY.isoformat()})
    text = BELOW.split(page.content.decode())[0]  # the log and the reports of now stand below, under their own days
    for later in ("改造之后的名称", "后来的任务标题", "2024-11-23", "2024-11-24", "≥ 77"):
        assert later not in text, later


def test_the_api_tells_the_standing_of_a_past_day_as_it_was(district, cast, reported, as_user):
    client = as_user(cast.leader)
    asked = {"target": reported.pk, "as_of": JULY.isoformat()}
    before = client.get("/api/v1/figures/", asked)
    assert before.status_code == 200 and before.json()["goal"] == "100"
    amended(district, cast, goal=50)
    assert client.get("/api/v1/figures/", asked).json()["goal"] == "100"
    assert client.get("/api/v1/figures/", {"target": reported.pk}).json()["goal"] == "50"


def test_a_report_made_later_tells_the_span_as_it_was(district, cast, reported):
    asked = Asked(plan=district.plan, kind="month", start=date(2024, 7, 1), end=JULY)
    before = gather(asked, [])
    made = draft(district, cast)
    change(made, reported, cast, goal=50, measure="改造户数", due=date(2024, 8, 31))
    change(made, district.task, cast, title="后来的任务标题", due=date(2024, 11, 24))
    issue(made, cast)
    assert gather(asked, []) == before
    assert Amendment.objects.count() == 1


def test_the_course_of_a_target_shows_the_pace_of_each_day(district, cast, reported, as_user):
    amended(district, cast, goal=50)
    points = as_user(cast.leader).get(reverse("workplan:target", args=[reported.pk])).context["points"]
    by_label = {point.label: point.pace for point in points}
    assert by_label["7月"] == pytest.approx(58.2, abs=0.1)
    assert by_label["8月"] == pytest.approx(33.33, abs=0.1)
