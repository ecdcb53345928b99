"""Ids of another township, office or bureau, put into whatever of the registers takes an id: not there, and nothing changed.

What takes an id is read from the declarations: every column that names a unit or a record, every address with an argument.
"""

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.enums import Role, UnitKind
from accounts.models import Event
from people.models import Person
from people.registers import ResidenceColumn
from tests import factories as make
from tests.api.conftest import client_of
from tests.api.test_records import address as api_address
from tests.api.test_records import as_json
from tests.registers.conftest import keeper  # noqa: F401  (fixture)
from tests.registers.making import make_record, posted, typed_for, unit_for
from workplan.models import SpotCheckItem
from workplan.registers.columns import CellError, Reading, RecordColumn, UnitColumn, UnitsColumn, columns_of
from workplan.registers.registry import registers
from workplan.services.spotchecks import draw_sample

from .test_pages import PAGES, value_of, world  # noqa: F401  (fixture)

pytestmark = pytest.mark.django_db
EACH = [pytest.param(model, id=model._meta.label_lower) for model in registers()]
NAMING = (UnitColumn, RecordColumn, ResidenceColumn)


def address(model, view: str, *arguments) -> str:
    return reverse(f"workplan:{view}", args=[model._meta.app_label, model._meta.model_name, *arguments])


@pytest.fixture
def strangers(district, neighbour, cast):
    """Return who keeps a register of the app elsewhere: the other township where townships do, and the next bureau's office."""
    clerk = make.UserFactory(username="clerk", name="邻区科员")
    make.MembershipFactory(user=clerk, org_unit=neighbour.office, role=Role.STAFF)

    def elsewhere(model) -> list[tuple]:
        if UnitKind.STREET in model.register.units:
            return [(district.other_township, cast.other_liaison), (neighbour.township, cast.outsider)]
        neighbour.other_office.office_remits.filter(app=model._meta.app_label).delete()
        make.RemitFactory._meta.model.objects.get_or_create(
            bureau=neighbour.bureau, office=neighbour.office, app=model._meta.app_label, valid_to=None
        )
        return [(neighbour.office, clerk)]

    return elsewhere


def rows_of_others(column, model, strangers) -> list:
    """Return rows that exist and are not the actor's to name."""
    if isinstance(column, RecordColumn):
        kept = column.field.related_model
        return [make_record(kept, unit, actor, 70 + at) for at, (unit, actor) in enumerate(strangers(kept))]
    return [unit for unit, _ in strangers(model)]


@pytest.mark.parametrize("model", EACH)
def test_rows_of_others_cannot_be_named_in_any_column(model, district, keeper, strangers, as_user):  # noqa: F811
    actor = keeper(model)
    own = make_record(model, unit_for(model, district), actor, 1)
    good = typed_for(model, unit_for(model, district), actor, 2)
    pages, api = as_user(actor), client_of(actor)
    for column in (c for c in columns_of(model) if isinstance(c, NAMING)):
        for row in rows_of_others(column, model, strangers):
            before = (model.objects.count(), Person.objects.count())
            many = isinstance(column, UnitsColumn)
            bad = good | {column.name: [row] if many else row}
            _require_refused(pages.post(address(model, "record_new"), posted(bad)), column)
            told = api.post(api_address(model), {"values": as_json(bad)}, format="json")
            assert (told.status_code, list(told.json()["errors"])) == (400, [column.name])
            if not column.part:
                edit = posted(bad) | {"version": own.version}
                _require_refused(pages.post(address(model, "record_edit", own.pk), edit), column)
                change = {"version": own.version, "values": {column.name: as_json(bad[column.name])}}
                told = api.patch(api_address(model, own.pk), change, format="json")
                assert (told.status_code, list(told.json()["errors"])) == (400, [column.name])
            _require_unknown_in_files(column, row, Reading(actor, model))
            assert (model.objects.count(), Person.objects.count()) == before
    assert model.objects.get(pk=own.pk).version == own.version


def _require_refused(response, column) -> None:
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [column.name]
    assert "没有这一选项，请重新选择。" in response.content.decode()


def _require_unknown_in_files(column, row, reading: Reading) -> None:
    """A cell that names the row says nothing, or names one's own row of the same name."""
    column.prepare(reading)
    for text in {str(row), getattr(row, "code", str(row)), str(row.pk)}:
        try:
            found = column.read(text, reading)
        except CellError:
            continue
        assert row not in (found if isinstance(found, list) else [found])


@pytest.mark.parametrize("model", EACH)
def test_rows_of_others_cannot_be_listed_by_any_filter(model, district, neighbour, keeper, strangers, as_user):  # noqa: F811
    actor = keeper(model)
    make_record(model, unit_for(model, district), actor)
    pages, api = as_user(actor), client_of(actor)
    for at, (unit, stranger) in enumerate(strangers(model)):
        make_record(model, unit, stranger, 80 + at)
        assert pages.get(address(model, "register"), {"unit": unit.pk}).status_code == 400
        assert pages.get(address(model, "register"), {"unit": unit.pk, "export": "xlsx"}).status_code == 400
        assert api.get(api_address(model), {"org_unit": unit.pk}).status_code == 400
    target = neighbour.targets["49.3"]
    assert pages.get(address(model, "register"), {"target": target.pk}).status_code == 404
    assert api.get(api_address(model), {"target": target.pk}).status_code == 400
    assert pages.get(address(model, "register")).context["table"].paginator.count == 1, "control: the own row is there"


# Attributes of the world by which pages name rows of the township, and those of the other one.
HIDDEN = {
    "report.pk": "hidden.pk",
    "evidence.pk": "hidden_evidence.pk",
    "record.pk": "hidden_record.pk",
    "file.pk": "hidden_file.pk",
    "batch.uid": "hidden_batch.uid",
    "resident.uid": "hidden_resident.uid",
    "second_resident.uid": "hidden_resident.uid",
}
SWAPS = [
    pytest.param(place, key, id=f"{place}:{key}")
    for place, page in sorted(PAGES.items())
    for key, path in page.arguments.items()
    if path in HIDDEN
]


@pytest.mark.parametrize(("place", "key"), SWAPS)
def test_one_id_of_the_other_township_in_an_address(place, key, world, client):  # noqa: F811
    """One id is exchanged at a time: the own record with another's file, the own person with another's to merge."""
    paths = PAGES[place].arguments
    hidden = value_of(world, HIDDEN[paths[key]].partition(".")[0])
    kwargs = {name: value_of(world, path) for name, path in paths.items()} | {key: value_of(world, HIDDEN[paths[key]])}
    client.force_login(world.cast.liaison, backend="django.contrib.auth.backends.ModelBackend")
    before, point = _stored(hidden), transaction.savepoint()
    try:
        refused = Event.objects.filter(action="access.refused").count()
        answers = [getattr(client, method)(reverse(place, kwargs=kwargs)) for method in ("get", "post")]
        assert {answer.status_code for answer in answers} <= {404, 405}
        assert any(answer.status_code == 404 for answer in answers)
        assert all(str(hidden) not in answer.content.decode() for answer in answers)
        assert _stored(hidden) == before
        assert Event.objects.filter(action="access.refused").count() > refused, "it is in the log"
    finally:
        transaction.savepoint_rollback(point)


def _stored(row) -> dict:
    return type(row)._base_manager.filter(pk=row.pk).values().get()


def test_an_item_of_another_spot_check_is_not_decided(world, client):  # noqa: F811
    other = draw_sample(target=world.computed, size=1, actor=world.cast.head).items.get(record=world.record.pk)
    client.force_login(world.cast.staff, backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("workplan:spot_check_decide", args=[world.check.pk, other.pk])
    assert client.post(page, {"finding": "confirmed", "note": "x"}).status_code == 404
    assert SpotCheckItem.objects.get(pk=other.pk).decided_by is None


def test_a_file_of_another_record_of_ones_own_is_not_reached_through_this_one(world, client):  # noqa: F811
    """Even where one may read both: the file belongs to one record, and the address must say which."""
    client.force_login(world.cast.staff, backend="django.contrib.auth.backends.ModelBackend")
    names = {"app": world.record._meta.app_label, "name": world.record._meta.model_name, "pk": world.record.pk}
    for view, method in (("attachment", client.get), ("attachment_remove", client.post)):
        path = reverse(f"workplan:{view}", kwargs=names | {"file": world.hidden_file.pk})
        assert method(path).status_code == 404
    world.hidden_file.refresh_from_db()
    assert world.hidden_file.removed_at is None
