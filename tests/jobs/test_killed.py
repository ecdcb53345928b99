"""Workers that are killed, and workers that hear the same message, with real row locks: every job is done, and once."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.locks import exclusive
from tests import cast as parts
from tests.test_concurrency import at_once
from workplan.enums import JobState
from workplan.models import Job
from workplan.services import jobs as service

from .conftest import fresh, leave_trace, traces

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parent.parent.parent
HERE = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"  # other tests wait in theirs
PATIENCE = 60.0  # seconds for a process to start on a busy machine
# Writes its trace and then waits for a lock that the test holds: killed there, half of the work is done.
WORKER = """
import sys

import django

django.setup()
from accounts.locks import exclusive
from tests.jobs.conftest import leave_trace
from workplan.services import jobs


def effect():
    leave_trace()
    exclusive("held by the test")


jobs.KINDS["test.trace"] = jobs.Kind("试验", lambda: effect)
for pk in map(int, sys.argv[1:]):
    jobs.run(pk)
"""


@pytest.fixture
def bureau():
    return parts.build_district("P1").bureau


@contextmanager
def worker(*pks: int):
    """Run the jobs in a process of its own, on the database of this test."""
    name, url = connection.settings_dict["NAME"], os.environ["DATABASE_URL"]
    env = os.environ | {"DATABASE_URL": f"{url.rpartition('/')[0]}/{name}", "DJANGO_SETTINGS_MODULE": "config.settings"}
    process = subprocess.Popen([sys.executable, "-c", WORKER, *map(str, pks)], cwd=ROOT, env=env)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(sql: str, *values, what: str, gone: bool = False) -> list:
    """Wait until the statement finds something, or nothing any more; return what it finds."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            found = [row[0] for row in cursor.fetchall()]
        if bool(found) != gone:
            return found
        assert time.monotonic() < deadline, what


def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_rest_is_done(bureau, kind, told):
    kind(lambda: leave_trace)
    jobs = [service.enqueue("test.trace", str(number), org_unit=bureau) for number in range(5)]
    with worker(*(job.pk for job in jobs)) as process:
        with transaction.atomic():
            exclusive("held by the test")
            waiting = f"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND {HERE}"
            (backend,) = wait_for(waiting, what="the worker never came to its effect")
            process.send_signal(signal.SIGKILL)
            process.wait()
        wait_for("SELECT 1 FROM pg_locks WHERE pid = %s", backend, gone=True, what="its connection outlives the worker")
    assert traces() == 0 and fresh(jobs[0]).state == JobState.RUNNING
    Job.objects.filter(state=JobState.RUNNING).update(lease=timezone.now() - timedelta(seconds=1))
    told.clear()
    assert service.sweep() == len(jobs)
    for pk in told:
        service.run(pk)
    assert traces() == len(jobs)
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}


def test_eight_workers_hear_the_same_twenty_messages(bureau, kind, told):
    kind(lambda: leave_trace)
    pks = [service.enqueue("test.trace", str(number), org_unit=bureau).pk for number in range(20)]
    at_once([lambda: [service.run(pk) for pk in pks]] * 8)
    assert traces() == len(pks)
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}


def test_two_schedulers_write_one_job(bureau, kind, told):
    kind(lambda: leave_trace)
    written = at_once([lambda: service.enqueue("test.trace", "1", org_unit=bureau)] * 8)
    assert sum(isinstance(job, Job) for job in written) == 1
    assert Job.objects.count() == 1
