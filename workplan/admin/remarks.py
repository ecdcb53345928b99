"""Leaders' remarks in the data maintenance site: to look at."""

from django.contrib import admin

from ..models import Remark
from .shared import AppFilter, ReadOnlyAdmin, ScopedFilter


@admin.register(Remark)
class RemarkAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "org_unit", "text", "written_by", "written_on", "answer_due", "answered_on"]
    list_filter = [("plan", ScopedFilter), AppFilter]
    list_select_related = ["org_unit", "written_by"]
    search_fields = ["text", "answer", "org_unit__name"]
    date_hierarchy = "written_on"
