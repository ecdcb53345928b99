"""The design language of the portal, shown by its own parts."""

from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_safe

from ..ui import specimens
from ..ui.tables import checked_form, render_rows


@login_required
@require_safe
def design(request):
    """Show every component in every state, with invented content."""
    form = checked_form(request, specimens.SpecimenFilter(request.GET))
    return render_rows(
        request,
        rows=specimens.rows(form.cleaned_data if form.is_valid() else {}),
        form=form,
        table_class=specimens.SpecimenTable,
        template="workplan/design.html",
        extra={"may_export": False, **specimens.context()},
    )
