"""Closing a year: what is still open, the frozen report of the year, and the plan that nobody changes any more."""

import json
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.enums import Right

from .. import clock
from ..enums import OPEN_STATUSES, RUNNING_STATES, AmendmentState, PlanStatus, ReportStatus, RollupKind
from ..errors import Refused
from ..models import Amendment, Period, Plan, ProgressReport, Remark, RollupReport, SupervisionOrder, Target, Unlock
from ..rollup.gather import Asked
from . import rollup
from .amendment_book import wait_turn
from .plan import keeps_whole_plan, lock_plan

NO_RIGHT = "您没有进行此操作的权限。"


@dataclass(frozen=True, slots=True)
class Open:
    """One kind of thing that is not finished. stops: the plan cannot be closed before; else it may be confirmed."""

    words: str
    number: int
    stops: bool
    page: str = ""

    @property
    def url(self) -> str:
        """Return where it is worked on, "" where no page is about it."""
        return reverse(f"workplan:{self.page}") if self.page else ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What stands in the way of closing, and what may be left as it is."""

    stopping: list[Open] = field(default_factory=list)
    warnings: list[Open] = field(default_factory=list)


def outlook(plan: Plan) -> Outlook:
    """Return what is open in the plan. Eight statements.

    What would lose its way stops: the year must be over, every period closed, every report decided upon. What was never handed in
    stays as it is; orders and remarks go on in the next year.
    """
    found = [one for one in _everything(plan) if one.number]
    return Outlook([one for one in found if one.stops], [one for one in found if not one.stops])


def _everything(plan: Plan) -> list[Open]:
    today, reports = clock.today(), ProgressReport.objects.filter(task__plan=plan)
    drafts = reports.filter(status__in=(ReportStatus.DRAFT, ReportStatus.RETURNED))
    return [
        Open("尚未发布", int(plan.status == PlanStatus.DRAFT), True),
        Open(f"{plan.year}年还没有结束", int(today <= date(plan.year, 12, 31)), True),
        Open("报告期尚未关闭", Period.objects.filter(plan=plan, closes__gte=today).count(), True, "duties"),
        Open("填报待审核", reports.filter(status=ReportStatus.SUBMITTED).count(), True, "reports"),
        Open("填报没有提交或退回后没有重报，将不再受理", drafts.count(), False, "reports"),
        Open("补报开放尚未到期，将不再有效", Unlock.objects.in_force(today).filter(period__plan=plan).count(), False, "unlocks"),
        Open(
            "计划调整草稿，将不再能发布",
            Amendment.objects.filter(plan=plan, state=AmendmentState.DRAFT).count(),
            False,
            "amendments",
        ),
        Open(
            "督办单尚未办结，可继续办理",
            SupervisionOrder.objects.filter(plan=plan, state__in=RUNNING_STATES).count(),
            False,
            "orders",
        ),
        Open(
            "领导批示尚未回应，可继续回应",
            Remark.objects.filter(plan=plan, answered_on__isnull=True, order__isnull=True).count(),
            False,
            "remarks",
        ),
    ]  # fmt: skip


@transaction.atomic
def close_plan(*, plan: Plan, actor, confirmed: bool, base: str = "") -> Plan:
    """Close the plan with the published report of its year, all in one transaction; closed already, it is given back as it is.

    confirmed: what may be left open has been read. base: scheme and host of the portal, for links in the documents.
    Raises Refused (forbidden, open, not_confirmed, stale_rollup).
    """
    if not keeps_whole_plan(actor, plan.bureau):
        raise Refused(NO_RIGHT, code="forbidden")
    wait_turn(plan)
    plan = lock_plan(plan)
    if plan.status == PlanStatus.CLOSED:
        return plan
    _wait_for_writers(plan)
    found = outlook(plan)
    if found.stopping:
        words = "；".join(f"{one.words}（{one.number}）" for one in found.stopping)
        raise Refused(f"还不能结束：{words}。", code="open")
    if found.warnings and not confirmed:
        raise Refused("请先确认未办结的事项，再结束这一年度。", code="not_confirmed")
    report = _final_report(plan, actor, base)
    plan.status = PlanStatus.CLOSED
    plan.save(update_fields=["status"])
    left = {one.words: one.number for one in found.warnings}
    after = {"status": plan.status, "rollup": report.pk, "left": left}
    audit.record(action="plan.close", actor=actor, row=plan, before={"status": PlanStatus.PUBLISHED}, after=after)
    return plan


def _wait_for_writers(plan: Plan) -> None:
    """Let those finish who are at a report or a target of the plan; who comes later waits for us and finds the plan closed.

    In the order in which they lock: reports, then targets.
    """
    open_reports = ProgressReport.objects.filter(task__plan=plan, status__in=OPEN_STATUSES).order_by("pk")
    for rows in (open_reports, Target.objects.filter(plan=plan).order_by("pk")):
        list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def _final_report(plan: Plan, actor, base: str) -> RollupReport:
    """Return the published report of the year: the one there is, or the draft as it is worded, or a new one.

    Raises Refused where the draft tells other numbers than stand now.
    """
    asked = Asked(plan, RollupKind.YEAR, date(plan.year, 1, 1), date(plan.year, 12, 31))
    drafted = rollup.look(asked)
    report, made = rollup.store(drafted, actor)
    if report.is_published:
        return report
    if not made and report.snapshot != json.loads(json.dumps(drafted.snapshot)):
        raise Refused(
            f"“{report.title}”的草稿与现在的数据不一致，请先在汇总报告中删除这份草稿，再结束。", code="stale_rollup"
        )
    return rollup.publish(report=report, version=report.version, actor=actor, base=base, right=Right.PLAN_EDIT)
