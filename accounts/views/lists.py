"""Lists whose rows are asked for with another right than looking."""

from django.http import HttpRequest, HttpResponse

from workplan.ui.tables import checked_form, render_rows


def render_filtered(request: HttpRequest, *, rows, filterset_class, table_class, template: str, extra=None) -> HttpResponse:
    """Answer a filtered list of a QuerySet that is limited to the visible rows already."""
    filterset = filterset_class(request.GET or None, queryset=rows, request=request)
    form = checked_form(request, filterset.form)
    found = filterset.qs if form.is_valid() or not form.is_bound else rows.none()
    return render_rows(request, rows=found, form=form, table_class=table_class, template=template, extra=extra)
