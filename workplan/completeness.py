"""Who owes a report, who has handed one in, and who was late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts.models import OrgUnit

from .enums import ReportStatus
from .models import Allocation, Period, ProgressReport, Task

HANDED_IN = (ReportStatus.SUBMITTED, ReportStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class Duty:
    """One report that a unit owes for a task and period, with the report if there is one."""

    task: Task
    org_unit: OrgUnit
    period: Period
    report: ProgressReport | None

    @property
    def handed_in(self) -> bool:
        """Say whether the office has it: a returned report is back with the unit and owed again."""
        return self.report is not None and self.report.status in HANDED_IN

    def is_missing(self, on: date) -> bool:
        """Say whether the deadline has passed without a report."""
        return not self.handed_in and self.period.due < on


def duties(period: Period, user, *, units: Iterable[OrgUnit] | None = None) -> list[Duty]:
    """Return what is owed for the period within the user's scope, in the order of tasks and units.

    A unit owes a report on each task of which it has a target allocated. Four statements, whatever the size.
    """
    pairs = Allocation.objects.visible_to(user).filter(target__plan=period.plan_id)
    reports = ProgressReport.objects.visible_to(user).filter(period=period).newest_revisions().with_context()
    if units is not None:
        units = list(units)
        pairs, reports = pairs.filter(org_unit__in=units), reports.filter(org_unit__in=units)
    owed = sorted(set(pairs.order_by().values_list("target__task", "org_unit")))
    by_pair = {(report.task_id, report.org_unit_id): report for report in reports}
    tasks = Task.objects.select_related("section").in_bulk({task for task, _ in owed})
    org_units = OrgUnit.objects.in_bulk({unit for _, unit in owed})
    found = [Duty(tasks[t], org_units[u], period, by_pair.get((t, u))) for t, u in owed]
    return sorted(found, key=lambda duty: (duty.task.number, duty.org_unit.sort, duty.org_unit.code))


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
        approved=sum(duty.report.status == ReportStatus.APPROVED for duty in handed),
        late=sum(duty.report.late for duty in handed),
        missing=sum(duty.is_missing(on) for duty in found),
    )


def reporting_period(plan, on: date) -> Period | None:
    """Return the period that is being reported on the day: the latest one that has begun."""
    return Period.objects.filter(plan=plan).begun(on).order_by("-start").first()
