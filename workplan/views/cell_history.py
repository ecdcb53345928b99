"""What a unit has stated of one target so far: the last values, whose they were, and what was said about them."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.models import OrgUnit
from accounts.scope import get_visible

from ..models import Entry, ProgressReport, Target
from ..services.checks import amount_of
from ..ui import params
from ..ui.marks import status_mark
from ..ui.present import stated_text

MOST = 12


@dataclass(frozen=True, slots=True)
class Stated:
    """One value as it was stated. comments: label and words of what was said with it and about it."""

    report: ProgressReport
    value: str
    status: SafeString
    handed_in: date | None
    who: str
    reviewer: str
    comments: list[tuple[str, str]]


@login_required
@require_safe
def cell_history(request, pk: int, unit: int):
    """Show the newest values: the table alone for htmx, else a page."""
    params.refuse_unknown(request, [])
    target = get_visible(Target.objects.select_related("plan__bureau", "task__section"), request.user, pk=pk)
    org_unit = get_visible(OrgUnit.objects, request.user, pk=unit)
    lines = [_line(entry, target, org_unit, request.user) for entry in _entries(request.user, target, org_unit)]
    page = {"target": target, "unit": org_unit, "lines": lines, "most": MOST}
    return render(request, f"workplan/{'sheet/_history' if request.htmx else 'cell_history'}.html", page)


def _entries(user, target: Target, unit: OrgUnit):
    rows = Entry.objects.visible_to(user).filter(target=target, report__org_unit=unit)
    rows = rows.select_related("report__period", "report__submitted_by", "report__approved_by", "report__drafted_by")
    return rows.order_by("-report__period__start", "-report__revision")[:MOST]


def _line(entry: Entry, target: Target, unit: OrgUnit, user) -> Stated:
    report = entry.report
    said = [("说明", entry.remark), ("退回原因", report.return_reason), ("更正原因", report.correction_reason)]
    return Stated(
        report=report,
        value=stated_text(user, amount_of(entry), target, unit),
        status=status_mark(report.status).html,
        handed_in=report.submitted_on,
        who=str(report.submitted_by or report.drafted_by),
        reviewer=str(report.approved_by or ""),
        comments=[(label, words) for label, words in said if words],
    )
