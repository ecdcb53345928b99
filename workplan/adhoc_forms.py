"""Forms of ad-hoc requests: what is asked, the acts, and what a unit answers. What must hold is asked of the services."""

import uuid
from collections.abc import Iterable

from django import forms

from accounts.enums import TOWNSHIP_KINDS, UnitKind
from accounts.models import OrgUnit

from .enums import AdHocKind
from .errors import Refused
from .forms import REASON_LIMIT, REMARK_LIMIT, AmountField, DayField, TextField, plain, version_field
from .lines import shown
from .models import AdHocAnswer, AdHocField, AdHocRequest
from .models.requests import MOST_FIELDS, Value
from .order_forms import PlacedForm
from .sections import section_name
from .services.adhoc import LONGEST, FieldInput, RequestInput, checked_days, checked_fields

# Where the page says what the service has refused: code → field. Everything else stands above the form.
PLACES = {
    "title_required": "title",
    "text_required": "reason",
    "units_required": "units",
    "foreign_unit": "units",
    "due_required": "due",
    "due_in_past": "due",
    "expires_required": "expires",
    "expires_before_due": "expires",
    "expires_too_far": "expires",
}
NEEDED = {
    "title": "请填写标题。",
    "reason": "请写明为什么需要填报。",
    "due": "请填写填报截止日期。",
    "expires": "请填写有效期。",
}
ALL_KINDS = "all"
FIRST_SHOWN = 4  # fields; the others are folded away until they are needed


class AskedField(forms.Form):
    """One thing that is to be asked. Where no name is typed there is nothing."""

    label = forms.CharField(label="名称", max_length=40, required=False)
    kind = forms.ChoiceField(
        label="类型",
        choices=AdHocKind.choices,
        required=False,
        error_messages={"invalid_choice": "没有这一类型，请重新选择。"},
    )
    unit = forms.CharField(label="计量单位", max_length=10, required=False)
    optional = forms.BooleanField(label="选填", required=False)

    def __init__(self, *args, place: int, **kwargs):
        super().__init__(*args, prefix=f"field-{place}", **kwargs)
        self.place = place
        for name, css in {"label": "control", "kind": "select", "unit": "control", "optional": "check-input"}.items():
            attrs = {"class": f"form-{css}", "aria-describedby": f"id_field-{place}-hint"}
            self.fields[name].widget.attrs |= attrs

    def clean(self):
        data = self.cleaned_data
        if data.get("unit") and not data.get("label") and "label" not in self.errors:
            self.add_error("label", "请填写名称。")
        if data.get("kind") == AdHocKind.TEXT and data.get("unit"):
            self.add_error("unit", "文字没有计量单位，请留空或改为数字。")
        if (
            data.get("label")
            and data.get("kind") != AdHocKind.TEXT
            and not data.get("unit")
            and "unit" not in self.errors
        ):
            self.add_error("unit", "数字须有计量单位，如：户、人、万元。")

    def mistakes(self) -> list[str]:
        return [message for found in self.errors.values() for message in found] if self.is_bound else []

    def is_used(self) -> bool:
        return bool(self["label"].value() or self["unit"].value())

    def typed(self) -> FieldInput:
        data = self.cleaned_data
        return FieldInput(data["label"], data["kind"] or AdHocKind.NUMBER, data["unit"], not data["optional"])


class RequestForm(PlacedForm):
    """What an office asks. key: of a new one, once sent, sent once; version: of one that is changed."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    version = version_field()
    title = forms.CharField(label="标题", max_length=60, required=False, help_text="不要写个人信息。")
    app = forms.ChoiceField(
        label="业务板块", error_messages={"required": "请选择板块。", "invalid_choice": "请选择本科室的板块。"}
    )
    reason = TextField(
        label="为什么需要填报", rows=3, max_length=REMARK_LIMIT, required=False,
        help_text="写明依据和用途。台账和填报中已有的数字不要再问。",
    )  # fmt: skip
    due = DayField(label="填报截止", required=False)
    expires = DayField(
        label="有效期至", required=False,
        help_text=f"不早于填报截止，最长 {LONGEST.days} 天。到期后不能再填报，也不能延长；仍需要的，重新申请。",
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(label="按类型", required=False)
    units = forms.MultipleChoiceField(label="填报单位", required=False)

    def __init__(self, data=None, *, apps: Iterable[str], units: list[OrgUnit], row: AdHocRequest | None = None):
        stored = list(row.fields.all()) if row else []
        super().__init__(data, initial=_initial_of(row) if row else None)
        del self.fields["key" if row else "version"]
        self.all_units = units
        self.fields["app"].choices = [(app, section_name(app)) for app in apps]
        self.fields["units"].choices = [(str(unit.pk), unit.label) for unit in units]
        present = [kind for kind in TOWNSHIP_KINDS if any(unit.kind == kind for unit in units)]
        self.fields["kinds"].choices = [
            (ALL_KINDS, "全部乡镇（街道）"),
            *((k.value, f"全部{k.label}") for k in present),
        ]
        for name in ("units", "kinds"):
            self.fields[name].error_messages |= {"invalid_choice": "所选单位不在可选范围内，请重新选择。"}
        self.fields["title"].widget.attrs["class"] = "form-control"
        self.fields["app"].widget.attrs["class"] = "form-select"
        self.asked = [
            AskedField(data, place=place, initial=_initial_field(stored, place)) for place in range(1, MOST_FIELDS + 1)
        ]
        self.asked_errors: list[str] = []

    def is_valid(self) -> bool:
        rows = [form.is_valid() for form in self.asked]
        return super().is_valid() and all(rows) and not self.asked_errors

    def clean(self):
        """Say everything that is wrong at once: the service would stop at the first."""
        data = self.cleaned_data
        for name, message in NEEDED.items():
            if name not in self.errors and not data.get(name):
                self.add_error(name, message)
        if not {"due", "expires"} & self.errors.keys():
            self._try(lambda: checked_days(data.get("due"), data.get("expires")))
        if not {"units", "kinds"} & self.errors.keys() and not self.chosen():
            self.add_error("units", "请选择填报单位。")
        if all(form.is_valid() for form in self.asked):
            try:
                checked_fields(self.fields_typed())
            except Refused as refused:
                self.asked_errors.append(refused.message)

    def _try(self, check) -> None:
        try:
            check()
        except Refused as refused:
            self.place(refused)

    def place(self, refused) -> None:
        name = PLACES.get(refused.code)
        self.add_error(name if name in self.fields else None, refused.message)

    def chosen(self) -> list[OrgUnit]:
        """Return the units that were ticked one by one or with their kind."""
        pks, kinds = set(self.cleaned_data.get("units", ())), set(self.cleaned_data.get("kinds", ()))
        return [unit for unit in self.all_units if str(unit.pk) in pks or ALL_KINDS in kinds or unit.kind in kinds]

    def fields_typed(self) -> tuple[FieldInput, ...]:
        return tuple(form.typed() for form in self.asked if form.cleaned_data.get("label"))

    def typed(self) -> RequestInput:
        data = self.cleaned_data
        said = (data["title"], data["app"], data["reason"], tuple(self.chosen()), self.fields_typed())
        return RequestInput(*said, data["due"], data["expires"])

    # --- for the page ---

    def shown_first(self) -> list[AskedField]:
        return self.asked[:FIRST_SHOWN]

    def folded(self) -> list[AskedField]:
        return self.asked[FIRST_SHOWN:]

    def unfold(self) -> bool:
        return any(form.is_used() or form.mistakes() for form in self.folded())

    def kind_ticks(self) -> list[tuple[str, str, bool]]:
        ticked = set(self["kinds"].value() or ())
        return [(key, label, key in ticked) for key, label in self.fields["kinds"].choices]

    def unit_ticks(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """Return the units that can be ticked, by their kind."""
        ticked, found = {str(one) for one in self["units"].value() or ()}, {}
        for unit in self.all_units:
            tick = (str(unit.pk), unit.label, str(unit.pk) in ticked)
            found.setdefault(UnitKind(unit.kind).label, []).append(tick)
        return list(found.items())


def _initial_of(row: AdHocRequest) -> dict:
    names = ("version", "title", "app", "reason", "due", "expires")
    units = [str(pk) for pk in row.answers.values_list("org_unit_id", flat=True)]
    return {name: getattr(row, name) for name in names} | {"units": units}


def _initial_field(stored: list[AdHocField], place: int) -> dict | None:
    field = stored[place - 1] if place <= len(stored) else None
    return field and {"label": field.label, "kind": field.kind, "unit": field.unit, "optional": not field.required}


class ActForm(PlacedForm):
    """An act on a request: what was read before it, and where the act needs one, the reason."""

    version = version_field()
    text = TextField(label="原因", rows=2, max_length=REASON_LIMIT, required=False)

    def place(self, refused) -> None:
        self.add_error("text" if refused.code == "text_required" else None, refused.message)


def act_form(row: AdHocRequest, label: str, name: str, data=None) -> ActForm:
    form = ActForm(data, initial={"version": row.version}, auto_id=f"{name}-%s")
    form.fields["text"].label = label
    return form


class AnswerForm(PlacedForm):
    """What a unit answers: an input for each field of the request."""

    version = version_field()

    def __init__(self, data=None, *, row: AdHocAnswer, fields: list[AdHocField]):
        stored = row.stored()
        super().__init__(data, initial={"version": row.version})
        self.asked = fields
        for field in fields:
            self.fields[name_of(field)] = _input_of(field, stored.get(field.pk))

    def typed(self) -> dict[int, Value | None]:
        return {field.pk: self.cleaned_data[name_of(field)] for field in self.asked}

    def show(self, problems: dict[int, str]) -> None:
        """Put what the service has found at the inputs."""
        for pk, message in problems.items():
            self.add_error(f"f{pk}", message)

    def differences(self) -> list[tuple[str, str, str]]:
        """Return (label, stored, typed) of every input that differs from what is stored."""
        found = [(self[name_of(field)], field) for field in self.asked]
        changed = [(bound, field) for bound, field in found if name_of(field) in self.changed_data]
        return [(field.title, shown(bound.initial), shown(bound.data)) for bound, field in changed]


def name_of(field: AdHocField) -> str:
    return f"f{field.pk}"


def _input_of(field: AdHocField, stored: Value | None) -> forms.Field:
    label, hint = field.title, "" if field.required else "选填"
    if field.is_number:
        return AmountField(label=label, help_text=hint, initial=plain(stored))
    return TextField(label=label, rows=2, max_length=REMARK_LIMIT, required=False, help_text=hint, initial=stored or "")
