"""A new key takes over while the portal runs."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts import crypto, keys
from accounts.crypto import key_id_of
from accounts.fields import seal, unseal
from accounts.models import Event, KeyCheck
from accounts.services.rotation import encrypted_fields, rotate_keys
from config.secret_files import make_data_key
from people.models import Household, Person
from workplan.imports.files import content_of, keep_file
from workplan.models import ImportBatch

from .conftest import id_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(enrol, district):
    found = [enrol(serial=n, phone=f"1380000{n:04}") for n in range(2, 9)]
    household = Household(org_unit=district.township, bureau=district.bureau, code="H1")
    seal(household, "address", "羊角街道 1 号")
    household.save()
    return found


@pytest.fixture
def new_key(settings, people):
    """Put a new key before the one that wrote the data; return the old ring's text."""
    keys.foreign()
    old = settings.DATA_KEYS
    settings.DATA_KEYS = f"{make_data_key()},{old}"
    keys.foreign()
    return old


def key_ids() -> set[str]:
    tokens = [value for row in Person.objects.values_list("id_number", "phone") for value in row]
    return {key_id_of(token) for token in [*tokens, *Household.objects.values_list("address", flat=True)]}


def test_every_encrypted_field_of_the_project_is_found():
    assert {(f.model.__name__, f.name) for f in encrypted_fields()} >= {
        ("Person", "id_number"), ("Person", "phone"), ("Household", "address"),
    }  # fmt: skip


def test_everything_comes_under_the_new_key_and_reads_as_before(new_key, people, settings):
    done = rotate_keys(batch=3)
    assert (done.done, done.left) == (15, 0)
    assert key_ids() == {crypto.current_key_id()}
    settings.DATA_KEYS = settings.DATA_KEYS.partition(",")[0]  # the old key is gone
    assert keys.foreign() == []
    for number, person in enumerate(people, start=2):
        person.refresh_from_db()
        assert (unseal(person, "id_number"), person.version) == (id_number(number), 1)
    assert rotate_keys().done == 0


def test_a_stopped_rotation_is_taken_up_again(new_key, people):
    some = Person.objects.filter(pk=people[0].pk)
    some.update(id_number=Person._meta.get_field("id_number").seal(id_number(2), people[0].uid))
    assert rotate_keys().done == 14
    assert key_ids() == {crypto.current_key_id()}


def test_what_somebody_writes_meanwhile_is_not_overwritten(new_key, people):
    """Somebody saves the row after the rotation has read it and before it writes."""
    field, victim = Person._meta.get_field("phone"), people[0]
    written = []

    def write_first(execute, sql, params, many, context):
        if sql.startswith("UPDATE") and '"phone"' in sql and not written:
            written.append(True)
            Person.objects.filter(pk=victim.pk).update(phone=field.seal("13911112222", victim.uid))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(write_first):
        rotate_keys()
    victim.refresh_from_db()
    assert written and unseal(victim, "phone") == "13911112222"


def test_people_can_be_read_before_between_and_after(new_key, people, settings):
    field = Person._meta.get_field("phone")
    half = people[: len(people) // 2]
    for person in half:
        Person.objects.filter(pk=person.pk).update(phone=field.seal(unseal(person, "phone"), person.uid))
    assert [p.masked_phone for p in Person.objects.order_by("pk")] == [f"138******{n:02}" for n in range(2, 9)]


def test_a_value_that_cannot_be_read_keeps_the_old_key_alive(new_key, people):
    Person.objects.filter(pk=people[0].pk).update(phone=people[1].phone)
    with pytest.raises(CommandError, match="1 项无法解密"):
        call_command("rotate_keys")
    assert KeyCheck.objects.filter(name__startswith="data:").count() == 2
    assert Event.objects.filter(action="keys.rotate").get().after == {"rows": 14, "left": 1}
    assert Person.objects.get(pk=people[0].pk).masked_phone == "（无法解密）"


def test_the_command_says_what_to_do_next(new_key, people, capsys):
    call_command("rotate_keys")
    said = capsys.readouterr().out
    assert "重新加密 15 项" in said and "旧密钥已不再使用" in said


def test_the_command_refuses_wrong_keys(people, settings):
    keys.foreign()
    settings.DATA_KEYS = make_data_key()
    with pytest.raises(CommandError, match="缺少数据密钥"):
        call_command("rotate_keys")


def test_a_ciphertext_moved_to_another_row_is_not_read(people):
    one, other = people[:2]
    Person.objects.filter(pk=one.pk).update(id_number=other.id_number)
    one.refresh_from_db()
    with pytest.raises(crypto.Undecryptable):
        unseal(one, "id_number")
    assert one.masked_id == "（无法解密）"


def test_files_of_imports_come_under_the_new_key_and_stay_readable(new_key, cast, district, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.DATA_KEYS, both = new_key, settings.DATA_KEYS
    batch = ImportBatch(
        org_unit=district.township,
        app="eldercare",
        model="visit",
        name="a.csv",
        created_by=cast.liaison,
        created_at=timezone.now(),
    )
    keep_file(batch, b"number,name")
    batch.save()
    settings.DATA_KEYS = both
    assert rotate_keys().done == 16
    settings.DATA_KEYS = both.partition(",")[0]  # the old key is gone
    assert content_of(batch) == b"number,name"
    assert [path.is_file() for path in (tmp_path / "imports").iterdir()] == [True], "no draft is left behind"
    (tmp_path / batch.file.name).write_bytes(b"number,name")
    assert rotate_keys().left == 1
