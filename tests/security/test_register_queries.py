"""Hostile query parameters on the pages of registers, imports, spot checks and people: 400 with a word, or a clean page."""

import re

import pytest
from django.db import transaction
from django.urls import reverse

from eldercare.models import HomeAdaptation
from tests.hostile_values import TEXTS, encoded
from tests.registers.conftest import keeper  # noqa: F401  (fixture)
from tests.registers.making import make_record, unit_for
from workplan.registers.registry import registers

from .test_pages import PAGES, value_of, world  # noqa: F401  (fixture)

pytestmark = pytest.mark.django_db
EACH = [pytest.param(model, id=model._meta.label_lower) for model in registers()]
EVERY_LIST = ("as_of", "page", "per_page", "sort", "export", "q", "unit", "state", "since", "until", "target", "part")
ALSO = ("person", "org_unit__path", "id", "version", "\ud800", "x" * 500, "kind", "age", "field", "who")
FINE = {200, 400, 404}
SPEAKS = re.compile("[\u4e00-\u9fff]{4,}")
# Beside the registers themselves: pages that registers lead to.
PLACES = [name for name in PAGES if name.startswith(("workplan:register", "workplan:record", "workplan:import"))]
PLACES += [name for name in PAGES if name.startswith(("workplan:attachment", "workplan:spot_check", "people:"))]
LISTS = ("people:persons", "people:reveals")  # all values for each parameter; pages without a filter take turns
READ = [name for name in PLACES if PAGES[name].get]


def check(response, asked) -> None:
    assert response.status_code in FINE, asked
    if response.status_code != 200:
        text = response.content.decode()
        assert SPEAKS.search(text), asked
        assert "<script>alert" not in text and len(response.content) < 60_000, asked


def ask(client, path: str, name: str, text: str):
    return client.get(f"{path}?{encoded(name)}={encoded(text)}")


def list_of(model) -> str:
    return reverse("workplan:register", args=[model._meta.app_label, model._meta.model_name])


@pytest.mark.parametrize("name", [*EVERY_LIST, *HomeAdaptation.register.filters, *ALSO])
def test_every_value_of_every_parameter(name, district, cast, as_user):
    make_record(HomeAdaptation, district.township, cast.liaison)
    client = as_user(cast.liaison)
    for what, text in TEXTS.items():
        check(ask(client, list_of(HomeAdaptation), name, text), what)


@pytest.mark.parametrize("model", EACH)
def test_parameters_of_every_register(model, district, keeper, as_user):  # noqa: F811
    """Each register once with every parameter, its own filters too; the values take turns."""
    actor = keeper(model)
    make_record(model, unit_for(model, district), actor)
    client, texts = as_user(actor), list(TEXTS.values())
    start = registers().index(model)
    for turn, name in enumerate([*model.register.filters, "since", "until", "unit", "sort", "q", "page"], start):
        check(ask(client, list_of(model), name, texts[turn % len(texts)]), name)
    for column in model.register.columns:
        assert client.get(list_of(model), {"sort": f"-{column}"}).status_code in (200, 400), column


def test_sort_keys_come_from_the_columns_that_are_offered(district, cast, as_user):
    """Control: what is offered works, what is not is refused, whatever the model has by that name."""
    client = as_user(cast.liaison)
    assert client.get(list_of(HomeAdaptation), {"sort": "happened_on"}).status_code == 200
    for key in ("pk", "id", "version", "created_by__password", "person__id_digest", "org_unit__path", "?", "person,pk"):
        assert client.get(list_of(HomeAdaptation), {"sort": key}).status_code == 400, key


@pytest.mark.parametrize("place", sorted(READ))
def test_pages_that_registers_lead_to(place, world, client):  # noqa: F811
    name = next(name for name in ("liaison", "staff", "auditor") if name in PAGES[place].get)
    client.force_login(getattr(world.cast, name), backend="django.contrib.auth.backends.ModelBackend")
    path = reverse(place, kwargs={key: value_of(world, at) for key, at in PAGES[place].arguments.items()})
    point = transaction.savepoint()
    try:
        assert client.get(path).status_code in (200, 302)
        texts = list(TEXTS.values())
        for turn, parameter in enumerate(("unit", "age", "kind", "since", "who", "page", "sort", "as_of", "\ud800")):
            for text in texts if place in LISTS else texts[turn::9]:
                assert ask(client, path, parameter, text).status_code in FINE, (parameter, text)
    finally:
        transaction.savepoint_rollback(point)


@pytest.mark.parametrize("pk", [0, 2**31, 2**63 - 1, 2**63, 10**300])
def test_ids_beyond_the_database_do_not_exist(pk, world, client):  # noqa: F811
    client.force_login(world.cast.staff, backend="django.contrib.auth.backends.ModelBackend")
    for place in PLACES:
        numbers = [key for key, at in PAGES[place].arguments.items() if at.endswith(".pk")]
        for wrong in numbers:
            kwargs = {key: value_of(world, at) for key, at in PAGES[place].arguments.items()} | {wrong: pk}
            method = client.get if PAGES[place].get else client.post
            assert method(reverse(place, kwargs=kwargs)).status_code == 404, (place, wrong)
