"""Files and forms write the same: what goes in past the ORM is what a service would have stored."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.bulk import insert_rows, reserve_ids, update_rows
from accounts.models import Event
from eldercare.enums import HardshipKind
from eldercare.models import Canteen, HomeAdaptation
from people.models import Person
from people.rules.persons import CheckedPerson, PersonInput, check_person
from people.sample import invented_number
from people.services.enrolling import Enrolment, enrol_person
from people.services.newcomers import Newcomers
from tests.cast import TODAY
from workplan.enums import BatchState
from workplan.imports import rows as reading_rows
from workplan.imports import services as service
from workplan.services.records import create_record

from .making import make_record, run_import, typed_for, workbook
from .test_imports import bring, counts, take_in

pytestmark = pytest.mark.django_db
BOOK_KEEPING = {"id", "person_id", "batch_id", "source", "created_at", "changed_at"}

days = st.integers(0, 130).map(lambda n: date(2024, 1, 1) + timedelta(days=n))
homes = st.fixed_dictionaries(
    {
        "hardship": st.sampled_from(HardshipKind.values),
        "address": st.text("一二三组镇号\\'\"=，", max_size=20).map(str.strip),
        "happened_on": days,
        "planned_on": st.none() | days.map(lambda day: day + timedelta(days=130)),
        "amount": st.none() | st.decimals(0, 99999, places=2),
        "note": st.text("备注，、\\N\"'.;-", max_size=20).map(str.strip),
    }
)


def stored(record) -> dict:
    names = [f.attname for f in record._meta.concrete_fields]
    return {name: getattr(record, name) for name in names if name not in BOOK_KEEPING}


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(values=homes)
def test_a_row_of_a_file_and_a_typed_form_are_stored_alike(values, district, cast):
    HomeAdaptation.objects.all().delete()
    typed = [typed_for(HomeAdaptation, district.township, cast.liaison, number) | values for number in (1, 2)]
    by_hand = create_record(model=HomeAdaptation, actor=cast.liaison, typed=typed[0])
    batch = take_in(bring(HomeAdaptation, cast.liaison, workbook(HomeAdaptation, [typed[1]])))
    assert batch.state == BatchState.DONE, batch.result
    by_hand.refresh_from_db()
    from_file = HomeAdaptation.objects.get(batch=batch)
    assert stored(from_file) == stored(by_hand)
    names = ("name", "name_initials", "id_kind", "sex", "phone_tail", "residence_id", "version", "created_by_id")
    by_name = [{name: getattr(record.person, name) for name in names} for record in (from_file, by_hand)]
    assert by_name[0] | {"name": "", "name_initials": ""} == by_name[1] | {"name": "", "name_initials": ""}


# --- People of a file ---


def newcomer(serial: int, name: str = "测演甲") -> tuple[CheckedPerson, str]:
    number = invented_number(date(1950, 1, 1) + timedelta(days=serial), ("bulk", serial))
    return check_person(PersonInput(name, id_number=number), TODAY), number


def test_one_new_person_stands_for_himself_through_the_whole_file(district, cast):
    newcomers, (person, _) = Newcomers(), newcomer(1)
    row = Enrolment(person, district.township.pk)
    (first,), (again,) = newcomers.find([row]), newcomers.find([row])
    stands_for = first.person_id
    assert stands_for == again.person_id < 0
    assert not Person.objects.exists()
    ids = newcomers.enrol(cast.liaison, [stands_for])
    assert list(ids.values()) == [Person.objects.get().pk]
    assert newcomers.find([row])[0].person_id == Person.objects.get().pk


def test_somebody_registered_between_reading_and_writing_is_one_person(district, cast):
    newcomers, (person, number), (other, _) = Newcomers(), newcomer(1), newcomer(2)
    outcomes = newcomers.find([Enrolment(who, district.township.pk) for who in (person, other)])
    stands = [outcome.person_id for outcome in outcomes]
    typed = PersonInput("测演甲", id_number=number)
    meanwhile = enrol_person(actor=cast.liaison, residence=district.township, typed=typed)
    ids = newcomers.enrol(cast.liaison, stands)
    assert ids[stands[0]] == meanwhile.pk
    assert Person.objects.count() == 2


def test_people_of_wrong_rows_are_not_registered(district, cast):
    rows = [typed_for(HomeAdaptation, district.township, cast.liaison, number) for number in range(2)]
    rows[1]["planned_on"] = rows[1]["happened_on"] - timedelta(days=9)
    batch = bring(HomeAdaptation, cast.liaison, workbook(HomeAdaptation, rows))
    assert counts(batch) == (1, 0, 0, 1)
    take_in(batch, good_only=True)
    assert (HomeAdaptation.objects.count(), Person.objects.count()) == (1, 1)


# --- More than one chunk ---


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(reading_rows, "CHUNK", 2)


def test_twins_and_people_are_found_across_chunks(small_chunks, district, cast):
    rows = [typed_for(HomeAdaptation, district.township, cast.liaison, number) for number in (0, 1, 2, 0, 3)]
    rows.append(rows[1] | {"happened_on": rows[1]["happened_on"] + timedelta(days=5)})
    batch = bring(HomeAdaptation, cast.liaison, workbook(HomeAdaptation, rows))
    assert counts(batch) == (5, 0, 0, 1)
    assert batch.result["problems"] == [[5, "与第 2 行重复。"]]
    take_in(batch, good_only=True)
    assert (HomeAdaptation.objects.count(), Person.objects.count()) == (5, 4)


def test_a_wrong_row_in_a_late_chunk_takes_the_early_ones_back(small_chunks, district, cast):
    rows = [typed_for(HomeAdaptation, district.township, cast.liaison, number) for number in range(5)]
    batch = bring(HomeAdaptation, cast.liaison, workbook(HomeAdaptation, rows))
    service.confirm_import(batch=batch, actor=cast.liaison, good_only=False)
    typed = PersonInput("另一人", id_number=rows[4]["person_id_number"])
    enrol_person(actor=cast.liaison, residence=district.township, typed=typed)
    run_import(batch)
    batch.refresh_from_db()
    assert batch.state == BatchState.FAILED and "检查发现新的问题" in batch.result["reason"]
    assert not HomeAdaptation.objects.exists() and Person.objects.count() == 1


def test_changes_take_as_many_statements_for_many_rows_as_for_few(district, cast):
    """Every changed record has its event, yet no statement of its own."""

    def statements(count: int) -> int:
        rows = [typed_for(HomeAdaptation, district.township, cast.liaison, number) for number in range(count)]
        take_in(bring(HomeAdaptation, cast.liaison, workbook(HomeAdaptation, rows)))
        rows = [row | {"amount": Decimal("12.50"), "note": f"改{count}"} for row in rows]
        batch = bring(HomeAdaptation, cast.liaison, workbook(HomeAdaptation, rows))
        assert counts(batch)[1] == count
        with CaptureQueriesContext(connection) as queries:
            take_in(batch)
        assert set(HomeAdaptation.objects.values_list("note", "amount")) == {(f"改{count}", Decimal("12.50"))}
        assert Event.objects.filter(action="record.change", note__contains=str(batch.uid)).count() == count
        updates = [query for query in queries if query["sql"].startswith("UPDATE")]
        return len(queries) - len(updates)  # executemany on SQLite is told row by row

    assert statements(3) == statements(12)


def test_more_changes_than_a_statement_has_room_for_conditions(district, cast):
    """SQLite takes a thousand conditions in one statement; the people of a chunk are more."""
    rows = [typed_for(HomeAdaptation, district.township, cast.liaison, number) for number in range(1001)]
    take_in(bring(HomeAdaptation, cast.liaison, workbook(HomeAdaptation, rows)))
    again = bring(HomeAdaptation, cast.liaison, workbook(HomeAdaptation, [row | {"note": "改"} for row in rows]))
    assert take_in(again).state == BatchState.DONE, again.result
    assert HomeAdaptation.objects.filter(note="改").count() == 1001


# --- The module itself ---


def test_rows_are_updated_by_their_id_and_no_others(district, cast):
    changed, kept = (make_record(Canteen, district.township, cast.liaison, n, name=f"食堂{n}") for n in (1, 2))
    odd = "a\tb\\N\n，"
    update_rows(Canteen, ("id", "note", "closed_on"), [(changed.pk, odd, date(2024, 9, 1))])
    changed.refresh_from_db()
    kept.refresh_from_db()
    assert (changed.note, changed.closed_on, changed.name) == (odd, date(2024, 9, 1), "食堂1")
    assert (kept.note, kept.closed_on) == ("", None)


def test_rows_that_clash_are_all_refused(district, cast):
    one = make_record(Canteen, district.township, cast.liaison, 1, name="一")
    names = [f.attname for f in Canteen._meta.concrete_fields]
    values = [getattr(one, name) for name in names]
    fresh = [
        [pk if name == "id" else "二" if name == "name" else value for name, value in zip(names, values, strict=True)]
        for pk in reserve_ids(Canteen, 2)
    ]
    with pytest.raises(IntegrityError):
        insert_rows(Canteen, names, fresh)
    assert Canteen.objects.count() == 1


@pytest.mark.parametrize("wanted", [[], ["一"], ["一", "三", None], ["'; DROP TABLE x --", "二"]])
def test_among_finds_what_in_finds(wanted, district, cast):
    for number, name in enumerate(("一", "二", "三")):
        make_record(Canteen, district.township, cast.liaison, number, name=name)
    found = set(Canteen.objects.filter(name__among=wanted).values_list("name", flat=True))
    assert found == set(Canteen.objects.filter(name__in=[w for w in wanted if w]).values_list("name", flat=True))
    ids = list(Canteen.objects.values_list("pk", flat=True))
    assert Canteen.objects.filter(pk__among=ids).count() == 3
