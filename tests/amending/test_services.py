"""Amendments through their services: drafted, numbered once, applied as a whole, frozen for good."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Event
from tests import factories as make
from workplan import clock
from workplan.enums import AmendedField, PlanStatus
from workplan.errors import Refused
from workplan.models import Allocation, Amendment, AmendmentLine
from workplan.services import amendments as service
from workplan.services.plan import allocate, change_goal, revise_target

from .steps import AUGUST, amended, change, draft, fresh, issue, stored

pytestmark = pytest.mark.django_db


def refused(code: str):
    return pytest.raises(Refused, check=lambda error: error.code == code)


def test_an_issued_amendment_changes_the_plan_and_says_what_was_before(district, cast):
    made = amended(district, cast, goal=80, due=date(2024, 11, 30), measure="完成适老化改造的户数")
    target = stored(district.targets["49.3"])
    assert (target.goal, target.due, target.measure) == (80, date(2024, 11, 30), "完成适老化改造的户数")
    assert (made.number, str(made), made.issued_by) == (1, "第1号调整", cast.head)
    lines = [(line.field, line.old, line.new) for line in made.lines.all()]
    assert lines == [
        ("goal", "100", "80"),
        ("due", "2024-12-31", "2024-11-30"),
        ("measure", "完成适老化改造户数", "完成适老化改造的户数"),
    ]


def test_title_and_deadline_of_a_task_are_amended_too(district, cast):
    made = draft(district, cast)
    change(made, district.task, cast, title="居家适老化改造", due=date(2024, 11, 30))
    issue(made, cast)
    district.task.refresh_from_db()
    assert (district.task.title, district.task.due) == ("居家适老化改造", date(2024, 11, 30))


def test_numbers_follow_each_other_in_each_plan(district, neighbour, cast):
    assert [amended(district, cast, goal=goal).number for goal in (90, 80, 70)] == [1, 2, 3]
    boss = make.UserFactory()
    make.MembershipFactory(user=boss, org_unit=neighbour.bureau, role="administrator")
    assert amended(neighbour, cast, actor=boss, goal=60).number == 1


def test_a_discarded_draft_takes_no_number(district, cast):
    service.discard_amendment(amendment=draft(district, cast), actor=cast.head)
    assert amended(district, cast, goal=90).number == 1
    assert Amendment.objects.count() == 1


def test_issued_twice_it_is_one(district, cast):
    made = amended(district, cast, goal=90)
    again = service.issue_amendment(amendment=made, version=1, actor=cast.head)
    assert again.number == 1 and Event.objects.filter(action="amendment.issue").count() == 1


def test_the_same_form_sent_twice_is_one_draft(district, cast):
    assert draft(district, cast, key="form:1") == draft(district, cast, key="form:1")


def test_every_step_is_in_the_log(district, cast):
    amended(district, cast, goal=90)
    service.discard_amendment(amendment=draft(district, cast), actor=cast.head)
    actions = list(
        Event.objects.filter(action__startswith="amendment.").order_by("pk").values_list("action", flat=True)
    )
    steps = ["draft", "save", "issue", "draft", "discard"]
    assert actions == [f"amendment.{step}" for step in steps]
    changed = Event.objects.get(action="plan.change", object_type="workplan.target")
    assert changed.note == "关于调整有关目标的通知；区里追加任务。"


def test_a_value_that_changed_since_the_draft_stops_the_issue(district, cast):
    made = draft(district, cast, on=date(2024, 10, 15))
    change(made, district.targets["49.3"], cast, goal=90)
    change_goal(target=stored(district.targets["49.3"]), goal=Decimal(95), actor=cast.administrator, reason="核减")
    with refused("changed"):
        issue(made, cast)
    change(made, district.targets["49.3"], cast, goal=90)
    assert issue(made, cast).lines.get().old == "95"


def test_all_lines_or_none(district, cast):
    made = draft(district, cast)
    change(made, district.targets["22.4"], cast, goal=95)
    change(made, district.targets["49.3"], cast, goal=120)
    with refused("sum_below_goal"):
        issue(made, cast)
    assert stored(district.targets["22.4"]).goal == 90 and not fresh(made).is_issued


def test_a_raised_goal_waits_until_enough_is_allocated(district, cast):
    made = draft(district, cast)
    change(made, district.targets["49.3"], cast, goal=120)
    with pytest.raises(Refused, match=r"分解合计 100 少于目标值 120.*指标分解"):
        issue(made, cast)
    allocate(target=district.targets["49.3"], amounts={district.township: Decimal(70)}, actor=cast.head, reason="追加")
    assert issue(made, cast).number == 1


def test_lines_that_say_nothing_new_or_nothing_sound_are_refused(district, cast):
    made, homes = draft(district, cast), district.targets["49.3"]
    for code, new in (
        ("no_change", {}),
        ("bad_goal", {"goal": -1}),
        ("bad_due", {"due": date(2023, 1, 1)}),
        ("bad_due", {"due": None}),
        ("bad_measure", {"measure": ""}),
        ("bad_measure", {"measure": "长" * 201}),
    ):
        with refused(code):
            change(made, homes, cast, **new)
    assert not AmendmentLine.objects.exists()


def test_a_line_set_back_to_what_is_in_force_goes(district, cast):
    made = draft(district, cast)
    change(made, district.targets["49.3"], cast, goal=90, due=date(2024, 11, 1))
    change(made, district.targets["49.3"], cast, goal=90)
    assert [line.field for line in made.lines.all()] == [AmendedField.GOAL]
    service.remove_line(amendment=made, line=made.lines.get().pk, version=fresh(made).version, actor=cast.head)
    with refused("empty"):
        issue(made, cast)


def test_the_second_editor_is_told(district, cast):
    made = draft(district, cast)
    change(made, district.targets["49.3"], cast, goal=90)
    with refused("stale"):
        change(made, district.targets["49.3"], cast, actor=cast.staff, goal=80, version=1)
    with refused("stale"):
        issue(made, cast, version=1)


def test_what_takes_effect_later_is_issued_on_that_day(district, cast):
    made = draft(district, cast, on=date(2024, 11, 1))
    change(made, district.targets["49.3"], cast, goal=90)
    with refused("not_yet"):
        issue(made, cast)
    with clock.pinned(date(2024, 11, 1)):
        assert issue(made, cast).issued_on == date(2024, 11, 1)


def test_an_amendment_takes_no_effect_before_an_earlier_one_of_the_same_clause(district, cast):
    amended(district, cast, goal=90)
    with refused("too_early"):
        amended(district, cast, goal=80, on=date(2024, 7, 1))
    assert amended(district, cast, goal=80, on=AUGUST).number == 2
    assert amended(district, cast, "22.4", goal=80, on=date(2024, 7, 1)).number == 3


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2101, 1, 1)])
def test_the_first_day_lies_within_reason(district, cast, day):
    with refused("bad_day"):
        draft(district, cast, on=day)


def test_only_what_is_published_and_not_closed_is_amended(district, cast):
    for status in (PlanStatus.DRAFT, PlanStatus.CLOSED):
        district.plan.status = status
        district.plan.save()
        with refused("not_published"):
            draft(district, cast)


# --- who ---


def test_staff_draft_what_is_theirs_and_leave_the_issuing_to_the_head(district, cast):
    made = draft(district, cast, actor=cast.staff)
    change(made, district.targets["49.3"], cast, actor=cast.staff, goal=90)
    with refused("forbidden"):
        issue(made, cast, actor=cast.staff)
    assert issue(made, cast, actor=cast.head).made_by == cast.staff


@pytest.mark.parametrize("who", ["leader", "auditor", "liaison", "supervisor", "nobody", "outsider"])
def test_others_draft_nothing(district, cast, who):
    with refused("forbidden"):
        draft(district, cast, actor=getattr(cast, who))


def test_a_head_amends_the_own_sections_only(district, cast):
    made = draft(district, cast)
    with refused("foreign"):
        change(made, district.targets["46.3"], cast, goal=1)
    change(made, district.targets["46.3"], cast, actor=cast.administrator, goal=1)
    with refused("forbidden"):
        issue(made, cast)
    assert issue(made, cast, actor=cast.administrator).number == 1


def test_targets_of_another_plan_are_refused(district, neighbour, cast):
    with refused("foreign"):
        change(draft(district, cast, actor=cast.administrator), neighbour.targets["49.3"], cast, goal=1)


# --- frozen ---


def _attempts(made):
    line = made.lines.first()
    yield lambda: Amendment.objects.filter(pk=made.pk).update(title="另一个")
    yield lambda: AmendmentLine.objects.filter(pk=line.pk).update(old="1")
    yield lambda: AmendmentLine.objects.create(
        amendment=made, target=line.target, field="due", old="", new="2024-12-01"
    )


def test_the_database_refuses_changes_of_what_is_issued(district, cast):
    made = amended(district, cast, goal=90)
    other = draft(district, cast)
    change(other, district.targets["49.3"], cast, goal=80)
    attempts = [*_attempts(made), lambda: other.lines.update(amendment=made, field="due")]
    for attempt in attempts:
        with pytest.raises(DatabaseError, match="an issued amendment is frozen"), transaction.atomic():
            attempt()


@pytest.mark.postgresql
def test_what_is_issued_cannot_be_deleted(district, cast):
    made = amended(district, cast, goal=90)
    for rows in (AmendmentLine.objects.filter(amendment=made), Amendment.objects.filter(pk=made.pk)):
        with pytest.raises(DatabaseError, match="an issued amendment is frozen"), transaction.atomic():
            rows._raw_delete(rows.db)  # as SQL would: past the protection of foreign keys


# --- direct changes ---


def test_a_direct_change_of_a_published_goal_or_deadline_is_an_amendment_of_today(district, cast):
    target = stored(district.targets["49.3"])
    target.goal, target.due, target.note = Decimal(120), date(2024, 11, 30), "另有说明"
    revise_target(target=target, actor=cast.administrator, reason="区里追加任务。")
    made = Amendment.objects.get()
    assert (made.number, made.direct, made.effective_on) == (1, True, date(2024, 10, 15))
    assert [(line.old, line.new) for line in made.lines.all()] == [("100", "120"), ("2024-12-31", "2024-11-30")]
    assert made.reason == "区里追加任务。"
    change_goal(target=stored(target), goal=Decimal(100), actor=cast.administrator, reason="撤销")
    assert Amendment.objects.first().lines.get().old == "120"


def test_neither_a_draft_plan_nor_other_words_make_an_amendment(district, cast):
    target = stored(district.targets["49.3"])
    target.measure = "完成适老化改造的户数"
    revise_target(target=target, actor=cast.administrator)
    district.plan.status = PlanStatus.DRAFT
    district.plan.save()
    change_goal(target=stored(target), goal=Decimal(1), actor=cast.administrator, reason="")
    assert not Amendment.objects.exists() and Allocation.objects.exists()
