"""Script in the texts of registers is text on every page that they lead to."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.cast import TODAY
from workplan import clock
from workplan.models import ImportBatch
from workplan.registers.columns import TextColumn, columns_of
from workplan.registers.tables import record_url
from workplan.views.registers import list_url

from .hostile import MARKUP, SCRIPT, poison_registers
from .world import build_world

pytestmark = pytest.mark.django_db
RAW = (*MARKUP, SCRIPT[-4:])  # unescaped quotes would end an attribute
SHOWN = "&lt;script&gt;alert(1)"


@pytest.fixture(scope="module")
def poisoned(django_db_setup, django_db_blocker):
    """Return the records with scripts in them, and by address the pages of each as its keeper sees them, read once."""
    with django_db_blocker.unblock(), transaction.atomic(), clock.pinned(TODAY):
        world = build_world()
        records = poison_registers(world)
        cast, seen = world.cast, {}
        for user in (cast.liaison, cast.staff):
            own = [row for row in records.values() if row.created_by_id == user.pk]
            seen |= _pages(user, [path for row in own for path in _addresses(row)])
        brought = [f"/imports/{batch.uid}/" for batch in ImportBatch.objects.filter(created_by=cast.liaison)]
        person = reverse("people:person", args=[world.resident.uid])
        seen |= _pages(cast.liaison, ["/persons/", person, f"{person}edit/", *brought])
        seen |= _pages(cast.staff, [f"/spot-checks/{world.check.pk}/"]) | _pages(cast.auditor, ["/reveals/"])
        yield records, seen
        transaction.set_rollback(True)


def _addresses(row) -> list[str]:
    return [list_url(type(row)), record_url(row), f"{record_url(row)}edit/"]


def _pages(user, paths: list[str]) -> dict[str, str]:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answers = {path: client.get(path) for path in paths}
    assert [path for path, answer in answers.items() if answer.status_code != 200] == []
    return {path: answer.content.decode() for path, answer in answers.items()}


def test_no_page_of_a_register_contains_markup_that_somebody_typed(poisoned):
    _, seen = poisoned
    assert [path for path, text in seen.items() if any(raw in text for raw in RAW)] == []


def test_the_texts_are_kept_as_typed_and_shown(poisoned):
    """Control: nothing was filtered away, and the page and the form of every record do show it."""
    records, seen = poisoned
    for model, row in records.items():
        row.refresh_from_db()
        assert row.note.removeprefix("2") == SCRIPT, model
        assert all(SHOWN in seen[path] for path in _addresses(row)[1:]), model


def test_every_text_of_every_register_is_the_script(poisoned):
    """Control: nothing was left out, and nearly all of it was typed."""
    records, _ = poisoned
    plain = []
    for model, row in records.items():
        row.refresh_from_db()
        texts = [column.name for column in columns_of(model) if isinstance(column, TextColumn)]
        plain += [f"{model._meta.label_lower}.{name}" for name in texts if SCRIPT[:4] not in getattr(row, name)]
    assert {name.rpartition(".")[2] for name in plain} == {"award", "code"}, "their form is held by a constraint"


@pytest.mark.parametrize("place", ["/persons/", "/imports/", "/spot-checks/", "/reveals/"])
def test_names_of_people_and_files_notes_and_reasons_are_shown_as_text(poisoned, place):
    """Control: the script does stand on these pages."""
    _, seen = poisoned
    assert any(SHOWN in text for path, text in seen.items() if path.startswith(place))
