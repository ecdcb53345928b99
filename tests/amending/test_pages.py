"""The pages of amendments: drafting without JavaScript, every mistake at its place, who sees which line, the printed list."""

import pytest
from django.urls import reverse

from workplan.models import Amendment
from workplan.services.plan import allocate

from .steps import amended, change, draft, fresh, issue, stored

pytestmark = pytest.mark.django_db
NEW = {"version": "1", "key": "5f0f3a4e-6f0b-4c86-9f43-0a5a4d7c6b01", "title": "调整目标", "effective_on": "2024-08-01"}


def at(made, name="amendment", **query):
    return reverse(f"workplan:{name}", args=[made.pk], query=query or None)


def homes(district):
    return f"target-{district.targets['49.3'].pk}"


def lines_of(made, row, **typed):
    return {"row": row, "version": fresh(made).version, "reason": ""} | typed


def test_an_amendment_from_the_first_click_to_the_printed_list(district, cast, as_user):
    client = as_user(cast.head)
    page = client.get(reverse("workplan:plan"))
    assert reverse("workplan:amendments") in page.content.decode()
    page = client.post(reverse("workplan:amendment_new"), NEW | {"reason": "区里统筹。"})
    made = Amendment.objects.get()
    assert page.url == at(made)
    page = client.get(at(made, row=homes(district)))
    assert "现行：100" in page.content.decode() and "现行：2024-12-31" in page.content.decode()
    typed = {"goal": "80", "due": "2024-12-31", "measure": "完成适老化改造户数"}
    assert client.post(at(made, "amendment_lines"), lines_of(made, homes(district), **typed)).status_code == 302
    page = client.post(at(made, "amendment_issue"), {"version": fresh(made).version}, follow=True)
    text = page.content.decode()
    assert "已发布为第1号调整。" in text and "≥ 100 户" in text and "≥ 80 户" in text and "区里统筹。" in text
    assert "<form" not in text.partition('<main id="main"')[2]
    assert stored(district.targets["49.3"]).goal == 80


def test_the_target_and_the_task_name_the_amendment_from_its_first_day(district, cast, as_user):
    made = draft(district, cast)
    change(made, district.targets["49.3"], cast, goal=80)
    change(made, district.task, cast, title="居家适老化改造")
    issue(made, cast)
    client = as_user(cast.liaison)
    target = reverse("workplan:target", args=[district.targets["49.3"].pk])
    text = client.get(target).content.decode()
    assert f'已按<a href="{at(made)}">第1号</a>调整：目标值 ≥ 100 户 → ≥ 80 户，2024-08-01 起' in text
    assert "第1号" not in client.get(target, {"as_of": "2024-07-31"}).content.decode().partition("变更记录")[0]
    task = client.get(reverse("workplan:task", args=[district.task.pk])).content.decode()
    assert "任务标题 适老化改造 → 居家适老化改造" in task
    assert "计划调整 1 份" in client.get(reverse("workplan:plan")).content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": ""}, "请填写标题。"),
        ({"effective_on": ""}, "请填写执行日期。"),
        ({"effective_on": "昨天"}, "请填写日期，如 2024-10-15。"),
        ({"effective_on": "2023-12-31"}, "执行日期不能早于 2024-01-01"),
        ({"effective_on": "9999-12-31"}, "不能晚于 2100-12-31"),
    ],
)
def test_what_is_wrong_with_the_document_is_said_and_nothing_is_lost(typed, words, district, cast, as_user):
    page = as_user(cast.staff).post(reverse("workplan:amendment_new"), NEW | {"reason": "很长的理由"} | typed)
    assert page.status_code == 422
    assert words in page.content.decode() and "很长的理由" in page.content.decode()
    assert not Amendment.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"goal": "一百"}, "请只填写数字"),
        ({"goal": "-5"}, "目标值不能为负数。"),
        ({"goal": ""}, "请填写调整后的目标值。"),
        ({"goal": "1.23456"}, "小数"),
        ({"due": "2023-01-01"}, "完成时限不能早于起始日期。"),
        ({"due": ""}, "请填写调整后的完成时限。"),
        ({"due": "9999-01-01"}, "须在 2000 年至 2100 年之间"),
        ({"measure": " "}, "请填写调整后的目标内容。"),
        ({}, "没有需要调整的事项"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_at_its_field(typed, words, district, cast, as_user):
    made = draft(district, cast)
    right = {"goal": "100", "due": "2024-12-31", "measure": "完成适老化改造户数"}
    sent = lines_of(made, homes(district), **(right | typed)) | {"reason": "仍在这里"}
    page = as_user(cast.head).post(at(made, "amendment_lines"), sent)
    assert page.status_code == 422
    assert words in page.content.decode() and "仍在这里" in page.content.decode()
    assert not made.lines.exists()


def test_full_width_numbers_are_understood(district, cast, as_user):
    made = draft(district, cast)
    typed = {"goal": "１，０８０", "due": "2024-12-31", "measure": "完成适老化改造户数"}
    as_user(cast.head).post(at(made, "amendment_lines"), lines_of(made, homes(district), **typed))
    assert made.lines.get().new == "1080"


def test_a_name_pasted_with_line_breaks_is_one_line(district, cast, as_user):
    made = draft(district, cast)
    typed = {"goal": "100", "due": "2024-12-31", "measure": "完成改造\r\n  户数 "}
    as_user(cast.head).post(at(made, "amendment_lines"), lines_of(made, homes(district), **typed))
    assert made.lines.get().new == "完成改造 户数"


def test_a_second_editor_is_told_and_keeps_what_was_typed(district, cast, as_user):
    made = draft(district, cast)
    change(made, district.targets["22.4"], cast, goal=95)
    typed = {"goal": "77", "due": "2024-12-31", "measure": "完成适老化改造户数"}
    client = as_user(cast.staff)
    page = client.post(at(made, "amendment_lines"), lines_of(made, homes(district), **typed) | {"version": "1"})
    assert page.status_code == 409
    text = page.content.decode()
    assert "已被他人修改过" in text and 'value="77"' in text
    assert client.post(at(made, "amendment_lines"), lines_of(made, homes(district), **typed)).status_code == 302


def test_who_saves_what_was_issued_meanwhile_is_told(district, cast, as_user):
    made = amended(district, cast, goal=80)
    sent = NEW | {"version": "1", "title": "我的标题"}
    page = as_user(cast.staff).post(at(made, "amendment_save"), sent)
    assert page.status_code == 409
    assert "已发布，不能再修改" in page.content.decode() and "我的标题" in page.content.decode()


def test_issued_by_a_second_click_it_is_one(district, cast, as_user):
    made = draft(district, cast)
    change(made, district.targets["49.3"], cast, goal=80)
    client, version = as_user(cast.head), fresh(made).version
    for _ in range(2):
        assert client.post(at(made, "amendment_issue"), {"version": version}).status_code == 302
    assert fresh(made).number == 1


def test_a_goal_above_what_is_allocated_leads_to_the_bench(district, cast, as_user):
    made = draft(district, cast)
    change(made, district.targets["49.3"], cast, goal=120)
    bench = reverse("workplan:allocation", args=[district.targets["49.3"].pk])
    client = as_user(cast.head)
    assert f'分解合计不足，请先<a href="{bench}">调整分解</a>' in client.get(at(made)).content.decode()
    page = client.post(at(made, "amendment_issue"), {"version": fresh(made).version})
    assert page.status_code == 422 and "分解合计 100 少于目标值 120" in page.content.decode()
    allocate(target=district.targets["49.3"], amounts={district.township: 70}, actor=cast.head, reason="追加")
    assert "分解合计不足" not in client.get(at(made)).content.decode()


def test_a_line_whose_clause_has_changed_says_so(district, cast, as_user):
    made = draft(district, cast)
    change(made, district.targets["49.3"], cast, goal=80)
    amended(district, cast, goal=90)
    page = as_user(cast.head).post(at(made, "amendment_issue"), {"version": fresh(made).version})
    assert page.status_code == 409 and "现行内容已是 ≥ 90 户" in page.content.decode()


def test_lines_and_drafts_are_taken_out(district, cast, as_user):
    made = draft(district, cast)
    change(made, district.targets["49.3"], cast, goal=80)
    client, line = as_user(cast.staff), made.lines.get()
    sent = {"version": fresh(made).version, "line": line.pk}
    assert client.post(at(made, "amendment_line_remove"), sent).status_code == 302
    assert not made.lines.exists()
    assert client.post(at(made, "amendment_discard")).url.startswith(reverse("workplan:amendments"))
    assert client.get(at(made)).status_code == 404


def test_readers_see_what_is_issued_and_of_it_the_lines_of_what_they_see(district, cast, as_user):
    made = draft(district, cast, actor=cast.administrator)
    change(made, district.targets["49.3"], cast, actor=cast.administrator, goal=80)
    change(made, district.targets["23.9"], cast, actor=cast.administrator, measure="规划编制和评审")
    assert as_user(cast.liaison).get(at(made)).status_code == 404
    issue(made, cast, actor=cast.administrator)
    text = as_user(cast.liaison).get(at(made)).content.decode()
    assert "完成适老化改造户数" in text and "规划编制" not in text
    assert "规划编制和评审" in as_user(cast.leader).get(at(made)).content.decode()
    assert as_user(cast.outsider).get(at(made)).status_code == 404


@pytest.mark.parametrize("row", ["target-", "target-99999999999999999999", "person-1", "target-１", "x" * 101])
def test_odd_names_of_clauses_are_refused(row, district, cast, as_user):
    made = draft(district, cast)
    client = as_user(cast.head)
    assert client.get(at(made, row=row)).status_code == 400
    assert client.post(at(made, "amendment_lines"), lines_of(made, row)).status_code == 400


def test_a_target_of_another_office_cannot_be_chosen(district, cast, as_user):
    made, client = draft(district, cast), as_user(cast.head)
    foreign = f"target-{district.targets['46.3'].pk}"
    assert foreign not in client.get(at(made)).content.decode()
    assert client.get(at(made, row=foreign)).status_code == 404
    assert client.post(at(made, "amendment_lines"), lines_of(made, foreign, goal="1")).status_code == 404


def test_script_in_every_field_is_text(district, cast, as_user):
    evil = "<script>alert(1)</script>"
    made = draft(district, cast, title=evil, reason=evil)
    change(made, district.targets["49.3"], cast, measure=evil, reason=evil)
    issue(made, cast)
    for address in (
        at(made),
        reverse("workplan:amendments"),
        reverse("workplan:target", args=[district.targets["49.3"].pk]),
    ):
        assert evil not in as_user(cast.leader).get(address).content.decode()
