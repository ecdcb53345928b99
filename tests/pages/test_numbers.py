"""The numbers on the pages: counts lead to exactly the rows they count, shares add up, past days are kept."""

import re
from datetime import date

import pytest
from django.urls import reverse

from tests import factories as make
from tests.steps import approve, correct, fill_and_submit, send_back
from workplan import clock
from workplan.completeness import completeness, duties
from workplan.enums import DutyState
from workplan.models import Allocation
from workplan.observe import sights, visible_targets
from workplan.sections import section_apps, section_icon, section_name
from workplan.services.reports import correct_report

COUNT = re.compile(r"共 <strong>(\d+)</strong> 条")


def rows_behind(client, address: str) -> int:
    response = client.get(address)
    assert response.status_code == 200, address
    return int(COUNT.search(response.content.decode()).group(1))


def on_time(district, cast, month, **values):
    """Hand in and approve a report on the 25th of the month itself."""
    with clock.pinned(date(2024, month, 25)):
        return approve(fill_and_submit(district, cast, month=month, **values), cast)


@pytest.mark.parametrize("role", ["leader", "head", "liaison"])
def test_counts_of_the_plan_page_lead_to_that_many_rows(role, cast, approved, addresses, as_user):
    client = as_user(getattr(cast, role))
    for card in client.get(addresses["plan"]).context["cards"]:
        for one in card.counts:
            assert rows_behind(client, one.url) == one.number


def test_counts_of_the_duties_lead_to_that_many_rows(cast, district, approved, addresses, as_user):
    client = as_user(cast.leader)
    period = district.period(9)
    context = client.get(addresses["duties"], {"period": period.pk}).context
    for summary in (context["total"], *context["by_unit"], *context["by_section"]):
        assert rows_behind(client, summary.urls["all"]) == summary.counts.owed
        assert rows_behind(client, summary.urls[DutyState.HANDED_IN]) == summary.counts.handed_in
        assert rows_behind(client, summary.urls[DutyState.MISSING]) == summary.counts.missing
        assert rows_behind(client, summary.urls[DutyState.LATE]) == summary.counts.late
    assert (context["total"].counts.owed, context["total"].counts.handed_in) == (5, 1)


def test_a_target_in_two_tasks_is_shown_in_both_and_counted_once(cast, district, approved, addresses, as_user):
    district.targets["49.3"].also_in.add(district.other_task)
    client = as_user(cast.leader)
    other = client.get(reverse("workplan:section", args=[district.other_section.pk])).context
    assert [row.code for block in other["blocks"] for row in block["rows"]] == ["49.3", "46.3"]
    assert sum(one.number for one in other["counts"]) == 1
    assert sum(card.targets for card in client.get(addresses["plan"]).context["cards"]) == 4
    assert "同时列入任务46" in client.get(addresses["task"]).content.decode()


def test_a_shared_target_opens_the_number_and_not_the_reports(cast, district, approved, addresses, as_user):
    district.targets["49.3"].also_in.add(district.other_task)
    response = as_user(cast.other_head).get(addresses["target"])
    assert response.status_code == 200
    assert response.context["row"].amount == "30 户"
    assert [source.url for source in response.context["sources"]] == [""]
    assert not any(cell.url for line in response.context["grid"] for cell in line.cells)
    found = duties(district.period(9), cast.other_head)
    assert {duty.task for duty in found} == {district.other_task}


def test_past_days_keep_their_numbers(cast, district, approved, addresses, as_user):
    client = as_user(cast.leader)
    before = client.get(addresses["target"], {"as_of": "2024-09-24"}).context
    after = client.get(addresses["target"], {"as_of": "2024-09-25"}).context
    assert (before["row"].amount, after["row"].amount) == ("—", "30 户")
    assert [share.amount for share in after["shares"]] == ["30 户", "—"]


def test_the_course_of_the_year_follows_the_figures(cast, district, addresses, as_user):
    on_time(district, cast, 8, homes=12)
    on_time(district, cast, 9, homes=30)
    points = {point.label: point for point in as_user(cast.leader).get(addresses["target"]).context["points"]}
    assert [points[m].value for m in ("7月", "8月", "9月", "10月15日", "10月")] == [None, 12.0, 30.0, 30.0, None]
    assert points["12月"].pace == 100.0


def test_the_grid_tells_on_time_late_zero_and_missing_apart(cast, district, addresses, as_user):
    on_time(district, cast, 7, homes=0)
    with clock.pinned(date(2024, 9, 5)):
        approve(fill_and_submit(district, cast, month=8, homes=20), cast)
    on_time(district, cast, 9, homes=20)
    target = addresses["target"]
    context = as_user(cast.leader).get(target).context
    words = dict(zip([p.number for p in context["periods"]], [c.words for c in context["grid"][0].cells], strict=True))
    assert "零报告 0 户" in words[7] and "逾期 20 户" in words[8] and "按期 20 户" in words[9]
    assert "未报" in words[6] and "未到期" in words[10]


def test_the_number_opens_the_reports_behind_it(cast, approved, addresses, as_user):
    (source,) = as_user(cast.leader).get(addresses["target"]).context["sources"]
    assert (source.unit, source.amount) == ("D1甲街道", "30 户")
    assert source.url == reverse("workplan:report", args=[approved.pk])
    assert as_user(cast.leader).get(source.url).status_code == 200


def test_townships_come_with_denominators_and_in_order_of_pace(cast, approved, addresses, as_user):
    rows = [row.record for row in as_user(cast.leader).get(addresses["units"]).context["table"].rows]
    assert [row.name for row in rows] == ["D1甲街道", "D1乙镇"]
    assert (rows[0].handed_in, rows[1].handed_in) == ("1/2（50%）", "0/2（0%）")
    assert rows[0].lit == 3 and rows[0].on_pace_count >= 1


def test_each_unit_alone_equals_all_units_together(cast, district, approved):
    from workplan.assess import assess, assess_each_unit

    targets = list(visible_targets(cast.leader, district.plan))
    units = [district.township, district.other_township]
    together = assess_each_unit(targets, on=clock.today(), units=units)
    for unit in units:
        own = [t for t in targets if t.allocations.filter(org_unit=unit).exists()]
        assert together[unit.pk] == assess(own, on=clock.today(), unit=unit)


def test_a_user_of_two_units_sees_each_share_once(cast, district, approved):
    make.MembershipFactory(user=cast.liaison, org_unit=district.other_township)
    seen = sights(cast.liaison, visible_targets(cast.liaison, district.plan), on=clock.today())
    assert [one.assessment.target.code for one in seen] == ["49.3", "22.4", "46.3"]


def test_a_correction_under_way_is_not_a_missing_report(cast, district, approved):
    with clock.pinned(date(2024, 10, 10)):
        correct_report(report=approved, actor=cast.liaison, reason="数据有误。")
    counts = completeness(duties(district.period(9), cast.head), clock.today())
    assert (counts.handed_in, counts.approved) == (1, 1)


def test_reports_of_later_do_not_count_on_earlier_days(cast, district, approved):
    period = district.period(9)
    assert completeness(duties(period, cast.head, on=date(2024, 9, 24)), date(2024, 9, 24)).handed_in == 0
    assert completeness(duties(period, cast.head, on=date(2024, 9, 25)), date(2024, 9, 25)).handed_in == 1


def test_changed_goals_are_in_the_history(cast, district, addresses, as_user):
    from decimal import Decimal

    from workplan.services.plan import change_goal

    change_goal(target=district.targets["49.3"], goal=Decimal(120), actor=cast.administrator, reason="区里调整任务。")
    text = as_user(cast.leader).get(addresses["target"]).content.decode()
    assert "目标值：100.0000 → 120" in text or "目标值：100 → 120" in text
    assert "区里调整任务。" in text
    assert "变更记录" not in as_user(cast.liaison).get(addresses["target"]).content.decode()


def test_all_section_apps_are_known_by_name_and_icon():
    assert len(section_apps()) == 12
    assert (section_name("eldercare"), section_icon("eldercare")) == ("养老服务", "old")


def test_script_in_titles_is_shown_as_text(cast, district, addresses, as_user):
    evil = '<script>alert(1)</script>"onmouseover="x'
    target = make.TargetFactory(task=district.task, code="49.9", sort=9, measure=evil)
    Allocation.objects.create(target=target, org_unit=district.township, amount=1)
    client = as_user(cast.leader)
    for address in (addresses["targets"], addresses["section"], reverse("workplan:target", args=[target.pk])):
        assert "<script>alert" not in client.get(address).content.decode()


def test_returned_reports_wait_at_the_unit(cast, district, as_user):
    with clock.pinned(date(2024, 9, 25)):
        send_back(fill_and_submit(district, cast, month=9, homes=3), cast, reason="请核对户数。")
    text = as_user(cast.liaison).get(reverse("workplan:home")).content.decode()
    assert "请核对户数。" in text


def test_corrected_numbers_show_from_the_day_they_were_accepted(cast, district, approved, addresses, as_user):
    with clock.pinned(date(2024, 10, 10)):
        approve(correct(approved, cast, homes=25), cast)
    client = as_user(cast.leader)
    assert client.get(addresses["target"], {"as_of": "2024-10-09"}).context["row"].amount == "30 户"
    assert client.get(addresses["target"]).context["row"].amount == "25 户"
