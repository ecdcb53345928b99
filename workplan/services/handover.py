"""A leaver's open work goes to a successor; what is done keeps the leaver's name."""

from dataclasses import dataclass

from django.db import transaction

from accounts import audit, clock
from accounts.errors import Refused
from accounts.locks import exclusive
from accounts.models import Membership, User
from accounts.services.roles import grant_role, revoke_role
from accounts.services.users import close_account

from ..enums import EDITABLE_STATUSES
from ..models import ProgressReport


@dataclass(frozen=True, slots=True)
class Handover:
    """What went over: how many open reports and roles."""

    reports: int
    roles: int


@transaction.atomic
def handover(*, leaver: User, successor: User, actor: User, close: bool = False) -> Handover:
    """Give the leaver's drafts, returned reports and roles to the successor; close the leaver's account if asked.

    Reports that are handed in or approved keep their names. Raises Refused for the same person, a closed successor, the
    actor as successor (nobody gives himself a role), and where a rule of the single steps refuses.
    """
    if leaver.pk == successor.pk:
        raise Refused("交接双方不能是同一人。", code="same_user")
    if not successor.is_active:
        raise Refused("接收人的账号已停用。", code="closed")
    if actor.pk in (leaver.pk, successor.pk):
        raise Refused("不能为自己办理交接，请由另一位管理员办理。", code="own_account")
    exclusive(f"handover:{leaver.pk}")
    reports = _move_reports(leaver, successor, actor)
    roles = _move_roles(leaver, successor, actor)
    if close:
        close_account(user=leaver, actor=actor, reason=f"工作交接给{successor}")
    after = {"successor": successor.get_username(), "reports": reports, "roles": roles, "closed": close}
    audit.record(action="user.handover", actor=actor, row=leaver, after=after)
    return Handover(reports, roles)


def _move_reports(leaver: User, successor: User, actor: User) -> int:
    mine = ProgressReport.objects.select_for_update(of=("self",)).filter(
        drafted_by=leaver, status__in=EDITABLE_STATUSES
    )
    moved = list(mine.select_related("org_unit", "period", "task__section"))
    for report in moved:
        report.drafted_by = successor
        report.save(update_fields=["drafted_by"])
        before, after = {"drafted_by": leaver.get_username()}, {"drafted_by": successor.get_username()}
        audit.record(action="user.handover", actor=actor, row=report, before=before, after=after)
    return len(moved)


def _move_roles(leaver: User, successor: User, actor: User) -> int:
    """Grant first, revoke then: a bureau keeps its last administrator."""
    today = clock.today()
    there = set(Membership.objects.filter(user=successor).unended(today).values_list("org_unit", "role"))
    moved = list(Membership.objects.filter(user=leaver).unended(today).select_related("org_unit"))
    for membership in moved:
        if (membership.org_unit_id, membership.role) not in there:
            grant_role(
                user=successor,
                org_unit=membership.org_unit,
                role=membership.role,
                actor=actor,
                valid_from=max(today, membership.valid_from),
                valid_to=membership.valid_to,
            )
        revoke_role(membership=membership, actor=actor)
    return len(moved)
