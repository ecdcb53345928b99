"""What a closed year no longer needs is made nameless; figures and records stay."""

from datetime import date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import Event
from people.models import Household, Person
from people.purposes import Purpose
from people.services.finding import find_person
from people.services.retention import NOBODY, pseudonymise
from workplan import clock

from .conftest import id_number

pytestmark = pytest.mark.django_db
OLD, END = date(2018, 6, 1), 2018


@pytest.fixture
def old(enrol, district):
    """Somebody who was registered long ago."""
    person = enrol()
    household = Household.objects.create(org_unit=district.township, bureau=district.bureau, code="H1", address="token")
    stamp = timezone.make_aware(datetime(2018, 6, 1, 12))
    Person.objects.filter(pk=person.pk).update(created_at=stamp, household=household)
    return Person.objects.get(pk=person.pk)


def test_people_without_newer_records_lose_what_tells_who_they_were(old, note, visit, cast):
    record = note(visit, old, on=OLD)
    assert pseudonymise(year=END) == 1
    old.refresh_from_db()
    assert (old.name, old.id_number, old.id_digest, old.id_tail, old.phone, old.phone_tail) == (
        NOBODY,
        "",
        "",
        "",
        "",
        "",
    )
    assert (old.sex, old.birth_date, old.household) == ("female", date(1949, 1, 1), None)
    assert Household.objects.get().address == ""
    assert find_person("resident", id_number(2)) is None
    record.refresh_from_db()
    assert (record.person, record.happened_on, visit.objects.counted().count()) == (old, OLD, 1)
    assert Event.objects.filter(action="person.pseudonymise").get().after == {"rows": 1}
    assert pseudonymise(year=END) == 0


def test_people_with_a_newer_record_keep_their_names(old, note, visit, care, enrol):
    note(visit, old, on=OLD)
    note(care, old, on=date(2019, 1, 1))
    enrol("李四", 4)  # registered today, without any record yet
    assert pseudonymise(year=END) == 0
    assert Person.objects.filter(name=NOBODY).count() == 0


def test_whoever_a_newer_record_names_as_guardian_keeps_the_name(old, note, care, enrol):
    note(care, enrol("李四", 4), guardian=old, on=date(2019, 1, 1))
    assert pseudonymise(year=END) == 0
    assert Person.objects.get(pk=old.pk).name == "王秀英"


def test_a_register_with_a_longer_retention_keeps_its_people_for_longer(old, note, care, monkeypatch):
    note(care, old, on=OLD)
    monkeypatch.setattr(care, "purpose", Purpose("测试", retention=30))
    assert pseudonymise(year=END) == 0
    with clock.pinned(date(OLD.year + 30, 12, 31)):
        assert pseudonymise(year=END) == 0
    with clock.pinned(date(OLD.year + 31, 1, 1)):
        assert pseudonymise(year=END) == 1


def test_the_retention_of_the_year_must_be_over(old):
    with pytest.raises(Refused):
        pseudonymise(year=2019)  # the business date lies in 2024, retention is five years
    with clock.pinned(date(2025, 1, 1)):
        assert pseudonymise(year=2019) == 1


def test_the_command_says_how_many_and_why_not(old, capsys):
    call_command("pseudonymise", "--year", "2018", "--dry-run")
    assert Person.objects.get().name == "王秀英"
    call_command("pseudonymise", "--year", "2018")
    assert capsys.readouterr().out.splitlines() == ["将假名化 1 人。", "已假名化 1 人。"]
    with pytest.raises(CommandError, match="保存期限"):
        call_command("pseudonymise", "--year", "2023")
