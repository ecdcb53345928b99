"""The next year's draft: a copy a year later, owners and shares proposed, what goes on kept, what was left out said."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Event, Succession
from tests import factories as make
from tests.registers.making import make_record
from workplan import clock
from workplan.enums import AssignmentRole, PlanStatus, ReminderSubject
from workplan.errors import Refused
from workplan.models import Allocation, Assignment, PaceStep, Plan, Reading, Target
from workplan.services import rollover as service
from workplan.services.figures import drift_of
from workplan.services.plan import publish_plan
from workplan.services.reminder_rules import seed_rules
from workplan.services.units import close_unit, merge_units

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2025, 1, 20)


def refused(code: str):
    return pytest.raises(Refused, check=lambda error: error.code == code)


@pytest.fixture
def over(district):
    """A closed year: its shares stay where they were, whatever becomes of the units."""
    plan = district.plan
    plan.yellow_gap, plan.jump_factor, plan.return_reasons, plan.document_number = 7, 3, "请核对。", "民发〔2024〕1号"
    plan.status = PlanStatus.CLOSED
    plan.save()
    seed_rules(plan=plan)
    plan.reminder_rules.filter(subject=ReminderSubject.REPORT).update(before="9,2", leader_after=8)
    with clock.pinned(NEW_YEAR):
        yield district


def start(district, cast, *, actor=None, tasks=None) -> Plan:
    return service.start_next_year(plan=district.plan, actor=actor or cast.administrator, tasks=tasks)


def parts_of(plan) -> set:
    rows = Assignment.objects.filter(task__plan=plan)
    return set(rows.values_list("task__number", "org_unit__code", "role"))


def shares_of(plan) -> set:
    rows = Allocation.objects.filter(target__plan=plan)
    return set(rows.values_list("target__code", "org_unit__code", "amount"))


def test_the_draft_is_the_plan_a_year_later(over, cast):
    new = start(over, cast)
    assert (new.year, new.title, new.status) == (2025, "2025年全区民政工作要点", PlanStatus.DRAFT)
    assert (new.document_number, new.issued_on) == ("", None)
    new.refresh_from_db()
    assert (new.yellow_gap, new.jump_factor, new.return_reasons) == (7, 3, "请核对。")
    old_sections = list(over.plan.sections.values_list("number", "title", "campaign", "app"))
    assert list(new.sections.values_list("number", "title", "campaign", "app")) == old_sections
    target = Target.objects.get(plan=new, code="49.3")
    assert (target.goal, target.start, target.due) == (100, date(2025, 1, 1), date(2025, 12, 31))
    assert target.due_proposed and target.task.plan == new and target.task.section.plan == new


def test_owners_and_shares_are_proposed(over, cast):
    new = start(over, cast)
    assert parts_of(new) == parts_of(over.plan) and shares_of(new) == shares_of(over.plan)
    assert not Assignment.objects.filter(task__plan=new, proposed=False).exists()
    assert not Assignment.objects.filter(task__plan=new, given_on__isnull=False).exists()
    assert not Allocation.objects.filter(target__plan=new, proposed=False).exists()


def test_rules_of_periods_and_reminders_go_with_it(over, cast):
    new = start(over, cast)
    periods = list(new.periods.values_list("start", "due"))
    assert len(periods) == 12 and periods[0] == (date(2025, 1, 1), date(2025, 1, 28))
    assert new.reminder_rules.count() == over.plan.reminder_rules.count()
    rule = new.reminder_rules.get(subject=ReminderSubject.REPORT)
    assert (rule.before, rule.leader_after) == ("9,2", 8)


def test_steps_readings_and_shared_targets_go_with_it(over, cast):
    homes = over.targets["49.3"]
    homes.also_in.add(over.other_task)
    PaceStep.objects.create(target=homes, on=date(2024, 2, 28), share=Decimal("0.1"))
    PaceStep.objects.create(target=homes, on=date(2024, 2, 29), share=Decimal("0.2"), label="二月底")
    reading = Reading.objects.create(plan=over.plan, code="A1", question="问", reading="答")
    reading.tasks.set([over.task])
    new = start(over, cast)
    copied = Target.objects.get(plan=new, code="49.3")
    assert [task.number for task in copied.also_in.all()] == [46]
    assert list(copied.steps.values_list("on", "share", "label")) == [(date(2025, 2, 28), Decimal("0.2"), "二月底")]
    assert [task.plan for task in new.readings.get().tasks.all()] == [new]


def test_what_runs_beyond_the_year_keeps_its_days_and_its_goal(over, cast):
    homes = over.targets["49.3"]
    Target.objects.filter(pk=homes.pk).update(due=date(2026, 6, 30))
    assert any("跨年继续" in words for words in service.outline(over.plan).words)
    copied = Target.objects.get(plan=start(over, cast), code="49.3")
    assert (copied.start, copied.due, copied.goal, copied.due_proposed) == (
        date(2024, 1, 1),
        date(2026, 6, 30),
        100,
        False,
    )


def test_only_the_chosen_tasks_are_taken_over(over, cast):
    over.targets["49.3"].also_in.add(over.other_task)
    new = start(over, cast, tasks=[over.task.pk])
    assert [task.number for task in new.tasks.all()] == [49]
    assert new.sections.count() == 2 and not Target.objects.filter(plan=new, code="46.3").exists()
    assert not Target.objects.get(plan=new, code="49.3").also_in.exists()


def test_units_that_are_no_more_are_replaced_by_their_successors(over, cast):
    merge_units(into=over.township, units=[over.other_township], on=NEW_YEAR, actor=cast.administrator)
    with clock.pinned(date(2025, 1, 21)):
        assert shares_of(over.plan) >= {("49.3", over.other_township.code, 50)}, "the closed year keeps the old unit"
    Succession.objects.update(on=date(2024, 12, 30))
    type(over.township).objects.filter(pk=over.other_township.pk).update(valid_to=date(2024, 12, 30))
    assert service.outline(over.plan).words == ["D1乙镇已不存在，由D1甲街道承接。"]
    new = start(over, cast)
    assert {row for row in shares_of(new) if row[0] == "49.3"} == {("49.3", over.township.code, 100)}
    assert {row for row in parts_of(new) if row[0] == 46} == {
        (46, over.other_office.code, AssignmentRole.LEAD),
        (46, over.township.code, AssignmentRole.REPORT),
    }


def test_units_without_a_successor_are_left_out_with_a_word(over, cast):
    gone = make.OrgUnitFactory(parent=over.bureau, code="D1009", name="D1丙乡")
    Allocation.objects.create(target=over.targets["49.3"], org_unit=gone, amount=5)
    with clock.pinned(date(2024, 12, 1)):
        close_unit(unit=gone, on=date(2024, 12, 1), actor=cast.administrator)
    assert service.outline(over.plan).words == ["D1丙乡已不存在，没有承接单位，不带入。"]
    assert not Allocation.objects.filter(target__plan=start(over, cast), org_unit=gone).exists()


def test_of_a_split_the_first_successor_has_the_number(over, cast):
    halves = [make.OrgUnitFactory(parent=over.bureau, code=f"D10{n}", name=f"D1新{n}乡", sort=n) for n in (1, 2)]
    for half in halves:
        Succession.objects.create(predecessor=over.township, successor=half, kind="split", on=date(2024, 12, 1))
    type(over.township).objects.filter(pk=over.township.pk).update(valid_to=date(2024, 12, 1))
    shares = {row for row in shares_of(start(over, cast)) if row[0] == "49.3"}
    assert shares == {("49.3", "D101", 50), ("49.3", "D102", None), ("49.3", over.other_township.code, 50)}


def test_a_lead_that_two_units_bring_is_one(district, cast):
    target = service.Heirs({1: [district.office], 2: [district.office]}, [])
    parts = [
        Assignment(pk=1, task_id=9, org_unit_id=2, role=AssignmentRole.REPORT),
        Assignment(pk=2, task_id=9, org_unit_id=1, role=AssignmentRole.LEAD),
    ]
    (found,) = service.carried_parts(parts, {9: district.task}, target)
    assert (found.role, found.org_unit_id) == (AssignmentRole.LEAD, district.office.pk)


def test_computed_targets_begin_with_what_their_registers_know(over, cast):
    from eldercare.models import HomeAdaptation

    target = make.TargetFactory(task=over.task, code="49.9", sort=9, computed_by="eldercare.homes_accepted")
    make.AllocationFactory(target=target, org_unit=over.township, amount=50)
    day = date(2025, 1, 10)
    steps = {"happened_on": day, "planned_on": day, "built_on": day, "accepted_on": day}
    make_record(HomeAdaptation, over.township, cast.liaison, 1, person_name="居民", **steps)
    new = start(over, cast)
    copied = Target.objects.get(plan=new, code="49.9")
    assert copied.computed_by == "eldercare.homes_accepted" and copied.figures.count() == 1
    assert drift_of(new) == []


def test_the_draft_can_be_published(over, cast):
    new = publish_plan(plan=start(over, cast), actor=cast.administrator)
    assert new.status == PlanStatus.PUBLISHED


def test_there_is_one_next_year(over, cast):
    start(over, cast)
    with refused("exists"):
        start(over, cast)
    assert Plan.objects.filter(bureau=over.bureau).count() == 2
    assert Event.objects.filter(action="plan.roll_over").count() == 1


def test_a_draft_has_no_next_year_yet(over, cast):
    Plan.objects.filter(pk=over.plan.pk).update(status=PlanStatus.DRAFT)
    over.plan.refresh_from_db()
    with refused("draft_plan"):
        start(over, cast)


@pytest.mark.parametrize("who", ["leader", "head", "staff", "auditor", "liaison", "nobody", "outsider"])
def test_only_who_keeps_the_whole_plan_begins_the_next(who, over, cast):
    with refused("forbidden"):
        start(over, cast, actor=getattr(cast, who))


# --- the page ---


def test_the_page_shows_what_would_come_and_makes_it(over, cast, as_user):
    client, address = as_user(cast.administrator), reverse("workplan:plan_next")
    assert address in client.get(reverse("workplan:plan")).content.decode()
    text = client.get(address).content.decode()
    assert text.count('name="tasks"') == text.count(" checked") == 2 and "生成2025年草稿" in text
    page = client.post(address, {"tasks": [over.task.pk]}, follow=True)
    assert "已生成2025年草稿" in page.content.decode() and "2025年全区民政工作要点" in page.content.decode()
    assert "2025年工作要点已经有了" in client.get(f"{address}?plan={over.plan.pk}").content.decode()
    again = client.post(f"{address}?plan={over.plan.pk}", {"tasks": [over.task.pk]})
    assert again.status_code == 409


@pytest.mark.parametrize(("tasks", "status"), [([], 422), (["x"], 400), (["9" * 25], 400), (["999999"], 422)])
def test_odd_choices_make_nothing(tasks, status, over, cast, as_user):
    page = as_user(cast.administrator).post(reverse("workplan:plan_next"), {"tasks": tasks})
    assert page.status_code == status
    assert Plan.objects.filter(bureau=over.bureau).count() == 1
