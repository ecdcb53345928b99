"""The demo accounts: one for each part, with names that nobody could take for real."""

from dataclasses import dataclass, field
from datetime import time

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts import audit
from accounts.enums import Role
from accounts.models import Membership, OrgUnit, Remit, User

from ..models import NoticeSetting, Plan

PASSWORD = "demo-workplan"  # noqa: S105  (public: demo mode only, production refuses to start with these accounts)


@dataclass(slots=True)
class Troupe:
    """Who writes for a unit (by its code), and who reviews a section (by its app)."""

    writers: dict[str, User] = field(default_factory=dict)
    reviewers: dict[str, User] = field(default_factory=dict)


class Casting:
    """Makes the accounts that are not there yet. All share one password hash: hashing is slow on purpose."""

    def __init__(self):
        self.existing = {user.username: user for user in User.objects.all()}
        self.password = make_password(PASSWORD)
        self.created = 0

    def player(self, username: str, name: str, role: Role, unit: OrgUnit) -> User:
        """Return the account of that name, made where there is none. One that is there stays as it is."""
        if username in self.existing:
            return self.existing[username]
        user = User(
            username=username,
            name=f"演示·{name}",
            password=self.password,
            password_changed_at=timezone.now(),
            must_change_password=False,
            is_demo=True,
            is_staff=role == Role.ADMINISTRATOR,
        )
        user.save()
        membership = Membership.objects.create(user=user, org_unit=unit, role=role)
        named, granted = {"username": username, "name": user.name}, {"role": role, "unit": unit.code}
        audit.record(action="user.create", row=user, org_unit=unit, after=named)
        audit.record(action="role.grant", row=membership, org_unit=unit, after=granted)
        self.created += 1
        return user


def cast_accounts(plan: Plan) -> tuple[Troupe, int]:
    """Return the players of the plan's bureau, and how many accounts had to be made."""
    casting, troupe, bureau = Casting(), Troupe(), plan.bureau
    casting.player("admin", "系统管理员", Role.ADMINISTRATOR, bureau)
    casting.player("leader", "局领导", Role.LEADER, bureau)
    casting.player("auditor", "审计员", Role.AUDITOR, bureau)
    remits = Remit.objects.filter(bureau=bureau, valid_to=None).select_related("office")
    for remit in remits.order_by("office__sort"):
        label = remit.office.label
        head = casting.player(f"head-{remit.app}", f"{label}负责人", Role.HEAD, remit.office)
        staff = casting.player(f"staff-{remit.app}", f"{label}经办", Role.STAFF, remit.office)
        troupe.reviewers[remit.app] = head
        troupe.writers.setdefault(remit.office.code, staff)
    for unit in OrgUnit.objects.below(bureau).townships():
        name = f"{unit.label}联络员"
        troupe.writers[unit.code] = casting.player(f"liaison-{unit.code}", name, Role.LIAISON, unit)
        casting.player(f"supervisor-{unit.code}", f"{unit.label}分管负责人", Role.SUPERVISOR, unit)
    tell_by_mail()
    return troupe, casting.created


# Those of the demo who have chosen mail beside the inbox; their letters are files that a page shows.
NEVER = time(0)  # a demo is looked at by night too
BY_MAIL = ("leader", "head-eldercare", "liaison-500156004")


def tell_by_mail() -> None:
    """Have some accounts of the demo choose mail, with addresses that cannot exist."""
    for user in User.objects.filter(username__in=BY_MAIL, is_demo=True, email=""):
        user.email = f"{user.username}@example.invalid"
        user.save(update_fields=["email"])
        NoticeSetting.objects.get_or_create(user=user, defaults={"mail": True, "quiet_from": NEVER, "quiet_to": NEVER})
