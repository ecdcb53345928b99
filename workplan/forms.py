"""Forms of reporting: they read what was typed and say at the field what cannot be read.

What the numbers must satisfy is asked of `services.checks`; nothing of that is repeated here.
"""

import re
from datetime import date
from decimal import Decimal

from django import forms
from django.utils.safestring import SafeString
from markupsafe import escape

from accounts.enums import Right
from accounts.models import OrgUnit

from . import clock
from .lines import FieldLine, LinedForm
from .models import Allocation, Entry, Period, Section
from .rules.entries import EntryInput, Problem
from .rules.kinds import TargetKind
from .sections import section_name
from .services.periods import UNLOCK_MAX_DAYS
from .ui.drawing import attributes
from .ui.params import ID_LIMIT

TEXT_LIMIT = 4000
REMARK_LIMIT = 500
REASON_LIMIT = 500
MOST_REASONS = 30
AMOUNT = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?")
# Full-width forms and the minus sign only: a general normalisation would also read "3²" as 32 and "①" as 1.
NARROW = {0xFF01 + step: 0x21 + step for step in range(94)} | {0x2212: "-"}
DATE_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]


def ascii_form(text: str) -> str:
    """Return the text with full-width digits and signs in their ASCII form and without any blanks."""
    return "".join(text.translate(NARROW).split())


class DrawnInput(forms.TextInput):
    """A text input that asks no template: a sheet has hundreds of them."""

    def render(self, name, value, attrs=None, renderer=None):
        shown = {} if value in (None, "") else {"value": self.format_value(value)}
        drawn = self.build_attrs(self.attrs, {"type": self.input_type, "name": name, **(attrs or {}), **shown})
        return SafeString(f"<input{attributes(drawn)}>")


class DrawnTextarea(forms.Textarea):
    """Likewise. The first line break is the browser's own and not part of the text."""

    def render(self, name, value, attrs=None, renderer=None):
        drawn = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return SafeString(f"<textarea{attributes(drawn)}>\n{escape(self.format_value(value) or '')}</textarea>")


class AmountField(forms.CharField):
    """A decimal number as people type it: full-width digits and thousands separators are understood."""

    def __init__(self, **kwargs):
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "form-control amount"}
        super().__init__(required=False, max_length=40, widget=DrawnInput(attrs=attrs), **kwargs)

    def has_changed(self, initial, data) -> bool:
        try:
            return self.clean(initial) != self.clean(data)
        except forms.ValidationError:
            return True

    def clean(self, value) -> Decimal | None:
        text = ascii_form(super().clean(value))
        if not text:
            return None
        if not text.isascii() or not AMOUNT.fullmatch(text):
            raise forms.ValidationError("请只填写数字，如 1234 或 1,234.5，不带单位。", code="not_a_number")
        return Decimal(text.replace(",", ""))


class DayField(forms.DateField):
    """A day, from the browser's date control or typed by hand."""

    def __init__(self, **kwargs):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})
        message = {"invalid": "请填写日期，如 2024-10-15。"}
        super().__init__(widget=widget, input_formats=DATE_FORMATS, error_messages=message, **kwargs)

    def to_python(self, value) -> date | None:
        return super().to_python(ascii_form(value) if isinstance(value, str) else value)


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows to tick. An id that the database cannot hold is no choice either; Django would ask it for that one."""

    def clean(self, value):
        if not all(is_id(str(one)) for one in value or ()):
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": "…"})
        return super().clean(value)


class RowField(forms.ModelChoiceField):
    """One row to choose, as `RowsField`."""

    def to_python(self, value):
        if value not in self.empty_values and not is_id(str(value)):
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": "…"})
        return super().to_python(value)


def is_id(text: str) -> bool:
    """Say whether the text is an id that the database can hold."""
    return text.isascii() and text.isdigit() and len(text) <= len(str(ID_LIMIT)) and int(text) <= ID_LIMIT


class TextField(forms.CharField):
    """A longer text. Browsers send CR LF for a line break; one kind is kept, so that nothing seems changed."""

    def __init__(self, *, rows: int, **kwargs):
        widget = DrawnTextarea(attrs={"rows": rows, "class": "form-control"})
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value) -> str:
        return super().to_python(value).replace("\r\n", "\n")


def version_field() -> forms.IntegerField:
    return forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


def id_field() -> forms.IntegerField:
    return forms.IntegerField(min_value=1, max_value=ID_LIMIT)


class TextsForm(LinedForm):
    """The three texts of a report, and the version that the user read."""

    version = version_field()
    narrative = TextField(label="进展情况", rows=4, max_length=TEXT_LIMIT, required=False)
    problems = TextField(label="存在问题", rows=3, max_length=TEXT_LIMIT, required=False)
    next_steps = TextField(label="下一步措施", rows=3, max_length=TEXT_LIMIT, required=False)

    def texts(self) -> dict[str, str]:
        """Return the texts that the posted page had."""
        names = ("narrative", "problems", "next_steps")
        return {name: self.cleaned_data[name] for name in names if name in self.data}


class EntryForm(LinedForm):
    """The inputs of one target: only those that its kind asks for."""

    value = AmountField(label="数值")
    numerator = AmountField(label="分子")
    denominator = AmountField(label="分母")
    zero_report = forms.BooleanField(
        label="零报告：本期确无发生", required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )
    done_on = DayField(label="完成日期", required=False)
    remark = TextField(label="说明", rows=1, max_length=REMARK_LIMIT, required=False)

    def __init__(self, *args, entry: Entry, prefix: str = "entry", **kwargs):
        target, self.labels = entry.target, entry_labels(entry.target)
        # Django copies each of them for this form.
        self.base_fields = {name: self.base_fields[name] for name in self.labels}
        super().__init__(*args, prefix=f"{prefix}-{target.pk}", initial=initial_of(entry), **kwargs)
        self.entry, self.subject = entry, target.code

    def describe(self) -> None:
        """Call the inputs what the target calls them, and tie them to their hints: what Django binds keeps its label from then on."""
        for name, label in self.labels.items():
            self.fields[name].label = label
        super().describe()

    def typed(self) -> EntryInput:
        """Return what was typed. A ticked zero report states the zero that need not be typed."""
        data, stored = self.cleaned_data, self.entry
        value, zero = data.get("value"), data.get("zero_report", False)
        if stored.target.is_computed:
            numbers = {"value": stored.value, "numerator": stored.numerator, "denominator": stored.denominator}
            zero = zero and stored.value == 0
            return EntryInput(**numbers, zero_report=zero, remark=data["remark"].strip())
        return EntryInput(
            value=Decimal(0) if zero and value is None and "value" in self.fields else value,
            numerator=data.get("numerator"),
            denominator=data.get("denominator"),
            done_on=data.get("done_on"),
            zero_report=zero,
            remark=data["remark"].strip(),
        )


def entry_labels(target) -> dict[str, str]:
    """Return the labels of the inputs that a target asks for, by name."""
    unused = unused_fields(target)
    own = {"numerator": target.numerator_label, "denominator": target.denominator_label}
    fields = EntryForm.base_fields.items()
    return {name: own.get(name) or field.label for name, field in fields if name not in unused}


def unused_fields(target) -> set[str]:
    """Return the inputs that a target of this kind has no use for."""
    unused = {"value"} if target.is_ratio else {"numerator", "denominator"}
    if target.kind != TargetKind.CEILING:
        unused.add("zero_report")
    if target.kind != TargetKind.MILESTONE:
        unused.add("done_on")
    if target.is_computed:
        unused |= {"value", "numerator", "denominator", "done_on"}
    return unused


def initial_of(entry: Entry) -> dict:
    """Return the stored values as they are shown in the inputs: numbers without idle zeros."""
    amounts = {name: plain(getattr(entry, name)) for name in ("value", "numerator", "denominator")}
    return amounts | {"done_on": entry.done_on, "zero_report": entry.zero_report, "remark": entry.remark}


def plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


class ReportForms:
    """Everything that one report's page lets a user type: the texts and one form per target."""

    def __init__(self, report, entries: list[Entry], data=None):
        texts = {name: getattr(report, name) for name in ("version", "narrative", "problems", "next_steps")}
        self.texts = TextsForm(data, initial=texts)
        self.entries = [EntryForm(data, entry=entry) for entry in entries]
        self.data = data

    @property
    def parts(self) -> list[LinedForm]:
        return [*self.entries, self.texts]

    @property
    def version(self) -> int:
        return self.texts.cleaned_data["version"]

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in self.parts]
        return all(valid)

    def show(self, problems: dict[int, list[Problem]]) -> None:
        """Put problems found by the rules at the fields of their targets."""
        for form in self.entries:
            form.problems = problems.get(form.entry.target_id, [])

    def error_lines(self) -> list[FieldLine]:
        return [line for form in self.parts for line in form.lines() if line.errors]

    def differences(self) -> list[tuple[str, str, str]]:
        """Return (label, stored, typed) over all inputs, targets named by their code."""
        return [found for form in (self.texts, *self.entries) for found in form.differences()]

    def foreign_names(self) -> list[str]:
        """Return posted names of entry fields that this report does not have: another report's, or made up."""
        known = {form.add_prefix(name) for form in self.entries for name in form.fields}
        return sorted(name for name in self.data if name.startswith("entry-") and name not in known)

    def typed_entries(self) -> dict[int, EntryInput]:
        """Return what was typed, leaving out targets that the posted page did not show."""
        return {form.entry.target_id: form.typed() for form in self.entries if form.is_posted()}


class PlanChangeForm(forms.Form):
    """A change of what the plan gives to units. reason: asked for once the plan is published; seen: what the page showed."""

    reason = forms.CharField(
        label="调整原因",
        required=False,
        max_length=REASON_LIMIT,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    seen = forms.CharField(required=False, max_length=10_000, widget=forms.HiddenInput)


class VersionForm(forms.Form):
    """The version of a report that the user read before acting on it."""

    version = version_field()


class ReasonForm(forms.Form):
    """A reason that must be given, such as for a correction."""

    reason = forms.CharField(max_length=REASON_LIMIT, error_messages={"required": "请填写原因。"})


class ReturnForm(VersionForm, ReasonForm):
    """What a reviewer says when sending a report back."""


class ReasonsForm(LinedForm):
    """What a reviewer may choose from when a report goes back, one reason a line."""

    return_reasons = TextField(label="退回常用语", rows=8, max_length=TEXT_LIMIT, required=False)

    def clean_return_reasons(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["return_reasons"].splitlines()]
        lines = list(dict.fromkeys(line for line in lines if line))
        if len(lines) > MOST_REASONS:
            raise forms.ValidationError(f"最多 {MOST_REASONS} 条，现有 {len(lines)} 条。")
        for line in lines:
            if len(line) > REASON_LIMIT:
                raise forms.ValidationError(f"每条最多 {REASON_LIMIT} 字：“{line[:12]}…”有 {len(line)} 字。")
        return "\n".join(lines)


class StartForm(forms.Form):
    """Which report to begin."""

    task = id_field()
    org_unit = id_field()
    period = id_field()


class UnlockForm(forms.Form):
    """Leave to report in a closed period. Only what the user may unlock can be chosen."""

    org_unit = forms.ModelChoiceField(OrgUnit.objects.none(), label="单位", empty_label="请选择单位")
    period = forms.ModelChoiceField(Period.objects.none(), label="报告期", empty_label="请选择报告期")
    app = forms.ChoiceField(label="业务板块")
    expires_on = DayField(label="有效期至", help_text=f"含当天，最长 {UNLOCK_MAX_DAYS} 天。")
    reason = TextField(label="原因", rows=2, max_length=REMARK_LIMIT)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        today = clock.today()
        units = OrgUnit.objects.visible_to(user, Right.UNLOCK).valid_on(today)
        self.fields["org_unit"].queryset = units.filter(pk__in=Allocation.objects.values("org_unit"))
        self.fields["period"].queryset = Period.objects.visible_to(user).filter(closes__lt=today).order_by("-start")
        apps = Section.objects.visible_to(user, Right.UNLOCK).order_by("app").values_list("app", flat=True)
        self.fields["app"].choices = [("", "请选择板块"), *((app, section_name(app)) for app in apps.distinct())]
        for name in ("org_unit", "period", "app"):
            self.fields[name].widget.attrs["class"] = "form-select"


class UrgeForm(forms.Form):
    """Which unit is urged for which period."""

    period = forms.IntegerField(min_value=1, max_value=ID_LIMIT)
    unit = forms.IntegerField(min_value=1, max_value=ID_LIMIT)
