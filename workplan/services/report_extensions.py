"""More time for a report: asked for by the unit before the deadline, granted or refused by the office that reviews it.

A request is about one task. What a unit asks in one go for several tasks is as many requests, which the office may answer in one go.
"""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.enums import Right
from accounts.locks import exclusive
from accounts.models import OrgUnit, User

from .. import clock
from ..completeness import Duty, duties
from ..due_days import due_day_of
from ..enums import ExtensionState
from ..errors import Refused
from ..models import Period, ProgressReport, ReportExtension, Task
from ..reminders.people import People
from .supervision import required
from .telling import tell


def settle(report: ProgressReport) -> date:
    """Return until when the report that is being handed in is on time; an open request for more time falls away.

    To be called within the transaction that hands it in: an answer to the request comes before it or after it.
    """
    _hold(report.org_unit_id, report.period_id)
    same = {"org_unit": report.org_unit_id, "period": report.period_id, "task": report.task_id}
    ReportExtension.objects.filter(**same, state=ExtensionState.ASKED).update(state=ExtensionState.LAPSED)
    return due_day_of(report, clock.today())


def _hold(unit: int, period: int) -> None:
    """Let one at a time ask, answer, or hand in, for a unit and period."""
    exclusive(f"deadline:{period}:{unit}")


# --- asking ---


@transaction.atomic
def ask_extensions(
    *, org_unit: OrgUnit, period: Period, tasks: Iterable[Task], actor: User, wanted: date | None, reason: str
) -> list[ReportExtension]:
    """Ask for a later day for the unit's reports on the tasks, with the reason; all of them or none.

    Raises Refused where a report is not the actor's to write, was handed in, is past its deadline or asked for already, without
    a reason, and where the day is not later or the period is closed by then.
    """
    _hold(org_unit.pk, period.pk)
    _lapse_passed(org_unit, period)
    _require_running(period)
    chosen = {task.pk for task in tasks}
    found = duties(period, actor, units=[org_unit], right=Right.REPORT_WRITE)
    asked = [duty for duty in found if duty.task.pk in chosen]
    if not chosen:
        raise Refused("请选择要申请延期的任务。", code="tasks_required")
    if len(asked) != len(chosen):
        raise Refused("所选任务中有本单位本期不需要填报的任务。", code="nothing_owed")
    waiting = _waiting(org_unit, period)
    for duty in asked:
        hindrance = hindrance_of(duty, waiting)
        if hindrance:
            raise hindrance
    reason = required(reason, "请写明延期理由。")
    _require_wanted(wanted, asked, period)
    return [_ask(duty, actor, wanted, reason) for duty in asked]


def _lapse_passed(unit: OrgUnit, period: Period) -> None:
    """Close requests that nobody answered before the day they asked for."""
    open_ones = ReportExtension.objects.filter(org_unit=unit, period=period, state=ExtensionState.ASKED)
    open_ones.filter(wanted__lt=clock.today()).update(state=ExtensionState.LAPSED)


def _require_running(period: Period) -> None:
    if not period.plan.is_running:
        raise Refused("工作要点未在执行中，不能申请延期。", code="plan_not_running")
    if period.start > clock.today():
        raise Refused(f"{period}尚未开始，不能申请延期。", code="period_not_open")


def _waiting(unit: OrgUnit, period: Period) -> set[int]:
    """Return the tasks for which the unit has asked and waits for an answer."""
    rows = ReportExtension.objects.open_on(clock.today()).filter(org_unit=unit, period=period)
    return set(rows.values_list("task_id", flat=True))


def hindrance_of(duty: Duty, waiting: set[int]) -> Refused | None:
    """Say why no more time can be asked for this report today, or None. waiting: the tasks that wait for an answer."""
    name = f"任务 {duty.task.number} "
    if duty.handed_in:
        return Refused(f"{name}本期已经报送，无需延期。", code="handed_in")
    if duty.task.pk in waiting:
        return Refused(f"{name}已有延期申请等待审批，无需重复申请。", code="already_asked")
    if duty.due < clock.today():
        return Refused(f"{name}已于 {duty.due} 截止，截止后不能再申请延期。", code="past_due")
    if duty.due >= duty.period.closes:
        return Refused(f"{name}的截止日期已是报告期关闭日，不能再延期。", code="no_room")
    return None


def askable(unit: OrgUnit, period: Period, user: User) -> list[Duty]:
    """Return the reports for which the user may ask for more time now. A handful of statements."""
    if not period.plan.is_running or not period.start <= clock.today() <= period.closes:
        return []
    waiting = _waiting(unit, period)
    found = duties(period, user, units=[unit], right=Right.REPORT_WRITE)
    return [duty for duty in found if hindrance_of(duty, waiting) is None]


def _require_wanted(wanted: date | None, asked: list[Duty], period: Period) -> None:
    if wanted is None:
        raise Refused("请填写申请延至的日期。", code="wanted_required")
    last = max(duty.due for duty in asked)
    if wanted <= last:
        raise Refused(f"申请延至的日期须晚于现截止日期 {last}。", code="not_later")
    if wanted > period.closes:
        raise Refused(f"申请延至的日期不能晚于报告期关闭日 {period.closes}。", code="after_close")


def _ask(duty: Duty, actor: User, wanted: date, reason: str) -> ReportExtension:
    row = ReportExtension.objects.create(
        org_unit=duty.org_unit,
        period=duty.period,
        task=duty.task,
        due=duty.due,
        wanted=wanted,
        reason=reason,
        asked_by=actor,
        asked_on=clock.today(),
    )
    after = {"due": duty.due.isoformat(), "wanted": wanted.isoformat()}
    audit.record(action="extension.ask", actor=actor, row=row, after=after, note=reason)
    return row


# --- answering ---


@transaction.atomic
def decide_extensions(
    *, extensions: Iterable[int], actor: User, granted: bool, until: date | None = None, note: str = ""
) -> list[ReportExtension]:
    """Answer requests that a unit made in one go, named by id; return those that were answered by it.

    until: the day granted, the one asked for where it is not said. Requests that were overtaken meanwhile are left as they are;
    raises Refused where that is all of them, without the right, for an own request, without a reason for refusing, and for a day
    that does not serve. The unit is told.
    """
    rows = _locked(set(extensions), actor)
    waiting = [row for row in rows if row.state_on(clock.today()) == ExtensionState.ASKED]
    if not waiting:
        raise Refused(_overtaken(rows[0]), code="nothing_asked")
    note = note.strip() if granted else required(note, "请填写不同意延期的理由。")
    for row in waiting:
        _decide(row, actor, _granted_day(row, until) if granted else None, note)
    _tell(waiting, actor)
    return waiting


def _locked(pks: set[int], actor: User) -> list[ReportExtension]:
    """Return the requests, read anew once nobody hands in, asks or answers beside. They are of one unit and period."""
    mine = ReportExtension.objects.visible_to(actor, Right.REPORT_REVIEW).filter(pk__in=pks)
    places = set(mine.order_by().values_list("org_unit_id", "period_id", "asked_by_id"))
    if not places or mine.count() != len(pks):
        raise Refused("您没有进行此操作的权限。", code="forbidden")
    if actor.pk in {asked_by for *_, asked_by in places}:
        raise Refused("不能审批本人提出的延期申请。", code="own_request")
    if len(places) > 1:
        raise Refused("请逐个单位审批延期申请。", code="several_units")
    ((unit, period, _),) = places
    _hold(unit, period)
    return list(mine.with_context().select_related("period__plan__bureau").order_by("task__number", "pk"))


def _overtaken(row: ReportExtension) -> str:
    if row.decided_by_id:
        return f"{row.decided_by} 已于 {row.decided_on} 对这项延期申请作出“{row.get_state_display()}”的答复，无需重复办理。"
    return "这项延期申请已失效：单位已经报送，或申请延至的日期已过。"


def _granted_day(row: ReportExtension, until: date | None) -> date:
    """Return the day to be granted. Raises Refused where it is not later than the deadline, past, or beyond what was asked."""
    day, today = until or row.wanted, clock.today()
    if day <= row.due:
        raise Refused(f"同意延至的日期须晚于原截止日期 {row.due}。", code="not_later")
    if day < today:
        raise Refused("同意延至的日期不能早于今天。", code="until_in_past")
    if day > min(row.wanted, row.period.closes):
        raise Refused(f"同意延至的日期不能晚于申请的 {row.wanted}。", code="beyond_wanted")
    return day


def _decide(row: ReportExtension, actor: User, until: date | None, note: str) -> None:
    row.state = ExtensionState.REFUSED if until is None else ExtensionState.GRANTED
    row.until, row.note, row.decided_by, row.decided_on = until, note, actor, clock.today()
    row.save(update_fields=["state", "until", "note", "decided_by", "decided_on"])
    action = "extension.refuse" if until is None else "extension.grant"
    after = {"state": row.state} | ({"until": until.isoformat()} if until else {})
    audit.record(action=action, actor=actor, row=row, before={"state": ExtensionState.ASKED}, after=after, note=note)


def _tell(rows: list[ReportExtension], actor: User) -> None:
    """Tell those who report for the unit what was answered, in one message for each."""
    first = rows[0]
    people = People(first.period.plan.bureau, clock.today())
    apps = sorted({row.task.section.app for row in rows})
    told = [one for app in apps for one in people.holders(Right.REPORT_WRITE, first.org_unit.path, app)]
    answer = f"同意延期至 {first.until}" if first.until else "不同意延期"
    tasks = "、".join(str(row.task.number) for row in rows)
    address = f"{reverse('workplan:sheet')}?unit={first.org_unit_id}&period={first.period_id}"
    line = {"text": f"任务 {tasks}：{answer}" + (f"（{first.note}）" if first.note else ""), "url": address, "keys": []}
    tell(
        people,
        told,
        key=f"reportextension:{first.pk}:{first.state}",
        title=f"{first.period.name}填报延期申请：{first.get_state_display()}",
        lines=[line],
        sent_by=actor,
    )
