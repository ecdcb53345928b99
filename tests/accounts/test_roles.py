"""Accounts and roles: given, taken away, and what nobody may do."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.errors import Refused
from accounts.models import Event, Membership, User
from accounts.services.roles import grant_role, revoke_role
from accounts.services.users import close_account, create_user, reopen_account, reset_password
from tests.factories import MembershipFactory, UserFactory


def fresh(user):
    return User.objects.get(pk=user.pk)


def refused(code):
    return pytest.raises(Refused, check=lambda error: error.code == code)


def test_a_new_account_has_one_role_and_must_change_its_password(cast, district):
    user, password = create_user(
        username="new", name="新人", org_unit=district.township, role=Role.LIAISON, actor=cast.administrator
    )
    assert user.check_password(password)
    assert user.must_change_password
    assert not user.is_staff
    event = Event.objects.get(action="user.create", object_id=str(user.pk))
    assert (event.actor, event.org_unit, event.after["username"]) == (cast.administrator, district.township, "new")
    assert password not in str(Event.objects.values_list("before", "after", "note"))


def test_a_role_taken_away_is_gone_at_the_next_request(as_user, cast):
    client = as_user(cast.head)
    assert client.get(reverse("workplan:review")).status_code == 200
    revoke_role(membership=cast.head.memberships.get(), actor=cast.administrator)
    assert client.get(reverse("workplan:review")).status_code == 403


def test_a_role_given_works_at_the_next_request_and_ends_on_its_last_day(as_user, cast, district, business_date):
    client = as_user(cast.nobody)
    assert client.get(reverse("workplan:review")).status_code == 403
    end = business_date + timedelta(days=1)
    grant_role(user=cast.nobody, org_unit=district.office, role=Role.HEAD, actor=cast.administrator, valid_to=end)
    assert client.get(reverse("workplan:review")).status_code == 200
    assert not Membership.objects.open_on(end).filter(user=cast.nobody).exists()


def test_a_role_that_has_not_begun_never_begins_when_revoked(cast, district, business_date):
    later = business_date + timedelta(days=30)
    role = grant_role(
        user=cast.nobody, org_unit=district.office, role=Role.HEAD, actor=cast.administrator, valid_from=later
    )
    revoke_role(membership=role, actor=cast.administrator)
    assert not Membership.objects.open_on(later).filter(pk=role.pk).exists()
    assert not Membership.objects.open_on(business_date).filter(pk=role.pk).exists()


def test_a_role_can_be_given_again_after_it_was_taken(cast, district):
    revoke_role(membership=cast.head.memberships.get(), actor=cast.administrator)
    grant_role(user=cast.head, org_unit=district.office, role=Role.HEAD, actor=cast.administrator)
    with refused("already_granted"):
        grant_role(user=cast.head, org_unit=district.office, role=Role.HEAD, actor=cast.administrator)


@pytest.mark.parametrize(
    ("role", "unit"),
    [(Role.HEAD, "township"), (Role.LIAISON, "bureau"), (Role.ADMINISTRATOR, "township"), (Role.LEADER, "office")],
)
def test_roles_stay_where_they_belong(cast, district, role, unit):
    with refused("wrong_kind"):
        grant_role(user=cast.nobody, org_unit=getattr(district, unit), role=role, actor=cast.administrator)


def test_nobody_gives_himself_a_role_closes_himself_or_resets_his_own_password(cast, district):
    with refused("own_account"):
        grant_role(user=cast.administrator, org_unit=district.bureau, role=Role.LEADER, actor=cast.administrator)
    with refused("own_account"):
        close_account(user=cast.administrator, actor=cast.administrator)
    with refused("own_account"):
        reset_password(user=cast.administrator, actor=cast.administrator)


def test_the_last_administrator_stays(cast, district):
    second = UserFactory()
    with refused("last_administrator"):
        close_account(user=cast.administrator, actor=second)
    with refused("last_administrator"):
        revoke_role(membership=cast.administrator.memberships.get(), actor=second)
    grant_role(user=second, org_unit=district.bureau, role=Role.ADMINISTRATOR, actor=cast.administrator)
    close_account(user=cast.administrator, actor=second)
    with refused("last_administrator"):
        revoke_role(membership=second.memberships.get(), actor=cast.administrator)


def test_closed_or_future_administrators_do_not_count_as_the_other_one(cast, district, business_date):
    for more in ({"user": UserFactory(is_active=False)}, {"valid_from": business_date + timedelta(days=9)}):
        MembershipFactory(org_unit=district.bureau, role=Role.ADMINISTRATOR, **more)
    with refused("last_administrator"):
        revoke_role(membership=cast.administrator.memberships.get(), actor=cast.nobody)


def test_administrators_alone_enter_the_data_maintenance_site(cast, district):
    role = grant_role(user=cast.nobody, org_unit=district.bureau, role=Role.ADMINISTRATOR, actor=cast.administrator)
    assert fresh(cast.nobody).is_staff
    revoke_role(membership=role, actor=cast.administrator)
    assert not fresh(cast.nobody).is_staff


def test_reopening_needs_a_new_start_password(cast):
    cast.head.set_password("Right-Horse-42")
    cast.head.save()
    close_account(user=cast.head, actor=cast.administrator, reason="调离")
    user, password = reopen_account(user=cast.head, actor=cast.administrator)
    assert user.is_active
    assert user.must_change_password
    assert user.check_password(password)
    assert not user.check_password("Right-Horse-42")
    assert Event.objects.get(action="user.close").note == "调离"
    with refused("already_open"):
        reopen_account(user=user, actor=cast.administrator)


def test_role_changes_are_logged_with_before_and_after(cast, district, business_date):
    revoke_role(membership=cast.head.memberships.get(), actor=cast.administrator)
    event = Event.objects.get(action="role.revoke")
    assert event.actor == cast.administrator
    assert (event.before["valid_to"], event.after["valid_to"]) == (None, business_date.isoformat())
    assert event.after["user"] == "head"
    assert event.org_unit == district.office
