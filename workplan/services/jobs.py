"""Background jobs: written with the business they serve, claimed with a lease, done once.

The row is the truth and Celery only says that there is something to do: it is told when the transaction is through, and a
sweeper tells it again of what nobody has heard. When a job is due stands in its row, never in a message.

What a kind does comes in two halves. It looks, as long as it needs; what it returns then writes, in one transaction with
the row that says it is done. So a worker that is killed leaves nothing behind, and a job that two workers run is written once.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import OrgUnit

from ..enums import JobState
from ..errors import Refused
from ..models import Job

TASK = "workplan.jobs.run_job"
LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))  # before it is tried again
TRIES = len(WAITS) + 1
SWEEP = timedelta(seconds=settings.TICK_SECONDS)  # how often what nobody has heard is said again
AT_ONCE = 200  # messages of one sweep
KEPT = timedelta(days=90)  # how long the page shows what has been done
INTERRUPTED = "多次运行到一半被中断。"
UNKNOWN = "本版本没有这一类型的任务。"

Effect = Callable[[], None]
log = structlog.get_logger(__name__)


class Superseded(Exception):
    """Another worker has taken the job over: what this one was about to write is dropped."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: its name for people, and what looks at the payload and returns what is to be written, if anything.

    given_up: writes what somebody who waits must know, in the transaction that parks the job.
    """

    label: str
    act: Callable[..., Effect | None]
    given_up: Callable[..., None] | None = None


KINDS: dict[str, Kind] = {}


def kind(code: str, label: str, given_up: Callable[..., None] | None = None) -> Callable:
    """Make a function of the payload's names a kind of job."""

    def declare(act: Callable[..., Effect | None]) -> Callable[..., Effect | None]:
        KINDS[code] = Kind(label, act, given_up)
        return act

    return declare


def label_of(code: str) -> str:
    return KINDS[code].label if code in KINDS else code


# --- Written, and said ---


def enqueue(
    code: str,
    key: str,
    *,
    org_unit: OrgUnit,
    payload: dict[str, Any] | None = None,
    due_at: datetime | None = None,
    actor=None,
) -> Job | None:
    """Write a job in the transaction of the business that wants it; None where its key has been written before.

    payload: ids only, never what they stand for.
    """
    now = timezone.now()
    job = Job(
        kind=code,
        key=f"{code}:{key}",
        payload=payload or {},
        org_unit=org_unit,
        due_at=due_at or now,
        created_by=actor,
        created_at=now,
    )
    with suppress(IntegrityError), transaction.atomic():
        job.save(force_insert=True)
        _say(job)
        return job
    if not Job.objects.filter(key=job.key).exists():
        raise IntegrityError(f"the job {job.key} cannot be written")
    return None


def enqueue_new(jobs: list[Job]) -> None:
    """Write many jobs, whose keys cannot be there yet, in one statement; workers are told as by `enqueue`."""
    now = timezone.now()
    for job in jobs:
        job.created_at, job.due_at = now, job.due_at or now
    written = Job.objects.bulk_create(jobs)
    due = [job.pk for job in written if job.due_at <= now][:AT_ONCE]  # the sweeper says the rest
    transaction.on_commit(lambda: _wake(due), robust=True)


def _wake(pks: list[int]) -> None:
    for pk in pks:
        current_app.send_task(TASK, args=[pk])


def sweep() -> int:
    """Say again what is due and was not heard, and what a dead worker has left; return how many."""
    found = list(
        (Job.objects.due() | Job.objects.abandoned()).order_by("due_at").values_list("pk", flat=True)[:AT_ONCE]
    )
    for pk in found:
        current_app.send_task(TASK, args=[pk], expires=SWEEP.total_seconds())
    return len(found)


def forget_old() -> int:
    """Delete jobs that were done long ago, so many at a time; return how many.

    Their keys are free again then: what writes jobs by period asks for the present one only, and effects are idempotent.
    """
    old = Job.objects.done().filter(finished_at__lt=timezone.now() - KEPT).order_by("pk").values("pk")[:AT_ONCE]
    return Job.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[0]


@transaction.atomic
def retry(*, job: Job, actor) -> Job:
    """Have a parked job tried again. Raises Refused for any other."""
    job = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if not job.is_parked:
        raise Refused("只有已搁置的任务可以重试。", code="wrong_state")
    job.state, job.attempts, job.due_at = JobState.WAITING, 0, timezone.now()
    job.save(update_fields=["state", "attempts", "due_at"])
    audit.record(action="job.retry", actor=actor, row=job)
    _say(job)
    return job


def _say(job: Job) -> None:
    """Tell a worker once the transaction is through; the sweeper does where this is lost, or for a later day."""
    if job.due_at <= timezone.now():
        pk = job.pk
        transaction.on_commit(lambda: current_app.send_task(TASK, args=[pk]), robust=True)


# --- Run ---


def run(pk: int) -> None:
    """Do the job, if it is to be done now and by this worker. A failure is noted in its row; nothing is raised."""
    job = _claimed(pk)
    if job is None:
        return
    try:
        _finish(job, KINDS[job.kind].act(**job.payload))
    except Superseded:
        log.warning("job_superseded", job=job.pk, kind=job.kind)
    except Exception as failure:
        log.exception("job_failed", job=job.pk, kind=job.kind, attempt=job.attempts)
        _put_back(job, str(failure) if isinstance(failure, Refused) else type(failure).__name__)


@transaction.atomic
def _claimed(pk: int) -> Job | None:
    """Take the job for this worker; None where it is not due, another worker has it, or it can only be parked."""
    job = Job.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    now = timezone.now()
    if job is None or not _claimable(job, now):
        return None
    if job.kind not in KINDS:
        return _park(job, UNKNOWN)
    if job.attempts >= TRIES:
        return _park(job, INTERRUPTED)
    job.state, job.lease, job.attempts = JobState.RUNNING, now + LEASE, job.attempts + 1
    job.started_at, job.finished_at = now, None
    job.save(update_fields=["state", "lease", "attempts", "started_at", "finished_at"])
    return job


def _claimable(job: Job, now: datetime) -> bool:
    if job.state == JobState.RUNNING:
        return job.lease < now
    return job.state == JobState.WAITING and job.due_at <= now


def _park(job: Job, error: str) -> None:
    job.state, job.lease, job.error, job.finished_at = JobState.PARKED, None, error, timezone.now()
    job.save(update_fields=["state", "lease", "error", "finished_at"])
    _tell_given_up(job)


@transaction.atomic
def _finish(job: Job, effect: Effect | None) -> None:
    """Write the effect and the end of the job together. Raises Superseded, then neither is written."""
    if effect is not None:
        effect()
    _let_go(job, state=JobState.DONE, error="")


@transaction.atomic
def _put_back(job: Job, error: str) -> None:
    """Have a job that failed tried again later, each time after a longer while; in the end it is parked."""
    again = job.attempts < TRIES
    due_at = timezone.now() + WAITS[job.attempts - 1] if again else job.due_at
    with suppress(Superseded):
        state = JobState.WAITING if again else JobState.PARKED
        _let_go(job, state=state, due_at=due_at, error=error[: Job._meta.get_field("error").max_length])
        if not again:
            _tell_given_up(job)


def _tell_given_up(job: Job) -> None:
    if job.kind in KINDS and KINDS[job.kind].given_up is not None:
        KINDS[job.kind].given_up(**job.payload)


def _let_go(job: Job, **values) -> None:
    """End this worker's hold on the job. Raises Superseded where another one holds it by now."""
    held = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, lease=job.lease)
    if not held.update(lease=None, finished_at=timezone.now(), **values):
        raise Superseded
