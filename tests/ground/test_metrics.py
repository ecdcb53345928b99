"""Metrics tell the truth to who holds the token, and nobody else learns that they exist."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories as make
from workplan.models import Heartbeat, Job

pytestmark = pytest.mark.django_db
TOKEN = {"HTTP_AUTHORIZATION": "Bearer geheim-0123456789"}


@pytest.fixture(autouse=True)
def token(settings):
    settings.METRICS_TOKEN = "geheim-0123456789"


def numbers(client) -> dict[str, float]:
    """Return every metric's value by its name with labels."""
    answer = client.get("/metrics", **TOKEN)
    assert answer.status_code == 200
    lines = (line for line in answer.content.decode().splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


@pytest.mark.parametrize("given", [{}, {"HTTP_AUTHORIZATION": "Bearer wrong"}, {"HTTP_AUTHORIZATION": "Bearer "}])
def test_without_the_token_there_is_no_such_page(client, settings, given):
    assert client.get("/metrics", **given).status_code == 404
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", **given).status_code == 404


def test_the_queue_as_it_is(client, district):
    now = timezone.now()
    assert numbers(client)["workplan_queue_age_seconds"] == 0
    make.JobFactory(org_unit=district.bureau, parked=True)
    job = make.JobFactory(org_unit=district.bureau)
    Job.objects.filter(pk=job.pk).update(due_at=now - timedelta(minutes=5))
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": now - timedelta(minutes=2)})
    found = numbers(client)
    assert found['workplan_jobs{state="parked"}'] == 1 and found['workplan_jobs{state="waiting"}'] == 1
    assert 300 <= found["workplan_queue_age_seconds"] < 360
    assert 120 <= found["workplan_worker_silence_seconds"] < 180


def test_slow_pages_and_refused_requests_are_counted_without_addresses(client, cast, as_user):
    before = numbers(client)
    client.get("/there/is/no/13800000000")
    as_user(cast.liaison).get("/leader/")
    found = numbers(client)

    def grown(name):
        return found.get(name, 0) - before.get(name, 0)

    assert grown('workplan_requests_refused_total{status="404"}') == 1
    assert grown('workplan_requests_refused_total{status="403"}') == 1
    assert grown('workplan_page_seconds_count{view="workplan:leader"}') == 1
    assert not any("13800000000" in name for name in found)
