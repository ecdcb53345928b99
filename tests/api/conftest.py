"""What the tests of the API share: clients that speak as somebody, and a month with a report in every state."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import ApiToken
from tests.steps import approve, entry, fill_and_submit
from workplan import clock
from workplan.models import Evidence, ProgressReport
from workplan.services import reports
from workplan.services.evidence import add_evidence

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    """Give every test a folder of its own for evidence."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT


def client_of(user) -> APIClient:
    """Return a client that is signed in as the user; None stays anonymous. CSRF is enforced as in production."""
    client = APIClient(enforce_csrf_checks=False)
    if user is not None:
        client.force_authenticate(user)
    return client


@pytest.fixture
def api():
    """Return a function that gives a client for a user."""
    return client_of


@pytest.fixture
def bearer():
    """Return a function that gives a client with a fresh token of the user, and the token's row."""

    def make(user, *, may_write=True, days=30, **changes):
        token, raw = ApiToken.build(user=user, name="测试", days=days, may_write=may_write)
        for name, value in changes.items():
            setattr(token, name, value)
        token.save()
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {raw}")
        return client, token

    return make


@dataclass
class Scene:
    """Reports of the township: August approved, September submitted, October a draft with one file."""

    approved: ProgressReport
    submitted: ProgressReport
    draft: ProgressReport
    evidence: Evidence


def pdf(name: str = "台账.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


@pytest.fixture
def scene(district, cast) -> Scene:
    with clock.pinned(date(2024, 8, 28)):
        approved = approve(fill_and_submit(district, cast, month=8, homes=10, rate=(8, 10)), cast)
    with clock.pinned(date(2024, 9, 28)):
        submitted = fill_and_submit(district, cast, month=9, homes=12, rate=(9, 10))
    october = district.period(10)
    draft = reports.start_report(task=district.task, org_unit=district.township, period=october, actor=cast.liaison)
    values = {
        district.targets["49.3"].pk: entry(value=15),
        district.targets["22.4"].pk: entry(numerator=9, denominator=10),
    }
    typed = reports.ReportInput(entries=values)
    draft = reports.save_report(report=draft, actor=cast.liaison, version=draft.version, typed=typed)
    evidence = add_evidence(report=draft, actor=cast.liaison, upload=pdf())
    return Scene(approved, submitted, draft, evidence)
