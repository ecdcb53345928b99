"""Files that come along with the report form."""

from django.contrib import messages

from ..errors import Refused
from ..models import ProgressReport
from ..services.evidence import ACCEPT, MAX_FILES_PER_REPORT, add_evidence

UPLOAD = {"accept": ACCEPT, "limit": MAX_FILES_PER_REPORT}


def store_uploads(request, row: ProgressReport, *, of: str = "") -> list[str]:
    """Store every chosen file with the report, each by itself; return the reasons of those that were refused.

    of: what the names of the inputs end with, where a page has those of several reports. The reasons are also shown on the
    next page: the browser cannot keep the choice of a file.
    """
    reasons = []
    target = _chosen_target(row, request.POST.get(f"evidence_target{of}", ""))
    for upload in request.FILES.getlist(f"files{of}"):
        try:
            add_evidence(report=row, actor=request.user, upload=upload, target=target)
        except Refused as refused:
            reasons.append(refused.message)
            messages.error(request, refused.message)
    return reasons


def _chosen_target(row: ProgressReport, chosen: str):
    """Return the target that the files are meant for; anything but a target of this report stands for the whole."""
    return next(
        (entry.target for entry in row.entries.select_related("target") if str(entry.target_id) == chosen), None
    )
