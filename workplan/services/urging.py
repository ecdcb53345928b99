"""Urging (催办): a unit is told at once that it owes reports. Once a day for each period and section, and logged."""

from collections import Counter

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.enums import Right
from accounts.locks import exclusive
from accounts.models import OrgUnit, User

from .. import clock
from ..enums import MessageKind, ReminderLevel
from ..errors import Refused
from ..models import Period, Urge
from ..reminders.due import Due, reports_due
from ..reminders.people import People
from ..rules.reminding import days_left, in_words
from ..sections import section_name
from .telling import tell
from .workdays import calendar_of


@transaction.atomic
def urge(*, period: Period, org_unit: OrgUnit, actor: User) -> list[Urge]:
    """Tell those who report for the unit what it owes for the period in the actor's sections; return one row for each section.

    Raises Refused without the right, where nothing is owed, where all of it was urged today, and where the unit has nobody.
    """
    apps = actor.scope.apps_over(org_unit.path, Right.SUPERVISE)
    exclusive(f"urge:{org_unit.pk}:{period.pk}")
    owed = [
        due
        for due in reports_due(period.plan, clock.today())
        if due.unit == org_unit and due.key.startswith(f"report|{period.pk}|") and (apps is None or due.app in apps)
    ]
    if not owed:
        raise Refused(f"{org_unit.label}{period}没有需要您催办的填报。", code="nothing_owed")
    done = urged_today(period, org_unit)
    fresh = [due for due in owed if due.app not in done]
    if not fresh:
        raise Refused(f"今天已经催办过{org_unit.label}，请明天再催。", code="urged_today")
    return _tell(period, org_unit, fresh, actor)


def urged_today(period: Period, org_unit: OrgUnit) -> set[str]:
    """Return the sections in which the unit has been urged today."""
    today = Urge.objects.filter(period=period, org_unit=org_unit, day=clock.today())
    return set(today.values_list("app", flat=True))


def _tell(period: Period, org_unit: OrgUnit, owed: list[Due], actor: User) -> list[Urge]:
    today = clock.today()
    people = People(period.plan.bureau, today)
    told = [person for due in owed for person in people.told(due, ReminderLevel.OWN)]
    if not told:
        raise Refused(f"{org_unit.label}还没有联络员账号，请联系系统管理员。", code="nobody")
    by_app = Counter()
    for due in owed:
        by_app[due.app] += due.count
    urges = Urge.objects.bulk_create(
        Urge(
            org_unit=org_unit,
            period=period,
            app=app,
            missing=missing,
            day=today,
            urged_by=actor,
            urged_at=timezone.now(),
        )
        for app, missing in by_app.items()
    )
    calendar = calendar_of(people.bureau)
    lines = [
        {
            "text": f"{section_name(due.app)}：还有 {due.count} 份未报（{due.detail}），"
            + in_words(days_left(calendar, due.day, today), due.day, today),
            "url": due.url,
            "keys": [due.key],
        }
        for due in owed
    ]
    tell(
        people,
        told,
        kind=MessageKind.URGE,
        key=f"urge:{urges[0].pk}",
        title=f"催办：{org_unit.label}{period.name}进展填报",
        lines=lines,
        sent_by=actor,
    )
    after = {"period": str(period), "missing": sum(due.count for due in owed)}
    for one in urges:
        audit.record(action="report.urge", actor=actor, row=one, after=after)
    return urges
