"""Every measure gives the number that a slow, obvious recount of the records gives, for any day and unit."""

from datetime import date
from importlib import import_module
from importlib.util import find_spec

import pytest
from django.test import override_settings

from tests.plan_data import kept_for_module
from workplan.assess import assess, assess_each_unit, for_assessment
from workplan.demo.load import load_demo
from workplan.loading.loader import load_plan
from workplan.measures import measure_of, measures
from workplan.models import Target
from workplan.sections import section_apps
from workplan.services.measuring import measured_drift

from .counting import Counting

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("measures")]
DAYS = [date(2024, 1, 31), date(2024, 6, 30), date(2024, 9, 14), date(2024, 10, 15)]


def recounts() -> dict:
    found = {}
    for config in section_apps():
        name = f"tests.registers.of_{config.name}"
        if find_spec(name):
            found |= import_module(name).RECOUNTS
    return found


def _load() -> None:
    load_plan()
    with override_settings(DEMO=True):
        load_demo()


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup, django_db_blocker):
    with kept_for_module(django_db_blocker, _load):
        yield


def stated(assessment):
    """Return the assessment's numbers as a recount gives them."""
    amount = assessment.amount
    return (amount.numerator, amount.denominator) if assessment.target.is_ratio else (amount.value, None)


def test_every_measure_has_a_recount():
    assert set(recounts()) == set(measures())


def test_every_computed_target_names_a_measure_that_exists():
    computed = Target.objects.exclude(computed_by="")
    assert [target.code for target in computed if measure_of(target) is None] == []


def test_no_hard_target_is_typed():
    typed = Target.objects.filter(strength="hard", computed_by="")
    assert list(typed.values_list("code", flat=True)) == []


def test_records_and_figures_do_not_drift():
    assert measured_drift(Target.objects.first().plan) == []


@pytest.mark.parametrize("code", sorted(recounts()))
def test_measure_agrees_with_the_recount(code):
    targets = list(for_assessment(Target.objects.filter(computed_by=code).select_related("plan")))
    if not targets:
        pytest.skip(f"no target of the 2024 plan names {code}")
    for on in DAYS:
        for found in assess(targets, on=on):
            assert stated(found) == recounts()[code](Counting(found.target, on)), (found.target, on)


@pytest.mark.parametrize("code", sorted(recounts()))
def test_measure_agrees_with_the_recount_by_township(code):
    on = DAYS[-1]
    for target in for_assessment(Target.objects.filter(computed_by=code).select_related("plan")):
        shares = target.allocations.select_related("org_unit")
        units = [share.org_unit for share in shares if share.org_unit.is_township]
        by_unit = assess_each_unit([target], on=on, units=units)
        for unit in units:
            (found,) = by_unit[unit.pk]
            assert stated(found) == recounts()[code](Counting(target, on, unit)), (target, unit)
