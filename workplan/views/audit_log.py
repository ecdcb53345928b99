"""The audit log for those who may read it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.enums import Right
from accounts.models import Event
from accounts.scope import require_right

from .admin_tables import EventFilter, EventTable, render_filtered


@login_required
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """List the events of the own units, newest first."""
    require_right(request.user, Right.AUDIT_READ)
    rows = Event.objects.visible_to(request.user, Right.AUDIT_READ).select_related("org_unit")
    return render_filtered(
        request, rows=rows, filterset_class=EventFilter, table_class=EventTable, template="accounts/audit.html"
    )
