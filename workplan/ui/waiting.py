"""What is waiting for a user: one block for each part that the user plays."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q
from django.urls import reverse

from accounts.enums import Right
from accounts.models import OrgUnit

from ..completeness import Completeness, Duty, completeness, duties, last_due_period
from ..due_days import due_days
from ..enums import ReportStatus
from ..models import Period, Plan, ProgressReport, ReportExtension, SpotCheckItem
from . import duty_rows
from . import format as fmt
from .duty_rows import DutyRow, Summary


@dataclass(frozen=True, slots=True)
class Reporting:
    """For those who write reports. todo: what still asks for an act, returned first; done: what has been handed in."""

    units: str
    periods: str
    todo: list[DutyRow]
    done: list[DutyRow]
    counts: Completeness
    returned: int
    closed: Period | None
    closed_missing: int


@dataclass(frozen=True, slots=True)
class Reviewing:
    """For those who review: the queue, requests for more time, and who has not reported."""

    waiting: int
    oldest: str
    returned: int
    extensions: int
    period: Period | None
    missing: list[Summary]


@dataclass(frozen=True, slots=True)
class ToMend:
    """A record that was found untrue in a spot check: the unit must look at it again."""

    url: str
    target: str
    unit: str
    note: str
    found_on: str


def reporting(user, plan: Plan, on: date) -> Reporting | None:
    """Return the writer's block, or None for users who write for no unit."""
    if not user.may(Right.REPORT_WRITE):
        return None
    units = list(OrgUnit.objects.visible_to(user, Right.REPORT_WRITE).valid_on(on))
    periods = list(Period.objects.filter(plan=plan, start__lte=on, closes__gte=on).order_by("start"))
    found = [duty for period in periods for duty in _owed(period, user, units)]
    returned = _returned_earlier(user, plan, periods, on)
    rows = duty_rows.rows_of([*returned, *found], on)
    closed = Period.objects.filter(plan=plan, closes__lt=on).order_by("-start").first()
    return Reporting(
        units="、".join(unit.label for unit in user.home_units),
        periods="、".join(period.name for period in periods),
        todo=sorted((r for r in rows if not r.handed_in), key=lambda r: (r.rank, r.due, r.task_number)),
        done=[r for r in rows if r.handed_in],
        counts=completeness(found, on),
        returned=sum(bool(r.report_url) and r.rank == 0 for r in rows),
        closed=closed,
        closed_missing=completeness(_owed(closed, user, units), on).missing if closed else 0,
    )


def _owed(period: Period, user, units: list[OrgUnit]):
    return duties(period, user, units=units, right=Right.REPORT_WRITE)


def _returned_earlier(user, plan: Plan, periods: list[Period], on: date) -> list[Duty]:
    """Return the duties of returned reports from periods that are over: they may always be mended."""
    reports = ProgressReport.objects.visible_to(user, Right.REPORT_WRITE).filter(task__plan=plan)
    reports = reports.filter(status=ReportStatus.RETURNED).exclude(period__in=periods).with_context()
    late = list(reports.order_by("period__start"))
    granted = due_days([report.period for report in late], on)
    return [Duty(r.task, r.org_unit, r.period, r, granted.of(r.period, r.task_id, r.org_unit_id)) for r in late]


def to_mend(user) -> list[ToMend]:
    """Return the records of the user's units that a spot check has found untrue and that are not put right yet."""
    if not user.may(Right.RECORD_WRITE):
        return []
    items = SpotCheckItem.objects.visible_to(user, Right.RECORD_WRITE).to_mend()
    found = []
    for item in items.select_related("spot_check__target", "org_unit").order_by("decided_on", "pk"):
        check = item.spot_check
        url = reverse("workplan:record", args=[check.app, check.model, item.record])
        found.append(ToMend(url, f"{check.target}", item.org_unit.label, item.note, fmt.day(item.decided_on)))
    return found


def reviewing(user, plan: Plan, on: date) -> Reviewing | None:
    """Return the reviewer's block, or None for users who review nothing."""
    if not user.may(Right.REPORT_REVIEW):
        return None
    queue = ProgressReport.objects.awaiting_review_by(user).order_by()
    state = queue.aggregate(waiting=Count("pk"), oldest=Min("submitted_on"))
    mine = ProgressReport.objects.visible_to(user, Right.REPORT_REVIEW).filter(task__plan=plan)
    period = last_due_period(plan, on)
    owed = duties(period, user, right=Right.REPORT_REVIEW) if period else []
    return Reviewing(
        waiting=state["waiting"],
        oldest=f"最早 {fmt.day(state['oldest'])} 提交，已等 {(on - state['oldest']).days} 天"
        if state["oldest"]
        else "",
        returned=mine.filter(Q(status=ReportStatus.RETURNED)).count(),
        extensions=ReportExtension.objects.awaiting_answer_by(user, on).count(),
        period=period,
        missing=_missing_by_unit(owed, period, on),
    )


def _missing_by_unit(owed, period: Period | None, on: date) -> list[Summary]:
    """Return the units that owe something, those that owe most first."""
    by_unit: dict[OrgUnit, list] = {}
    for duty in owed:
        if duty.is_missing(on):
            by_unit.setdefault(duty.org_unit, []).append(duty)
    found = [
        duty_rows.summary(unit.label, owing, on, period=period.pk, unit=unit.pk) for unit, owing in by_unit.items()
    ]
    return sorted(found, key=lambda one: -one.counts.missing)
