"""The page of one record, put together: its values, its steps, what it counts for, its files and its history."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.audit import ACTIONS
from accounts.audit_text import changes_of
from accounts.enums import Right
from accounts.models import Event

from .. import clock
from ..enums import RecordState
from ..measures import measure_of
from ..models import Attachment, Record, Target
from ..registers.columns import RecordColumn, columns_of
from ..registers.forms import ReasonedForm
from ..registers.registry import opens
from ..registers.tables import record_url, verification_mark
from ..sections import section_name
from ..services.attachments import MAX_FILES
from ..services.evidence import ACCEPT
from ..services.measuring import targets_behind
from ..ui import format as fmt
from .registers import list_url

# Book-keeping that the history has in its own words.
UNTOLD = {"version", "changed_at", "created_at", "created_by_id", "id", "batch_id"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One value with its label, and the page of what it names, if there is one."""

    label: str
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a record that is worked off in steps."""

    label: str
    on: str
    taken: bool


@dataclass(frozen=True, slots=True)
class HistoryLine:
    at: Any
    who: str
    act: str
    note: str
    changes: list[tuple[str, str, str]]


def page_of(record: Record, user) -> dict:
    """Return everything that the record's template shows."""
    model = type(record)
    mine = model.objects.filter(pk=record.pk)
    writable = opens(user, model, Right.RECORD_WRITE) and mine.visible_to(user, Right.RECORD_WRITE).exists()
    title = str(model._meta.verbose_name)
    address = [model._meta.app_label, model._meta.model_name]
    return {
        "record": record,
        "title": title,
        "section": section_name(model._meta.app_label),
        "names": {"app": address[0], "name": address[1]},
        "rejected": record.state == RecordState.REJECTED,
        "mark": verification_mark(record),
        "doubts": record.doubts,
        "facts": facts_of(record),
        "steps": steps_of(record),
        "book": _book(record),
        "targets": _targets(record, user),
        "files": Attachment.objects.of(record).kept().select_related("uploaded_by"),
        "upload": {"accept": ACCEPT, "limit": MAX_FILES},
        "history": history_of(record),
        "writable": writable,
        "remove_form": ReasonedForm(),
        "edit_url": reverse("workplan:record_edit", args=[*address, record.pk]),
        "crumbs": [("台账", reverse("workplan:registers")), (title, list_url(model)), (str(record), None)],
    }


def facts_of(record: Record) -> list[Fact]:
    """Return the record's values in order; steps stand apart."""
    columns = [c for c in columns_of(type(record)) if c.name not in record.register.steps]
    return [Fact(c.label, c.show(record), _link(c, record)) for c in columns]


def _link(column, record: Record) -> str:
    if not isinstance(column, RecordColumn):
        return getattr(column, "link", lambda record: "")(record)
    other = column.value_of(record)
    return record_url(other) if other else ""


def steps_of(record: Record) -> list[Step]:
    if not record.register.steps:
        return []
    found = []
    for name in ("happened_on", *record.register.steps):
        label, value = str(record._meta.get_field(name).verbose_name), getattr(record, name)
        found.append(Step(label.removesuffix("日期"), fmt.day(value), value is not None))
    return found


def _book(record: Record) -> list[Fact]:
    found = [
        Fact("来源", record.get_source_display()),
        Fact("登记", f"{record.created_by} · {fmt.day(record.created_at.date())}"),
    ]
    if record.verified_on:
        found.append(Fact("核查", f"{record.verified_by} · {fmt.day(record.verified_on)}"))
    return found


def _targets(record: Record, user) -> list[Target]:
    """Return the targets that the user may see and whose number counts this record today."""
    today, model = clock.today(), type(record)
    candidates = targets_behind([model])
    visible = set(
        Target.objects.visible_to(user).filter(pk__in=[t.pk for t in candidates]).values_list("pk", flat=True)
    )
    return [t for t in candidates if t.pk in visible and _counts(record, t, today)]


def _counts(record: Record, target: Target, on) -> bool:
    parts = measure_of(target).parts(target).values()
    return any(rows.model is type(record) and rows.in_force(on).filter(pk=record.pk).exists() for rows in parts)


def history_of(record: Record) -> list[HistoryLine]:
    """Return what happened to the record, newest first. Whoever may see the record may see this."""
    return [
        HistoryLine(event.at, event.actor_name or "系统", ACTIONS[event.action], event.note, _changes(event))
        for event in Event.objects.of(record)[:50]
    ]


def _changes(event: Event) -> list[tuple[str, str, str]]:
    if not event.before:
        return []
    event.before = {key: value for key, value in event.before.items() if key not in UNTOLD}
    event.after = {key: value for key, value in event.after.items() if key not in UNTOLD}
    return changes_of(event)
