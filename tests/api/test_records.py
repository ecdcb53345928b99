"""Records through the API: every register reads, writes and refuses as its pages do."""

import json
from datetime import date
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Event
from eldercare.enums import CanteenMode
from eldercare.models import Canteen, HomeAdaptation
from tests.api.conftest import client_of
from tests.registers.conftest import accepted_home, computed, homes, keeper  # noqa: F401  (fixtures)
from tests.registers.making import make_record, typed_for, unit_for
from workplan.enums import Privacy, RecordSource, RecordState
from workplan.registers.columns import columns_of
from workplan.registers.registry import registers
from workplan.services.measuring import measured_drift
from workplan.services.spotchecks import decide_item, draw_sample

pytestmark = pytest.mark.django_db
EACH = [pytest.param(model, id=model._meta.label_lower) for model in registers()]
PEOPLE = [pytest.param(model, id=model._meta.label_lower) for model in registers() if hasattr(model, "person")]
REGISTERS = "/api/v1/registers/"


def address(model, pk=None) -> str:
    found = f"{REGISTERS}{model._meta.app_label}/{model._meta.model_name}/records/"
    return found if pk is None else f"{found}{pk}/"


def as_json(value):
    if isinstance(value, dict):
        return {name: as_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return getattr(value, "pk", value)


def canteen(district, **changes) -> dict:
    typed = {"org_unit": district.township.pk, "name": "演示食堂", "happened_on": "2024-03-15"}
    return {"values": typed | changes}


@pytest.mark.parametrize("model", EACH)
def test_a_record_is_added_read_changed_and_removed(model, district, keeper):  # noqa: F811
    actor = keeper(model)
    client, typed = client_of(actor), typed_for(model, unit_for(model, district), actor)
    created = client.post(address(model), {"values": as_json(typed)}, format="json")
    assert created.status_code == 201, created.json()
    row = model.objects.get(pk=created.json()["id"])
    assert (row.created_by, row.source, row.version) == (actor, RecordSource.API, 1)
    url = address(model, row.pk)
    read = client.get(url).json()
    assert read == created.json()
    assert read["values"].keys() == {column.name for column in columns_of(model)}
    changed = client.patch(url, {"version": 1, "values": {"note": "已改"}}, format="json")
    assert (changed.status_code, changed.json()["version"], changed.json()["values"]["note"]) == (200, 2, "已改")
    assert client.get(address(model)).json()["count"] == 1
    assert client.delete(url, {"reason": "重复登记"}, format="json").status_code == 204
    assert client.get(url).status_code == 404
    assert client.get(address(model)).json()["count"] == 0
    row.refresh_from_db()
    assert row.state == RecordState.REMOVED
    acts = list(Event.objects.of(row).values_list("action", flat=True))
    assert acts == ["record.remove", "record.change", "record.create"]


@pytest.mark.parametrize("model", [p for p in EACH if p.values[0].register.key])
def test_the_same_request_twice_makes_one_record(model, district, keeper):  # noqa: F811
    actor = keeper(model)
    client, typed = client_of(actor), typed_for(model, unit_for(model, district), actor)
    answers = [client.post(address(model), {"values": as_json(typed)}, format="json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    assert model.objects.count() == 1


def test_the_same_key_with_other_values_is_refused(district, cast, api):
    client = api(cast.liaison)
    client.post(address(Canteen), canteen(district), format="json")
    answer = client.post(address(Canteen), canteen(district, happened_on="2024-04-15"), format="json")
    assert answer.status_code == 400 and "同名食堂" in str(answer.json()["errors"])
    assert Canteen.objects.count() == 1


@pytest.mark.parametrize("model", PEOPLE)
def test_a_number_is_never_sent_back(model, district, keeper):  # noqa: F811
    actor = keeper(model)
    typed = typed_for(model, unit_for(model, district), actor) | {"person_phone": "13800009999"}
    created = client_of(actor).post(address(model), {"values": as_json(typed)}, format="json")
    read = client_of(actor).get(address(model))
    assert created.status_code == 201
    for text in (created.content.decode(), read.content.decode()):
        assert typed["person_id_number"] not in text and "13800009999" not in text
    values = created.json()["values"]
    assert values["person_name"] == typed["person_name"]
    assert "*" in values["person_id_number"] and "*" in values["person_phone"]


def test_a_wrong_number_is_named_by_column_and_not_repeated(district, cast, api):
    typed = as_json(typed_for(HomeAdaptation, district.township, cast.liaison)) | {
        "person_id_number": "110105194912310021"
    }
    answer = api(cast.liaison).post(address(HomeAdaptation), {"values": typed}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["person_id_number"])
    assert "110105194912310021" not in answer.content.decode()


def test_the_person_of_a_record_stays(district, cast, api):
    row = make_record(HomeAdaptation, district.township, cast.liaison)
    body = {"version": 1, "values": {"person_name": "换人", "note": "不应写入"}}
    answer = api(cast.liaison).patch(address(HomeAdaptation, row.pk), body, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["person_name"])
    row.refresh_from_db()
    assert row.note == ""


@pytest.mark.parametrize("model", EACH)
def test_an_empty_record_is_refused_by_column(model, keeper):  # noqa: F811
    answer = client_of(keeper(model)).post(address(model), {"values": {"note": "留着"}}, format="json")
    assert answer.status_code == 400
    required = {column.name for column in columns_of(model) if column.required}
    assert answer.json()["errors"].keys() == required
    assert not model.objects.exists()


WRONG = [
    ("name", 5, "应为文字"),
    ("name", "长" * 81, "80"),
    ("name", "控\x00制", "应为文字"),
    ("happened_on", "2024-02-30", "请填写日期"),
    ("happened_on", 20240301, "应为日期"),
    ("happened_on", "2024-10-16", "不能晚于今天"),
    ("newly_built", "true", "应为true"),
    ("mode", "unknown", "没有这一选项"),
    ("org_unit", "1", "应为编号"),
    ("org_unit", True, "应为编号"),
    ("org_unit", 10**30, "应为编号"),
    ("state", "valid", "没有这一列"),
    ("created_by", 1, "没有这一列"),
    ("<script>", 1, "没有这一列"),
]


@pytest.mark.parametrize(("name", "value", "message"), WRONG)
def test_a_wrong_value_is_refused_at_its_column(name, value, message, district, cast, api):
    answer = api(cast.liaison).post(address(Canteen), canteen(district, **{name: value}), format="json")
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [name]
    assert message in str(answer.json()["errors"][name])
    assert not Canteen.objects.exists()


def test_half_a_surrogate_pair_is_refused(district, cast, api):
    body = canteen(district, name="½")
    text = json.dumps(body).replace("\\u00bd", "\\ud800")
    answer = api(cast.liaison).post(address(Canteen), text, content_type="application/json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["name"])


@pytest.mark.parametrize("more", [{"id": 5}, {"state": "rejected"}, {"version": 1}, {"created_by": 1}])
def test_fields_beside_the_values_are_refused(more, district, cast, api):
    answer = api(cast.liaison).post(address(Canteen), canteen(district) | more, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(more))


def test_a_unit_of_others_is_as_if_it_did_not_exist(district, neighbour, cast, api):
    units = [district.other_township.pk, neighbour.township.pk, 2**62]
    answers = [api(cast.liaison).post(address(Canteen), canteen(district, org_unit=pk), format="json") for pk in units]
    assert {answer.status_code for answer in answers} == {400}
    assert all(one.json() == other.json() for one, other in pairwise(answers))
    assert not Canteen.objects.exists()


def test_a_record_cannot_be_moved_to_a_unit_of_others(district, cast, api):
    row = make_record(Canteen, district.township, cast.liaison)
    body = {"version": 1, "values": {"org_unit": district.other_township.pk}}
    assert api(cast.liaison).patch(address(Canteen, row.pk), body, format="json").status_code == 400
    row.refresh_from_db()
    assert row.org_unit == district.township


def test_the_second_of_two_editors_is_told(district, cast, api):
    row = make_record(Canteen, district.township, cast.liaison)
    url = address(Canteen, row.pk)
    api(cast.liaison).patch(url, {"version": 1, "values": {"note": "第一位"}}, format="json")
    answer = api(cast.staff).patch(url, {"version": 1, "values": {"note": "第二位"}}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    current = answer.json()["current"]
    assert (current["version"], current["saved_by"]) == (2, "演员·liaison")
    row.refresh_from_db()
    assert row.note == "第一位"


def test_removing_takes_a_reason(district, cast, api):
    row = make_record(Canteen, district.township, cast.liaison)
    for body in ({}, {"reason": ""}, {"reason": " "}, {"reason": "长" * 301}, {"reason": "对", "state": "removed"}):
        answer = api(cast.liaison).delete(address(Canteen, row.pk), body, format="json")
        assert answer.status_code == 400, body
    row.refresh_from_db()
    assert row.state == RecordState.VALID


def test_those_who_may_only_read_change_nothing(district, cast, api):
    row = make_record(Canteen, district.township, cast.liaison)
    url = address(Canteen, row.pk)
    for name in ("leader", "auditor", "administrator"):
        client = api(getattr(cast, name))
        assert client.get(url).status_code == 200, name
        assert client.post(address(Canteen), canteen(district), format="json").status_code == 403, name
        assert client.patch(url, {"version": 1, "values": {}}, format="json").status_code == 403, name
        assert client.delete(url, {"reason": "试"}, format="json").status_code == 403, name


@pytest.mark.parametrize("model", EACH)
def test_others_do_not_reach_a_record(model, district, cast, keeper):  # noqa: F811
    row = make_record(model, unit_for(model, district), keeper(model))
    body = {"version": 1, "values": {"note": "越权"}}
    for name in ("other_liaison", "outsider", "nobody"):
        client, url = client_of(getattr(cast, name)), address(model, row.pk)
        assert client.get(url).status_code == 404, name
        assert client.patch(url, body, format="json").status_code == 404, name
        assert client.delete(url, {"reason": "越权"}, format="json").status_code == 404, name
        listed = client.get(address(model))
        assert listed.status_code == 404 or listed.json()["count"] == 0, name


@pytest.mark.parametrize("model", EACH)
def test_a_closed_register_does_not_exist(model, district, cast, keeper):  # noqa: F811
    keeper(model)
    reads = {Privacy.OPEN: {"leader", "auditor"}, Privacy.PERSONS: {"leader"}, Privacy.SENSITIVE: set()}
    for name in ("leader", "auditor"):
        client, open_to = client_of(getattr(cast, name)), name in reads[model.register.privacy]
        assert client.get(address(model)).status_code == (200 if open_to else 404), name
        listed = {(one["app"], one["name"]) for one in client.get(REGISTERS).json()}
        assert ((model._meta.app_label, model._meta.model_name) in listed) is open_to


@pytest.mark.parametrize("path", ["eldercare/target", "eldercare/nothing", "workplan/record", "people/person"])
def test_only_registers_are_served(path, cast, api):
    assert api(cast.leader).get(f"{REGISTERS}{path}/records/").status_code == 404


def test_the_index_says_what_the_columns_take(district, cast, api):
    found = {(one["app"], one["name"]): one for one in api(cast.liaison).get(REGISTERS).json()}
    one = found["eldercare", "canteen"]
    assert (one["title"], one["section"], one["writable"]) == ("老年食堂", "养老服务", True)
    columns = {column["name"]: column for column in one["columns"]}
    kinds = {name: column["kind"] for name, column in columns.items()}
    assert kinds == {
        "org_unit": "row",
        "name": "text",
        "happened_on": "day",
        "newly_built": "yes_no",
        "mode": "choice",
        "model_on": "day",
        "closed_on": "day",
        "note": "text",
    }
    assert [choice["value"] for choice in columns["mode"]["choices"]] == CanteenMode.values
    assert [name for name, column in columns.items() if column["required"]] == ["org_unit", "name", "happened_on"]
    homes_columns = found["eldercare", "homeadaptation"]["columns"]
    assert {column["name"] for column in homes_columns if column["fixed"]} >= {"person_name", "person_id_number"}


@pytest.mark.parametrize("model", EACH)
def test_statements_of_the_list_do_not_grow_with_the_rows(model, district, keeper):  # noqa: F811
    actor = keeper(model)
    unit, client = unit_for(model, district), client_of(actor)
    make_record(model, unit, actor)
    few = _statements(client, model)
    for number in range(1, 5):
        make_record(model, unit, actor, number)
    assert _statements(client, model) == few <= 12


def _statements(client, model) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address(model)).status_code == 200
    return len(queries)


def test_records_behind_a_number_are_those_of_the_figure(homes, computed, district, cast, api):  # noqa: F811
    client = api(cast.leader)
    accepted_home(district.township, cast.liaison, 50, accepted=None)
    figure = client.get("/api/v1/figures/", {"target": computed.pk}).json()
    (behind,) = figure["records"]
    assert figure["measure"]["code"] == "eldercare.homes_accepted" and not figure["measure"]["label"].isascii()
    assert behind == {
        "part": "counts",
        "app": "eldercare",
        "name": "homeadaptation",
        "title": "适老化改造",
        "count": 7,
    }
    assert (figure["amount"]["value"], figure["verified"]) == ("7", "0")
    query = {"target": computed.pk, "part": "counts"}
    listed = client.get(address(HomeAdaptation), query).json()
    assert {row["id"] for row in listed["results"]} == {home.pk for home in homes}
    assert client.get(address(HomeAdaptation)).json()["count"] == 8
    assert client.get(address(HomeAdaptation), query | {"as_of": "2024-09-19"}).json()["count"] == 0
    own = api(cast.liaison).get(address(HomeAdaptation), query).json()
    assert own["count"] == 5
    narrowed = client.get(address(HomeAdaptation), query | {"org_unit": district.other_township.pk})
    assert narrowed.json()["count"] == 2


def test_a_closed_register_behind_a_number_has_no_count(homes, computed, cast, api):  # noqa: F811
    figure = api(cast.auditor).get("/api/v1/figures/", {"target": computed.pk}).json()
    assert [one["count"] for one in figure["records"]] == [None]


def test_a_typed_target_has_neither_measure_nor_records(district, cast, api):
    figure = api(cast.leader).get("/api/v1/figures/", {"target": district.targets["22.4"].pk}).json()
    assert (figure["measure"], figure["records"], figure["verified"]) == (None, [], None)


def test_figures_follow_what_the_api_writes(computed, district, cast, api):  # noqa: F811
    client = api(cast.liaison)
    typed = as_json(typed_for(HomeAdaptation, district.township, cast.liaison))
    steps = dict.fromkeys(("planned_on", "built_on", "accepted_on"), "2024-09-01")
    created = client.post(address(HomeAdaptation), {"values": typed | steps}, format="json").json()
    figure = {"target": computed.pk, "org_unit": district.township.pk}
    assert client.get("/api/v1/figures/", figure).json()["amount"]["value"] == "1"
    client.delete(address(HomeAdaptation, created["id"]), {"reason": "误录"}, format="json")
    assert client.get("/api/v1/figures/", figure).json()["amount"]["value"] == "0"
    assert measured_drift(district.plan) == []


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 3),
        ({"state": "rejected"}, 0),
        ({"since": "2024-03-02"}, 2),
        ({"until": "2024-03-02"}, 2),
        ({"since": "2024-03-02", "until": "2024-03-02"}, 1),
        ({"page_size": "1", "page": "3"}, 3),
    ],
)
def test_filters(query, count, district, cast, api):
    for number in range(3):
        make_record(Canteen, district.township, cast.liaison, number)
    assert api(cast.liaison).get(address(Canteen), query).json()["count"] == count


@pytest.mark.parametrize(
    "query",
    [
        {"state": "removed"},
        {"since": "heute"},
        {"target": "1"},
        {"part": "counts"},
        {"as_of": "2024-10-01"},
        {"org_unit": "99999999"},
        {"page": "0"},
        {"page": "2"},
        {"page_size": "201"},
        {"q": "张"},
        {"note": "x"},
    ],
)
def test_queries_that_cannot_be_answered_are_refused(query, district, cast, api):
    answer = api(cast.liaison).get(address(Canteen), query)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(query))


def test_a_target_of_other_records_is_refused(homes, computed, cast, api):  # noqa: F811
    answer = api(cast.leader).get(address(Canteen), {"target": computed.pk})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["target"])
    answer = api(cast.leader).get(address(HomeAdaptation), {"target": computed.pk, "part": "out_of"})
    assert answer.status_code == 400


def test_spot_checks_are_read_with_their_findings(homes, computed, cast, api):  # noqa: F811
    check = draw_sample(target=computed, size=3, actor=cast.staff, seed="seven")
    item = decide_item(item=check.items.first(), confirmed=False, note="未见改造", actor=cast.head)
    url = f"/api/v1/spot-checks/{check.pk}/"
    body = api(cast.head).get(url).json()
    assert (body["seed"], body["size"], body["population"]) == ("seven", 3, 7)
    found = {one["record"]: (one["finding"], one["note"]) for one in body["items"]}
    assert found[item.record] == ("rejected", "未见改造") and len(found) == 3
    hidden = api(cast.auditor).get(url).json()
    assert [one["record"] for one in hidden["items"]] == [None, None, None]
    assert api(cast.liaison).get(url).status_code == 404
    assert api(cast.other_head).get("/api/v1/spot-checks/").json()["count"] == 0
    assert api(cast.leader).get("/api/v1/spot-checks/", {"target": computed.pk}).json()["count"] == 1
    rejected = api(cast.liaison).get(address(HomeAdaptation), {"state": "rejected"}).json()
    assert {row["id"] for row in rejected["results"]} <= {item.record}
