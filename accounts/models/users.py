"""People who sign in, and what they may do where."""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from .. import clock
from ..enums import Right, Role
from ..rights import OFFICE_ROLES, OWN_UNIT_RIGHTS, ROLE_RIGHTS
from ..scope import Grant, Scope, ScopedQuerySet
from .units import OrgUnit, Remit


class UserQuerySet(ScopedQuerySet):
    scope_units = ("memberships__org_unit",)
    scope_apps = ()
    scope_many = True

    def manageable_by(self, actor):
        """Return the accounts that an administrator may change: those without a role beyond his own units.

        Otherwise he could take over an account that may do more than himself, by giving it a new password.
        """
        running = Membership.objects.unended(clock.today())
        beyond = running.exclude(pk__in=running.visible_to(actor, Right.USER_MANAGE).values("pk"))
        return self.visible_to(actor, Right.USER_MANAGE).exclude(pk__in=beyond.values("user"))


class AccountManager(UserManager.from_queryset(UserQuerySet)):
    """Creates accounts and reaches them through the scope."""


class User(AbstractUser):
    """An account of one human being. Accounts are closed, never deleted, so that history keeps the name."""

    first_name = None
    last_name = None
    name = models.CharField("姓名", max_length=60)
    must_change_password = models.BooleanField("下次登录须改密码", default=True)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    # Part of the session hash: raising it signs the user out everywhere.
    session_epoch = models.PositiveIntegerField("会话批次", default=0, editable=False)
    is_demo = models.BooleanField("演示账号", default=False, editable=False)

    objects = AccountManager()

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        ordering = ["username"]

    def __str__(self):
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def set_password(self, raw_password):
        super().set_password(raw_password)
        self.password_changed_at = timezone.now()

    def _get_session_auth_hash(self, secret=None):
        """Bind sessions to the password and to the epoch: a change of either ends them all at once."""
        value = f"{self.password}{self.session_epoch}"
        return salted_hmac("accounts.session", value, secret=secret, algorithm="sha256").hexdigest()

    @cached_property
    def scope(self) -> Scope:
        """All grants of this user today, and with them `home_units`. Read once per request, as the user object lives that long."""
        memberships = list(self._open_memberships())
        self.home_units = units_of(memberships)
        remits = _remits_of([m.org_unit for m in memberships if m.role in OFFICE_ROLES])
        grants = [grant for m in memberships for grant in m.grants(remits)]
        return Scope(tuple(grants))

    def may(self, right: str) -> bool:
        """Say whether the user holds the right anywhere: menus; rows are asked through `visible_to`."""
        return self.scope.holds(right)

    @cached_property
    def home_units(self) -> list[OrgUnit]:
        """Return the units of the open memberships, without repeats, in order."""
        return units_of(self._open_memberships())

    def _open_memberships(self):
        return self.memberships.open_on(clock.today()).select_related("org_unit__parent")

    def audit_position(self):
        """Events about an account belong to its unit: the present one, else the last."""
        if self.home_units:
            return self.home_units[0], ""
        last = self.memberships.select_related("org_unit").order_by("-valid_to", "-pk").first()
        return last.org_unit if last else None, ""


def units_of(memberships: Iterable["Membership"]) -> list[OrgUnit]:
    """Return the units of the memberships, without repeats, in order."""
    return list({one.org_unit_id: one.org_unit for one in memberships}.values())


def _remits_of(offices: list[OrgUnit]) -> list[Remit]:
    if not offices:
        return []
    below = Q()
    for office in offices:
        below |= Q(office__path__startswith=office.path)
    return list(Remit.objects.open_on(clock.today()).filter(below).select_related("office", "bureau"))


class MembershipQuerySet(ScopedQuerySet):
    scope_units = ("org_unit",)
    scope_apps = ()

    def open_on(self, on: date):
        return self.filter(valid_from__lte=on).unended(on)

    def unended(self, on: date):
        """Return those that count on the day or begin later."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))


class Membership(models.Model):
    """A role that a user holds at a unit for a time. A user may hold several."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name="用户")
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="memberships", verbose_name="单位")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    valid_from = models.DateField("起始日期", default=date(2000, 1, 1))
    valid_to = models.DateField("终止日期", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering = ["user", "org_unit"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "org_unit", "role"],
                condition=Q(valid_to__isnull=True),
                name="membership_once",
                violation_error_message="该用户在该单位已有这一角色。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="membership_validity_ordered",
                violation_error_message="终止日期不能早于起始日期。",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="membership_role_known",
                violation_error_message="角色不在规定范围内。",
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.org_unit} · {self.get_role_display()}"

    def audit_position(self):
        return self.org_unit, ""

    def grants(self, remits: list[Remit]) -> list[Grant]:
        """Return what this membership opens; `remits` are those of all offices of the user."""
        rights = ROLE_RIGHTS[self.role]
        if self.role not in OFFICE_ROLES:
            return [Grant(self.org_unit.path, None, rights)]
        own = [r for r in remits if r.office.path.startswith(self.org_unit.path)]
        by_bureau: dict[str, set[str]] = {}
        for remit in own:
            by_bureau.setdefault(remit.bureau.path, set()).add(remit.app)
        grants = [Grant(path, frozenset(apps), rights - {Right.REPORT_WRITE}) for path, apps in by_bureau.items()]
        # Rows of the office as a unit: it writes its own reports, whatever the section, and reviews none of them here.
        grants.append(Grant(self.org_unit.path, None, rights & OWN_UNIT_RIGHTS))
        return grants
