"""Files that come along with the report form."""

from django.contrib import messages

from ..errors import Refused
from ..models import ProgressReport
from ..services.evidence import add_evidence


def store_uploads(request, row: ProgressReport) -> list[str]:
    """Store every chosen file with the report, each by itself; return the reasons of those that were refused.

    The reasons are also shown on the next page: the browser cannot keep the choice of a file.
    """
    reasons = []
    target = _chosen_target(request, row)
    for upload in request.FILES.getlist("files"):
        try:
            add_evidence(report=row, actor=request.user, upload=upload, target=target)
        except Refused as refused:
            reasons.append(refused.message)
            messages.error(request, refused.message)
    return reasons


def _chosen_target(request, row: ProgressReport):
    """Return the target that the files are meant for; anything but a target of this report stands for the whole."""
    chosen = request.POST.get("evidence_target", "")
    return next(
        (entry.target for entry in row.entries.select_related("target") if str(entry.target_id) == chosen), None
    )
