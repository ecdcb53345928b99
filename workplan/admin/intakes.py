"""Notices on their way to becoming plans: to look at. They are corrected on their pages."""

from django.contrib import admin

from ..models import Intake
from .shared import ReadOnlyAdmin, ScopedFilter


@admin.register(Intake)
class IntakeAdmin(ReadOnlyAdmin):
    list_display = ["title", "name", "year", "plan", "created_by", "changed_by", "changed_at", "discarded_at"]
    list_filter = ["year", ("bureau", ScopedFilter)]
    list_select_related = ["plan__bureau", "created_by", "changed_by"]
    search_fields = ["title", "name"]
    exclude = ["source", "parsed", "edits", "undone"]
    date_hierarchy = "created_at"

    def get_queryset(self, request):
        return super().get_queryset(request).defer("source", "parsed", "edits", "undone")
