"""Admin classes for the Task and Target of every section app, and the registers beside them."""

from django.contrib import admin

from ..models import Section, Task
from .plan import TargetAdmin, TaskAdmin
from .records import register_records
from .shared import ScopedFilter


class SectionTaskAdmin(TaskAdmin):
    """Tasks of the section app of the model; only its sections can be chosen."""

    list_filter = [("plan", ScopedFilter), "due_proposed"]

    def get_resource_kwargs(self, request, *args, **kwargs):
        return super().get_resource_kwargs(request) | {"app": self.opts.app_label}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "section":
            kwargs["queryset"] = Section.objects.filter(app=self.opts.app_label)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class SectionTargetAdmin(TargetAdmin):
    """Targets of the section app of the model; only its tasks can be chosen."""

    list_filter = [("plan", ScopedFilter), "kind", "strength", "due_proposed", "implied"]
    autocomplete_fields = ["also_in"]

    def get_resource_kwargs(self, request, *args, **kwargs):
        return super().get_resource_kwargs(request) | {"app": self.opts.app_label}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "task":
            kwargs["queryset"] = Task.objects.filter(section__app=self.opts.app_label)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def register_section(task_model, target_model) -> None:
    """Put a section app's tasks, targets and registers into the data maintenance site."""
    admin.site.register(task_model, SectionTaskAdmin)
    admin.site.register(target_model, SectionTargetAdmin)
    register_records(task_model._meta.app_label)
