"""The same columns through django-import-export as it comes: instance by instance, through `save()`.

The person is found or made by the widget of its column, with the same checks, encryption and digests as ours: the library has no
part for that. Rows come from calamine, as ours do; the library's own reader of workbooks (openpyxl) is slower.
"""

from datetime import date, datetime
from pathlib import Path

import tablib
from import_export import resources
from import_export.fields import Field
from import_export.widgets import BooleanWidget, DateWidget, ForeignKeyWidget, Widget
from python_calamine import CalamineWorkbook

from accounts.models import OrgUnit, User
from eldercare.enums import HardshipKind
from people.models import Person
from people.rules.persons import PersonInput, check_person
from people.services.finding import find_by_digest, id_digest
from people.services.writing import write_identity
from workplan import clock

from .crowd import MODEL, USER


class PersonWidget(Widget):
    """The person of the row: found by the digest of the number, else saved."""

    def clean(self, value, row=None, **kwargs):
        checked = check_person(PersonInput(row["姓名"], id_number=value, phone=row["联系电话"]), clock.today())
        found = find_by_digest(id_digest(checked.id_kind, checked.id_number))
        if found is None:
            found = Person(residence=OrgUnit.objects.get(name=row["所属单位"]))
            write_identity(found, checked)
            found.save()
        return found


class HardshipWidget(Widget):
    words = {str(label): value for value, label in HardshipKind.choices}

    def clean(self, value, row=None, **kwargs):
        return self.words[value]


class YesWidget(BooleanWidget):
    TRUE_VALUES = ["是"]


class ElderResource(resources.ModelResource):
    org_unit = Field("org_unit", "所属单位", ForeignKeyWidget(OrgUnit, "name"))
    person = Field("person", "证件号码", PersonWidget())
    hardship = Field("hardship", "困难类别", HardshipWidget())
    happened_on = Field("happened_on", "认定符合条件日期", DateWidget())
    included_on = Field("included_on", "纳入保障服务日期", DateWidget())
    gathered = Field("gathered", "集中照护", YesWidget())
    note = Field("note", "备注", Widget())

    class Meta:
        model = MODEL
        fields = ("org_unit", "person", "hardship", "happened_on", "included_on", "gathered", "note")
        import_id_fields = ("person", "happened_on")

    def before_save_instance(self, instance, row, **kwargs):
        instance.created_by, instance.source = self.user, "imported"
        instance.created_at = instance.changed_at = self.now


def bring_in(path: Path) -> int:
    """Import the workbook; return the number of rows."""
    from django.utils import timezone

    header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    table = tablib.Dataset(headers=header)
    table.extend([[_plain(value) for value in row] for row in rows])
    resource = ElderResource()
    resource.user, resource.now = User.objects.get(username=USER), timezone.now()
    result = resource.import_data(table, raise_errors=True)
    return result.totals["new"]


def _plain(value):
    return value.isoformat() if isinstance(value, date | datetime) else value
