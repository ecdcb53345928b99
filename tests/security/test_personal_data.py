"""After a run of everything that is done to people, no number is in clear anywhere but where it was asked for.

The numbers and phones of the story are looked for in every table, in all files below var/, in the logs, in addresses, in
error pages. A control shows that the search would find them.
"""

import logging
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from people.models import Person
from people.purposes import check_purposes, personal_fields, purpose_of
from people.rules.persons import PersonInput
from people.services.enrolling import enrol_person
from people.services.retention import pseudonymise
from tests.people.conftest import id_number
from workplan.registers import search

pytestmark = pytest.mark.django_db

NUMBERS = [id_number(serial) for serial in (2, 4, 6)]
PHONES = ["13800001234", "13911112222", "13722223333"]
SECRETS = [*NUMBERS, *PHONES]
REASON = "核对补贴发放信息"


@pytest.fixture
def quiet_error(settings):
    """A production installation shows no traceback."""
    settings.DEBUG = False


class Walk:
    """A client that remembers the addresses it asked for and the pages it was not meant to see numbers on."""

    def __init__(self, user):
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.addresses, self.pages = [], []

    def get(self, address, data=None):
        return self._keep(self.client.get(address, data))

    def post(self, address, data, *, shows_number=False):
        return self._keep(self.client.post(address, data), shows_number)

    def _keep(self, response, shows_number=False):
        self.addresses += [
            response.request["PATH_INFO"] + "?" + response.request["QUERY_STRING"],
            response.get("Location", ""),
        ]
        if not shows_number and not response.streaming:
            self.pages.append(response.content.decode())
        return response


def run_story(cast, district) -> Walk:
    """Enrol, search, look, edit, merge, move, refuse: as a liaison does."""
    people = [
        enrol_person(
            actor=cast.liaison, residence=district.township, typed=PersonInput(name, id_number=number, phone=phone)
        )
        for name, number, phone in zip(("王秀英", "王秀英", "李四"), NUMBERS, PHONES, strict=True)
    ]
    walk = Walk(cast.liaison)
    one, other, third = people
    for address in ("/persons/", "/persons/duplicates/", reverse("people:merge", args=[one.uid, other.uid])):
        assert walk.get(address).status_code == 200
    for words in SECRETS:
        walk.post("/persons/", {"q": words}, shows_number=True)  # the field keeps what was typed
    walk.post(reverse("people:person_reveal", args=[one.uid, "id_number"]), {"reason": REASON}, shows_number=True)
    walk.post(reverse("people:person_reveal", args=[one.uid, "phone"]), {"reason": "看"})
    form = {
        "version": 1,
        "name": "李四",
        "id_kind": "resident",
        "id_number": NUMBERS[2],
        "phone": PHONES[2],
        "household_code": "H1",
    }
    assert walk.post(reverse("people:person_edit", args=[third.uid]), form).status_code == 302
    taken = form | {"version": 2, "id_number": NUMBERS[0]}
    assert walk.post(reverse("people:person_edit", args=[third.uid]), taken, shows_number=True).status_code == 422
    walk.post(reverse("people:person_edit", args=[third.uid]), form | {"version": "x"}, shows_number=True)
    merge = reverse("people:merge", args=[one.uid, other.uid])
    assert walk.post(merge, {"keep": "one", "reason": REASON}).status_code == 302
    walk.post(reverse("people:person_move", args=[third.uid]), {"version": 2, "residence": district.other_township.pk})
    for address in (f"/persons/{NUMBERS[0]}/", f"/units/{NUMBERS[0]}/", f"/units/{PHONES[0]}/"):
        assert walk.client.get(address).status_code == 404  # typed into the address bar, not offered by a page
    walk.get("/persons/", {"unit": "x"})
    return walk


def database_text() -> str:
    """Return every value of every table as text."""
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            parts += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(parts)


def files_text() -> str:
    found = [
        path for path in Path(settings.VAR).rglob("*") if path.is_file() and not path.name.startswith("db.sqlite3")
    ]
    return "\n".join(path.read_bytes().decode("latin-1") for path in found if path.stat().st_size < 50 * 2**20)


def found_in(text: str) -> list[str]:
    digits = re.sub(r"(?<=\d)[ -](?=\d)", "", text)
    return [secret for secret in SECRETS if secret in text or secret in digits]


def test_no_number_is_in_clear_after_everything_was_done(cast, district, caplog, quiet_error):
    caplog.set_level(logging.DEBUG)
    walk = run_story(cast, district)
    assert found_in(database_text()) == []
    assert found_in(files_text()) == []
    assert found_in(caplog.text) == []
    assert found_in("\n".join(walk.addresses)) == []
    assert found_in("\n".join(walk.pages)) == []


def test_the_search_would_find_a_number_in_clear(cast, district):
    """Control: one number in one row of one table is found."""
    person = enrol_person(actor=None, residence=district.township, typed=PersonInput("李四", id_number=NUMBERS[0]))
    assert found_in(database_text()) == []
    Person.objects.filter(pk=person.pk).update(id_tail="", name=NUMBERS[0])
    assert found_in(database_text()) == [NUMBERS[0]]


def test_names_stand_in_no_address_and_in_no_log(cast, district, caplog):
    caplog.set_level(logging.DEBUG)
    walk = run_story(cast, district)
    assert not re.search("王秀英|李四|%E7%8E%8B", "\n".join(walk.addresses))
    assert not re.search("王秀英|李四", caplog.text)
    with connection.cursor() as cursor:
        cursor.execute("SELECT object_label, note, before, after FROM accounts_event")
        assert not re.search("王秀英|李四", str(cursor.fetchall()))


def test_an_error_page_names_nobody(cast, district, quiet_error):
    """A page that breaks in the middle of a search says nothing of what was searched for."""
    walk = Walk(cast.liaison)
    with connection.execute_wrapper(_broken_for_people):
        response = walk.post("/persons/", {"q": NUMBERS[0]})
    assert response.status_code >= 500
    assert found_in(response.content.decode()) == []


def _broken_for_people(execute, sql, params, many, context):
    if sql.startswith("SELECT") and 'FROM "people_person"' in sql:
        raise RuntimeError("broken on purpose")
    return execute(sql, params, many, context)


def test_a_register_keeps_a_search_by_number_as_a_digest():
    searcher = search.SEARCHERS[Person]
    for secret in SECRETS:
        kept = searcher.prepare(secret)
        assert found_in(repr(kept)) == []
        assert searcher.condition(kept, "person")
        assert "*" in searcher.shown(kept)


def test_every_personal_field_says_why_it_is_kept():
    fields = list(personal_fields())
    assert {field.name for field in fields} >= {"name", "id_number", "phone", "birth_date", "address"}
    assert check_purposes(None) == []
    for field in fields:
        purpose = purpose_of(field)
        assert purpose.purpose and "个人信息保护法" in purpose.basis and purpose.retention >= 1


def test_a_personal_field_without_a_purpose_stops_the_check(monkeypatch):
    from people import purposes

    monkeypatch.delitem(purposes.PURPOSES, "people.person.phone")
    (problem,) = check_purposes(None)
    assert problem.id == "people.E001" and "people.Person.phone" in problem.msg


def test_after_pseudonymisation_nothing_of_the_numbers_is_left(cast, district):
    person = enrol_person(
        actor=None, residence=district.township, typed=PersonInput("李四", id_number=NUMBERS[0], phone=PHONES[0])
    )
    digests = (person.id_digest, person.phone_digest)
    Person.objects.update(created_at="2015-01-01T00:00:00+08:00")
    assert pseudonymise(year=2018) == 1
    text = database_text()
    assert not any(digest in text for digest in digests) and "李四" not in text


def test_people_are_in_no_maintenance_page():
    """Numbers of people are changed by services only; the data maintenance site has no page for them."""
    from django.contrib import admin

    assert not [model for model in admin.site._registry if model in set(apps.get_app_config("people").get_models())]
