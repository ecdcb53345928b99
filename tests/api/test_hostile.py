"""Hostile input on every parameter: 400 or 404 with a problem object, never a 500."""

import json
from itertools import product

import pytest
from django.test import RequestFactory
from django.urls import resolve, reverse

from tests.api.test_routes import TABLE
from tests.hostile_values import TEXTS, encoded
from workplan.models import Allocation, Entry, ProgressReport

LISTS = sorted({route for route, _ in TABLE if route.endswith("-list")})
# Routes that name a register as well.
REGISTER = {"app": "eldercare", "name": "homeadaptation"}
DETAILS = sorted({route for route, _ in TABLE if route.endswith("-detail")})
QUERIES = ["figures", "lights"]
FINE = {200, 201, 400, 404, 409, 422}


def address(route: str, pk: int | None = None) -> str:
    """Return the address of a list, or of a row in it."""
    more = REGISTER if route.startswith("record-") else {}
    return reverse(f"api:{route}", kwargs=more | ({} if pk is None else {"pk": pk}))


def parameters_of(route) -> list[str]:
    """Return the query parameters of a list: those of its filters, or those that it says it knows."""
    view = resolve(address(route)).func.cls
    if hasattr(view, "filterset_class"):
        return [*view.filterset_class.base_filters, "page", "page_size", "unknown"]
    asking = view(request=RequestFactory().get(address(route)))
    return [*asking.known_parameters(), "page", "unknown"]


def check(answer) -> None:
    assert answer.status_code in FINE, answer.content
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json"
        body = json.loads(answer.content)
        assert body["status"] == answer.status_code
        assert len(answer.content) < 5_000  # input is not echoed at length


@pytest.mark.parametrize("route", LISTS)
def test_query_parameters_of_lists(route, cast, scene, api):
    client = api(cast.head)
    for name, text in product(parameters_of(route), TEXTS.values()):
        check(client.get(f"{address(route)}?{name}={encoded(text)}"))


@pytest.mark.parametrize("route", QUERIES)
def test_query_parameters_of_questions(route, cast, scene, api):
    client = api(cast.head)
    for name, text in product(("target", "org_unit", "as_of", "plan", "unknown"), TEXTS.values()):
        check(client.get(f"{reverse(f'api:{route}')}?{name}={encoded(text)}"))


def test_ids_in_the_address(cast, scene, api):
    for route, text in product(DETAILS, TEXTS.values()):
        base = address(route, 1).removesuffix("1/")
        answer = api(cast.head).get(f"{base}{encoded(text)}/")
        assert answer.status_code == 404 or text == "" or (text.isdigit() and answer.status_code == 200)


def test_ids_beyond_the_database_do_not_exist(cast, scene, api):
    for route in DETAILS:
        for pk in (0, 2**31, 2**63 - 1, 2**63, 2**64, 10**300):
            assert api(cast.head).get(address(route, pk)).status_code == 404


JSON_VALUES = [
    *(json.dumps(text) for text in TEXTS.values()),
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "1e30",
    str(2**63),
    "-1",
    "1.5",
    "true",
    "null",
    "[]",
    "{}",
    '[{"target": "\\ud800"}]',
    "[null]",
    '"\\ud800\\udc00"',
    '{"\\ud800": 1}',
]
BODIES = {
    "report-list": ("post", ["task", "org_unit", "period", "\ud800", "x" * 10_000]),
    "report-detail": ("patch", ["version", "narrative", "problems", "next_steps", "entries", "\ud800", "status"]),
    "report-submit": ("post", ["version", "x"]),
    "report-approve": ("post", ["version"]),
    "report-return": ("post", ["reason", "version"]),
    "report-correct": ("post", ["reason"]),
    "allocation-detail": ("patch", ["amount", "reason", "target"]),
}


def place(route, district, scene) -> str:
    if route == "report-list":
        return reverse(f"api:{route}")
    share = Allocation.objects.get(target=district.targets["49.3"], org_unit=district.township)
    return reverse(f"api:{route}", args=[share.pk if route == "allocation-detail" else scene.draft.pk])


@pytest.mark.parametrize("route", sorted(BODIES))
def test_values_in_bodies(route, district, cast, scene, api):
    method, names = BODIES[route]
    url, good = place(route, district, scene), {"version": "1"} if route == "report-detail" else {}
    client = api(cast.staff if route == "allocation-detail" else cast.liaison)
    for name in names:
        for value in JSON_VALUES:
            fields = {json.dumps(key): text for key, text in (good | {name: value}).items()}
            body = "{" + ",".join(f"{key}: {text}" for key, text in fields.items()) + "}"
            answer = getattr(client, method)(
                url, body.encode("utf-8", "surrogatepass"), content_type="application/json"
            )
            assert answer.status_code in FINE | {403}, (name, value, answer.content)
            assert len(answer.content) < 5_000


@pytest.mark.parametrize(
    "name", ["target", "value", "numerator", "denominator", "done_on", "zero_report", "remark", "x"]
)
def test_values_in_entries(name, district, cast, scene, api):
    url = place("report-detail", district, scene)
    homes = district.targets["49.3"].pk
    for value in JSON_VALUES:
        version = ProgressReport.objects.get(pk=scene.draft.pk).version
        entry = {"target": str(homes)} | {name: value}
        text = ",".join(f"{json.dumps(key)}: {one}" for key, one in entry.items())
        body = f'{{"version": {version}, "entries": [{{{text}}}]}}'
        answer = api(cast.liaison).patch(url, body.encode("utf-8", "surrogatepass"), content_type="application/json")
        assert answer.status_code in FINE, (value, answer.content)
    assert Entry.objects.filter(report=scene.draft).count() == 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"9" * 6000,
        b"[1]",
        b'"x"',
        b"null",
        b" " * (5 * 2**20 + 1),
    ],
    ids=[
        "empty",
        "cut",
        "no utf-8",
        "deep list",
        "deep object",
        "long number",
        "list",
        "text",
        "null",
        "six megabytes",
    ],
)
def test_bodies_that_are_no_objects(body, district, cast, scene, api):
    answer = api(cast.liaison).patch(place("report-detail", district, scene), body, content_type="application/json")
    assert answer.status_code == 400
    check(answer)


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "x" * 500])
def test_other_kinds_of_content_are_refused(kind, district, cast, scene, api):
    answer = api(cast.liaison).patch(place("report-detail", district, scene), b"version=1", content_type=kind)
    assert answer.status_code == 415
    assert answer["Content-Type"] == "application/problem+json"


def test_an_upload_that_is_announced_as_too_large_is_not_read(cast, scene, api, settings):
    settings.UPLOAD_MAX_BYTES = 10
    url = reverse("api:report-evidence", args=[scene.draft.pk])
    body = b"--b\r\n" + b"x" * (2**20 + 100)
    answer = api(cast.liaison).post(url, body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("文件不能超过")


@pytest.mark.parametrize("body", [b"", b"--b--", b"--b\r\nContent-Disposition: form-data\r\n\r\n", b"x" * 100])
def test_broken_multipart_is_refused(body, cast, scene, api):
    url = reverse("api:report-evidence", args=[scene.draft.pk])
    answer = api(cast.liaison).post(url, body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 400
    check(answer)


def test_what_a_client_says_it_accepts_changes_nothing(cast, api):
    for accepted in ("text/html", "application/xml", "\ud7ff", "*/*;q=x" * 50):
        answer = api(cast.head).get("/api/v1/plans/", HTTP_ACCEPT=accepted)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
