"""What a report need not ask, because the registers know it: the entries of computed targets."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from .. import clock
from ..models import Entry, Figure, ProgressReport
from ..rules.amounts import Amount
from ..rules.entries import as_stored

FILLED = ("value", "numerator", "denominator")


def fill_computed(report: ProgressReport, entries: Iterable[Entry]) -> None:
    """Set the entries of computed targets to what the registers say now. One statement, and one for each that is no longer so."""
    computed = [entry for entry in entries if entry.target.is_computed]
    known = recorded([entry.target_id for entry in computed], report)
    for entry in computed:
        if fill(entry, known):
            entry.save(update_fields=[*FILLED, "zero_report"])


def fill(entry: Entry, known: dict[int, dict]) -> bool:
    """Set the amounts of one entry to what registers say; say whether it differs from what it had."""
    before = (*(getattr(entry, name) for name in FILLED), entry.zero_report)
    amount = amount_in(entry, known)
    for name in FILLED:
        setattr(entry, name, as_stored(getattr(amount, name)))
    entry.zero_report = entry.zero_report and amount.value == 0
    return before != (*(getattr(entry, name) for name in FILLED), entry.zero_report)


def recorded(targets: list[int], report: ProgressReport) -> dict[int, dict]:
    """Return by target id what records of the unit add up to: until the end of the period, and within the period.

    A period that still runs is counted up to today. What no longer counts on that day is in neither. Asks nothing about no targets.
    """
    if not targets:
        return {}
    day = last_day(report)
    standing = Q(accepted_on__lte=day) & (Q(replaced_on__isnull=True) | Q(replaced_on__gt=day))
    within = standing & Q(accepted_on__gte=report.period.start)
    rows = Figure.objects.measured().filter(target__in=targets, org_unit=report.org_unit_id).order_by()
    sums = {f"{name}_so_far": Sum(name, filter=standing) for name in FILLED}
    sums |= {f"{name}_within": Sum(name, filter=within) for name in FILLED}
    return {row["target_id"]: row for row in rows.values("target_id").annotate(**sums)}


def last_day(report: ProgressReport) -> date:
    return min(clock.today(), report.period.end)


def amount_in(entry: Entry, known: dict[int, dict]) -> Amount:
    """Return the entry's amount: of a flow what happened in the period, else the total. No record means zero."""
    row = known.get(entry.target_id, {})
    ending = "within" if entry.target.is_flow else "so_far"
    value, above, below = (row.get(f"{name}_{ending}") or Decimal(0) for name in FILLED)
    return Amount(None, above, below) if entry.target.is_ratio else Amount(value)
