"""A township's monthly sheet: what is typed into it goes into the reports of its tasks, cell by cell.

Nobody opens a report first, and two officers may write at once: see `rules.merging`. A message that comes twice changes nothing
the second time, so whoever lost the connection may send everything again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction

from accounts.enums import Right
from accounts.models import OrgUnit

from ..completeness import Duty, duties
from ..enums import ReportAction
from ..errors import EntriesInvalid, Refused
from ..models import Entry, Period, ProgressReport, Task
from ..rules.entries import EntryInput, Level, Problem, storable_problems
from ..rules.merging import merge
from ..workflow import refusal
from .checks import input_of, problems_of, storable
from .prefill import fill_computed
from .reports import (
    AMOUNTS,
    TEXTS,
    ReportInput,
    begin_report,
    bring_up_to_date,
    claim_version,
    start_report,
    stored_entries,
    submit_report,
    write_typed,
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed for one task, each beside what the writer had before him: texts by name, entries by target id."""

    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    entries: dict[int, tuple[EntryInput, EntryInput]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of it. Cells in conflict, and rows with problems, are as they were stored.

    report, entries (by target id): as they are stored now, none where nothing could be written at all; conflicts: names of
    inputs by target id; text_conflicts: names of texts; problems: by target id; refused: why the task takes no writing.
    """

    report: ProgressReport | None
    conflicts: dict[int, frozenset[str]] = field(default_factory=dict)
    text_conflicts: frozenset[str] = frozenset()
    problems: dict[int, list[Problem]] = field(default_factory=dict)
    refused: Refused | None = None
    entries: Mapping[int, Entry] = field(default_factory=dict)


def save_typed(*, task: Task, org_unit: OrgUnit, period: Period, actor, typed: Typed) -> Kept:
    """Store what can be stored of what was typed for one task; begin its report where there is none yet.

    What may not be written at all is told in `refused`; only what the actor has no right to do raises Refused.
    """
    sound, problems = _sound(typed)
    if not sound.entries and not sound.texts:
        return Kept(None, problems=problems)
    try:
        kept = _save(task, org_unit, period, actor, sound)
    except Refused as refused:
        if refused.code == "forbidden":
            raise
        return Kept(None, problems=problems, refused=refused)
    return replace(kept, problems=problems | kept.problems)


def foresee(*, report: ProgressReport, entries: Mapping[int, Entry], typed: Typed) -> Kept:
    """Return what `save_typed` would answer now, and write nothing.

    report, entries: what is stored, or empty rows where nothing is yet; by target id, with what registers say filled in.
    """
    sound, problems = _sound(typed)
    _, conflicts, found = _merged_entries(sound, entries)
    _, text_conflicts = _merged_texts(sound, report)
    return Kept(report, conflicts, text_conflicts, problems | found)


def _sound(typed: Typed) -> tuple[Typed, dict[int, list[Problem]]]:
    """Return what the database would take, and the problems of the rest by target id."""
    problems = {pk: storable_problems(wanted) for pk, (_, wanted) in typed.entries.items()}
    problems = {pk: found for pk, found in problems.items() if found}
    sound = {pk: pair for pk, pair in typed.entries.items() if pk not in problems}
    return Typed(typed.texts, sound), problems


@transaction.atomic
def _save(task: Task, org_unit: OrgUnit, period: Period, actor, typed: Typed) -> Kept:
    report = begin_report(task=task, org_unit=org_unit, period=period, actor=actor)
    if refused := refusal(report, actor, ReportAction.SAVE, {Right.REPORT_WRITE}):  # which it takes to begin one
        raise refused
    stored = _entries_for(report, typed)
    if typed.entries.keys() - stored.keys():
        raise Refused("提交的数据包含不属于本单位的目标。", code="foreign_target")
    entries, conflicts, problems = _merged_entries(typed, stored)
    texts, text_conflicts = _merged_texts(typed, report)
    changed = {pk: wanted for pk, wanted in entries.items() if wanted != input_of(stored[pk])}
    if changed or any(text != getattr(report, name) for name, text in texts.items()):
        claim_version(report, report.version, actor)
        write_typed(report, actor, ReportInput(texts, changed), stored)
    return Kept(report, conflicts, text_conflicts, problems, entries=stored)


def _entries_for(report: ProgressReport, typed: Typed) -> dict[int, Entry]:
    """Return the stored entries; those allocated since the report was begun are added when something is typed into one."""
    stored = stored_entries(report)
    if typed.entries.keys() - stored.keys():
        return bring_up_to_date(report)
    fill_computed(report, stored.values())
    return stored


def _merged_entries(
    typed: Typed, stored: Mapping[int, Entry]
) -> tuple[dict[int, EntryInput], dict[int, frozenset[str]], dict[int, list[Problem]]]:
    """Return the rows to be stored, the cells in conflict, and what cannot be stored as it came out."""
    merged: dict[int, EntryInput] = {}
    conflicts: dict[int, frozenset[str]] = {}
    for pk, (base, wanted) in typed.entries.items():
        cells, found = merge(_cells(base), _cells(wanted), _cells(input_of(stored[pk])))
        merged[pk] = EntryInput(**cells)
        if found:
            conflicts[pk] = found
    problems = storable(merged, stored)
    return {pk: row for pk, row in merged.items() if pk not in problems}, conflicts, problems


def _cells(entry: EntryInput) -> dict:
    return {name: getattr(entry, name) for name in AMOUNTS}


def _merged_texts(typed: Typed, report: ProgressReport) -> tuple[dict[str, str], frozenset[str]]:
    base = {name: seen.strip() for name, (seen, _) in typed.texts.items()}
    wanted = {name: text.strip() for name, (_, text) in typed.texts.items()}
    return merge(base, wanted, {name: getattr(report, name) for name in TEXTS})


# --- handing in ---


@dataclass(frozen=True, slots=True)
class Left:
    """A task whose report stays with the unit. reason: why as a whole, "" where it is told by `problems`, by target id.

    doubtful: nothing is wrong, but something should be looked at and confirmed.
    """

    task: Task
    problems: dict[int, list[Problem]]
    reason: str = ""
    doubtful: bool = False


class _Doubtful(Exception):
    def __init__(self, problems: dict[int, list[Problem]]):
        super().__init__()
        self.problems = problems


def hand_in_sheet(
    *, org_unit: OrgUnit, period: Period, actor, confirmed: bool = False
) -> tuple[list[ProgressReport], list[Left]]:
    """Hand in the report of every task that is ready; return them, and what stays with its reasons.

    A task for which nothing had to be typed is ready without ever having been opened. Each report goes in a transaction of its
    own. confirmed: warnings have been read and do not hold anything up.
    """
    done, left = [], []
    for duty in still_owed(duties(period, actor, units=[org_unit], right=Right.REPORT_WRITE)):
        try:
            done.append(_hand_in(duty, actor, confirmed))
        except EntriesInvalid as invalid:
            left.append(Left(duty.task, invalid.problems))
        except _Doubtful as doubt:
            left.append(Left(duty.task, doubt.problems, doubtful=True))
        except Refused as refused:
            left.append(Left(duty.task, {}, reason=refused.message))
    return done, left


def still_owed(found: Iterable[Duty]) -> list[Duty]:
    """Return what the unit has yet to hand in; a correction that was begun is handed in on its own page, with its reason."""
    return [duty for duty in found if not duty.handed_in]


@transaction.atomic
def _hand_in(duty: Duty, actor, confirmed: bool) -> ProgressReport:
    report = start_report(task=duty.task, org_unit=duty.org_unit, period=duty.period, actor=actor)
    report = submit_report(report=report, actor=actor, version=report.version)
    doubts = problems_of(report, submitting=False)
    warned = any(problem.level == Level.WARNING for found in doubts.values() for problem in found)
    if warned and not confirmed:
        raise _Doubtful(doubts)
    return report
