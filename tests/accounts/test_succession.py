"""Merging, splitting and ending units: the past stays, the open work moves, the sums hold."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role, SuccessionKind, UnitKind
from accounts.errors import Refused
from accounts.models import Event, OrgUnit, Remit, Succession, User
from accounts.services.units import create_unit, move_unit, rename_unit
from tests import steps
from tests.factories import AllocationFactory, MembershipFactory, OrgUnitFactory
from workplan import clock
from workplan.assess import assess
from workplan.completeness import completeness, duties
from workplan.enums import AssignmentRole, PlanStatus
from workplan.models import Allocation, Assignment, Figure, ProgressReport
from workplan.services.figures import drift_of
from workplan.services.units import Heirs, close_unit, merge_units, split_unit


def refused(code):
    return pytest.raises(Refused, check=lambda error: error.code == code)


@pytest.fixture
def reported(district, cast):
    """Both townships have an approved August: 10 and 20 homes."""
    for unit, homes in ((district.township, 10), (district.other_township, 20)):
        with clock.pinned(date(2024, 8, 26)):
            report = steps.fill_and_submit(district, cast, month=8, unit=unit, homes=homes, rate=(1, 2))
            steps.approve(report, cast)
    return district


@pytest.fixture
def merge(district, cast, business_date):
    def act(unit=None, into=None, on=business_date):
        return merge_units(
            into=into or district.township, units=[unit or district.other_township], on=on, actor=cast.administrator
        )

    return act


def total(district, code="49.3", unit=None):
    [found] = assess([district.targets[code]], on=clock.today(), unit=unit)
    return found.amount


def shares(unit):
    return {a.target.code: a.amount for a in Allocation.objects.filter(org_unit=unit)}


def test_sums_of_the_bureau_are_the_same_before_and_after_a_merger(reported, merge):
    before = [total(reported, code) for code in ("49.3", "22.4")]
    merge()
    assert [total(reported, code) for code in ("49.3", "22.4")] == before
    assert total(reported).value == 30
    assert drift_of(reported.plan) == []


def test_approved_reports_and_figures_keep_the_old_unit_and_its_name(reported, merge):
    merge()
    old = reported.other_township
    assert Figure.objects.filter(org_unit=old, target__code="49.3").get().value == 20
    assert str(ProgressReport.objects.get(org_unit=old)).startswith("D1乙镇")


def test_shares_add_up_and_assignments_go_over_once(district, merge):
    merge()
    assert shares(district.township) == {"49.3": 100, "22.4": None, "46.3": None}
    assert shares(district.other_township) == {}
    assert not Assignment.objects.filter(org_unit=district.other_township).exists()
    assert Assignment.objects.filter(org_unit=district.township, task=district.task).count() == 1


def test_the_old_unit_ends_and_the_succession_is_on_record(district, merge, business_date):
    merge()
    old = OrgUnit.objects.get(pk=district.other_township.pk)
    assert old.valid_to == business_date
    assert old not in OrgUnit.objects.valid_on(business_date)
    step = Succession.objects.get()
    assert (step.predecessor, step.successor, step.kind) == (old, district.township, SuccessionKind.MERGE)


def test_people_go_over_and_may_finish_what_they_began(district, cast, merge):
    with clock.pinned(date(2024, 10, 1)):
        draft = steps.reports.start_report(
            task=district.task, org_unit=district.other_township, period=district.period(10), actor=cast.other_liaison
        )
    merge()
    person = User.objects.get(pk=cast.other_liaison.pk)
    held = {(m.org_unit, m.role) for m in person.memberships.open_on(clock.today())}
    assert held == {(district.township, Role.LIAISON), (district.other_township, Role.LIAISON)}
    typed = steps.reports.ReportInput(texts={"narrative": "合并前的工作。"})
    steps.reports.save_report(report=draft, actor=person, version=draft.version, typed=typed)
    with pytest.raises(Refused):
        steps.reports.start_report(
            task=district.other_task, org_unit=district.other_township, period=district.period(10), actor=person
        )


def test_a_new_unit_owes_nothing_for_the_time_before_it_was_founded(reported, cast, business_date):
    fresh = create_unit(
        code="D1003",
        name="新镇",
        kind=UnitKind.TOWN,
        parent=reported.bureau,
        actor=cast.administrator,
        valid_from=date(2024, 10, 1),
    )
    merge_units(
        into=fresh, units=[reported.township, reported.other_township], on=business_date, actor=cast.administrator
    )
    august, october = (duties(reported.period(month), cast.administrator) for month in (8, 10))
    homes = {d.org_unit for d in august if d.task == reported.task and d.org_unit.is_township}
    assert homes == {reported.township, reported.other_township}
    assert completeness(august, business_date).handed_in == 2
    assert {d.org_unit for d in october if d.org_unit.is_township} == {fresh}
    assert shares(fresh)["49.3"] == 100
    assert total(reported).value == 30


def test_closed_plans_are_left_as_they_were(district, merge):
    district.plan.status = PlanStatus.CLOSED
    district.plan.save()
    merge()
    assert shares(district.other_township) == {"49.3": 50, "22.4": None, "46.3": None}


def test_every_change_of_a_merger_is_logged(district, merge, cast):
    merge()
    assert Event.objects.get(action="unit.merge").after["units"] == ["D1002"]
    moved = Event.objects.filter(action="allocation.change", actor=cast.administrator)
    assert moved.count() == 3
    first = moved.get(object_label__startswith="49.3")
    assert (first.before, first.after) == (
        {"org_unit": "D1002", "amount": "50"},
        {"org_unit": "D1001", "amount": "100"},
    )
    assert Event.objects.filter(action="assignment.change").count() == 2


def test_a_merged_office_hands_down_its_business_and_its_lead(district, cast, merge, business_date):
    merge(unit=district.other_office, into=district.office)
    head = User.objects.get(pk=cast.head.pk)
    assert {"eldercare", "funeral"} <= head.scope.apps_over(district.bureau.path)
    old = Remit.objects.get(office=district.other_office)
    assert old.valid_to == business_date
    assert Assignment.objects.get(task=district.other_task, role=AssignmentRole.LEAD).org_unit == district.office


def test_villages_move_with_their_township(district, merge):
    village = OrgUnitFactory(code="D1002V1", kind=UnitKind.VILLAGE, parent=district.other_township)
    group = MembershipFactory(org_unit=village)
    merge()
    village.refresh_from_db()
    assert village.path == f"{district.township.path}D1002V1/"
    assert village in OrgUnit.objects.visible_to(User.objects.get(pk=group.user_id))


@pytest.mark.parametrize("case", ["itself", "office", "neighbour", "retired", "future", "twice"])
def test_mergers_that_make_no_sense_are_refused_and_change_nothing(
    district, neighbour, cast, merge, business_date, case
):
    if case == "twice":
        merge()
    if case == "retired":
        OrgUnit.objects.filter(pk=district.township.pk).update(valid_to=business_date)
        district.township.refresh_from_db()
    into = {"itself": district.other_township, "office": district.office, "neighbour": neighbour.township}
    on = business_date + timedelta(days=1) if case == "future" else business_date
    before = (list(Allocation.objects.values()), Succession.objects.count())
    unit = OrgUnit.objects.get(pk=district.other_township.pk)
    with pytest.raises(Refused):
        merge(unit=unit, into=into.get(case), on=on)
    assert (list(Allocation.objects.values()), Succession.objects.count()) == before


@pytest.fixture
def halves(district):
    return [
        OrgUnitFactory(code=f"D190{n}", name=f"新{n}镇", kind=UnitKind.TOWN, parent=district.bureau) for n in (1, 2)
    ]


def test_a_split_gives_each_share_to_whom_it_was_promised_and_the_rest_to_the_first(
    reported, cast, halves, business_date
):
    first, second = halves
    rate = Allocation.objects.get(target__code="22.4", org_unit=reported.other_township)
    split_unit(
        unit=reported.other_township,
        into=halves,
        on=business_date,
        actor=cast.administrator,
        heirs=Heirs(first, allocations={rate.pk: second}),
    )
    assert shares(first) == {"49.3": 50, "46.3": None}
    assert shares(second) == {"22.4": None}
    parts = {(a.org_unit, a.role) for a in Assignment.objects.filter(task=reported.task, org_unit__in=halves)}
    assert parts == {(first, AssignmentRole.REPORT), (second, AssignmentRole.REPORT)}
    assert total(reported).value == 30
    assert set(Succession.objects.values_list("successor", "kind")) == {(h.pk, SuccessionKind.SPLIT) for h in halves}
    assert drift_of(reported.plan) == []


def test_a_split_needs_two_and_heirs_among_them(district, cast, halves, business_date):
    common = {"unit": district.other_township, "on": business_date, "actor": cast.administrator}
    with refused("too_few"):
        split_unit(into=halves[:1], **common)
    with refused("foreign_heir"):
        split_unit(into=halves, heirs=Heirs(district.township), **common)
    OrgUnitFactory(code="D1002V1", kind=UnitKind.VILLAGE, parent=district.other_township)
    with refused("children_in_use"):
        split_unit(into=halves, **common)


def test_a_unit_with_work_or_people_is_not_simply_closed(district, cast, business_date):
    close = {"on": business_date, "actor": cast.administrator}
    for unit in (district.township, district.office):
        with refused("work_open"):
            close_unit(unit=unit, **close)
    idle = OrgUnitFactory(code="D1099", kind=UnitKind.TOWN, parent=district.bureau)
    role = MembershipFactory(org_unit=idle)
    with refused("roles_in_use"):
        close_unit(unit=idle, **close)
    role.delete()
    assert close_unit(unit=idle, **close).valid_to == business_date


def test_units_are_founded_renamed_and_moved_with_all_below(district, cast):
    town = create_unit(code="D1050", name="丙镇", kind=UnitKind.TOWN, parent=district.bureau, actor=cast.administrator)
    village = create_unit(code="V9", name="九村", kind=UnitKind.VILLAGE, parent=town, actor=cast.administrator)
    rename_unit(unit=village, name="九里村", short_name="九里", actor=cast.administrator)
    move_unit(unit=village, parent=district.township, actor=cast.administrator)
    assert OrgUnit.objects.get(code="V9").path == "D1/D1001/V9/"
    for wrong in ({"code": "d1050"}, {"code": "X1", "kind": UnitKind.VILLAGE}, {"code": "X2", "parent": None}):
        with pytest.raises(Refused):
            create_unit(**{"name": "x", "kind": UnitKind.TOWN, "parent": district.bureau, "actor": None} | wrong)
    with pytest.raises(Refused):
        move_unit(unit=district.bureau, parent=district.township, actor=cast.administrator)


# --- pages ---


def page(name, unit):
    return reverse(f"workplan:{name}", args=[unit.pk])


def test_tree_shows_own_units_only(as_user, cast, district, neighbour):
    text = as_user(cast.administrator).get("/org-units/").content.decode()
    assert district.other_township.name in text
    assert neighbour.bureau.name not in text


def test_merging_by_hand(as_user, cast, district, business_date):
    desk = as_user(cast.administrator)
    data = {"into": district.township.pk, "on": business_date.isoformat()}
    response = desk.post(page("org_unit_merge", district.other_township), data, follow=True)
    assert "已并入D1甲街道" in response.content.decode()
    assert "合并，由D1甲街道承接" in response.content.decode()


def test_splitting_by_hand(as_user, cast, district, halves, business_date):
    desk = as_user(cast.administrator)
    form = desk.get(page("org_unit_split", district.other_township)).context["form"]
    rate = next(s for s in form.allocations if s.target.code == "22.4")
    data = {
        "into": [half.pk for half in halves],
        "first": halves[0].pk,
        "on": business_date.isoformat(),
        f"share-{rate.pk}": halves[1].pk,
    }
    desk.post(page("org_unit_split", district.other_township), data)
    assert shares(halves[1]) == {"22.4": None}


@pytest.mark.parametrize(
    "name", ["org_unit_merge", "org_unit_split", "org_unit_retire", "org_unit_rename", "org_unit_move"]
)
def test_units_of_another_district_are_out_of_reach(as_user, cast, district, neighbour, name, business_date):
    desk = as_user(cast.administrator)
    data = {"into": district.township.pk, "on": business_date.isoformat(), "name": "x", "parent": district.bureau.pk}
    assert desk.post(page(name, neighbour.township), data).status_code == 404
    own = {**data, "into": neighbour.township.pk, "first": neighbour.township.pk, "parent": neighbour.bureau.pk}
    if name in ("org_unit_merge", "org_unit_split", "org_unit_move"):
        response = desk.post(page(name, district.township), own)
        assert response.status_code == 422
        assert neighbour.township.name not in response.content.decode()
    assert not OrgUnit.objects.exclude(valid_to=None).exists()


def test_refusals_are_told_beside_the_form(as_user, cast, district, business_date):
    desk = as_user(cast.administrator)
    response = desk.post(page("org_unit_retire", district.township), {"on": business_date.isoformat()})
    assert response.status_code == 422
    assert "还有未结束的指标或任务" in response.content.decode()


def test_allocation_of_both_without_amount_stays_without(district, merge):
    target = district.targets["23.9"]
    for unit in (district.township, district.other_township):
        AllocationFactory(target=target, org_unit=unit, amount=None)
    merge()
    assert shares(district.township)["23.9"] is None
