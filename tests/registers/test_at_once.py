"""Many people who add records of one township at the same time, on PostgreSQL: every record counts, nobody waits for good."""

from datetime import date, timedelta

import pytest

from eldercare.models import HomeAdaptation
from people.sample import invented_number
from tests import cast as parts
from tests.test_concurrency import at_once
from workplan.models import Figure, Target
from workplan.services import measuring
from workplan.services.measuring import measured_drift, refresh_target
from workplan.services.plan import allocate
from workplan.services.records import change_record, remove_record
from workplan.services.totals import totals_drift

from .conftest import DONE, accepted_home
from .making import make_record

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
WRITERS = 12


@pytest.fixture
def world():
    district = parts.build_district("P1")
    cast = parts.build_cast(district, parts.build_district("P2"))
    target = district.targets["49.3"]
    target.computed_by = "eldercare.homes_accepted"
    target.save()
    refresh_target(target)
    accepted_home(district.township, cast.liaison, 0)  # so that all writers meet at one figure
    return district, cast, target


def adding(district, cast, number: int):
    id_number = invented_number(date(1950, 1, 1) + timedelta(days=number), ("at once", number))
    return lambda: accepted_home(district.township, cast.liaison, number, person_id_number=id_number)


def total(target) -> int:
    return sum(figure.value for figure in Figure.objects.measured().filter(target=target))


def test_twelve_writers_of_one_township_lose_no_count(world):
    district, cast, target = world
    results = at_once([adding(district, cast, number) for number in range(1, WRITERS + 1)])
    assert [result for result in results if isinstance(result, Exception)] == []
    assert HomeAdaptation.objects.count() == total(target) == WRITERS + 1
    assert measured_drift(target.plan) == [] == totals_drift(target.plan)


def test_without_the_lock_counts_are_lost(world, monkeypatch):
    """Control: the same writers, none of whom waits for the others' figures."""
    district, cast, target = world
    monkeypatch.setattr(measuring, "lock_target", lambda pk: None)
    at_once([adding(district, cast, number) for number in range(1, WRITERS + 1)])
    assert total(target) < HomeAdaptation.objects.count()
    assert measured_drift(target.plan) != []


def test_adding_changing_removing_and_reallocating_do_not_lock_each_other_out(world):
    district, cast, target = world
    rows = [adding(district, cast, number)() for number in range(1, 9)]

    def change(row):
        return change_record(record=row, actor=cast.liaison, version=1, typed={"accepted_on": date(2024, 10, 1)})

    def remove(row):
        return remove_record(record=row, actor=cast.staff, reason="误录")

    def share(amount):
        fresh = Target.objects.select_related("plan__bureau").get(pk=target.pk)
        return allocate(target=fresh, amounts={district.township: amount}, actor=cast.head, reason="调整")

    acts = [adding(district, cast, number) for number in range(20, 24)]
    acts += [lambda row=row: change(row) for row in rows[:4]] + [lambda row=row: remove(row) for row in rows[4:]]
    acts += [lambda amount=amount: share(amount) for amount in (60, 70)]
    results = at_once(acts)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert total(target) == 1 + 8 + 4 - 4
    assert measured_drift(target.plan) == [] == totals_drift(target.plan)


def test_the_same_record_typed_twice_at_once_is_kept_once(world):
    """The slower of two gets a sentence, not a broken page."""
    from django.core.exceptions import ValidationError

    from eldercare.models import Canteen

    district, cast, _ = world

    def add():
        try:
            return make_record(Canteen, district.township, cast.liaison)
        except ValidationError as told:
            return told.messages

    results = at_once([add] * 6)
    assert Canteen.objects.count() == 1
    assert [result for result in results if isinstance(result, list)] == [["这一单位已登记同名食堂。"]] * 5


def test_figures_of_the_day_are_those_of_one_interval(world):
    """Control of the fixture: all homes were accepted on one day, so that they make one figure."""
    _, _, target = world
    assert [figure.accepted_on for figure in Figure.objects.measured().filter(target=target)] == [DONE]
