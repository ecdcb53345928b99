"""People and units in the data maintenance site. What has rules goes through the services; the rest is read only."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse

from .admin_mixins import ScopedAuditedAdmin
from .audit import ACTIONS
from .audit_text import kind_of, log_changes_of
from .enums import Right
from .import_admin import ScopedImportExport
from .models import ApiToken, CalendarFeed, Event, Membership, OrgUnit, Remit, Seal, Succession, User
from .resources import OrgUnitResource
from .services.units import rename_unit
from .services.users import change_user

admin.site.site_header = admin.site.site_title = "区民政局工作要点督办平台"
admin.site.index_title = "数据维护后台"
admin.site.unregister(Group)  # rights come from roles alone


def sign_in(request, extra_context=None):
    """Send to the portal's own sign-in page: one door, with its lockout, messages and expiry."""
    target = request.GET.get("next") or reverse("admin:index")
    if request.user.is_authenticated and not admin.site.has_permission(request):
        raise PermissionDenied("您没有进入数据维护后台的权限。")
    return redirect_to_login(target)


def change_password(request, extra_context=None):
    return redirect("accounts:password")


admin.site.login = sign_in
admin.site.password_change = change_password


@admin.register(User)
class UserAdmin(ScopedAuditedAdmin):
    """Names and mail addresses; accounts are made, closed and given roles on the portal's pages."""

    view_right = change_right = Right.USER_MANAGE
    list_display = ["username", "name", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "memberships__role"]
    search_fields = ["username", "name"]
    fields = ["username", "name", "email", "is_active", "is_staff", "must_change_password", "last_login", "date_joined"]
    readonly_fields = ["username", "is_active", "is_staff", "must_change_password", "last_login", "date_joined"]
    ordering = ["username"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return super().has_change_permission(request)
        return User.objects.manageable_by(request.user).filter(pk=obj.pk).exists()

    def save_model(self, request, obj, form, change):
        change_user(user=obj, name=obj.name, email=obj.email, actor=request.user)


@admin.register(OrgUnit)
class OrgUnitAdmin(ScopedImportExport, ScopedAuditedAdmin):
    """Names; units are founded, moved, merged and retired on the portal's pages, or founded by import."""

    resource_classes = [OrgUnitResource]
    change_right = Right.USER_MANAGE
    list_display = ["name", "code", "kind", "parent", "valid_from", "valid_to", "proposed"]
    list_filter = ["kind", "proposed"]
    list_select_related = ["parent"]
    search_fields = ["name", "code", "short_name"]
    readonly_fields = ["code", "kind", "parent", "path", "valid_from", "valid_to", "proposed", "sort"]
    ordering = ["path"]

    def has_add_permission(self, request):
        return False

    def save_model(self, request, obj, form, change):
        rename_unit(unit=OrgUnit.objects.get(pk=obj.pk), name=obj.name, short_name=obj.short_name, actor=request.user)


@admin.register(Membership)
class MembershipAdmin(ScopedAuditedAdmin):
    """Who holds which role where. Roles are granted and taken away on the user's page."""

    view_right = change_right = Right.USER_MANAGE
    read_only = True
    list_display = ["user", "org_unit", "role", "valid_from", "valid_to"]
    list_filter = ["role"]
    list_select_related = ["user", "org_unit"]
    search_fields = ["user__name", "user__username", "org_unit__name"]


@admin.register(Remit)
class RemitAdmin(ScopedAuditedAdmin):
    """Which office runs which business line. A new one takes the place of one that has been ended by a date."""

    change_right = Right.USER_MANAGE
    action = "unit.change"
    list_display = ["bureau", "app", "office", "valid_from", "valid_to", "proposed"]
    list_filter = ["app", "proposed"]
    list_select_related = ["bureau", "office"]
    search_fields = ["office__name", "app"]

    def choice_right(self, db_field):
        return Right.USER_MANAGE


@admin.register(Succession)
class SuccessionAdmin(ScopedAuditedAdmin):
    """Mergers and splits; they are made on the unit's page."""

    read_only = True
    list_display = ["predecessor", "kind", "successor", "on"]
    list_filter = ["kind"]
    list_select_related = ["predecessor", "successor"]


@admin.register(ApiToken)
class ApiTokenAdmin(ScopedAuditedAdmin):
    """Who has tokens for what. An administrator ends them by a new start password or by closing the account."""

    view_right = change_right = Right.USER_MANAGE
    read_only = True
    list_display = ["name", "prefix", "user", "may_write", "expires_at", "revoked_at", "last_used_at"]
    list_filter = ["may_write"]
    list_select_related = ["user"]
    search_fields = ["name", "user__name", "user__username"]
    fields = ["user", "name", "prefix", "may_write", "created_at", "expires_at", "revoked_at", "last_used_at"]


@admin.register(CalendarFeed)
class CalendarFeedAdmin(ScopedAuditedAdmin):
    """Who has his deadlines read by a calendar program. An administrator ends it as he ends tokens."""

    view_right = change_right = Right.USER_MANAGE
    read_only = True
    list_display = ["user", "created_at", "expires_at", "last_read_at"]
    list_select_related = ["user"]
    search_fields = ["user__name", "user__username"]
    fields = ["user", "created_at", "expires_at", "last_read_at"]


@admin.register(Event)
class EventAdmin(ScopedAuditedAdmin):
    """The audit log of the own units."""

    view_right = Right.AUDIT_READ
    read_only = True
    list_display = ["at", "actor_name", "act", "kind", "object_label", "org_unit", "changed", "note"]
    list_filter = ["action"]
    list_select_related = ["org_unit"]
    search_fields = ["actor_name", "object_label"]
    date_hierarchy = "at"

    @admin.display(description="操作")
    def act(self, event: Event) -> str:
        return ACTIONS.get(event.action, event.action)

    @admin.display(description="对象类型")
    def kind(self, event: Event) -> str:
        return kind_of(event)

    @admin.display(description="变更")
    def changed(self, event: Event) -> str:
        return "；".join(f"{name}：{before} → {after}" for name, before, after in log_changes_of(event)) or "—"


@admin.register(Seal)
class SealAdmin(ScopedAuditedAdmin):
    """The chain; `verify_audit` walks it."""

    view_right = Right.AUDIT_READ
    read_only = True
    list_display = ["number", "event", "digest"]
    list_select_related = ["event"]
