"""The pages of supervision: what each part sees and can press, and what happens to bad input."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Event
from tests.cast import TODAY
from tests.reporting.test_lists import cells
from tests.steps import fill_and_submit
from workplan import clock
from workplan.enums import OrderAction, OrderState
from workplan.models import SupervisionFile, SupervisionOrder
from workplan.services import order_life as life
from workplan.services import supervision as service
from workplan.services.supervision import Subject

from . import steps
from .steps import DUE, brought_to, draft, fresh

pytestmark = pytest.mark.django_db
LIST = reverse("workplan:orders")
NEW = reverse("workplan:order_new")
KEY = "0f0d2a34-6f0f-4d4e-9a53-2f4c0a1b9d11"


def page(order) -> str:
    return reverse("workplan:order", args=[order.pk])


def act(order, action) -> str:
    return reverse(f"workplan:order_{action}", args=[order.pk])


def typed(district, **other) -> dict:
    return {
        "key": KEY,
        "org_unit": district.township.pk,
        "title": "加快适老化改造",
        "requirement": "10月底前完成。",
        "step": service.steps_of(district.plan)[0].pk,
        "due": "2024-10-22",
    } | other


# --- drafting ---


def test_an_order_is_drafted_from_the_page_of_its_target(district, cast, as_user):
    client, target = as_user(cast.staff), district.targets["49.3"]
    address = f"{NEW}?target={target.pk}"
    assert address in client.get(reverse("workplan:target", args=[target.pk])).text
    blank = client.get(address)
    assert "推进“完成适老化改造户数”" in blank.text and "其他事项来源" not in blank.text
    answer = client.post(address, typed(district), follow=True)
    order = SupervisionOrder.objects.get()
    assert (order.target, order.app, order.org_unit, order.office) == (
        target,
        "eldercare",
        district.township,
        district.office,
    )
    assert "已拟办" in answer.text and order.state == OrderState.DRAFT


@pytest.mark.parametrize("name", ["task", "report"])
def test_tasks_and_reports_lead_to_an_order_too(name, district, cast, as_user):
    report = fill_and_submit(district, cast, month=10, homes=3)
    subject = {"task": district.task, "report": report}[name]
    client = as_user(cast.head)
    address = f"{NEW}?{name}={subject.pk}"
    assert address in client.get(reverse(f"workplan:{name}", args=[subject.pk])).text
    assert client.post(address, typed(district)).status_code == 302
    order = SupervisionOrder.objects.get()
    assert order.subject == subject
    assert order.title in client.get(reverse(f"workplan:{name}", args=[subject.pk])).text


def test_a_free_matter_names_its_section_and_source(district, cast, as_user):
    client = as_user(cast.staff)
    blank = client.get(NEW).text
    assert 'value="eldercare"' in blank and 'value="funeral"' not in blank, "only the sections that the office runs"
    wrong = client.post(NEW, typed(district, app="funeral", matter=""))
    assert wrong.status_code == 422 and "请写明事项来源。" in wrong.text and "10月底前完成。" in wrong.text
    client.post(NEW, typed(district, app="eldercare", matter="局务会议定事项"))
    assert SupervisionOrder.objects.get().subject_text == "局务会议定事项"


def test_the_same_form_sent_twice_makes_one_draft(district, cast, as_user):
    client, address = as_user(cast.staff), f"{NEW}?target={district.targets['49.3'].pk}"
    first, second = (client.post(address, typed(district)) for _ in range(2))
    assert first.url == second.url and SupervisionOrder.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"title": " "}, "请填写督办事项。"),
        ({"requirement": ""}, "请填写办理要求。"),
        ({"due": "2024-10-01"}, "完成时限不能早于今天。"),
        ({"due": "31日"}, "请填写日期"),
        ({"org_unit": ""}, "请选择责任单位。"),
        ({"org_unit": "999999999999999999999"}, "没有这一单位"),
        ({"step": "0"}, "没有这一督办等级"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_nothing_typed_is_lost(wrong, message, district, cast, as_user):
    address = f"{NEW}?target={district.targets['49.3'].pk}"
    sent = typed(district, **wrong)
    answer = as_user(cast.staff).post(address, sent)
    assert answer.status_code == 422 and message in answer.text
    assert sent["title"].strip() in answer.text and sent["requirement"] in answer.text
    assert not SupervisionOrder.objects.exists()


def test_who_may_not_draft_is_refused(district, neighbour, cast, as_user):
    target = district.targets["49.3"]
    for name in ("liaison", "auditor", "administrator"):
        assert as_user(getattr(cast, name)).get(NEW).status_code == 403
    assert as_user(cast.other_staff).get(f"{NEW}?target={target.pk}").status_code == 404
    assert as_user(cast.staff).get(f"{NEW}?target={neighbour.targets['49.3'].pk}").status_code == 404
    for bad in ("target=x", "target=1&task=1", "unit=1"):
        assert as_user(cast.staff).get(f"{NEW}?{bad}").status_code == 400


def test_a_township_that_has_no_part_cannot_be_chosen(district, cast, as_user):
    answer = as_user(cast.staff).post(
        f"{NEW}?target={district.targets['49.3'].pk}", typed(district, org_unit=district.other_office.pk)
    )
    assert answer.status_code == 422 and "没有这一单位" in answer.text


# --- acts ---


def test_the_whole_life_on_the_pages(district, cast, as_user):
    order = draft(district, cast)
    head, liaison = cast.head, cast.liaison
    for user, action, data in [
        (cast.staff, "save", {"title": "改过的事项", "requirement": "改过的要求", "step": order.step_id, "due": ""}),
        (head, "issue", {"due": "2024-10-22"}),
        (liaison, "sign", {}),
        (liaison, "ask", {"due": "2024-10-30", "text": "施工队无法进场。"}),
        (head, "grant", {"text": "同意。"}),
        (liaison, "reply", {"text": "已办。", "files": SimpleUploadedFile("验收单.txt", "验收".encode())}),
        (head, "return", {"text": "缺照片。"}),
        (liaison, "reply", {"text": "已补。"}),
        (head, "strike", {"text": "属实，同意销号。"}),
        (head, "reopen", {"due": "2024-11-10", "text": "有反弹。"}),
        (liaison, "reply", {"text": "再次办结。"}),
        (head, "strike", {"text": "属实。"}),
        (head, "archive", {}),
    ]:
        client = as_user(user)
        assert act(order, action) in client.get(page(order)).text, action
        answer = client.post(act(order, action), data | {"version": fresh(order).version}, follow=True)
        assert answer.status_code == 200 and answer.redirect_chain, action
    text = as_user(head).get(page(order)).text
    for words in ("督办〔2024〕1号", "改过的事项", "施工队无法进场。", "验收单.txt", "缺照片。", "有反弹。", "已归档"):
        assert words in text
    assert "完成时限：2024-10-22 → 2024-10-30" in text


def test_bad_input_of_an_act_stays_in_its_form(district, cast, as_user):
    order = brought_to(OrderState.SIGNED, district, cast)
    answer = as_user(cast.liaison).post(
        act(order, "ask"), {"version": order.version, "due": "2024-10-20", "text": "下雨。"}
    )
    assert answer.status_code == 422 and "须晚于现时限" in answer.text and "下雨。" in answer.text
    wrong = SimpleUploadedFile("脚本.exe", b"MZ")
    answer = as_user(cast.liaison).post(
        act(order, "reply"), {"version": order.version, "text": "已全部办完。", "files": wrong}
    )
    assert answer.status_code == 422 and "不支持这种文件" in answer.text and "已全部办完。" in answer.text
    answer = as_user(cast.liaison).post(act(order, "reply"), {"version": order.version, "text": ""})
    assert answer.status_code == 422 and "请填写办理情况。" in answer.text
    assert fresh(order).state == OrderState.SIGNED


def test_a_second_tab_is_told_and_keeps_what_was_typed(district, cast, as_user):
    order = brought_to(OrderState.REPLIED, district, cast)
    life.return_order(order=order, actor=cast.leader, version=order.version, text="缺照片。")
    answer = as_user(cast.head).post(act(order, "strike"), {"version": order.version, "text": "我的复核意见。"})
    assert answer.status_code == 409
    assert "尚未写入" in answer.text and "我的复核意见。" in answer.text
    assert fresh(order).state == OrderState.SIGNED


def test_a_second_tab_on_a_draft_can_save_after_looking(district, cast, as_user):
    order = draft(district, cast)
    sent = {"title": "甲", "requirement": "要求", "step": order.step_id, "due": "", "version": order.version}
    as_user(cast.staff).post(act(order, "save"), sent)
    answer = as_user(cast.head).post(act(order, "save"), sent | {"title": "乙"})
    assert answer.status_code == 409 and 'value="乙"' in answer.text
    assert fresh(order).title == "甲"
    as_user(cast.head).post(act(order, "save"), sent | {"title": "乙", "version": fresh(order).version})
    assert fresh(order).title == "乙"


def test_acts_answer_by_right(district, cast, as_user):
    order = brought_to(OrderState.ISSUED, district, cast)
    data = {"version": order.version}
    assert as_user(cast.other_liaison).post(act(order, "sign"), data).status_code == 404
    assert as_user(cast.head).post(act(order, "sign"), data).status_code == 403
    assert as_user(cast.liaison).post(act(order, "strike"), data | {"text": "x"}).status_code == 403
    assert as_user(cast.liaison).post(act(order, "sign"), {}).status_code == 400
    assert fresh(order).state == OrderState.ISSUED


# --- who sees what ---


def test_a_draft_is_seen_by_those_who_draft_and_by_those_who_read_the_log(district, cast, as_user):
    order = draft(district, cast)
    seen = [name for name, user in cast.everybody().items() if as_user(user).get(page(order)).status_code == 200]
    assert seen == ["administrator", "leader", "auditor", "head", "staff"]
    steps.issue(order, cast)
    seen = [name for name, user in cast.everybody().items() if as_user(user).get(page(order)).status_code == 200]
    assert seen == ["administrator", "leader", "auditor", "head", "staff", "liaison", "supervisor"]


def test_the_list_shows_the_own_orders_only_and_filters(district, cast, as_user):
    mine = brought_to(OrderState.SIGNED, district, cast, title="甲街道的事")
    other = steps.issue(draft(district, cast, unit=district.other_township, title="乙镇的事"), cast)
    text = as_user(cast.liaison).get(LIST).text
    assert mine.title in text and other.title not in text and "乙镇" not in text
    client = as_user(cast.leader)

    def found(**query):
        return {row.record.title for row in client.get(LIST, query).context["table"].rows}

    assert found() == {"甲街道的事", "乙镇的事"}
    assert found(state="signed") == {"甲街道的事"}
    assert found(org_unit=district.other_township.pk) == {"乙镇的事"}
    assert found(light="open") == {"甲街道的事", "乙镇的事"} and found(light="overdue") == set()
    assert found(rank=2) == set() and found(running="true", app="eldercare") == {"甲街道的事", "乙镇的事"}
    assert found(q="乙镇") == {"乙镇的事"} and found(running="false") == set()
    assert client.get(LIST, {"light": "purple"}).status_code == 400
    assert "没有督办单" in as_user(cast.outsider).get(LIST).text


def test_the_list_leaves_as_a_table(district, cast, as_user):
    brought_to(OrderState.STRUCK, district, cast)
    rows = cells(as_user(cast.head).get(LIST, {"export": "xlsx"}))
    line = next(row for row in rows if "督办〔2024〕1号" in row)
    assert "已销号" in line and "办结" in line and "D1甲街道" in line


def test_files_go_to_those_who_see_the_order_and_the_look_is_logged(district, cast, as_user):
    upload = SimpleUploadedFile("验收单.txt", "验收".encode())
    order = steps.reply(brought_to(OrderState.SIGNED, district, cast), cast, uploads=[upload])
    address = reverse("workplan:order_file", args=[SupervisionFile.objects.get(order=order).pk])
    answer = as_user(cast.head).get(address)
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Event.objects.filter(action="order.download", actor=cast.head).count() == 1
    for name in ("other_liaison", "other_head", "outsider", "nobody"):
        assert as_user(getattr(cast, name)).get(address).status_code == 404


# --- print ---


def test_the_printed_order_says_everything_that_is_signed_for(district, cast, as_user):
    order = brought_to(OrderState.STRUCK, district, cast)
    text = as_user(cast.liaison).get(reverse("workplan:order_print", args=[order.pk])).text
    for words in (
        "D1区民政局督办单",
        "督办〔2024〕1号",
        "督办事项",
        "责任单位",
        "2024年10月22日",
        "办理要求",
        "签收人",
        "反馈人",
        "已完成入户改造40户",
        "复核人",
        "经复核属实",
        "签发人",
    ):
        assert words in text
    assert "督查" not in text


def test_a_draft_prints_without_a_number(district, cast, as_user):
    order = draft(district, cast, due=None)
    text = as_user(cast.head).get(reverse("workplan:order_print", args=[order.pk])).text
    assert "（拟办，未编号）" in text and "None" not in text


# --- what waits for whom ---


def test_the_first_page_says_what_to_do_with_orders(district, cast, as_user):
    order = draft(district, cast)
    assert "审定" in as_user(cast.head).get("/").text and order.title not in as_user(cast.liaison).get("/").text
    order = steps.issue(order, cast)
    assert "督办单待办理" in as_user(cast.liaison).get("/").text
    assert order.title not in as_user(cast.other_liaison).get("/").text
    order = steps.ask(steps.sign(order, cast), cast)
    assert "审批延期" in as_user(cast.head).get("/").text
    order = steps.reply(order, cast)
    assert "督办单待办理" not in as_user(cast.liaison).get("/").text
    text = as_user(cast.leader).get("/").text
    assert order.title in text and ">复核<" in text
    assert order.title not in as_user(cast.other_head).get("/").text


def test_the_leader_sees_counts_by_light_and_step_that_lead_to_the_list(district, cast, as_user):
    with clock.pinned(date(2024, 9, 2)):
        late = brought_to(OrderState.SIGNED, district, cast, due=date(2024, 9, 10), title="迟的事")
    order = brought_to(OrderState.ISSUED, district, cast)
    life.escalate_order(order=order, actor=cast.head, version=order.version, due=DUE, text="仍未推进。")
    client = as_user(cast.leader)
    found = client.get(reverse("workplan:leader")).context["supervision"]
    assert {one.mark.word: one.number for one in found["lights"]} == {
        "逾期": 1,
        "临期": 0,
        "办理中": 1,
        "逾期办结": 0,
        "办结": 0,
    }
    assert {one.mark.word: one.number for one in found["steps"]} == {"蓝色提醒": 1, "橙色警告": 1, "红色通报": 0}
    overdue = next(one for one in found["lights"] if one.mark.word == "逾期")
    assert late.title in client.get(overdue.url).text and order.title not in client.get(overdue.url).text


def test_the_leader_sees_orders_as_they_stood_on_a_past_day(district, cast, as_user):
    with clock.pinned(date(2024, 9, 2)):
        order = brought_to(OrderState.SIGNED, district, cast, due=date(2024, 9, 10))
    with clock.pinned(date(2024, 9, 20)):
        steps.strike(steps.reply(order, cast), cast)

    def lights(day):
        found = as_user(cast.leader).get(reverse("workplan:leader"), {"as_of": day}).context["supervision"]
        return [one.mark.word for one in found["lights"] if one.number]

    assert lights("2024-09-01") == []
    assert lights("2024-09-05") == ["办理中"]
    assert lights("2024-09-08") == ["临期"]
    assert lights("2024-09-15") == ["逾期"]
    assert lights(TODAY.isoformat()) == ["逾期办结"]


def test_what_is_typed_is_shown_as_text(district, cast, as_user):
    nasty = "<script>alert(1)</script>"
    order = brought_to(OrderState.REPLIED, district, cast, title=nasty, requirement=nasty)
    for name, address in (
        ("head", page(order)),
        ("leader", LIST),
        ("head", reverse("workplan:order_print", args=[order.pk])),
    ):
        text = as_user(getattr(cast, name)).get(address).text
        assert nasty not in text and "&lt;script&gt;" in text


def test_every_action_has_a_page_of_its_own():
    assert {
        reverse(f"workplan:order_{action.value}", args=[1]) for action in OrderAction if action != OrderAction.DRAFT
    }


def test_the_steps_of_escalation_can_be_edited_by_administrators(district, cast, as_user):
    step = service.steps_of(district.plan)[1]
    address = reverse("admin:workplan_supervisionstep_change", args=[step.pk])
    data = {"rank": 2, "name": "警示", "colour": "yellow", "reply_days": 4}
    assert as_user(cast.administrator).post(address, data).status_code == 302
    assert [str(s) for s in service.steps_of(district.plan)] == ["蓝色提醒", "黄色警示", "红色通报"]
    wrong = as_user(cast.administrator).post(address, data | {"colour": "red"})
    assert wrong.status_code == 200 and "已有这一颜色" in wrong.text


def test_subject_of_a_free_matter_has_no_address(district, cast, as_user):
    order = draft(district, cast, subject=Subject(matter="来信反映事项"))
    assert "来信反映事项" in as_user(cast.head).get(page(order)).text
