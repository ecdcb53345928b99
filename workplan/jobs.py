"""Periodic background work. No rule lives here: each job calls a service."""

from celery import shared_task
from django.utils import timezone

from accounts.audit import seal_events

from .imports.services import resend, run
from .models import Heartbeat
from .services.reconciling import check_open_plans

WORKER = "worker"


@shared_task(ignore_result=True)
def beat() -> None:
    """Leave a sign of life: beat sent it and a worker ran it."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"at": timezone.now()})


@shared_task(ignore_result=True)
def seal_audit_log() -> None:
    """Chain the audit events written since the last run."""
    seal_events()


@shared_task(ignore_result=True, acks_late=True)
def run_import(pk: int) -> None:
    """Check an uploaded file, or take it in."""
    run(pk)


@shared_task(ignore_result=True)
def resend_imports() -> None:
    """Wake up imports that no worker has heard of, or whose worker has died."""
    resend()


@shared_task(ignore_result=True)
def check_figures() -> None:
    """Recount all figures of the night and note in the log whether any differs."""
    check_open_plans()
