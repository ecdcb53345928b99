"""Roles: given and taken away."""

from datetime import date

from django.db import transaction

from .. import audit, clock
from ..enums import TOWNSHIP_KINDS, Role, UnitKind
from ..errors import Refused
from ..locks import exclusive
from ..models import Membership, OrgUnit, User

_HEADQUARTERS = (UnitKind.CITY, UnitKind.BUREAU)
# Where each role can be held. A liaison speaks for a township or village, an office role for an office.
ROLE_KINDS: dict[str, tuple[UnitKind, ...]] = {
    Role.ADMINISTRATOR: _HEADQUARTERS,
    Role.LEADER: _HEADQUARTERS,
    Role.AUDITOR: _HEADQUARTERS,
    Role.STAFF: (UnitKind.OFFICE,),
    Role.HEAD: (UnitKind.BUREAU, UnitKind.OFFICE),  # at the bureau itself: of its general office, over every section
    Role.SUPERVISOR: TOWNSHIP_KINDS,
    Role.LIAISON: (*TOWNSHIP_KINDS, UnitKind.VILLAGE, UnitKind.COMMUNITY),
}


@transaction.atomic
def grant_role(
    *,
    user: User,
    org_unit: OrgUnit,
    role: str,
    actor: User | None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Membership:
    """Give the user a role at a unit, from `valid_from` (today) until the day before `valid_to` (open end).

    actor: None for the console. Raises Refused where the role does not fit the unit, the unit is retired, the user has
    it already, or the actor gives it to himself.
    """
    start = valid_from or clock.today()
    if actor is not None and actor.pk == user.pk:
        raise Refused("不能给自己授予角色，请由另一位管理员办理。", code="own_account")
    _require_fit(org_unit, role, start)
    if valid_to is not None and valid_to <= start:
        raise Refused("终止日期必须晚于起始日期。", code="dates_disordered")
    exclusive(f"roles:{user.pk}")
    running = Membership.objects.filter(user=user, org_unit=org_unit, role=role).unended(start)
    if running.exists():
        raise Refused("该用户在该单位已有这一角色。", code="already_granted")
    membership = Membership.objects.create(user=user, org_unit=org_unit, role=role, valid_from=start, valid_to=valid_to)
    _synchronise_staff(user)
    audit.record(action="role.grant", actor=actor, row=membership, after=_facts(membership))
    return membership


def _require_fit(org_unit: OrgUnit, role: str, start: date) -> None:
    if org_unit.kind not in ROLE_KINDS[role]:
        raise Refused(f"“{Role(role).label}”不能设在{org_unit.get_kind_display()}一级。", code="wrong_kind")
    if org_unit.valid_to is not None and org_unit.valid_to <= start:
        raise Refused(f"{org_unit}已停用，不能再授予角色。", code="unit_retired")


@transaction.atomic
def revoke_role(*, membership: Membership, actor: User | None) -> Membership:
    """Take a role away from today on: `valid_to` is the first day without it, so the next request is without it.

    Raises Refused for the last administrator of a unit, and where it has ended already.
    """
    exclusive(f"roles:{membership.user_id}")
    membership = (
        Membership.objects.select_for_update(of=("self",)).select_related("user", "org_unit").get(pk=membership.pk)
    )
    today = clock.today()
    if membership.valid_to is not None and membership.valid_to <= today:
        raise Refused("该任职已经结束。", code="already_ended")
    require_other_administrator(user=membership.user, memberships=[membership])
    before = _facts(membership)
    membership.valid_to = max(today, membership.valid_from)  # one that has not begun never does
    membership.save(update_fields=["valid_to"])
    _synchronise_staff(membership.user)
    audit.record(action="role.revoke", actor=actor, row=membership, before=before, after=_facts(membership))
    return membership


def require_other_administrator(*, user: User, memberships: list[Membership] | None = None) -> None:
    """Raise Refused where a unit would be left without any administrator of its own or of a unit above.

    memberships: those that are about to end; all of the user's where not given.
    """
    exclusive("administrators")  # two administrators must not remove each other at the same time
    today = clock.today()
    administrators = Membership.objects.open_on(today).filter(role=Role.ADMINISTRATOR, user__is_active=True)
    ending = [m.pk for m in memberships] if memberships else list(user.memberships.values_list("pk", flat=True))
    remaining = administrators.exclude(pk__in=ending).values_list("org_unit__path", flat=True)
    for lost in administrators.filter(pk__in=ending).select_related("org_unit"):
        if not any(lost.org_unit.path.startswith(path) for path in remaining):
            raise Refused(f"{lost.org_unit}至少要有一名系统管理员。", code="last_administrator")


def _synchronise_staff(user: User) -> None:
    """Let administrators, and nobody else, into the data maintenance site."""
    administers = Membership.objects.filter(user=user, role=Role.ADMINISTRATOR).unended(clock.today()).exists()
    User.objects.filter(pk=user.pk).exclude(is_staff=administers).update(is_staff=administers)
    user.is_staff = administers


def _facts(membership: Membership) -> dict:
    fields = audit.snapshot(membership, ["role", "valid_from", "valid_to"])
    return {"user": membership.user.get_username(), "org_unit": membership.org_unit.code, **fields}
