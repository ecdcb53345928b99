"""Who sees which rows: both axes, and what happens when a model forgets to say how it is reached."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404

from accounts.enums import Right, Role, UnitKind
from accounts.models import OrgUnit, User
from accounts.scope import ScopedQuerySet, get_visible
from tests.factories import MembershipFactory, OrgUnitFactory, RemitFactory, UserFactory
from workplan.models import Allocation, Plan, Section


class Undeclared(ScopedQuerySet):
    """Says nothing about how its rows are reached."""


class OnlyUnits(ScopedQuerySet):
    scope_units = ("org_unit",)


@pytest.mark.parametrize("queryset", [Undeclared, OnlyUnits])
def test_a_model_that_declares_no_path_raises_for_everybody(cast, queryset):
    for user in (*cast.everybody().values(), AnonymousUser()):
        with pytest.raises(ImproperlyConfigured):
            queryset(Allocation).visible_to(user)


def test_every_scoped_model_has_both_axes_declared():
    for model in apps.get_models():
        rows = model._default_manager.all()
        if isinstance(rows, ScopedQuerySet):
            assert rows.scope_units is not None, model
            assert rows.scope_apps is not None, model


def units_of(user, right=Right.VIEW):
    return set(OrgUnit.objects.visible_to(user, right))


def shares_of(user, right=Right.VIEW):
    return {(a.target.code, a.org_unit) for a in Allocation.objects.visible_to(user, right)}


def test_units_axis_keeps_townships_and_districts_apart(cast, district, neighbour):
    own, other = district.township, district.other_township
    assert shares_of(cast.liaison) == {("49.3", own), ("22.4", own), ("46.3", own)}
    assert shares_of(cast.other_liaison) == {("49.3", other), ("22.4", other), ("46.3", other)}
    assert shares_of(cast.outsider) == {
        ("49.3", neighbour.township),
        ("22.4", neighbour.township),
        ("46.3", neighbour.township),
    }
    assert not units_of(cast.administrator) & units_of(cast.outsider)


def test_sections_axis_keeps_offices_apart_over_the_whole_bureau(cast, district):
    both = (district.township, district.other_township)
    elder = {(code, unit) for code in ("49.3", "22.4") for unit in both} | {("23.9", district.office)}
    assert shares_of(cast.head) == shares_of(cast.staff) == elder
    assert shares_of(cast.other_head) == {("46.3", unit) for unit in both}


def test_an_office_with_a_remit_in_another_section_reaches_it_while_the_remit_lasts(cast, district, business_date):
    RemitFactory(bureau=district.bureau, office=district.office, app="rehabilitation", valid_from=business_date)
    section = Section.objects.create(plan=district.plan, number=10, app="rehabilitation", title="康复板块")
    fresh = User.objects.get(pk=cast.head.pk)
    assert "rehabilitation" in fresh.scope.apps_over(district.bureau.path)
    assert Section.objects.visible_to(fresh, Right.PLAN_EDIT).filter(pk=section.pk).exists()
    district.office.office_remits.filter(app="rehabilitation").update(valid_to=business_date)
    gone = User.objects.get(pk=cast.head.pk)
    assert not Section.objects.visible_to(gone, Right.PLAN_EDIT).filter(pk=section.pk).exists()


def test_an_office_writes_only_as_the_unit_that_it_is(cast, district):
    assert shares_of(cast.staff, Right.REPORT_WRITE) == {("23.9", district.office)}
    assert shares_of(cast.head, Right.REPORT_WRITE) == set()
    assert ("49.3", district.township) in shares_of(cast.head, Right.REPORT_REVIEW)


def test_nobody_strangers_and_closed_accounts_see_nothing(cast):
    cast.leader.is_active = False
    for user in (cast.nobody, AnonymousUser(), cast.leader):
        for rows in (Allocation, OrgUnit, Plan, User):
            assert not rows.objects.visible_to(user).exists()


def test_a_new_user_with_a_future_role_sees_nothing_until_it_begins(district, business_date):
    user = UserFactory()
    MembershipFactory(user=user, org_unit=district.township, valid_from=business_date + timedelta(days=1))
    assert units_of(user) == set()


def test_outside_is_not_found_and_inside_without_the_right_is_forbidden(cast, district, neighbour):
    with pytest.raises(Http404):
        get_visible(OrgUnit.objects, cast.leader, Right.USER_MANAGE, pk=neighbour.township.pk)
    with pytest.raises(PermissionDenied):
        get_visible(OrgUnit.objects, cast.leader, Right.USER_MANAGE, pk=district.township.pk)
    assert get_visible(OrgUnit.objects, cast.administrator, Right.USER_MANAGE, pk=district.township.pk)


def test_a_city_sees_all_its_districts_and_a_longer_code_is_no_subunit(db):
    city = OrgUnitFactory(code="5001", kind=UnitKind.CITY)
    inside = OrgUnitFactory(code="500156", kind=UnitKind.BUREAU, parent=city)
    beside = OrgUnitFactory(code="50011", kind=UnitKind.BUREAU)
    user = UserFactory()
    MembershipFactory(user=user, org_unit=city, role=Role.LEADER)
    assert units_of(user) == {city, inside}
    assert beside not in units_of(user)


def test_several_roles_add_up(cast, district, business_date):
    MembershipFactory(user=cast.liaison, org_unit=district.other_township, valid_from=date(2024, 1, 1))
    both = User.objects.get(pk=cast.liaison.pk)
    assert units_of(both) == {district.township, district.other_township}


def test_accounts_are_seen_once_however_many_roles_they_hold(cast, district):
    MembershipFactory(user=cast.liaison, org_unit=district.other_township)
    seen = User.objects.visible_to(cast.administrator, Right.USER_MANAGE)
    assert list(seen).count(cast.liaison) == 1
    assert seen.count() == len(set(seen))
    assert cast.outsider not in seen
