"""View models of requests for more time for reports: what a unit asked in one go is one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.models import OrgUnit

from ..enums import ExtensionState
from ..extension_forms import DecideForm
from ..models import Period, ReportExtension
from . import format as fmt


@dataclass(frozen=True, slots=True)
class Asked:
    """What a unit asked in one go. pks: of the requests, one for each task; form: to answer them with; answer: "" before."""

    pks: list[int]
    unit: str
    period: str
    section: str
    tasks: list[tuple[str, str]]
    numbers: str
    due: str
    wanted: str
    reason: str
    asked_by: str
    asked_on: str
    state: str
    answer: str
    form: DecideForm


def waiting(user, on: date) -> list[Asked]:
    """Return what waits for the user's answer, what is due first. One statement."""
    rows = ReportExtension.objects.awaiting_answer_by(user, on).with_context()
    return _grouped(rows, on)


def asked_by_unit(user, unit: OrgUnit, period: Period, on: date) -> list[Asked]:
    """Return what the unit has asked for in the period, the newest first. One statement."""
    rows = ReportExtension.objects.visible_to(user).filter(org_unit=unit, period=period).with_context()
    return _grouped(rows.order_by("-asked_on", "-pk"), on)


def asked_of(rows: Iterable[ReportExtension], on: date, form: DecideForm) -> Asked:
    """Return requests that were answered together, with the form as it was sent."""
    return _asked(list(rows), on, form)


def _grouped(rows: Iterable[ReportExtension], on: date) -> list[Asked]:
    found: dict[tuple, list[ReportExtension]] = {}
    for row in rows:
        answered = (row.state_on(on), row.until, row.decided_on, row.note)
        about = (row.org_unit_id, row.period_id, row.task.section_id, row.due, row.wanted, row.reason)
        found.setdefault((*about, row.asked_by_id, row.asked_on, *answered), []).append(row)
    return [_asked(own, on) for own in found.values()]


def _asked(rows: list[ReportExtension], on: date, form: DecideForm | None = None) -> Asked:
    rows = sorted(rows, key=lambda row: row.task.number)
    first = rows[0]
    return Asked(
        pks=[row.pk for row in rows],
        unit=first.org_unit.label,
        period=first.period.name,
        section=str(first.task.section),
        tasks=[(str(row.task), reverse("workplan:task", args=[row.task_id])) for row in rows],
        numbers="、".join(str(row.task.number) for row in rows),
        due=fmt.day(first.due),
        wanted=fmt.day(first.wanted),
        reason=first.reason,
        asked_by=str(first.asked_by),
        asked_on=fmt.day(first.asked_on),
        state=first.state_on(on).label + (f"，延期至 {fmt.day(first.until)}" if first.until else ""),
        answer=_answer(first),
        form=form or DecideForm(initial={"until": first.wanted}, auto_id=f"extension-{first.pk}-%s"),
    )


def _answer(row: ReportExtension) -> str:
    if row.state not in (ExtensionState.GRANTED, ExtensionState.REFUSED):
        return ""
    return f"{row.decided_by} {fmt.day(row.decided_on)} 审批" + (f"：{row.note}" if row.note else "")
