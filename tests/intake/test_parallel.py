"""Many people at once, on PostgreSQL with real locks: one intake of a notice, one correction of a version, one plan."""

import pytest

from tests import cast as parts
from tests.test_concurrency import at_once
from workplan.models import Intake, Plan
from workplan.services import intake as service
from workplan.services.intake import StaleIntake
from workplan.services.intake_draft import make_draft

from .notice import begun, ready

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world():
    district = parts.build_district("P1")
    return district, parts.build_cast(district, parts.build_district("P2")).administrator


def retitle(intake: Intake, actor, title: str):
    edit = {"edit": "retitle_section", "section": "s1", "title": title}
    return service.correct(intake=Intake.objects.get(pk=intake.pk), actor=actor, version=0, edit=edit)


def test_a_notice_sent_many_times_at_once_is_one_intake(world):
    district, admin = world
    found = at_once([lambda: begun(district, admin) for _ in range(8)])
    assert len({intake.pk for intake in found}) == 1 and Intake.objects.count() == 1


def test_of_many_corrections_of_one_version_one_stands_and_the_others_are_told(world):
    district, admin = world
    intake = begun(district, admin)
    results = at_once([lambda n=n: retitle(intake, admin, f"第{n}种标题") for n in range(8)])
    assert sum(isinstance(result, StaleIntake) for result in results) == 7
    intake.refresh_from_db()
    assert intake.version == 1 and len(intake.edits) == 1


def test_without_the_lock_corrections_overwrite_each_other(world, monkeypatch):
    """The control: the test above sees what the lock prevents."""
    district, admin = world
    intake = begun(district, admin)
    monkeypatch.setattr(service, "locked", lambda row: Intake.objects.select_related("bureau").get(pk=row.pk))
    results = at_once([lambda n=n: retitle(intake, admin, f"第{n}种标题") for n in range(8)])
    assert sum(not isinstance(result, StaleIntake) for result in results) > 1


def test_many_presses_of_the_button_make_one_plan(world):
    district, admin = world
    intake = ready(district, admin)
    version = intake.version
    found = at_once([lambda: make_draft(intake=intake, actor=admin, version=version) for _ in range(6)])
    assert {getattr(plan, "year", plan) for plan in found} == {2025}
    assert Plan.objects.filter(year=2025).count() == 1
