"""Remarks through the API: to read, within the scope."""

import pytest
from django.urls import reverse

from tests.api.conftest import client_of
from tests.steps import fill_and_submit
from workplan.services.supervision import Subject

from .steps import answer, convert, issue, write

pytestmark = pytest.mark.django_db
REMARKS = "/api/v1/remarks/"


def texts(user, **query) -> list[str]:
    return sorted(row["text"] for row in client_of(user).get(REMARKS, query).json()["results"])


def test_lists_hold_the_own_rows_and_filter(district, cast):
    report = fill_and_submit(district, cast, month=10, homes=3)
    write(district, cast, text="目标")
    answer(write(district, cast, text="填报", about=Subject(report=report)), cast)
    write(district, cast, text="另一板块", about=Subject(task=district.other_task))
    assert texts(cast.leader) == ["另一板块", "填报", "目标"]
    assert texts(cast.head) == ["填报", "目标"] and texts(cast.liaison) == ["填报"]
    assert texts(cast.other_liaison) == [] and texts(cast.other_head) == ["另一板块"]
    assert texts(cast.leader, state="waiting") == ["另一板块", "目标"] and texts(cast.leader, state="ordered") == []
    assert texts(cast.leader, report=report.pk) == ["填报"] and texts(cast.leader, app="funeral") == ["另一板块"]
    assert client_of(cast.leader).get(REMARKS, {"state": "purple"}).status_code == 400


def test_a_remark_comes_with_its_answer_and_with_its_order_once_that_is_issued(district, cast):
    row = answer(write(district, cast), cast)
    address = reverse("api:remark-detail", args=[row.pk])
    order = convert(row, district, cast)
    body = client_of(cast.head).get(address).json()
    assert (body["state"], body["written_by"], body["answered_by"]) == ("answered", "演员·leader", "演员·head")
    assert body["target"]["code"] == "49.3" and body["order"] is None and body["answer_due"] == "2024-10-22"
    issue(order, cast)
    body = client_of(cast.head).get(address).json()
    assert (body["state"], body["order"]) == ("ordered", order.pk)
    assert client_of(cast.liaison).get(address).status_code == 404


def test_nothing_is_written_here(district, cast):
    row = write(district, cast)
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client_of(cast.leader), method)(f"{REMARKS}{row.pk}/", {}).status_code == 405
    assert client_of(cast.leader).post(REMARKS, {}).status_code == 405
