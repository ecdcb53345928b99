"""View models of duties: what a unit owes, how it stands, and the one click that leads on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from ..completeness import Completeness, Duty, completeness
from ..enums import DutyState, ReportStatus
from . import format as fmt
from . import marks
from .marks import Mark
from .overview import address, with_query

# From what needs an act to what is done.
ORDER = (ReportStatus.RETURNED, DutyState.MISSING, ReportStatus.DRAFT, DutyState.WAITING)


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty, ready to be shown. report_url: the report if there is one; task_id, unit_id, period_id start one."""

    task: str
    task_number: int
    url: str
    section: str
    section_id: int
    section_number: int
    unit: str
    unit_id: int
    unit_sort: int
    task_id: int
    period_id: int
    period: str
    mark: Mark
    reason: str
    rank: int
    due: str
    extended: bool
    days: str
    overdue: bool
    handed_in: bool
    report_url: str
    submitted_on: date | None
    timing: Mark | None
    states: frozenset[str]
    period_start: date
    sent_back: int

    @property
    def submitted_key(self) -> date:
        return self.submitted_on or date.max


def rows_of(duties: Iterable[Duty], on: date, sent_back: Mapping[tuple[int, int], int] | None = None) -> list[DutyRow]:
    """Return the view models in the given order. sent_back: by task and period how often, where that is asked for."""
    times = sent_back or {}
    return [_row(duty, on, times.get((duty.task.pk, duty.period.pk), 0)) for duty in duties]


def _row(duty: Duty, on: date, sent_back: int) -> DutyRow:
    report, section = duty.report, duty.task.section
    report_url = reverse("workplan:report", args=[report.pk]) if report else ""
    mark = _mark(duty, on)
    return DutyRow(
        task=f"{duty.task.number}. {duty.task.title}",
        task_number=duty.task.number,
        url=report_url or reverse("workplan:task", args=[duty.task.pk]),
        section=f"{section.number}. {section.campaign or section.title}",
        section_id=section.pk,
        section_number=section.number,
        unit=duty.org_unit.label,
        unit_id=duty.org_unit.pk,
        unit_sort=duty.org_unit.sort,
        task_id=duty.task.pk,
        period_id=duty.period.pk,
        period=duty.period.name,
        mark=mark,
        reason=_reason(duty, on),
        rank=_rank(duty, on),
        due=fmt.day(duty.due),
        extended=duty.extended,
        days=fmt.days_left(duty.due, on),
        overdue=duty.is_missing(on),
        handed_in=duty.handed_in,
        report_url=report_url,
        submitted_on=report.submitted_on if duty.handed_in else None,
        timing=(marks.LATE if duty.late else marks.ON_TIME) if duty.handed_in else None,
        states=frozenset(states_of(duty, on)),
        period_start=duty.period.start,
        sent_back=sent_back,
    )


def _mark(duty: Duty, on: date) -> Mark:
    if duty.report is not None:
        return marks.status_mark(ReportStatus.APPROVED if duty.approved else duty.report.status)
    return marks.MISSING if duty.is_missing(on) else marks.NOT_YET


def _reason(duty: Duty, on: date) -> str:
    if duty.report is not None and duty.report.status == ReportStatus.RETURNED:
        return duty.report.return_reason
    if duty.report is not None and duty.report.revision > 1 and duty.report.status == ReportStatus.DRAFT:
        return "更正中"
    return fmt.days_left(duty.due, on) if not duty.handed_in else ""


def _rank(duty: Duty, on: date) -> int:
    if duty.handed_in:
        return len(ORDER) + duty.approved
    if duty.report is not None:
        return ORDER.index(duty.report.status)
    return ORDER.index(DutyState.MISSING if duty.is_missing(on) else DutyState.WAITING)


def states_of(duty: Duty, on: date) -> Iterable[DutyState]:
    """Return every state that a duty is in: the filter's words, and what the summaries count."""
    if duty.handed_in:
        yield DutyState.HANDED_IN
        yield DutyState.LATE if duty.late else DutyState.ON_TIME
        if duty.report.status == ReportStatus.SUBMITTED:
            yield DutyState.SUBMITTED
        return
    yield DutyState.MISSING if duty.is_missing(on) else DutyState.WAITING
    if duty.report is not None and duty.report.status == ReportStatus.RETURNED:
        yield DutyState.RETURNED


@dataclass(frozen=True, slots=True)
class Summary:
    """Completeness of a group of duties, with the addresses of the lists behind its counts."""

    label: str
    counts: Completeness
    handed_in: str
    on_time: str
    urls: dict[str, str]


def summary(label: str, duties: Iterable[Duty], on: date, **query) -> Summary:
    """Count the duties; `query` narrows the list of duties to them."""
    counts = completeness(duties, on)
    base = {"": {}} | {state.value: {"status": state.value} for state in DutyState}
    return Summary(
        label=label,
        counts=counts,
        handed_in=fmt.ratio(counts.handed_in, counts.owed),
        on_time=fmt.ratio(counts.on_time, counts.handed_in),
        urls={state or "all": with_query(address("duties"), {**query, **extra}) for state, extra in base.items()},
    )
