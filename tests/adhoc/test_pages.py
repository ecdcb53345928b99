"""The pages of ad-hoc requests: drafting, approving, answering, and what happens to bad input."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Event
from tests.reporting.test_lists import cells
from workplan import clock
from workplan.enums import AdHocState
from workplan.models import AdHocRequest

from .steps import EXPIRES, answer, approved, asked, draft, fresh, part, withdraw

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("workplan:adhoc"), reverse("workplan:adhoc_new")
KEY = "0f0d2a34-6f0f-4d4e-9a53-2f4c0a1b9d11"
TYPED = {
    "key": KEY,
    "title": "养老床位摸底",
    "app": "eldercare",
    "reason": "市局要求。",
    "due": "2024-10-25",
    "expires": "2024-11-30",
    "kinds": ["all"],
    "field-1-label": "可用床位",
    "field-1-kind": "number",
    "field-1-unit": "张",
    "field-3-label": "存在困难",
    "field-3-kind": "text",
    "field-3-optional": "on",
}


def page(row) -> str:
    return reverse("workplan:adhoc_request", args=[row.pk])


def act(name: str, row) -> str:
    return reverse(f"workplan:adhoc_{name}", args=[row.pk])


def form_of(row, unit) -> str:
    return reverse("workplan:adhoc_answer", args=[part(row, unit).pk])


def inputs(row) -> list[str]:
    return [f"f{field.pk}" for field in row.fields.all()]


# --- drafting ---


def test_an_office_drafts_sends_and_its_head_approves(district, cast, as_user):
    client = as_user(cast.staff)
    assert NEW in client.get(LIST).text and "也不能延长；仍需要的，重新申请" in client.get(NEW).text
    answer_ = client.post(NEW, TYPED, follow=True)
    row = AdHocRequest.objects.get()
    assert answer_.redirect_chain[0][0] == page(row) and row.answers.count() == 2
    assert [(f.place, f.label, f.required) for f in row.fields.all()] == [(1, "可用床位", True), (2, "存在困难", False)]
    client.post(act("send", row), {"version": 1})
    client = as_user(cast.head)
    assert page(row) in client.get("/").text
    text = client.get(page(row)).text
    assert "2 项 × 2 个单位 = 4 项" in text and "2024年10月已需填" in text and "共 8 项，平均每个单位 4 项" in text
    assert "台账已有" in text and reverse("workplan:target", args=[district.targets["49.3"].pk]) in text
    assert reverse("workplan:register", args=["eldercare", "canteen"]) in text
    client.post(act("approve", row), {"version": 2})
    assert fresh(row).state == AdHocState.APPROVED


def test_units_are_ticked_one_by_one_or_by_kind(district, cast, as_user):
    client = as_user(cast.staff)
    client.post(NEW, TYPED | {"kinds": ["street"], "units": []})
    client.post(NEW, TYPED | {"kinds": [], "units": [district.other_township.pk], "key": KEY.replace("0", "1")})
    asked_ = [[one.org_unit for one in row.answers.all()] for row in AdHocRequest.objects.order_by("pk")]
    assert asked_ == [[district.township], [district.other_township]]


def test_every_mistake_is_said_at_once_and_nothing_typed_is_lost(district, cast, as_user):
    wrong = TYPED | {
        "title": " ",
        "due": "2024-10-01",
        "kinds": [],
        "field-1-unit": "",
        "field-5-unit": "户",
        "reason": "依据在此",
    }
    answer_ = as_user(cast.staff).post(NEW, wrong)
    assert answer_.status_code == 422 and not AdHocRequest.objects.exists()
    for words in (
        "请填写标题。",
        "填报截止不能早于今天。",
        "请选择填报单位。",
        "数字须有计量单位",
        "请填写名称。",
        "依据在此",
    ):
        assert words in answer_.text, words
    assert '<details class="asked-more" open>' in answer_.text, "the fifth field is wrong"
    empty = as_user(cast.staff).post(NEW, {"key": KEY, "app": "eldercare"}).text
    for words in ("请写明为什么需要填报。", "请填写 1 至 10 个填报项。", "请填写填报截止日期。", "请填写有效期。"):
        assert words in empty, words
    twice = as_user(cast.staff).post(NEW, TYPED | {"field-3-label": "可用床位"})
    assert twice.status_code == 422 and "填报项“可用床位”重复。" in twice.text


def test_what_is_no_choice_is_refused(district, cast, as_user):
    client = as_user(cast.staff)
    for bad in ({"app": "funeral"}, {"units": ["99999"]}, {"kinds": ["village"]}, {"field-1-kind": "x"}):
        assert client.post(NEW, TYPED | bad).status_code == 422, bad


def test_a_form_without_its_key_is_refused(district, cast, as_user):
    assert as_user(cast.staff).post(NEW, TYPED | {"key": ""}).status_code == 400


def test_a_draft_is_changed_on_its_page_and_the_second_keeps_what_was_typed(district, cast, as_user):
    row, client = draft(district, cast), as_user(cast.staff)
    text = client.get(act("edit", row)).text
    assert 'value="可用床位"' in text and f'name="units" value="{district.township.pk}" checked' in text
    change = TYPED | {"version": "1", "title": "改后"}
    assert client.post(act("edit", row), change).status_code == 302 and fresh(row).title == "改后"
    again = client.post(act("edit", row), change | {"title": "再改"})
    assert again.status_code == 409 and "刚刚被他人办理或修改过" in again.text and 'value="再改"' in again.text
    assert client.post(act("edit", row), change | {"title": "再改", "version": "2"}).status_code == 302
    withdraw(fresh(row), cast)
    assert client.get(act("edit", row)).status_code == 302


# --- acts ---


def test_a_refusal_needs_its_reason(district, cast, as_user):
    row, client = asked(district, cast), as_user(cast.head)
    answer_ = client.post(act("refuse", row), {"version": row.version, "text": " "})
    assert answer_.status_code == 422 and "请写明不批准的原因。" in answer_.text
    client.post(act("refuse", row), {"version": row.version, "text": "台账已有。"})
    assert "台账已有。" in as_user(cast.staff).get(page(row)).text


def test_who_comes_second_sees_the_state_and_keeps_the_words(district, cast, as_user):
    row = asked(district, cast)
    as_user(cast.head).post(act("approve", row), {"version": 2})
    answer_ = as_user(cast.leader).post(act("refuse", row), {"version": 2, "text": "重复填报"})
    assert answer_.status_code == 409 and "刚刚被他人办理" in answer_.text and "重复填报" in answer_.text
    assert as_user(cast.leader).post(act("refuse", row), {}).status_code == 400
    assert as_user(cast.leader).get(act("approve", row)).status_code == 405


def test_the_own_request_is_refused_as_forbidden(district, cast, as_user):
    row = asked(district, cast, actor=cast.head)
    client = as_user(cast.head)
    assert act("approve", row) not in client.get(page(row)).text
    assert client.post(act("approve", row), {"version": 2}).status_code == 403


# --- answering ---


def test_a_township_answers_from_its_first_page(district, cast, as_user):
    row = approved(district, cast)
    client, address = as_user(cast.liaison), form_of(row, district.township)
    number, text = inputs(row)
    assert address in client.get("/").text and address in client.get(reverse("workplan:year")).text
    assert address in client.get(page(row)).text and address in as_user(cast.staff).get(page(row)).text
    client = as_user(cast.liaison)
    client.post(address, {"version": 1, number: "", text: "先记一笔", "keep": "yes"})
    assert "先记一笔" in client.get(address).text and "先记一笔" not in as_user(cast.staff).get(page(row)).text
    assert "先记一笔" not in as_user(cast.staff).get(address).text, "a draft is the unit's own"
    client = as_user(cast.liaison)
    done = client.post(address, {"version": 2, number: "１，２３４", text: "", "submit": "yes"}, follow=True)
    assert "已提交，可以修改至 2024-11-30。" in done.text and 'value="1234"' in done.text
    assert address not in client.get("/").text
    assert "保存草稿" not in client.get(address).text and "提交修改" in client.get(address).text


def test_bad_answers_are_said_at_their_place(district, cast, as_user):
    row, client = approved(district, cast), as_user(cast.liaison)
    address, (number, text) = form_of(row, district.township), inputs(row)
    for typed, words in (
        ({number: "很多"}, "请只填写数字"),
        ({number: ""}, "必填，请填写。"),
        ({number: "-1"}, "不能为负数"),
    ):
        answer_ = client.post(address, {"version": 1, text: "保留的话", "submit": "yes"} | typed)
        assert answer_.status_code == 422 and words in answer_.text and "保留的话" in answer_.text, words
    assert client.post(address, {number: "1"}).status_code == 400
    assert part(row, district.township).version == 1


def test_the_second_officer_sees_both_and_may_save_again(district, cast, as_user):
    row, client = approved(district, cast), as_user(cast.liaison)
    address, (number, text) = form_of(row, district.township), inputs(row)
    client.post(address, {"version": 1, number: "5", text: "", "submit": "yes"})
    second = client.post(address, {"version": 1, number: "7", text: "", "submit": "yes"})
    assert second.status_code == 409 and '已保存“5”，您填写“<span class="typed">7</span>”' in second.text
    assert 'value="7"' in second.text and 'name="version" value="2"' in second.text
    assert client.post(address, {"version": 2, number: "7", text: "", "submit": "yes"}).status_code == 302


def test_when_it_is_over_the_words_are_told_and_the_request_stays_readable(district, cast, as_user):
    row, client = approved(district, cast), as_user(cast.liaison)
    address, (number, text) = form_of(row, district.township), inputs(row)
    answer(row, district.township, cast.liaison, beds=5)
    with clock.pinned(EXPIRES + timedelta(days=1)):
        assert '<form class="panel order-form"' not in client.get(address).text and "5" in client.get(address).text
        late = client.post(address, {"version": 2, number: "8", text: "", "submit": "yes"})
        assert late.status_code == 409 and "已过有效期" in late.text and "8" in late.text
        assert "已到期" in client.get(page(row)).text
    withdraw(fresh(row), cast)
    assert "改由台账统计。" in client.get(address).text


# --- what has been answered ---


def test_the_office_sees_who_has_not_answered_and_takes_the_sums_along(district, cast, as_user):
    row = approved(district, cast, title="=床位")
    answer(row, district.township, cast.liaison, beds=5, note="=1+1")
    text = as_user(cast.staff).get(page(row)).text
    assert "未填 1 个：D1乙镇" in text and "1/2（50%）" in text
    answer(row, district.other_township, cast.other_liaison, beds=7)
    client = as_user(cast.staff)
    results = client.get(page(row)).context["results"]
    assert results.sums == [("可用床位（张）", "12"), ("存在困难", "")] and results.waiting == []
    rows = cells(client.get(act("answers", row)))
    header = next(place for place, one in enumerate(rows) if one[0] == "单位")
    assert rows[header] == ["单位", "可用床位（张）", "存在困难", "状态", "填报人", "首次提交"]
    assert rows[header + 1][:4] == ["D1甲街道", 5, "'=1+1", "已填"] and rows[-1][:2] == ["合计", 12]
    assert Event.objects.filter(action="data.export").count() == 1


def test_the_list_is_filtered_by_state(district, cast, as_user):
    approved(district, cast, title="甲事"), asked(district, cast, title="乙事")
    client = as_user(cast.leader)

    def titles(**query):
        return [one.record.title for one in client.get(LIST, query).context["table"].rows]

    assert titles() == ["乙事", "甲事"] and titles(state="approved") == ["甲事"] and titles(state="expired") == []
    with clock.pinned(EXPIRES + timedelta(days=1)):
        assert titles(state="expired") == ["甲事"] and titles(state="approved") == []
    assert titles(q="乙") == ["乙事"] and client.get(LIST, {"state": "x"}).status_code == 400
    assert client.get(LIST, {"as_of": "2024-10-01"}).status_code == 400


def test_a_bureau_without_a_running_plan_asks_for_nothing(district, cast, as_user):
    type(district.plan).objects.filter(pk=district.plan.pk).update(status="closed")
    assert "发起" not in as_user(cast.staff).get(NEW).text
