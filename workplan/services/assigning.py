"""Assigning a task: who leads, who co-operates and who reports, set for all units at once."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from accounts import audit
from accounts.models import OrgUnit

from ..enums import AssignmentRole, PlanStatus
from ..errors import Refused
from ..models import Allocation, Assignment, Task
from .plan import assign, require_open, require_reason


@transaction.atomic
def assign_units(
    *,
    task: Task,
    roles: Mapping[OrgUnit, str],
    actor,
    reason: str = "",
    withdrawn: Iterable[OrgUnit] = (),
    seen: Mapping[int, str] | None = None,
) -> int:
    """Set the parts of several units in a task, and take away those of `withdrawn`; return how many changed.

    Units that are not named keep theirs; a proposed part that is set is proposed no longer. seen: the roles by unit id that the
    actor had before him. Raises Refused where they are others by now, for two leads, for a change of a published plan
    without its reason, where nobody leads in one, and for withdrawing a unit that still has a share of the task's targets.
    """
    task = Task.objects.select_for_update(of=("self",)).select_related("plan").get(pk=task.pk)
    require_open(task.plan)
    stored = {
        part.org_unit_id: part for part in task.assignments.select_related("org_unit", "task__section", "task__plan")
    }
    if seen is not None and seen != {pk: part.role for pk, part in stored.items()}:
        raise Refused("分工在您修改期间已被他人改动，请核对后再保存。", code="stale")
    if sum(role == AssignmentRole.LEAD for role in roles.values()) > 1:
        raise Refused("每项任务只能有一个牵头单位。", code="two_leads")
    gone = [stored[unit.pk] for unit in withdrawn if unit.pk in stored]
    others = {unit: role for unit, role in roles.items() if unit.pk not in stored or stored[unit.pk].role != role}
    confirmed = {unit: role for unit, role in roles.items() if unit not in others and stored[unit.pk].proposed}
    if gone or others:
        require_reason(task.plan, reason, "修改已发布任务的分工须填写原因。")
    for part in gone:
        _withdraw(part, actor, reason)
    for unit, role in sorted((others | confirmed).items(), key=lambda pair: pair[1] == AssignmentRole.LEAD):
        assign(task=task, unit=unit, role=AssignmentRole(role), actor=actor, reason=reason)
    _require_lead(task)
    return len(gone) + len(others) + len(confirmed)


def _withdraw(part: Assignment, actor, reason: str) -> None:
    if Allocation.objects.filter(target__task=part.task_id, org_unit=part.org_unit_id).exists():
        raise Refused(f"{part.org_unit.label}还承担这项任务的指标，请先在指标分解中取消。", code="has_shares")
    audit.record(action="plan.delete", actor=actor, row=part, before=audit.snapshot(part), note=reason)
    part.delete()


def _require_lead(task: Task) -> None:
    leads = task.assignments.filter(role=AssignmentRole.LEAD)
    if task.plan.status != PlanStatus.DRAFT and not leads.exists():
        raise Refused("已发布的任务须有一个牵头单位。", code="no_lead")
