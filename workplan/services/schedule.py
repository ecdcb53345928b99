"""What is done of itself, period by period: each as a job whose key names the period, so that it is written once.

A beat that was missed is made up for: whenever the schedule is looked at, the last period that is due is written, if it is not
there. Two schedulers at once do no harm.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from typing import NamedTuple

from django.utils import timezone

from accounts.models import OrgUnit

from .. import clock
from ..models import Job, NoticeSetting, Plan
from ..rollup.spans import last_due
from ..rules.periods import last_day_past
from .jobs import enqueue
from .reconciling import open_plans
from .workdays import LAST_KNOWN

CHECK_FIGURES = "figures.check"
SWEEP_FILES = "files.sweep"
MAKE_ROLLUP = "rollup.make"
DIGEST = "reminders.digest"
SEED_CALENDAR = "calendar.seed"
NIGHT = time(2, 30)


class Wanted(NamedTuple):
    """A job that is due by now: its kind, what makes it one, the unit for which it is done, and its payload."""

    kind: str
    key: str
    org_unit: OrgUnit
    payload: dict


def write_due(*sources: Callable[[list[Plan]], Iterable[Wanted]]) -> int:
    """Write the jobs that are due by now and not there yet, of the named sources or of all; return how many."""
    plans = list(open_plans())
    wanted = [one for source in sources or SOURCES for one in source(plans)]
    keys = {f"{one.kind}:{one.key}" for one in wanted}
    there = set(Job.objects.filter(key__in=keys).values_list("key", flat=True))
    missing = [one for one in wanted if f"{one.kind}:{one.key}" not in there]
    return sum(enqueue(one.kind, one.key, org_unit=one.org_unit, payload=one.payload) is not None for one in missing)


def checks(plans: list[Plan]) -> Iterator[Wanted]:
    """Every night the figures of each plan are recounted."""
    night = last_day_past(NIGHT, timezone.localtime())
    for plan in plans:
        yield Wanted(CHECK_FIGURES, f"{plan.pk}:{night}", plan.bureau, {"plan": plan.pk})


def sweeps(plans: list[Plan]) -> Iterator[Wanted]:
    """Every night the files that no row knows are removed: of the whole installation, in the name of its first bureau."""
    if plans:
        yield Wanted(SWEEP_FILES, f"{last_day_past(NIGHT, timezone.localtime())}", plans[0].bureau, {})


def digests(plans: list[Plan]) -> Iterator[Wanted]:
    """At each hour that somebody has chosen, and has come today, the digests of that hour are written."""
    today, hours = clock.today(), hours_past(timezone.localtime())
    for bureau in _bureaus(plan for plan in plans if plan.is_running):
        for hour in hours:
            payload = {"bureau": bureau.pk, "day": today.isoformat(), "hour": hour}
            yield Wanted(DIGEST, f"{bureau.pk}:{today}:{hour}", bureau, payload)


def hours_past(now: datetime) -> list[int]:
    """Return the hours chosen for digests that have come; all of them where the business date is held still."""
    chosen = set(NoticeSetting.objects.order_by().values_list("digest_hour", flat=True).distinct())
    chosen.add(NoticeSetting._meta.get_field("digest_hour").default)
    return sorted(hour for hour in chosen if clock.is_pinned() or hour <= now.hour)


def last_digest(bureau: OrgUnit, on: date, hour: int) -> date | None:
    """Return the last day before `on` whose digests of that hour have been written."""
    keys = Job.objects.filter(kind=DIGEST, key__startswith=f"{DIGEST}:{bureau.pk}:", key__endswith=f":{hour}")
    days = (date.fromisoformat(key.split(":")[2]) for key in keys.done().values_list("key", flat=True))
    return max((day for day in days if day < on), default=None)


def calendars(plans: list[Plan]) -> Iterator[Wanted]:
    """The official days off of this year and the next are entered once the installed data has them."""
    this_year = clock.today().year
    for bureau in _bureaus(plans):
        for year in (this_year, this_year + 1):
            if year <= LAST_KNOWN:
                yield Wanted(SEED_CALENDAR, f"{bureau.pk}:{year}", bureau, {"bureau": bureau.pk, "year": year})


def rollups(plans: list[Plan]) -> Iterator[Wanted]:
    """The bureau's roll-up of every calendar span that is over is drafted, from its plan's day of the month on."""
    for plan in (plan for plan in plans if plan.is_running):
        for kind, end in last_due(plan.year, plan.rollup_day, clock.today()):
            payload = {"plan": plan.pk, "kind": kind.value, "end": end.isoformat()}
            yield Wanted(MAKE_ROLLUP, f"{plan.pk}:{kind.value}:bureau::{end}", plan.bureau, payload)


SOURCES = (calendars, checks, sweeps, digests, rollups)  # days off first: digests ask for them


def _bureaus(plans) -> list[OrgUnit]:
    return list({plan.bureau_id: plan.bureau for plan in plans}.values())
