"""One row per human being: found again by the number, made once, refused at the field where something is wrong."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.bulk import insert_rows, reserve_ids
from accounts.crypto import decrypt, key_id_of
from accounts.fields import unseal
from accounts.models import Event
from people.enums import IdKind
from people.errors import PersonRefused
from people.models import Person
from people.rules.persons import PersonInput, check_person
from people.services.enrolling import Enrolment, enrol_people, enrol_person, preview_people
from people.services.finding import find_person
from tests.cast import TODAY

from .conftest import id_number

pytestmark = pytest.mark.django_db


def refusal_of(**arguments) -> dict[str, str]:
    with pytest.raises(PersonRefused) as refused:
        enrol_person(**arguments)
    return refused.value.errors


def test_numbers_are_stored_as_tokens_of_this_row(enrol, cast):
    person = enrol(actor=cast.liaison)
    assert decrypt(person.id_number, f"people_person.id_number:{person.uid}") == id_number(2)
    assert decrypt(person.phone, f"people_person.phone:{person.uid}") == "13800001234"
    assert key_id_of(person.id_number) != ""
    assert (person.id_tail, person.phone_tail) == (id_number(2)[-4:], "1234")
    assert (person.name_initials, person.sex, person.birth_date) == ("wxy", "female", date(1949, 12, 31))
    assert str(person) == "王**"


def test_the_same_number_is_the_same_person_in_whatever_form(enrol, cast, district):
    first = enrol(actor=cast.liaison)
    again = enrol(number=f" {id_number(2).lower()} ", phone="", actor=cast.other_liaison, unit=district.other_township)
    assert again.pk == first.pk
    assert again.residence == district.township, "he stays where he lives"
    assert find_person(IdKind.RESIDENT, id_number(2)).pk == first.pk
    assert find_person(IdKind.RESIDENT, id_number(4)) is None
    assert find_person(IdKind.RESIDENT, "nonsense") is None


def test_a_known_number_with_another_name_is_refused_and_nothing_is_told(enrol, cast, district):
    enrol(actor=cast.liaison)
    typed = PersonInput("赵六", id_number=id_number(2))
    errors = refusal_of(actor=cast.other_liaison, residence=district.other_township, typed=typed)
    assert errors == {"name": "姓名与证件号不一致，请核对。"}
    assert Person.objects.count() == 1


def test_a_missing_phone_is_added_and_a_known_one_kept(enrol, cast):
    enrol(phone="", actor=cast.liaison)
    person = enrol(phone="13911112222", actor=cast.liaison)
    assert (person.phone_tail, person.version) == ("2222", 2)
    assert Event.objects.of(person).first().after == {"changed": ["联系电话"]}
    assert enrol(phone="13700000000", actor=cast.liaison).phone_tail == "2222"


def test_without_a_document_name_birth_and_residence_tell_who_it_is(enrol, cast, district):
    child = {"id_kind": IdKind.NONE, "birth_date": date(2020, 5, 1), "sex": "male", "phone": ""}
    first = enrol("小宝", actor=cast.liaison, **child)
    assert enrol("小 宝", actor=cast.liaison, **child).pk == first.pk
    assert enrol("小宝", actor=cast.liaison, **(child | {"birth_date": date(2020, 5, 2)})).pk != first.pk
    assert enrol("小宝", actor=cast.other_liaison, unit=district.other_township, **child).pk != first.pk


def test_new_people_live_where_the_actor_keeps_registers(cast, district, village):
    typed = PersonInput("王秀英", id_number=id_number(2))
    for actor, unit in (
        (cast.liaison, district.other_township),
        (cast.liaison, district.office),
        (cast.nobody, village),
    ):
        assert set(refusal_of(actor=actor, residence=unit, typed=typed)) == {"residence"}
    assert enrol_person(actor=cast.staff, residence=district.other_township, typed=typed).residence
    assert enrol_person(actor=cast.liaison, residence=village, typed=PersonInput("李四", id_number=id_number(4)))


def test_every_wrong_field_is_named(cast, district):
    typed = PersonInput("王1", id_number="5.0023219491231E+17", phone="12")
    errors = refusal_of(actor=cast.liaison, residence=district.township, typed=typed)
    assert set(errors) == {"name", "id_number", "phone"}
    assert "文本" in errors["id_number"]


def test_the_log_says_who_was_registered_without_naming_anybody(enrol, cast):
    person = enrol(actor=cast.liaison)
    event = Event.objects.of(person).get()
    assert (event.action, event.object_label, event.after) == ("person.create", "王**", {})
    assert (event.org_unit, event.app) == (person.residence, "")


def rows(count: int, district, start: int = 0) -> list[Enrolment]:
    people = [
        check_person(
            PersonInput(f"李{chr(0x4E00 + n)}", id_number=id_number(n % 1000, date(1950, 1, 1 + n // 1000))), TODAY
        )
        for n in range(start, start + count)
    ]
    return [Enrolment(person, district.township.pk) for person in people]


def test_a_chunk_is_enrolled_and_found_again(district, cast):
    chunk = rows(300, district)
    outcomes = enrol_people(actor=cast.liaison, rows=[*chunk, *chunk[:5]])
    assert Person.objects.count() == 300
    assert [o.created for o in outcomes[-5:]] == [False] * 5
    assert [o.person_id for o in outcomes[-5:]] == [o.person_id for o in outcomes[:5]]
    again = enrol_people(actor=cast.liaison, rows=chunk)
    assert [o.person_id for o in again] == [o.person_id for o in outcomes[:300]]
    assert Person.objects.count() == 300
    one = Person.objects.get(pk=outcomes[7].person_id)
    assert one.masked_id == f"500***********{id_number(7, date(1950, 1, 1))[-4:]}"
    assert [e.after for e in Event.objects.filter(action="person.create")] == [
        {"created": 0, "found": 300},
        {"created": 300, "found": 0},
    ]


def test_a_chunk_names_the_rows_whose_name_does_not_fit(district, cast, enrol):
    enrol(actor=cast.liaison)
    wrong = check_person(PersonInput("赵六", id_number=id_number(2)), TODAY)
    fine = check_person(PersonInput("钱七", id_number=id_number(4)), TODAY)
    outcomes = enrol_people(actor=None, rows=[Enrolment(p, district.township.pk) for p in (wrong, fine)])
    assert outcomes[0].errors == {"name": "姓名与证件号不一致，请核对。"} and outcomes[0].person_id is None
    assert outcomes[1].created


def test_a_preview_writes_nothing(district, cast, enrol):
    known = enrol("李一", number=id_number(0, date(1950, 1, 1)), actor=cast.liaison, phone="")
    outcomes = preview_people(rows(3, district))
    assert [(o.created, o.person_id) for o in outcomes] == [(False, known.pk), (True, None), (True, None)]
    assert Person.objects.count() == 1


def test_the_number_of_look_ups_does_not_depend_on_the_size_of_the_chunk(district, cast):
    def selects(count: int, start: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            enrol_people(actor=cast.liaison, rows=rows(count, district, start))
        return sum(query["sql"].startswith("SELECT") for query in queries)

    assert cast.liaison.home_units
    assert selects(10, 0) == selects(400, 1000)


def test_a_row_of_a_file_is_the_same_as_one_that_was_typed(district, cast, enrol):
    typed = enrol(actor=cast.liaison)
    columns = [f.attname for f in Person._meta.concrete_fields]
    own = {"id", "uid", "id_number", "phone", "created_at", "changed_at"}
    wanted = {name: getattr(typed, name) for name in columns if name not in own}
    Person.objects.all().delete()
    person = check_person(PersonInput("王秀英", id_number=id_number(2), phone="13800001234"), TODAY)
    enrol_people(actor=cast.liaison, rows=[Enrolment(person, district.township.pk)])
    filed = Person.objects.get()
    assert {name: getattr(filed, name) for name in wanted} == wanted
    assert (unseal(filed, "id_number"), unseal(filed, "phone")) == (id_number(2), "13800001234")
    assert abs((filed.created_at - typed.created_at).total_seconds()) < 60
    assert enrol("李四", 4, actor=cast.liaison).pk > filed.pk, "typed rows go on after those of files"


def test_odd_texts_go_into_the_database_as_they_are(district):
    """Characters that COPY reads as its own signs."""
    rows = [(pk, "x", f"f-{pk}", "{}", "{}", f"{text}", "2024-10-15", timezone.now()) for pk, text in zip(
        reserve_ids(Event, 4), ("a\tb", "a\nb", "\\N", "𠮷\\.") , strict=True)]  # fmt: skip
    columns = ("id", "actor_name", "action", "before", "after", "note", "business_date", "at")
    blank = ("object_type", "object_id", "object_label", "app", "request_id")
    insert_rows(Event, (*columns, *blank), [(*row, "", "", "", "", "") for row in rows])
    found = Event.objects.filter(action__startswith="f-").order_by("pk")
    assert [event.note for event in found] == ["a\tb", "a\nb", "\\N", "𠮷\\."]
