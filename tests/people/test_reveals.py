"""Looking at a full number: the right, the reason, the row, the limit."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from accounts.enums import Right
from accounts.errors import Refused
from accounts.models import Event
from accounts.models.audit import AppendOnlyError
from people.models import Reveal
from people.services.revealing import reveal, reveals_left

from .conftest import id_number

pytestmark = pytest.mark.django_db
REASON = "核对补贴发放信息"


@pytest.fixture
def person(enrol, note, visit):
    found = enrol()
    note(visit, found)
    return found


def look(actor, person, field="id_number", reason=REASON):
    return reveal(actor=actor, person=person, field=field, reason=reason)


def test_a_look_gives_the_number_and_leaves_a_row_without_it(person, cast):
    assert look(cast.staff, person) == id_number(2)
    assert look(cast.liaison, person, "phone") == "13800001234"
    row = Reveal.objects.get(user=cast.staff)
    assert (row.person, row.field, row.reason, row.label) == (person, "id_number", REASON, "王**")
    event = Event.objects.filter(action="person.reveal", actor=cast.staff).get()
    assert (event.object_label, event.note, event.after) == ("王**", REASON, {"field": "证件号码"})
    assert id_number(2) not in repr(vars(event)) and "13800001234" not in repr(vars(event))


@pytest.mark.parametrize(
    "name", ["leader", "auditor", "administrator", "other_liaison", "other_staff", "nobody", "outsider"]
)
def test_without_the_right_on_this_person_there_is_no_look(person, cast, name):
    with pytest.raises(Refused) as refused:
        look(getattr(cast, name), person)
    assert refused.value.code == "forbidden"
    assert not Reveal.objects.exists()


@pytest.mark.parametrize("reason", ["", "看看", "   ", "一" * 201, "核对\u202e信息"])
def test_without_a_proper_reason_there_is_no_look(person, cast, reason):
    with pytest.raises(Refused):
        look(cast.staff, person, reason=reason)
    assert not Reveal.objects.exists()


def test_looks_are_limited_per_user_and_hour(person, cast, settings):
    settings.REVEALS_PER_HOUR = 2
    look(cast.staff, person), look(cast.staff, person)
    with pytest.raises(Refused) as refused:
        look(cast.staff, person)
    assert refused.value.code == "too_many_reveals"
    assert look(cast.head, person), "the limit is each user's own"
    rows = Reveal.objects.filter(user=cast.staff)
    assert (rows.count(), reveals_left(cast.staff)) == (2, 0)
    long_ago = timezone.now() - timedelta(minutes=61)
    Reveal.objects.bulk_create(
        [Reveal(person=person, user=cast.liaison, org_unit=person.residence, field="phone", reason=REASON, at=long_ago)]
        * 1
    )
    assert reveals_left(cast.liaison) == 2


def test_the_log_is_append_only(person, cast):
    look(cast.staff, person)
    row = Reveal.objects.get()
    for act in (row.save, row.delete, Reveal.objects.all().delete, lambda: Reveal.objects.update(reason="改")):
        with pytest.raises(AppendOnlyError):
            act()
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE people_reveal SET reason = 'x'")


def test_the_log_is_read_by_auditors_and_administrators(person, cast):
    look(cast.staff, person)
    readers = {
        name: Reveal.objects.visible_to(getattr(cast, name), Right.AUDIT_READ).exists()
        for name in ("auditor", "administrator", "leader", "staff", "liaison", "outsider")
    }
    assert [name for name, sees in readers.items() if sees] == ["auditor", "administrator"]
