"""Loading the sample year, once: accounts first, then records, then reports of a plan
that has none yet."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from accounts import audit

from ..errors import Refused
from ..models import LoadedRow, Plan, ProgressReport
from ..services.measuring import rebuild_measured
from .accounts import cast_accounts
from .adhoc import ask_besides
from .checking import check_some_homes
from .extensions import ask_for_time
from .orders import tell_orders
from .registers import invent_records
from .remarks import tell_remarks
from .rollups import publish_some_reports
from .scripts import scripts_of
from .signing import give_some_parts
from .story import TOLD_UNTIL
from .urging import urge_two_townships
from .writer import store

MARK = "demo"


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What was loaded. already: nothing, it had been loaded before; occupied: users' reports came first."""

    accounts: int = 0
    reports: int = 0
    already: bool = False
    occupied: bool = False


@transaction.atomic
def load_demo(*, actor=None) -> DemoReport:
    """Make the demo accounts and the sample year of the plan. A second run does nothing.

    Raises Refused outside the demo mode, and where the plan has not been loaded.
    """
    if not settings.DEMO:
        raise Refused("演示数据只能在演示模式下载入。", code="not_demo")
    plan = Plan.objects.filter(year=TOLD_UNTIL.year).select_related("bureau").order_by("pk").first()
    if plan is None:
        raise Refused(f"尚未载入{TOLD_UNTIL.year}年工作要点，请先执行 load_plan。", code="no_plan")
    if LoadedRow.objects.filter(kind=MARK).exists():
        return DemoReport(already=True)
    troupe, accounts = cast_accounts(plan)
    occupied = ProgressReport.objects.filter(task__plan=plan).exists()
    if not occupied:
        invent_records(plan, troupe)
        rebuild_measured(plan=plan)
    reports = 0 if occupied else store(plan, scripts_of(plan, troupe))
    if not occupied:
        check_some_homes(plan)
        urge_two_townships(plan)
        give_some_parts(plan)
        ask_for_time(plan)
        tell_orders(plan)
        tell_remarks(plan)
        ask_besides(plan)
        publish_some_reports(plan)
    after = {"accounts": accounts, "reports": reports}
    LoadedRow.objects.create(kind=MARK, key=f"{plan.bureau.code}:{plan.year}", values=after)
    audit.record(action="demo.load", actor=actor, row=plan, after=after)
    return DemoReport(accounts, reports, occupied=occupied)
