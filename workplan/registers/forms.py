"""The form of a record: its inputs come from the columns of its register."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ..enums import RecordState
from ..forms import DayField, TextField, version_field
from ..lines import FieldLine, LinedForm
from ..models import Record
from .columns import Column, Reading, columns_of
from .search import personal_search

ATTRS = {
    forms.CheckboxInput: "form-check-input",
    forms.CheckboxSelectMultiple: "check-list",
    forms.Select: "form-select",
}


class RecordForm(LinedForm):
    """What can be typed into a record. Parts such as the person are chosen once and stay with the record."""

    def __init__(self, data=None, *, model: type[Record], user, record: Record | None = None, unit=None, day=None):
        self.model, self.record = model, record
        self.columns = [c for c in columns_of(model) if record is None or not c.part]
        super().__init__(data, initial=self._initial(unit, day))
        reading = Reading(user, model)
        for column in self.columns:
            self.fields[column.name] = _dressed(column.form_field(reading), column)
        if record is not None:
            self.fields["version"] = version_field()
        self._choose_own_unit()
        self.describe()

    def _initial(self, unit, day) -> dict[str, Any]:
        if self.record is None:
            defaults = {c.name: c.empty for c in self.columns if not c.part and c.field.has_default()}
            return defaults | {"org_unit": unit} | ({"happened_on": day} if day else {})
        return {c.name: c.initial(self.record) for c in self.columns} | {"version": self.record.version}

    def _choose_own_unit(self) -> None:
        """Preselect the unit of somebody who keeps the register for one unit, be it with the villages below it."""
        field = self.fields.get("org_unit")
        if field is not None and not self.initial.get("org_unit"):
            top = field.queryset.order_by("path").first()
            if top and not field.queryset.exclude(path__startswith=top.path).exists():
                self.initial["org_unit"] = top

    def lines(self) -> list[FieldLine]:
        """Return the inputs; the first mistake has the focus, in a new record the first empty input."""
        found = super().lines()
        wrong = [line for line in found if line.errors]
        fresh = [line for line in found if not self.is_bound and self.record is None and not line.field.value()]
        for line in (wrong or fresh)[:1]:
            line.field.field.widget.attrs["autofocus"] = True
        return found

    def clean(self):
        """Turn what was typed into what is stored; each problem at its input."""
        for column in self.columns:
            if column.name in self.cleaned_data:
                try:
                    self.cleaned_data[column.name] = column.from_form(self.cleaned_data[column.name])
                except ValidationError as wrong:
                    self.add_error(column.name, wrong)
        return self.cleaned_data

    def typed(self) -> dict[str, Any]:
        """Return what was typed, by column name."""
        return {c.name: self.cleaned_data[c.name] for c in self.columns if c.name in self.cleaned_data}

    def refuse(self, wrong: ValidationError) -> None:
        """Put what the service found wrong beside the inputs; what belongs to none stands above them."""
        for name, messages in (wrong.message_dict if hasattr(wrong, "error_dict") else {"": wrong.messages}).items():
            self.add_error(name if name in self.fields else None, messages)


def _dressed(field: forms.Field, column: Column) -> forms.Field:
    """Give the input its look, its help and Chinese messages."""
    css = next((css for kind, css in ATTRS.items() if isinstance(field.widget, kind)), "form-control")
    attrs = field.widget.attrs
    attrs["class"] = f"{attrs.get('class', '')} {css}".strip() if css not in attrs.get("class", "") else attrs["class"]
    if not isinstance(field.widget, forms.Select | forms.CheckboxSelectMultiple):
        attrs.setdefault("autocomplete", "off")
    field.help_text = column.help
    field.error_messages |= {"required": "请填写。", "invalid_choice": "没有这一选项，请重新选择。"}
    return field


class ReasonedForm(forms.Form):
    """A reason that must be given, for acts on records."""

    reason = TextField(label="原因", rows=2, max_length=300, error_messages={"required": "请填写原因。"})


class RecordFilter(forms.Form):
    """What the list of a register can be narrowed by: unit, state and the fields that the register names."""

    def __init__(self, data=None, *, model: type[Record], units):
        super().__init__(data)
        self.model = model
        if model.register.search and personal_search(model) is None:
            self.fields["q"] = forms.CharField(label="关键词", required=False, max_length=100)
        self.fields["unit"] = forms.TypedChoiceField(
            label="单位",
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", "全部"), *((str(unit.pk), unit.label) for unit in units)],
        )
        for name in model.register.filters:
            self.fields[name] = _filter_field(model._meta.get_field(name))
        states = [
            (RecordState.VALID.value, RecordState.VALID.label),
            (RecordState.REJECTED, RecordState.REJECTED.label),
        ]
        self.fields["state"] = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *states])
        self.fields["since"] = DayField(label="起始日期", required=False)
        self.fields["until"] = DayField(label="截止日期", required=False)

    def conditions(self) -> dict[str, Any]:
        """Return the chosen conditions as lookups, without the unit."""
        asked = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        found = {name: asked[name] for name in self.model.register.filters if name in asked}
        found = {name: value == "1" if _is_flag(self.model, name) else value for name, value in found.items()}
        names = {"state": "state", "since": "happened_on__gte", "until": "happened_on__lte"}
        return found | {lookup: asked[name] for name, lookup in names.items() if name in asked}


def _is_flag(model: type[Record], name: str) -> bool:
    return model._meta.get_field(name).get_internal_type() == "BooleanField"


def _filter_field(model_field) -> forms.Field:
    choices = [("1", "是"), ("0", "否")] if _is_flag(model_field.model, model_field.name) else model_field.flatchoices
    return forms.ChoiceField(label=str(model_field.verbose_name), required=False, choices=[("", "全部"), *choices])
