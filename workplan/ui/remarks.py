"""View models of leaders' remarks: signs, rows, what waits for whom, and the counts of the overview."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode

from accounts.enums import Right

from .. import clock
from ..enums import RemarkState
from ..models import Plan, ProgressReport, Remark
from ..models.remarks import standing
from ..sections import section_name
from ..services.remarks import is_submitted
from . import format as fmt
from . import marks
from .marks import Mark

STATES: dict[str, Mark] = {
    RemarkState.WAITING: Mark("waiting", RemarkState.WAITING.label, "blue", marks.DIAMOND),
    RemarkState.OVERDUE: Mark("overdue", RemarkState.OVERDUE.label, "red", marks.SQUARE),
    RemarkState.ANSWERED: Mark("answered", RemarkState.ANSWERED.label, "green", marks.TICKED),
    RemarkState.ORDERED: Mark("ordered", RemarkState.ORDERED.label, "olive", marks.HALF),
}
OWED = (RemarkState.WAITING, RemarkState.OVERDUE)


def state_mark(remark: Remark, on: date) -> Mark:
    """Return the sign of how the remark stood at the close of the day."""
    return STATES[remark.state(on)]


def waits(remark: Remark, on: date) -> bool:
    """Say whether an answer was owed on the day."""
    return remark.state(on) in OWED


def days_left(remark: Remark, on: date) -> str:
    """Say how far the deadline was while an answer was owed, else nothing."""
    return fmt.days_left(remark.answer_due, on) if waits(remark, on) else ""


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """One remark on a page about something else. wanted: what the user has to do about it, "" for nothing."""

    url: str
    text: str
    subject: str
    who: str
    office: str
    due: str
    days: str
    overdue: bool
    state: Mark
    wanted: str


def row_of(remark: Remark, wanted: str = "") -> RemarkRow:
    """Return the remark as panels show it; `remark` comes from `with_context`."""
    today = clock.today()
    state = remark.state(today)
    return RemarkRow(
        url=reverse("workplan:remark", args=[remark.pk]),
        text=remark.text,
        subject=str(remark.subject),
        who=f"{remark.written_by} {fmt.day(remark.written_on)}",
        office=remark.org_unit.label,
        due=fmt.day(remark.answer_due),
        days=days_left(remark, today),
        overdue=state == RemarkState.OVERDUE,
        state=STATES[state],
        wanted=wanted,
    )


def rows_about(user, condition: Q) -> list[RemarkRow]:
    """Return the remarks on a task, target or report that the user may see, the newest first."""
    return [row_of(remark) for remark in Remark.objects.visible_to(user).filter(condition).with_context()]


def may_remark(user, subject) -> bool:
    """Say whether the user may write a remark on this task, target or report."""
    if not user.may(Right.REMARK) or (isinstance(subject, ProgressReport) and not is_submitted(subject)):
        return False
    return type(subject).objects.visible_to(user, Right.REMARK).filter(pk=subject.pk).exists()


def to_answer(user) -> list[RemarkRow]:
    """Return the remarks that wait for the user's answer, the most urgent first."""
    if not user.may(Right.REPORT_REVIEW):
        return []
    mine = Remark.objects.visible_to(user, Right.REPORT_REVIEW).exclude(written_by=user)
    waiting = mine.standing(RemarkState.WAITING, clock.today())
    return [row_of(remark, "回应") for remark in waiting.with_context().order_by("answer_due", "pk")]


def section_of(remark: Remark) -> str:
    return section_name(remark.app)


# --- the overview ---


def overview_of(user, plan: Plan, on: date) -> list[tuple[Mark, int, str]]:
    """Return sign, number and list of the plan's remarks by state, as they stood at the close of the day; one statement.

    What is overdue is counted among those that wait as well.
    """
    rows = Remark.objects.visible_to(user).filter(plan=plan).order_by()
    counts = rows.aggregate(**{state.value: Count("pk", filter=standing(state, on)) for state in RemarkState})
    query = {"plan": plan.pk} | ({} if on == clock.today() else {"as_of": on.isoformat()})
    return [(STATES[state], counts[state.value], list_url(state=state.value, **query)) for state in RemarkState]


def list_url(**query) -> str:
    return f"{reverse('workplan:remarks')}?{urlencode(query)}"
