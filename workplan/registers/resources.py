"""A register as a django-import-export resource: row by row through the services.

Files that people bring are read by `workplan.imports`, which takes whole files at once; this is the library's own path, for
the data maintenance site and as the measure that the other one is compared with.
"""

from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from import_export.fields import Field
from import_export.instance_loaders import ModelInstanceLoader
from import_export.resources import Resource
from import_export.results import RowResult

from accounts.enums import Right

from ..enums import RecordSource
from ..errors import Refused
from ..imports.rows import key_of
from ..models import Record
from ..services import records
from .columns import CellError, Column, Reading, columns_of
from .rows import with_columns


class ColumnField(Field):
    """One column of a register: read and shown by the column itself."""

    def __init__(self, column: Column, reading: Reading):
        super().__init__(column.name, column.label)
        self.column, self.reading = column, reading

    def clean(self, row, **kwargs) -> Any:
        """Return the value of the row's cell. Raises CellError; a column that the file lacks is an empty cell."""
        return self.column.read(str(row.get(self.column_name) or "").strip(), self.reading)

    def export(self, instance: Record, **kwargs) -> Any:
        return self.column.export(instance)


class RecordResource(Resource):
    """The resource of one register. Fields and model belong to the instance, so that one class serves them all."""

    def __init__(self, *, model: type[Record], user, **kwargs):
        super().__init__(**kwargs)
        self.model, self.user = model, user
        self._meta = copy(self._meta)
        self._meta.model, self._meta.using_db, self._meta.import_id_fields = model, None, []
        self._meta.use_transactions, self._meta.skip_diff = True, True
        self._meta.instance_loader_class = ModelInstanceLoader
        reading = Reading(user, model)
        for column in columns_of(model):
            column.prepare(reading)
        self.fields = {column.name: ColumnField(column, reading) for column in columns_of(model)}
        self.typed: dict[str, Any] = {}
        self.outcome = RowResult.IMPORT_TYPE_NEW

    # --- what leaves

    @classmethod
    def get_display_name(cls) -> str:
        return "台账记录"

    def get_queryset(self):
        return with_columns(self.model.objects.visible_to(self.user, Right.EXPORT).kept())

    # --- what comes in

    def get_instance(self, instance_loader, row):
        return None  # whether the row is known shows when it is written: its person may be new

    def init_instance(self, row=None) -> Record:
        return self.model()

    def import_instance(self, instance, row, **kwargs):
        """Read the cells. Raises ValidationError by column name."""
        self.typed, problems = {}, {}
        for name, field in self.fields.items():
            try:
                self.typed[name] = field.clean(row)
            except CellError as wrong:
                problems[name] = ValidationError(str(wrong))
        if problems:
            raise ValidationError(problems)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """Pass on what the cells had wrong; the rest is for the service to say."""
        if import_validation_errors:
            raise ValidationError(import_validation_errors)

    def save_instance(self, instance, is_create, row, **kwargs):
        """Add the record, or change the one that the register knows already."""
        try:
            instance.pk = self._write().pk
        except Refused as refused:
            raise ValidationError(refused.message) from refused

    def _write(self) -> Record:
        self.outcome = RowResult.IMPORT_TYPE_NEW
        source = RecordSource.IMPORTED
        try:
            return records.create_record(model=self.model, actor=self.user, typed=self.typed, source=source)
        except ValidationError:
            known = self._known()
            if known is None:
                raise
        typed = {name: value for name, value in self.typed.items() if name != "org_unit"}
        changed = records.change_record(record=known, actor=self.user, version=known.version, typed=typed)
        is_new_version = changed.version != known.version
        self.outcome = RowResult.IMPORT_TYPE_UPDATE if is_new_version else RowResult.IMPORT_TYPE_SKIP
        return changed

    def _known(self) -> Record | None:
        """Return the record that the register's key says is the same, where the user keeps it."""
        draft = records.drafted(model=self.model, actor=self.user, typed=self.typed)
        key = {name: getattr(draft, name) for name in key_of(self.model)}
        rows = self.model.objects.visible_to(self.user, Right.RECORD_WRITE).kept()
        return rows.filter(**key).first() if key else None

    def save_m2m(self, instance, row, **kwargs):
        """Nothing is left to do: the service has set what a record names several of."""

    def after_import_row(self, row, row_result, **kwargs):
        row_result.import_type = self.outcome

    def import_data(self, dataset, **kwargs):
        """Import all rows or none."""
        with transaction.atomic():
            return super().import_data(dataset, **{"rollback_on_validation_errors": True} | kwargs)
