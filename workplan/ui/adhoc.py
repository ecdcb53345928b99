"""View models of ad-hoc requests: signs, what waits for whom, what an approver sees beside one, and the answers in one table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.urls import reverse

from accounts.enums import Right

from .. import clock
from ..burden import NONE, burden, period_of
from ..enums import AdHocState
from ..models import AdHocAnswer, AdHocField, AdHocRequest, Plan
from ..observe import visible_targets
from ..registers.registry import readable, registers
from ..sections import section_name
from . import format as fmt
from . import marks
from .marks import Mark

STATES: dict[str, Mark] = {
    AdHocState.DRAFT: Mark("draft", AdHocState.DRAFT.label, "grey", marks.RING),
    AdHocState.ASKED: Mark("asked", AdHocState.ASKED.label, "blue", marks.DIAMOND),
    AdHocState.APPROVED: Mark("approved", AdHocState.APPROVED.label, "green", marks.CIRCLE),
    AdHocState.REFUSED: Mark("refused", AdHocState.REFUSED.label, "red", marks.SQUARE),
    AdHocState.WITHDRAWN: Mark("withdrawn", AdHocState.WITHDRAWN.label, "grey", marks.DASH),
    AdHocState.EXPIRED: Mark("expired", AdHocState.EXPIRED.label, "grey", marks.DOT),
}
OPEN = Mark("open", "未填", "blue", marks.RING)
LATE = Mark("late", "逾期未填", "red", marks.SQUARE)
MISSED = Mark("missed", "未填", "rose", marks.DIAMOND)
IN_TIME = Mark("in_time", "已填", "green", marks.TICKED)
IN_LATE = Mark("in_late", "逾期填报", "olive", marks.HALF)


def state_mark(row: AdHocRequest, on: date) -> Mark:
    return STATES[row.standing(on)]


def answer_mark(row: AdHocAnswer, on: date) -> Mark:
    """Return the sign of a unit's answer, as things stand on the day."""
    if row.answered_on:
        return IN_LATE if row.is_late else IN_TIME
    if not row.request.is_open(on):
        return MISSED
    return LATE if row.request.due < on else OPEN


# --- first page ---


@dataclass(frozen=True, slots=True)
class AdHocRow:
    """One request on a page about something else. act: what the user has to do about it."""

    url: str
    title: str
    about: str
    due: str
    days: str
    overdue: bool
    mark: Mark
    act: str


def to_answer(user, on: date) -> list[AdHocRow]:
    """Return what the user's units have still to answer, what is due first. One statement."""
    if not user.may(Right.REPORT_WRITE):
        return []
    owed = AdHocAnswer.objects.visible_to(user, Right.REPORT_WRITE).owed(on).with_context()
    return [
        _row(
            one.request,
            reverse("workplan:adhoc_answer", args=[one.pk]),
            f"{one.org_unit.label} · {one.request.office.label}",
            answer_mark(one, on),
            "继续填报" if one.saved_at else "填报",
            on,
        )
        for one in owed.order_by("request__due", "request_id", "org_unit__sort", "pk")
    ]


def to_decide(user, on: date) -> list[AdHocRow]:
    """Return the requests that wait for the user's approval. One statement."""
    if not user.may(Right.SUPERVISE):
        return []
    rows = AdHocRequest.objects.visible_to(user, Right.SUPERVISE).filter(state=AdHocState.ASKED)
    rows = rows.exclude(drafted_by=user).exclude(sent_by=user).with_context().order_by("due", "pk")
    return [
        _row(row, url_of(row), f"{row.office.label} {row.sent_by} 送审", state_mark(row, on), "审批", on)
        for row in rows
    ]


def _row(row: AdHocRequest, url: str, about: str, mark: Mark, act: str, on: date) -> AdHocRow:
    days, overdue = fmt.days_left(row.due, on), row.due < on
    return AdHocRow(url, row.title, about, fmt.day(row.due), days, overdue, mark, act)


def url_of(row: AdHocRequest) -> str:
    return reverse("workplan:adhoc_request", args=[row.pk])


def own_answer(row: AdHocRequest, user, on: date) -> AdHocAnswer | None:
    """Return what the user may answer now, for the first of the user's units. One statement."""
    if not row.is_open(on) or not user.may(Right.REPORT_WRITE):
        return None
    return AdHocAnswer.objects.visible_to(user, Right.REPORT_WRITE).filter(request=row).first()


# --- beside an approval ---


@dataclass(frozen=True, slots=True)
class Weight:
    """What a request would add, what its units are asked for already in the period, and what is known of the matter."""

    adds: str
    period: str
    already: str
    known: list[tuple[str, str]]
    measures: list[tuple[str, str]]


def weight_of(row: AdHocRequest, user) -> Weight:
    """Return what an approver should know. The fields asked already are those of the sections that the user sees."""
    fields, units = row.fields.count(), list(row.answers.values_list("org_unit_id", flat=True))
    found = burden(user, row.plan, clock.today())
    period = period_of(found.periods, row.due)
    loads = [found.loads.get((pk, period.pk), NONE) for pk in units] if period else []
    typed = sum(load.typed for load in loads)
    each = fmt.rounded(Decimal(typed) / len(units)) if units else fmt.MISSING
    targets = visible_targets(user, row.plan).filter(task__section__app=row.app).order_by("sort")
    return Weight(
        adds=f"{fields} 项 × {len(units)} 个单位 = {fmt.number(fields * len(units))} 项",
        period=str(period or ""),
        already=f"共 {fmt.number(typed)} 项，平均每个单位 {each} 项",
        known=_registers(row.app, user),
        measures=[(str(one), reverse("workplan:target", args=[one.pk])) for one in targets],
    )


def _registers(app: str, user) -> list[tuple[str, str]]:
    """Return name and address of the section's registers; without an address those that the user may not read."""
    open_to, found = set(readable(user)), []
    for model in registers():
        meta = model._meta
        if meta.app_label == app:
            url = reverse("workplan:register", args=[meta.app_label, meta.model_name]) if model in open_to else ""
            found.append((str(meta.verbose_name), url))
    return found


# --- the answers in one table ---


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What one unit has answered. cells: (field, text, whether a number), in the order of the fields."""

    unit: str
    url: str
    cells: list[tuple[str, str, bool]]
    mark: Mark
    who: str


@dataclass(frozen=True, slots=True)
class Results:
    """All answers to a request; of a draft that a unit has not handed in nothing is told."""

    heads: list[tuple[str, bool]]
    rows: list[ResultRow]
    sums: list[tuple[str, str]]
    answered: int
    waiting: list[str]

    @property
    def count(self) -> str:
        return fmt.ratio(self.answered, len(self.rows))


def results_of(row: AdHocRequest, user, on: date) -> Results:
    """Return the answers that the user may see. Three statements."""
    fields, answers = list(row.fields.all()), answers_of(row, user)
    return Results(
        heads=[(field.title, field.is_number) for field in fields],
        rows=[_result(one, fields, on) for one in answers],
        sums=[(field.title, _sum_in_words(field, answers)) for field in fields],
        answered=sum(one.answered_on is not None for one in answers),
        waiting=[one.org_unit.label for one in answers if one.answered_on is None],
    )


def answers_of(row: AdHocRequest, user, right: str = Right.VIEW) -> list[AdHocAnswer]:
    """Return the request's answers with their values, in order of units. Two statements."""
    found = AdHocAnswer.objects.visible_to(user, right).filter(request=row).with_context()
    return list(found.prefetch_related("values").order_by("org_unit__sort", "org_unit__code"))


def sum_of(field: AdHocField, answers: Iterable[AdHocAnswer]) -> Decimal | None:
    """Return the sum of what was handed in, None for texts and where there is nothing."""
    said = [one.stored().get(field.pk) for one in answers if one.answered_on]
    numbers = [value for value in said if isinstance(value, Decimal)]
    return sum(numbers, Decimal(0)) if numbers else None


def _sum_in_words(field: AdHocField, answers: Iterable[AdHocAnswer]) -> str:
    return fmt.number(sum_of(field, answers)) if field.is_number else ""


def _result(one: AdHocAnswer, fields: list[AdHocField], on: date) -> ResultRow:
    said = one.stored() if one.answered_on else {}
    return ResultRow(
        unit=one.org_unit.label,
        url=reverse("workplan:adhoc_answer", args=[one.pk]),
        cells=[(field.title, _shown(said.get(field.pk)), field.is_number) for field in fields],
        mark=answer_mark(one, on),
        who=f"{one.answered_by} {fmt.day(one.answered_on)}" if one.answered_on else "",
    )


def _shown(value) -> str:
    return value if isinstance(value, str) else fmt.number(value)


def sheet_of(row: AdHocRequest, answers: list[AdHocAnswer], on: date) -> tuple[list[str], list[list[Any]]]:
    """Return header and rows of the answers' spreadsheet: numbers stay numbers, their sums come last."""
    fields = list(row.fields.all())
    header = ["单位", *(field.title for field in fields), "状态", "填报人", "首次提交"]
    rows: list[list[Any]] = []
    for one in answers:
        said = one.stored() if one.answered_on else {}
        tail = [answer_mark(one, on).word, str(one.answered_by or "") if one.answered_on else "", one.answered_on]
        rows.append([one.org_unit.label, *(said.get(field.pk) for field in fields), *tail])
    return header, [*rows, ["合计", *(sum_of(field, answers) for field in fields), "", "", None]]


def said_lines(one: AdHocAnswer, fields: Iterable[AdHocField], *, seen: bool) -> list[tuple[str, str]]:
    """Return what a unit has answered, field by field. seen: whether the reader may look at what is not handed in yet."""
    said = one.stored() if one.answered_on or seen else {}
    return [(field.title, _shown(said.get(field.pk))) for field in fields]


# --- the burden meter ---


@dataclass(frozen=True, slots=True)
class ApprovedLine:
    """A request of the year, with who approved it."""

    title: str
    url: str
    section: str
    due: str
    adds: str
    approved: str
    mark: Mark


def approved_lines(user, plan: Plan, on: date) -> list[ApprovedLine]:
    """Return the year's approved requests that the user may see, the newest first. One statement."""
    rows = AdHocRequest.objects.visible_to(user).filter(plan=plan, approved_on__isnull=False).with_context()
    rows = rows.annotate(
        many_fields=Count("fields", distinct=True), many_units=Count("answers", distinct=True)
    ).order_by("-approved_on", "-pk")
    return [
        ApprovedLine(
            title=row.title,
            url=url_of(row),
            section=section_name(row.app),
            due=fmt.day(row.due),
            adds=f"{row.many_fields}×{row.many_units}",
            approved=f"{row.approved_by} {fmt.day(row.approved_on)}",
            mark=state_mark(row, on),
        )
        for row in rows
    ]
