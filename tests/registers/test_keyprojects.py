"""What the registers of the key projects refuse, and what their ceilings count."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from keyprojects.models import Accident, CrossCount, CrossMatter, Inspection, OpinionIncident, Petition, Pilot
from tests import factories as make
from workplan.assess import assess, assess_each_unit
from workplan.models import Allocation
from workplan.rules.kinds import Comparator, Reason, TargetKind
from workplan.services.measuring import measured_drift
from workplan.services.records import change_record, remove_record

from .making import make_record

pytestmark = pytest.mark.django_db
TODAY = date(2024, 10, 15)


@pytest.fixture
def add(district, cast, keeper):
    """Let the office add a record of its own, or of the unit that is named."""

    def add_record(model, number=0, *, unit=None, **values):
        keeper(model)
        return make_record(model, unit or district.office, cast.staff, number, **values)

    return add_record


@pytest.fixture
def ceiling(district):
    """Give the office and both townships a ceiling of zero that the measure counts."""

    def ceiling_of(measure: str):
        target = make.TargetFactory(
            task=district.task,
            kind=TargetKind.CEILING.value,
            comparator=Comparator.LE.value,
            goal=0,
            computed_by=f"keyprojects.{measure}",
        )
        for unit in (district.office, district.township, district.other_township):
            Allocation.objects.create(target=target, org_unit=unit, amount=0)
        return target

    return ceiling_of


def value(target, on=TODAY):
    return assess([target], on=on)[0].amount.value


def value_of(target, unit):
    return assess_each_unit([target], on=TODAY, units=[unit])[unit.pk][0].amount.value


def refused(add, model, *arguments, **values) -> dict:
    with pytest.raises(ValidationError) as wrong:
        add(model, *arguments, **values)
    return wrong.value.message_dict


def test_an_accident_breaks_the_ceiling_of_its_township_with_those_hurt(add, ceiling, district):
    accidents, hurt = ceiling("accidents"), ceiling("casualties")
    add(Accident, 1, unit=district.township, casualties=3, deaths=1, happened_on=date(2024, 5, 2))
    add(Accident, 2, unit=district.other_township, happened_on=date(2024, 6, 2))
    add(Accident, 3, unit=district.township, casualties=9, happened_on=date(2023, 12, 30))
    assert (value(accidents), value(hurt), value(hurt, date(2024, 5, 1))) == (2, 3, 0)
    assert (value_of(hurt, district.township), value_of(hurt, district.other_township)) == (3, 0)
    assert assess([accidents], on=TODAY)[0].verdict.reason == Reason.CEILING_BREACHED
    assert measured_drift(district.plan) == []


def test_no_more_die_than_come_to_harm(add):
    assert "死亡人数不能多于伤亡人数。" in refused(add, Accident, casualties=1, deaths=2)["__all__"]


def test_a_petition_that_comes_up_again_counts_and_the_first_one_does_not(add, ceiling, district):
    again = ceiling("petitions_again")
    first = add(Petition, 1, unit=district.township, happened_on=date(2024, 3, 1), closed_on=date(2024, 4, 1))
    add(Petition, 2, unit=district.township, happened_on=date(2024, 6, 3), earlier=first)
    assert (value(again, date(2024, 6, 2)), value(again)) == (0, 1)
    assert value_of(again, district.township) == 1


@pytest.mark.parametrize("closed", [None, date(2024, 6, 4)])
def test_only_what_had_been_closed_can_come_up_again(closed, add):
    first = add(Petition, 1, happened_on=date(2024, 3, 1), closed_on=closed)
    found = refused(add, Petition, 2, happened_on=date(2024, 6, 3), earlier=first)
    assert found == {"earlier": ["原信访件须在本件收到之前已经办结。"]}


@pytest.mark.parametrize("closed", [None, date(2024, 6, 4)])
def test_a_petition_stays_closed_while_another_says_it_came_up_again(closed, add, cast):
    first = add(Petition, 1, happened_on=date(2024, 3, 1), closed_on=date(2024, 4, 1))
    second = add(Petition, 2, happened_on=date(2024, 6, 3), earlier=first)
    with pytest.raises(ValidationError, match="已有反弹件"):
        change_record(record=first, actor=cast.staff, version=1, typed={"closed_on": closed})
    remove_record(record=second, actor=cast.staff, reason="重复登记")
    change_record(record=first, actor=cast.staff, version=1, typed={"closed_on": closed})
    first.refresh_from_db()
    assert first.closed_on == closed


def test_opinion_counts_from_the_day_it_was_judged_to_have_spread(add, ceiling, district):
    spread = ceiling("opinions_spread")
    add(OpinionIncident, 1, happened_on=date(2024, 5, 1), judged_on=date(2024, 5, 3), spread=True)
    add(OpinionIncident, 2, happened_on=date(2024, 5, 1), judged_on=date(2024, 5, 3))
    assert (value(spread, date(2024, 5, 2)), value(spread)) == (0, 1)
    assert value_of(spread, district.office) == 1


def test_nothing_spreads_without_a_judgement(add):
    assert refused(add, OpinionIncident, spread=True) == {"judged_on": ["认定扩散的，请填写研判日期。"]}


def test_problems_of_an_inspection_are_told(add):
    assert refused(add, Inspection, problems=2) == {"findings": ["发现问题的，请写明问题和整改要求。"]}


def test_each_frequency_counts_once(add, district):
    target = make.TargetFactory(task=district.task, goal=5, computed_by="keyprojects.frequencies")
    Allocation.objects.create(target=target, org_unit=district.office, amount=5)
    for number, frequency in enumerate(("day", "day", "week", "irregular", "year")):
        add(Inspection, number, kind="safety", frequency=frequency)
    add(Inspection, 9, kind="network", frequency="month")
    assert value(target) == 3


def test_a_matter_counts_once_cases_were_handled(add, district):
    target = make.TargetFactory(task=district.task, goal=7, computed_by="keyprojects.matters_handled")
    Allocation.objects.create(target=target, org_unit=district.office, amount=7)
    busy, idle = (add(CrossMatter, number, happened_on=date(2023, 5, 1)) for number in (1, 2))
    add(CrossCount, matter=busy, happened_on=date(2023, 12, 31), handled=4)
    assert value(target) == 0
    add(CrossCount, matter=busy, happened_on=date(2024, 4, 30), handled=4)
    add(CrossCount, matter=busy, happened_on=date(2024, 5, 31), handled=2)
    add(CrossCount, matter=idle, happened_on=date(2024, 4, 30), handled=0)
    assert (value(target, date(2024, 4, 29)), value(target)) == (0, 1)


def test_no_more_cases_online_than_in_all(add):
    assert "全程网办不能多于办件量。" in refused(add, CrossCount, handled=1, online=2)["__all__"]


def test_an_application_has_one_outcome(add):
    found = refused(add, Pilot, granted_on=date(2024, 6, 1), refused_on=date(2024, 6, 2))
    assert found["__all__"] == ["获批日期和未获批日期只能填写一个。"]
