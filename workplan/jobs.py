"""What Celery runs, and the kinds of background jobs. No rule lives here: each calls a service."""

from datetime import date
from functools import partial

import structlog
from celery import shared_task
from django.utils import timezone

from accounts import audit
from accounts.audit import seal_events
from accounts.models import OrgUnit

from .imports import services as imports
from .models import Heartbeat, Plan
from .reminders import digest
from .services import deliveries, jobs, messages, orphans, reconciling, rollup, schedule, workdays

WORKER = "worker"
log = structlog.get_logger(__name__)


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
    for step in (schedule.write_due, jobs.sweep, jobs.forget_old):
        try:
            step()
        except Exception:  # what one step cannot do must not keep the others from it
            log.exception("tick_failed", step=step.__name__)


@shared_task(ignore_result=True, acks_late=True)
def run_job(pk: int) -> None:
    """Do one job."""
    jobs.run(pk)


@jobs.kind(schedule.CHECK_FIGURES, "核对实绩")
def check_figures(plan: int) -> jobs.Effect:
    """Recount all figures of a plan and note in the log whether any differs."""
    found = reconciling.recount(Plan.objects.select_related("bureau").get(pk=plan))
    return lambda: reconciling.note(found)


@jobs.kind(schedule.SWEEP_FILES, "清理无主文件")
def sweep_files() -> jobs.Effect | None:
    """Remove stored files that no row knows, and note how many."""
    found = orphans.orphans()
    return partial(_remove_files, found) if found else None


def _remove_files(names: list[str]) -> None:
    audit.record(action="files.sweep", after={"files": orphans.remove(names)})


@jobs.kind(schedule.SEED_CALENDAR, "载入节假日")
def seed_calendar(bureau: int, year: int) -> jobs.Effect:
    """Enter the official days off of a year."""
    return partial(workdays.seed_calendar, bureau=OrgUnit.objects.get(pk=bureau), year=year)


@jobs.kind(schedule.DIGEST, "每日提醒")
def write_digests(bureau: int, day: str, hour: int) -> jobs.Effect | None:
    """Write the digests of a bureau's people who want theirs at the hour."""
    unit, on = OrgUnit.objects.get(pk=bureau), date.fromisoformat(day)
    return digest.look(unit, on, hour, schedule.last_digest(unit, on, hour))


@jobs.kind(messages.SEND, "发送消息")
def send_message(delivery: int) -> jobs.Effect | None:
    """Send a message by one channel."""
    return deliveries.send(delivery)


@jobs.kind(imports.CHECK, "检查上传的表格", given_up=imports.give_up)
def check_import(batch: int) -> jobs.Effect | None:
    """Check an uploaded file."""
    return imports.check(batch)


@jobs.kind(imports.APPLY, "导入台账", given_up=imports.give_up)
def apply_import(batch: int) -> jobs.Effect | None:
    """Take a checked file in."""
    return imports.apply(batch)


@jobs.kind(schedule.MAKE_ROLLUP, "生成汇总报告")
def make_rollup(plan: int, kind: str, end: str) -> jobs.Effect | None:
    """Draft the bureau's roll-up of a calendar span, unless it is there."""
    plan_row = Plan.objects.select_related("bureau").get(pk=plan)
    return rollup.planned(plan=plan_row, kind=kind, end=date.fromisoformat(end))
