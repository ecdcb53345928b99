"""Who sees which rows: the one place that decides it.

A user's memberships become *grants*. A grant opens the rows of an org-unit subtree, for all section apps or
for some, and carries the rights of its role. A model says, as attributes of its QuerySet, only *how it
reaches* the units and apps a row belongs to. `visible_to(user, right)` joins the two.
"""

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from .enums import Right


@dataclass(frozen=True, slots=True)
class Grant:
    """What one membership opens.

    unit_path: path prefix of the subtree (`OrgUnit.path`); apps: section app codes, or None for every section;
    rights: what may be done there.
    """

    unit_path: str
    apps: frozenset[str] | None
    rights: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scope:
    """All grants of one user on one day."""

    grants: tuple[Grant, ...] = ()

    def holds(self, right: str) -> bool:
        """Say whether the right is held anywhere at all: for menus and pages without a row."""
        return any(right in grant.rights for grant in self.grants)

    def with_right(self, right: str) -> tuple[Grant, ...]:
        return tuple(grant for grant in self.grants if right in grant.rights)

    def apps_over(self, unit_path: str, right: str = Right.VIEW) -> frozenset[str] | None:
        """Return the section apps whose rows the user reaches in the *whole* subtree; None stands for every app.

        For totals: a sum over a subtree may be shown only where every row that it adds up may be.
        """
        reaching = [grant for grant in self.with_right(right) if unit_path.startswith(grant.unit_path)]
        if any(grant.apps is None for grant in reaching):
            return None
        return frozenset().union(*(grant.apps for grant in reaching))


class ScopedQuerySet(QuerySet):
    """A QuerySet that knows how its rows are reached.

    scope_units: lookups that end at an OrgUnit, () where the row itself is one ("" then);
    scope_apps: lookups that end at a section app code, or () where the model has no section axis: such rows are
    reached by unit-wide grants only, unless `scope_any_app` says that every grant on the unit opens them;
    scope_apps_shared: further app lookups that open the row for reading only (a target shown in two sections);
    scope_common: lookup to an OrgUnit whose *whole* tree may read the row (a plan's table of contents);
    scope_many: set where a lookup crosses a many-valued relation.
    """

    scope_units: tuple[str, ...] | None = None
    scope_apps: tuple[str, ...] | None = None
    scope_apps_shared: tuple[str, ...] = ()
    scope_any_app = False
    scope_common: str | None = None
    scope_many = False

    def visible_to(self, user, right: str = Right.VIEW) -> "ScopedQuerySet":
        """Return the rows on which `user` holds `right`; none for anonymous or closed accounts.

        Raises ImproperlyConfigured where the model declares no path: forgetting is loud, never open.
        """
        self._require_declaration()
        if not getattr(user, "is_active", False):
            return self.none()
        condition = self._condition(user.scope, right)
        if condition is None:
            return self.none()
        if self.scope_many:  # a join would repeat rows and spoil counts
            return self.filter(pk__in=self.model._base_manager.filter(condition).values("pk"))
        return self.filter(condition)

    def _require_declaration(self) -> None:
        if self.scope_units is None or self.scope_apps is None:
            raise ImproperlyConfigured(f"{self.model.__name__} declares no scope path (scope_units, scope_apps)")

    def _condition(self, scope: Scope, right: str) -> Q | None:
        """Return the OR over all grants with the right, or None where there is none."""
        condition = None
        for grant in scope.with_right(right):
            part = self._grant_condition(grant, right)
            if part is not None:
                condition = part if condition is None else condition | part
        return condition

    def _grant_condition(self, grant: Grant, right: str) -> Q | None:
        reading = right in (Right.VIEW, Right.EXPORT)
        if self.scope_common and reading:
            return _ancestor_or_below(self.scope_common, grant.unit_path)
        units = Q()
        for lookup in self.scope_units:
            units |= Q(**{f"{lookup}__path__startswith" if lookup else "path__startswith": grant.unit_path})
        if grant.apps is None or self.scope_any_app or self.of_one_app(right) & grant.apps:
            return units
        if not self.scope_apps:
            return None
        apps = Q()
        for lookup in self.scope_apps + (self.scope_apps_shared if reading else ()):
            apps |= Q(**{f"{lookup}__in": grant.apps})
        return units & apps

    def of_one_app(self, right: str) -> frozenset[str]:
        """Return the apps whose people hold `right` on all rows alike, where a model belongs to an app as a whole."""
        return frozenset()


def _ancestor_or_below(lookup: str, path: str) -> Q:
    """Match units that lie below `path` or on the way from the root to it."""
    codes = path.strip("/").split("/")
    ancestors = ["/".join(codes[: depth + 1]) + "/" for depth in range(len(codes))]
    return Q(**{f"{lookup}__path__startswith": path}) | Q(**{f"{lookup}__path__in": ancestors})


def get_visible(queryset: ScopedQuerySet, user, right: str = Right.VIEW, /, **lookup):
    """Return the one row, or raise: Http404 outside the scope, PermissionDenied inside without the right."""
    seen = queryset.visible_to(user).filter(**lookup)
    row = (seen if right == Right.VIEW else seen.visible_to(user, right)).first()
    if row is not None:
        return row
    if right != Right.VIEW and seen.exists():
        raise PermissionDenied("您没有进行此操作的权限。")
    raise Http404("没有找到该内容，或您无权查看。")


def require_right(user, right: str) -> None:
    """Raise PermissionDenied where the user holds the right nowhere."""
    if not user.scope.holds(right):
        raise PermissionDenied("您没有进行此操作的权限。")
