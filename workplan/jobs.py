"""What Celery runs, and the kinds of background jobs. No rule lives here: each calls a service."""

from datetime import date

from celery import shared_task
from django.utils import timezone

from accounts.audit import seal_events

from .imports.services import resend
from .imports.services import run as run_batch
from .models import Heartbeat, Plan
from .services import jobs, reconciling, rollup, schedule

WORKER = "worker"


@shared_task(ignore_result=True)
def beat() -> None:
    """Leave a sign of life: beat sent it and a worker ran it."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"at": timezone.now()})


@shared_task(ignore_result=True)
def seal_audit_log() -> None:
    """Chain the audit events written since the last run."""
    seal_events()


@shared_task(ignore_result=True)
def tick() -> None:
    """Write the jobs of the period that is due, and say again what no worker has heard."""
    schedule.write_due()
    jobs.sweep()
    resend()


@shared_task(ignore_result=True, acks_late=True)
def run_job(pk: int) -> None:
    """Do one job."""
    jobs.run(pk)


@shared_task(ignore_result=True, acks_late=True)
def run_import(pk: int) -> None:
    """Check an uploaded file, or take it in."""
    run_batch(pk)


@jobs.kind(schedule.CHECK_FIGURES, "核对实绩")
def check_figures(plan: int) -> jobs.Effect:
    """Recount all figures of a plan and note in the log whether any differs."""
    found = reconciling.recount(Plan.objects.select_related("bureau").get(pk=plan))
    return lambda: reconciling.note(found)


@jobs.kind(schedule.MAKE_ROLLUP, "生成汇总报告")
def make_rollup(plan: int, kind: str, end: str) -> jobs.Effect | None:
    """Draft the bureau's roll-up of a calendar span, unless it is there."""
    plan_row = Plan.objects.select_related("bureau").get(pk=plan)
    return rollup.planned(plan=plan_row, kind=kind, end=date.fromisoformat(end))
