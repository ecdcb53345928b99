"""Figures follow every act on records, people, shares and units: right after it, and without drift from a recount."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.enums import UnitKind
from eldercare.models import CareWorker, HomeAdaptation, Institution
from people.rules.persons import PersonInput
from people.sample import invented_number
from people.services.changing import PersonChange, change_person
from people.services.enrolling import enrol_person
from people.services.merging import merge_persons
from tests import factories as make
from workplan.assess import assess, assess_each_unit
from workplan.enums import RecordState
from workplan.models import Allocation, Figure, Target
from workplan.services.measuring import follow_units, measured_drift, refresh_target
from workplan.services.plan import allocate, revise_target, withdraw_share
from workplan.services.records import change_record, remove_record, verify_record
from workplan.services.totals import totals_drift
from workplan.services.units import found_unit, merge_units, relocate_unit, split_unit

from .conftest import DONE, accepted_home
from .making import make_record

pytestmark = pytest.mark.django_db
TODAY = date(2024, 10, 15)


def stands(target, on: date = TODAY) -> tuple:
    """Return value (or numerator and denominator) and what is verified of it, having looked for drift."""
    assert measured_drift(target.plan) == [] == totals_drift(target.plan)
    (found,) = assess([Target.objects.get(pk=target.pk)], on=on)
    amount = found.amount
    return (amount.numerator, amount.denominator) if target.is_ratio else (amount.value, found.verified or 0)


def by_unit(target, *units) -> list:
    """Return the target's value for each of the units."""
    assert measured_drift(target.plan) == [] == totals_drift(target.plan)
    found = assess_each_unit([Target.objects.get(pk=target.pk)], on=TODAY, units=list(units))
    return [next((one.amount.value for one in found.get(unit.pk, [])), None) for unit in units]


def change(row, actor, **typed):
    row.refresh_from_db()
    return change_record(record=row, actor=actor, version=row.version, typed=typed)


# --- Records -------------------------------------------------------------------------------------------------


def test_added_changed_and_removed(computed, district, cast):
    row = accepted_home(district.township, cast.liaison, 0)
    assert stands(computed) == (1, 0)
    assert stands(computed, DONE.replace(day=19)) == (0, 0)
    change(row, cast.liaison, accepted_on=date(2024, 9, 1))
    assert stands(computed, date(2024, 9, 1)) == (1, 0)
    change(row, cast.liaison, accepted_on=None)
    assert stands(computed) == (0, 0)
    change(row, cast.liaison, accepted_on=DONE)
    remove_record(record=row, actor=cast.liaison, reason="重复登记")
    assert stands(computed) == (0, 0)
    assert not Figure.objects.measured().filter(target=computed).exists()


def test_verified_rejected_and_mended(computed, district, cast):
    row = accepted_home(district.township, cast.liaison, 0)
    accepted_home(district.township, cast.liaison, 1)
    verify_record(record=row, actor=cast.staff, confirmed=True)
    assert stands(computed) == (2, 1)
    verify_record(record=row, actor=cast.head, confirmed=False, note="现场未见")
    assert stands(computed) == (1, 0)
    change(row, cast.liaison, note="已更正")
    assert stands(computed) == (2, 0)


def test_moved_to_another_unit(computed, district, cast):
    row = accepted_home(district.township, cast.liaison, 0)
    assert by_unit(computed, district.township, district.other_township) == [1, 0]
    change(row, cast.staff, org_unit=district.other_township)
    assert by_unit(computed, district.township, district.other_township) == [0, 1]
    assert stands(computed) == (1, 0)


def test_a_village_counts_for_its_township_wherever_it_is_put(computed, district, cast):
    village = found_unit(
        code="D1001-V", name="示例村", kind=UnitKind.VILLAGE, parent=district.township, actor=cast.administrator
    )
    accepted_home(village, cast.liaison, 0)
    assert by_unit(computed, district.township, district.other_township) == [1, 0]
    relocate_unit(unit=village, parent=district.other_township, actor=cast.administrator)
    assert by_unit(computed, district.township, district.other_township) == [0, 1]


# --- People --------------------------------------------------------------------------------------------------


@pytest.fixture
def certified(district):
    """Return the rate of certified care workers up to 55, computed from the register."""
    target = district.targets["22.4"]
    target.computed_by = "eldercare.workers_certified"
    target.save()
    refresh_target(target)
    return target


def worker(district, cast, number: int, **values) -> CareWorker:
    place = Institution.objects.filter(name="示例0").first() or make_record(
        Institution, district.township, cast.liaison
    )
    return make_record(CareWorker, district.township, cast.liaison, number, **{"institution": place} | values)


def test_a_changed_birth_date_changes_who_is_counted(certified, district, cast):
    nobody_knows = {"person_id_kind": "none", "person_id_number": ""}
    row = worker(district, cast, 1, **nobody_knows, person_birth_date=date(1980, 1, 1), person_sex="female")
    assert stands(certified) == (1, 1)
    born_earlier = PersonChange(row.person.name, "none", "female", date(1950, 1, 1))
    change_person(actor=cast.liaison, person=row.person, version=row.person.version, change=born_earlier)
    assert stands(certified) == (0, 0)


def test_two_people_who_are_one_are_counted_once(certified, district, cast):
    nobody_knows = {"person_id_kind": "none", "person_id_number": "", "person_birth_date": date(1980, 1, 1)}
    other_place = make_record(Institution, district.township, cast.liaison, 7)
    one = worker(district, cast, 1, **nobody_knows, person_sex="female")
    other = worker(district, cast, 2, **nobody_knows, person_sex="female", institution=other_place)
    before = stands(certified)
    merge_persons(actor=cast.liaison, kept=one.person, merged=other.person, reason="同一人重复登记")
    other.refresh_from_db()
    assert other.person_id == one.person_id
    assert stands(certified) <= before


def test_a_merger_that_brings_a_birth_date_changes_who_is_counted(certified, district, cast):
    nobody_knows = {"person_id_kind": "none", "person_id_number": ""}
    row = worker(district, cast, 1, **nobody_knows, person_sex="female")
    before = stands(certified)
    dated = enrol_person(
        actor=cast.liaison,
        residence=district.township,
        typed=PersonInput(row.person.name, "none", "", "female", date(1980, 1, 1)),
    )
    merge_persons(actor=cast.liaison, kept=row.person, merged=dated, reason="同一人重复登记")
    assert (before, stands(certified)) == ((0, 0), (1, 1))


def test_somebody_with_two_places_of_work_moves_between_the_numbers_of_two_townships(certified, district, cast):
    """A record of one township may take a person out of the number of another."""
    there = make_record(Institution, district.other_township, cast.other_liaison, 7)
    number = invented_number(date(1980, 1, 1), ("following", 1))
    here = worker(district, cast, 1, person_id_number=number)
    assert rates(certified, district) == [(1, 1), (0, 0)]
    longer = date(2024, 1, 5)
    values = {"institution": there, "happened_on": longer, "person_id_number": number}
    other = make_record(CareWorker, district.other_township, cast.other_liaison, 1, **values)
    assert other.person == here.person
    assert rates(certified, district) == [(0, 0), (1, 1)]
    remove_record(record=other, actor=cast.other_liaison, reason="误录")
    assert rates(certified, district) == [(1, 1), (0, 0)]


def rates(target, district) -> list:
    assert measured_drift(target.plan) == [] == totals_drift(target.plan)
    units = [district.township, district.other_township]
    found = assess_each_unit([Target.objects.get(pk=target.pk)], on=TODAY, units=units)
    return [(one.amount.numerator, one.amount.denominator) for unit in units for one in found[unit.pk]]


# --- Shares and the target itself ----------------------------------------------------------------------------


@pytest.fixture
def of_office(computed, district):
    """Return the target of homes, allocated to the office alone: it answers for what the townships record."""
    Allocation.objects.filter(target=computed).delete()
    Allocation.objects.create(target=computed, org_unit=district.office, amount=100)
    refresh_target(computed)
    return computed


def test_records_of_a_unit_without_a_share_count_for_the_office(of_office, district, cast):
    accepted_home(district.township, cast.liaison, 0)
    assert by_unit(of_office, district.office, district.township) == [1, None]


def test_a_unit_that_gets_a_share_answers_for_itself(of_office, district, cast):
    accepted_home(district.township, cast.liaison, 0)
    accepted_home(district.other_township, cast.other_liaison, 1)
    allocate(target=of_office, amounts={district.township: Decimal(50)}, actor=cast.head, reason="调整")
    assert by_unit(of_office, district.office, district.township) == [1, 1]
    assert stands(of_office) == (2, 0)
    share = Allocation.objects.get(target=of_office, org_unit=district.township)
    withdraw_share(share=share, actor=cast.head)
    assert by_unit(of_office, district.office, district.township) == [2, None]


def test_a_merged_township_hands_its_records_down(of_office, district, cast):
    allocate(target=of_office, amounts={district.township: Decimal(50)}, actor=cast.head, reason="调整")
    accepted_home(district.township, cast.liaison, 0)
    before = stands(of_office)
    merge_units(into=district.other_township, units=[district.township], on=TODAY, actor=cast.administrator)
    assert stands(of_office) == before == (1, 0)


def test_a_split_township_keeps_the_sum(computed, district, cast):
    accepted_home(district.township, cast.liaison, 0)
    made = [
        make.OrgUnitFactory(code=f"D1-S{n}", name=f"新设{n}街道", kind=UnitKind.STREET, parent=district.bureau)
        for n in range(2)
    ]
    split_unit(unit=district.township, into=made, on=TODAY, actor=cast.administrator)
    assert stands(computed) == (1, 0)


def test_a_later_start_leaves_out_what_happened_before(computed, district, cast):
    accepted_home(district.township, cast.liaison, 0)
    computed.start = date(2024, 10, 1)
    revise_target(target=computed, actor=cast.head)
    assert stands(computed) == (0, 0)


def test_a_target_that_is_no_longer_computed_has_no_measured_figure(computed, district, cast):
    accepted_home(district.township, cast.liaison, 0)
    computed.computed_by = ""
    revise_target(target=computed, actor=cast.head)
    assert measured_drift(computed.plan) == [] == totals_drift(computed.plan)
    assert not Figure.objects.measured().filter(target=computed).exists()
    computed.computed_by = "eldercare.homes_accepted"
    revise_target(target=computed, actor=cast.head)
    assert stands(computed) == (1, 0)


def test_plans_loaded_anew_bring_their_figures_along(computed, district, cast):
    """A file that gives a share to an office is followed as a service is."""
    accepted_home(district.township, cast.liaison, 0)
    Allocation.objects.filter(target=computed).delete()
    Allocation.objects.create(target=computed, org_unit=district.office, amount=100)
    assert measured_drift(computed.plan) != []
    follow_units()
    assert by_unit(computed, district.office) == [1]


# --- Any order of acts ---------------------------------------------------------------------------------------


class Acts(RuleBasedStateMachine):
    """Records come, change, move and go in any order. The bound world is set by the test."""

    world = None

    @initialize()
    def begin(self):
        self.rows: list[HomeAdaptation] = []
        HomeAdaptation.objects.all().delete()
        self.computed, self.district, self.cast = type(self).world
        allocate(
            target=self.computed,
            amounts={self.district.township: Decimal(50), self.district.other_township: Decimal(50)},
            actor=self.cast.head,
            reason="调整",
        )
        refresh_target(self.computed)
        self.number = 0

    def row(self, place: int) -> HomeAdaptation:
        found = self.rows[place % len(self.rows)]
        found.refresh_from_db()
        return found

    def some(self) -> bool:
        return bool(self.rows)

    @rule(first=st.booleans(), day=st.dates(date(2024, 5, 1), TODAY))
    def add(self, first, day):
        self.number += 1
        unit = self.district.township if first else self.district.other_township
        actor = self.cast.liaison if first else self.cast.other_liaison
        self.rows.append(
            accepted_home(
                unit,
                actor,
                self.number % 60,
                accepted=day,
                person_id_number=invented_number(date(1950, 1, 1) + timedelta(days=self.number), "following"),
            )
        )

    @precondition(some)
    @rule(place=st.integers(0, 50), day=st.none() | st.dates(date(2024, 5, 1), TODAY))
    def change(self, place, day):
        change(self.row(place), self.cast.staff, accepted_on=day)

    @precondition(some)
    @rule(place=st.integers(0, 50), first=st.booleans())
    def move(self, place, first):
        unit = self.district.township if first else self.district.other_township
        change(self.row(place), self.cast.staff, org_unit=unit)

    @precondition(some)
    @rule(place=st.integers(0, 50), confirmed=st.booleans())
    def verify(self, place, confirmed):
        verify_record(record=self.row(place), actor=self.cast.head, confirmed=confirmed, note="看过")

    @precondition(some)
    @rule(place=st.integers(0, 50))
    def remove(self, place):
        remove_record(record=self.row(place), actor=self.cast.staff, reason="误录")
        self.rows.pop(place % len(self.rows))

    @rule(first=st.booleans())
    def hand_to_the_office(self, first):
        unit = self.district.township if first else self.district.other_township
        allocate(
            target=self.computed, amounts={self.district.office: Decimal(100)}, actor=self.cast.head, reason="调整"
        )
        share = Allocation.objects.filter(target=self.computed, org_unit=unit).first()
        if share:
            withdraw_share(share=share, actor=self.cast.head)

    @rule(first=st.booleans())
    def hand_back(self, first):
        unit = self.district.township if first else self.district.other_township
        allocate(target=self.computed, amounts={unit: Decimal(60)}, actor=self.cast.head, reason="调整")

    @invariant()
    def figures_are_those_of_a_slow_recount(self):
        if not hasattr(self, "computed"):
            return
        rows = [row for row in HomeAdaptation.objects.all() if row.state == RecordState.VALID and row.accepted_on]
        assert stands(self.computed) == (len(rows), sum(row.verified_on is not None for row in rows))


def test_any_order_of_acts_leaves_the_figures_right(computed, district, cast):
    Acts.world = (computed, district, cast)
    few = settings(
        max_examples=6,
        stateful_step_count=8,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Acts, settings=few)
