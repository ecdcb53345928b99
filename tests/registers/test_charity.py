"""Charities are kept once, as social organisations; charity's register points at them."""

from datetime import date

import pytest
from django.urls import reverse

from charity.models import CharityDuty
from socialorgs.models import SocialOrganisation
from tests import factories as make
from workplan.assess import assess
from workplan.models import Allocation
from workplan.registers.columns import Reading, columns_of
from workplan.rules.kinds import TargetKind
from workplan.services.records import change_record

from .making import make_record


@pytest.fixture
def add(district, keeper):
    def add_record(model, number=0, **values):
        return make_record(model, district.office, keeper(model), number, **values)

    return add_record


def choices(actor):
    column = next(column for column in columns_of(CharityDuty) if column.name == "organisation")
    return set(column.allowed(Reading(actor, CharityDuty)))


@pytest.mark.django_db
def test_only_charities_can_owe_the_duties_of_charities(add, keeper, as_user):
    charity, other = add(SocialOrganisation, 1), add(SocialOrganisation, 2, charity_on=None)
    assert choices(keeper(CharityDuty)) == {charity}
    typed = {"organisation": other.pk, "year": "2024", "happened_on": "2024-03-01", "org_unit": charity.org_unit_id}
    response = as_user(keeper(CharityDuty)).post(reverse("workplan:record_new", args=["charity", "charityduty"]), typed)
    assert response.status_code == 422
    assert "organisation" in response.context["form"].errors
    assert not CharityDuty.objects.exists()


@pytest.mark.django_db
def test_a_year_is_shown_without_a_separator(add, keeper, as_user):
    add(CharityDuty, year=2024)
    text = as_user(keeper(CharityDuty)).get(reverse("workplan:register", args=["charity", "charityduty"])).text
    assert "2024" in text and "2,024" not in text


@pytest.mark.django_db
def test_charities_that_disclose_out_of_all_that_are_registered(district, add, keeper):
    """Those of the register of organisations are the denominator, whether their duty is entered or not."""
    target = make.TargetFactory(
        task=district.task, kind=TargetKind.RATE, goal=90, unit="%", computed_by="charity.disclosing"
    )
    Allocation.objects.create(target=target, org_unit=district.office)
    early = {"happened_on": date(2023, 5, 1), "charity_on": date(2023, 6, 1)}
    open_one, closing = (add(SocialOrganisation, n, **early) for n in (1, 2))
    add(SocialOrganisation, 3, **early)
    for organisation in (open_one, closing):
        add(CharityDuty, organisation=organisation, year=2024, disclosed_on=date(2024, 4, 1))

    def stated(on):
        amount = assess([target], on=on)[0].amount
        return amount.numerator, amount.denominator

    assert stated(date(2024, 3, 31)) == (0, 3)
    assert stated(date(2024, 4, 1)) == (2, 3)
    change_record(
        record=closing,
        actor=keeper(SocialOrganisation),
        typed={"ended_on": date(2024, 6, 1)},
        version=closing.version,
    )
    assert stated(date(2024, 5, 31)) == (2, 3)
    assert stated(date(2024, 6, 1)) == (1, 2), "an organisation that was struck off counts in neither number"
