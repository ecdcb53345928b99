"""Inputs of the monthly sheet: those of a report's page, each beside what the writer had before him."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from django import forms
from django.core.exceptions import BadRequest

from .forms import (
    TEXT_LIMIT,
    EntryForm,
    TextField,
    entry_labels,
    id_field,
    initial_of,
)
from .lines import FieldLine, LinedForm, PlainLine, plain_lines, shown
from .models import Entry, ProgressReport
from .rules.entries import EntryInput, Problem
from .services.reports import TEXTS
from .services.sheet import Typed

STRANGE = "表单不完整，请重新打开本月填报。"


class SheetTextsForm(LinedForm):
    """The texts of one task."""

    narrative = TextField(label="进展情况", rows=3, max_length=TEXT_LIMIT, required=False)
    problems = TextField(label="存在问题", rows=2, max_length=TEXT_LIMIT, required=False)
    next_steps = TextField(label="下一步措施", rows=2, max_length=TEXT_LIMIT, required=False)


@dataclass(frozen=True, slots=True)
class Before:
    """A hidden input: what the writer had before him."""

    name: str
    value: str


class RowInputs:
    """The inputs of one target. `data`: what was posted; a row that was not posted shows what is stored.

    posted: whether something of the row was; problems: what the rules find, to be said at the inputs.
    """

    def __init__(self, entry: Entry, data=None):
        self.entry, self.labels = entry, entry_labels(entry.target)
        self.prefix = f"entry-{entry.target_id}"
        self.posted = data is not None and any(f"{self.prefix}-{name}" in data for name in self.labels)
        self.problems: list[Problem] = []
        self._data = data

    @cached_property
    def form(self) -> EntryForm:
        """Return the form that reads the row. Where nothing was posted, `lines` does without."""
        return EntryForm(self._data if self.posted else None, entry=self.entry)

    @property
    def errors(self) -> dict[str, list[str]]:
        """Return what could not be read, by name of the input."""
        return self.form.errors if self.posted else {}

    @property
    def lines(self) -> Sequence[FieldLine | PlainLine]:
        if not self.posted:
            return plain_lines(EntryForm, self.prefix, self.labels, initial_of(self.entry), self.problems)
        self.form.problems = self.problems
        return self.form.lines()

    @property
    def stored(self) -> dict[str, str]:
        """Return what is stored, by name of the input, as its input sends it."""
        known = initial_of(self.entry)
        return {name: _text(known[name]) for name in self.labels}

    @property
    def before(self) -> list[Before]:
        return [Before(f"was-{self.entry.target_id}-{name}", text) for name, text in self.stored.items()]

    def typed(self) -> tuple[EntryInput, EntryInput] | None:
        """Return what was before the writer and what he typed; None where it cannot be read. Raises BadRequest for forged forms."""
        seen = EntryForm(self._data, entry=self.entry, prefix="was")
        if not seen.is_posted() or not seen.is_valid():
            raise BadRequest(STRANGE)
        return (seen.typed(), self.form.typed()) if self.form.is_valid() else None


class TextInputs:
    """The texts of one task, likewise."""

    labels: ClassVar = {name: field.label for name, field in SheetTextsForm.base_fields.items()}

    def __init__(self, report: ProgressReport, data=None):
        self.stored = {name: getattr(report, name) for name in TEXTS}
        self.prefix, self._seen = f"text-{report.task_id}", f"was-text-{report.task_id}"
        self.posted = data is not None and any(f"{self.prefix}-{name}" in data for name in self.labels)
        self._data = data

    @cached_property
    def form(self) -> SheetTextsForm:
        return SheetTextsForm(self._data if self.posted else None, prefix=self.prefix, initial=self.stored)

    @property
    def errors(self) -> dict[str, list[str]]:
        return self.form.errors if self.posted else {}

    @property
    def lines(self) -> Sequence[FieldLine | PlainLine]:
        return self.form.lines() if self.posted else plain_lines(SheetTextsForm, self.prefix, self.labels, self.stored)

    @property
    def before(self) -> list[Before]:
        return [Before(f"{self._seen}-{name}", text) for name, text in self.stored.items()]

    def typed(self) -> dict[str, tuple[str, str]] | None:
        """Return by name the text before and the text typed; None where one is too long."""
        seen = SheetTextsForm(self._data, prefix=self._seen)
        if not seen.is_posted() or not seen.is_valid():
            raise BadRequest(STRANGE)
        if not self.form.is_valid():
            return None
        names = [name for name in TEXTS if self.form.add_prefix(name) in self._data]
        return {name: (seen.cleaned_data[name], self.form.cleaned_data[name]) for name in names}


def typed_in(rows: Iterable[RowInputs], texts: TextInputs) -> Typed | None:
    """Return what was changed for one task and can be read; None where nothing was: looking at a form begins no report."""
    entries = {row.entry.target_id: found for row in rows if row.posted and (found := row.typed())}
    words = (texts.typed() or {}) if texts.posted else {}
    changed = Typed(_changed(words), _changed(entries))
    return changed if changed.texts or changed.entries else None


def _changed(pairs: dict) -> dict:
    return {key: (seen, typed) for key, (seen, typed) in pairs.items() if seen != typed}


def _text(value) -> str:
    """Return a stored value as its input sends it."""
    if isinstance(value, bool):
        return "on" if value else ""
    return shown(value)


class SheetForm(forms.Form):
    """Which sheet is meant. confirmed: warnings have been read."""

    unit = id_field()
    period = id_field()
    confirmed = forms.BooleanField(required=False)
