"""A worker that is killed while it writes a file into a register, on PostgreSQL: nothing of the file stays, and it can be run again."""

import os
import select
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction

from accounts.models import Event
from eldercare.models import HomeAdaptation
from people.models import Person
from tests import cast as parts
from workplan.enums import BatchState, JobState
from workplan.imports import services as service
from workplan.models import Attachment, Figure, ImportBatch, Job
from workplan.services.jobs import sweep
from workplan.services.measuring import measured_drift, refresh_target
from workplan.services.totals import lock_target

from .conftest import DONE
from .making import run_import, typed_for, workbook
from .test_imports import bring

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
ROWS = 40
ROOT = Path(__file__).resolve().parent.parent.parent
HERE = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"  # other tests wait in theirs
PATIENCE = 60.0  # seconds for a process to start on a busy machine
WORKER = """
import sys
from datetime import date

import django

django.setup()
from workplan import clock
from workplan import jobs as kinds
from workplan.services.jobs import run

with clock.pinned(date(2024, 10, 15)):
    run(int(sys.argv[1]))
print("done")
"""


@pytest.fixture
def batch():
    """Return a checked and confirmed file of people's homes, and the target that is computed from them."""
    district = parts.build_district("P1")
    cast = parts.build_cast(district, parts.build_district("P2"))
    target = district.targets["49.3"]
    target.computed_by = "eldercare.homes_accepted"
    target.save()
    refresh_target(target)
    steps = {"planned_on": DONE, "built_on": DONE, "accepted_on": DONE}
    rows = [typed_for(HomeAdaptation, district.township, cast.liaison, number) | steps for number in range(ROWS)]
    found = bring(HomeAdaptation, cast.liaison, workbook(HomeAdaptation, rows))
    service.confirm_import(batch=found, actor=cast.liaison, good_only=False)
    return found, target


@contextmanager
def worker(batch: ImportBatch):
    """Run the import in a process of its own, on the database of this test."""
    name, url = connection.settings_dict["NAME"], os.environ["DATABASE_URL"]
    env = os.environ | {"DATABASE_URL": f"{url.rpartition('/')[0]}/{name}", "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", WORKER, str(service.job_of(batch).pk)]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def asked(sql: str, *values) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


def held_up(process) -> int:
    """Wait until the worker has written its rows and waits for the figures of the target; return its backend's id."""
    waiting, deadline = [], time.monotonic() + PATIENCE
    while not waiting:
        assert time.monotonic() < deadline, "the worker never came to the figures"
        ended, _, _ = select.select([process.stdout], [], [], 0.05)
        assert not ended, process.stdout.read()
        waiting = asked(f"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND {HERE}")
    return waiting[0]


def tables_written_by(backend: int) -> set[str]:
    return set(
        asked(
            "SELECT relation::regclass::text FROM pg_locks WHERE pid = %s AND locktype = 'relation' AND granted"
            " AND mode = 'RowExclusiveLock'",
            backend,
        )
    )


def wait_for_the_end_of(backend: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while asked("SELECT 1 FROM pg_locks WHERE pid = %s", backend):
        assert time.monotonic() < deadline, "the backend outlives its worker"


def left_behind() -> dict[str, int]:
    """Return how many rows there are of everything that an import makes."""
    applied = Event.objects.filter(action__in=("import.apply", "record.create", "record.change"))
    rows = {"homes": HomeAdaptation.objects, "people": Person.objects, "files": Attachment.objects, "events": applied}
    return {name: found.count() for name, found in rows.items()} | {"figures": Figure.objects.measured().count()}


def test_a_killed_worker_leaves_nothing_and_the_file_can_be_run_again(batch):
    batch, target = batch
    before = left_behind()
    with worker(batch) as process:
        with transaction.atomic():
            lock_target(target.pk)  # the worker stops here: rows written, nothing committed
            backend = held_up(process)
            assert {"eldercare_homeadaptation", "people_person"} <= tables_written_by(backend)
            process.send_signal(signal.SIGKILL)
            process.wait()
        wait_for_the_end_of(backend)
    assert service.job_of(batch).state == JobState.RUNNING, "claimed, as the dead worker left it"
    assert left_behind() == before
    run_import(batch)
    assert left_behind() == before, "nobody else runs it before its lease is over"
    Job.objects.filter(pk=service.job_of(batch).pk).update(lease="2000-01-01T00:00:00Z")
    assert sweep() == 1
    run_import(batch)
    _require_whole(batch, target)
    run_import(batch)
    _require_whole(batch, target)


def test_a_worker_that_is_not_killed_writes_the_file(batch):
    """Control: the same worker, held up at the same place and let go, takes the whole file in."""
    batch, target = batch
    with worker(batch) as process:
        with transaction.atomic():
            lock_target(target.pk)
            held_up(process)
        assert process.communicate(timeout=PATIENCE)[0].strip().endswith("done")
    _require_whole(batch, target)


def _require_whole(batch: ImportBatch, target) -> None:
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE, batch.result
    assert HomeAdaptation.objects.filter(batch=batch).count() == Person.objects.count() == ROWS
    assert sum(figure.value for figure in Figure.objects.measured().filter(target=target)) == ROWS
    assert Event.objects.filter(action="import.apply").count() == 1
    assert measured_drift(target.plan) == []
