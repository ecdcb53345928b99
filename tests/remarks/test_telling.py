"""Who is told of a remark at once, and whose digest speaks of it until it is answered."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import Membership
from tests import factories as make
from tests.reminders.conftest import plan, remind, texts  # noqa: F401  (fixtures)
from workplan import clock
from workplan.enums import ReminderSubject
from workplan.models import Message, Plan, ReminderRule
from workplan.reminders.due import remarks_due, still_open
from workplan.services.reminder_rules import seed_rules

from .steps import answer, convert, fresh, issue, write

pytestmark = pytest.mark.django_db


def about_remarks(user) -> list[str]:
    return [text for text in texts(user) if "批示" in text]


def test_the_office_is_told_at_once_and_in_which_words(district, cast, plan):  # noqa: F811
    row = write(district, cast, text="秘密的话")
    message = Message.objects.get()
    assert (message.user, message.sent_by) == (cast.head, cast.leader)
    assert message.title == "领导批示：49.3 完成适老化改造户数"
    assert message.lines == [
        {"text": "请于 2024-10-22 前回应", "url": f"/remarks/{row.pk}/", "keys": [f"remark|{row.pk}"]}
    ]
    assert "秘密的话" not in str(message.lines), "what somebody typed does not travel"


def test_the_leader_is_told_of_the_answer(district, cast, plan):  # noqa: F811
    row = answer(write(district, cast), cast)
    message = Message.objects.get(user=cast.leader)
    assert message.title == "批示已回应：49.3 完成适老化改造户数" and message.sent_by == cast.head
    assert message.lines[0]["url"] == f"/remarks/{row.pk}/" and "养老科已回应" in message.lines[0]["text"]


def test_where_the_leader_has_left_the_others_are_told(district, cast, plan):  # noqa: F811
    other = make.UserFactory(username="deputy")
    make.MembershipFactory(user=other, org_unit=district.bureau, role=Role.LEADER)
    row = write(district, cast)
    Membership.objects.filter(user=cast.leader).update(valid_to=date(2024, 10, 1))
    answer(row, cast)
    assert Message.objects.get(title__startswith="批示已回应").user == other


def test_the_office_is_reminded_every_working_day_until_it_answers(district, cast, plan, remind):  # noqa: F811
    row = write(district, cast)  # on Tuesday the 15th, due on Tuesday the 22nd
    heard, day = [], date(2024, 10, 16)
    while day <= date(2024, 10, 25):
        Message.objects.all().delete()
        remind(day)
        heard += [day] * bool(about_remarks(cast.head))
        assert bool(about_remarks(cast.staff)) == bool(about_remarks(cast.head)), "the whole office prepares the answer"
        assert not about_remarks(cast.other_head) and not about_remarks(cast.liaison)
        assert bool(about_remarks(cast.leader)) == (day in (date(2024, 10, 23), date(2024, 10, 24), date(2024, 10, 25)))
        day += timedelta(days=1)
    assert heard == [date(2024, 10, d) for d in (16, 17, 18, 21, 22, 23, 24, 25)]
    assert f"领导批示 {row.pk}（49.3 完成适老化改造户数）等待回应，已逾期 3 个工作日（10月22日截止）" in texts(
        cast.head
    )
    with clock.pinned(date(2024, 10, 28)):
        answer(fresh(row), cast)
    Message.objects.all().delete()
    remind(date(2024, 10, 28))
    assert not about_remarks(cast.head) and not about_remarks(cast.leader)


def test_two_remarks_on_one_thing_are_two_lines(district, cast, plan, remind):  # noqa: F811
    for _ in range(2):
        write(district, cast)
    remind(date(2024, 10, 16))
    assert len(about_remarks(cast.head)) == 2


def test_it_stops_when_the_order_is_issued_not_when_it_is_drafted(district, cast, plan, remind):  # noqa: F811
    row = write(district, cast)
    order = convert(row, district, cast)
    remind(date(2024, 10, 16))
    assert about_remarks(cast.head)
    assert still_open([f"remark|{row.pk}"], date(2024, 10, 16)) == {f"remark|{row.pk}"}
    issue(order, cast)
    Message.objects.all().delete()
    remind(date(2024, 10, 17))
    assert not about_remarks(cast.head)
    assert still_open([f"remark|{row.pk}"], date(2024, 10, 17)) == set()


def test_a_plan_has_a_rule_for_remarks_that_can_be_edited(district, plan, remind, cast):  # noqa: F811
    rule = ReminderRule.objects.get(plan=plan, subject=ReminderSubject.REMARK)
    rule.full_clean()
    assert (rule.before, rule.overdue_every, rule.leader_after, rule.order_after) == ("30-1", 1, 1, None)
    write(district, cast)
    ReminderRule.objects.filter(pk=rule.pk).update(before="1")
    remind(date(2024, 10, 16))
    assert not about_remarks(cast.head)
    assert seed_rules(plan=plan) == 0


def test_many_remarks_are_one_statement(district, cast, plan):  # noqa: F811
    chosen = Plan.objects.select_related("bureau").get(pk=plan.pk)
    for _ in range(3):
        write(district, cast)
    with CaptureQueriesContext(connection) as queries:
        found = list(remarks_due(chosen, date(2024, 10, 16)))
    assert len(found) == 3 and len(queries) == 1
