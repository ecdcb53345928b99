"""Until when a report is on time: the deadline of its period, or the later day that its unit was granted. Nothing else says so.

An extension counts from the day on which it was granted: seen from a day before, the old deadline stands.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, FilteredRelation, Q

from .enums import ExtensionState
from .models import Period, Plan, ProgressReport, ReportExtension

# Period, task and unit id.
Key = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class DueDays:
    """The days granted, by period, task and unit. Asks the database nothing."""

    granted: dict[Key, date]

    def of(self, period: Period, task: int, unit: int) -> date:
        """Return the last day on which the unit's report on the task is on time."""
        return max(period.due, self.granted.get((period.pk, task, unit), period.due))


def due_days(periods: Iterable[Period], on: date) -> DueDays:
    """Return what had been granted for the periods by the close of the day. One statement."""
    rows = ReportExtension.objects.granted_by(on).filter(period__in=[period.pk for period in periods]).order_by()
    return DueDays(_latest(rows.values_list("period_id", "task_id", "org_unit_id", "until")))


def periods_of(plan: Plan, on: date) -> tuple[list[Period], DueDays]:
    """Return the plan's periods in their order, with what had been granted by the close of the day. One statement."""
    granted = Q(extensions__state=ExtensionState.GRANTED, extensions__decided_on__lte=on)
    rows = Period.objects.filter(plan=plan).order_by("start").annotate(
        granted=FilteredRelation("extensions", condition=granted),
        of_task=F("granted__task_id"),
        of_unit=F("granted__org_unit_id"),
        until=F("granted__until"),
    )  # fmt: skip
    rows = list(rows)
    later = ((row.pk, row.of_task, row.of_unit, row.until) for row in rows if row.until)
    return list({row.pk: row for row in rows}.values()), DueDays(_latest(later))


def due_day_of(report: ProgressReport, on: date) -> date:
    """Return the last day on which the report is on time, as it stood on the day. One statement."""
    return due_days([report.period], on).of(report.period, report.task_id, report.org_unit_id)


def _latest(rows: Iterable[tuple[int, int, int, date]]) -> dict[Key, date]:
    found: dict[Key, date] = {}
    for *key, until in rows:
        found[tuple(key)] = max(until, found.get(tuple(key), until))
    return found
