"""What a unit has to keep in a plan's year: report periods, targets, orders, remarks, ad-hoc requests, what ends in its registers.

Read for one unit and one reader. Reminders ask in `reminders.due` whom to tell of a whole bureau on a day; here somebody
looks at the year ahead, of which nothing is told that his scope does not open at this moment.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from accounts.enums import Right, UnitKind
from accounts.models import OrgUnit, Remit

from .assess import assess, assess_each_unit
from .completeness import Duty, duties_in
from .enums import OrderState, RemarkState, ReminderSubject
from .models import AdHocAnswer, Period, Plan, Remark, SupervisionOrder
from .observe import readable_plans, sees_whole_of, visible_targets
from .registers.registry import registers
from .reminders.due import DONE, WINDOW, ending
from .rules.kinds import Strength
from .supervising import OWED


@dataclass(frozen=True, slots=True)
class Deadline:
    """One thing that a unit must have done by a day.

    what: the thing by its code and measure, never a person; detail: how it stands; key: names it for ever; is_open: whether
    something has still to be done; is_done: whether it was; where neither holds it was missed for good.
    """

    day: date
    subject: ReminderSubject
    unit: OrgUnit
    what: str
    detail: str
    url: str
    key: str
    is_open: bool = True
    is_done: bool = False

    def is_overdue(self, on: date) -> bool:
        return self.is_open and self.day < on


def open_deadlines(user, on: date) -> list[Deadline]:
    """Return what the units that the user belongs to have still to do, in the plans that run; what two plans name, once."""
    plans = readable_plans(user).running()
    units = [(plan, unit) for plan in plans for unit in user.home_units if unit.path.startswith(plan.bureau.path)]
    found = (one for plan, unit in units for one in deadlines(user, plan, unit, on))
    return list({one.key: one for one in found if one.is_open}.values())


def deadlines(user, plan: Plan, unit: OrgUnit, on: date, owed: Iterable[Duty] | None = None) -> list[Deadline]:
    """Return all deadlines of the unit in the plan that the user may see, in order of days.

    owed: the duties of the plan's periods as `year_of` gives them, where they are at hand. What the bureau promises as a
    whole is a deadline of the office that runs the section, and of the bureau itself. A fixed number of statements, and
    one for each register of which something ends.
    """
    owed = year_of(user, plan, unit) if owed is None else owed
    found = [
        *_reports(owed, unit, on),
        *_targets(user, plan, unit, on),
        *_records(user, plan, unit, on),
        *_orders(user, plan, unit),
        *_remarks(user, plan, unit, on),
        *_adhoc(user, plan, unit, on),
    ]
    return sorted(found, key=lambda one: (one.day, ORDER.index(one.subject)))


ORDER = [
    ReminderSubject.ORDER,
    ReminderSubject.REPORT,
    ReminderSubject.ADHOC,
    ReminderSubject.REMARK,
    ReminderSubject.TARGET,
    ReminderSubject.RECORD,
]


def year_of(user, plan: Plan, unit: OrgUnit, right: str = Right.VIEW) -> list[Duty]:
    """Return what the unit owes in all periods of the plan, in their order. Five statements."""
    periods = list(Period.objects.filter(plan=plan).order_by("start"))
    return duties_in(periods, user, units=[unit], right=right)


# --- Reports ------------------------------------------------------------------------------------------------


def _reports(owed: Iterable[Duty], unit: OrgUnit, on: date) -> Iterator[Deadline]:
    by_day: dict[tuple[int, date], list[Duty]] = {}
    for duty in owed:
        by_day.setdefault((duty.period.pk, duty.due), []).append(duty)
    for (pk, day), own in by_day.items():
        period, handed = own[0].period, sum(duty.handed_in for duty in own)
        yield Deadline(
            day=day,
            subject=ReminderSubject.REPORT,
            unit=unit,
            what=f"{period.name}进展填报" + ("" if day == period.due else "（已延期）"),
            detail=f"应报 {len(own)} 份，已报 {handed} 份",
            url=f"{reverse('workplan:duties')}?period={pk}&unit={unit.pk}",
            key=f"report|{pk}|{unit.pk}" + ("" if day == period.due else f"|{day}"),
            is_open=handed < len(own) and period.closes >= on,
            is_done=handed == len(own),
        )


# --- Targets ------------------------------------------------------------------------------------------------


def _targets(user, plan: Plan, unit: OrgUnit, on: date) -> Iterator[Deadline]:
    """Yield the targets with a deadline that the unit has a share of, or that it answers for as office or bureau."""
    targets = visible_targets(user, plan).filter(due__isnull=False).exclude(strength=Strength.TRACKED)
    targets = list(targets.order_by("sort"))
    found = {one.target.pk: (one, "") for one in assess_each_unit(targets, on=on, units=[unit]).get(unit.pk, [])}
    apps = _apps_of(unit, on)
    whole = [t for t in targets if t.pk not in found and t.task.section.app in apps and sees_whole_of(user, t)]
    found |= {one.target.pk: (one, "全区") for one in assess(whole, on=on)} if whole else {}
    for one, whose in sorted(found.values(), key=lambda pair: pair[0].target.sort):
        is_open = one.verdict.light not in DONE
        yield Deadline(
            day=one.target.due,
            subject=ReminderSubject.TARGET,
            unit=unit,
            what=f"目标 {one.target}{f'（{whose}）' if whose else ''}",
            detail="尚未完成" if is_open else "已完成",
            url=reverse("workplan:target", args=[one.target.pk]) + ("" if whose else f"?unit={unit.pk}"),
            key=f"target|{one.target.pk}|{unit.pk}",
            is_open=is_open,
            is_done=not is_open,
        )


def _apps_of(unit: OrgUnit, on: date) -> set[str]:
    """Return the section apps for which the unit answers to the whole bureau: none for townships."""
    remits = Remit.objects.open_on(on).filter(Q(office=unit) if unit.kind == UnitKind.OFFICE else Q(bureau=unit))
    return set(remits.values_list("app", flat=True))


# --- Registers, orders, remarks, ad-hoc requests -----------------------------------------------------------------------------


def _records(user, plan: Plan, unit: OrgUnit, on: date) -> Iterator[Deadline]:
    """Yield what ends soon in those registers of the unit that the user may read: how many records, never whose."""
    for model in registers():
        for place, expiry in enumerate(model.register.expiries):
            meta, rows = model._meta, model.objects.visible_to(user).filter(org_unit__path__startswith=unit.path)
            by_day: Counter[date] = Counter()
            for _, day, count in ending(rows, expiry, on, until=max(date(plan.year, 12, 31), on + WINDOW)):
                by_day[day] += count
            for day, count in by_day.items():
                yield Deadline(
                    day=day,
                    subject=ReminderSubject.RECORD,
                    unit=unit,
                    what=f"{expiry.name}{expiry.ends}",
                    detail=f"{meta.verbose_name}台账 {count} 条",
                    url=reverse("workplan:register", args=[meta.app_label, meta.model_name]),
                    key=f"record|{meta.label_lower}|{place}|{unit.pk}|{day}",
                )


def _orders(user, plan: Plan, unit: OrgUnit) -> Iterator[Deadline]:
    orders = SupervisionOrder.objects.visible_to(user).filter(plan=plan, org_unit=unit, state__in=OWED)
    for order in orders:
        yield Deadline(
            day=order.due,
            subject=ReminderSubject.ORDER,
            unit=unit,
            what=f"督办单 {order.number}",
            detail="等待签收" if order.state == OrderState.ISSUED else "等待反馈",
            url=reverse("workplan:order", args=[order.pk]),
            key=f"order|{order.pk}",
        )


def _remarks(user, plan: Plan, unit: OrgUnit, on: date) -> Iterator[Deadline]:
    """Yield the leaders' remarks that wait: those that the office must answer, and those about a report of the unit."""
    concerned = Q(org_unit=unit) | Q(report__org_unit=unit)
    remarks = Remark.objects.visible_to(user).filter(concerned, plan=plan).standing(RemarkState.WAITING, on)
    for remark in remarks.with_context():
        own = remark.org_unit_id == unit.pk
        yield Deadline(
            day=remark.answer_due,
            subject=ReminderSubject.REMARK,
            unit=unit,
            what=f"领导{remark}（{remark.subject}）",
            detail="等待回应" if own else f"等待{remark.org_unit.label}回应",
            url=reverse("workplan:remark", args=[remark.pk]),
            key=f"remark|{remark.pk}|{unit.pk}",
        )


def _adhoc(user, plan: Plan, unit: OrgUnit, on: date) -> Iterator[Deadline]:
    """Yield what ad-hoc requests ask of the unit. What was withdrawn is no deadline any more."""
    asked = AdHocAnswer.objects.visible_to(user).counted().filter(org_unit=unit, request__plan=plan)
    for one in asked.with_context():
        done = one.answered_on is not None
        yield Deadline(
            day=one.request.due,
            subject=ReminderSubject.ADHOC,
            unit=unit,
            what=f"临时填报：{one.request}",
            detail="已填报" if done else f"等待填报，{one.request.expires} 后不能再填",
            url=reverse("workplan:adhoc_answer", args=[one.pk]),
            key=f"adhoc|{one.pk}",
            is_open=not done and one.request.is_open(on),
            is_done=done,
        )
