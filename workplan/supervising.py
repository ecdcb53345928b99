"""The states of a supervision order and what leads from one to another: one table for buttons, API and tests.

拟办 → 立项下发 → 签收 → 反馈 → 复核 → 销号 → 归档, as offices have always done it; delay must be explained and approved.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.enums import Right
from accounts.models import OrgUnit

from .enums import ExtensionState, OrderAction, OrderState
from .errors import Refused
from .models import Extension, SupervisionOrder
from .models.supervision import LAST_RANK

OWED = (OrderState.ISSUED, OrderState.SIGNED)


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: `action` leads from any of `sources` to `target` (None: the state stays) for holders of `right`."""

    action: OrderAction
    sources: tuple[OrderState, ...]
    target: OrderState | None
    right: Right


TRANSITIONS: dict[OrderAction, Transition] = {
    row.action: row
    for row in (
        Transition(OrderAction.SAVE, (OrderState.DRAFT,), None, Right.ORDER_DRAFT),
        Transition(OrderAction.ISSUE, (OrderState.DRAFT,), OrderState.ISSUED, Right.SUPERVISE),
        Transition(OrderAction.WITHDRAW, (OrderState.DRAFT,), OrderState.WITHDRAWN, Right.ORDER_DRAFT),
        Transition(OrderAction.SIGN, (OrderState.ISSUED,), OrderState.SIGNED, Right.REPORT_WRITE),
        Transition(OrderAction.REPLY, (OrderState.SIGNED,), OrderState.REPLIED, Right.REPORT_WRITE),
        Transition(OrderAction.ASK, OWED, None, Right.REPORT_WRITE),
        Transition(OrderAction.GRANT, OWED, None, Right.SUPERVISE),
        Transition(OrderAction.REFUSE, OWED, None, Right.SUPERVISE),
        Transition(OrderAction.STRIKE, (OrderState.REPLIED,), OrderState.STRUCK, Right.SUPERVISE),
        Transition(OrderAction.RETURN, (OrderState.REPLIED,), OrderState.SIGNED, Right.SUPERVISE),
        Transition(OrderAction.ESCALATE, OWED, None, Right.SUPERVISE),
        Transition(OrderAction.ARCHIVE, (OrderState.STRUCK,), OrderState.ARCHIVED, Right.SUPERVISE),
        Transition(OrderAction.REOPEN, (OrderState.STRUCK,), OrderState.SIGNED, Right.SUPERVISE),
    )
}

DECIDING = frozenset({OrderAction.GRANT, OrderAction.REFUSE})
VERIFYING = frozenset({OrderAction.STRIKE, OrderAction.RETURN})


def available_actions(order: SupervisionOrder, user) -> list[OrderAction]:
    """Return what `user` may do to the order now, in the order of the table."""
    return actions_by_order([order], user)[order.pk]


def actions_by_order(orders: Iterable[SupervisionOrder], user) -> dict[int, list[OrderAction]]:
    """Return `available_actions` of many orders by id, with one statement per right and one for the open requests."""
    orders = list(orders)
    pks = [order.pk for order in orders]
    holders = {right: _held(user, right, pks) for right in {row.right for row in TRANSITIONS.values()}}
    asked = Extension.objects.filter(order__in=pks, state=ExtensionState.ASKED)
    asked_by = dict(asked.values_list("order_id", "asked_by_id"))
    found = {}
    for order in orders:
        rights = {right for right, held in holders.items() if order.pk in held}
        facts = Facts(rights, asked_by.get(order.pk), is_own_unit(user, order.org_unit, order.bureau.path))
        found[order.pk] = [action for action in TRANSITIONS if refusal(order, user, action, facts) is None]
    return found


def _held(user, right: Right, pks: list[int]) -> set[int]:
    if not user.may(right):
        return set()
    return set(SupervisionOrder.objects.visible_to(user, right).filter(pk__in=pks).values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides beside the order itself. asked_by: who waits for an answer to a request for more time, None where nobody does."""

    rights: set[str]
    asked_by: int | None
    own_unit: bool


def facts_of(order: SupervisionOrder, user) -> Facts:
    rights = {right for right in {row.right for row in TRANSITIONS.values()} if _held(user, right, [order.pk])}
    asked = order.extensions.filter(state=ExtensionState.ASKED).values_list("asked_by_id", flat=True).first()
    return Facts(rights, asked, is_own_unit(user, order.org_unit, order.bureau.path))


def is_own_unit(user, unit: OrgUnit, bureau_path: str) -> bool:
    """Say whether the user belongs to the unit or to one above it below the bureau: nobody supervises the own unit."""
    return any(unit.path.startswith(home.path) and not bureau_path.startswith(home.path) for home in user.home_units)


def refusal(order: SupervisionOrder, user, action: OrderAction, facts: Facts) -> Refused | None:
    """Return why the action is not possible now, or None. Order: right, state, own work, open requests, last step."""
    row = TRANSITIONS[action]
    if row.right not in facts.rights:
        return Refused("您没有进行此操作的权限。", code="forbidden")
    if order.state not in row.sources:
        return Refused(f"这份督办单当前为“{order.get_state_display()}”，不能{action.label}。", code="wrong_state")
    if row.right == Right.SUPERVISE and facts.own_unit:
        return Refused("不能督办本单位，请由局领导办理。", code="own_unit")
    if action in VERIFYING and user.pk == order.replied_by_id:
        return Refused("不能复核本人反馈的督办单。", code="own_reply")
    if action in DECIDING and facts.asked_by is None:
        return Refused("没有待审批的延期申请。", code="nothing_asked")
    if action in DECIDING and facts.asked_by == user.pk:
        return Refused("不能审批本人提出的延期申请。", code="own_request")
    if action == OrderAction.ASK and facts.asked_by is not None:
        return Refused("已有延期申请等待审批。", code="already_asked")
    if action == OrderAction.ESCALATE and order.step.rank >= LAST_RANK:
        return Refused("已是最高督办等级。", code="last_step")
    return None
