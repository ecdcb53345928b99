"""Many at once, on PostgreSQL: one human being is one row, a limit is a limit, a merger happens once."""

import pytest
from django.db import transaction

from accounts.errors import Refused
from people.models import Person, Reveal
from people.rules.persons import PersonInput, check_person
from people.services.enrolling import Enrolment, enrol_people, enrol_person
from people.services.merging import merge_persons
from people.services.newcomers import Newcomers
from people.services.revealing import reveal
from tests import cast as parts
from tests.test_concurrency import at_once

from .conftest import id_number

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
REASON = "核对户口簿，系同一人"


@pytest.fixture
def world():
    district = parts.build_district("P1")
    return district, parts.build_cast(district, parts.build_district("P2"))


def typed(serial: int) -> PersonInput:
    return PersonInput("王秀英", id_number=id_number(serial))


def test_twelve_who_register_the_same_person_get_one_row(world):
    district, cast = world

    def enrol():
        return enrol_person(actor=cast.liaison, residence=district.township, typed=typed(2)).pk

    assert len(set(at_once([enrol] * 12))) == 1
    assert Person.objects.count() == 1


def test_files_that_name_the_same_people_make_each_once(world):
    district, cast = world

    def rows(first: int):
        people = [check_person(typed(serial), parts.TODAY) for serial in range(first, first + 60)]
        return [Enrolment(person, district.township.pk) for person in people]

    def enrol_file(first: int):
        """A file of two chunks, written in one transaction; every second one from its end."""
        chunks = (rows(first)[:30], rows(first)[30:])
        with transaction.atomic():
            outcomes = [enrol_people(actor=cast.liaison, rows=chunk) for chunk in chunks[:: 1 if first % 40 else -1]]
        return [outcome for chunk in outcomes for outcome in chunk]

    results = at_once([lambda n=n: enrol_file(n) for n in (0, 20, 40, 60)])
    assert not [r for r in results if isinstance(r, Exception)]
    assert Person.objects.count() == 120
    ids = dict(Person.objects.values_list("id_digest", "pk"))
    assert {outcome.person_id for outcomes in results for outcome in outcomes} == set(ids.values())


def test_of_mergers_crosswise_one_happens(world):
    district, cast = world
    pair = [enrol_person(actor=cast.liaison, residence=district.township, typed=typed(n)) for n in (2, 4)]

    def merge(kept, merged):
        return merge_persons(actor=cast.liaison, kept=kept, merged=merged, reason=REASON)

    results = at_once([lambda: merge(*pair), lambda: merge(*reversed(pair))] * 4)
    assert sum(isinstance(r, Refused) for r in results) == 7
    assert Person.objects.current().count() == 1


def test_the_limit_of_looks_holds_for_clicks_at_once(world, settings):
    settings.REVEALS_PER_HOUR = 3
    district, cast = world
    person = enrol_person(actor=cast.liaison, residence=district.township, typed=typed(2))

    def look():
        return reveal(actor=cast.liaison, person=person, field="id_number", reason=REASON)

    results = at_once([look] * 10)
    assert sum(isinstance(r, Refused) for r in results) == 7
    assert Reveal.objects.count() == 3


def test_somebody_typed_in_while_his_file_is_written_is_one_person(world):
    district, cast = world
    people = [check_person(typed(serial), parts.TODAY) for serial in range(60)]

    def take_in_file():
        newcomers = Newcomers()
        with transaction.atomic():
            found = newcomers.find([Enrolment(person, district.township.pk) for person in people])
            return newcomers.enrol(cast.liaison, [outcome.person_id for outcome in found])

    def enrol(serial: int):
        return enrol_person(actor=cast.liaison, residence=district.township, typed=typed(serial)).pk

    results = at_once([take_in_file, *(lambda n=n: enrol(n) for n in range(0, 60, 5))])
    assert not [r for r in results if isinstance(r, Exception)]
    assert Person.objects.count() == 60
    assert set(results[1:]) <= set(Person.objects.values_list("pk", flat=True))
