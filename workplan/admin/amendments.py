"""Plan amendments in the data maintenance site: to look at."""

from django.contrib import admin

from ..models import Amendment, AmendmentLine
from .shared import ReadOnlyAdmin, ScopedFilter


@admin.register(Amendment)
class AmendmentAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "title", "effective_on", "state", "direct", "issued_by", "issued_on"]
    list_filter = [("plan", ScopedFilter), "state", "direct"]
    list_select_related = ["issued_by"]
    search_fields = ["title", "document_number", "reason"]
    date_hierarchy = "effective_on"


@admin.register(AmendmentLine)
class AmendmentLineAdmin(ReadOnlyAdmin):
    list_display = ["amendment", "__str__", "old", "new"]
    list_filter = [("amendment__plan", ScopedFilter), "field"]
    list_select_related = ["amendment", "target", "task"]
    search_fields = ["target__code", "target__measure", "task__title", "old", "new"]
