"""The slow obvious recount that figures and lights are tested against. Plain loops, no shared code."""

from decimal import Decimal

from workplan.enums import ReportStatus
from workplan.models import ProgressReport
from workplan.rules.kinds import TargetKind

FLOWS = {TargetKind.CEILING.value, TargetKind.RECURRING.value}


def recount(target, on, units=None) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Return (value, numerator, denominator) of a target from the reports approved by the day."""
    reports = ProgressReport.objects.filter(status=ReportStatus.APPROVED, approved_on__lte=on, task=target.task_id)
    newest: dict = {}
    for report in reports.order_by("revision").select_related("period"):
        if units is None or report.org_unit_id in units:
            newest[(report.org_unit_id, report.period.start)] = report
    chosen = list(newest.items())
    if target.kind not in FLOWS:
        chosen = _latest_with_amount(target, chosen)
    found = [entry for _, report in chosen for entry in report.entries.filter(target=target)]
    return tuple(_total([getattr(entry, name) for entry in found]) for name in ("value", "numerator", "denominator"))


def _latest_with_amount(target, chosen):
    latest: dict = {}
    for (unit, start), report in sorted(chosen, key=lambda item: item[0][1]):
        entry = report.entries.filter(target=target).first()
        if entry and (entry.value is not None or entry.numerator is not None):
            latest[unit] = ((unit, start), report)
    return list(latest.values())


def _total(numbers) -> Decimal | None:
    known = [number for number in numbers if number is not None]
    return sum(known, Decimal(0)) if known else None
