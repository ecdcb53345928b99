"""The bench on which a task is assigned to units."""

import pytest
from django.urls import reverse

from accounts.models import Event
from workplan.enums import AssignmentRole, PlanStatus
from workplan.models import Allocation, Assignment, Plan
from workplan.services.plan import assign

pytestmark = pytest.mark.django_db
LEAD, COOPERATE, REPORT = AssignmentRole.LEAD, AssignmentRole.COOPERATE, AssignmentRole.REPORT


@pytest.fixture
def bench(district, cast, as_user):
    """Return a function that sends the form as the page shows it, with changes by unit: a role, or None for no part."""

    def send(changes=None, *, user=None, task=None, **more):
        address = reverse("workplan:assigning", args=[(task or district.task).pk])
        client = as_user(user or cast.head)
        shown = client.get(address).context
        data = {"seen": shown["seen"], "reason": "调整"}
        data |= {row.role.html_name: row.role.value() for row in shown["rows"]}
        data |= {f"role-{unit.pk}": role or "" for unit, role in (changes or {}).items()}
        return client.post(address, data | more)

    return send


def parts(task) -> dict[str, str]:
    return dict(Assignment.objects.filter(task=task).values_list("org_unit__code", "role"))


def typed(response) -> dict[str, str]:
    """Return the parts that the page shows, by unit."""
    return {row.unit.code: row.role.value() for row in response.context["rows"] if row.role.value()}


def test_parts_are_stored_together_with_the_reason(bench, district, cast, as_user):
    done = bench({district.office: COOPERATE, district.other_office: LEAD}, reason="职能调整")
    assert done.status_code == 302
    stored = parts(district.task)
    assert stored[district.office.code] == COOPERATE and stored[district.other_office.code] == LEAD
    noted = Event.objects.filter(action="assignment.change", note="职能调整")
    assert noted.count() == 2
    page = as_user(cast.head).get(reverse("workplan:task", args=[district.task.pk]))
    assert ("牵头", [district.other_office.label], []) in page.context["assignments"]


def test_the_task_leads_to_the_bench_for_who_may_change_it(district, cast, as_user):
    task, address = (reverse(name, args=[district.task.pk]) for name in ("workplan:task", "workplan:assigning"))
    assert address in as_user(cast.staff).get(task).text
    assert address not in as_user(cast.liaison).get(task).text
    assert address not in as_user(cast.leader).get(task).text


def test_a_part_without_a_share_is_taken_away_and_one_with_a_share_stays(bench, district):
    Allocation.objects.filter(org_unit=district.other_township, target__task=district.task).delete()
    assert bench({district.other_township: None}).status_code == 302
    assert district.other_township.code not in parts(district.task)
    refused = bench({district.township: None})
    assert refused.status_code == 422 and "还承担这项任务的指标，请先在指标分解中取消" in refused.text
    assert district.township.code not in typed(refused)  # what was chosen stays on the page
    assert parts(district.task)[district.township.code] == REPORT


def test_two_leads_are_told_at_the_second(bench, district):
    refused = bench({district.other_office: LEAD})
    assert refused.status_code == 422
    assert "只能有一个牵头单位" in refused.text
    assert parts(district.task)[district.office.code] == LEAD


def test_a_published_task_keeps_a_lead_and_a_draft_need_not(bench, district):
    refused = bench({district.office: COOPERATE})
    assert refused.status_code == 422 and "已发布的任务须有一个牵头单位。" in refused.text
    Plan.objects.filter(pk=district.plan.pk).update(status=PlanStatus.DRAFT)
    assert bench({district.office: COOPERATE}, reason="").status_code == 302
    assert parts(district.task)[district.office.code] == COOPERATE


def test_a_published_plan_asks_for_a_reason_at_its_field(bench, district):
    refused = bench({district.other_office: COOPERATE}, reason=" ")
    assert refused.status_code == 422
    assert refused.context["form"].errors["reason"] == ["修改已发布任务的分工须填写原因。"]
    assert district.other_office.code not in parts(district.task)


def test_saving_confirms_what_was_proposed_without_a_reason(bench, district):
    Assignment.objects.filter(task=district.task).update(proposed=True)
    assert bench(reason="").status_code == 302
    assert not Assignment.objects.filter(task=district.task, proposed=True).exists()


def test_townships_without_a_part_report_at_one_press_and_nothing_is_stored(bench, district):
    Assignment.objects.filter(task=district.task, org_unit=district.township).update(role=COOPERATE)
    Assignment.objects.filter(task=district.task, org_unit=district.other_township).delete()
    filled = bench(fill="townships")
    assert typed(filled)[district.other_township.code] == REPORT
    assert typed(filled)[district.township.code] == COOPERATE
    assert district.other_township.code not in parts(district.task)


def test_who_comes_second_is_told_and_may_save_again(bench, district, cast, as_user):
    address = reverse("workplan:assigning", args=[district.task.pk])
    seen = as_user(cast.head).get(address).context["seen"]
    assign(task=district.task, unit=district.other_office, role=COOPERATE, actor=cast.head)
    late = bench({district.other_office: None}, seen=seen)
    assert late.status_code == 409 and "已被他人改动" in late.text
    assert parts(district.task)[district.other_office.code] == COOPERATE
    assert bench({district.other_office: None}, seen=late.context["seen"]).status_code == 302
    assert district.other_office.code not in parts(district.task)


@pytest.mark.parametrize("seen", ["x", "1:lead:2", "1:boss", "a:lead"])
def test_a_forged_form_is_refused(seen, bench):
    assert bench(seen=seen).status_code == 400


def test_a_part_that_there_is_not_is_refused(bench, district):
    refused = bench({district.township: "boss"})
    assert refused.status_code == 422 and "请从列表中选择。" in refused.text


def test_another_section_and_another_district_are_not_found(bench, district, neighbour, cast, as_user):
    for task in (district.other_task, neighbour.task):
        assert as_user(cast.head).get(reverse("workplan:assigning", args=[task.pk])).status_code in (403, 404)
