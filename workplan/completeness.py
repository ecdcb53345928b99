"""Who owes a report, who has handed one in, and who was late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.enums import Right
from accounts.models import Event, OrgUnit

from . import clock
from .due_days import DueDays, due_days
from .enums import ReportStatus
from .models import Allocation, Period, Plan, ProgressReport, Task

HANDED_IN = (ReportStatus.SUBMITTED, ReportStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class Duty:
    """One report that a unit owes for a task and period, with the report if there is one. due: until when it is on time."""

    task: Task
    org_unit: OrgUnit
    period: Period
    report: ProgressReport | None
    due: date

    @property
    def handed_in(self) -> bool:
        """Say whether the office has it: a returned report is back with the unit and owed again.

        A correction presupposes an approved report, which stays in force until the correction is approved.
        """
        return self.report is not None and (self.report.status in HANDED_IN or self.report.revision > 1)

    @property
    def approved(self) -> bool:
        return self.handed_in and self.report.status != ReportStatus.SUBMITTED

    @property
    def extended(self) -> bool:
        """Say whether the unit was granted a later day than the period's."""
        return self.due > self.period.due

    @property
    def late(self) -> bool:
        return self.handed_in and self.report.late

    def is_missing(self, on: date) -> bool:
        """Say whether the deadline has passed without a report."""
        return not self.handed_in and self.due < on


def duties(
    period: Period,
    user,
    *,
    units: Iterable[OrgUnit] | None = None,
    tasks: Iterable[Task] | None = None,
    on: date | None = None,
    right: str = Right.VIEW,
) -> list[Duty]:
    """Return what is owed for the period where the user holds `right`, in the order of tasks and units.

    A unit owes a report on each task of which it has a target allocated, for periods since it was founded. A unit that
    has been merged or split away has handed its allocations down: it is shown with the reports that it had begun. With
    `on`, reports that were handed in later count as not there, and so do later deadlines that were granted later. Five
    statements, whatever the size, and three where units and tasks (with plan and section) are given.
    """
    return duties_in([period], user, units=units, tasks=tasks, on=on, right=right)


def duties_in(
    periods: Sequence[Period],
    user,
    *,
    units: Iterable[OrgUnit] | None = None,
    tasks: Iterable[Task] | None = None,
    on: date | None = None,
    right: str = Right.VIEW,
) -> list[Duty]:
    """Return what `duties` does for several periods of one plan, in their order. As many statements as for one."""
    plans = {period.plan_id for period in periods}
    shares = Allocation.objects.visible_to(user, right).filter(target__plan__in=plans)
    reports = _reports(periods, user, on, right)
    if units is not None:
        units = {unit.pk: unit for unit in units}
        shares, reports = shares.filter(org_unit__in=units), reports.filter(org_unit__in=units)
    if tasks is not None:
        tasks = {task.pk: task for task in tasks}
        shares, reports = shares.filter(target__task__in=tasks), reports.filter(task__in=tasks)
    pairs, reports = set(shares.order_by().values_list("target__task", "org_unit")), list(reports)
    named = pairs.union((report.task_id, report.org_unit_id) for report in reports)
    if tasks is None:
        tasks = Task.objects.select_related("section", "plan__bureau").in_bulk({task for task, _ in named})
    if units is None:
        units = OrgUnit.objects.in_bulk({unit for _, unit in named})
    by_period: dict[int, list[ProgressReport]] = {period.pk: [] for period in periods}
    _complete(reports, tasks, units, {period.pk: period for period in periods})
    for report in reports:
        by_period[report.period_id].append(report)
    days = due_days(periods, on or clock.today())
    found = (duty for one in periods for duty in duties_of(one, pairs, by_period[one.pk], tasks, units, days))
    return [duty for duty in found if _reports_seen(user, right, duty.org_unit, duty.task)]


def duties_from(
    shares: Iterable[Allocation], period: Period, user, *, unit: OrgUnit, tasks: Iterable[Task], right: str = Right.VIEW
) -> list[Duty]:
    """Return what `duties` does of one unit and some tasks, whose `shares` are at hand with their targets. One statement.

    Later deadlines that were granted are left out: whoever types asks whether the period is open, not when it is due.
    """
    units, tasks = {unit.pk: unit}, {task.pk: task for task in tasks}
    reports = list(_reports([period], user, None, right).filter(org_unit=unit, task__in=tasks))
    _complete(reports, tasks, units, {period.pk: period})
    pairs = {(share.target.task_id, unit.pk) for share in shares}
    found = duties_of(period, pairs, reports, tasks, units, DueDays({}))
    return [duty for duty in found if _reports_seen(user, right, unit, duty.task)]


def _complete(
    reports: Iterable[ProgressReport], tasks: dict[int, Task], units: dict[int, OrgUnit], periods: dict[int, Period]
) -> None:
    """Give the reports their task, unit and period, which are at hand."""
    for report in reports:
        report.task, report.org_unit = tasks[report.task_id], units[report.org_unit_id]
        report.period = periods[report.period_id]


def duties_of(
    period: Period,
    shares: Iterable[tuple[int, int]],
    reports: Iterable[ProgressReport],
    tasks: dict[int, Task],
    units: dict[int, OrgUnit],
    granted: DueDays,
) -> list[Duty]:
    """Return what is owed for the period by those who have shares, given as task and unit id, and what was begun by units
    that are no more. Later revisions come after earlier ones. Asks the database nothing."""
    by_pair = {(report.task_id, report.org_unit_id): report for report in reports}
    pairs = {pair for pair in shares if units[pair[1]].valid_from <= period.end}
    pairs |= {pair for pair in by_pair if units[pair[1]].valid_to}
    owed = [
        Duty(tasks[task], units[unit], period, by_pair.get((task, unit)), granted.of(period, task, unit))
        for task, unit in pairs
    ]
    return sorted(owed, key=lambda duty: (duty.task.number, duty.org_unit.sort, duty.org_unit.code))


def _reports(periods: Sequence[Period], user, on: date | None, right: str):
    """Return the newest revisions; with `on` those handed in by the day, a later revision after an earlier one."""
    reports = ProgressReport.objects.visible_to(user, right).filter(period__in=periods).with_people()
    return (
        reports.newest_revisions().order_by()
        if on is None
        else reports.filter(submitted_on__lte=on).order_by("revision")
    )


def times_sent_back(plan: Plan, unit: OrgUnit) -> dict[tuple[int, int], int]:
    """Return by task and period how often the unit's reports, of whatever revision, were sent back. Two statements."""
    reports = ProgressReport.objects.filter(org_unit=unit, task__plan=plan).order_by()
    places = {str(pk): place for pk, *place in reports.values_list("pk", "task_id", "period_id")}
    returns = Event.objects.filter(
        action="report.return", object_type=ProgressReport._meta.label_lower, org_unit=unit
    ).order_by()
    found: dict[tuple[int, int], int] = {}
    for pk in returns.values_list("object_id", flat=True):
        if pk in places:
            place = tuple(places[pk])
            found[place] = found.get(place, 0) + 1
    return found


def _reports_seen(user, right: str, unit: OrgUnit, task: Task) -> bool:
    """Say whether the unit's reports on the task are in scope: a target that is only shown in a user's section is
    reported in its own, and its report must not seem missing."""
    apps = user.scope.apps_over(unit.path, right)
    return apps is None or task.section.app in apps


@dataclass(frozen=True, slots=True)
class Completeness:
    """Counts over a set of duties. Rates are two numbers each: handed_in of owed, on_time of handed_in."""

    owed: int
    handed_in: int
    approved: int
    late: int
    missing: int

    @property
    def on_time(self) -> int:
        return self.handed_in - self.late


def completeness(found: Iterable[Duty], on: date) -> Completeness:
    """Count a set of duties as of a day."""
    found = list(found)
    handed = [duty for duty in found if duty.handed_in]
    return Completeness(
        owed=len(found),
        handed_in=len(handed),
        approved=sum(duty.approved for duty in handed),
        late=sum(duty.late for duty in handed),
        missing=sum(duty.is_missing(on) for duty in found),
    )


def last_due_period(plan, on: date) -> Period | None:
    """Return the latest period whose deadline has passed on the day."""
    return Period.objects.filter(plan=plan).past_due(on).order_by("-start").first()


def reporting_period(plan, on: date) -> Period | None:
    """Return the period that is being reported on the day: the latest one that has begun."""
    return Period.objects.filter(plan=plan).begun(on).order_by("-start").first()
