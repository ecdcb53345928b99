"""The list that is kept with a target: problem, cause, action, check."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Event
from tests.cast import TODAY
from workplan.enums import OrderState
from workplan.errors import Refused
from workplan.models import Problem
from workplan.services import problems as service
from workplan.services.problems import ProblemInput

from .steps import brought_to

pytestmark = pytest.mark.django_db
KEY = "0f0d2a34-6f0f-4d4e-9a53-2f4c0a1b9d12"


@pytest.fixture
def row(district, cast) -> Problem:
    typed = ProblemInput("入户改造进度偏慢", "施工力量不足", "增派施工队", "分管负责人", None)
    return service.add_problem(
        target=district.targets["49.3"], org_unit=district.township, typed=typed, actor=cast.liaison
    )


def page(row, name="problem") -> str:
    return reverse(f"workplan:{name}", args=[row.pk])


def new(district) -> str:
    return reverse("workplan:problem_new", args=[district.targets["49.3"].pk])


def typed(district, **other) -> dict:
    return {"key": KEY, "org_unit": district.township.pk, "problem": "进度偏慢", "cause": "缺人手"} | other


def test_a_liaison_puts_a_problem_on_the_list_of_the_target(district, cast, as_user):
    client, target = as_user(cast.liaison), district.targets["49.3"]
    assert new(district) in client.get(reverse("workplan:target", args=[target.pk])).text
    assert "D1乙镇" not in client.get(new(district)).text, "for the own unit only"
    answer = client.post(new(district), typed(district), follow=True)
    assert "已列入问题清单。" in answer.text and "缺人手" in answer.text
    row = Problem.objects.get()
    assert (row.org_unit, row.created_by, row.created_on) == (district.township, cast.liaison, TODAY)
    assert Event.objects.of(row).get().action == "problem.create"


def test_a_double_click_makes_one_line(district, cast, as_user):
    client = as_user(cast.liaison)
    assert [client.post(new(district), typed(district)).status_code for _ in range(2)] == [302, 302]
    assert Problem.objects.count() == 1


def test_the_neighbour_neither_sees_nor_changes_it(row, district, cast, as_user):
    client = as_user(cast.other_liaison)
    text = client.get(reverse("workplan:target", args=[row.target_id])).text
    assert row.problem not in text
    assert client.get(page(row)).status_code == 404
    assert client.post(page(row, "problem_save"), {}).status_code == 404
    answer = client.post(new(district), typed(district))
    assert answer.status_code == 422 and "没有这一单位" in answer.text


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"problem": " "}, "请填写存在问题。"),
        ({"org_unit": ""}, "请选择责任单位。"),
        ({"due": "明天"}, "请填写日期"),
    ],
)
def test_bad_input_is_said_at_its_place(wrong, message, district, cast, as_user):
    answer = as_user(cast.staff).post(new(district), typed(district, **wrong))
    assert answer.status_code == 422 and message in answer.text and "缺人手" in answer.text
    assert not Problem.objects.exists()


def test_it_may_point_at_an_order_about_the_same_target_and_unit(district, cast, as_user):
    order = brought_to(OrderState.SIGNED, district, cast)
    client = as_user(cast.liaison)
    client.post(new(district), typed(district, order=order.pk))
    row = Problem.objects.get()
    assert row.order == order
    assert page(row) in client.get(reverse("workplan:order", args=[order.pk])).text
    assert order.title in client.get(page(row)).text
    with pytest.raises(Refused, match="不符"):
        service.add_problem(
            target=district.targets["22.4"],
            org_unit=district.township,
            typed=ProblemInput("x"),
            actor=cast.liaison,
            order=order,
        )


def test_from_problem_to_check_to_strike_off_and_back(row, cast, as_user):
    office = as_user(cast.staff)
    office.post(page(row, "problem_check"), {"version": 1, "text": "已进场，未完工。"})
    row.refresh_from_db()
    assert row.check_note == "已进场，未完工。" and row.closed_on is None
    answer = office.post(
        page(row, "problem_check"), {"version": 2, "text": "现场查看，已完工。", "closed": "on"}, follow=True
    )
    assert "2024-10-15 销号" in answer.text
    office.post(page(row, "problem_reopen"), {"version": 3, "text": "抽查发现反弹"})
    row.refresh_from_db()
    assert (row.closed_on, row.closed_by) == (None, None)
    actions = set(Event.objects.of(row).values_list("action", flat=True))
    assert actions == {"problem.create", "problem.check", "problem.close", "problem.reopen"}


def test_without_an_action_nothing_is_struck_off(district, cast, as_user):
    row = service.add_problem(
        target=district.targets["49.3"], org_unit=district.township, typed=ProblemInput("慢"), actor=cast.liaison
    )
    answer = as_user(cast.head).post(page(row, "problem_check"), {"version": 1, "text": "看过。", "closed": "on"})
    assert answer.status_code == 422 and "尚未填写整改措施" in answer.text and "看过。" in answer.text
    with pytest.raises(IntegrityError), transaction.atomic():
        Problem.objects.filter(pk=row.pk).update(closed_on=TODAY, closed_by=cast.head)


def test_checks_need_words(row, cast, as_user):
    for name in ("problem_check", "problem_reopen"):
        if name == "problem_reopen":
            service.check_problem(row=row, actor=cast.staff, version=1, note="属实。", closed=True)
            row.refresh_from_db()
        answer = as_user(cast.staff).post(page(row, name), {"version": row.version, "text": " "})
        assert answer.status_code == 422 and "请填写" in answer.text


def test_the_second_of_two_tabs_is_told_and_keeps_the_text(row, cast, as_user):
    sent = {"version": 1, "problem": "甲的说法", "cause": "", "action": "", "responsible": "", "due": ""}
    as_user(cast.liaison).post(page(row, "problem_save"), sent)
    answer = as_user(cast.staff).post(page(row, "problem_save"), sent | {"problem": "乙的说法"})
    assert answer.status_code == 409 and "尚未写入" in answer.text and "乙的说法" in answer.text
    row.refresh_from_db()
    assert row.problem == "甲的说法" and row.version == 2


def test_what_is_struck_off_is_not_edited(row, cast, as_user):
    service.check_problem(row=row, actor=cast.staff, version=1, note="属实。", closed=True)
    client = as_user(cast.liaison)
    assert page(row, "problem_save") not in client.get(page(row)).text
    sent = {"version": 2, "problem": "改", "cause": "", "action": "", "responsible": "", "due": ""}
    answer = client.post(page(row, "problem_save"), sent)
    assert answer.status_code == 409 and "已经销号" in answer.text


def test_nobody_checks_the_own_unit(district, cast):
    row = service.add_problem(
        target=district.targets["23.9"], org_unit=district.office, typed=ProblemInput("规划未编"), actor=cast.staff
    )
    assert service.may_write(row, cast.staff) and not service.may_check(row, cast.staff)
    assert service.may_check(row, cast.leader)
    with pytest.raises(Refused):
        service.check_problem(row=row, actor=cast.head, version=1, note="x", closed=False)
