"""The first page: what is waiting, by part."""

from datetime import date

from django.urls import reverse

from tests.steps import fill_and_submit, send_back
from workplan import clock
from workplan.models import ProgressReport
from workplan.services.reports import start_report

HOME = "workplan:home"


def home(client):
    return client.get(reverse(HOME))


def test_a_liaison_finds_every_duty_with_one_click(cast, district, as_user):
    client = as_user(cast.liaison)
    context = home(client).context["reporting"]
    assert [(row.task_number, row.mark.word, row.days) for row in context.todo] == [
        (46, "待填报", "还有 13 天"),
        (49, "待填报", "还有 13 天"),
    ]
    row = context.todo[1]
    response = client.post(
        reverse("workplan:report_start"), {"task": row.task_id, "org_unit": row.unit_id, "period": row.period_id}
    )
    report = ProgressReport.objects.get()
    assert response["Location"].endswith(reverse("workplan:report", args=[report.pk]))
    assert f'href="{reverse("workplan:report", args=[report.pk])}"' in home(client).content.decode()


def test_returned_comes_first_with_its_reason_even_from_a_closed_period(cast, district, as_user):
    with clock.pinned(date(2024, 9, 25)):
        send_back(fill_and_submit(district, cast, month=9, homes=3), cast, reason="请核对户数。")
    start_report(task=district.task, org_unit=district.township, period=district.period(10), actor=cast.liaison)
    todo = home(as_user(cast.liaison)).context["reporting"].todo
    assert [(row.period, row.mark.word) for row in todo] == [
        ("2024年9月", "已退回"),
        ("2024年10月", "草稿"),
        ("2024年10月", "待填报"),
    ]
    assert todo[0].reason == "请核对户数。"


def test_what_is_handed_in_no_longer_waits(cast, district, as_user):
    fill_and_submit(district, cast, month=10, homes=3)
    context = home(as_user(cast.liaison)).context["reporting"]
    assert [row.task_number for row in context.todo] == [46]
    assert [row.task_number for row in context.done] == [49]


def test_a_liaison_is_told_what_a_closed_period_still_lacks(cast, district, as_user):
    response = home(as_user(cast.liaison))
    assert response.context["reporting"].closed_missing == 2
    assert "2024年9月已于 2024-10-12 关闭，仍缺 2 份" in response.content.decode()


def test_a_head_sees_the_queue_and_who_has_not_reported(cast, district, as_user):
    with clock.pinned(date(2024, 9, 25)):
        fill_and_submit(district, cast, month=9, homes=3)
    context = home(as_user(cast.head)).context
    assert (context["reviewing"].waiting, context["reviewing"].oldest) == (1, "最早 2024-09-25 提交，已等 20 天")
    # The other township owes task 49; the office owes its own report, which its head reads and does not review.
    assert "D1乙镇" in [one.label for one in context["reviewing"].missing]
    assert "D1甲街道" not in [one.label for one in context["reviewing"].missing]
    assert "reporting" not in context or context["reporting"] is None


def test_an_offices_staff_see_their_reports_and_their_section(cast, district, as_user):
    context = home(as_user(cast.staff)).context
    assert [row.unit for row in context["reporting"].todo] == ["养老科"]
    assert [section.pk for section in context["sections"]] == [district.section.pk]


def test_leaders_and_auditors_see_the_lights(cast, district, as_user):
    for user in (cast.leader, cast.auditor, cast.administrator):
        response = home(as_user(user))
        assert sum(one.number for one in response.context["lights"]) == 4
        assert reverse("workplan:leader") in response.content.decode()


def test_an_administrator_finds_the_ways_to_administration(cast, district, as_user):
    assert reverse("workplan:users") in home(as_user(cast.administrator)).content.decode()
    assert not home(as_user(cast.leader)).context["shortcuts"]


def test_somebody_without_a_role_is_told_whom_to_ask(cast, district, as_user):
    text = home(as_user(cast.nobody)).content.decode()
    assert "请联系本单位系统管理员" in text
    assert "适老化" not in text


def test_the_pinned_date_is_announced(cast, district, as_user, settings):
    settings.PINNED_DATE = date(2024, 10, 15)
    settings.DEMO = True
    text = home(as_user(cast.leader)).content.decode()
    assert "演示环境 · 业务日期固定为 <strong>2024-10-15</strong>" in text


def test_pages_carry_no_inline_script_style_or_handler(cast, district, as_user):
    client = as_user(cast.leader)
    for name in ("home", "plan", "targets", "units", "leader", "duties"):
        text = client.get(reverse(f"workplan:{name}")).content.decode()
        assert " style=" not in text and "<style" not in text, name
        assert "<script>" not in text and " onclick=" not in text, name
