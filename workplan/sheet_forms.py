"""Inputs of the monthly sheet: those of a report's page, each beside what the writer had before him."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.core.exceptions import BadRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from .forms import TEXT_LIMIT, EntryForm, FieldLine, LinedForm, TextField, id_field, initial_of, shown
from .models import Entry, ProgressReport
from .rules.entries import EntryInput
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


def hidden(found: Iterable[Before]) -> SafeString:
    """Return the hidden inputs as they stand in the page."""
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', ((one.name, one.value) for one in found))


class RowInputs:
    """The inputs of one target. `data`: what was posted; a row that was not posted shows what is stored."""

    def __init__(self, entry: Entry, data=None):
        self.entry = entry
        self.form = EntryForm(data if self._is_in(data) else None, entry=entry)
        self.posted = self.form.is_bound and self.form.is_posted()
        self._data = data

    def _is_in(self, data) -> bool:
        """Say whether something of the row was posted: a form for each of 200 rows is made once, not twice."""
        return data is not None and any(
            f"entry-{self.entry.target_id}-{name}" in data for name in EntryForm.base_fields
        )

    @property
    def stored(self) -> dict[str, str]:
        """Return what is stored, by name of the input, as its input sends it."""
        known = initial_of(self.entry)
        return {name: _text(known[name]) for name in self.form.fields}

    @property
    def before(self) -> list[Before]:
        return [Before(f"was-{self.entry.target_id}-{name}", text) for name, text in self.stored.items()]

    @property
    def hidden(self) -> SafeString:
        return hidden(self.before)

    def typed(self) -> tuple[EntryInput, EntryInput] | None:
        """Return what was before the writer and what he typed; None where it cannot be read. Raises BadRequest for forged forms."""
        seen = EntryForm(self._data, entry=self.entry, prefix="was")
        if not seen.is_posted() or not seen.is_valid():
            raise BadRequest(STRANGE)
        return (seen.typed(), self.form.typed()) if self.form.is_valid() else None


class TextInputs:
    """The texts of one task, likewise."""

    def __init__(self, report: ProgressReport, data=None):
        self.stored = {name: getattr(report, name) for name in TEXTS}
        self.prefix, self._seen = f"text-{report.task_id}", f"was-text-{report.task_id}"
        self.form = SheetTextsForm(data, prefix=self.prefix, initial=self.stored)
        self.posted = data is not None and self.form.is_posted()
        if not self.posted:
            self.form = SheetTextsForm(prefix=self.prefix, initial=self.stored)
        self._data = data

    @property
    def lines(self) -> list[FieldLine]:
        return self.form.lines()

    @property
    def before(self) -> list[Before]:
        return [Before(f"{self._seen}-{name}", text) for name, text in self.stored.items()]

    @property
    def hidden(self) -> SafeString:
        return hidden(self.before)

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
