"""The history of a report in words: who did what, and what changed from what to what."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q

from accounts.audit import ACTIONS
from accounts.models import Event

from ..models import Entry, Evidence, ProgressReport

NOTHING = "（空）"


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event, ready to be shown."""

    at: datetime
    who: str
    act: str
    subject: str
    note: str
    changes: list[Change] = field(default_factory=list)


def history_of(report: ProgressReport) -> list[HistoryLine]:
    """Return what happened to the report and its evidence, newest first. Whoever may see the report may see this."""
    evidence = [str(pk) for pk in Evidence.objects.filter(report=report).values_list("pk", flat=True)]
    of_report = Q(object_type=ProgressReport._meta.label_lower, object_id=str(report.pk))
    of_evidence = Q(object_type=Evidence._meta.label_lower, object_id__in=evidence)
    events = Event.objects.filter(of_report | of_evidence).order_by("-pk")
    return [_line(event) for event in events]


def _line(event: Event) -> HistoryLine:
    is_file = event.object_type == Evidence._meta.label_lower
    return HistoryLine(
        at=event.at,
        who=event.actor_name,
        act=ACTIONS[event.action],
        subject=event.object_label if is_file else "",
        note=event.note,
        changes=[] if is_file else changes_of(event.before, event.after),
    )


def changes_of(before: dict, after: dict) -> list[Change]:
    """Return the differences of two snapshots: of texts by name, of entries by target code and input."""
    found = []
    for key in after:
        if key == "status":  # the act says it already
            continue
        if isinstance(after[key], dict):
            found += _entry_changes(key, before.get(key) or {}, after[key])
        else:
            found.append(Change(_label(ProgressReport, key), _words(key, before.get(key)), _words(key, after[key])))
    return found


def _entry_changes(code: str, before: dict, after: dict) -> list[Change]:
    return [
        Change(f"{code} {_label(Entry, name)}", _words(name, before.get(name)), _words(name, after[name]))
        for name in after
        if _words(name, before.get(name)) != _words(name, after[name])
    ]


def _label(model, name: str) -> str:
    try:
        return str(model._meta.get_field(name).verbose_name)
    except FieldDoesNotExist:
        return name


def _words(name: str, value) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if name in ("value", "numerator", "denominator"):
        return _number(value)
    return str(value)


def _number(value) -> str:
    """Return a stored decimal without idle zeros; the log keeps numbers as text."""
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except InvalidOperation:
        return str(value)
