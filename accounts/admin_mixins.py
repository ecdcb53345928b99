"""What every page of the data maintenance site has in common: the scope decides the rows, and changes are logged."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from . import audit
from .enums import Right
from .scope import ScopedQuerySet


class ScopedAuditedAdmin(admin.ModelAdmin):
    """A ModelAdmin whose rows, permissions and choices come from `visible_to`, and which records what it saves.

    view_right, change_right: what looking and changing take; action: the act in `audit.ACTIONS`; deletable: whether rows may
    be deleted at all; read_only: nothing is added or changed here.
    """

    view_right = Right.VIEW
    change_right = Right.PLAN_EDIT
    action = "plan.change"
    delete_action = "plan.delete"
    deletable = False
    read_only = False
    list_per_page = 50
    show_full_result_count = False  # one statement less, and no count of what a search hides

    # --- rows and permissions ---

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).visible_to(request.user, self.view_right)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._holds(request, self.view_right, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not self.read_only and self._holds(request, self.change_right, None)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return not self.read_only and self._holds(request, self.change_right, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.deletable and self.has_change_permission(request, obj)

    def _holds(self, request: HttpRequest, right: Right, obj: Model | None) -> bool:
        user = request.user
        if not (user.is_authenticated and user.is_active and user.may(right)):
            return False
        if obj is None or obj.pk is None:
            return True
        return self.model._default_manager.visible_to(user, right).filter(pk=obj.pk).exists()

    # --- choices ---

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        self._limit(db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        self._limit(db_field, request, kwargs)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _limit(self, db_field, request: HttpRequest, kwargs: dict) -> None:
        """Offer, and accept, only rows that the user may see."""
        rows = kwargs.get("queryset")
        rows = db_field.remote_field.model._default_manager.all() if rows is None else rows
        if isinstance(rows, ScopedQuerySet):
            kwargs["queryset"] = rows.visible_to(request.user, self.choice_right(db_field))

    def choice_right(self, db_field) -> Right:
        """Return the right that a row must be held with to be chosen; looking is enough by default."""
        return Right.VIEW

    # --- log ---

    def save_model(self, request, obj, form, change):
        before = audit.snapshot(self.model._default_manager.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)
        old, new = audit.changes(before, audit.snapshot(obj))
        if new:
            audit.record(action=self.action, actor=request.user, row=obj, before=old, after=new, note="数据维护后台")

    def save_related(self, request, form, formsets, change):
        """Log what a row is linked to as well: it may decide who sees the row."""
        names = [field.name for field in form.instance._meta.many_to_many if field.name in form.cleaned_data]
        names += [formset.fk.remote_field.get_accessor_name() for formset in formsets]
        before = {name: _listed(form.instance, name) for name in names}
        super().save_related(request, form, formsets, change)
        old, new = audit.changes(before, {name: _listed(form.instance, name) for name in names})
        if new:
            audit.record(
                action=self.action, actor=request.user, row=form.instance, before=old, after=new, note="数据维护后台"
            )

    def delete_model(self, request, obj):
        audit.record(
            action=self.delete_action, actor=request.user, row=obj, before=audit.snapshot(obj), note="数据维护后台"
        )
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for obj in queryset:  # one by one: each deletion is an event of its own
            self.delete_model(request, obj)


def _listed(row: Model, name: str) -> list[str]:
    """Return the rows that a relation with many of them leads to, as texts."""
    return [str(other) for other in getattr(row, name).all()]
