"""The only writer of reported figures, and the recount that proves it right."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts.locks import exclusive

from ..enums import ReportStatus
from ..models import Entry, Figure, Plan, ProgressReport
from ..rules.kinds import TargetKind
from .totals import refresh_totals


def accept_entries(report: ProgressReport) -> list[Figure]:
    """Turn the entries of a report that is being approved into figures.

    Runs inside the approval's transaction. One unit's figures are written by one transaction at a time, so that
    two approvals cannot both believe that theirs is the newest total. Then the totals of the targets follow.
    """
    exclusive(f"figures:{report.org_unit_id}")
    entries = report.entries.select_related("target").order_by("target_id")
    accepted = [_accept(report, entry) for entry in entries if makes_figure(entry)]
    refresh_totals(figure.target_id for figure in accepted)
    return accepted


def makes_figure(entry: Entry) -> bool:
    """Say whether an approved entry becomes a figure.

    Where records make the number, an entry only repeats it; but a ceiling's statement that was owed still counts.
    """
    return has_amount(entry) and (not entry.target.is_computed or entry.target.kind == TargetKind.CEILING)


def stated(entry: Entry) -> Decimal | None:
    """Return the value that the figure adds to the sum: nothing of what records have brought in already."""
    return Decimal(0) if entry.target.is_computed else entry.value


def has_amount(entry: Entry) -> bool:
    """Say whether the entry states anything: zero does, empty does not."""
    return entry.value is not None or entry.numerator is not None


def _accept(report: ProgressReport, entry: Entry) -> Figure:
    cell = Figure.objects.filter(target=entry.target_id, org_unit=report.org_unit_id, corrected_on__isnull=True)
    corrected = cell.filter(period=report.period_id).first()
    figure = Figure(
        target=entry.target,
        org_unit_id=report.org_unit_id,
        period_id=report.period_id,
        entry=entry,
        revision=report.revision,
        flow=entry.target.is_flow,
        value=stated(entry),
        numerator=entry.numerator,
        denominator=entry.denominator,
        reported_on=corrected.reported_on if corrected else report.submitted_on,
        late=report.late,
        accepted_on=report.approved_on,
    )
    if corrected:
        _end(corrected, report.approved_on, corrected=True)
    if not figure.flow:
        _replace_total(figure, cell, report)
    figure.save()
    return figure


def _replace_total(figure: Figure, cell, report: ProgressReport) -> None:
    """Let the newer period win: end the total in force, or start this one as already replaced."""
    start = report.period.start
    if cell.filter(period__start__gt=start).exists():
        figure.replaced_on = figure.accepted_on
        return
    for earlier in cell.filter(period__start__lt=start, replaced_on__isnull=True):
        _end(earlier, report.approved_on)


def _end(figure: Figure, on: date, *, corrected: bool = False) -> None:
    if figure.replaced_on is None:
        figure.replaced_on = max(on, figure.accepted_on)
    if corrected:
        figure.corrected_on = max(on, figure.accepted_on)
    figure.save(update_fields=["replaced_on", "corrected_on"])


# --- Recount from source ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference between the figures kept and those that the approved reports imply."""

    entry_id: int
    field: str
    kept: object
    implied: object


CHECKED = (
    "target_id",
    "org_unit_id",
    "period_id",
    "revision",
    "flow",
    "value",
    "numerator",
    "denominator",
    "reported_on",
    "late",
    "accepted_on",
    "corrected_on",
    "replaced_on",
)


def implied_figures(plan: Plan) -> dict[int, dict]:
    """Recompute every figure of the plan from the approved reports, by entry id.

    Written as a closed formula over all approved entries of a cell, on purpose unlike the step-by-step writer:
    a figure ends when the first other one of the same period but later revision, or (for totals) of a later
    period, has been accepted.
    """
    cells: dict[tuple, list[dict]] = {}
    for row in _approved_entries(plan):
        cells.setdefault((row["target_id"], row["org_unit_id"]), []).append(row)
    return {row["entry_id"]: row for rows in cells.values() for row in _with_ends(rows)}


def _approved_entries(plan: Plan) -> list[dict]:
    entries = (
        Entry.objects.filter(report__task__plan=plan, report__status=ReportStatus.APPROVED)
        .select_related("report__period", "target")
        .order_by("pk")
    )
    return [_implied_row(entry) for entry in entries.iterator(chunk_size=5000) if makes_figure(entry)]


def _implied_row(entry: Entry) -> dict:
    report = entry.report
    return {
        "entry_id": entry.pk,
        "target_id": entry.target_id,
        "org_unit_id": report.org_unit_id,
        "period_id": report.period_id,
        "start": report.period.start,
        "revision": report.revision,
        "flow": entry.target.is_flow,
        "value": stated(entry),
        "numerator": entry.numerator,
        "denominator": entry.denominator,
        "reported_on": report.submitted_on,
        "late": report.late,
        "accepted_on": report.approved_on,
    }


def _with_ends(rows: list[dict]) -> list[dict]:
    firsts = {}
    for row in sorted(rows, key=lambda r: r["revision"]):
        firsts.setdefault(row["period_id"], row["reported_on"])
    for row in rows:
        corrections = [r for r in rows if r["period_id"] == row["period_id"] and r["revision"] > row["revision"]]
        later = [] if row["flow"] else [r for r in rows if r["start"] > row["start"]]
        row["corrected_on"] = _first_after(corrections, row)
        row["replaced_on"] = _first_after(corrections + later, row)
    return [{**row, "reported_on": firsts[row["period_id"]]} for row in rows]


def _first_after(others: list[dict], row: dict) -> date | None:
    return min((max(other["accepted_on"], row["accepted_on"]) for other in others), default=None)


def drift_of(plan: Plan) -> list[Drift]:
    """Return every difference between kept and implied figures; empty when all is right."""
    implied = implied_figures(plan)
    kept = {
        figure.entry_id: figure
        for figure in Figure.objects.reported().filter(target__plan=plan).iterator(chunk_size=5000)
    }
    found = [Drift(pk, "missing", None, row["accepted_on"]) for pk, row in implied.items() if pk not in kept]
    found += [Drift(pk, "surplus", figure.accepted_on, None) for pk, figure in kept.items() if pk not in implied]
    for pk in implied.keys() & kept.keys():
        found += [
            Drift(pk, name, getattr(kept[pk], name), implied[pk][name])
            for name in CHECKED
            if getattr(kept[pk], name) != implied[pk][name]
        ]
    return sorted(found, key=lambda drift: (drift.entry_id, drift.field))


@transaction.atomic
def rebuild_figures(*, plan: Plan) -> int:
    """Write the implied figures in place of the kept ones; return how many rows differed before."""
    drift = drift_of(plan)
    if drift:
        Figure.objects.reported().filter(target__plan=plan).delete()
        insert_implied(plan)
    return len(drift)


def insert_implied(plan: Plan) -> int:
    """Write all implied figures of a plan that has none yet, in bulk."""
    rows = [
        Figure(entry_id=row["entry_id"], **{name: row[name] for name in CHECKED})
        for row in implied_figures(plan).values()
    ]
    Figure.objects.bulk_create(rows, batch_size=500)
    refresh_totals(plan.targets.values_list("pk", flat=True))
    return len(rows)
