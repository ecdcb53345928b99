"""Two rows for one human being: proposed, merged with all that hangs on them, or known to be two."""

from datetime import date

import pytest

from accounts.enums import Right
from accounts.errors import Refused
from accounts.fields import unseal
from accounts.models import Event
from people.enums import IdKind, Relation
from people.models import Household, NotDuplicate, Person
from people.services.duplicates import SAME_BIRTH, SAME_PHONE, SAME_TAIL, propose_duplicates
from people.services.finding import find_person
from people.services.merging import dismiss_duplicate, merge_persons
from people.services.revealing import reveal

from .conftest import id_number

pytestmark = pytest.mark.django_db
BORN = date(1949, 12, 31)
REASON = "核对户口簿，系同一人"


@pytest.fixture
def pair(enrol):
    """Somebody with a card, and the same one as registered without it."""
    card = enrol(phone="")
    bare = enrol(id_kind=IdKind.NONE, birth_date=BORN, sex="female", phone="13800001234")
    return card, bare


def merge(actor, kept, merged, reason=REASON):
    return merge_persons(actor=actor, kept=kept, merged=merged, reason=reason)


def test_everything_goes_over_and_the_other_row_stays_as_a_sign(pair, cast, note, visit, care):
    kept, merged = pair
    note(visit, merged), note(visit, merged), note(visit, kept)
    ward = note(care, kept, guardian=merged)
    done = merge(cast.liaison, kept, merged)
    assert done.moved == {"探访关爱": 2, "测试照护": 1}
    assert visit.objects.filter(person=kept).count() == 3
    ward.refresh_from_db()
    assert ward.guardian == kept
    merged.refresh_from_db()
    assert merged.merged_into == kept and merged.name == "王秀英"
    assert unseal(done.person, "phone") == "13800001234"
    events = Event.objects.filter(action="person.merge")
    assert {e.object_id for e in events} == {str(kept.pk), str(merged.pk)}
    assert {e.note for e in events} == {REASON}


def test_a_number_goes_over_with_a_token_of_its_own(pair, cast):
    card, bare = pair
    done = merge(cast.liaison, bare, card)
    assert unseal(done.person, "id_number") == id_number(2)
    assert find_person(IdKind.RESIDENT, id_number(2)).pk == bare.pk


def test_the_old_number_leads_to_the_person_that_stands(cast, enrol):
    kept, merged = enrol(), enrol(serial=4)
    merge(cast.liaison, kept, merged)
    assert find_person(IdKind.RESIDENT, id_number(4)).pk == kept.pk
    assert enrol(serial=4).pk == kept.pk, "registering the old number makes nobody new"


def test_a_household_goes_over(pair, cast, district):
    card, bare = pair
    household = Household.objects.create(org_unit=district.township, bureau=district.bureau, code="H1")
    Person.objects.filter(pk=bare.pk).update(household=household, relation=Relation.HEAD)
    done = merge(cast.liaison, card, bare)
    assert (done.person.household, done.person.relation) == (household, Relation.HEAD)


@pytest.mark.parametrize("name", ["other_liaison", "head", "leader", "outsider", "administrator", "auditor"])
def test_others_merge_nothing(pair, cast, note, visit, name):
    note(visit, pair[0])
    with pytest.raises(Refused):
        merge(getattr(cast, name), *pair)
    assert not Person.objects.filter(merged_into__isnull=False).exists()


def test_nobody_merges_across_his_scope(cast, enrol, district):
    here, there = enrol(), enrol(serial=4, unit=district.other_township)
    for kept, merged in ((here, there), (there, here)):
        with pytest.raises(Refused):
            merge(cast.liaison, kept, merged)


def test_a_merger_needs_a_reason_and_two_people_that_stand(pair, cast, enrol):
    kept, merged = pair
    for reason in ("", "同人", "   \n  "):
        with pytest.raises(Refused):
            merge(cast.liaison, kept, merged, reason)
    with pytest.raises(Refused):
        merge(cast.liaison, kept, kept)
    merge(cast.liaison, kept, merged)
    with pytest.raises(Refused):
        merge(cast.liaison, enrol("李四", 4), merged)


def test_two_records_of_which_one_is_allowed_stop_the_merger_whole(pair, cast, note, visit, care):
    kept, merged = pair
    note(visit, merged), note(care, kept, once=True), note(care, merged, once=True)
    with pytest.raises(Refused) as refused:
        merge(cast.liaison, kept, merged)
    assert "测试照护" in refused.value.message
    assert Person.objects.get(pk=merged.pk).merged_into is None
    assert visit.objects.filter(person=merged).exists()


def test_the_log_of_looks_stays_with_the_row_that_was_looked_at(cast, enrol):
    kept, merged = enrol(), enrol(serial=4)
    reveal(actor=cast.liaison, person=merged, field="id_number", reason="核对号码")
    merge(cast.liaison, kept, merged)
    assert merged.reveals.count() == 1


def reasons_of(user) -> dict[frozenset, list[str]]:
    return {frozenset((p.one.pk, p.other.pk)): p.reasons for p in propose_duplicates(user)}


def test_people_who_look_alike_are_proposed_with_the_reason(pair, cast, enrol):
    card, bare = pair
    assert reasons_of(cast.liaison) == {frozenset((card.pk, bare.pk)): [SAME_BIRTH]}
    caller = enrol("王秀瑛", id_kind=IdKind.NONE, phone="13800001234")
    assert reasons_of(cast.liaison)[frozenset((bare.pk, caller.pk))] == [SAME_PHONE]


def test_a_shared_telephone_alone_makes_no_duplicate(enrol, cast):
    enrol(), enrol("王小明", number=id_number(3, date(1980, 1, 1)))
    assert reasons_of(cast.liaison) == {}


def test_the_same_tail_is_a_reason(enrol, cast):
    one = enrol(phone="")
    other = enrol(phone="", serial=4)
    Person.objects.filter(pk=other.pk).update(id_tail=one.id_tail)
    assert SAME_TAIL in reasons_of(cast.liaison)[frozenset((one.pk, other.pk))]


def test_nobody_is_proposed_to_those_who_may_not_merge(pair, cast, note, visit):
    note(visit, pair[0]), note(visit, pair[1])
    assert {n: len(propose_duplicates(getattr(cast, n))) for n in ("staff", "leader", "other_liaison", "auditor")} == {
        "staff": 1, "leader": 0, "other_liaison": 0, "auditor": 0,
    }  # fmt: skip


def test_two_who_are_two_are_proposed_no_more(pair, cast):
    card, bare = pair
    dismiss_duplicate(actor=cast.liaison, one=bare, other=card)
    dismiss_duplicate(actor=cast.liaison, one=card, other=bare)
    assert NotDuplicate.objects.count() == 1
    assert propose_duplicates(cast.liaison) == []
    with pytest.raises(Refused):
        dismiss_duplicate(actor=cast.other_liaison, one=card, other=bare)


def test_merged_rows_are_proposed_no_more(pair, cast):
    merge(cast.liaison, *pair)
    assert propose_duplicates(cast.liaison) == []
    assert Person.objects.visible_to(cast.liaison, Right.RECORD_WRITE).current().count() == 1
