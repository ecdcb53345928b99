"""View models of a unit's year: what was asked by period, and its deadlines as a month and as a list."""

from calendar import Calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from ..completeness import Duty
from ..deadlines import Deadline
from ..enums import DutyState
from ..models import CalendarDay, Period, Plan
from ..rules.workdays import works_by_the_week
from . import format as fmt
from . import marks
from .duty_rows import states_of
from .marks import Mark
from .overview import address, with_query

SENT_BACK = "sent_back"
STATES = [*DutyState.choices, (SENT_BACK, "曾被退回")]
# What the table counts, in the order of its columns; "" stands for everything that is owed.
COUNTED = ("", DutyState.HANDED_IN, DutyState.ON_TIME, DutyState.LATE, SENT_BACK, DutyState.WAITING, DutyState.MISSING)
HEADS = ("应报", "已报", "按期", "逾期", "曾退回", "未到期", "缺报")
SHOWN = 3  # deadlines of a day that the month shows unfolded
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")

OPEN = Mark("open", "待办", "blue", marks.CIRCLE)
OVERDUE = Mark("overdue", "逾期", "red", marks.SQUARE)
DONE = Mark("done", "已完成", "green", marks.TICKED)
MISSED = Mark("missed", "缺报", "rose", marks.DIAMOND)


# --- What was asked -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Count:
    """A number of reports, and the list that shows exactly these. alarm: it should be none."""

    head: str
    number: int
    url: str
    note: str
    alarm: bool


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """What was asked in a period, or in the year."""

    label: str
    due: str
    begun: bool
    counts: list[Count]


def period_rows(owed: list[Duty], times: Mapping[tuple[int, int], int], on: date, **query) -> list[PeriodRow]:
    """Return a row for each period, the year's total at the end. `query` narrows the list behind the counts to the unit."""
    rows = []
    for period, own in groupby(owed, key=lambda duty: duty.period):
        begun = period.start <= on
        rows.append(
            PeriodRow(period.name, fmt.day(period.due), begun, _counts(own, times, on, **query, period=period.pk))
        )
    return [*rows, PeriodRow("全年合计", "", True, _counts(owed, times, on, **query))] if rows else []


def _counts(owed: Iterable[Duty], times: Mapping, on: date, **query) -> list[Count]:
    numbers, sendings = dict.fromkeys(COUNTED, 0), 0
    for duty in owed:
        sent = times.get((duty.task.pk, duty.period.pk), 0)
        sendings += sent
        for state in ("", *states_of(duty, on), *([SENT_BACK] if sent else [])):
            numbers[state] = numbers.get(state, 0) + 1
    return [
        Count(
            head=head,
            number=numbers[state],
            url=with_query(address("year_duties"), query | ({"status": str(state)} if state else {})),
            note=f"（{sendings} 次）" if state == SENT_BACK and sendings else "",
            alarm=state == DutyState.MISSING,
        )
        for head, state in zip(HEADS, COUNTED, strict=True)
    ]


# --- Deadlines ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """A deadline, ready to be shown."""

    what: str
    detail: str
    url: str
    kind: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class DayAhead:
    """A day on which something has to be done that is not done yet."""

    label: str
    left: str
    overdue: bool
    rows: list[DeadlineRow]


def ahead(found: Iterable[Deadline], on: date) -> list[DayAhead]:
    """Return what has still to be done by days, what is longest overdue first. `found` in order of days."""
    return [
        DayAhead(
            label=f"{fmt.day(day)} {WEEKDAYS[day.weekday()]}",
            left=fmt.days_left(day, on),
            overdue=day < on,
            rows=[deadline_row(one, on) for one in own],
        )
        for day, own in groupby((one for one in found if one.is_open), key=lambda one: one.day)
    ]


def deadline_row(one: Deadline, on: date) -> DeadlineRow:
    return DeadlineRow(
        what=one.what,
        detail=one.detail,
        url=one.url,
        kind=one.subject.label,
        mark=_mark(one, on),
    )


def _mark(one: Deadline, on: date) -> Mark:
    if one.is_open:
        return OVERDUE if one.is_overdue(on) else OPEN
    return DONE if one.is_done else MISSED


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the month. off: nobody works; note: what for, where the week alone does not say it."""

    day: date
    label: str
    inside: bool
    is_today: bool
    off: bool
    note: str
    rows: list[DeadlineRow]

    @property
    def first(self) -> list[DeadlineRow]:
        return self.rows if len(self.rows) <= SHOWN + 1 else self.rows[:SHOWN]

    @property
    def more(self) -> list[DeadlineRow]:
        """Return what is folded away on a day with a great many, such as the year's last."""
        return self.rows[len(self.first) :]


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the plan's year in weeks, Monday first, with the addresses of the months around it ("" at the ends)."""

    name: str
    key: str
    weeks: list[list[Day]]
    before: str
    after: str
    is_empty: bool


def month_of(plan: Plan, first: date, found: Iterable[Deadline], on: date, url: str, query: dict) -> Month:
    """Return the month that begins with `first`. One statement, for the working calendar."""
    days = {row.day: row for row in CalendarDay.objects.filter(bureau=plan.bureau_id, day__year=first.year)}
    by_day: dict[date, list[DeadlineRow]] = {}
    for one in found:
        by_day.setdefault(one.day, []).append(deadline_row(one, on))
    weeks = Calendar().monthdatescalendar(first.year, first.month)

    def link(number: int) -> str:
        if not 1 <= number <= 12:
            return ""
        return with_query(url, {**query, "month": f"{first.year}-{number:02}"}) + "#month"

    return Month(
        name=f"{first.year}年{first.month}月",
        key=f"{first:%Y-%m}",
        weeks=[[_day(day, first, days.get(day), by_day.get(day, []), on) for day in week] for week in weeks],
        before=link(first.month - 1),
        after=link(first.month + 1),
        is_empty=not any(day.year == first.year and day.month == first.month for day in by_day),
    )


def _day(day: date, first: date, known: CalendarDay | None, rows: list[DeadlineRow], on: date) -> Day:
    inside = day.month == first.month
    works = known.working if known else works_by_the_week(day)
    return Day(
        day=day,
        label=f"{day.month}月{day.day}日 {WEEKDAYS[day.weekday()]}",
        inside=inside,
        is_today=day == on,
        off=not works,
        note=(known.name or ("上班" if works else "放假")) if known else "",
        rows=rows if inside else [],
    )


def period_choices(periods: Iterable[Period]) -> list[tuple[str, str]]:
    return [(str(period.pk), period.name) for period in periods]
