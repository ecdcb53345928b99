"""Forms of plan amendments. What words and values must satisfy is asked of the services."""

import re
import uuid

from django import forms

from .forms import AmountField, DayField, TextField, is_id, plain, version_field
from .models import Amendment, AmendmentLine, Plan, Target, Task
from .order_forms import PlacedForm
from .rules.amending import text_of
from .services.amendments import AmendmentInput, day_problem, fields_of, value_problem

PLACES = {
    "bad_day": "effective_on",
    "bad_goal": "goal",
    "bad_due": "due",
    "bad_measure": "measure",
    "bad_title": "title",
}
ROW = re.compile(r"(target|task)-([0-9]{1,19})")


class AmendmentForm(PlacedForm):
    """A form that can say at the field what the services of amendments have refused."""

    def place(self, refused) -> None:
        field = PLACES.get(refused.code)
        if field in self.fields:
            self.add_error(field, refused.message)
        else:
            super().place(refused)


class DocumentForm(AmendmentForm):
    """The words and days of the document. key: a new one that is sent twice is one draft; version: of the draft that was read."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    version = version_field()
    title = forms.CharField(label="标题", max_length=120, widget=forms.TextInput(attrs={"class": "form-control"}))
    document_number = forms.CharField(
        label="发文字号", max_length=60, required=False, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    decided_on = DayField(label="成文日期", required=False)
    effective_on = DayField(label="执行日期", help_text="从这一天起按新内容评判；此前的日子仍按原内容。")
    reason = TextField(label="调整理由", rows=3, max_length=1000, required=False)

    def __init__(self, data=None, *, plan: Plan, **kwargs):
        super().__init__(data, **kwargs)
        self.plan = plan
        self.fields["title"].error_messages["required"] = "请填写标题。"
        self.fields["effective_on"].error_messages["required"] = "请填写执行日期。"

    def clean_effective_on(self):
        day = self.cleaned_data["effective_on"]
        if problem := day_problem(self.plan, day):
            raise forms.ValidationError(problem)
        return day

    def typed(self) -> AmendmentInput:
        names = ("title", "effective_on", "reason", "document_number", "decided_on")
        return AmendmentInput(**{name: self.cleaned_data[name] for name in names})


def document_form(row: Amendment, data=None) -> DocumentForm:
    names = ("version", "title", "document_number", "decided_on", "effective_on", "reason")
    return DocumentForm(data, plan=row.plan, initial={name: getattr(row, name) for name in names})


class LinesForm(AmendmentForm):
    """What one target or task becomes. Each field begins with what the draft says, else with what is in force."""

    version = version_field()

    def __init__(self, row: Target | Task, data=None, *, amendment: Amendment):
        self.row = row
        about = {"task": row} if isinstance(row, Task) else {"target": row}
        lines = {line.field: line for line in AmendmentLine.objects.filter(amendment=amendment, **about)}
        reasons = {line.reason for line in lines.values() if line.reason}
        super().__init__(data, initial={"version": amendment.version, "reason": "；".join(reasons)}, auto_id="line-%s")
        for name in fields_of(row):
            stored = getattr(row, name.attribute)
            self.fields[name.attribute] = _field(name, stored)
            self.initial[name.attribute] = _initial(lines[name].value if name in lines else stored)
        self.fields["reason"] = TextField(label="本条理由（可不填）", rows=2, max_length=200, required=False)

    def clean(self):
        """Say everything that is wrong at once: the service would stop at the first."""
        for name in fields_of(self.row):
            if name.attribute in self.cleaned_data:
                value = self.cleaned_data[name.attribute]
                if isinstance(value, str):  # a name is one line, however it was pasted
                    value = self.cleaned_data[name.attribute] = " ".join(value.split())
                same = text_of(value) == text_of(getattr(self.row, name.attribute))
                if not same and (problem := value_problem(self.row, name, value)):
                    self.add_error(name.attribute, problem)

    def values(self) -> dict:
        return {name.value: self.cleaned_data[name.attribute] for name in fields_of(self.row)}


def _field(name, stored) -> forms.Field:
    hint = f"现行：{_words(stored)}"
    if name.attribute == "goal":
        found = AmountField(label=name.label)
    elif name.attribute == "due":
        found = DayField(label=name.label, required=False)
    else:
        found = TextField(label=name.label, rows=2, max_length=200, required=False)
    found.help_text = hint
    return found


def _words(stored) -> str:
    return text_of(stored) or "无"


def _initial(value):
    return plain(value) if text_of(value) and hasattr(value, "normalize") else value


def row_of(name: str) -> tuple[type[Target] | type[Task], int] | None:
    """Return model and id that a name such as "target-12" stands for, None where it stands for nothing."""
    found = ROW.fullmatch(name) if name.isascii() else None
    if not found or not is_id(found[2]):
        return None
    return (Task if found[1] == "task" else Target), int(found[2])
