"""Every route, method and member of the cast: the status that comes, and the rows that are seen."""

import pytest
from django.db import transaction
from django.urls import get_resolver, reverse

from eldercare.models import Canteen
from tests.api.conftest import client_of, pdf
from tests.registers.conftest import computed, homes  # noqa: F401  (fixtures)
from tests.registers.making import make_record
from tests.remarks import steps as remarks
from tests.rollup.conftest import asked_for
from tests.supervision import steps
from workplan.enums import OrderState
from workplan.models import Allocation
from workplan.services import rollup
from workplan.services.problems import ProblemInput, add_problem
from workplan.services.spotchecks import draw_sample
from workplan.services.supervision import Subject

ALL = [
    "administrator",
    "leader",
    "auditor",
    "head",
    "staff",
    "other_head",
    "other_staff",
    "liaison",
    "other_liaison",
    "supervisor",
    "nobody",
    "outsider",
]
INSIDERS = [name for name in ALL if name not in ("nobody", "outsider")]
OVERSEERS = ["administrator", "leader", "auditor"]
OFFICE = ["head", "staff"]
READERS = [*OVERSEERS, *OFFICE, "liaison", "supervisor"]  # of a row of the township in the office's section
METHODS = ("get", "post", "put", "patch", "delete")


def only(status: int, names: list[str], otherwise: dict | None = None) -> dict[str, int]:
    """Return the status of everybody: `status` for the named, 403 for other readers, 404 for the rest."""
    base = {name: 403 if name in READERS else 404 for name in ALL}
    return base | (otherwise or {}) | dict.fromkeys(names, status)


def everybody(status: int, **others: int) -> dict[str, int]:
    return dict.fromkeys(ALL, status) | others


SEEN_IN_DISTRICT = only(200, INSIDERS)
SEEN_BY_READERS = only(200, READERS)
# Route name and method → status by member. What is missing here answers 405.
TABLE = {
    ("plan-list", "get"): everybody(200),
    ("plan-detail", "get"): SEEN_IN_DISTRICT,
    ("section-list", "get"): everybody(200),
    ("section-detail", "get"): SEEN_IN_DISTRICT,
    ("task-list", "get"): everybody(200),
    ("task-detail", "get"): only(200, [*READERS, "other_liaison"]),
    ("target-list", "get"): everybody(200),
    ("target-detail", "get"): only(200, [*READERS, "other_liaison"]),
    ("allocation-list", "get"): everybody(200),
    ("allocation-detail", "get"): SEEN_BY_READERS,
    ("allocation-detail", "patch"): only(200, ["administrator", *OFFICE]),
    ("org-unit-list", "get"): everybody(200),
    ("org-unit-detail", "get"): only(200, [*READERS, "other_head", "other_staff"]),
    ("period-list", "get"): everybody(200),
    ("period-detail", "get"): SEEN_IN_DISTRICT,
    ("report-list", "get"): everybody(200),
    ("report-list", "post"): everybody(400, liaison=200, **dict.fromkeys([*OVERSEERS, *OFFICE, "supervisor"], 403)),
    ("report-detail", "get"): SEEN_BY_READERS,
    ("report-detail", "patch"): only(200, ["liaison"]),
    ("report-detail", "delete"): only(409, ["liaison"]),
    ("report-submit", "post"): only(200, ["liaison"]),
    ("report-approve", "post"): only(200, ["head"]),
    ("report-return", "post"): only(200, ["head"]),
    ("report-correct", "post"): only(409, ["liaison"]),
    ("report-evidence", "get"): SEEN_BY_READERS,
    ("report-evidence", "post"): only(201, ["liaison"]),
    ("evidence-detail", "get"): SEEN_BY_READERS,
    ("evidence-detail", "delete"): only(204, ["liaison"]),
    ("register-list", "get"): everybody(200),
    ("record-list", "get"): everybody(200, nobody=404),  # other offices read what they keep themselves
    ("record-list", "post"): everybody(
        403, liaison=201, staff=201, nobody=404, **dict.fromkeys(["other_liaison", "outsider"], 400)
    ),
    ("record-detail", "get"): SEEN_BY_READERS,
    ("record-detail", "patch"): only(200, ["liaison", "staff"]),
    ("record-detail", "delete"): only(204, ["liaison", "staff"]),
    ("spot-check-list", "get"): everybody(200),
    ("spot-check-detail", "get"): SEEN_BY_READERS | dict.fromkeys(["liaison", "supervisor"], 404),
    ("supervision-order-list", "get"): everybody(200),
    ("supervision-order-detail", "get"): SEEN_BY_READERS,
    ("problem-list", "get"): everybody(200),
    ("problem-detail", "get"): SEEN_BY_READERS,
    ("remark-list", "get"): everybody(200),
    ("remark-detail", "get"): SEEN_BY_READERS,
    ("rollup-list", "get"): everybody(200),
    ("rollup-detail", "get"): everybody(404, leader=200, head=200, staff=200),
    ("figures", "get"): everybody(400, **dict.fromkeys(READERS, 200)),
    ("lights", "get"): everybody(
        400, **dict.fromkeys([*READERS, "other_head", "other_staff"], 200), nobody=400, outsider=400
    ),
    ("me", "get"): everybody(200),
    ("schema", "get"): everybody(200),
    ("docs", "get"): everybody(200),
}
ROWS = {
    "plan": {"outsider": 1, "nobody": 0, None: 1},
    "section": {"outsider": 2, "nobody": 0, None: 2},
    "task": dict.fromkeys(OVERSEERS, 2)
    | dict.fromkeys(["liaison", "other_liaison", "supervisor", "outsider"], 2)
    | {"nobody": 0, None: 1},
    "target": dict.fromkeys(OVERSEERS, 4)
    | dict.fromkeys(["liaison", "other_liaison", "supervisor", "outsider"], 3)
    | dict.fromkeys(OFFICE, 3)
    | {"nobody": 0, None: 1},
    "allocation": dict.fromkeys(OVERSEERS, 7)
    | dict.fromkeys(["liaison", "other_liaison", "supervisor", "outsider"], 3)
    | dict.fromkeys(OFFICE, 5)
    | {"nobody": 0, None: 2},
    "org-unit": dict.fromkeys(["liaison", "other_liaison", "supervisor", "outsider"], 1) | {"nobody": 0, None: 5},
    "period": {"nobody": 0, None: 12},
    "report": dict.fromkeys(READERS, 3) | {None: 0},
    "supervision-order": {None: 0},
    "problem": {None: 0},
    "remark": {None: 0},
}


@pytest.fixture
def addresses(district, cast, scene, computed, homes):  # noqa: F811
    """Return for a route and method the address and the body."""
    canteen = make_record(Canteen, district.township, cast.liaison)
    share = Allocation.objects.get(target=district.targets["49.3"], org_unit=district.township)
    rows = {
        "plan": district.plan,
        "section": district.section,
        "task": district.task,
        "target": district.targets["49.3"],
        "allocation": share,
        "org-unit": district.township,
        "period": district.period(10),
        "report": scene.draft,
        "evidence": scene.evidence,
        "record": canteen,
        "spot-check": draw_sample(target=computed, size=2, actor=cast.staff),
        "supervision-order": steps.brought_to(OrderState.SIGNED, district, cast),
        "problem": add_problem(
            target=district.targets["49.3"], org_unit=district.township, actor=cast.liaison, typed=ProblemInput("偏慢")
        ),
        "remark": remarks.write(district, cast, about=Subject(report=scene.submitted)),
        "rollup": rollup.make_report(asked=asked_for(district, section=district.section), actor=cast.staff)[0],
    }
    bodies = {
        ("allocation-detail", "patch"): {"amount": "60", "reason": "调整"},
        ("report-list", "post"): {
            "task": district.task.pk,
            "org_unit": district.township.pk,
            "period": district.period(10).pk,
        },
        ("report-detail", "patch"): {"version": scene.draft.version, "narrative": "进展顺利。"},
        ("report-submit", "post"): {"version": scene.draft.version},
        ("report-approve", "post"): {"version": scene.submitted.version},
        ("report-return", "post"): {"reason": "请补充。"},
        ("report-correct", "post"): {"reason": "数据有误。"},
        ("record-list", "post"): {
            "values": {"org_unit": district.township.pk, "name": "另一食堂", "happened_on": "2024-05-01"}
        },
        ("record-detail", "patch"): {"version": 1, "values": {"note": "已核对。"}},
        ("record-detail", "delete"): {"reason": "重复登记"},
    }
    unit, target = district.township.pk, rows["target"].pk
    queries = {"figures": f"?target={target}&org_unit={unit}", "lights": f"?plan={district.plan.pk}&org_unit={unit}"}

    def address(route: str, method: str):
        kind = route.split("-detail")[0] if route.endswith("-detail") else route.split("-")[0]
        row = scene.submitted if route in ("report-approve", "report-return") else rows.get(kind)
        detail = route not in queries and route not in ("me", "schema", "docs") and not route.endswith("-list")
        register = ["eldercare", "canteen"] if route.startswith("record-") else []
        url = reverse(f"api:{route}", args=[*register, row.pk] if detail else register)
        if (route, method) == ("report-evidence", "post"):
            return url, {"file": pdf("现场照片.pdf", b"%PDF-1.4 other\n")}, "multipart"
        return url + queries.get(route, ""), bodies.get((route, method), {}), "json"

    return address


def api_routes() -> set[str]:
    """Return the names of all routes below api:, from the URL configuration itself."""
    resolver = dict(get_resolver().namespace_dict)["api"][1]
    return {name for name in resolver.reverse_dict if isinstance(name, str)}


def send(user, address, route, method):
    """Send one request and undo what it wrote."""
    url, body, kind = address(route, method)
    with transaction.atomic():
        client = client_of(user)
        if route == "docs" and user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        answer = client.get(url) if method == "get" else getattr(client, method)(url, body, format=kind)
        transaction.set_rollback(True)
    return answer


def test_every_route_is_declared():
    assert api_routes() == {route for route, _ in TABLE} | {"nothing"}


@pytest.mark.parametrize("route", sorted({route for route, _ in TABLE}))
def test_everybody_gets_the_declared_status(route, cast, addresses):
    found, wanted = {}, {}
    for method in METHODS:
        declared = TABLE.get((route, method))
        for name, user in cast.everybody().items():
            wanted[name, method] = declared[name] if declared else 405
            found[name, method] = send(user, addresses, route, method).status_code
    assert found == wanted


@pytest.mark.parametrize("route", sorted({route for route, _ in TABLE} - {"docs"}))
def test_a_stranger_is_asked_to_sign_in(route, addresses):
    for method in METHODS:
        answer = send(None, addresses, route, method)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
        assert answer["Content-Type"] == "application/problem+json"


def test_a_stranger_is_sent_from_the_docs_to_the_login(addresses):
    assert send(None, addresses, "docs", "get").status_code == 302


@pytest.mark.parametrize("kind", sorted(ROWS))
def test_everybody_sees_their_rows_and_no_others(kind, cast, scene, api):
    seen = {name: api(user).get(reverse(f"api:{kind}-list")).json()["count"] for name, user in cast.everybody().items()}
    assert seen == {name: ROWS[kind].get(name, ROWS[kind][None]) for name in ALL}


def test_an_unknown_address_is_a_problem_object(api):
    answer = api(None).post("/api/v1/nothing-here/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"
