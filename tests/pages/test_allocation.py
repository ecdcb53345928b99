"""The bench on which a target is broken down to units."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Event
from eldercare.models import HomeAdaptation
from tests import factories as make
from tests.registers.making import make_record
from tests.steps import approve, fill_and_submit
from workplan.enums import PlanStatus
from workplan.models import Allocation, Plan
from workplan.services.plan import allocate

pytestmark = pytest.mark.django_db


@pytest.fixture
def homes(district):
    return district.targets["49.3"]


@pytest.fixture
def bench(district, cast, as_user, homes):
    """Return a function that sends the form as the page shows it, with changes by unit: a number, or None to untick."""

    def send(changes=None, *, user=None, target=None, **more):
        target = target or homes
        address = reverse("workplan:allocation", args=[target.pk])
        client = as_user(user or cast.head)
        shown = client.get(address).context
        data = {"seen": shown["seen"], "reason": "调整"}
        for row in shown["rows"]:
            data |= {row.take.html_name: "on"} if row.take.value() else {}
            data |= {row.amount.html_name: row.amount.value()} if row.amount else {}
        for unit, amount in (changes or {}).items():
            data[f"amount-{unit.pk}"] = "" if amount is None else str(amount)
            data.pop(f"take-{unit.pk}", None)
            data |= {} if amount is None else {f"take-{unit.pk}": "on"}
        return client.post(address, data | more)

    return send


def shares(target) -> dict[str, Decimal | None]:
    return dict(Allocation.objects.filter(target=target).values_list("org_unit__code", "amount"))


def typed(response) -> dict[str, str]:
    """Return the numbers that the page shows, by unit."""
    return {row.unit.code: row.amount.value() for row in response.context["rows"] if row.amount.value()}


def test_numbers_are_stored_together_with_the_reason(bench, district, homes, cast, as_user):
    done = bench({district.township: 70, district.other_township: "３０"}, reason="下半年调整")
    assert done.status_code == 302
    assert shares(homes) == {district.township.code: 70, district.other_township.code: 30}
    page = as_user(cast.head).get(f"/targets/{homes.pk}/").text
    assert f"指标分解：{district.township} 50 → 70" in page and "下半年调整" in page


def test_a_share_is_taken_away_and_a_new_one_given(bench, district, homes, cast, as_user):
    bench({district.township: 100, district.other_township: None, district.office: 5})
    assert shares(homes) == {district.township.code: 100, district.office.code: 5}
    page = as_user(cast.head).get(f"/targets/{homes.pk}/").text
    assert f"指标分解：{district.other_township} 50 → —" in page


def test_a_share_with_accepted_values_stays(bench, district, homes, cast):
    approve(fill_and_submit(district, cast, month=10, homes=7), cast)
    refused = bench({district.township: None, district.other_township: 100})
    assert refused.status_code == 422 and "已有审核通过的数值，不能取消分解" in refused.text
    assert shares(homes)[district.township.code] == 50


def test_less_than_the_goal_is_refused_and_what_was_typed_stays(bench, district, homes):
    refused = bench({district.township: 20})
    assert refused.status_code == 422 and "分解合计 70 少于目标值 100" in refused.text and "还差 30" in refused.text
    assert typed(refused)[district.township.code] == "20"
    assert shares(homes)[district.township.code] == 50


def test_a_published_plan_asks_for_a_reason_at_its_field(bench, district, homes):
    refused = bench({district.township: 60}, reason=" ")
    assert refused.status_code == 422 and "修改已发布的指标分解须填写原因。" in refused.context["form"].errors["reason"]
    assert shares(homes)[district.township.code] == 50
    Plan.objects.filter(pk=district.plan.pk).update(status=PlanStatus.DRAFT)
    assert bench({district.township: 60}, reason="").status_code == 302


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("x", "请只填写数字"),
        ("-1", "不能为负数"),
        ("9" * 41, "40"),
        ("9" * 20, "数字过大"),
        ("0.00001", "最多保留 4 位小数"),
        ("1e3", "请只填写数字"),
    ],
)
def test_a_wrong_number_is_told(amount, words, bench, district, homes):
    refused = bench({district.township: amount})
    assert refused.status_code == 422 and words in refused.text
    assert shares(homes)[district.township.code] == 50


def test_nobody_is_left_only_in_a_draft(bench, district, cast):
    tombs = district.targets["46.3"]
    nobody = {district.township: None, district.other_township: None}
    assert "已发布的目标须至少由一个单位承担。" in bench(nobody, target=tombs, user=cast.other_head).text
    Plan.objects.filter(pk=district.plan.pk).update(status=PlanStatus.DRAFT)
    assert bench(nobody, target=tombs, user=cast.other_head).status_code == 302
    assert shares(tombs) == {}


def test_a_rate_has_ticks_and_no_numbers(bench, district):
    rate = district.targets["22.4"]
    done = bench({district.other_township: None}, target=rate)
    assert done.status_code == 302
    assert shares(rate) == {district.township.code: None}


def test_who_comes_second_is_told_and_may_save_again(bench, district, homes, cast, as_user):
    address = reverse("workplan:allocation", args=[homes.pk])
    seen = as_user(cast.head).get(address).context["seen"]
    allocate(target=homes, amounts={district.township: Decimal(80)}, actor=cast.head, reason="先到")
    late = bench({district.township: 55}, seen=seen)
    assert late.status_code == 409 and "已被他人改动" in late.text
    assert typed(late)[district.township.code] == "55" and shares(homes)[district.township.code] == 80
    assert bench({district.township: 55}, seen=late.context["seen"]).status_code == 302
    assert shares(homes)[district.township.code] == 55


@pytest.mark.parametrize("seen", ["x", "1:2:3", "1:x", "a:1"])
def test_a_forged_form_is_refused(seen, bench):
    assert bench(seen=seen).status_code == 400


def test_saving_confirms_what_was_proposed(bench, district, homes):
    Allocation.objects.filter(target=homes).update(proposed=True)
    assert bench(reason="").status_code == 302
    assert not Allocation.objects.filter(target=homes, proposed=True).exists()


# --- filling ---


def test_equally_over_those_ticked(bench, district, homes):
    Plan.objects.update(status=PlanStatus.DRAFT)
    homes.goal = 101
    homes.save()
    filled = bench(fill="equal")
    assert typed(filled) == {district.township.code: "51", district.other_township.code: "50"}
    assert "已平均分配到 2 个单位，请核对后保存。" in filled.text and "正好分完" in filled.text
    assert shares(homes)[district.township.code] == 50  # nothing is stored


def test_equally_over_all_townships_where_none_is_ticked(bench, district):
    filled = bench({district.township: None, district.other_township: None}, fill="equal")
    assert typed(filled) == {district.township.code: "50", district.other_township.code: "50"}


def test_by_the_records_of_a_register(bench, district, cast, homes):
    for number in range(3):
        make_record(HomeAdaptation, district.township, cast.liaison, number=number)
    make_record(HomeAdaptation, district.other_township, cast.other_liaison, number=9)
    filled = bench(fill="register", register="homeadaptation")
    assert typed(filled) == {district.township.code: "75", district.other_township.code: "25"}
    assert "的 4 条记录分配" in filled.text


def test_by_an_empty_register_nothing_is_filled(bench, district):
    filled = bench(fill="register", register="homeadaptation")
    assert "还没有记录，未分配" in filled.text
    assert typed(filled)[district.township.code] == "50"


@pytest.mark.parametrize("asked", [{"fill": "register", "register": "user"}, {"fill": "luck"}])
def test_an_unknown_way_is_refused(asked, bench):
    assert bench(**asked).status_code == 400


def test_from_a_paste(bench, district):
    lines = f"{district.township.name}\t61\n{district.other_township.code}，１,０39\n\n"
    filled = bench(fill="paste", pasted=lines)
    assert typed(filled) == {district.township.code: "61", district.other_township.code: "1039"}
    assert "超出 1000" in filled.text


def test_what_of_a_paste_cannot_be_read_is_told_by_line(bench, district):
    name = district.township.name
    wrong = bench(fill="paste", pasted=f"{name} 61\n{name} 7\n外镇 9\n{district.other_township.name}\n{'长' * 101}")
    assert wrong.status_code == 422
    for words in (f"第 2 行：“{name}”出现了多次", "第 3 行：“外镇”不是可分解的单位", "没有数值", "超过 100 字"):
        assert words in wrong.text, words
    assert typed(wrong)[district.township.code] == "61"  # what could be read is filled in
    assert bench(fill="paste", pasted="").status_code == 422


def test_who_does_not_edit_the_plan_has_no_bench(cast, as_user, homes):
    address = reverse("workplan:allocation", args=[homes.pk])
    assert as_user(cast.liaison).get(address).status_code == 403
    assert "调整分解" not in as_user(cast.liaison).get(f"/targets/{homes.pk}/").text
    assert "调整分解" in as_user(cast.head).get(f"/targets/{homes.pk}/").text


def test_a_unit_that_is_no_more_keeps_its_line(bench, district, homes, cast, as_user):
    gone = make.OrgUnitFactory(parent=district.bureau, kind="town", valid_to=date(2024, 6, 1))
    Allocation.objects.create(target=homes, org_unit=gone, amount=5)
    assert gone.label in as_user(cast.head).get(reverse("workplan:allocation", args=[homes.pk])).text


def test_events_name_the_unit(bench, district):
    bench({district.township: 60})
    assert Event.objects.filter(action="allocation.change", note="调整").exists()
