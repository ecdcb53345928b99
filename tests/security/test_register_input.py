"""Hostile text in the forms of registers and of people: stored and shown, or told at its input; never a broken page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assistance.models import TemporaryAid
from charity.models import CharityDuty
from eldercare.models import Canteen, CareWorker, HomeAdaptation
from partybuilding.models import StudySession
from people.rules.persons import PersonInput
from people.services.enrolling import enrol_person
from placenames.models import HistoricList, HistoricName
from rehabilitation.models import Client, Site
from tests.hostile_values import FORM, TEXTS, form_body
from tests.registers.conftest import computed, homes, keeper  # noqa: F401  (fixtures)
from tests.registers.making import make_record, posted, typed_for, unit_for
from workplan.models import ImportBatch
from workplan.registers.columns import columns_of
from workplan.registers.registry import registers
from workplan.services.spotchecks import draw_sample

pytestmark = pytest.mark.django_db
EACH = [pytest.param(model, id=model._meta.label_lower) for model in registers()]
EVERY_KIND = [
    TemporaryAid,
    CareWorker,
    HistoricName,
    HistoricList,
    Site,
    Client,
    StudySession,
    CharityDuty,
]  # between them, a column of every kind
AT_ONCE = ("nul", "ten kilobytes", "thirty-eight digits", "beyond bigint", "year one", "year 9999")
WORDS = [pytest.param(text, id=what) for what, text in TEXTS.items()]


def address(model, view: str, *arguments) -> str:
    return reverse(f"workplan:{view}", args=[model._meta.app_label, model._meta.model_name, *arguments])


def send(client, path: str, data: dict):
    return client.post(path, form_body(data), content_type=FORM)


def kinds_of_columns() -> list:
    """Return one column of each kind with the register that has it."""
    found = {}
    for model in EVERY_KIND:
        for column in columns_of(model):
            found.setdefault((type(column), type(column.field)), (model, column.name))
    return [pytest.param(*place, id=f"{place[0].__name__}.{place[1]}") for place in found.values()]


def test_the_registers_looked_at_have_a_column_of_every_kind():
    looked_at = {(type(column), type(column.field)) for model in EVERY_KIND for column in columns_of(model)}
    assert looked_at == {(type(column), type(column.field)) for model in registers() for column in columns_of(model)}


@pytest.mark.parametrize(("model", "name"), kinds_of_columns())
def test_any_text_in_any_input(model, name, district, keeper, as_user):  # noqa: F811
    actor = keeper(model)
    client, good = as_user(actor), posted(typed_for(model, unit_for(model, district), actor))
    for what, text in TEXTS.items():
        response = send(client, address(model, "record_new"), good | {name: text})
        assert response.status_code in (302, 422), what
        if response.status_code == 302:
            assert client.get(response.url).status_code == 200, what
            assert client.get(f"{response.url}edit/").status_code == 200, what
            assert send(client, f"{response.url}remove/", {"reason": "试"}).status_code == 302
        else:
            assert response.context["form"].errors, what
            assert len(response.content) < 60_000 + 3 * len(text), "what was typed is kept, and not repeated on and on"


@pytest.mark.parametrize("model", EACH)
def test_hostile_text_in_all_inputs_at_once(model, district, keeper, as_user):  # noqa: F811
    actor = keeper(model)
    client, good = as_user(actor), posted(typed_for(model, unit_for(model, district), actor))
    for what in AT_ONCE:
        names = [column.name for column in columns_of(model)]
        response = send(client, address(model, "record_new"), dict.fromkeys(names, TEXTS[what]))
        assert response.status_code == 422 and response.context["form"].errors, what
    days = {name: TEXTS["year one"] for name in good if str(good[name]).startswith("2024-")}
    assert send(client, address(model, "record_new"), good | days).status_code in (302, 422)
    for query in ("", "?export=xlsx", "?export=csv"):
        assert client.get(address(model, "register") + query).status_code == 200


@pytest.mark.parametrize("text", WORDS)
def test_any_text_is_looked_for(text, homes, cast, as_user):  # noqa: F811
    client = as_user(cast.liaison)
    assert send(client, address(HomeAdaptation, "register_search"), {"q": text}).status_code == 302
    assert client.get(address(HomeAdaptation, "register")).status_code == 200
    assert send(client, reverse("people:persons"), {"q": text}).status_code in (200, 422)


@pytest.mark.parametrize("text", WORDS)
def test_any_text_as_reason(text, homes, cast, as_user):  # noqa: F811
    client, row = as_user(cast.liaison), homes[0]
    full = send(client, address(HomeAdaptation, "register_export"), {"reason": text, "kind": text})
    assert full.status_code in (200, 302)
    assert send(client, address(HomeAdaptation, "record_remove", row.pk), {"reason": text}).status_code in (302, 422)
    look = reverse("people:person_reveal", args=[row.person.uid, "id_number"])
    assert send(client, look, {"reason": text}).status_code in (200, 422, 404)


@pytest.mark.parametrize("text", WORDS)
def test_any_text_about_a_person(text, district, cast, as_user):
    typed = [
        PersonInput("居民甲", id_number="11010519491231002X"),
        PersonInput("居民乙", id_number="440524188001010014"),
    ]
    one, other = (enrol_person(actor=cast.liaison, residence=district.township, typed=person) for person in typed)
    client, page = as_user(cast.liaison), reverse("people:person", args=[one.uid])
    good = {"version": "1", "name": "居民甲", "id_kind": "resident"}
    for name in ("version", "name", "id_kind", "id_number", "sex", "birth_date", "phone", "household_code", "relation"):
        one.refresh_from_db()
        response = send(client, f"{page}edit/", good | {"version": one.version, name: text})
        assert response.status_code in (302, 422), name
    assert client.get(page).status_code == 200
    for name in ("version", "residence"):
        moved = send(client, f"{page}move/", {"version": 1, "residence": district.township.pk} | {name: text})
        assert moved.status_code in (302, 422), name
    pair = reverse("people:merge", args=[one.uid, other.uid])
    for name in ("keep", "reason"):
        assert send(client, pair, {"keep": "one", "reason": "重复登记的人"} | {name: text}).status_code in (
            302,
            404,
            422,
        )


@pytest.mark.parametrize("text", WORDS)
def test_any_text_at_a_spot_check(text, homes, computed, cast, as_user):  # noqa: F811
    client = as_user(cast.staff)
    assert send(client, reverse("workplan:spot_check_draw", args=[computed.pk]), {"size": text}).status_code == 302
    check = draw_sample(target=computed, size=3, actor=cast.staff)
    decide = [reverse("workplan:spot_check_decide", args=[check.pk, item.pk]) for item in check.items.all()]
    assert send(client, decide[0], {"finding": text, "note": "未见"}).status_code == 422
    assert send(client, decide[1], {"finding": "rejected", "note": text}).status_code in (302, 422)
    assert client.get(reverse("workplan:spot_check", args=[check.pk])).status_code == 200


@pytest.mark.parametrize("text", [text for text in TEXTS.values() if "\ud800" not in text])
def test_any_name_of_a_file(text, district, cast, as_user):
    client, row = as_user(cast.liaison), make_record(Canteen, district.township, cast.liaison)
    upload = SimpleUploadedFile("x.xlsx", b"no workbook")
    upload.name = f"{text}.xlsx"
    response = client.post(address(Canteen, "import_new"), {"file": upload})
    assert response.status_code in (302, 422)
    for batch in ImportBatch.objects.all():
        assert client.get(reverse("workplan:import", args=[batch.uid])).status_code == 200
    upload = SimpleUploadedFile("x.txt", b"plain text")
    upload.name = f"{text}.txt"
    assert client.post(address(Canteen, "attachment_add", row.pk), {"files": upload}).status_code == 302
    assert client.get(address(Canteen, "record", row.pk)).status_code == 200
