"""Reminders and supervision orders: told at once, reminded of, and proposed where nothing else has helped."""

from datetime import date

import pytest

from tests.supervision.steps import ask, brought_to, reply, sign
from workplan import clock
from workplan.enums import OrderState
from workplan.models import Message, SupervisionOrder, Target
from workplan.services import supervision as service
from workplan.services.order_life import return_order

from .conftest import texts

pytestmark = pytest.mark.django_db
NINTH_OVERDUE = date(2024, 11, 8)


def test_a_unit_is_told_at_once_that_it_is_charged(district, cast, plan):
    order = brought_to(OrderState.ISSUED, district, cast)
    for user in (cast.liaison, cast.supervisor):
        message = Message.objects.get(user=user)
        assert message.title == f"督办单 {order.number}：立项下发" and message.sent_by == cast.head
        assert message.lines[0]["url"] == f"/supervision/{order.pk}/"
        assert order.title not in str(message.lines), "what somebody typed does not travel"
    assert not Message.objects.exclude(user__in=[cast.liaison, cast.supervisor]).exists()


def test_a_unit_is_told_when_its_reply_comes_back(district, cast, plan):
    order = brought_to(OrderState.REPLIED, district, cast)
    return_order(order=order, actor=cast.head, version=order.version, text="请补充验收单。")
    titles = Message.objects.filter(user=cast.liaison).order_by("pk").values_list("title", flat=True)
    assert list(titles) == [f"督办单 {order.number}：{act}" for act in ("立项下发", "退回重办")]


def test_an_order_is_reminded_of_until_it_is_replied_to(district, cast, plan, remind):
    order = brought_to(OrderState.ISSUED, district, cast)  # due on Tuesday 22 October
    remind(date(2024, 10, 17))
    line = f"D1甲街道 督办单 {order.number}等待签收，还有 3 个工作日（10月22日截止）"
    assert line in texts(cast.liaison)
    order = sign(order, cast)
    remind(date(2024, 10, 21))
    assert any("等待反馈，还有 1 个工作日" in text for text in texts(cast.liaison))
    with clock.pinned(date(2024, 10, 21)):
        reply(order, cast)
    Message.objects.all().delete()
    remind(date(2024, 10, 22))
    assert not any("督办单" in text for text in texts(cast.liaison))


def test_a_request_for_more_time_is_reminded_of_where_it_is_decided(district, cast, plan, remind):
    order = ask(brought_to(OrderState.SIGNED, district, cast), cast)
    remind(date(2024, 10, 21))
    expected = f"督办单 {order.number} 的延期申请等待审批，还有 1 个工作日（10月22日截止）"
    assert expected in texts(cast.head)
    assert expected not in texts(cast.liaison) + texts(cast.other_head)


def test_reports_that_nothing_else_has_helped_become_proposed_orders_once(district, cast, plan, remind):
    remind(date(2024, 11, 7))
    assert not SupervisionOrder.objects.exists()
    remind(NINTH_OVERDUE)
    found = SupervisionOrder.objects.order_by("org_unit__sort", "org_unit__code", "app")
    assert {(order.org_unit, order.app) for order in found} == {
        (unit, app) for unit in (district.township, district.other_township) for app in ("eldercare", "funeral")
    } | {(district.office, "eldercare")}
    order = found.get(org_unit=district.township, app="eldercare")
    assert order.proposed and order.state == OrderState.DRAFT and order.number == ""
    assert order.title == "2024年10月进展填报逾期" and "任务 49" in order.requirement
    remind(date(2024, 11, 13), since=NINTH_OVERDUE)
    remind(NINTH_OVERDUE)
    assert SupervisionOrder.objects.count() == len(found)


def test_a_proposal_that_was_withdrawn_is_not_made_again(district, cast, plan, remind):
    remind(NINTH_OVERDUE)
    order = SupervisionOrder.objects.get(org_unit=district.township, app="eldercare")
    service.withdraw_order(order=order, actor=cast.staff, version=order.version, reason="系统故障。")
    remind(NINTH_OVERDUE)
    assert SupervisionOrder.objects.filter(org_unit=district.township, app="eldercare").count() == 1


def test_a_target_of_the_whole_bureau_is_proposed_for_its_office(district, plan, remind):
    Target.objects.filter(code="49.3").update(due=date(2024, 10, 25))
    remind(date(2024, 11, 7))
    orders = SupervisionOrder.objects.filter(org_unit=district.office)
    assert [order.title for order in orders] == ["目标 49.3 完成适老化改造户数逾期"]
