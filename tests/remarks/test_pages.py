"""The pages of remarks: what each part sees and can press, and what happens to bad input."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.enums import Role
from tests import factories as make
from tests.cast import TODAY
from tests.reporting.test_lists import cells
from tests.steps import fill_and_submit
from workplan import clock
from workplan.models import Remark
from workplan.services.reports import start_report
from workplan.services.supervision import Subject
from workplan.ui.remarks import overview_of

from .steps import WORDS, answer, convert, fresh, issue, write

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("workplan:remarks"), reverse("workplan:remark_new")
KEY = "0f0d2a34-6f0f-4d4e-9a53-2f4c0a1b9d11"
TYPED = {"key": KEY, "text": WORDS, "due": "2024-10-22"}


def page(row) -> str:
    return reverse("workplan:remark", args=[row.pk])


def reply_to(row) -> str:
    return reverse("workplan:remark_answer", args=[row.pk])


# --- writing ---


@pytest.mark.parametrize("name", ["task", "target", "report"])
def test_a_leader_writes_from_the_page_of_the_thing(name, district, cast, as_user):
    report = fill_and_submit(district, cast, month=10, homes=3)
    about = {"task": district.task, "target": district.targets["49.3"], "report": report}[name]
    client, address = as_user(cast.leader), f"{NEW}?{name}={about.pk}"
    assert address in client.get(reverse(f"workplan:{name}", args=[about.pk])).text
    blank = client.get(address).text
    assert str(about) in blank and 'value="2024-10-22"' in blank and "由养老科回应" in blank
    done = client.post(address, TYPED, follow=True)
    row = Remark.objects.get()
    assert row.subject == about and "已批示，并告知养老科。" in done.text and WORDS in done.text
    assert WORDS in client.get(reverse(f"workplan:{name}", args=[about.pk])).text


def test_the_task_shows_what_was_said_about_its_targets_and_reports(district, cast, as_user):
    report = fill_and_submit(district, cast, month=10, homes=3)
    write(district, cast, text="目标的话")
    write(district, cast, about=Subject(report=report), text="填报的话")
    text = as_user(cast.head).get(reverse("workplan:task", args=[district.task.pk])).text
    assert "目标的话" in text and "填报的话" in text


def test_the_same_form_sent_twice_is_one_remark(district, cast, as_user):
    client, address = as_user(cast.leader), f"{NEW}?target={district.targets['49.3'].pk}"
    first, second = (client.post(address, TYPED) for _ in range(2))
    assert first.url == second.url and Remark.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"text": "  "}, "请填写批示内容。"),
        ({"text": "长" * 1001}, "1000"),
        ({"due": ""}, "请填写回应时限。"),
        ({"due": "2024-10-14"}, "回应时限不能早于今天。"),
        ({"due": "2024-11-15"}, "回应时限最长为 30 天。"),
        ({"due": "下周"}, "请填写日期"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_nothing_typed_is_lost(wrong, message, district, cast, as_user):
    sent = TYPED | wrong
    done = as_user(cast.leader).post(f"{NEW}?target={district.targets['49.3'].pk}", sent)
    assert done.status_code == 422 and message in done.text and 'aria-invalid="true"' in done.text
    assert (sent["text"].strip() in done.text and f'value="{sent["due"]}"' in done.text) or not sent["due"]
    assert not Remark.objects.exists()


def test_everything_that_is_wrong_is_said_at_once(district, cast, as_user):
    sent = TYPED | {"text": " ", "due": "2024-10-14"}
    done = as_user(cast.leader).post(f"{NEW}?target={district.targets['49.3'].pk}", sent)
    assert "请填写批示内容。" in done.text and "回应时限不能早于今天。" in done.text


def test_addresses_that_name_nothing_or_too_much_are_refused(district, neighbour, cast, as_user):
    client, target = as_user(cast.leader), district.targets["49.3"]
    for bad in ("", "target=x", "target=0", f"target={target.pk}&task=1", "unit=1"):
        assert client.get(f"{NEW}?{bad}").status_code == 400, bad
    assert client.get(f"{NEW}?target={neighbour.targets['49.3'].pk}").status_code == 404
    assert client.post(f"{NEW}?target={target.pk}", TYPED | {"key": "x"}).status_code == 400
    for name in cast.everybody().keys() - {"leader"}:
        assert as_user(getattr(cast, name)).get(f"{NEW}?target={target.pk}").status_code == 403, name


def test_a_draft_of_a_report_shows_no_button(district, cast, as_user):
    report = start_report(
        task=district.task, org_unit=district.township, period=district.period(10), actor=cast.liaison
    )
    client = as_user(cast.leader)
    assert NEW not in client.get(reverse("workplan:report", args=[report.pk])).text
    done = client.post(f"{NEW}?report={report.pk}", TYPED)
    assert done.status_code == 422 and "尚未提交，暂不能批示" in done.text and WORDS in done.text


# --- answering ---


def test_the_head_answers_on_the_page(district, cast, as_user):
    row, client = write(district, cast), as_user(cast.head)
    assert reply_to(row) in client.get(page(row)).text
    for name in ("leader", "staff", "auditor"):
        assert reply_to(row) not in as_user(getattr(cast, name)).get(page(row)).text, name
    done = as_user(cast.head).post(reply_to(row), {"version": 1, "text": "已部署。"}, follow=True)
    assert "已回应，并告知批示人。" in done.text and "已部署。" in done.text and reply_to(row) not in done.text


def test_a_double_click_on_the_answer_is_no_fault(district, cast, as_user):
    row, client = write(district, cast), as_user(cast.head)
    answers = [client.post(reply_to(row), {"version": 1, "text": "已部署。"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302] and fresh(row).version == 2


def test_an_empty_answer_stays_in_its_form(district, cast, as_user):
    row = write(district, cast)
    done = as_user(cast.head).post(reply_to(row), {"version": 1, "text": " "})
    assert done.status_code == 422 and "请填写回应内容。" in done.text
    long = as_user(cast.head).post(reply_to(row), {"version": 1, "text": "长" * 2001})
    assert long.status_code == 422 and "长" * 2001 in long.text
    assert as_user(cast.head).post(reply_to(row), {"text": "已部署。"}).status_code == 400


def test_a_second_head_is_told_and_keeps_what_was_typed(district, cast, as_user):
    row = answer(write(district, cast), cast)
    second = make.UserFactory(username="second")
    make.MembershipFactory(user=second, org_unit=district.office, role=Role.HEAD)
    done = as_user(second).post(reply_to(row), {"version": 1, "text": "我的说法。"})
    assert done.status_code == 409 and "回应过这条批示" in done.text and "我的说法。" in done.text


def test_who_read_the_page_before_an_order_was_drafted_can_answer_after_looking(district, cast, as_user):
    row = write(district, cast)
    convert(row, district, cast)
    client = as_user(cast.head)
    done = client.post(reply_to(row), {"version": 1, "text": "我的说法。"})
    assert done.status_code == 409 and "刚刚拟办了督办单" in done.text
    assert "我的说法。</textarea>" in done.text and 'name="version" value="2"' in done.text
    assert client.post(reply_to(row), {"version": 2, "text": "我的说法。"}).status_code == 302


def test_answers_by_right(district, cast, as_user):
    row = write(district, cast)
    data = {"version": 1, "text": "已部署。"}
    for name in ("leader", "staff", "auditor", "administrator"):
        assert as_user(getattr(cast, name)).post(reply_to(row), data).status_code == 403, name
    for name in ("liaison", "other_head", "outsider", "nobody"):
        assert as_user(getattr(cast, name)).post(reply_to(row), data).status_code == 404, name
    assert not fresh(row).answered_on


# --- the list ---


@pytest.fixture
def four(district, cast):
    """Return a remark in each state."""
    with clock.pinned(date(2024, 10, 8)):
        late = write(district, cast, text="逾期的话", due=date(2024, 10, 10))
    waiting = write(district, cast, text="在等的话", about=Subject(target=district.targets["46.3"]))
    answered = answer(write(district, cast, text="已答的话"), cast)
    ordered = write(district, cast, text="转办的话")
    issue(convert(ordered, district, cast), cast)
    return late, waiting, answered, fresh(ordered)


def test_the_list_filters_by_state_section_and_words(four, cast, district, as_user):
    client = as_user(cast.leader)

    def found(**query):
        return {row.record.text[:2] for row in client.get(LIST, query).context["table"].rows}

    assert found() == {"逾期", "在等", "已答", "转办"}
    assert found(state="waiting") == {"逾期", "在等"} and found(state="overdue") == {"逾期"}
    assert found(state="answered") == {"已答"} and found(state="ordered") == {"转办"}
    assert found(app="funeral") == {"在等"} and found(q="转办") == {"转办"}
    assert found(plan=district.plan.pk, state="overdue") == {"逾期"}
    for bad in ({"state": "x"}, {"plan": "0"}, {"app": "x"}, {"who": "1"}, {"sort": "text"}):
        assert client.get(LIST, bad).status_code == 400, bad
    assert client.get(LIST, {"sort": "-answer_due"}).status_code == 200


def test_each_sees_the_own_list(four, cast, as_user):
    assert "在等的话" not in as_user(cast.head).get(LIST).text
    assert "没有领导批示。" in as_user(cast.liaison).get(LIST).text
    assert "没有领导批示。" in as_user(cast.outsider).get(LIST).text


def test_the_list_leaves_as_a_table(four, cast, as_user):
    rows = cells(as_user(cast.leader).get(LIST, {"export": "xlsx"}))
    by_text = {row[0]: row for row in rows if row and str(row[0]).endswith("的话")}
    assert len(by_text) == 4
    assert "已回应" in by_text["已答的话"] and "已倒排工期，10月底前完成。" in by_text["已答的话"]
    assert "督办〔2024〕1号" in by_text["转办的话"] and "逾期未回应" in by_text["逾期的话"]


# --- what waits for whom, and the counts ---


def test_the_first_page_says_what_to_answer(four, cast, as_user):
    text = as_user(cast.head).get("/").text
    assert "领导批示待回应" in text and "逾期的话" in text and "已答的话" not in text and "在等的话" not in text
    assert "在等的话" in as_user(cast.other_head).get("/").text
    for name in ("leader", "staff", "liaison", "nobody"):
        assert "领导批示待回应" not in as_user(getattr(cast, name)).get("/").text, name


def test_the_menu_leads_to_the_list_for_who_may_read_anything(cast, as_user):
    assert f'href="{LIST}"' in as_user(cast.liaison).get("/").text
    assert f'href="{LIST}"' not in as_user(cast.nobody).get("/").text


@pytest.mark.parametrize("name", ["leader", "auditor", "head", "other_head", "liaison"])
def test_each_number_of_the_overview_is_the_rows_of_its_list(name, four, district, neighbour, cast, as_user):
    user = getattr(cast, name)
    client = as_user(user)
    found = overview_of(user, district.plan, TODAY)
    for mark, number, url in found:
        assert client.get(url).context["table"].paginator.count == number, mark.word
    if name == "leader":
        assert [(mark.word, number) for mark, number, _ in found] == [
            ("待回应", 2),
            ("逾期未回应", 1),
            ("已回应", 1),
            ("已转督办单", 1),
        ]


def test_the_overview_knows_past_days_and_asks_once(four, district, cast, django_assert_num_queries):
    assert cast.leader.scope.grants  # read once for a request
    with django_assert_num_queries(1):
        found = overview_of(cast.leader, district.plan, date(2024, 10, 9))
    assert [number for _, number, _ in found] == [1, 0, 0, 0]


@pytest.mark.parametrize("day", [date(2024, 10, 9), date(2024, 10, 12), date(2024, 10, 14)], ids=str)
def test_each_number_of_a_past_day_is_the_rows_of_its_list(day, four, district, cast, as_user):
    client = as_user(cast.leader)
    found = overview_of(cast.leader, district.plan, day)
    for mark, number, url in found:
        assert f"as_of={day}" in url
        assert client.get(url).context["table"].paginator.count == number, mark.word


def test_the_list_of_a_past_day_tells_no_later_answer(district, cast, as_user):
    with clock.pinned(date(2024, 10, 8)):
        row = write(district, cast)
    with clock.pinned(date(2024, 10, 11)):
        answer(row, cast, text="十一日才回应")
    client = as_user(cast.leader)
    then = client.get(f"{LIST}?as_of=2024-10-09")
    (shown,) = then.context["table"].rows
    assert shown.record.pk == row.pk and shown.get_cell_value("state") == "待回应"
    assert not shown.get_cell_value("answer") and not shown.get_cell_value("answered_on")
    (shown,) = client.get(LIST).context["table"].rows
    assert shown.get_cell_value("state") == "已回应" and shown.get_cell_value("answer") == "十一日才回应"


def test_what_is_typed_is_shown_as_text(district, cast, as_user):
    nasty = "<script>alert(1)</script>"
    row = answer(write(district, cast, text=nasty), cast, text=nasty)
    target = reverse("workplan:target", args=[district.targets["49.3"].pk])
    for address in (page(row), LIST, target, f"{reverse('workplan:order_new')}?remark={row.pk}"):
        text = as_user(cast.leader).get(address).text
        assert nasty not in text and "&lt;script&gt;" in text, address
