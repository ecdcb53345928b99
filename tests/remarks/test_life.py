"""The life of a remark: written by a leader, answered by the office, official for good; and what is refused, in which words."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import Right, Role
from accounts.models import Event, Membership
from accounts.rights import ROLE_RIGHTS
from tests import factories as make
from tests.cast import TODAY
from tests.steps import fill_and_submit
from workplan import clock
from workplan.enums import PlanStatus, RemarkState
from workplan.errors import Refused
from workplan.models import Remark
from workplan.services import remarks as service
from workplan.services.reports import start_report
from workplan.services.supervision import Subject
from workplan.services.workdays import seed_calendar

from .steps import DUE, WORDS, answer, convert, fresh, issue, write

pytestmark = pytest.mark.django_db


def refused(act, *args, **kwargs) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return caught.value.code, caught.value.message


def test_only_leaders_hold_the_right():
    assert {role for role, rights in ROLE_RIGHTS.items() if Right.REMARK in rights} == {Role.LEADER}


def test_a_remark_names_its_office_and_deadline_and_is_logged(district, cast):
    row = write(district, cast)
    assert (row.plan, row.app, row.org_unit) == (district.plan, "eldercare", district.office)
    assert (row.written_by, row.written_on, row.answer_due) == (cast.leader, TODAY, DUE)
    assert row.subject == district.targets["49.3"] and row.state(TODAY) == RemarkState.WAITING
    event = Event.objects.get(action="remark.write")
    assert (event.actor, event.org_unit, event.app) == (cast.leader, district.office, "eldercare")
    assert event.after["text"] == WORDS


@pytest.mark.parametrize("name", ["task", "target", "report"])
def test_it_is_about_one_task_target_or_report(name, district, cast):
    report = fill_and_submit(district, cast, month=10, homes=3)
    about = {"task": district.task, "target": district.targets["49.3"], "report": report}[name]
    row = write(district, cast, about=Subject(**{name: about}))
    assert row.subject == about and getattr(row, name) == about


def test_the_usual_deadline_counts_working_days_of_the_bureaus_calendar(district):
    seed_calendar(bureau=district.bureau, year=2024)
    with clock.pinned(date(2024, 9, 27)):  # before the holidays; Sunday the 29th is worked
        assert service.usual_due(district.bureau) == date(2024, 10, 10)


def test_the_office_answers_and_the_answer_stands(district, cast):
    row = answer(write(district, cast), cast)
    assert row.state(TODAY) == RemarkState.ANSWERED and row.version == 2
    assert (row.answered_by, row.answered_on, row.answer) == (cast.head, TODAY, "已倒排工期，10月底前完成。")
    event = Event.objects.get(action="remark.answer")
    assert event.before["answer"] == "" and event.after["answer"] == row.answer
    code, message = refused(answer, fresh(row), cast, text="另一种说法。")
    assert code == "stale" and "回应过这条批示，您的回应尚未写入" in message
    assert fresh(row).answer == "已倒排工期，10月底前完成。"


def test_the_same_answer_sent_twice_is_one(district, cast):
    row = write(district, cast)
    first = answer(row, cast)
    assert answer(row, cast).version == first.version
    assert Event.objects.filter(action="remark.answer").count() == 1


def test_the_same_form_sent_twice_is_one_remark(district, cast):
    first, second = (write(district, cast, key="form:1:x") for _ in range(2))
    assert first.pk == second.pk and Remark.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "code", "message"),
    [
        ({"text": " \n"}, "text_required", "请填写批示内容。"),
        ({"due": None}, "due_required", "请填写回应时限。"),
        ({"due": TODAY - timedelta(days=1)}, "due_in_past", "回应时限不能早于今天。"),
        ({"due": TODAY + timedelta(days=31)}, "due_too_far", "回应时限最长为 30 天。"),
    ],
)
def test_what_is_typed_badly_is_refused_in_words(typed, code, message, district, cast):
    assert refused(write, district, cast, **typed) == (code, message)
    assert not Remark.objects.exists()


def test_deadlines_at_the_edges_serve(district, cast):
    assert write(district, cast, due=TODAY).answer_due == TODAY
    assert write(district, cast, due=TODAY + timedelta(days=30)).pk


def test_nobody_without_the_right_writes_one(district, neighbour, cast):
    for name in cast.everybody().keys() - {"leader"}:
        assert refused(write, district, cast, actor=getattr(cast, name))[0] == "forbidden", name
    foreign = Subject(target=neighbour.targets["49.3"])
    assert refused(write, district, cast, about=foreign)[0] == "forbidden"


def test_a_draft_plan_takes_none(district, cast):
    district.plan.status = PlanStatus.DRAFT
    district.plan.save()
    task = type(district.task).objects.get(pk=district.task.pk)
    assert refused(write, district, cast, about=Subject(task=task)) == (
        "plan_not_published",
        "工作要点尚未发布，暂不能批示。",
    )


def test_a_report_that_was_never_handed_in_takes_none(district, cast):
    report = start_report(
        task=district.task, org_unit=district.township, period=district.period(10), actor=cast.liaison
    )
    assert refused(write, district, cast, about=Subject(report=report)) == (
        "report_not_submitted",
        "这份填报尚未提交，暂不能批示。",
    )


def test_where_nobody_could_answer_nothing_is_written(district, cast):
    Membership.objects.filter(user=cast.head).delete()
    code, message = refused(write, district, cast)
    assert code == "nobody" and "还没有能够回应批示的科室负责人" in message
    assert not Remark.objects.exists()


def test_an_empty_answer_and_one_without_the_right_are_refused(district, cast):
    row = write(district, cast)
    assert refused(answer, row, cast, text=" ") == ("text_required", "请填写回应内容。")
    for name in ("leader", "staff", "other_head", "liaison", "auditor", "administrator"):
        assert refused(answer, row, cast, actor=getattr(cast, name))[0] == "forbidden", name


def test_nobody_answers_the_own_remark(district, cast):
    both = make.UserFactory(username="both")
    make.MembershipFactory(user=both, org_unit=district.bureau, role=Role.LEADER)
    make.MembershipFactory(user=both, org_unit=district.office, role=Role.HEAD)
    row = write(district, cast, actor=both)
    assert not service.may_answer(row, both) and service.may_answer(row, cast.head)
    assert refused(answer, row, cast, actor=both) == ("own_remark", "不能回应本人的批示。")


def test_somebody_who_read_an_older_state_is_told(district, cast):
    row = write(district, cast)
    convert(row, district, cast)
    code, message = refused(answer, row, cast, version=1)
    assert code == "stale" and "刚刚拟办了督办单" in message
    assert answer(fresh(row), cast).answered_by == cast.head


# --- the database itself ---


def columns(district, cast, **other) -> dict:
    return {
        "plan": district.plan,
        "app": "eldercare",
        "task": district.task,
        "org_unit": district.office,
        "text": WORDS,
        "answer_due": DUE,
        "written_by": cast.leader,
        "written_on": TODAY,
        "written_at": timezone.now(),
    } | other


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("remark_one_subject", lambda d, c: {"target": d.targets["49.3"]}),
        ("remark_one_subject", lambda d, c: {"task": None}),
        ("remark_says_what", lambda d, c: {"text": ""}),
        ("remark_due_after_writing", lambda d, c: {"answer_due": TODAY - timedelta(days=1)}),
        ("remark_answered_by_another", lambda d, c: {"answer": "有话无人。"}),
        ("remark_answered_by_another", lambda d, c: {"answered_by": c.head, "answered_on": TODAY}),
        (
            "remark_answered_by_another",
            lambda d, c: {"answer": "没有日期", "answered_by": c.head, "answered_at": timezone.now()},
        ),
        (
            "remark_answered_by_another",
            lambda d, c: {
                "answer": "自问自答",
                "answered_by": c.leader,
                "answered_on": TODAY,
                "answered_at": timezone.now(),
            },
        ),
    ],
)
def test_the_database_holds_the_rules(name, wrong, district, cast):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Remark.objects.create(**columns(district, cast, **wrong(district, cast)))


def test_a_well_formed_row_is_taken(district, cast):
    """Control: the rows above are refused for the one thing that is wrong with each."""
    assert Remark.objects.create(**columns(district, cast)).pk


# --- states ---


def test_the_filter_of_the_database_says_what_the_row_says_on_every_day(district, cast):
    with clock.pinned(date(2024, 10, 8)):
        rows = [write(district, cast, due=date(2024, 10, 10)) for _ in range(3)]
    with clock.pinned(date(2024, 10, 11)):
        answer(rows[1], cast)
        order = convert(rows[2], district, cast)
    with clock.pinned(date(2024, 10, 14)):
        issue(order, cast)
    for on in (date(2024, 10, 8) + timedelta(days=n) for n in range(9)):
        by_state = {state: set(Remark.objects.standing(state, on)) for state in RemarkState}
        for row in map(fresh, rows):
            state = row.state(on)
            assert row in by_state[state], (on, state)
            waits = state in (RemarkState.WAITING, RemarkState.OVERDUE)
            assert (row in by_state[RemarkState.WAITING]) == waits, "what is overdue waits as well"
    assert not Remark.objects.standing(RemarkState.WAITING, date(2024, 10, 7)).exists()
    assert fresh(rows[2]).state(date(2024, 10, 13)) == RemarkState.OVERDUE, "a draft decides nothing"
    assert fresh(rows[2]).state(date(2024, 10, 14)) == RemarkState.ORDERED
