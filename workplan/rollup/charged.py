"""Who answers for a task, and which supervision orders it has brought, as a report freezes them on its last day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from accounts.enums import Role
from accounts.models import Membership, OrgUnit

from ..enums import NUMBERLESS_STATES, OrderState
from ..models import Plan, SupervisionAct
from ..rules.supervision import order_number

NAMES = ("order__year", "order__sequence", "step__name", "order__org_unit__short_name", "order__org_unit__name")
SUBJECTS = ("order__task", "order__report__task", "order__target__task", "order__target__code")


def heads_of(units: Iterable[int], on: date) -> dict[int, list[str]]:
    """Return by office the names of those who headed it on the day."""
    rows = Membership.objects.open_on(on).filter(org_unit__in=set(units), role=Role.HEAD, user__is_active=True)
    found: dict[int, list[str]] = {}
    for unit, name in rows.order_by("valid_from", "pk").values_list("org_unit", "user__name"):
        found.setdefault(unit, []).append(name)
    return found


def orders_of(plan: Plan, township: OrgUnit | None, on: date) -> dict[int, list[dict[str, Any]]]:
    """Return by task its orders as they stood on the day, from what had been done about them until then.

    Of one township, where it is named, those that it was charged with. An order on a free matter belongs to no task.
    """
    acts = SupervisionAct.objects.filter(order__plan=plan, on__lte=on)
    if township:
        acts = acts.filter(order__org_unit=township)
    last = {row["order"]: row for row in acts.order_by("pk").values("order", "state", "due", *NAMES, *SUBJECTS)}
    found: dict[int, list[dict[str, Any]]] = {}
    for row in last.values():
        task = row["order__task"] or row["order__report__task"] or row["order__target__task"]
        if task and row["state"] not in NUMBERLESS_STATES:
            found.setdefault(task, []).append(_order(row))
    return found


def _order(row: dict[str, Any]) -> dict[str, Any]:
    """Return an order as plain JSON. target: the code of the one it is about, None where it is about the task."""
    return {
        "pk": row["order"],
        "number": order_number(row["order__year"], row["order__sequence"]),
        "unit": row["order__org_unit__short_name"] or row["order__org_unit__name"],
        "target": row["order__target__code"],
        "step": row["step__name"],
        "state": OrderState(row["state"]).label,
        "due": row["due"].isoformat(),
    }
