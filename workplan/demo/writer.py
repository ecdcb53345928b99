"""Stores scripts in bulk: the very rows that the services would have written one by one (as tests show)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts import audit
from accounts.models import Event

from .. import clock
from ..enums import ReportAction
from ..models import Entry, Plan, ProgressReport
from ..rules.entries import EntryInput
from ..services.figures import insert_implied
from ..services.prefill import FILLED
from ..services.reports import AMOUNTS, TEXTS
from ..workflow import TRANSITIONS
from .chance import between
from .scripts import Script, Typed

BATCH = 500


@dataclass(slots=True)
class Played:
    """A script and the rows that came of it. logged: what to tell the log once the rows have ids."""

    script: Script
    report: ProgressReport
    entries: dict[int, Entry]
    logged: list[tuple[datetime, dict]] = field(default_factory=list)


def store(plan: Plan, scripts: list[Script]) -> int:
    """Store the reports, entries, figures and events of a plan that has none yet; return how many reports."""
    played: dict[int, Played] = {}
    for script in scripts:
        corrected = played[id(script.corrects)].report if script.corrects else None
        played[id(script)] = _play(script, corrected)
    for revision in (1, 2):  # a correction points at the stored report that it corrects
        _store_reports([one for one in played.values() if one.report.revision == revision])
    insert_implied(plan)
    events = sorted((event for one in played.values() for event in _events(one)), key=lambda event: event.at)
    Event.objects.bulk_create(events, batch_size=BATCH)
    return len(played)


def _store_reports(played: list[Played]) -> None:
    for one in played:
        one.report.corrects = one.report.corrects  # now that it has its id
    ProgressReport.objects.bulk_create([one.report for one in played], batch_size=BATCH)
    entries = []
    for one in played:
        for entry in one.entries.values():
            entry.report = one.report
            entries.append(entry)
    Entry.objects.bulk_create(entries, batch_size=BATCH)


def _play(script: Script, corrected: ProgressReport | None) -> Played:
    """Act the script out on rows in memory."""
    saves = iter(script.saves)
    moments = _moments(script)
    one = _opened(script, corrected, moments[0])
    for act, at in zip(script.acts, moments, strict=True):
        if act.action == ReportAction.CORRECT:
            one.report.correction_reason = act.note
            _log(one, at, "report.correct", note=act.note)
        elif act.action == ReportAction.SAVE:
            _save(one, next(saves), at)
        else:
            _move(one, act, at)
    return one


def _opened(script: Script, corrected: ProgressReport | None, at: datetime) -> Played:
    report = ProgressReport(
        task=script.task,
        org_unit=script.org_unit,
        period=script.period,
        revision=2 if corrected else 1,
        corrects=corrected,
        drafted_by=script.writer,
        saved_by=script.writer,
        saved_at=at,
    )
    one = Played(script, report, {target.pk: Entry(target=target) for target in script.targets})
    if corrected is None:
        _log(one, at - timedelta(minutes=5), "report.create")
    else:
        _type(one, script.corrects.saves[-1])
    return one


def _save(one: Played, typed: Typed, at: datetime) -> None:
    _take_over(one, typed)
    before = _snapshot(one)
    _type(one, typed)
    _claim(one, at)
    old, new = audit.changes(before, _snapshot(one))
    if new:
        _log(one, at, "report.save", before=old, after=new)


def _take_over(one: Played, typed: Typed) -> None:
    """Set the numbers that registers know, as the service does before a save: nobody typed them, the log is silent."""
    for target in one.script.targets:
        if target.is_computed:
            for name in FILLED:
                setattr(one.entries[target.pk], name, getattr(typed.entries[target.pk], name))


def _type(one: Played, typed: Typed) -> None:
    for name, words in typed.texts.items():
        setattr(one.report, name, words)
    for target_id, values in typed.entries.items():
        _fill(one.entries[target_id], values)


def _fill(entry: Entry, values: EntryInput) -> None:
    for name in AMOUNTS:
        setattr(entry, name, getattr(values, name))


def _snapshot(one: Played) -> dict:
    amounts = {entry.target.code: audit.snapshot(entry, list(AMOUNTS)) for entry in one.entries.values()}
    return audit.snapshot(one.report, list(TEXTS)) | amounts


def _claim(one: Played, at: datetime) -> None:
    one.report.version += 1
    one.report.saved_at = at


def _move(one: Played, act, at: datetime) -> None:
    report, script = one.report, one.script
    before = {"status": report.status}
    report.status = TRANSITIONS[act.action].target
    if act.action == ReportAction.SUBMIT:
        _claim(one, at)
        if report.submitted_on is None:
            report.submitted_on = act.on
            report.late = report.corrects.late if report.corrects else act.on > script.period.due
        report.submitted_by, report.submitted_at = script.writer, at
    elif act.action == ReportAction.APPROVE:
        report.approved_by, report.approved_at, report.approved_on = script.reviewer, at, act.on
    else:
        report.return_reason = act.note
    _log(one, at, MOVES[act.action], before=before, after={"status": report.status}, note=act.note)


MOVES = {
    ReportAction.SUBMIT: "report.submit",
    ReportAction.APPROVE: "report.approve",
    ReportAction.RETURN: "report.return",
}


def _log(one: Played, at: datetime, action: str, **what) -> None:
    reviewing = action in (MOVES[ReportAction.APPROVE], MOVES[ReportAction.RETURN])
    actor = one.script.reviewer if reviewing else one.script.writer
    one.logged.append((at, {"action": action, "actor": actor, **what}))


def _events(one: Played) -> Iterator[Event]:
    for at, what in one.logged:
        with clock.pinned(timezone.localdate(at)):
            event = audit.compose(row=one.report, **what)
        event.at = at
        yield event


def _moments(script: Script) -> list[datetime]:
    """Return when each act happened: in office hours of its day, one after the other."""
    first = between(9 * 60, 15 * 60, "moment", script.task.number, script.org_unit.code, script.period.start)
    return [_at(act.on, first + 7 * number) for number, act in enumerate(script.acts)]


def _at(day: date, minute: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(minute // 60, minute % 60)))
