"""The data maintenance site for people and units: scoped, logged, and without a way round the rules."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import ApiToken, Event, Membership, OrgUnit, Remit, User
from accounts.services.tokens import issue_token

MODELS = ["user", "orgunit", "membership", "remit", "succession", "apitoken", "event", "seal"]


@pytest.fixture
def desk(as_user, cast):
    return as_user(cast.administrator)


def listing(model):
    return reverse(f"admin:accounts_{model}_changelist")


def change(model, pk):
    return reverse(f"admin:accounts_{model}_change", args=[pk])


@pytest.mark.parametrize("model", MODELS)
def test_lists_open_for_the_administrator_and_show_one_district(desk, cast, neighbour, model):
    issue_token(user=cast.outsider, actor=cast.outsider, name="别区令牌", days=9, may_write=False)
    response = desk.get(listing(model))
    assert response.status_code == 200
    page = response.content.decode()
    for foreign in ("outsider", "D2区", "D2甲", "别区令牌"):
        assert foreign not in page


@pytest.mark.parametrize("model", MODELS)
def test_nobody_else_gets_in(as_user, cast, model):
    for name, user in cast.everybody().items():
        if name != "administrator":
            assert as_user(user).get(listing(model)).status_code == 302, name


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_deleted_here(desk, cast, district, model):
    issue_token(user=cast.liaison, actor=cast.liaison, name="x", days=9, may_write=False)
    cls = next(m for m in admin.site._registry if m._meta.label_lower == f"accounts.{model}")
    row = cls.objects.first()
    if row is not None:
        assert desk.post(reverse(f"admin:accounts_{model}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [1], "post": "yes"}
    count = cls.objects.count()
    desk.post(listing(model), data)
    assert cls.objects.count() >= count


@pytest.mark.parametrize("model", ["membership", "apitoken", "event", "seal", "succession", "user", "orgunit"])
def test_what_has_rules_is_not_added_here(desk, model):
    assert desk.get(reverse(f"admin:accounts_{model}_add")).status_code == 403


def test_rows_of_another_district_are_not_there(desk, cast, neighbour):
    before = OrgUnit.objects.get(pk=neighbour.township.pk).name
    response = desk.post(change("orgunit", neighbour.township.pk), {"name": "改名", "short_name": ""})
    assert response.status_code == 302
    assert response.url == "/admin/"
    assert OrgUnit.objects.get(pk=neighbour.township.pk).name == before
    desk.post(change("user", cast.outsider.pk), {"name": "改名", "email": ""})
    assert User.objects.get(pk=cast.outsider.pk).name == "演员·outsider"


def test_a_renamed_unit_and_user_are_logged_with_before_and_after(desk, cast, district):
    desk.post(change("orgunit", district.township.pk), {"name": "新名街道", "short_name": "新名"})
    event = Event.objects.get(action="unit.change")
    assert (event.actor, event.before["name"], event.after["name"]) == (cast.administrator, "D1甲街道", "新名街道")
    desk.post(change("user", cast.liaison.pk), {"name": "新姓名", "email": ""})
    event = Event.objects.get(action="user.change")
    assert (event.before["name"], event.after["name"]) == ("演员·liaison", "新姓名")


def test_typed_fields_beyond_the_form_change_nothing(desk, cast):
    data = {"name": "新姓名", "email": "", "is_superuser": "on", "is_staff": "on", "username": "root", "password": "x"}
    desk.post(change("user", cast.liaison.pk), data)
    user = User.objects.get(pk=cast.liaison.pk)
    assert (user.username, user.is_staff, user.is_superuser) == ("liaison", False, False)


def test_a_remit_offers_own_offices_only_and_is_logged(desk, cast, district, neighbour, business_date):
    address = reverse("admin:accounts_remit_add")
    assert neighbour.office.name not in desk.get(address).content.decode().replace(district.office.name, "")
    data = {"bureau": district.bureau.pk, "office": neighbour.office.pk, "app": "charity", "valid_from": "2024-01-01"}
    assert desk.post(address, data).status_code == 200
    assert not Remit.objects.filter(app="charity").exists()
    desk.post(address, data | {"office": district.office.pk})
    remit = Remit.objects.get(app="charity")
    assert Event.objects.get(object_type="accounts.remit").after["office_id"] == remit.office_id


def test_no_secret_is_on_any_page(desk, cast):
    token, raw = issue_token(user=cast.liaison, actor=cast.liaison, name="x", days=9, may_write=False)
    pages = [
        desk.get(change("apitoken", token.pk)),
        desk.get(change("user", cast.liaison.pk)),
        desk.get(listing("apitoken")),
    ]
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        assert token.digest not in text
        assert raw not in text
        assert cast.liaison.password not in text
    assert ApiToken.objects.count() == 1
    assert Membership.objects.exists()
