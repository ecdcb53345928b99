"""Supervision in the data maintenance site: the steps of escalation to edit, orders and problems to look at."""

from django.contrib import admin

from ..models import Extension, Problem, SupervisionAct, SupervisionFile, SupervisionOrder, SupervisionStep
from .shared import AppFilter, PlanPartAdmin, ReadOnlyAdmin, ScopedFilter, TargetAppFilter


class OrderAppFilter(AppFilter):
    path = "order__app"


@admin.register(SupervisionStep)
class SupervisionStepAdmin(PlanPartAdmin):
    list_display = ["rank", "name", "colour", "reply_days", "plan"]
    list_display_links = ["name"]
    list_filter = [("plan", ScopedFilter)]
    list_select_related = ["plan__bureau"]


@admin.register(SupervisionOrder)
class SupervisionOrderAdmin(ReadOnlyAdmin):
    list_display = ["number", "title", "org_unit", "step", "state", "due", "proposed"]
    list_display_links = ["title"]
    list_filter = ["state", "proposed", ("plan", ScopedFilter), AppFilter]
    list_select_related = ["org_unit", "step"]
    search_fields = ["title", "org_unit__name", "org_unit__code"]
    date_hierarchy = "drafted_on"

    @admin.display(description="编号", ordering="sequence", empty_value="未编号")
    def number(self, order: SupervisionOrder) -> str | None:
        return order.number or None


@admin.register(SupervisionAct)
class SupervisionActAdmin(ReadOnlyAdmin):
    list_display = ["order", "action", "actor", "on", "state", "due"]
    list_filter = ["action", ("order__plan", ScopedFilter), OrderAppFilter]
    list_select_related = ["order", "actor"]
    search_fields = ["order__title", "order__org_unit__name"]
    date_hierarchy = "on"


@admin.register(SupervisionFile)
class SupervisionFileAdmin(ReadOnlyAdmin):
    """The file itself is handed out by its page, which logs the look."""

    list_display = ["name", "order", "size", "uploaded_by", "uploaded_at"]
    list_filter = [("order__plan", ScopedFilter), OrderAppFilter]
    list_select_related = ["order", "uploaded_by"]
    search_fields = ["name", "sha256", "order__title"]
    fields = ["name", "order", "act", "content_type", "size", "sha256", "uploaded_by", "uploaded_at"]
    date_hierarchy = "uploaded_at"


@admin.register(Extension)
class ExtensionAdmin(ReadOnlyAdmin):
    list_display = ["order", "wanted", "state", "asked_by", "asked_on", "decided_by"]
    list_filter = ["state", ("order__plan", ScopedFilter), OrderAppFilter]
    list_select_related = ["order", "asked_by", "decided_by"]
    search_fields = ["order__title", "order__org_unit__name"]
    date_hierarchy = "asked_on"


@admin.register(Problem)
class ProblemAdmin(ReadOnlyAdmin):
    list_display = ["target", "org_unit", "problem", "due", "closed_on"]
    list_display_links = ["problem"]
    list_filter = [("target__plan", ScopedFilter), TargetAppFilter]
    list_select_related = ["target", "org_unit"]
    search_fields = ["problem", "target__code", "target__measure", "org_unit__name"]
    date_hierarchy = "created_on"
