"""The monthly sheet of one unit, put together for the page and for what the page is told after each save.

All that the unit owes in a period, in one place: the same number of statements however many rows there are.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.enums import Right
from accounts.models import OrgUnit

from .. import clock
from ..assess import Assessment, assess_each_unit
from ..completeness import Duty, duties_from
from ..enums import ReportAction, ReportStatus
from ..models import Allocation, Entry, Evidence, Figure, Period, Plan, ProgressReport, Section, Target, Task, Unlock
from ..rules.entries import Level, Problem
from ..rules.kinds import TargetKind
from ..services.checks import MISSING, amount_of, input_of, previous_figures, problems_of_entry
from ..services.prefill import fill, recorded
from ..services.sheet import Kept
from ..sheet_forms import RowInputs, TextInputs
from ..ui import format as fmt
from ..ui import marks
from ..ui.marks import Mark
from ..ui.present import stated_text
from ..workflow import refusal
from .report_page import pace_text, previous_text, repeatable, stated_values

EMPTY = Mark("empty", "未填", "grey", marks.RING)
RECORDED = Mark("recorded", "台账数", "grey", marks.DOT)
SAVED = Mark("saved", "已保存", "green", marks.CIRCLE)
DOUBTFUL = Mark("doubtful", "请核对", "yellow", marks.TRIANGLE)
WRONG = Mark("wrong", "需修改", "red", marks.SQUARE)
CLOSED = Mark("closed", "已关闭", "grey", marks.DASH)


@dataclass(slots=True)
class Row:
    """One target in the sheet: what is asked, what was said before, and the inputs, or the values where nothing can be typed."""

    pk: int
    code: str
    measure: str
    url: str
    history_url: str
    kind: str
    unit: str
    goal: str
    share: str
    pace: str
    previous: str
    light: SafeString
    note: str
    recorded: str
    is_ceiling: bool
    repeatable: dict[str, str]
    values: list[tuple[str, str]]
    mark: Mark
    problems: list[Problem]
    inputs: RowInputs | None

    @property
    def is_open(self) -> bool:
        """Say whether something has yet to be typed or mended."""
        return self.mark in (EMPTY, WRONG, DOUBTFUL)


@dataclass(slots=True)
class Part:
    """One task in the sheet. refused: why nothing can be typed, "" where it can; reason: why the report was sent back."""

    task: Task
    section: Section
    report: ProgressReport
    mark: Mark
    refused: str
    reason: str
    rows: list[Row]
    texts: TextInputs | None
    last_narrative: str = ""
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def of(self) -> str:
        """Return what the names of its file inputs end with."""
        return f"-{self.task.pk}"

    @property
    def report_url(self) -> str:
        return reverse("workplan:report", args=[self.report.pk]) if self.report.pk else ""

    @property
    def entries(self) -> list[RowInputs]:
        return [row.inputs for row in self.rows if row.inputs]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a unit is asked for in a period: all that typing into the sheet does not change.

    targets: by id, those allocated and those that its reports hold; unlocked: the apps that were opened again; previous: the last
    figure by target id; known: what registers say by target id.
    """

    unit: OrgUnit
    period: Period
    duties: list[Duty]
    targets: dict[int, Target]
    unlocked: frozenset[str]
    previous: dict[int, Figure]
    known: dict[int, dict]


@dataclass(slots=True)
class Sheet:
    """The sheet of a unit and period. parts: in the order of tasks; stored: the entries of its reports, with `has_evidence`."""

    asked: Asked
    stored: Iterable[Entry] = ()
    parts: list[Part] = field(default_factory=list)

    @property
    def unit(self) -> OrgUnit:
        return self.asked.unit

    @property
    def period(self) -> Period:
        return self.asked.period

    @property
    def plan(self) -> Plan:
        return self.asked.period.plan

    @property
    def sections(self) -> list[tuple[Section, list[Part]]]:
        found: dict[int, tuple[Section, list[Part]]] = {}
        for part in self.parts:
            found.setdefault(part.section.pk, (part.section, []))[1].append(part)
        return sorted(found.values(), key=lambda pair: pair[0].number)

    @property
    def rows(self) -> list[Row]:
        return [row for part in self.parts for row in part.rows]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows there are, how many come from registers, and how many have yet to be filled or mended."""
        rows, writable = self.rows, [row for part in self.parts if not part.refused for row in part.rows]
        return {
            "rows": len(rows),
            "recorded": sum(bool(row.recorded) for row in rows),
            "open": sum(row.is_open for row in writable),
            "owed": sum(not part.refused for part in self.parts),
        }


def read_sheet(user, unit: OrgUnit, period: Period, data=None) -> Sheet:
    """Return the sheet as the user may write it. `data`: what was just posted into it."""
    tasks = list(Task.objects.filter(plan=period.plan_id).select_related("section"))
    for task in tasks:
        task.plan = period.plan
    shares = _shares(unit, tasks)
    found = duties_from(shares, period, user, unit=unit, tasks=tasks, right=Right.REPORT_WRITE)
    stored = _stored(found)
    return _sheet(user, _asked(unit, period, found, shares, stored), stored, data, beside=True)


def read_rows(user, unit: OrgUnit, period: Period, data, *, tasks: list[Task], targets: Collection[int]) -> Sheet:
    """Return of the sheet only these tasks and rows (target ids), as a save needs them, and nothing that stands beside them.

    tasks: with section and plan, of those of the rows and others.
    """
    shares = _shares(unit, tasks)
    found = duties_from(shares, period, user, unit=unit, tasks=tasks, right=Right.REPORT_WRITE)
    shares = [share for share in shares if share.target_id in targets]
    stored = _stored(found).filter(target__in=targets)
    return _sheet(user, _asked(unit, period, found, shares, stored), stored, data, beside=False)


def read_again(user, sheet: Sheet, kept: Mapping[int, Kept]) -> Sheet:
    """Return the inputs of a sheet that something was stored from, as they are by now. Asks the database nothing.

    kept: by task id what became of it. What is asked for has stayed the same, and so have the files.
    """
    reports = {task: one.report for task, one in kept.items() if one.report}
    duties_now = [replace(duty, report=reports.get(duty.task.pk, duty.report)) for duty in sheet.asked.duties]
    stored = {entry.target_id: entry for entry in sheet.stored}
    for one in kept.values():
        for pk in one.entries.keys() & sheet.asked.targets.keys():
            one.entries[pk].has_evidence = pk in stored and stored[pk].has_evidence
            stored[pk] = one.entries[pk]
    return _sheet(user, replace(sheet.asked, duties=duties_now), stored.values(), None, beside=False)


def _stored(found: Iterable[Duty]) -> QuerySet[Entry]:
    """Return the entries of the reports that were begun."""
    begun = [duty.report.pk for duty in found if duty.report]
    return Entry.objects.filter(report__in=begun).with_evidence().order_by()


def _shares(unit: OrgUnit, tasks: Iterable[Task]) -> list[Allocation]:
    """Return what is allocated to the unit of these tasks, with the targets."""
    return list(Allocation.objects.filter(org_unit=unit, target__task__in=tasks).order_by().select_related("target"))


def _asked(
    unit: OrgUnit, period: Period, found: list[Duty], shares: Iterable[Allocation], stored: Iterable[Entry]
) -> Asked:
    named = {duty.task.pk for duty in found}
    targets = {share.target_id: share.target for share in shares if share.target.task_id in named}
    if taken_away := {entry.target_id for entry in stored} - targets.keys():
        targets |= Target.objects.in_bulk(taken_away)
    virtual = ProgressReport(org_unit=unit, period=period)
    return Asked(
        unit=unit,
        period=period,
        duties=found,
        targets=targets,
        unlocked=_unlocked(unit, period),
        previous=previous_figures(targets, unit.pk, period) if targets else {},
        known=recorded([pk for pk, target in targets.items() if target.is_computed], virtual),
    )


def _unlocked(unit: OrgUnit, period: Period) -> frozenset[str]:
    """Return the apps in which the period was opened again for the unit; while it is open nothing had to be."""
    if period.closes >= clock.today():
        return frozenset()
    opened = Unlock.objects.in_force(clock.today()).filter(org_unit=unit, period=period)
    return frozenset(opened.order_by().values_list("app", flat=True))


def _sheet(user, asked: Asked, stored: Iterable[Entry], data, *, beside: bool) -> Sheet:
    reports = {duty.task.pk: _report(duty, asked) for duty in asked.duties}
    entries = _entries(asked, reports, stored)
    shown = _beside(user, asked, entries, reports) if beside else NOTHING_BESIDE
    sheet = Sheet(asked, stored)
    for duty in asked.duties:
        pk = duty.task.pk
        part = _part(user, duty, reports[pk], entries.get(pk, []), shown.standing, data)
        part.last_narrative = "" if part.report.narrative else shown.narratives.get(pk, "")
        part.evidence = shown.files.get(part.report.pk, [])
        sheet.parts.append(part)
    return sheet


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown beside the inputs: the standing by target, the last narrative by task, the files by report."""

    standing: dict[int, Assessment]
    narratives: dict[int, str]
    files: dict[int, list[Evidence]]


NOTHING_BESIDE = Beside({}, {}, {})


def _beside(user, asked: Asked, entries: dict[int, list[Entry]], reports: dict) -> Beside:
    unit, targets = asked.unit, [entry.target for own in entries.values() for entry in own]
    standing = assess_each_unit(targets, on=clock.today(), units=[unit]).get(unit.pk, [])
    return Beside(
        {one.target.pk: one for one in standing}, _last_narratives(user, unit, asked.period), _files(reports.values())
    )


def _report(duty: Duty, asked: Asked) -> ProgressReport:
    """Return the report, or one that is not stored: nothing is begun by looking."""
    report = duty.report or ProgressReport(task=duty.task, org_unit=asked.unit, period=asked.period)
    report.unlocked = duty.task.section.app in asked.unlocked
    return report


def _entries(asked: Asked, reports: dict[int, ProgressReport], stored: Iterable[Entry]) -> dict[int, list[Entry]]:
    """Return by task the stored entries and, for what has none yet, empty ones; each with `previous`, registers filled in."""
    by_target = {entry.target_id: entry for entry in stored}
    by_task: dict[int, list[Entry]] = {}
    for pk, target in sorted(asked.targets.items(), key=lambda item: (item[1].sort, item[0])):
        report, target.plan = reports[target.task_id], asked.period.plan
        entry = by_target.get(pk) or _empty(target)
        entry.report, entry.target, entry.previous = report, target, asked.previous.get(pk)
        if target.is_computed and report.status in (ReportStatus.DRAFT, ReportStatus.RETURNED):
            fill(entry, asked.known)
        by_task.setdefault(target.task_id, []).append(entry)
    return by_task


def _empty(target: Target) -> Entry:
    entry = Entry(target=target)
    entry.has_evidence = False
    return entry


def _last_narratives(user, unit: OrgUnit, period: Period) -> dict[int, str]:
    """Return by task what was last told, to be carried forward."""
    reports = ProgressReport.objects.visible_to(user, Right.REPORT_WRITE).filter(
        org_unit=unit, task__plan=period.plan_id, period__start__lt=period.start
    )
    rows = reports.exclude(narrative="").order_by("period__start", "revision").values_list("task", "narrative")
    return dict(rows)


def _files(reports: Iterable[ProgressReport]) -> dict[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = {}
    begun = [report.pk for report in reports if report.pk]
    for file in Evidence.objects.kept().filter(report__in=begun).select_related("target", "uploaded_by"):
        found.setdefault(file.report_id, []).append(file)
    return found


def _part(
    user, duty: Duty, report: ProgressReport, entries: list[Entry], standing: dict[int, Assessment], data
) -> Part:
    refused = _refused(user, duty, report)
    return Part(
        task=duty.task,
        section=duty.task.section,
        report=report,
        mark=_status(duty),
        refused=refused,
        reason=report.return_reason if report.status == ReportStatus.RETURNED else "",
        rows=[_row(user, entry, standing.get(entry.target_id), refused, data) for entry in entries],
        texts=None if refused else TextInputs(report, data),
    )


def _refused(user, duty: Duty, report: ProgressReport) -> str:
    if duty.report and duty.report.revision > 1:
        return "本期填报已有更正，请在填报页上操作。"
    found = refusal(report, user, ReportAction.SAVE, {Right.REPORT_WRITE})
    return found.message if found else ""


def _status(duty: Duty) -> Mark:
    return marks.status_mark(duty.report.status) if duty.report else marks.NOT_YET


def _row(user, entry: Entry, standing: Assessment | None, refused: str, data) -> Row:
    target, unit = entry.target, entry.report.org_unit

    def say(one: Entry | Figure | None, of: Target) -> str:
        return stated_text(user, amount_of(one), of, unit)

    found = [] if refused or entry.pk is None else [p for p in problems_of_entry(entry) if p.code != MISSING]
    inputs = None if refused else RowInputs(entry, data)
    if inputs:
        inputs.problems = found
    url, history_url = _addresses(target.pk, unit.pk)
    return Row(
        pk=target.pk,
        code=target.code,
        measure=target.measure,
        url=url,
        history_url=history_url,
        kind=TargetKind(target.kind).label,
        unit=target.unit,
        goal=fmt.goal(target.comparator, target.goal, target.unit),
        share=_share(standing, target),
        pace=pace_text(standing) if standing else "",
        previous=previous_text(entry, say),
        light=marks.light_mark(standing.verdict.light).html if standing else SafeString(""),
        note=target.note,
        recorded=say(entry, target) if target.is_computed else "",
        is_ceiling=target.kind == TargetKind.CEILING,
        repeatable=repeatable(entry),
        values=stated_values(entry, say),
        mark=_mark(entry, found, refused),
        problems=found,
        inputs=inputs,
    )


@lru_cache(maxsize=10_000)
def _addresses(target: int, unit: int) -> tuple[str, str]:
    """Return where a target is shown for the unit, and what it stated of it before. Kept: finding them out takes a tenth of the page's time."""
    shown = f"{reverse('workplan:target', args=[target])}?unit={unit}"
    return shown, reverse("workplan:cell_history", args=[target, unit])


def _share(standing: Assessment | None, target: Target) -> str:
    """Return what the unit owes where that is a part of the whole."""
    if standing is None or standing.goal is None or standing.goal == target.goal:
        return ""
    return fmt.quantity(standing.goal, target.unit)


def _mark(entry: Entry, problems: list[Problem], refused: str) -> Mark:
    """Return the state of the row: of the report where nothing can be typed, else of what is stored."""
    if refused:
        return marks.status_mark(entry.report.status) if entry.report.pk else CLOSED
    if any(problem.level == Level.ERROR for problem in problems):
        return WRONG
    if problems:
        return DOUBTFUL
    if entry.target.is_computed and entry.target.kind != TargetKind.CEILING:
        return RECORDED
    if entry.pk is None or input_of(entry).amount.is_missing:
        return EMPTY
    needs_word = entry.target.is_computed and entry.value == 0 and not entry.zero_report
    return EMPTY if needs_word else SAVED
