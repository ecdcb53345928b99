"""Report periods: laying out a year, and letting a unit report after the close."""

import calendar
from datetime import date, timedelta

from django.db import transaction

from accounts import audit
from accounts.locks import exclusive
from accounts.models import OrgUnit

from .. import clock
from ..enums import PeriodKind, PlanStatus
from ..errors import Refused
from ..models import Period, PeriodRule, Plan, Unlock

MONTHS_PER_PERIOD = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF_YEAR: 6, PeriodKind.YEAR: 12}

UNLOCK_MAX_DAYS = 60


@transaction.atomic
def generate_periods(*, plan: Plan) -> int:
    """Make the periods that the plan's rules imply and that do not exist yet; return how many.

    Existing periods are left alone: their dates may have been edited.
    """
    exclusive(f"periods:{plan.pk}")
    known = set(plan.periods.values_list("kind", "number"))
    missing = [
        Period(plan=plan, kind=rule.kind, number=number, **_dates(rule, start, end))
        for rule in plan.period_rules.all()
        for number, start, end in year_spans(plan.year, MONTHS_PER_PERIOD[rule.kind])
        if start >= rule.first_start and (rule.kind, number) not in known
    ]
    return len(Period.objects.bulk_create(missing))


def year_spans(year: int, months: int) -> list[tuple[int, date, date]]:
    """Return (number, first day, last day) of the year's spans of that many months."""
    spans = []
    for number, month in enumerate(range(1, 13, months), start=1):
        last = month + months - 1
        spans.append((number, date(year, month, 1), date(year, last, calendar.monthrange(year, last)[1])))
    return spans


def _dates(rule: PeriodRule, start: date, end: date) -> dict:
    return {
        "start": start,
        "end": end,
        "due": end + timedelta(days=rule.due_offset),
        "closes": end + timedelta(days=rule.closes_offset),
    }


@transaction.atomic
def unlock_period(*, org_unit: OrgUnit, period: Period, app: str, actor, reason: str, expires_on: date) -> Unlock:
    """Let a unit report on a section in a closed period until `expires_on`.

    Raises Refused without a reason, for a past or far expiry, for a unit or section that the period's plan does not
    have, or where the actor unlocks for a unit of his own.
    """
    today = clock.today()
    _require_unlockable(org_unit, period, app, actor, reason, expires_on)
    exclusive(f"unlock:{org_unit.pk}:{period.pk}:{app}")
    same = Unlock.objects.in_force(today).filter(org_unit=org_unit, period=period, app=app, expires_on__gte=expires_on)
    if same.exists():
        raise Refused(f"已对{org_unit.label}开放{period}补报，无需重复开放。", code="already_open")
    unlock = Unlock.objects.create(
        org_unit=org_unit,
        period=period,
        app=app,
        reason=reason.strip(),
        granted_by=actor,
        granted_on=today,
        expires_on=expires_on,
    )
    after = {"period": str(period), "expires_on": expires_on.isoformat()}
    audit.record(action="period.unlock", actor=actor, row=unlock, after=after, note=unlock.reason)
    return unlock


def _require_unlockable(org_unit: OrgUnit, period: Period, app: str, actor, reason: str, expires_on: date) -> None:
    today = clock.today()
    bureau = period.plan.bureau
    if not org_unit.path.startswith(bureau.path) or not period.plan.sections.filter(app=app).exists():
        raise Refused("所选单位或板块不属于这一报告期的工作要点。", code="foreign_unit")
    if period.plan.status == PlanStatus.CLOSED:
        raise Refused("该年度工作要点已结束，不能再开放补报。", code="plan_closed")
    if not reason.strip():
        raise Refused("请填写开放补报的原因。", code="reason_required")
    if expires_on < today:
        raise Refused("有效期不能早于今天。", code="expiry_in_past")
    if expires_on > today + timedelta(days=UNLOCK_MAX_DAYS):
        raise Refused(f"有效期最长 {UNLOCK_MAX_DAYS} 天。", code="expiry_too_far")
    below_bureau = [unit for unit in actor.home_units if not bureau.path.startswith(unit.path)]
    if any(org_unit.path.startswith(unit.path) for unit in below_bureau):
        raise Refused("不能为本单位开放补报。", code="own_unit")
