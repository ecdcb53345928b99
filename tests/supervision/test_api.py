"""Orders and problems through the API: to read, within the scope."""

import pytest
from django.urls import reverse

from tests.api.conftest import client_of
from tests.cast import TODAY
from workplan.enums import OrderState
from workplan.services.problems import ProblemInput, add_problem, check_problem

from . import steps
from .steps import brought_to, draft

pytestmark = pytest.mark.django_db
ORDERS, PROBLEMS = "/api/v1/supervision-orders/", "/api/v1/problems/"


def titles(user, **query) -> list[str]:
    return [row["title"] for row in client_of(user).get(ORDERS, query).json()["results"]]


def test_lists_hold_the_own_rows_and_filter(district, cast):
    brought_to(OrderState.SIGNED, district, cast, title="甲的事")
    steps.issue(draft(district, cast, unit=district.other_township, title="乙的事"), cast)
    draft(district, cast, title="拟办的事")
    assert titles(cast.liaison) == ["甲的事"]
    assert sorted(titles(cast.head)) == ["乙的事", "拟办的事", "甲的事"]
    assert titles(cast.head, state="issued") == ["乙的事"] and titles(cast.head, light="overdue") == []
    assert titles(cast.head, org_unit=district.township.pk, rank=1, state="signed") == ["甲的事"]
    assert client_of(cast.head).get(ORDERS, {"light": "purple"}).status_code == 400


def test_an_order_comes_with_its_trail_and_what_can_be_done(district, cast):
    order = steps.ask(brought_to(OrderState.SIGNED, district, cast), cast)
    body = client_of(cast.head).get(f"{ORDERS}{order.pk}/").json()
    assert (body["number"], body["light"], body["step"]["colour"]) == ("督办〔2024〕1号", "open", "blue")
    assert [act["action"] for act in body["acts"]] == ["draft", "issue", "sign", "ask"]
    assert body["extensions"][0]["state"] == "asked"
    assert body["available_actions"] == ["grant", "refuse", "escalate"]
    assert (
        client_of(cast.other_liaison).get(reverse("api:supervision-order-detail", args=[order.pk])).status_code == 404
    )


def test_problems_are_read_and_filtered(district, cast):
    rows = [
        add_problem(
            target=district.targets["49.3"],
            org_unit=district.township,
            actor=cast.liaison,
            typed=ProblemInput(text, action="增派人手"),
        )
        for text in ("慢", "缺料")
    ]
    check_problem(row=rows[0], actor=cast.staff, version=1, note="已完工。", closed=True)
    found = client_of(cast.liaison).get(PROBLEMS, {"open": "false"}).json()["results"]
    assert [(row["problem"], row["closed_on"]) for row in found] == [("慢", TODAY.isoformat())]
    assert client_of(cast.liaison).get(PROBLEMS, {"open": "true"}).json()["count"] == 1
    assert client_of(cast.other_liaison).get(PROBLEMS).json()["count"] == 0
