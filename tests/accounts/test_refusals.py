"""Asking for what is not one's own is answered calmly and noted."""

import pytest
from django.urls import reverse

from accounts.models import Event
from accounts.services.tokens import issue_token


def noted():
    return [(e.actor.username, e.note) for e in Event.objects.filter(action="access.refused").order_by("pk")]


def test_a_row_of_another_unit_and_an_act_without_the_right_are_noted(as_user, cast, neighbour):
    client = as_user(cast.administrator)
    address = reverse("workplan:org_unit", args=[neighbour.township.pk])
    client.get(address)
    client.post(f"{address}rename/", {"name": "x"})
    as_user(cast.liaison).get("/users/")
    assert noted() == [
        ("administrator", f"GET {address} 404"),
        ("administrator", f"POST {address}rename/ 404"),
        ("liaison", "GET /users/ 403"),
    ]
    assert Event.objects.filter(action="access.refused").earliest("pk").org_unit == cast.administrator.home_units[0]


def test_programs_are_noted_by_the_name_of_their_user(client, cast, neighbour):
    _, raw = issue_token(user=cast.liaison, actor=cast.liaison, name="x", days=9, may_write=False)
    address = f"/api/v1/org-units/{neighbour.township.pk}/"
    client.get(address, headers={"Authorization": f"Bearer {raw}"})
    assert noted() == [("liaison", f"GET {address} 404")]


@pytest.mark.parametrize("path", ["/no/such/page/", "/users/x/"])
def test_a_mistyped_address_is_no_event(as_user, cast, path):
    assert as_user(cast.liaison).get(path).status_code == 404
    assert noted() == []


def test_strangers_are_not_noted(client, cast):
    client.get(reverse("workplan:user", args=[cast.liaison.pk]))
    assert noted() == []


def test_hostile_addresses_are_noted_as_they_were_sent(as_user, cast):
    as_user(cast.administrator).get("/admin/no\0such/%F0%A0%AE%B7/")
    assert noted() == [("administrator", "GET /admin/no%00such/%F0%A0%AE%B7/ 404")]
