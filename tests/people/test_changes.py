"""Corrections, moves and households."""

import pytest

from accounts.errors import Refused
from accounts.fields import unseal
from accounts.models import Event
from people.enums import IdKind, Relation
from people.errors import PersonRefused, StalePerson
from people.models import Household, Person
from people.services.changing import PersonChange, change_person, move_person

from .conftest import id_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(enrol, cast):
    return enrol(actor=cast.liaison)


def change(person, actor, **values):
    said = PersonChange(**({"name": person.name, "id_kind": person.id_kind} | values))
    return change_person(actor=actor, person=person, version=person.version, change=said)


def test_a_correction_keeps_what_it_does_not_name(person, cast):
    changed = change(person, cast.liaison, name="王秀瑛")
    assert (changed.name, changed.version) == ("王秀瑛", 2)
    assert (unseal(changed, "id_number"), unseal(changed, "phone")) == (id_number(2), "13800001234")
    event = Event.objects.of(person).first()
    assert (event.action, event.after) == ("person.change", {"changed": ["姓名"]})


def test_a_phone_can_be_cleared_and_a_number_corrected(person, cast):
    changed = change(person, cast.liaison, id_number=id_number(6), phone="")
    assert (changed.phone, changed.phone_digest, changed.phone_tail) == ("", "", "")
    assert changed.id_tail == id_number(6)[-4:]
    without = change(changed, cast.liaison, id_kind=IdKind.NONE, id_number="")
    assert (without.id_number, without.id_digest) == ("", "")


def test_the_second_of_two_editors_is_told(person, cast):
    change(person, cast.liaison, name="王秀瑛")
    with pytest.raises(StalePerson):
        change(person, cast.liaison, name="王秀")
    assert Person.objects.get(pk=person.pk).name == "王秀瑛"


def test_a_number_that_is_somebody_elses_is_refused(person, cast, enrol):
    enrol("李四", 4, actor=cast.liaison)
    with pytest.raises(PersonRefused) as refused:
        change(person, cast.liaison, id_number=id_number(4))
    assert set(refused.value.errors) == {"id_number"}


@pytest.mark.parametrize("name", ["other_liaison", "leader", "head", "outsider", "staff"])
def test_others_change_nothing(person, cast, name, visit):
    with pytest.raises(Refused):
        change(person, getattr(cast, name), name="王秀瑛")
    assert Person.objects.get(pk=person.pk).version == 1


def test_a_household_is_made_by_its_number_and_has_one_head(person, cast, enrol, district):
    change(person, cast.liaison, household_code="H-1", relation=Relation.HEAD)
    son = enrol("王小明", 3, actor=cast.liaison)
    with pytest.raises(PersonRefused) as refused:
        change(son, cast.liaison, household_code="H-1", relation=Relation.HEAD)
    assert refused.value.errors == {"relation": "该户已有户主。"}
    change(son, cast.liaison, household_code="H-1", relation=Relation.SON)
    household = Household.objects.get()
    assert (household.bureau, household.members.count()) == (district.bureau, 2)
    left = change(Person.objects.get(pk=son.pk), cast.liaison, household_code="")
    assert (left.household, left.relation) == (None, "")
    with pytest.raises(PersonRefused):
        change(left, cast.liaison, household_code="", relation=Relation.SON)


def test_a_move_changes_the_residence_alone_and_stays_in_the_bureau(person, cast, district, neighbour):
    moved = move_person(actor=cast.liaison, person=person, version=1, residence=district.other_township)
    assert Person.objects.get(pk=person.pk).residence == district.other_township
    event = Event.objects.of(person).first()
    assert (event.before, event.after) == ({"residence": "D1001"}, {"residence": "D1002"})
    assert not Person.objects.visible_to(cast.liaison).exists()
    for unit in (neighbour.township, district.office):
        with pytest.raises(PersonRefused) as refused:
            move_person(actor=cast.other_liaison, person=moved, version=2, residence=unit)
        assert set(refused.value.errors) == {"residence"}
