"""View models of supervision orders: signs, rows, what waits for whom, and the counts of the overview."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from accounts.enums import Right

from .. import clock
from ..enums import ENDED_STATES, ExtensionState, OrderAction, OrderState, StepColour
from ..models import Plan, SupervisionOrder, SupervisionStep
from ..rules.supervision import OrderLight, order_light
from . import format as fmt
from . import marks
from .marks import Mark
from .overview import LightCount

STATES: dict[str, Mark] = {
    OrderState.DRAFT: Mark("draft", OrderState.DRAFT.label, "grey", marks.RING),
    OrderState.WITHDRAWN: Mark("withdrawn", OrderState.WITHDRAWN.label, "grey", marks.DASH),
    OrderState.ISSUED: Mark("issued", OrderState.ISSUED.label, "blue", marks.DIAMOND),
    OrderState.SIGNED: Mark("signed", OrderState.SIGNED.label, "blue", marks.CIRCLE),
    OrderState.REPLIED: Mark("replied", OrderState.REPLIED.label, "blue", marks.HALF),
    OrderState.STRUCK: Mark("struck", OrderState.STRUCK.label, "green", marks.TICKED),
    OrderState.ARCHIVED: Mark("archived", OrderState.ARCHIVED.label, "grey", marks.TICKED),
}
LIGHTS: dict[str, Mark] = {
    OrderLight.OVERDUE: Mark("overdue", OrderLight.OVERDUE.label, "red", marks.SQUARE),
    OrderLight.SOON: Mark("soon", OrderLight.SOON.label, "yellow", marks.TRIANGLE),
    OrderLight.OPEN: Mark("open", OrderLight.OPEN.label, "green", marks.CIRCLE),
    OrderLight.DONE_LATE: Mark("done_late", OrderLight.DONE_LATE.label, "olive", marks.HALF),
    OrderLight.DONE: Mark("done", OrderLight.DONE.label, "green", marks.TICKED),
}
STEP_SHAPES = {1: marks.CIRCLE, 2: marks.TRIANGLE, 3: marks.SQUARE}


def state_mark(state: str) -> Mark:
    return STATES[state]


def light_mark(light: OrderLight | None) -> Mark | None:
    return LIGHTS[light] if light else None


def step_mark(step: SupervisionStep) -> Mark:
    """Return the sign of a step: its colour, a shape that tells the rank, and its name."""
    return Mark(step.colour, f"{StepColour(step.colour).label}色{step.name}", step.colour, STEP_SHAPES[step.rank])


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order on a page about something else. wanted: what the user has to do about it, "" for nothing."""

    url: str
    number: str
    title: str
    unit: str
    due: str
    days: str
    overdue: bool
    state: Mark
    light: Mark | None
    step: Mark
    wanted: str


def row_of(order: SupervisionOrder, wanted: str = "") -> OrderRow:
    """Return the order as lists show it; `order` comes from `with_context`."""
    today, light = clock.today(), order.light(clock.today())
    running = light in (OrderLight.OVERDUE, OrderLight.SOON, OrderLight.OPEN) and order.state != OrderState.REPLIED
    return OrderRow(
        url=reverse("workplan:order", args=[order.pk]),
        number=order.number or "未编号",
        title=order.title,
        unit=order.org_unit.label,
        due=fmt.day(order.due),
        days=fmt.days_left(order.due, today) if running else "",
        overdue=light == OrderLight.OVERDUE,
        state=state_mark(order.state),
        light=light_mark(light),
        step=step_mark(order.step),
        wanted=wanted,
    )


def rows_about(user, condition: Q) -> list[OrderRow]:
    """Return the orders about a task, target or report that the user may see, the newest first."""
    return [row_of(order) for order in SupervisionOrder.objects.visible_to(user).filter(condition).with_context()]


def may_draft(user, subject) -> bool:
    """Say whether the user may draft orders about this task, target or report."""
    rows = type(subject).objects
    return user.may(Right.ORDER_DRAFT) and rows.visible_to(user, Right.ORDER_DRAFT).filter(pk=subject.pk).exists()


def charged(user) -> list[OrderRow]:
    """Return the orders that the user's units have to sign for or reply to, the most urgent first."""
    if not user.may(Right.REPORT_WRITE):
        return []
    owed = SupervisionOrder.objects.visible_to(user, Right.REPORT_WRITE)
    owed = owed.filter(state__in=[OrderState.ISSUED, OrderState.SIGNED]).with_context().order_by("due", "pk")
    words = {OrderState.ISSUED: OrderAction.SIGN.label, OrderState.SIGNED: OrderAction.REPLY.label}
    return [row_of(order, words[OrderState(order.state)]) for order in owed]


def supervising(user) -> list[OrderRow]:
    """Return what waits for those who issue orders: replies to verify, requests for more time, drafts to decide upon."""
    if not user.may(Right.SUPERVISE):
        return []
    asked = Q(extensions__state=ExtensionState.ASKED)
    found = SupervisionOrder.objects.visible_to(user, Right.SUPERVISE)
    found = found.filter(Q(state__in=[OrderState.REPLIED, OrderState.DRAFT]) | asked)
    # One open request at most: the join repeats no row that it finds, but answered requests repeat the others.
    found = found.with_context().order_by("due", "pk").distinct()
    return sorted((row_of(order, _wanted(order)) for order in found), key=lambda row: WANTED.index(row.wanted))


WANTED = ("审批延期", "复核", "审定")


def _wanted(order: SupervisionOrder) -> str:
    return {OrderState.REPLIED: "复核", OrderState.DRAFT: "审定"}.get(OrderState(order.state), "审批延期")


# --- the overview ---


@dataclass(frozen=True, slots=True)
class Standing:
    """An issued order as it stood on a day."""

    light: OrderLight
    rank: int


def standings(user, plan: Plan, on: date) -> list[Standing]:
    """Return how the plan's issued orders stood at the close of the day, told from their trails; one statement."""
    orders = SupervisionOrder.objects.visible_to(user, Right.OVERVIEW).filter(plan=plan).as_of(on).order_by()
    names = ("state_then", "due_then", "replied_then", "rank_then")
    return [Standing(light_of(*told, on), rank) for *told, rank in orders.values_list(*names)]


def light_of(state: str, due: date, replied_on: date | None, on: date) -> OrderLight:
    """Return the light of an issued order on a day from how it stood then."""
    ended = state in ENDED_STATES
    answered = ended or state == OrderState.REPLIED
    return order_light(due=due, replied_on=replied_on if answered else None, struck=ended, on=on)


def overview_of(user, plan: Plan, on: date) -> dict:
    """Return the counts by light and, of orders that are not closed, by step, each linked to its list."""
    found = standings(user, plan, on)
    query = {"plan": plan.pk} | ({} if on == clock.today() else {"as_of": on.isoformat()})
    open_ones = [one for one in found if one.light not in (OrderLight.DONE, OrderLight.DONE_LATE)]
    by_light, by_rank = Counter(one.light for one in found), Counter(one.rank for one in open_ones)
    return {
        "total": len(found),
        "open": len(open_ones),
        "open_url": list_url(running="true", **query),
        "lights": [
            LightCount(LIGHTS[light], by_light[light], list_url(light=light.value, **query)) for light in OrderLight
        ],
        "steps": [
            LightCount(step_mark(step), by_rank[step.rank], list_url(rank=step.rank, running="true", **query))
            for step in plan.supervision_steps.order_by("rank")
        ],
    }


def list_url(**query) -> str:
    return f"{reverse('workplan:orders')}?{urlencode(query)}"
