"""Plans and their parts."""

from django.contrib import admin, messages

from accounts.admin_mixins import ScopedAuditedAdmin
from accounts.enums import Right
from accounts.errors import Refused
from accounts.import_admin import ScopedImportExport

from .. import resources
from ..enums import PlanStatus
from ..models import (
    Allocation,
    Assignment,
    CalendarDay,
    PaceStep,
    Period,
    PeriodRule,
    Plan,
    Reading,
    ReminderRule,
    Section,
    Target,
    Task,
)
from ..services.plan import allocate, assign, publish_plan, revise_target, withdraw_share
from ..services.supervision import steps_of
from ..ui.format import goal, quantity
from .forms import AllocationForm, AssignmentForm, TargetForm
from .shared import PlanPartAdmin, ScopedFilter, SectionAppFilter, TargetAppFilter, TaskAppFilter


@admin.register(Plan)
class PlanAdmin(ScopedAuditedAdmin):
    """Its state moves by publishing only."""

    list_display = ["__str__", "bureau", "year", "status", "issued_on", "yellow_gap", "red_gap"]
    list_filter = ["year", "status", ("bureau", ScopedFilter)]
    list_select_related = ["bureau"]
    search_fields = ["title", "document_number"]
    autocomplete_fields = ["bureau"]
    date_hierarchy = "issued_on"
    readonly_fields = ["status"]
    actions = ["publish"]

    def choice_right(self, db_field):
        return Right.PLAN_EDIT

    def has_change_permission(self, request, obj=None) -> bool:
        """Nothing of a closed year is changed, its thresholds neither."""
        return super().has_change_permission(request, obj) and (obj is None or obj.status != PlanStatus.CLOSED)

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, "bureau", "year"] if obj else self.readonly_fields

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        steps_of(obj)  # a new plan starts with the usual steps of escalation

    @admin.action(description="发布所选的工作要点", permissions=["change"])
    def publish(self, request, queryset):
        for plan in queryset.visible_to(request.user, self.change_right):
            try:
                publish_plan(plan=plan, actor=request.user)
                self.message_user(request, f"已发布：{plan}。")
            except Refused as refused:
                self.message_user(request, f"{plan}：{refused.message}", level=messages.ERROR)


@admin.register(Section)
class SectionAdmin(ScopedImportExport, PlanPartAdmin):
    resource_classes = [resources.SectionResource]
    list_display = ["number", "title", "campaign", "app", "plan"]
    list_display_links = ["title"]
    list_filter = [("plan", ScopedFilter)]
    list_select_related = ["plan__bureau"]
    search_fields = ["title", "campaign"]


@admin.register(Task)
class TaskAdmin(ScopedImportExport, PlanPartAdmin):
    resource_classes = [resources.TaskResource]
    list_display = ["number", "title", "section", "due", "due_proposed", "plan"]
    list_display_links = ["title"]
    list_filter = [("plan", ScopedFilter), SectionAppFilter, "due_proposed"]
    list_select_related = ["plan__bureau", "section"]
    search_fields = ["=number", "title", "summary"]
    date_hierarchy = "due"


class PaceStepInline(admin.TabularInline):
    """The dated steps of a target whose pace goes by steps."""

    model = PaceStep
    extra = 0

    def has_view_permission(self, request, obj=None):
        return request.user.may(Right.VIEW)

    def has_add_permission(self, request, obj=None):
        return request.user.may(Right.PLAN_EDIT)

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(Target)
class TargetAdmin(ScopedImportExport, PlanPartAdmin):
    resource_classes = [resources.TargetResource]
    form = TargetForm
    inlines = [PaceStepInline]
    list_display = ["code", "measure", "kind", "strength", "promise", "due", "due_proposed"]
    list_display_links = ["code", "measure"]
    list_filter = [("plan", ScopedFilter), TaskAppFilter, "kind", "strength", "due_proposed", "implied"]
    search_fields = ["code", "measure"]
    autocomplete_fields = ["task", "also_in"]
    date_hierarchy = "due"

    @admin.display(description="目标值", ordering="goal")
    def promise(self, target: Target) -> str:
        return goal(target.comparator, target.goal, target.unit)

    def save_model(self, request, obj, form, change):
        if change:
            revise_target(target=obj, actor=request.user, reason=form.cleaned_data["reason"])
        else:
            super().save_model(request, obj, form, change)


@admin.register(Allocation)
class AllocationAdmin(ScopedImportExport, PlanPartAdmin):
    resource_classes = [resources.AllocationResource]
    form = AllocationForm
    list_display = ["target", "org_unit", "share", "proposed"]
    list_filter = [("target__plan", ScopedFilter), TargetAppFilter, "proposed"]
    list_select_related = ["target", "org_unit"]
    search_fields = ["target__code", "target__measure", "org_unit__name", "org_unit__code"]
    autocomplete_fields = ["target", "org_unit"]

    @admin.display(description="分解值", ordering="amount")
    def share(self, allocation: Allocation) -> str:
        return quantity(allocation.amount, allocation.target.unit)

    def plan_of(self, obj):
        return obj.target.plan

    def get_readonly_fields(self, request, obj=None):
        return ["target", "org_unit"] if obj else []

    def save_model(self, request, obj, form, change):
        amounts = {obj.org_unit: obj.amount}
        allocate(target=obj.target, amounts=amounts, actor=request.user, reason=form.cleaned_data["reason"])
        obj.pk = Allocation.objects.get(target=obj.target, org_unit=obj.org_unit).pk

    def delete_model(self, request, obj):
        withdraw_share(share=obj, actor=request.user, note="数据维护后台")


@admin.register(Assignment)
class AssignmentAdmin(PlanPartAdmin):
    form = AssignmentForm
    list_display = ["task", "org_unit", "role", "proposed", "given_on", "signed_on"]
    list_filter = [("task__plan", ScopedFilter), TaskAppFilter, "role", "proposed"]
    list_select_related = ["task", "org_unit"]
    search_fields = ["task__title", "org_unit__name", "org_unit__code"]
    autocomplete_fields = ["task", "org_unit"]

    def plan_of(self, obj):
        return obj.task.plan

    def get_readonly_fields(self, request, obj=None):
        return ["task", "org_unit"] if obj else []

    def save_model(self, request, obj, form, change):
        obj.pk = assign(task=obj.task, unit=obj.org_unit, role=obj.role, actor=request.user).pk


@admin.register(Reading)
class ReadingAdmin(PlanPartAdmin):
    list_display = ["code", "question", "reading", "plan"]
    list_filter = [("plan", ScopedFilter)]
    list_select_related = ["plan__bureau"]
    search_fields = ["code", "question", "reading"]
    autocomplete_fields = ["tasks"]


@admin.register(PeriodRule)
class PeriodRuleAdmin(PlanPartAdmin):
    list_display = ["plan", "kind", "first_start", "due_offset", "closes_offset"]
    list_filter = [("plan", ScopedFilter), "kind"]
    list_select_related = ["plan__bureau"]


@admin.register(Period)
class PeriodAdmin(PlanPartAdmin):
    """Deadlines can be moved; what the period is called and covers stays."""

    list_display = ["name", "kind", "start", "end", "due", "closes", "plan"]
    list_filter = [("plan", ScopedFilter), "kind"]
    list_select_related = ["plan__bureau"]
    date_hierarchy = "start"

    def get_readonly_fields(self, request, obj=None):
        return ["plan", "kind", "number", "start", "end"] if obj else []

    @admin.display(description="报告期", ordering="start")
    def name(self, period: Period) -> str:
        return period.name


@admin.register(ReminderRule)
class ReminderRuleAdmin(PlanPartAdmin):
    """One rule for each kind of thing: it is switched off, not deleted."""

    list_display = ["plan", "subject", "before", "on_day", "overdue_every", "supervisor_after", "active"]
    list_display_links = ["subject"]
    list_filter = [("plan", ScopedFilter), "subject", "active"]
    list_select_related = ["plan__bureau"]

    def get_readonly_fields(self, request, obj=None):
        return ["plan", "subject"] if obj else []


@admin.register(CalendarDay)
class CalendarDayAdmin(ScopedImportExport, ScopedAuditedAdmin):
    """Days off and make-up days: entered from the official data, edited and imported where that has none."""

    resource_classes = [resources.CalendarDayResource]
    change_right = Right.USER_MANAGE
    deletable = True
    list_display = ["day", "working", "name", "bureau"]
    list_filter = [("bureau", ScopedFilter), "working"]
    list_select_related = ["bureau"]
    search_fields = ["name"]
    date_hierarchy = "day"

    def choice_right(self, db_field):
        return Right.USER_MANAGE

    def get_readonly_fields(self, request, obj=None):
        return ["bureau", "day"] if obj else []
