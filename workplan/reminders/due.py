"""What is due in a plan on a day: reports, targets, certificates and yearly checks, supervision orders, answers to remarks and ad-hoc requests. Read for all units at once.

Each thing has a key, by which a message that was written earlier is asked again before it leaves: what has been done by
then is no longer mentioned.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from accounts.models import OrgUnit

from ..assess import assess, assess_each_unit, for_assessment
from ..completeness import HANDED_IN
from ..due_days import due_days
from ..enums import AdHocState, ExtensionState, OrderState, RecordState, RemarkState, ReminderSubject
from ..models import (
    AdHocAnswer,
    Allocation,
    Expiry,
    Extension,
    Period,
    Plan,
    ProgressReport,
    Record,
    Remark,
    ReportExtension,
    SupervisionOrder,
    Target,
)
from ..registers.registry import find_register, registers
from ..rules.kinds import Light, Strength
from ..sections import section_name
from ..supervising import OWED

WINDOW = timedelta(days=45)  # calendar days ahead that are looked at: more than any rule counts in working days
PAST = timedelta(days=60)  # what expired longer ago is no longer reminded of
FEW = 6  # names that a line spells out
DONE = (Light.DONE, Light.DONE_LATE)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that a unit owes by a day. unit: None where the section's office owes it for the whole bureau.

    what: the thing itself, the same for all units that owe it; detail: what of it is open; count: how many;
    app: the section; key: names it, see `still_open`; ends: what happens on the day, 截止 or 到期.
    """

    subject: str
    plan: Plan
    unit: OrgUnit | None
    app: str
    day: date
    key: str
    what: str
    detail: str
    count: int
    url: str
    ends: str = "截止"


def all_due(plan: Plan, on: date) -> list[Due]:
    """Return everything that falls due around the day in a plan, or is overdue."""
    return [
        *reports_due(plan, on),
        *targets_due(plan, on),
        *records_due(plan, on),
        *orders_due(plan, on),
        *extensions_due(plan, on),
        *report_extensions_due(plan, on),
        *remarks_due(plan, on),
        *adhoc_due(plan, on),
    ]


# --- Reports ------------------------------------------------------------------------------------------------


def reports_due(plan: Plan, on: date) -> Iterator[Due]:
    """Yield, by period, unit, section and deadline, the reports that are not handed in while the period takes them."""
    periods = Period.objects.filter(plan=plan, start__lte=on, closes__gte=on, due__lte=on + WINDOW).in_bulk()
    missing = missing_reports(periods.values(), on)
    units = OrgUnit.objects.in_bulk({unit for _, unit, _, _ in missing})
    for (period_id, unit_id, app, day), numbers in sorted(missing.items(), key=lambda item: units[item[0][1]].place):
        period, unit = periods[period_id], units[unit_id]
        yield Due(
            subject=ReminderSubject.REPORT,
            plan=plan,
            unit=unit,
            app=app,
            day=day,
            key="|".join(map(str, ("report", period_id, unit_id, app, *_later(period, day)))),
            what=f"{period.name}进展填报",
            detail="任务 " + _some(map(str, numbers)),
            count=len(numbers),
            url=_list("duties", period=period_id, unit=unit_id),
        )


def _later(period: Period, day: date) -> tuple[str, ...]:
    """Return what the key of a report says beside period, unit and app: the day, where a later one than usual was granted."""
    return () if day == period.due else (day.isoformat(),)


def missing_reports(periods: Iterable[Period], on: date) -> dict[tuple[int, int, str, date], list[int]]:
    """Return by period, unit, section app and deadline the numbers of the tasks whose report is not handed in. Three statements."""
    periods = list(periods)
    granted = due_days(periods, on)
    plans = {period.plan_id for period in periods}
    shares = Allocation.objects.filter(target__plan__in=plans, org_unit__valid_to__isnull=True).order_by()
    owed = set(
        shares.values_list(
            "target__plan_id",
            "target__task_id",
            "org_unit_id",
            "org_unit__valid_from",
            "target__task__section__app",
            "target__task__number",
        )
    )
    handed = Q(status__in=HANDED_IN) | Q(revision__gt=1)
    reports = ProgressReport.objects.filter(handed, period__in=periods).order_by()
    there = set(reports.values_list("period_id", "task_id", "org_unit_id"))
    found: dict[tuple[int, int, str, date], list[int]] = {}
    for period in periods:
        for plan_id, task_id, unit_id, founded, app, number in owed:
            is_owed = plan_id == period.plan_id and founded <= period.end
            if is_owed and (period.pk, task_id, unit_id) not in there:
                day = granted.of(period, task_id, unit_id)
                found.setdefault((period.pk, unit_id, app, day), []).append(number)
    return {key: sorted(numbers) for key, numbers in found.items()}


# --- Targets ------------------------------------------------------------------------------------------------


def targets_due(plan: Plan, on: date) -> Iterator[Due]:
    """Yield the targets whose deadline is near or past and that are not reached: for the office, and for each unit's share."""
    near = Target.objects.filter(plan=plan, due__lte=on + WINDOW, due__gte=on - PAST)
    targets = list(for_assessment(near.exclude(strength=Strength.TRACKED).order_by("sort")))
    if not targets:
        return
    for found in assess(targets, on=on):
        if found.verdict.light not in DONE:
            yield _target_due(plan, found.target)
    units = {
        unit.pk: unit for unit in OrgUnit.objects.filter(allocations__target__in=targets, valid_to=None).distinct()
    }
    for unit_id, shares in assess_each_unit(targets, on=on, units=units.values()).items():
        yield from _shares_due(plan, units[unit_id], shares)


def _target_due(plan: Plan, target: Target) -> Due:
    return Due(
        subject=ReminderSubject.TARGET,
        plan=plan,
        unit=None,
        app=target.task.section.app,
        day=target.due,
        key=f"target|{target.pk}|",
        what=f"目标 {target}",
        detail="尚未完成",
        count=1,
        url=reverse("workplan:target", args=[target.pk]),
    )


def _shares_due(plan: Plan, unit: OrgUnit, shares) -> Iterator[Due]:
    """Yield one thing for each day on which some of the unit's shares fall due."""
    by_day: dict[tuple[date, str], list[Target]] = {}
    for share in shares:
        if share.verdict.light not in DONE:
            by_day.setdefault((share.target.due, share.target.task.section.app), []).append(share.target)
    for (day, app), targets in by_day.items():
        yield Due(
            subject=ReminderSubject.TARGET,
            plan=plan,
            unit=unit,
            app=app,
            day=day,
            key=f"target|{','.join(str(target.pk) for target in targets)}|{unit.pk}",
            what="分解到本单位的目标",
            detail=_some(target.code for target in targets),
            count=len(targets),
            url=_list("targets", plan=plan.pk),
        )


# --- Records ------------------------------------------------------------------------------------------------


def records_due(plan: Plan, on: date) -> Iterator[Due]:
    """Yield what ends soon in the registers, by register, unit and day: how many records, never whose."""
    expiring = [(model, place) for model in registers() for place in range(len(model.register.expiries))]
    rows = [
        (model, place, *row)
        for model, place in expiring
        for row in ending(_kept_in(model, plan.bureau), model.register.expiries[place], on)
    ]
    units = OrgUnit.objects.in_bulk({row[2] for row in rows})
    for model, place, unit_id, day, count in rows:
        meta = model._meta
        yield Due(
            subject=ReminderSubject.RECORD,
            plan=plan,
            unit=units[unit_id],
            app=meta.app_label,
            day=day,
            key=f"record|{meta.label_lower}|{place}|{unit_id}|{day}",
            what=model.register.expiries[place].name,
            detail=f"{meta.verbose_name}台账",
            count=count,
            url=reverse("workplan:register", args=[meta.app_label, meta.model_name]),
            ends=model.register.expiries[place].ends,
        )


def _kept_in(model: type[Record], bureau: OrgUnit) -> QuerySet:
    return model.objects.filter(org_unit__path__startswith=bureau.path)


def ending(rows: QuerySet, expiry: Expiry, on: date, until: date | None = None) -> list[tuple[int, date, int]]:
    """Return unit, day and number of the records that end around the day, or from then `until` another. One statement."""
    valid = expiry.ending(rows.filter(state=RecordState.VALID), on)
    found = valid.filter(expires__lte=until or on + WINDOW, expires__gte=on - PAST)
    return sorted(found.order_by().values_list("org_unit_id", "expires").annotate(many=Count("pk")))


# --- Supervision orders -------------------------------------------------------------------------------------


def orders_due(plan: Plan, on: date) -> Iterator[Due]:
    """Yield the orders that wait for their unit's reply."""
    owed = SupervisionOrder.objects.filter(plan=plan, state__in=OWED, due__lte=on + WINDOW).order_by("due", "pk")
    for order in owed.select_related("org_unit"):
        yield Due(
            subject=ReminderSubject.ORDER,
            plan=plan,
            unit=order.org_unit,
            app=order.app,
            day=order.due,
            key=f"order|{order.pk}",
            what=f"督办单 {order.number}",
            detail="等待签收" if order.state == OrderState.ISSUED else "等待反馈",
            count=1,
            url=reverse("workplan:order", args=[order.pk]),
        )


def extensions_due(plan: Plan, on: date) -> Iterator[Due]:
    """Yield the requests for more time that wait for the office's answer; it is due when the order itself is."""
    asked = Extension.objects.filter(order__plan=plan, state=ExtensionState.ASKED, order__due__lte=on + WINDOW)
    for extension in asked.select_related("order").order_by("order__due", "pk"):
        order = extension.order
        yield Due(
            subject=ReminderSubject.EXTENSION,
            plan=plan,
            unit=None,
            app=order.app,
            day=order.due,
            key=f"extension|{extension.pk}",
            what=f"督办单 {order.number} 的延期申请",
            detail="等待审批",
            count=1,
            url=reverse("workplan:order", args=[order.pk]),
        )


def report_extensions_due(plan: Plan, on: date) -> Iterator[Due]:
    """Yield the requests for more time for reports, by period and section; they are due when the reports were. One statement."""
    asked = ReportExtension.objects.open_on(on).filter(period__plan=plan, due__lte=on + WINDOW)
    by_day: dict[tuple[int, str, date], list[ReportExtension]] = {}
    for one in asked.with_context().order_by("due", "pk"):
        by_day.setdefault((one.period_id, one.task.section.app, one.due), []).append(one)
    for (_, app, day), found in by_day.items():
        yield Due(
            subject=ReminderSubject.EXTENSION,
            plan=plan,
            unit=None,
            app=app,
            day=day,
            key=f"reportextension|{','.join(str(one.pk) for one in found)}",
            what=f"{found[0].period.name}填报的延期申请",
            detail=f"{len(found)} 项等待审批",
            count=len(found),
            url=reverse("workplan:review"),
        )


# --- Leaders' remarks ---------------------------------------------------------------------------------------


def remarks_due(plan: Plan, on: date) -> Iterator[Due]:
    """Yield the leaders' remarks that wait for the answer of the section's office. One statement."""
    waiting = Remark.objects.filter(plan=plan, answer_due__lte=on + WINDOW).standing(RemarkState.WAITING, on)
    for remark in waiting.with_context().order_by("answer_due", "pk"):
        yield Due(
            subject=ReminderSubject.REMARK,
            plan=plan,
            unit=None,
            app=remark.app,
            day=remark.answer_due,
            key=f"remark|{remark.pk}",
            what=f"领导{remark}（{remark.subject}）",
            detail="等待回应",
            count=1,
            url=reverse("workplan:remark", args=[remark.pk]),
        )


# --- Ad-hoc requests ----------------------------------------------------------------------------------------


def adhoc_due(plan: Plan, on: date) -> Iterator[Due]:
    """Yield what units have not answered yet and still can. What the office typed does not travel. One statement."""
    owed = AdHocAnswer.objects.owed(on).filter(request__plan=plan, request__due__lte=on + WINDOW)
    for answer in owed.with_context().order_by("request__due", "request_id", "org_unit__sort", "pk"):
        yield Due(
            subject=ReminderSubject.ADHOC,
            plan=plan,
            unit=answer.org_unit,
            app=answer.request.app,
            day=answer.request.due,
            key=f"adhoc|{answer.pk}",
            what=f"临时填报（{section_name(answer.request.app)}）",
            detail=f"{answer.request.expires} 后不能再填",
            count=1,
            url=_list("adhoc", state=AdHocState.APPROVED.value),
        )


# --- Asked again --------------------------------------------------------------------------------------------


def still_open(keys: Iterable[str], on: date) -> set[str]:
    """Return those of the keys whose thing is still open. A handful of statements, and one for each key of a register."""
    by_subject: dict[str, list[list[str]]] = {}
    for key in keys:
        subject, *parts = key.split("|")
        by_subject.setdefault(subject, []).append(parts)
    asked = {
        "report": _open_reports,
        "target": _open_targets,
        "record": _open_records,
        "order": _open_orders,
        "extension": _open_extensions,
        "reportextension": _open_report_extensions,
        "remark": _open_remarks,
        "adhoc": _open_adhoc,
    }
    return {"|".join((subject, *parts)) for subject, found in by_subject.items() for parts in asked[subject](found, on)}


def _open_reports(asked: list[list[str]], on: date) -> Iterator[list[str]]:
    periods = Period.objects.filter(pk__in={int(period) for period, *_ in asked}, closes__gte=on).in_bulk()
    missing = Counter()
    for period_id, unit_id, app, day in missing_reports(periods.values(), on):
        for key in ((unit_id, app), (unit_id, ""), ("", app), ("", "")):
            missing[(str(period_id), *map(str, key), *_later(periods[period_id], day))] += 1
    return (parts for parts in asked if missing[tuple(parts)])


def _open_targets(asked: list[list[str]], on: date) -> Iterator[list[str]]:
    pks = {int(pk) for targets, _ in asked for pk in targets.split(",")}
    targets = list(for_assessment(Target.objects.filter(pk__in=pks)))
    whole = {a.target.pk for a in assess(targets, on=on) if a.verdict.light not in DONE}
    units = OrgUnit.objects.filter(pk__in={int(unit) for _, unit in asked if unit})
    shares = {
        (unit_id, a.target.pk)
        for unit_id, found in assess_each_unit(targets, on=on, units=units).items()
        for a in found
        if a.verdict.light not in DONE
    }
    for parts in asked:
        mine = [int(pk) for pk in parts[0].split(",")]
        if any((int(parts[1]), pk) in shares for pk in mine) if parts[1] else any(pk in whole for pk in mine):
            yield parts


def _open_records(asked: list[list[str]], on: date) -> Iterator[list[str]]:
    for label, place, unit_id, day in asked:
        model = find_register(*label.split("."))
        ending = model.register.expiries[int(place)].ending(model.objects.filter(state=RecordState.VALID), on)
        units = {"org_unit": unit_id} if unit_id else {}
        if ending.filter(expires=day, **units).exists():
            yield [label, place, unit_id, day]


def _open_orders(asked: list[list[str]], on: date) -> list[list[str]]:
    pks = SupervisionOrder.objects.filter(pk__in=[pk for (pk,) in asked], state__in=OWED).values_list("pk", flat=True)
    return [[str(pk)] for pk in pks]


def _open_extensions(asked: list[list[str]], on: date) -> list[list[str]]:
    rows = Extension.objects.filter(pk__in=[pk for (pk,) in asked], state=ExtensionState.ASKED)
    return [[str(pk)] for pk in rows.values_list("pk", flat=True)]


def _open_report_extensions(asked: list[list[str]], on: date) -> list[list[str]]:
    named = {int(pk) for (pks,) in asked for pk in pks.split(",")}
    still = set(ReportExtension.objects.open_on(on).filter(pk__in=named).values_list("pk", flat=True))
    return [[pks] for (pks,) in asked if still & {int(pk) for pk in pks.split(",")}]


def _open_remarks(asked: list[list[str]], on: date) -> list[list[str]]:
    rows = Remark.objects.filter(pk__in=[pk for (pk,) in asked]).standing(RemarkState.WAITING, on)
    return [[str(pk)] for pk in rows.values_list("pk", flat=True)]


def _open_adhoc(asked: list[list[str]], on: date) -> list[list[str]]:
    rows = AdHocAnswer.objects.owed(on).filter(pk__in=[pk for (pk,) in asked])
    return [[str(pk)] for pk in rows.values_list("pk", flat=True)]


def _list(name: str, **query) -> str:
    return f"{reverse(f'workplan:{name}')}?{urlencode(query)}"


def _some(names: Iterable[str]) -> str:
    """Return the names, and how many there are beyond the first few."""
    names = list(names)
    return "、".join(names[:FEW]) + (f" 等 {len(names)} 项" if len(names) > FEW else "")
