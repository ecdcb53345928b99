"""View models of a target's page: chart, shares by unit, the grid of periods, the reports behind the number."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from accounts.models import OrgUnit

from ..assess import Assessment, pace_of
from ..discretion import has_small, told
from ..due_days import DueDays
from ..enums import ReportStatus
from ..measures import measure_of
from ..models import Allocation, Figure, Period, ProgressReport, Record, Target
from ..models.records import READING_RIGHT
from ..registers.registry import opens
from ..rules.amounts import Amount
from ..rules.kinds import Comparator, PaceCurve, Recurrence, Strength, TargetKind
from ..rules.lights import TargetFacts, expected_value
from ..rules.pace import Pace
from . import format as fmt
from . import marks
from .marks import Mark, light_mark
from .present import amount_text, bullet


@dataclass(frozen=True, slots=True)
class Point:
    """The target at the close of a month (or on the day looked at): accepted value and pace, as numbers and words."""

    label: str
    value: float | None
    pace: float | None
    value_text: str
    pace_text: str


def days_of(target: Target, on: date) -> list[date]:
    """Return the days that the course shows: the ends of the months, and the day looked at."""
    days = [day for day in _month_ends(target.plan.year) if day >= target.start.replace(day=1)]
    return sorted({*days, on}) if target.plan.year == on.year else days


def course(
    found: Assessment, stated: dict[date, Amount], on: date, *, readings: dict[date, Target], discreet: bool
) -> list[Point]:
    """Return the course of the year: values up to `on` (`stated` by day), the pace line to its end.

    readings: the target as it read on each day up to `on`; discreet: small counts are left out.
    """
    target, pace = found.target, pace_of(found.target)
    ends, points = set(_month_ends(target.plan.year)), []
    for day in days_of(target, on):
        amount = stated[day] if day <= on else Amount()
        facts = _facts(found, pace, day, readings.get(day, target))
        expected = None if target.strength == Strength.TRACKED else expected_value(facts)
        label = f"{day.month}月{day.day}日" if day == on and day not in ends else f"{day.month}月"
        value, words = _value(amount, target, discreet)
        points.append(Point(label, value, _plain(expected), words, _text(target, expected)))
    return points


def _value(amount: Amount, target: Target, discreet: bool) -> tuple[float | None, str]:
    """Return the value of a point as number and words."""
    if discreet and has_small(amount):
        return None, fmt.withheld(told(amount), target.unit)
    return _plain(amount.measured(target.is_ratio)), fmt.amount(amount, target.unit)


def chart_of(found: Assessment, points: list[Point]) -> dict:
    """Return the numbers of the chart; the table beside it shows the same."""
    target = found.target
    return {
        "labels": [point.label for point in points],
        "values": [point.value for point in points],
        "pace": [point.pace for point in points],
        "unit": target.unit if target.is_ratio else fmt.bare_unit(target.unit),
        "stepped": target.curve != PaceCurve.LINEAR or target.kind == TargetKind.RECURRING,
        "summary": f"{target.measure}：按月实绩与序时应达的折线图，数据见下方表格。",
    }


def _facts(found: Assessment, pace: Pace, day: date, then: Target) -> TargetFacts:
    """Return the facts of a day. A share that is a number of its own stays; the target's goal is that of the day."""
    target = found.target
    goal = then.goal if found.goal == target.goal else found.goal
    return TargetFacts(
        kind=TargetKind(target.kind),
        strength=Strength(target.strength),
        comparator=Comparator(target.comparator),
        goal=goal or Decimal(0),
        is_ratio=target.is_ratio,
        amount=found.amount,
        pace=replace(pace, due=then.due),
        on=day,
        recurrence=Recurrence(target.recurrence),
        units=found.units_expected or 1,
    )


def _month_ends(year: int) -> Iterable[date]:
    for month in range(1, 13):
        yield date.fromordinal((date(year, month + 1, 1) if month < 12 else date(year + 1, 1, 1)).toordinal() - 1)


def _amount(figure: Figure) -> Amount:
    return Amount(figure.value, figure.numerator, figure.denominator)


def _plain(number: Decimal | None) -> float | None:
    return None if number is None else round(float(number), 2)


def _text(target: Target, expected: Decimal | None) -> str:
    if expected is None:
        return fmt.MISSING
    return fmt.percent(expected) if target.is_ratio else f"{fmt.rounded(expected)} {fmt.bare_unit(target.unit)}"


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A unit's share of the target with what stands against it."""

    unit: str
    url: str
    goal: str
    amount: str
    progress: str
    bar: str
    sign: SafeString
    proposed: bool


def share_rows(units: Iterable[OrgUnit], by_unit: dict[int, list[Assessment]], proposed: set[int], carry: str):
    """Return the shares by unit, in the order of the units."""
    rows = []
    for unit in units:
        for found in by_unit.get(unit.pk, []):
            target, verdict = found.target, found.verdict
            rows.append(
                ShareRow(
                    unit=unit.label,
                    url=reverse("workplan:unit", args=[unit.pk]) + carry,
                    goal=fmt.goal(target.comparator, found.goal, target.unit),
                    amount=amount_text(found),
                    progress=fmt.percent(verdict.progress),
                    bar=bullet(found),
                    sign=light_mark(verdict.light).titled(verdict.reason.label),
                    proposed=unit.pk in proposed,
                )
            )
    return rows


LEGEND = (
    marks.ON_TIME,
    marks.ZERO,
    marks.LATE,
    marks.MISSING,
    marks.status_mark(ReportStatus.SUBMITTED),
    marks.NOTHING,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit in one period: its state, and the report if it may be opened."""

    sign: SafeString
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class GridRow:
    unit: str
    cells: list[Cell]


def period_grid(
    target: Target,
    units: Iterable[OrgUnit],
    periods: list[Period],
    figures: list[Figure],
    reports: Iterable[ProgressReport],
    granted: DueDays,
    on: date,
) -> list[GridRow]:
    """Return for each unit and period begun whether it was reported on time, late, as zero, or not at all."""
    stated = {
        (f.org_unit_id, f.period_id): f
        for f in figures
        if f.accepted_on <= on and (f.corrected_on is None or f.corrected_on > on)
    }
    by_pair = {(r.org_unit_id, r.period_id): r for r in reports}
    return [
        GridRow(
            unit.label,
            [
                _cell(
                    target,
                    p,
                    stated.get((unit.pk, p.pk)),
                    by_pair.get((unit.pk, p.pk)),
                    granted.of(p, target.task_id, unit.pk),
                    on,
                )
                for p in periods
            ],
        )
        for unit in units
    ]


def _cell(
    target: Target, period: Period, figure: Figure | None, report: ProgressReport | None, due: date, on: date
) -> Cell:
    url = reverse("workplan:report", args=[report.pk]) if report else ""
    if figure is not None:
        mark = marks.LATE if figure.late else marks.ZERO if figure.value == 0 else marks.ON_TIME
        return _told(mark, fmt.amount(_amount(figure), target.unit), period, url)
    if report is not None and report.status == ReportStatus.SUBMITTED and report.submitted_on <= on:
        return _told(marks.status_mark(report.status), "", period, url)
    return _told(marks.MISSING if due < on else marks.NOTHING, "", period, url)


def _told(mark: Mark, text: str, period: Period, url: str) -> Cell:
    return Cell(mark.beside(text), f"{period.name}：{mark.word} {text}".strip(), url)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One figure of those that make up the number."""

    unit: str
    period: str
    amount: str
    accepted_on: str
    late: bool
    url: str


def source_rows(target: Target, figures: Iterable[Figure], visible_reports: set[int]) -> list[SourceRow]:
    """Return the figures behind the number; `figures` come with unit, period and entry."""
    return [
        SourceRow(
            unit=f.org_unit.label,
            period=f.period.name,
            amount=fmt.amount(_amount(f), target.unit),
            accepted_on=fmt.day(f.accepted_on),
            late=f.late,
            url=reverse("workplan:report", args=[f.entry.report_id]) if f.entry.report_id in visible_reports else "",
        )
        for f in figures
    ]


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the target's history."""

    when: str
    who: str
    what: str
    note: str


def history(target: Target, events, actions: dict[str, str]) -> list[Change]:
    """Return the audit events of the target and its shares in words, newest first."""
    return [
        Change(f"{event.at:%Y-%m-%d}", event.actor_name or "系统", _in_words(event, actions), event.note)
        for event in events
    ]


def _in_words(event, actions: dict[str, str]) -> str:
    if event.object_type == Allocation._meta.label_lower:
        return _share_in_words(event)
    names = {field.attname: field.verbose_name for field in Target._meta.concrete_fields}
    pairs = [
        f"{names[key]}：{event.before.get(key, fmt.MISSING)} → {value}"
        for key, value in event.after.items()
        if key in names and event.before
    ]
    return "；".join([actions.get(event.action, event.action), *pairs])


def _share_in_words(event) -> str:
    """Return what became of a unit's share, e.g. 指标分解：甲镇 50 → 60."""
    unit = event.object_label.rpartition("→")[2].strip()
    before, after = (_share(state) for state in (event.before, event.after))
    return f"指标分解：{unit} {before} → {after}"


def _share(state: dict) -> str:
    """Return a share in an event: its number, 承担 where it has none, and a dash where there is no share."""
    if "amount" not in state:
        return fmt.MISSING
    return "承担" if state["amount"] in (None, "None") else fmt.number(Decimal(state["amount"]))


@dataclass(frozen=True, slots=True)
class Behind:
    """The records behind a number, or behind a rate's denominator: how many the user may see, and their list."""

    title: str
    register: str
    count: int
    url: str
    part: str
    model: type[Record]


def records_behind(target: Target, user, on: date, unit: OrgUnit | None = None) -> list[Behind]:
    """Return where the rows of a computed target can be opened, those of one unit or all; none for a typed one.

    Rows that are no records (units as a denominator) and registers closed to the user have no list.
    """
    measure, found = measure_of(target), []
    if measure is None:
        return []
    for part, rows in measure.parts(target).items():
        if not issubclass(rows.model, Record):
            continue
        if opens(user, rows.model, READING_RIGHT[rows.model.register.privacy]):
            seen = rows.model.objects.visible_to(user).filter(pk__in=rows.in_force(on).order_by().values("pk"))
            query = {"target": target.pk, "part": part, "as_of": on.isoformat()}
            if unit is not None:
                seen, query = seen.filter(org_unit__path__startswith=unit.path), query | {"unit": unit.pk}
            address = reverse("workplan:register", args=[rows.model._meta.app_label, rows.model._meta.model_name])
            count, url = seen.count(), f"{address}?{urlencode(query)}"
        else:
            count, url = 0, ""
        found.append(Behind(PARTS[part], str(rows.model._meta.verbose_name), count, url, part, rows.model))
    return found


def other_reading(target: Target, user, on: date) -> tuple[str, str] | None:
    """Return the name and the number of the measure's other reading, from the records that the user may see."""
    measure = measure_of(target)
    if measure is None or measure.beside is None:
        return None
    label, rows = measure.beside[0], measure.beside[1](target)
    if not opens(user, rows.model, READING_RIGHT[rows.model.register.privacy]):
        return None
    seen = rows.model.objects.visible_to(user).filter(pk__in=rows.in_force(on).order_by().values("pk"))
    return label, fmt.quantity(seen.count(), target.unit)


PARTS = {"counts": "构成这一数字的记录", "out_of": "构成分母的记录"}
