"""Reports, values, evidence, figures and unlocks: to look at. They change through the workflow only."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from accounts.enums import Right

from ..models import (
    Delivery,
    Entry,
    Evidence,
    Figure,
    Heartbeat,
    Job,
    Leave,
    Message,
    ProgressReport,
    ReportExtension,
    ShareTotal,
    TargetTotal,
    Unlock,
    Urge,
)
from .shared import AppFilter, ReadOnlyAdmin, ScopedFilter, TargetAppFilter, TaskAppFilter


class ReportAppFilter(AppFilter):
    path = "report__task__section__app"


@admin.register(ProgressReport)
class ProgressReportAdmin(ReadOnlyAdmin):
    list_display = ["task", "org_unit", "period", "revision", "status", "late", "saved_at"]
    list_filter = ["status", "late", ("task__plan", ScopedFilter), TaskAppFilter]
    list_select_related = ["task", "org_unit", "period"]
    search_fields = ["task__title", "org_unit__name", "org_unit__code"]
    date_hierarchy = "period__start"


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["report", "target", "value", "numerator", "denominator", "zero_report"]
    list_filter = ["report__status", ("target__plan", ScopedFilter), ReportAppFilter, "zero_report"]
    list_select_related = ["report__org_unit", "report__period", "report__task", "target"]
    search_fields = ["target__code", "target__measure", "report__org_unit__name"]
    date_hierarchy = "report__period__start"


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    """The file itself is handed out by its page, which logs the look."""

    list_display = ["name", "report", "size", "uploaded_by", "uploaded_at", "removed_at"]
    list_filter = [("report__task__plan", ScopedFilter), ReportAppFilter]
    list_select_related = ["report__org_unit", "report__period", "report__task", "uploaded_by"]
    search_fields = ["name", "sha256", "report__org_unit__name"]
    fields = [
        "name",
        "report",
        "target",
        "content_type",
        "size",
        "sha256",
        "uploaded_by",
        "uploaded_at",
        "removed_at",
        "download",
    ]
    date_hierarchy = "uploaded_at"

    @admin.display(description="文件")
    def download(self, evidence: Evidence) -> str:
        if evidence.removed_at:
            return "已移除"
        return format_html('<a href="{}">下载</a>', reverse("api:evidence-detail", args=[evidence.pk]))

    def get_readonly_fields(self, request, obj=None):
        return ["download"]


@admin.register(Figure)
class FigureAdmin(ReadOnlyAdmin):
    list_display = ["target", "org_unit", "period", "revision", "value", "numerator", "denominator", "accepted_on"]
    list_filter = ["flow", "late", ("target__plan", ScopedFilter), TargetAppFilter]
    list_select_related = ["target", "org_unit", "period"]
    search_fields = ["target__code", "target__measure", "org_unit__name", "org_unit__code"]
    date_hierarchy = "accepted_on"


@admin.register(TargetTotal)
class TargetTotalAdmin(ReadOnlyAdmin):
    list_display = ["target", "since", "until", "value", "numerator", "denominator", "units"]
    list_filter = [("target__plan", ScopedFilter), TargetAppFilter]
    list_select_related = ["target"]
    search_fields = ["target__code", "target__measure"]
    date_hierarchy = "since"


@admin.register(ShareTotal)
class ShareTotalAdmin(ReadOnlyAdmin):
    list_display = ["target", "units", "amount"]
    list_filter = [("target__plan", ScopedFilter), TargetAppFilter]
    list_select_related = ["target"]
    search_fields = ["target__code", "target__measure"]


@admin.register(Unlock)
class UnlockAdmin(ReadOnlyAdmin):
    list_display = ["org_unit", "period", "app", "granted_by", "granted_on", "expires_on"]
    list_filter = [AppFilter, ("period__plan", ScopedFilter)]
    list_select_related = ["org_unit", "period", "granted_by"]
    search_fields = ["org_unit__name", "reason"]
    date_hierarchy = "granted_on"


@admin.register(ReportExtension)
class ReportExtensionAdmin(ReadOnlyAdmin):
    list_display = ["task", "org_unit", "period", "wanted", "state", "until", "asked_by", "decided_by"]
    list_filter = ["state", ("period__plan", ScopedFilter), TaskAppFilter]
    list_select_related = ["task", "org_unit", "period", "asked_by", "decided_by"]
    search_fields = ["task__title", "org_unit__name", "reason"]
    date_hierarchy = "asked_on"


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Background jobs: retried from their page."""

    list_display = ["key", "org_unit", "state", "due_at", "attempts", "error", "finished_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["org_unit"]
    search_fields = ["key"]
    date_hierarchy = "created_at"


@admin.register(Urge)
class UrgeAdmin(ReadOnlyAdmin):
    list_display = ["org_unit", "period", "app", "missing", "day", "urged_by"]
    list_filter = [AppFilter, ("period__plan", ScopedFilter)]
    list_select_related = ["org_unit", "period", "urged_by"]
    search_fields = ["org_unit__name"]
    date_hierarchy = "day"


class ForAdministrators(ReadOnlyAdmin):
    """What concerns single users: for those who manage them."""

    view_right = Right.USER_MANAGE


@admin.register(Message)
class MessageAdmin(ForAdministrators):
    list_display = ["title", "user", "org_unit", "kind", "day", "read_at"]
    list_filter = ["kind"]
    list_select_related = ["user", "org_unit"]
    search_fields = ["title", "user__username"]
    date_hierarchy = "day"


@admin.register(Delivery)
class DeliveryAdmin(ForAdministrators):
    list_display = ["message", "channel", "state", "ended_at"]
    list_filter = ["channel", "state"]
    list_select_related = ["message"]
    date_hierarchy = "ended_at"


@admin.register(Leave)
class LeaveAdmin(ForAdministrators):
    list_display = ["user", "deputy", "first_day", "last_day", "cancelled_at"]
    list_select_related = ["user", "deputy"]
    search_fields = ["user__username"]
    date_hierarchy = "first_day"


@admin.register(Heartbeat)
class HeartbeatAdmin(admin.ModelAdmin):
    """Signs of life of the background processes: no rows of any district, for administrators to look at."""

    list_display = ["name", "at"]

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return request.user.is_active and request.user.may(Right.USER_MANAGE)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    has_delete_permission = has_change_permission
