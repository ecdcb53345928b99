"""What is done of itself, period by period: each as a job whose key names the period, so that it is written once.

A beat that was missed is made up for: whenever the schedule is looked at, the last period that is due is written, if it is not
there. Two schedulers at once do no harm.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from .. import clock
from ..enums import PlanStatus
from ..models import Job, Plan
from ..rollup.spans import last_due
from .jobs import enqueue
from .reconciling import open_plans

CHECK_FIGURES = "figures.check"
MAKE_ROLLUP = "rollup.make"
NIGHT = time(2, 30)


def write_due() -> int:
    """Write the jobs that are due by now and not there yet; return how many."""
    return write_checks() + write_rollups()


def write_checks() -> int:
    """Have the figures of every open plan recounted once a night."""
    night = last_day_past(NIGHT, timezone.localtime())
    wanted = {f"{plan.pk}:{night}": plan for plan in open_plans()}
    keys = {f"{CHECK_FIGURES}:{key}" for key in wanted}
    there = set(Job.objects.filter(key__in=keys).values_list("key", flat=True))
    missing = {key: plan for key, plan in wanted.items() if f"{CHECK_FIGURES}:{key}" not in there}
    return sum(_write_check(key, plan) for key, plan in missing.items())


def _write_check(key: str, plan: Plan) -> bool:
    return enqueue(CHECK_FIGURES, key, org_unit=plan.bureau, payload={"plan": plan.pk}) is not None


def write_rollups() -> int:
    """Have the roll-up of the bureau made for every calendar span that is over, from its plan's day of the month on."""
    wanted = {
        f"{plan.pk}:{kind.value}:bureau::{end}": (plan, kind, end)
        for plan in open_plans()
        if plan.status == PlanStatus.PUBLISHED
        for kind, end in last_due(plan.year, plan.rollup_day, clock.today())
    }
    keys = {f"{MAKE_ROLLUP}:{key}" for key in wanted}
    there = set(Job.objects.filter(key__in=keys).values_list("key", flat=True))
    missing = {key: one for key, one in wanted.items() if f"{MAKE_ROLLUP}:{key}" not in there}
    return sum(_write_rollup(key, *one) for key, one in missing.items())


def _write_rollup(key: str, plan: Plan, kind: str, end: date) -> bool:
    payload = {"plan": plan.pk, "kind": kind.value, "end": end.isoformat()}
    return enqueue(MAKE_ROLLUP, key, org_unit=plan.bureau, payload=payload) is not None


def last_day_past(at: time, now: datetime) -> date:
    """Return the last day on which the time of day has come, seen from a local moment."""
    return now.date() if now.time() >= at else now.date() - timedelta(days=1)
