"""Approving several reports at once: only those in which nothing asks to be looked at."""

from collections.abc import Mapping

from ..errors import Refused
from ..models import ProgressReport
from .checks import entries_with_previous, problems_of_entry
from .reports import approve_report

MOST_AT_ONCE = 100


def approve_sound(*, read: Mapping[int, int], actor) -> tuple[list[ProgressReport], int]:
    """Approve the reports that the actor may review and that have no warning; return them, and how many stay.

    read: the version that the actor had before him, by report id. Each is approved in a transaction of its own; one that was
    returned, approved or handed in anew meanwhile stays. Raises Refused for more than MOST_AT_ONCE.
    """
    if len(read) > MOST_AT_ONCE:
        raise Refused(f"一次最多通过 {MOST_AT_ONCE} 份。", code="too_many")
    waiting = list(ProgressReport.objects.awaiting_review_by(actor).filter(pk__in=read).with_context())
    doubtful = {entry.report_id for entry in entries_with_previous(waiting) if problems_of_entry(entry)}
    approved = []
    for report in waiting:
        if report.pk in doubtful:
            continue
        try:
            approved.append(approve_report(report=report, actor=actor, version=read[report.pk]))
        except Refused:
            continue
    return approved, len(read) - len(approved)
