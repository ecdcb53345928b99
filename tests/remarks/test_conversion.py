"""A remark becomes a supervision order: prefilled, once, in one transaction."""

import pytest
from django.urls import reverse

from accounts.models import Event
from tests.steps import fill_and_submit
from workplan.enums import OrderState
from workplan.errors import Refused
from workplan.models import Remark, SupervisionOrder
from workplan.services import supervision
from workplan.services.supervision import Subject, steps_of

from .steps import WORDS, convert, fresh, issue, write

pytestmark = pytest.mark.django_db
KEY = "0f0d2a34-6f0f-4d4e-9a53-2f4c0a1b9d11"


def address(row) -> str:
    return f"{reverse('workplan:order_new')}?remark={row.pk}"


def typed(district, **other) -> dict:
    return {
        "key": KEY,
        "org_unit": district.township.pk,
        "title": "落实批示",
        "requirement": "按批示办理。",
        "step": steps_of(district.plan)[0].pk,
        "due": "2024-10-25",
    } | other


def test_the_page_of_the_remark_leads_to_a_prefilled_form(district, cast, as_user):
    row, client = write(district, cast), as_user(cast.staff)
    assert address(row) in client.get(reverse("workplan:remark", args=[row.pk])).text
    text = client.get(address(row)).text
    assert "落实批示：推进“完成适老化改造户数”" in text
    assert f"局领导2024年10月15日批示：{WORDS}" in text
    assert "由演员·leader 2024-10-15 的" in text and "其他事项来源" not in text


def test_the_remark_knows_its_order_and_the_order_its_remark(district, cast, as_user):
    row, client = write(district, cast), as_user(cast.staff)
    answer = client.post(address(row), typed(district), follow=True)
    order = SupervisionOrder.objects.get()
    assert fresh(row).order == order and order.target == district.targets["49.3"]
    assert reverse("workplan:remark", args=[row.pk]) in answer.text
    page = client.get(reverse("workplan:remark", args=[row.pk])).text
    assert "（拟办）" in page and address(row) not in page, "once"
    assert Event.objects.get(action="remark.order").after["order_id"] == order.pk


def test_of_a_report_the_reporting_unit_is_charged(district, cast, as_user):
    report = fill_and_submit(district, cast, month=10, homes=3)
    row = write(district, cast, about=Subject(report=report))
    client = as_user(cast.leader)
    wrong = client.post(address(row), typed(district, org_unit=district.other_township.pk))
    assert wrong.status_code == 422 and "没有这一单位" in wrong.text
    assert client.post(address(row), typed(district)).status_code == 302
    assert SupervisionOrder.objects.get().report == report


def test_the_same_form_sent_twice_is_one_order(district, cast, as_user):
    row, client = write(district, cast), as_user(cast.staff)
    first, second = (client.post(address(row), typed(district)) for _ in range(2))
    assert first.url == second.url and SupervisionOrder.objects.count() == 1


def test_a_second_person_is_told_and_keeps_what_was_typed(district, cast, as_user):
    row = write(district, cast)
    as_user(cast.staff).post(address(row), typed(district))
    client = as_user(cast.head)
    other = typed(district, key=KEY.replace("0f", "1f"), requirement="另一份要求。")
    answer = client.post(address(row), other)
    assert answer.status_code == 409 and "已经拟办过督办单" in answer.text and "另一份要求。" in answer.text
    assert SupervisionOrder.objects.count() == 1
    again = client.get(address(row), follow=True)
    assert "已经拟办过督办单" in again.text and again.redirect_chain[0][0] == reverse("workplan:remark", args=[row.pk])


def test_bad_input_is_said_at_its_place_and_nothing_is_noted(district, cast, as_user):
    row = write(district, cast)
    answer = as_user(cast.staff).post(address(row), typed(district, title=" ", due="2024-10-01"))
    assert answer.status_code == 422 and "请填写督办事项。" in answer.text and "按批示办理。" in answer.text
    assert fresh(row).order is None and fresh(row).version == 1


def test_where_the_draft_fails_the_remark_is_as_it_was(district, cast, monkeypatch):
    row = write(district, cast)

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(supervision, "note_act", broken)
    with pytest.raises(RuntimeError):
        convert(row, district, cast)
    assert fresh(row).order is None and not SupervisionOrder.objects.exists()


def test_who_may_not_draft_is_refused(district, neighbour, cast, as_user):
    report = fill_and_submit(district, cast, month=10, homes=3)
    row = write(district, cast, about=Subject(report=report))
    for name in ("liaison", "auditor", "administrator"):
        assert as_user(getattr(cast, name)).get(address(row)).status_code == 403, name
        with pytest.raises(Refused, match="没有进行此操作的权限"):
            convert(row, district, cast, actor=getattr(cast, name))
    for name in ("other_head", "other_staff"):
        assert as_user(getattr(cast, name)).get(address(row)).status_code == 404, name
    for bad in ("remark=x", f"remark={row.pk}&task=1", "remark=1&remark=2"):
        assert as_user(cast.staff).get(f"{reverse('workplan:order_new')}?{bad}").status_code == 400, bad


def test_the_order_lives_on_as_any_other(district, cast):
    order = issue(convert(write(district, cast), district, cast), cast)
    assert order.number == "督办〔2024〕1号" and order.state == OrderState.ISSUED
    assert Remark.objects.get().order.number == order.number
