"""Ad-hoc requests in the data maintenance site: to look at."""

from django.contrib import admin

from ..models import AdHocAnswer, AdHocField, AdHocRequest, AdHocValue
from .shared import AppFilter, ReadOnlyAdmin, ScopedFilter


class RequestAppFilter(AppFilter):
    path = "request__app"


@admin.register(AdHocRequest)
class AdHocRequestAdmin(ReadOnlyAdmin):
    list_display = ["title", "office", "state", "due", "expires", "drafted_by", "approved_by", "approved_on"]
    list_filter = [("plan", ScopedFilter), AppFilter, "state"]
    list_select_related = ["office", "drafted_by", "approved_by"]
    search_fields = ["title", "reason"]
    date_hierarchy = "due"


@admin.register(AdHocField)
class AdHocFieldAdmin(ReadOnlyAdmin):
    list_display = ["request", "place", "label", "kind", "unit", "required"]
    list_filter = [RequestAppFilter]
    list_select_related = ["request"]
    search_fields = ["label", "request__title"]


@admin.register(AdHocAnswer)
class AdHocAnswerAdmin(ReadOnlyAdmin):
    list_display = ["request", "org_unit", "answered_by", "answered_on", "saved_at"]
    list_filter = [RequestAppFilter]
    list_select_related = ["request", "org_unit", "answered_by"]
    search_fields = ["request__title", "org_unit__name"]


@admin.register(AdHocValue)
class AdHocValueAdmin(ReadOnlyAdmin):
    list_display = ["answer", "field", "number", "text"]
    list_select_related = ["answer__org_unit", "answer__request", "field"]
    search_fields = ["field__label", "answer__org_unit__name"]
