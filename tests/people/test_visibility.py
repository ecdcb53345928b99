"""Who sees a person: those who see a record about him, and those who keep the registers where he lives."""

import pytest

from accounts.enums import Right
from people.models import Household, Person
from workplan.enums import RecordState

pytestmark = pytest.mark.django_db

EVERYBODY = (
    "administrator", "leader", "auditor", "head", "staff", "other_head", "other_staff", "liaison", "other_liaison",
    "nobody", "outsider",
)  # fmt: skip


def viewers(cast, person, right=Right.PERSONS) -> set[str]:
    seen = {n for n in EVERYBODY if Person.objects.visible_to(getattr(cast, n), right).filter(pk=person.pk).exists()}
    return seen


def test_without_records_the_own_township_sees_a_person_and_nobody_else(cast, enrol, village, visit):
    assert viewers(cast, enrol(unit=village)) == {"liaison"}


def test_a_record_opens_the_person_to_those_who_see_it(cast, enrol, note, visit):
    person = enrol()
    note(visit, person)
    assert viewers(cast, person) == {"liaison", "staff", "head", "leader"}
    assert viewers(cast, person, Right.VIEW) == {"liaison", "staff", "head", "leader"}
    assert viewers(cast, person, Right.RECORD_WRITE) == {"liaison", "staff"}
    assert viewers(cast, person, Right.REVEAL) == {"liaison", "staff", "head"}
    assert viewers(cast, person, Right.EXPORT) == {"liaison", "staff", "head", "leader"}
    assert viewers(cast, person, Right.AUDIT_READ) == set()


def test_a_sensitive_record_opens_the_person_to_its_office_and_not_to_leaders(cast, enrol, note, care):
    person = enrol()
    note(care, person)
    assert viewers(cast, person) == {"liaison", "other_staff", "other_head"}


def test_a_record_in_another_township_opens_the_person_there_too(cast, district, enrol, note, visit):
    person = enrol()
    note(visit, person, unit=district.other_township)
    assert viewers(cast, person) == {"liaison", "other_liaison", "staff", "head", "leader"}


def test_a_removed_record_opens_nothing(cast, enrol, note, visit):
    person = enrol()
    note(visit, person, state=RecordState.REMOVED)
    assert viewers(cast, person) == {"liaison"}


def test_a_closed_account_sees_nobody(cast, enrol):
    enrol()
    cast.liaison.is_active = False
    assert not Person.objects.visible_to(cast.liaison).exists()
    assert not Household.objects.visible_to(cast.liaison).exists()


def test_households_are_seen_through_their_members(cast, district, enrol, note, visit):
    person = enrol()
    household = Household.objects.create(org_unit=district.township, bureau=district.bureau, code="H1")
    Person.objects.filter(pk=person.pk).update(household=household)

    def seen_by(*names):
        return [Household.objects.visible_to(getattr(cast, name)).exists() for name in names]

    assert seen_by("liaison", "staff", "leader", "auditor", "other_liaison") == [True, False, False, False, False]
    note(visit, person)
    assert seen_by("liaison", "staff", "leader", "auditor", "other_liaison") == [True, True, True, False, False]
