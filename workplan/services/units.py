"""Mergers, splits and ends of org units: what is open moves to the successor, what is past stays where it happened.

Approved reports and figures keep their unit, so that sums over the bureau go on counting them and history keeps the old
name. A successor reports what is done from the day on; reports that are still open are finished for the old unit by the
people who keep their role there.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts import audit, clock
from accounts.enums import TOWNSHIP_KINDS, SuccessionKind
from accounts.errors import Refused
from accounts.locks import exclusive
from accounts.models import Membership, OrgUnit, Remit, Succession, User
from accounts.services.roles import grant_role
from accounts.services.units import create_unit, end_unit, move_unit, require_end_day, retire_unit

from ..enums import AssignmentRole, PlanStatus
from ..models import Allocation, Assignment
from .measuring import follow_units
from .signing import give

RANK = (AssignmentRole.LEAD, AssignmentRole.COOPERATE, AssignmentRole.REPORT)


@dataclass(frozen=True, slots=True)
class Heirs:
    """Who takes over what from a unit. Rows that are not named go to `first`."""

    first: OrgUnit
    allocations: dict[int, OrgUnit] = field(default_factory=dict)
    remits: dict[int, OrgUnit] = field(default_factory=dict)

    @property
    def units(self) -> set[OrgUnit]:
        return {self.first, *self.allocations.values(), *self.remits.values()}


@transaction.atomic
def found_unit(*, actor: User, **values) -> OrgUnit:
    """Found a unit as `create_unit` does; what counts units follows."""
    unit = create_unit(actor=actor, **values)
    follow_units()
    return unit


@transaction.atomic
def relocate_unit(*, unit: OrgUnit, parent: OrgUnit, actor: User) -> OrgUnit:
    """Put a unit below another parent as `move_unit` does; the records of a village then count for its new township."""
    unit = move_unit(unit=unit, parent=parent, actor=actor)
    follow_units()
    return unit


@transaction.atomic
def merge_units(*, into: OrgUnit, units: list[OrgUnit], on: date, actor: User) -> OrgUnit:
    """Let `into` take the place of `units`, which end on `on` (the first day without them).

    Allocations, assignments, office business, units below and roles go over; shares of one target add up. Raises Refused
    where the units do not match, are retired, or where the day is in the future.
    """
    exclusive("units")
    for unit in units:
        _require_succession(unit, [into], on)
    for unit in units:
        for child in unit.children.valid_on(clock.today()):
            move_unit(unit=child, parent=into, actor=actor)
        _hand_down(unit, Heirs(into), SuccessionKind.MERGE, on, actor)
        _copy_roles(unit, into, actor)
    follow_units()
    codes = [unit.code for unit in units]
    audit.record(action="unit.merge", actor=actor, row=into, after={"units": codes, "on": on.isoformat()})
    return into


@transaction.atomic
def split_unit(
    *, unit: OrgUnit, into: list[OrgUnit], on: date, actor: User, heirs: Heirs | None = None
) -> list[OrgUnit]:
    """Let several units take the place of one, which ends on `on`.

    heirs: who takes over which allocation and which office business; the first of `into` where it is not said. Roles are not
    copied: who goes where is for the administrator to say. Raises Refused as `merge_units` does, for fewer than two
    successors, for heirs that are none of them, and while units below are in use.
    """
    exclusive("units")
    if len({successor.pk for successor in into}) < 2:
        raise Refused("拆分至少需要两个承接单位。", code="too_few")
    _require_succession(unit, into, on)
    if unit.children.valid_on(clock.today()).exists():
        raise Refused("请先把下级单位调整到承接单位之下。", code="children_in_use")
    heirs = heirs or Heirs(into[0])
    if not heirs.units <= set(into):
        raise Refused("承接单位不在所选单位之中。", code="foreign_heir")
    _hand_down(unit, heirs, SuccessionKind.SPLIT, on, actor, successors=into)
    follow_units()
    codes = [successor.code for successor in into]
    audit.record(action="unit.split", actor=actor, row=unit, after={"into": codes, "on": on.isoformat()})
    return into


@transaction.atomic
def close_unit(*, unit: OrgUnit, on: date, actor: User) -> OrgUnit:
    """End a unit without a successor. Raises Refused while it has open work, people, or units below."""
    exclusive("units")
    if open_allocations(unit).exists() or open_assignments(unit).exists():
        raise Refused("该单位还有未结束的指标或任务，请合并、拆分或先调整分工。", code="work_open")
    if open_remits(unit).exists():
        raise Refused("该科室还负责业务板块，请先调整科室业务。", code="work_open")
    retire_unit(unit=unit, on=on, actor=actor)
    follow_units()
    return unit


def _require_succession(unit: OrgUnit, successors: list[OrgUnit], on: date) -> None:
    require_end_day(unit, on)
    for successor in successors:
        if successor.pk == unit.pk:
            raise Refused("原单位与承接单位不能相同。", code="same_unit")
        if successor.parent_id != unit.parent_id or _family(successor) != _family(unit):
            raise Refused(f"{successor}与{unit}不是同一上级之下的同类单位。", code="no_match")
        if successor.valid_to is not None or successor.valid_from > on:
            raise Refused(f"{successor}在 {on} 不在用。", code="unit_retired")


def _family(unit: OrgUnit) -> str:
    return "township" if unit.kind in TOWNSHIP_KINDS else unit.kind


def _hand_down(
    unit: OrgUnit, heirs: Heirs, kind: SuccessionKind, on: date, actor: User, successors: list[OrgUnit] | None = None
) -> None:
    """Move what is open, note the succession, end the unit."""
    Succession.objects.bulk_create(
        Succession(predecessor=unit, successor=successor, kind=kind, on=on) for successor in successors or [heirs.first]
    )
    takers = _move_allocations(unit, heirs, actor)
    apps = _move_remits(unit, heirs, on, actor)
    _move_assignments(unit, heirs, takers, apps, actor)
    end_unit(unit=unit, on=on, actor=actor)


def open_allocations(unit: OrgUnit):
    return Allocation.objects.filter(org_unit=unit).exclude(target__plan__status=PlanStatus.CLOSED)


def open_assignments(unit: OrgUnit):
    return Assignment.objects.filter(org_unit=unit).exclude(task__plan__status=PlanStatus.CLOSED)


def open_remits(unit: OrgUnit):
    return Remit.objects.filter(office=unit, valid_to=None)


def _move_allocations(unit: OrgUnit, heirs: Heirs, actor: User) -> dict[int, list[OrgUnit]]:
    """Give each share to its heir, added to the one it has; return by task id who took any."""
    takers: dict[int, list[OrgUnit]] = {}
    for share in open_allocations(unit).select_related("target__task__section", "org_unit"):
        heir = heirs.allocations.get(share.pk, heirs.first)
        takers.setdefault(share.target.task_id, []).append(heir)
        before = {"org_unit": unit.code, "amount": _plain(share.amount)}
        kept = Allocation.objects.filter(target=share.target, org_unit=heir).first()
        if kept is None:
            kept, share.org_unit = share, heir
            share.save(update_fields=["org_unit"])
        else:
            kept.amount = _total(kept.amount, share.amount)
            kept.save(update_fields=["amount"])
            share.delete()
        after = {"org_unit": heir.code, "amount": _plain(kept.amount)}
        audit.record(action="allocation.change", actor=actor, row=kept, before=before, after=after, note="单位变更")
    return takers


def _total(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None and other is None else (one or 0) + (other or 0)


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount.normalize():f}"


def _move_remits(unit: OrgUnit, heirs: Heirs, on: date, actor: User) -> dict[str, OrgUnit]:
    """Let the heirs run the office's business from the day on; return by section app who does."""
    takers = {}
    for remit in open_remits(unit).select_related("bureau", "office"):
        heir = heirs.remits.get(remit.pk, heirs.first)
        remit.valid_to = on
        remit.save(update_fields=["valid_to"])
        new = Remit.objects.create(bureau=remit.bureau, office=heir, app=remit.app, valid_from=on)
        takers[remit.app] = heir
        before, after = {"office": unit.code}, {"office": heir.code}
        audit.record(action="unit.change", actor=actor, row=new, before=before, after=after, note="科室业务随单位变更")
    return takers


def _move_assignments(
    unit: OrgUnit, heirs: Heirs, takers: dict[int, list[OrgUnit]], apps: dict[str, OrgUnit], actor: User
) -> None:
    """Give the unit's part in each task to whoever runs the business, or else took a share of it, or else to the first.

    Further takers of shares join in as well; a lead stays one.
    """
    for part in open_assignments(unit).select_related("task__section"):
        app_heir = apps.get(part.task.section.app)
        receivers = list(dict.fromkeys(([app_heir] if app_heir else []) + takers.get(part.task_id, [])))
        receivers = receivers or [heirs.first]
        role, task = AssignmentRole(part.role), part.task
        part.delete()  # first, as a task has one lead
        for receiver in receivers:
            _give_part(task, receiver, role, unit, actor)
            role = AssignmentRole.COOPERATE if role == AssignmentRole.LEAD else role


def _give_part(task, receiver: OrgUnit, role: AssignmentRole, unit: OrgUnit, actor: User) -> None:
    """Give a part in the task, or the stronger of the one held already and this."""
    part, created = Assignment.objects.get_or_create(task=task, org_unit=receiver, defaults={"role": role})
    if created or RANK.index(role) < RANK.index(AssignmentRole(part.role)):
        part.role = role
        give(part)
        part.save()
    before, after = {"org_unit": unit.code, "role": role}, {"org_unit": receiver.code, "role": part.role}
    audit.record(action="assignment.change", actor=actor, row=part, before=before, after=after, note="单位变更")


def _copy_roles(unit: OrgUnit, into: OrgUnit, actor: User) -> None:
    """Give everybody of the old unit the same role at the new one. The old roles stay, for reports still open there.

    The actor's own roles are left out: nobody gives himself a role.
    """
    today = clock.today()
    there = set(Membership.objects.filter(org_unit=into).unended(today).values_list("user", "role"))
    current = Membership.objects.filter(org_unit=unit, user__is_active=True).open_on(today).exclude(user=actor)
    for membership in current.select_related("user"):
        if (membership.user_id, membership.role) not in there:
            grant_role(
                user=membership.user, org_unit=into, role=membership.role, actor=actor, valid_to=membership.valid_to
            )
