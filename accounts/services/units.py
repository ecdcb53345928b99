"""The tree of org units: founded, renamed, moved, retired. Merging and splitting move plan rows too: `workplan.services.units`."""

from collections.abc import Callable
from datetime import date

from django.db import transaction

from .. import audit, clock
from ..enums import TOWNSHIP_KINDS, UnitKind
from ..errors import Refused
from ..locks import exclusive
from ..models import Membership, OrgUnit, User

FIELDS = ["code", "name", "short_name", "kind", "path", "valid_from", "valid_to", "sort"]
# What must follow when a file has changed the tree; filled by the apps that keep it, when they are ready.
FOLLOWERS: list[Callable[[], object]] = []
# What may stand directly below what.
PARENT_KINDS: dict[str, tuple[UnitKind, ...]] = {
    UnitKind.CITY: (),
    UnitKind.BUREAU: (UnitKind.CITY,),
    UnitKind.OFFICE: (UnitKind.BUREAU, UnitKind.CITY),
    **dict.fromkeys(TOWNSHIP_KINDS, (UnitKind.BUREAU,)),
    UnitKind.VILLAGE: TOWNSHIP_KINDS,
    UnitKind.COMMUNITY: TOWNSHIP_KINDS,
}


@transaction.atomic
def create_unit(
    *,
    code: str,
    name: str,
    kind: str,
    parent: OrgUnit | None,
    actor: User | None,
    short_name: str = "",
    valid_from: date | None = None,
    sort: int = 0,
) -> OrgUnit:
    """Found a unit. Raises Refused where it does not fit below its parent or the code is taken."""
    exclusive("units")
    _require_fit(kind, parent)
    if OrgUnit.objects.filter(code__iexact=code).exists():  # paths are compared without case on SQLite
        raise Refused("该代码已被使用。", code="code_taken")
    unit = OrgUnit(
        code=code,
        name=name,
        short_name=short_name,
        kind=kind,
        parent=parent,
        valid_from=valid_from or clock.today(),
        sort=sort,
    )
    unit.full_clean()
    unit.save()
    audit.record(action="unit.change", actor=actor, row=unit, after=audit.snapshot(unit, FIELDS), note="新建单位")
    return unit


def _require_fit(kind: str, parent: OrgUnit | None) -> None:
    if parent is None:
        if kind not in (UnitKind.CITY, UnitKind.BUREAU):
            raise Refused("请选择上级单位。", code="parent_required")
        return
    if parent.kind not in PARENT_KINDS[kind]:
        wanted = UnitKind(kind).label
        raise Refused(f"{wanted}不能设在{parent.get_kind_display()}之下。", code="wrong_parent")
    if parent.valid_to is not None and parent.valid_to <= clock.today():
        raise Refused("上级单位已停用。", code="unit_retired")


@transaction.atomic
def rename_unit(*, unit: OrgUnit, name: str, short_name: str, actor: User | None) -> OrgUnit:
    """Change the names of a unit and confirm it, where it had been proposed. Its code never changes."""
    before = audit.snapshot(unit, [*FIELDS, "proposed"])
    unit.name, unit.short_name, unit.proposed = name, short_name, False
    unit.full_clean()
    unit.save(update_fields=["name", "short_name", "proposed"])
    old, new = audit.changes(before, audit.snapshot(unit, [*FIELDS, "proposed"]))
    if new:
        audit.record(action="unit.change", actor=actor, row=unit, before=old, after=new)
    return unit


@transaction.atomic
def move_unit(*, unit: OrgUnit, parent: OrgUnit, actor: User | None) -> OrgUnit:
    """Put a unit with all that is below it under another parent. Raises Refused where it does not fit there."""
    exclusive("units")
    _require_fit(unit.kind, parent)
    if parent.path.startswith(unit.path):
        raise Refused("不能移到自己的下级单位之下。", code="circle")
    before = {"path": unit.path}
    below = list(OrgUnit.objects.below(unit).exclude(pk=unit.pk).order_by("path"))
    unit.parent = parent
    unit.save()
    moved = {unit.pk: unit}
    for child in below:  # in the order of paths: parents come before their children
        child.parent = moved[child.parent_id]
        child.save()
        moved[child.pk] = child
    audit.record(
        action="unit.change", actor=actor, row=unit, before=before, after={"path": unit.path}, note="调整上级单位"
    )
    return unit


@transaction.atomic
def retire_unit(*, unit: OrgUnit, on: date, actor: User | None) -> OrgUnit:
    """End a unit: `on` is the first day without it. Its rows and history stay.

    Raises Refused for a day in the future or before the unit began, while units below it are in use, and while anybody
    holds a role at it.
    """
    exclusive("units")
    require_end_day(unit, on)
    if unit.children.valid_on(clock.today()).exists():
        raise Refused("请先调整或停用下级单位。", code="children_in_use")
    if Membership.objects.filter(org_unit=unit, user__is_active=True).open_on(clock.today()).exists():
        raise Refused("该单位还有人任职，请先收回角色或办理工作交接。", code="roles_in_use")
    return end_unit(unit=unit, on=on, actor=actor)


def require_end_day(unit: OrgUnit, on: date) -> None:
    """Raise Refused where the unit cannot end on the day."""
    if unit.valid_to is not None:
        raise Refused(f"{unit}已停用。", code="unit_retired")
    if on > clock.today():
        raise Refused("停用日期不能晚于今天，请到当天再办理。", code="day_in_future")
    if on <= unit.valid_from:
        raise Refused("停用日期必须晚于启用日期。", code="dates_disordered")


def end_unit(*, unit: OrgUnit, on: date, actor: User | None) -> OrgUnit:
    """Write the end of a unit whose conditions the caller has checked: part of `retire_unit`, merger and split."""
    unit.valid_to = on
    unit.save(update_fields=["valid_to"])
    audit.record(
        action="unit.change", actor=actor, row=unit, before={"valid_to": None}, after={"valid_to": on.isoformat()}
    )
    return unit
