"""View models of signing: the parts that wait for a unit to sign for them, and who has signed on a task."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.enums import Right
from accounts.models import OrgUnit

from ..models import Assignment, Task
from . import format as fmt


@dataclass(frozen=True, slots=True)
class PartRow:
    """A unit's part in a task. signed: by whom and when, "" while nobody has; waited: how long it has been waiting."""

    pk: int
    task: str
    url: str
    unit: str
    role: str
    given_on: str
    signed: str
    waited: str


def unsigned(user, on: date, units: Iterable[OrgUnit] | None = None) -> list[PartRow]:
    """Return the parts that the user may sign for and nobody has signed for yet, those that wait longest first."""
    if not user.may(Right.REPORT_WRITE):
        return []
    found = Assignment.objects.visible_to(user, Right.REPORT_WRITE).unsigned()
    if units is not None:
        found = found.filter(org_unit__in=units)
    found = found.select_related("task", "org_unit").order_by("given_on", "task__number", "org_unit__sort", "pk")
    return [_row(part, on) for part in found]


def signatures(user, task: Task, on: date) -> list[PartRow]:
    """Return who had been given a part in the task by the day, those first who had not signed by then."""
    found = Assignment.objects.visible_to(user).filter(task=task, given_on__lte=on)
    found = found.select_related("task", "org_unit", "signed_by").order_by("org_unit__sort", "org_unit__code")
    return sorted((_row(part, on) for part in found), key=lambda row: bool(row.signed))


def _row(part: Assignment, on: date) -> PartRow:
    signed = part.signed_on is not None and part.signed_on <= on
    days = (on - part.given_on).days
    return PartRow(
        pk=part.pk,
        task=str(part.task),
        url=reverse("workplan:task", args=[part.task_id]),
        unit=part.org_unit.label,
        role=part.get_role_display(),
        given_on=fmt.day(part.given_on),
        signed=f"{part.signed_by} {fmt.day(part.signed_on)} 签收" if signed else "",
        waited=f"已 {days} 天" if days else "今天下达",
    )
