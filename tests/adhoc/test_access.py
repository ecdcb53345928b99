"""Who sees an ad-hoc request: the bureau's side of the section, and once approved the units that are asked."""

import pytest
from django.urls import reverse

from accounts.enums import Right
from workplan.models import AdHocAnswer, AdHocField, AdHocRequest, AdHocValue

from .steps import answer, approve, approved, asked, part

pytestmark = pytest.mark.django_db
INSIDE = {"administrator", "leader", "auditor", "head", "staff"}
TOWNSHIP = {"liaison", "supervisor"}


def seeing(cast, rows, right=Right.VIEW) -> set[str]:
    return {
        name for name, user in cast.everybody().items() if type(rows[0]).objects.visible_to(user, right).filter(pk__in=[r.pk for r in rows]).exists()
    }  # fmt: skip


def test_before_its_approval_no_township_sees_anything_of_it(district, cast, as_user):
    row = asked(district, cast)
    for rows in ([row], list(row.fields.all()), list(row.answers.all())):
        assert seeing(cast, rows) == INSIDE, rows
    address = reverse("workplan:adhoc_request", args=[row.pk])
    mine = reverse("workplan:adhoc_answer", args=[part(row, district.township).pk])
    for name, user in cast.everybody().items():
        expected = 200 if name in INSIDE else 404
        client = as_user(user)
        assert client.get(address).status_code == client.get(mine).status_code == expected, name
    approve(row, cast)
    assert seeing(cast, [row]) == INSIDE | TOWNSHIP | {"other_liaison"}


def test_units_that_are_not_asked_and_other_districts_see_nothing(district, cast):
    row = approved(district, cast, units=(district.township,))
    assert seeing(cast, [row]) == INSIDE | TOWNSHIP and seeing(cast, list(row.fields.all())) == INSIDE | TOWNSHIP


def test_of_the_answers_a_township_sees_its_own(district, cast, as_user):
    row = approved(district, cast)
    answer(row, district.township, cast.liaison, beds=4711)
    assert seeing(cast, [part(row, district.township)]) == INSIDE | TOWNSHIP
    assert seeing(cast, list(AdHocValue.objects.all())) == INSIDE | TOWNSHIP
    address = reverse("workplan:adhoc_request", args=[row.pk])
    assert "4,711" in as_user(cast.liaison).get(address).text
    text = as_user(cast.other_liaison).get(address).text
    assert "4,711" not in text and "甲街道" not in text
    file = as_user(cast.other_liaison).get(reverse("workplan:adhoc_answers", args=[row.pk]))
    assert b"4711" not in b"".join(file.streaming_content)


def test_who_may_do_what(district, cast):
    row = approved(district, cast)
    assert seeing(cast, [row], Right.PLAN_EDIT) == {"administrator", "head", "staff"}
    assert seeing(cast, [row], Right.SUPERVISE) == {"leader", "head"}
    assert seeing(cast, [part(row, district.township)], Right.REPORT_WRITE) == {"liaison"}


def test_an_auditor_reads_only(district, cast, as_user):
    row, client = asked(district, cast), as_user(cast.auditor)
    text = client.get(reverse("workplan:adhoc_request", args=[row.pk])).text
    assert 'method="post" action="/adhoc/' not in text and reverse("workplan:adhoc_new") not in text
    for name in ("send", "approve", "refuse", "withdraw"):
        assert client.post(reverse(f"workplan:adhoc_{name}", args=[row.pk]), {"version": 2}).status_code == 403


def test_every_model_declares_how_it_is_reached(cast):
    for model in (AdHocRequest, AdHocField, AdHocAnswer, AdHocValue):
        assert not model.objects.visible_to(cast.nobody).exists()
