"""One digest per person and day: what is due, gathered for a whole bureau in one pass and written at once."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from accounts.models import OrgUnit

from ..enums import MessageKind, ReminderLevel, ReminderSubject
from ..models import Plan, ReminderRule, SupervisionOrder
from ..rules.reminding import Schedule, crossed, days_left, in_words
from ..rules.workdays import WorkingCalendar
from ..services.messages import Draft, write_messages
from ..services.supervision import office_of, propose_order
from ..services.workdays import calendar_of
from .due import FEW, Due, all_due
from .people import People, Person

LEVELS = (ReminderLevel.OWN, ReminderLevel.SUPERVISOR, ReminderLevel.OFFICE, ReminderLevel.LEADER)
MOST_LINES = 40  # of one digest; what is beyond is counted


@dataclass(slots=True)
class Group:
    """The things that make one line: the same thing owed by several units, as told to one level."""

    level: ReminderLevel
    dues: list[Due] = field(default_factory=list)


def look(bureau: OrgUnit, on: date, hour: int, since: date | None) -> Callable[[], None] | None:
    """Return what writes the digests of those who want theirs at that hour; None on a day off or where nothing is due.

    since: the day of the last digests, so that a day on which the portal stood still is made up for.
    """
    calendar = calendar_of(bureau)
    if not calendar.is_working(on):
        return None
    told = list(_told(bureau, calendar, on, since))
    if not told:
        return None
    people = People(bureau, on)
    lines = _lines_by_person(people, told, calendar, on)
    readers = [people.by_id[user] for user in lines]
    drafts = [_draft(one, lines[one.user.pk], on) for one in readers if one.setting.digest_hour == hour]
    proposed = [due for level, due in told if level == ReminderLevel.ORDER]
    return partial(_write, drafts, proposed) if drafts or proposed else None


def _write(drafts: list[Draft], proposed: list[Due]) -> int:
    """Write the messages, and the orders that are proposed for what has been overdue too long; return how many messages."""
    for due in proposed:
        propose(due)
    return write_messages(drafts)


def propose(due: Due) -> SupervisionOrder | None:
    """Propose a supervision order about a thing that its unit has owed too long; None where that was done before."""
    return propose_order(
        plan=due.plan,
        app=due.app,
        org_unit=due.unit or office_of(due.plan, due.app),
        title=f"{due.what}逾期",
        requirement=f"{due.what}（{due.detail}）截止 {due.day} 尚未完成，请说明原因，尽快办理并反馈。",
        due=None,
        key=f"reminder:{due.key}",
        matter=f"{due.what}：{due.detail}"[:200],
    )


def _told(
    bureau: OrgUnit, calendar: WorkingCalendar, on: date, since: date | None
) -> Iterator[tuple[ReminderLevel, Due]]:
    """Yield everything that is to be said today, and to which level."""
    plans = list(Plan.objects.filter(bureau=bureau).running().order_by("pk"))
    rules = {(rule.plan_id, rule.subject): rule for rule in ReminderRule.objects.filter(plan__in=plans, active=True)}
    for plan in plans:
        for due in all_due(plan, on):
            rule = rules.get((plan.pk, due.subject))
            if rule is not None:
                yield from ((level, due) for level in _levels(rule.schedule, due, calendar, on, since))


def _levels(
    schedule: Schedule, due: Due, calendar: WorkingCalendar, on: date, since: date | None
) -> Iterator[ReminderLevel]:
    """Yield the levels that are told of the thing today."""
    after = {
        ReminderLevel.SUPERVISOR: schedule.supervisor_after,
        ReminderLevel.OFFICE: schedule.office_after,
        ReminderLevel.LEADER: schedule.leader_after,
        ReminderLevel.ORDER: schedule.order_after,
    }
    if crossed(calendar, due.day, since, on, schedule.rings):
        yield ReminderLevel.OWN
    for level, days in after.items():
        if crossed(calendar, due.day, since, on, lambda left, days=days: schedule.climbs(left, days)):
            yield level


def _lines_by_person(
    people: People, told: Iterable[tuple[ReminderLevel, Due]], calendar: WorkingCalendar, on: date
) -> dict[int, list[dict]]:
    """Return by user id what each is told, in the place of colleagues who are away included."""
    groups: dict[tuple, Group] = {}
    for level, due in told:
        if level == ReminderLevel.ORDER:  # nobody is told: the draft waits for the office
            continue
        for person in people.told(due, level):
            deputy = people.stands_in(person)
            reader, away = (deputy, person.unit.label) if deputy else (person, "")
            at = (reader.user.pk, away, level, due.subject, due.day, *_what(level, due))
            groups.setdefault(at, Group(level)).dues.append(due)
    found: dict[int, list[dict]] = {}
    for (reader, away, *_), group in sorted(groups.items(), key=_order):
        line = line_of(group, calendar, on)
        if away:
            line["text"] = f"（代理 {away}）{line['text']}"
        found.setdefault(reader, []).append(line)
    return found


def _what(level: ReminderLevel, due: Due) -> tuple:
    """Return what tells the lines of a level apart: those who owe have one for each unit, those above one for all units."""
    per_unit = due.unit.pk if due.unit and level in (ReminderLevel.OWN, ReminderLevel.SUPERVISOR) else 0
    app = due.app if level == ReminderLevel.OFFICE else ""
    return due.what, per_unit, app


def _order(item: tuple[tuple, Group]) -> tuple:
    """Order lines by person, then what is longest overdue first."""
    (reader, away, level, subject, day, what, unit, app), _ = item
    return reader, away, day, LEVELS.index(level), subject, what, unit, app


def line_of(group: Group, calendar: WorkingCalendar, on: date) -> dict:
    """Return the line that a group makes: text, address and the keys that say whether it still holds."""
    first = group.dues[0]
    left = in_words(days_left(calendar, first.day, on), first.day, on, first.ends)
    return {
        "text": f"{_subject(group)}，{left}",
        "url": first.url if group.level in (ReminderLevel.OWN, ReminderLevel.SUPERVISOR) else _url_above(first),
        "keys": [due.key for due in group.dues],
    }


def _subject(group: Group) -> str:
    first, count = group.dues[0], sum(due.count for due in group.dues)
    if first.unit is None:
        return f"{first.what}{first.detail}"
    if group.level in (ReminderLevel.OWN, ReminderLevel.SUPERVISOR):
        if first.subject == ReminderSubject.ORDER:
            return f"{first.unit.label} {first.what}{first.detail}"
        counted = f"{first.unit.label} {first.what}：{COUNTED[first.subject].format(count)}"
        return counted + (f"（{first.detail}）" if len(group.dues) == 1 else "")
    by_unit: dict[str, int] = {}
    for due in group.dues:
        by_unit[due.unit.label] = by_unit.get(due.unit.label, 0) + due.count
    most = sorted(by_unit.items(), key=lambda item: -item[1])
    names = "、".join(f"{label} {many}" for label, many in most[:FEW]) + ("等" if len(most) > FEW else "")
    return f"{first.what}：{len(by_unit)} 个单位{COUNTED[first.subject].format(count)}（{names}）"


COUNTED = {
    ReminderSubject.REPORT: "还有 {} 份未报",
    ReminderSubject.TARGET: "还有 {} 项未完成",
    ReminderSubject.RECORD: "涉及 {} 条",
    ReminderSubject.ORDER: "{} 件未反馈",
    ReminderSubject.ADHOC: "还有 {} 份未填",
}


def _url_above(due: Due) -> str:
    """Return the list that shows the thing for all units."""
    address, _, query = due.url.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith("unit=")]
    return f"{address}?{'&'.join(kept)}" if kept else address


def _draft(person: Person, lines: list[dict], on: date) -> Draft:
    kept, more = lines[:MOST_LINES], len(lines) - MOST_LINES
    if more > 0:
        kept = [*kept, {"text": f"另有 {more} 项，请登录平台查看。", "url": "/", "keys": []}]
    return Draft(
        user=person.user,
        org_unit=person.unit,
        setting=person.setting,
        kind=MessageKind.DIGEST,
        key=f"digest:{on}",
        day=on,
        title=f"{on.month}月{on.day}日工作提醒（{len(lines)} 项）",
        lines=kept,
    )
