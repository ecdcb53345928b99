"""What has changed since the report before: corrected reports, and records that came in later for a day gone by."""

from typing import Any

from django.db.models import Q

from ..assess import assess
from ..discretion import sensitive_apps
from ..discretion import told as without_small_counts
from ..models import Figure, RollupReport
from ..rules.amounts import Amount
from ..ui import format as fmt
from ..ui.present import amount_text
from .gather import Asked, amount_from, targets_of, told


def report_before(asked: Asked) -> RollupReport | None:
    """Return the last published report of the same kind and subject that ends before this one."""
    rows = RollupReport.objects.published().filter(plan=asked.plan, kind=asked.kind, end__lt=asked.end)
    return rows.filter(section=asked.section, township=asked.township).order_by("-end", "-pk").first()


def corrections_of(asked: Asked) -> list[dict[str, Any]]:
    """Return every number of the report before that reads otherwise by now; [] where there is none before."""
    previous = report_before(asked)
    if previous is None:
        return []
    targets = targets_of(asked)
    return _corrected_reports(asked, previous, targets) + _changed_past(asked, previous, targets)


def _corrected_reports(asked: Asked, previous: RollupReport, targets) -> list[dict[str, Any]]:
    """Return the accepted values that a correction has replaced since, each with its reason."""
    rows = Figure.objects.reported().filter(
        target__in=targets, accepted_on__lte=previous.end, corrected_on__gt=previous.end, corrected_on__lte=asked.end
    )
    if asked.township:
        rows = rows.filter(org_unit=asked.township)
    rows = rows.select_related("target", "org_unit", "period", "entry__report__correction").order_by(
        "target__sort", "org_unit__sort", "period__start"
    )
    later = _amounts_by(asked, rows)
    pairs = [(row, later.get((row.target_id, row.org_unit_id, row.period_id))) for row in rows]
    return [_corrected(old, new) for old, new in pairs if new is None or _amount(old) != _amount(new)]


def _amounts_by(asked: Asked, rows) -> dict[tuple[int, int, int], Figure]:
    """Return what was valid by the end of this report in place of the corrected values."""
    keys = ("target", "org_unit", "period")
    valid = Q(corrected_on__isnull=True) | Q(corrected_on__gt=asked.end)
    newest = Figure.objects.filter(
        valid, accepted_on__lte=asked.end, **{f"{key}__in": rows.order_by().values(key) for key in keys}
    )
    return {(row.target_id, row.org_unit_id, row.period_id): row for row in newest}


def _corrected(row: Figure, later: Figure | None) -> dict[str, Any]:
    unit = row.target.unit
    correction = getattr(row.entry.report, "correction", None)
    return {
        "code": row.target.code,
        "measure": row.target.measure,
        "unit": row.org_unit.label,
        "period": row.period.name,
        "before": _shown(row, unit),
        "after": _shown(later, unit) if later else fmt.MISSING,
        "on": row.corrected_on.isoformat(),
        "reason": correction.correction_reason if correction else "",
    }


def _amount(row: Figure) -> Amount:
    return Amount(row.value, row.numerator, row.denominator)


def _shown(row: Figure, unit: str) -> str:
    amount = _amount(row)
    if sensitive_apps(row.target):
        return fmt.withheld(without_small_counts(amount), unit)
    return fmt.amount(amount, unit)


def _changed_past(asked: Asked, previous: RollupReport, targets) -> list[dict[str, Any]]:
    """Return the totals of that day that records entered, changed or taken out since have altered."""
    published = {row["code"]: row for row in previous.snapshot["targets"]}
    found = []
    for one in (told(one) for one in assess(targets, on=previous.end, unit=asked.township)):
        row = published.get(one.target.code)
        if row is None or amount_from(row["amount"]) == one.amount or row["amount_text"] == amount_text(one):
            continue
        found.append(
            {
                "code": one.target.code,
                "measure": one.target.measure,
                "unit": asked.subject,
                "period": f"截至{previous.end}",
                "before": row["amount_text"],
                "after": amount_text(one),
                "on": "",
                "reason": "台账补录或更改" if one.target.is_computed else "数据变动",
            }
        )
    return found
