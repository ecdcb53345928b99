"""What the admin classes of the plan share."""

from django import forms
from django.contrib import admin
from django.db import transaction

from accounts.admin_mixins import ScopedAuditedAdmin
from accounts.enums import Right
from accounts.errors import Refused

from ..enums import PlanStatus
from ..models import ShareTotal
from ..sections import section_choices


class ScopedFilter(admin.RelatedFieldListFilter):
    """A filter by a related row that offers only what the user may see."""

    def field_choices(self, field, request, model_admin):
        rows = field.related_model._default_manager.visible_to(request.user)
        return [(row.pk, str(row)) for row in rows.order_by(*field.related_model._meta.ordering)]


class AppFilter(admin.SimpleListFilter):
    """A filter by section app; `path` is where the model has it."""

    title = "业务板块"
    parameter_name = "app"
    path = "app"

    def lookups(self, request, model_admin):
        return section_choices()

    def queryset(self, request, queryset):
        return queryset.filter(**{self.path: self.value()}) if self.value() else queryset


class SectionAppFilter(AppFilter):
    path = "section__app"


class TaskAppFilter(AppFilter):
    path = "task__section__app"


class TargetAppFilter(AppFilter):
    path = "target__task__section__app"


class PlanPartForm(forms.ModelForm):
    """A row of a plan. Once it is stored the plan is not among the fields, but what is unique in it still is."""

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"plan"}


class PlanPartAdmin(ScopedAuditedAdmin):
    """Rows of a plan: changed with the right to edit it, deleted only while it is a draft."""

    form = PlanPartForm
    deletable = True

    def get_readonly_fields(self, request, obj=None):
        """A part stays in its plan: what hangs below it would be left behind."""
        return ["plan"] if obj else []

    def choice_right(self, db_field) -> Right:
        return Right.PLAN_EDIT

    def has_change_permission(self, request, obj=None) -> bool:
        """Nothing of a closed year is changed."""
        return super().has_change_permission(request, obj) and (
            obj is None or self.plan_of(obj).status != PlanStatus.CLOSED
        )

    def has_delete_permission(self, request, obj=None) -> bool:
        return super().has_delete_permission(request, obj) and (
            obj is None or self.plan_of(obj).status == PlanStatus.DRAFT
        )

    def get_deleted_objects(self, objs, request):
        """What is added up beside a row goes with it and asks for no leave of its own."""
        rows, counts, needed, protected = super().get_deleted_objects(objs, request)
        return rows, counts, needed - {ShareTotal._meta.verbose_name}, protected

    def plan_of(self, obj):
        return obj.plan

    def get_actions(self, request):
        """Deleting in bulk would pass by the state of each row's plan."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Tell the form who is acting: its checks ask the services."""
        form = super().get_form(request, obj, change, **kwargs)
        form.actor = request.user
        return form


class ReadOnlyAdmin(ScopedAuditedAdmin):
    """Rows that change through the workflow only."""

    read_only = True


def refusal_of(act, **arguments) -> Refused | None:
    """Return why the service would refuse, or None: it is run and undone, so that the form can show the reason."""
    try:
        with transaction.atomic():
            act(**arguments)
            transaction.set_rollback(True)
    except Refused as refused:
        return refused
    return None
