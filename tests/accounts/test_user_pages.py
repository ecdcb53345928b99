"""The pages where an administrator keeps users; who is out of reach stays so."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.enums import Role
from accounts.models import Membership, User
from tests.factories import MembershipFactory, UserFactory

USERS = "/users/"


def address(name, *args):
    return reverse(f"workplan:{name}", args=args)


@pytest.fixture
def desk(as_user, cast):
    return as_user(cast.administrator)


def test_list_shows_the_own_district_and_nobody_else(desk, cast):
    page = desk.get(USERS, {"per_page": "100"}).content.decode()
    for name in ("leader", "head", "other_liaison"):
        assert f">演员·{name}<" in page
    assert "outsider" not in page


@pytest.mark.parametrize(
    ("query", "there", "missing"),
    [
        ({"q": "liais"}, "other_liaison", "leader"),
        ({"role": Role.HEAD}, "other_head", "leader"),
        ({"state": "closed"}, "没有符合条件的用户", "leader"),
    ],
)
def test_search_and_filters(desk, query, there, missing):
    table = desk.get(USERS, query, headers={"HX-Request": "true"}).content.decode()
    assert there in table
    assert f"演员·{missing}<" not in table


def test_filter_by_unit_reaches_below_it_but_not_into_the_next_district(desk, district, neighbour):
    table = desk.get(USERS, {"org_unit": district.bureau.pk}, headers={"HX-Request": "true"}).content.decode()
    assert "演员·liaison<" in table
    assert desk.get(USERS, {"org_unit": neighbour.bureau.pk}).status_code == 400


def test_list_costs_the_same_whatever_its_length(
    desk, district, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(13):
        desk.get(USERS)
    for _ in range(12):
        MembershipFactory(org_unit=district.township)
    with django_assert_max_num_queries(13):
        desk.get(USERS)


def test_a_created_user_signs_in_with_the_password_shown_once(desk, district):
    data = {"username": "new.one", "name": "新人", "org_unit": district.township.pk, "role": Role.LIAISON}
    response = desk.post(address("user_create"), data)
    password = re.search(r'secret-text">([^<]+)<', response.content.decode()).group(1)
    user = User.objects.get(username="new.one")
    assert password not in desk.get(address("user", user.pk)).content.decode()
    newcomer = Client()
    newcomer.post("/sign-in/", {"username": "new.one", "password": password})
    assert newcomer.get("/").url == reverse("accounts:password")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"username": "LIAISON"}, "该账号已被使用"),
        ({"username": "空 格"}, "账号以字母或数字开头"),
        ({"name": ""}, "必填项"),
        ({"name": "张\u202e三"}, "含有无法识别的字符"),
        ({"role": Role.LEADER}, "不能设在街道一级"),
        ({"role": "superuser"}, "选择一个有效的选项"),
    ],
)
def test_mistakes_are_told_at_the_field_and_nothing_typed_is_lost(desk, district, changed, words):
    data = {
        "username": "new.one",
        "name": "新人",
        "org_unit": district.township.pk,
        "role": Role.LIAISON,
        "email": "a@b.cn",
    }
    before = User.objects.count()
    response = desk.post(address("user_create"), data | changed)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "a@b.cn" in response.content.decode()
    assert User.objects.count() == before


def test_no_user_and_no_role_in_another_district(desk, cast, neighbour):
    data = {"username": "spy", "name": "越界", "org_unit": neighbour.township.pk, "role": Role.LIAISON}
    assert desk.post(address("user_create"), data).status_code == 422
    data = {"org_unit": neighbour.bureau.pk, "role": Role.ADMINISTRATOR}
    assert desk.post(address("user_grant", cast.leader.pk), data).status_code == 422
    assert not User.objects.filter(username="spy").exists()
    assert not Membership.objects.filter(user=cast.leader, org_unit=neighbour.bureau).exists()


ACTS = ["user_change", "user_grant", "user_close", "user_reopen", "user_reset", "user_sign_out"]


@pytest.mark.parametrize("act", ACTS)
def test_users_of_another_district_are_not_there(desk, cast, act):
    before = User.objects.filter(pk=cast.outsider.pk).values().get()
    assert desk.get(address("user", cast.outsider.pk)).status_code == 404
    assert desk.post(address(act, cast.outsider.pk), {"name": "x", "reason": "x"}).status_code == 404
    assert User.objects.filter(pk=cast.outsider.pk).values().get() == before


def test_a_role_of_another_district_cannot_be_taken_through_an_own_user(desk, cast):
    foreign = cast.outsider.memberships.get()
    for person in (cast.liaison, cast.outsider):
        assert desk.post(address("user_revoke", person.pk, foreign.pk)).status_code == 404
    foreign.refresh_from_db()
    assert foreign.valid_to is None


@pytest.mark.parametrize("act", ACTS)
def test_an_account_with_roles_elsewhere_cannot_be_taken_over(desk, cast, neighbour, act):
    """Somebody who is a liaison here and administrator there: his password is not ours to reset."""
    both = UserFactory(username="both")
    here = MembershipFactory(user=both, org_unit=cast.liaison.memberships.get().org_unit)
    MembershipFactory(user=both, org_unit=neighbour.bureau, role=Role.ADMINISTRATOR)
    page = desk.get(address("user", both.pk)).content.decode()
    assert "管辖范围以外还有任职" in page
    assert neighbour.bureau.name not in page
    assert desk.post(address(act, both.pk), {"name": "x"}).status_code == 403
    assert desk.post(address("user_revoke", both.pk, here.pk)).status_code == 302
    here.refresh_from_db()
    assert here.valid_to is not None


def test_granting_revoking_closing_and_reopening_by_hand(desk, cast, district):
    desk.post(address("user_grant", cast.liaison.pk), {"org_unit": district.other_township.pk, "role": Role.LIAISON})
    role = Membership.objects.get(user=cast.liaison, org_unit=district.other_township)
    page = desk.get(address("user", cast.liaison.pk)).content.decode()
    assert address("user_revoke", cast.liaison.pk, role.pk) in page
    desk.post(address("user_revoke", cast.liaison.pk, role.pk))
    response = desk.post(address("user_close", cast.liaison.pk), {"reason": "调离"}, follow=True)
    assert "账号已停用" in response.content.decode()
    assert "（调离）" in response.content.decode()
    response = desk.post(address("user_reopen", cast.liaison.pk))
    assert "初始密码" in response.content.decode()
    assert User.objects.get(pk=cast.liaison.pk).is_active


def test_refusals_of_the_rules_are_said_on_the_page(desk, cast):
    own = cast.administrator.memberships.get()
    response = desk.post(address("user_revoke", cast.administrator.pk, own.pk), follow=True)
    assert "至少要有一名系统管理员" in response.content.decode()
    response = desk.post(address("user_close", cast.administrator.pk), follow=True)
    assert "不能停用自己的账号" in response.content.decode()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "𠮷野家", "=1+1", "{{ 7|add:7 }}"])
def test_what_is_typed_is_shown_as_text(desk, cast, text):
    desk.post(address("user_change", cast.liaison.pk), {"name": text})
    for page in (address("user", cast.liaison.pk), "/users/?per_page=100", "/audit/"):
        shown = desk.get(page).content.decode()
        assert escape(text) in shown
        assert "<script>alert" not in shown
        assert "14<" not in shown
