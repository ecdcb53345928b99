"""Import and export of tables: within the user's scope, by natural keys, all or nothing, and logged."""

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from import_export import resources
from import_export.fields import Field
from import_export.resources import Diff
from import_export.results import RowResult

from . import audit
from .enums import Right, UnitKind
from .errors import Refused
from .models import OrgUnit
from .services.units import FOLLOWERS, create_unit, rename_unit
from .widgets import ChoiceWidget, DayWidget, KeyWidget, TextWidget, WholeWidget

HEADER_LINES = 1


class PlainDiff(Diff):
    """Shows a change without the inline styles that the CSP forbids."""

    def as_html(self):
        pairs = zip(self.left, self.right, strict=True)
        return [b if self.new or a == b else format_html("<del>{}</del> <ins>{}</ins>", a, b) for a, b in pairs]


class ScopedResource(resources.ModelResource):
    """A table of rows that the user may see (export) or change (import).

    right: what changing takes; action: the act in `audit.ACTIONS` by which a written row is logged; key_columns: columns
    that the table needs beside those of its own key. A row that is wrong is refused with its line and column; one wrong
    row, and nothing of the file is written.
    """

    right = Right.PLAN_EDIT
    action = "plan.change"
    key_columns: tuple[str, ...] = ()

    def __init__(self, *, user, **kwargs):
        super().__init__(**kwargs)
        self.user, self.line, self.seen = user, 0, {}
        for field in self.fields.values():
            if isinstance(field.widget, KeyWidget):
                field.widget.resource = self

    @classmethod
    def get_diff_class(cls):
        return PlainDiff

    def get_queryset(self):
        return super().get_queryset().visible_to(self.user, self.right)

    # --- reading ---

    def import_data(self, dataset, **kwargs):
        """Import all rows or none: also where only the second look, after the preview, finds a mistake."""
        kwargs["rollback_on_validation_errors"] = True
        return super().import_data(dataset, **kwargs)

    def before_import(self, dataset, **kwargs):
        """Refuse a table whose columns are not those of an export."""
        known = [self.fields[name].column_name for name in self.get_export_order()]
        needed = {self.fields[name].column_name for name in self.get_import_id_fields()} | {*self.key_columns}
        missing = [name for name in known if name in needed and name not in dataset.headers]
        strange = [name for name in dataset.headers if name not in known]
        if missing or strange:
            lines = [f"缺少列：{'、'.join(missing)}。"] if missing else []
            lines += [f"不认识的列：{'、'.join(strange)}。"] if strange else []
            raise Refused("".join(lines) + f"可用的列：{'、'.join(known)}。", code="columns")

    def before_import_row(self, row, row_number=None, **kwargs):
        self.line = row_number + HEADER_LINES
        columns = [self.fields[name].column_name for name in self.get_import_id_fields()]
        key = tuple(row.get(name) for name in (*self.key_columns, *columns))
        first = self.seen.setdefault(key, self.line)
        if first != self.line:
            raise ValidationError(f"第 {self.line} 行：与第 {first} 行重复。")

    def get_instance(self, instance_loader, row):
        """Return the stored row, or None; a key that cannot be read is reported with the row's other mistakes."""
        try:
            return super().get_instance(instance_loader, row)
        except (ValueError, KeyError):
            return None

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        try:
            super().validate_instance(instance, import_validation_errors, validate_unique)
        except ValidationError as error:
            raise ValidationError(self.mistakes(error)) from error

    def mistakes(self, error: ValidationError) -> list[str]:
        """Return the errors as sentences that name line and column."""
        columns = {field.attribute: field.column_name for field in self.fields.values()}
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        return [
            f"第 {self.line} 行{'“' + columns[name] + '”' if name in columns else ''}：{message}"
            for name, messages in found.items()
            for message in messages
        ]

    # --- writing ---

    def save_instance(self, instance, is_create, row, **kwargs):
        try:
            self.write(instance, is_create, row)
        except (Refused, ValidationError) as error:
            sentences = [error.message] if isinstance(error, Refused) else error
            raise ValidationError(self.mistakes(ValidationError(sentences))) from error

    def write(self, instance, is_create: bool, row: dict) -> None:
        """Store one row and log it. Resources whose rows have a service call it instead."""
        stored = None if is_create else self._meta.model._base_manager.get(pk=instance.pk)
        instance.save(force_insert=is_create)
        before = audit.snapshot(stored) if stored else {}
        old, new = audit.changes(before, audit.snapshot(instance))
        if new:
            audit.record(action=self.action, actor=self.user, row=instance, before=old, after=new, note="导入")

    def after_import(self, dataset, result, **kwargs):
        super().after_import(dataset, result, **kwargs)
        if kwargs.get("dry_run"):
            return
        counts = {
            "file": str(kwargs.get("file_name") or "")[:100],
            "table": str(self._meta.model._meta.verbose_name),
            "new": result.totals[RowResult.IMPORT_TYPE_NEW],
            "changed": result.totals[RowResult.IMPORT_TYPE_UPDATE],
        }
        audit.record(action="data.import", actor=self.user, after=counts)


def manageable_units(resource, row):
    return OrgUnit.objects.visible_to(resource.user, Right.USER_MANAGE)


class OrgUnitResource(ScopedResource):
    """Units by code. New ones are founded, names can be changed; everything else happens on the unit's page."""

    right = Right.USER_MANAGE
    code = Field("code", "代码", TextWidget())
    name = Field("name", "名称", TextWidget())
    short_name = Field("short_name", "简称", TextWidget())
    kind = Field("kind", "类型", ChoiceWidget(UnitKind.choices))
    parent = Field("parent", "上级单位代码", KeyWidget(manageable_units, "code", blank=True))
    valid_from = Field("valid_from", "启用日期", DayWidget())
    valid_to = Field("valid_to", "停用日期", DayWidget())
    sort = Field("sort", "排序", WholeWidget(), default=0)

    class Meta:
        model = OrgUnit
        fields = ["code", "name", "short_name", "kind", "parent", "valid_from", "valid_to", "sort"]
        import_id_fields = ["code"]
        skip_unchanged = True
        use_transactions = True
        clean_model_instances = False  # the services check

    def write(self, instance: OrgUnit, is_create: bool, row: dict) -> None:
        """Found or rename the unit. Raises Refused for changes that are more than a new name."""
        names = {"name": instance.name, "short_name": instance.short_name}
        if is_create:
            self._found(instance, names)
            return
        stored = OrgUnit.objects.get(pk=instance.pk)
        fixed = ("kind", "parent_id", "valid_from", "valid_to", "sort")
        if any(getattr(stored, name) != getattr(instance, name) for name in fixed):
            raise Refused("导入只能新建单位和修改名称；调整上级、停用、合并、拆分请在单位管理页面办理。", code="fixed")
        rename_unit(unit=stored, actor=self.user, **names)

    def after_import(self, dataset, result, **kwargs):
        """Let what counts units follow, once for the file."""
        for follow in FOLLOWERS if result.totals[RowResult.IMPORT_TYPE_NEW] else ():
            follow()
        super().after_import(dataset, result, **kwargs)

    def _found(self, unit: OrgUnit, names: dict) -> None:
        if unit.parent is None:
            raise Refused("请填写上级单位代码。", code="parent_required")
        if unit.valid_to is not None:
            raise Refused("新建单位不能填写停用日期。", code="fixed")
        create_unit(
            code=unit.code,
            kind=unit.kind,
            parent=unit.parent,
            valid_from=unit.valid_from,
            sort=unit.sort,
            actor=self.user,
            **names,
        )
