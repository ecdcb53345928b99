"""Inputs of a form line by line, each with its label and with what is wrong or doubtful about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django import forms
from django.utils.safestring import SafeString
from markupsafe import Markup

from .rules.entries import Level, Problem
from .ui.drawing import macro


@dataclass
class FieldLine:
    """One input with what is to be said about it."""

    field: forms.BoundField
    subject: str
    errors: list[str]
    warnings: list[str]

    @property
    def title(self) -> str:
        return f"{self.subject} {self.label}".strip()

    @property
    def label(self) -> str:
        return self.field.label

    @property
    def id(self) -> str:
        return self.field.id_for_label

    @property
    def hint_id(self) -> str:
        return f"{self.id}-hint"

    @property
    def is_tick(self) -> bool:
        return isinstance(self.field.field, forms.BooleanField)

    @property
    def is_text(self) -> bool:
        return isinstance(self.field.field.widget, forms.Textarea)

    @property
    def input(self) -> SafeString:
        return self.field.as_widget()

    @property
    def html(self) -> Markup:
        """Return the input with its label, errors and warnings."""
        return macro("workplan/line.jinja", "line")(self)


@dataclass(slots=True)
class PlainLine:
    """A `FieldLine` of a form that nothing was typed into, drawn without making it: a sheet has hundreds of inputs.

    name: as it is posted; field: that of the form's class, which is not to be changed.
    """

    name: str
    label: str
    field: forms.Field
    value: object
    errors: list[str]
    warnings: list[str]

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def hint_id(self) -> str:
        return f"{self.id}-hint"

    @property
    def is_tick(self) -> bool:
        return isinstance(self.field, forms.BooleanField)

    @property
    def is_text(self) -> bool:
        return isinstance(self.field.widget, forms.Textarea)

    @property
    def input(self) -> SafeString:
        widget, attrs = self.field.widget, {"id": self.id, "aria-describedby": self.hint_id}
        return widget.render(self.name, self.value, attrs | (as_invalid(widget) if self.errors else {}))

    @property
    def html(self) -> Markup:
        if self.value or self.errors or self.warnings:
            return macro("workplan/line.jinja", "line")(self)
        return _empty_line(self.name, self.label, self.field)


@lru_cache(maxsize=10_000)
def _empty_line(name: str, label: str, field: forms.Field) -> Markup:
    """Return an input without anything in it: the same in the sheets of all units, and most of what they show."""
    return macro("workplan/line.jinja", "line")(PlainLine(name, label, field, "", [], []))


def plain_lines(
    form: type[forms.Form], prefix: str, labels: dict[str, str], values: dict, problems: Iterable[Problem] = ()
) -> list[PlainLine]:
    """Return the lines of a form as `LinedForm.lines` does. labels and values: by name of those inputs that are shown."""
    return [
        PlainLine(f"{prefix}-{name}", label, form.base_fields[name], values[name], *said_at(name, labels, problems))
        for name, label in labels.items()
    ]


def said_at(name: str, names: Iterable[str], problems: Iterable[Problem]) -> tuple[list[str], list[str]]:
    """Return the errors and the warnings to be read at an input. What is about none of the inputs is said at the first."""
    found = [
        problem for problem in problems if name == (problem.field if problem.field in names else next(iter(names)))
    ]
    errors = [problem.message for problem in found if problem.level == Level.ERROR]
    return errors, [problem.message for problem in found if problem.level == Level.WARNING]


def as_invalid(widget: forms.Widget) -> dict[str, str]:
    """Return what tells screen readers and eyes that the input is wrong."""
    return {"aria-invalid": "true", "class": f"{widget.attrs['class'].removesuffix(' is-invalid')} is-invalid"}


class LinedForm(forms.Form):
    """A form that is shown line by line, with problems found by the rules beside those of the fields themselves."""

    subject = ""  # what the inputs are about, where a page has several such forms

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.problems: list[Problem] = []
        self.describe()

    def describe(self) -> None:
        """Tie each input to its hint for screen readers; to be called again where fields are added later."""
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"{self[name].id_for_label}-hint"

    def lines(self) -> list[FieldLine]:
        found = [self._line(name) for name in self.fields if not self.fields[name].widget.is_hidden]
        for line in found:
            if line.errors:
                line.field.field.widget.attrs |= as_invalid(line.field.field.widget)
        return found

    def _line(self, name: str) -> FieldLine:
        own = list(self.errors.get(name, [])) if self.is_bound else []
        errors, warnings = said_at(name, self.fields, self.problems)
        return FieldLine(self[name], self.subject, own + errors, warnings)

    def is_posted(self) -> bool:
        return any(self.add_prefix(name) in self.data for name in self.fields)

    def differences(self) -> list[tuple[str, str, str]]:
        """Return (label, stored, typed) for every input whose typed text differs from what is stored."""
        if not self.is_posted():
            return []
        changed = [self[name] for name in self.changed_data if not self.fields[name].widget.is_hidden]
        return [(f"{self.subject} {bound.label}".strip(), shown(bound.initial), shown(bound.data)) for bound in changed]


def shown(value) -> str:
    """Return an input's value as words for the comparison of two versions."""
    if isinstance(value, bool) or value == "on":
        return "是" if value else "否"
    return "" if value is None else str(value)
