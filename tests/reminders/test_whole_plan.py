"""The real plan with its 26 townships: everything that is owed is told in one pass of few statements."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import OrgUnit
from tests import factories as make
from tests.plan_data import kept_for_module
from workplan import clock
from workplan.loading.loader import load_plan
from workplan.models import Message, Plan
from workplan.reminders import digest
from workplan.reminders.due import missing_reports
from workplan.services.workdays import seed_calendar

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("whole plan")]
ON = date(2024, 12, 30)  # December is due the day before, the year's targets tomorrow
MOST = 45


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    with kept_for_module(django_db_blocker, load_plan):
        yield


def test_everything_that_26_townships_owe_in_one_pass():
    plan = Plan.objects.select_related("bureau").get()
    seed_calendar(bureau=plan.bureau, year=2024)
    townships = list(OrgUnit.objects.below(plan.bureau).townships())
    for unit in townships:
        for role in (Role.LIAISON, Role.SUPERVISOR):
            make.MembershipFactory(org_unit=unit, role=role)
    found = missing_reports(plan.periods.filter(start__lte=ON, closes__gte=ON), ON)
    missing = {parts[:3]: numbers for parts, numbers in found.items()}
    with clock.pinned(ON), CaptureQueriesContext(connection) as queries:
        effect = digest.look(plan.bureau, ON, 9, None)
        effect()
    assert len(townships) == 26 and Message.objects.count() == 52
    named = [key for message in Message.objects.all() for line in message.lines for key in line["keys"]]
    reports = sum(len(missing[parts]) for parts in _reports(named))
    targets = sum(key.split("|")[1].count(",") + 1 for key in named if key.startswith("target|"))
    assert reports + targets >= 1000, "what each township owes, as its two people are told"
    assert len(queries) <= MOST


def _reports(keys: list[str]) -> list[tuple[int, int, str]]:
    parts = (key.split("|") for key in keys if key.startswith("report|"))
    return [(int(period), int(unit), app) for _, period, unit, app in parts]
