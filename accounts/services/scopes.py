"""The scopes of many users at once: the same grants that `User.scope` gives each of them, in three statements."""

from .. import clock
from ..models import Membership, OrgUnit, Remit, User
from ..models.users import units_of
from ..scope import Scope


def users_below(unit: OrgUnit) -> list[User]:
    """Return the open accounts with a role at the unit or below it, their `scope` and `home_units` loaded, by name."""
    today = clock.today()
    here = Membership.objects.open_on(today).filter(org_unit__path__startswith=unit.path, user__is_active=True)
    rows = Membership.objects.open_on(today).filter(user__in=here.values("user")).order_by("pk")
    remits = list(Remit.objects.open_on(today).select_related("office", "bureau"))
    by_user: dict[User, list[Membership]] = {}
    for membership in rows.select_related("user", "org_unit"):
        by_user.setdefault(membership.user, []).append(membership)
    for user, memberships in by_user.items():
        user.scope = Scope(tuple(grant for one in memberships for grant in one.grants(remits)))
        user.home_units = units_of(memberships)
    return sorted(by_user, key=lambda user: user.username)
