"""Roll-up reports: to look at. They are made, worded and published on their pages."""

from django.contrib import admin

from ..models import RollupFile, RollupReport, RollupTemplate
from .shared import AppFilter, ReadOnlyAdmin, ScopedFilter


class RollupAppFilter(AppFilter):
    path = "section__app"


@admin.register(RollupReport)
class RollupReportAdmin(ReadOnlyAdmin):
    list_display = ["title", "kind", "level", "end", "state", "made_by", "published_by", "published_on"]
    list_filter = ["state", "kind", "level", ("plan", ScopedFilter), RollupAppFilter]
    list_select_related = ["made_by", "published_by"]
    search_fields = ["title"]
    exclude = ["snapshot", "texts"]
    date_hierarchy = "end"

    def get_queryset(self, request):
        return super().get_queryset(request).defer("snapshot", "texts")


@admin.register(RollupFile)
class RollupFileAdmin(ReadOnlyAdmin):
    """Documents are handed out by the report's page, which logs the look."""

    list_display = ["name", "kind", "size", "sha256"]
    list_filter = ["kind"]
    search_fields = ["name", "sha256"]
    exclude = ["file"]
    date_hierarchy = "report__end"


@admin.register(RollupTemplate)
class RollupTemplateAdmin(ReadOnlyAdmin):
    list_display = ["name", "bureau", "active_from", "size", "uploaded_by", "uploaded_at"]
    list_filter = [("bureau", ScopedFilter)]
    list_select_related = ["bureau", "uploaded_by"]
    search_fields = ["name", "sha256"]
    exclude = ["file"]
    date_hierarchy = "active_from"
