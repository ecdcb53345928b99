"""A job is written once, done once, tried again after longer and longer, and parked in the end. Messages only wake workers."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from workplan.enums import JobState
from workplan.errors import Refused
from workplan.models import Job
from workplan.services import jobs as service

from .conftest import fresh, leave_trace, traces

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(kind, district, told):
    """Write a job of a kind that does what it is given; by default it leaves a trace."""

    def write_job(act=lambda: leave_trace, key="1", **values):
        return service.enqueue(kind(act), key, org_unit=district.bureau, **values)

    return write_job


def lose(job: Job) -> None:
    """Let the lease run out, as when the worker has died."""
    Job.objects.filter(pk=job.pk).update(lease=timezone.now() - timedelta(seconds=1))


def come(job: Job) -> None:
    """Let the time come at which the job is due."""
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def test_a_key_is_written_once(write):
    assert write() is not None
    assert write() is None
    assert Job.objects.count() == 1


def test_a_job_goes_with_the_transaction_that_wanted_it(write, told, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Refused), transaction.atomic():
        write()
        raise Refused("业务没有办成。", code="x")
    assert not Job.objects.exists() and told == []
    with django_capture_on_commit_callbacks(execute=True):
        job = write()
        assert told == [], "nobody is told before the row is there to be found"
    assert told == [job.pk]


def test_a_job_that_cannot_be_written_is_no_job_that_is_there(write):
    with pytest.raises(IntegrityError):
        service.enqueue("test.trace", "1", org_unit=None)


def test_a_message_that_comes_twice_does_the_work_once(write):
    job = write()
    service.run(job.pk)
    service.run(job.pk)
    assert traces() == 1
    assert fresh(job).state == JobState.DONE and fresh(job).lease is None and fresh(job).seconds >= 0


def test_a_kind_that_only_looks_is_done_too(write):
    job = write(lambda: None)
    service.run(job.pk)
    assert fresh(job).state == JobState.DONE


def test_ids_reach_the_kind(write):
    seen = []
    job = write(lambda plan, day: seen.append((plan, day)), payload={"plan": 7, "day": "2024-10-15"})
    service.run(job.pk)
    assert seen == [(7, "2024-10-15")]


def test_what_is_not_due_waits(write, told, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = write(due_at=timezone.now() + timedelta(days=1))
    assert told == []
    service.run(job.pk)
    assert service.sweep() == 0 and fresh(job).state == JobState.WAITING
    come(job)
    assert service.sweep() == 1 and told == [job.pk]
    service.run(job.pk)
    assert traces() == 1


def test_failures_are_tried_again_after_longer_and_longer_and_parked_in_the_end(write):
    def fail():
        raise ValueError("张三 500232199001011234")

    job, waits = write(fail), []
    for _ in range(service.TRIES):
        service.run(job.pk)
        waits.append(fresh(job).due_at - timezone.now())
        come(job)
    assert fresh(job).state == JobState.PARKED and fresh(job).attempts == service.TRIES
    assert fresh(job).error == "ValueError", "what an error says may be about people"
    assert [round(wait / timedelta(minutes=1)) for wait in waits[:-1]] == [1, 10, 60]
    service.run(job.pk)
    assert service.sweep() == 0 and fresh(job).attempts == service.TRIES


def test_the_reason_of_a_refusal_is_kept(write):
    def refuse():
        raise Refused("计划已经关闭。", code="closed")

    job = write(refuse)
    service.run(job.pk)
    assert fresh(job).error == "计划已经关闭。"


def test_an_effect_that_fails_half_way_leaves_nothing(write):
    def half():
        leave_trace()
        raise ValueError

    job = write(lambda: half)
    service.run(job.pk)
    assert traces() == 0 and fresh(job).state == JobState.WAITING


def test_a_dead_workers_job_is_taken_over(write, told):
    job = write()
    assert service._claimed(job.pk) is not None
    service.run(job.pk)
    assert traces() == 0 and service.sweep() == 0, "it counts as alive"
    lose(job)
    assert service.sweep() == 1 and told == [job.pk]
    service.run(job.pk)
    assert traces() == 1 and fresh(job).state == JobState.DONE


def test_a_slow_worker_writes_nothing_once_another_has_taken_over(write):
    begun = []

    def slow():
        if not begun:
            begun.append(True)
            lose(job)
            service.run(job.pk)  # the other worker
        return leave_trace

    job = write(slow)
    service.run(job.pk)
    assert traces() == 1 and fresh(job).state == JobState.DONE and fresh(job).attempts == 2


def test_a_slow_workers_failure_does_not_undo_what_another_did(write):
    begun = []

    def slow():
        if begun:
            return leave_trace
        begun.append(True)
        lose(job)
        service.run(job.pk)
        raise ValueError

    job = write(slow)
    service.run(job.pk)
    assert traces() == 1 and fresh(job).state == JobState.DONE and fresh(job).error == ""


def test_a_job_that_kills_its_workers_is_parked(write):
    job = write()
    for _ in range(service.TRIES):
        assert service._claimed(job.pk) is not None
        lose(job)
    service.run(job.pk)
    assert traces() == 0 and fresh(job).state == JobState.PARKED and fresh(job).error == service.INTERRUPTED


def test_a_kind_of_another_version_is_parked_not_lost(write, district):
    job = service.enqueue("test.gone", "1", org_unit=district.bureau)
    service.run(job.pk)
    assert fresh(job).state == JobState.PARKED and fresh(job).error == service.UNKNOWN


def test_a_parked_job_is_tried_again_on_request_only(write, cast, told, django_capture_on_commit_callbacks):
    broken = [True]

    def act():
        if broken:
            raise ValueError
        return leave_trace

    job = write(act)
    with pytest.raises(Refused):
        service.retry(job=job, actor=cast.administrator)
    for _ in range(service.TRIES):
        service.run(job.pk)
        come(job)
    broken.clear()
    with django_capture_on_commit_callbacks(execute=True):
        service.retry(job=job, actor=cast.administrator)
    assert told == [job.pk]
    service.run(job.pk)
    assert traces() == 1 and fresh(job).state == JobState.DONE and fresh(job).attempts == 1


def test_a_broker_that_is_gone_loses_nothing(write, monkeypatch, django_capture_on_commit_callbacks):
    def gone(*args, **options):
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(service.current_app, "send_task", gone)
        with django_capture_on_commit_callbacks() as callbacks:
            job = write()
        assert len(callbacks) == 1
    assert service.sweep() == 1
    service.run(job.pk)
    assert traces() == 1


def test_what_was_done_long_ago_is_forgotten_and_nothing_else(write):
    old, new, parked = (write(key=key) for key in ("old", "new", "parked"))
    for job in (old, new):
        service.run(job.pk)
    long_ago = timezone.now() - service.KEPT - timedelta(days=1)
    Job.objects.filter(pk__in=[old.pk, parked.pk]).update(finished_at=long_ago)
    assert service.forget_old() == 1
    assert set(Job.objects.values_list("pk", flat=True)) == {new.pk, parked.pk}
