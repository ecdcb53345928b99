"""The sample year's requests for more time for the reports of October: one waits for the elder care office, one was granted. All invented."""

from datetime import date

from accounts.models import User

from .. import clock
from ..completeness import reporting_period
from ..models import Plan, ReportExtension
from ..services.report_extensions import ask_extensions, askable, decide_extensions
from .orders import liaison_of, unit_of

APP, WAITING, GRANTED = "eldercare", "500156113", "500156206"
ASKED, ANSWERED = date(2024, 10, 14), date(2024, 10, 15)


def ask_for_time(plan: Plan) -> None:
    """Ask and answer through the services, each act on its day."""
    _ask(plan, WAITING, date(2024, 11, 1), "高龄老人信息正在逐户核对，数据汇总需要延后几天。")
    rows = _ask(plan, GRANTED, date(2024, 11, 4), "道路塌方，部分村的入户核实推迟。")
    with clock.pinned(ANSWERED):
        decide_extensions(
            extensions=[row.pk for row in rows],
            actor=User.objects.get(username=f"head-{APP}"),
            granted=True,
            until=date(2024, 11, 1),
            note="同意，请先报送已核实的村。",
        )


def _ask(plan: Plan, code: str, wanted: date, reason: str) -> list[ReportExtension]:
    with clock.pinned(ASKED):
        unit, actor, period = unit_of(code), liaison_of(code), reporting_period(plan, ASKED)
        owed = [duty.task for duty in askable(unit, period, actor) if duty.task.section.app == APP]
        return ask_extensions(org_unit=unit, period=period, tasks=owed, actor=actor, wanted=wanted, reason=reason)
