"""Registers and what hangs on them: to look at. Records change through their pages, imports and the API only."""

from collections.abc import Callable

from django.contrib import admin
from django.db.models import Q

from accounts.import_admin import ScopedImportExport

from ..enums import Privacy
from ..models import Attachment, ImportBatch, Record, SpotCheck, SpotCheckItem
from ..models.records import READING_RIGHT
from ..registers.columns import columns_of
from ..registers.registry import opens, readable, registers
from ..registers.resources import RecordResource
from ..registers.rows import with_columns
from ..registers.tables import cells_of
from .shared import AppFilter, ReadOnlyAdmin, ScopedFilter, TargetAppFilter

BOOK = ("state", "source", "version", "created_by", "created_at", "changed_at", "verified_by", "verified_on", "batch")


class RecordAdmin(ScopedImportExport, ReadOnlyAdmin):
    """The records of any register, removed ones included. What is shown follows from what the register declares.

    Exports hold what stands in the register, people masked; there is no import here: files come in on the register's page.
    """

    resource_classes = [RecordResource]
    date_hierarchy = "happened_on"

    def get_queryset(self, request):
        return with_columns(super().get_queryset(request))

    def has_view_permission(self, request, obj=None) -> bool:
        """Ask for the right that the register is read with: people are for those who work with them."""
        reading = READING_RIGHT[self.model.register.privacy]
        if not (request.user.is_active and opens(request.user, self.model, reading)):
            return False
        return super().has_view_permission(request, obj)

    def get_resource_kwargs(self, request, *args, **kwargs):
        return super().get_resource_kwargs(request) | {"model": self.model}

    def get_export_queryset(self, request):
        return super().get_export_queryset(request).kept()

    def get_list_display(self, request):
        cells = cells_of(self.model)
        return [_shown(name, c.verbose_name, c.text, c.source) for name, c in cells.items()] + ["state", "verified_on"]

    def get_list_filter(self, request):
        return ["state", "source", *self.model.register.filters]

    def get_search_fields(self, request):
        return self.model.register.search

    def get_fields(self, request, obj=None):
        return [*(_shown(c.name, c.label, c.show, None) for c in columns_of(self.model)), *BOOK]

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj)


def _shown(name: str, label: str, text: Callable[[Record], str], column) -> Callable[[Record], str]:
    """Return a column of the site that shows a value as the register's pages do: people masked."""

    def show(record: Record) -> str:
        return text(record)

    show.__name__, show.short_description = name, label
    if column and column.order_by:
        show.admin_order_field = column.order_by[0]
    return show


def register_records(app: str) -> None:
    """Put all registers of a section app into the data maintenance site."""
    for model in registers():
        if model._meta.app_label == app:
            admin.site.register(model, RecordAdmin)


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    """The file itself holds people's numbers: it is for the import alone."""

    list_display = ["name", "org_unit", "app", "model", "state", "total_rows", "created_by", "created_at"]
    list_filter = ["state", AppFilter]
    list_select_related = ["org_unit", "created_by"]
    search_fields = ["org_unit__name", "org_unit__code", "sha256"]
    exclude = ["file"]
    date_hierarchy = "created_at"


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    """Files of records that the user may read. They are handed out by the record's page, which logs the look."""

    list_display = ["name", "app", "model", "org_unit", "size", "uploaded_by", "uploaded_at", "removed_at"]
    list_filter = [AppFilter]
    list_select_related = ["org_unit", "uploaded_by"]
    search_fields = ["sha256", "org_unit__name", "org_unit__code"]
    exclude = ["file"]
    date_hierarchy = "uploaded_at"

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.filter(_of_readable(rows, request.user))

    def has_view_permission(self, request, obj=None) -> bool:
        seen = super().has_view_permission(request, obj)
        return seen and (obj is None or obj.pk is None or self.get_queryset(request).filter(pk=obj.pk).exists())


def _of_readable(rows, user) -> Q:
    """Return the condition that the user may read records of the file's register in the file's unit."""
    found, known = Q(pk__in=[]), readable(user)
    for privacy in Privacy:
        visible = rows.model.objects.visible_to(user, READING_RIGHT[privacy]).values("pk")
        names = Q(pk__in=[])
        for model in known:
            if model.register.privacy == privacy:
                names |= Q(app=model._meta.app_label, model=model._meta.model_name)
        found |= names & Q(pk__in=visible)
    return found


@admin.register(SpotCheck)
class SpotCheckAdmin(ReadOnlyAdmin):
    list_display = ["target", "app", "model", "size", "population", "drawn_on", "drawn_by"]
    list_filter = [("target__plan", ScopedFilter), TargetAppFilter]
    list_select_related = ["target", "drawn_by"]
    search_fields = ["target__code", "target__measure", "seed"]
    date_hierarchy = "drawn_on"


class SpotCheckAppFilter(AppFilter):
    path = "spot_check__app"


@admin.register(SpotCheckItem)
class SpotCheckItemAdmin(ReadOnlyAdmin):
    list_display = ["spot_check", "org_unit", "record", "finding", "decided_by", "decided_on", "mended_on"]
    list_filter = ["finding", SpotCheckAppFilter]
    list_select_related = ["spot_check__target", "org_unit", "decided_by"]
    search_fields = ["org_unit__name", "org_unit__code", "spot_check__target__code"]
    date_hierarchy = "decided_on"
