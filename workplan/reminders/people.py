"""Who is told: those who owe a thing, those above them, and the deputies of those who are away."""

from dataclasses import dataclass
from datetime import date

from accounts.enums import Right
from accounts.models import OrgUnit, User
from accounts.services.scopes import users_below

from ..enums import ReminderLevel, ReminderSubject
from ..models import Leave, NoticeSetting
from .due import Due

# What those hold who are told at each level. Those of the section's office are told apart from others who edit
# the plan by their right to verify records; leaders by holding theirs for every section.
WRITERS = {
    ReminderSubject.REPORT: Right.REPORT_WRITE,
    ReminderSubject.TARGET: Right.REPORT_WRITE,
    ReminderSubject.ORDER: Right.REPORT_WRITE,
    ReminderSubject.RECORD: Right.RECORD_WRITE,
    ReminderSubject.ADHOC: Right.REPORT_WRITE,
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be told something, with what was chosen about it."""

    user: User
    unit: OrgUnit
    setting: NoticeSetting


class People:
    """All who work in a bureau on a day. Loaded once; asked as often as needed."""

    def __init__(self, bureau: OrgUnit, on: date):
        users = users_below(bureau)
        settings = {one.user_id: one for one in NoticeSetting.objects.filter(user__in=users)}
        self.bureau = bureau
        self.by_id = {
            user.pk: Person(user, _unit_below(user, bureau), settings.get(user.pk) or NoticeSetting(user=user))
            for user in users
        }
        self._away = dict(Leave.objects.on(on).filter(user__in=users).values_list("user_id", "deputy_id"))

    def told(self, due: Due, level: ReminderLevel) -> list[Person]:
        """Return who is told of the thing at the level."""
        if level == ReminderLevel.SUPERVISOR:
            return self.holders(Right.OVERSEE, due.unit.path) if due.unit else []
        if level == ReminderLevel.LEADER:
            return self.holders(Right.SUPERVISE, self.bureau.path)
        if level == ReminderLevel.OFFICE or due.unit is None:
            return self.holders(Right.RECORD_VERIFY, self.bureau.path, due.app)
        return self.holders(WRITERS[due.subject], due.unit.path, due.app)

    def holders(self, right: str, path: str, app: str = "") -> list[Person]:
        """Return who holds the right on rows at the path: of the section named, or of every section."""
        return [person for person in self.by_id.values() if _reaches(person.user, right, path, app)]

    def stands_in(self, person: Person) -> Person | None:
        """Return the deputy of somebody who is away; None for who is here, or whose deputy is away too."""
        deputy = self._away.get(person.user.pk)
        return None if deputy in self._away else self.by_id.get(deputy)


def _reaches(user: User, right: str, path: str, app: str) -> bool:
    apps = user.scope.apps_over(path, right)
    return apps is None or app in apps


def _unit_below(user: User, bureau: OrgUnit) -> OrgUnit:
    return next(unit for unit in user.home_units if unit.path.startswith(bureau.path))
