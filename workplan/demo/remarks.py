"""The sample year's remarks of the leader: one answered, one that waits, one that became a supervision order. All invented."""

from datetime import date

from accounts.models import User

from .. import clock
from ..enums import ReportStatus
from ..models import Plan, ProgressReport, Remark
from ..services import supervision
from ..services.remarks import RemarkInput, answer_remark, order_remark, usual_due, write_remark
from ..services.supervision import OrderInput, Subject
from .orders import HOMES, TOMBS, unit_of
from .story import TOUR_UNIT

CHARGED = "500156104"


def tell_remarks(plan: Plan) -> None:
    """Write the sample remarks through the services, each act on its day."""
    _answered(plan)
    _waiting(plan)
    _ordered(plan)


def _remark(plan: Plan, subject: Subject, text: str, on: date) -> Remark:
    with clock.pinned(on):
        typed = RemarkInput(text, usual_due(plan.bureau))
        return write_remark(subject=subject, typed=typed, actor=_user("leader"))


def _user(name: str) -> User:
    return User.objects.get(username=name)


def _answered(plan: Plan) -> None:
    """The office has said how it goes on."""
    subject = Subject(target=_target(plan, HOMES))
    row = _remark(plan, subject, "适老化改造进度偏慢，请说明原因和第四季度安排。", date(2024, 9, 23))
    words = "主要受评估和备料影响。已按乡镇倒排工期，10月底前完成已评估家庭施工，11月集中验收。"
    with clock.pinned(date(2024, 9, 26)):
        answer_remark(remark=row, actor=_user("head-livelihood"), version=row.version, text=words)


def _waiting(plan: Plan) -> None:
    """Written the day before, on a report of the unit that the guided tour follows."""
    reports = ProgressReport.objects.with_context().filter(task__plan=plan, org_unit__code=TOUR_UNIT)
    report = (
        reports.filter(status=ReportStatus.APPROVED, task__section__app="eldercare").order_by("-period__start").first()
    )
    _remark(plan, Subject(report=report), "请核实本期数字，并说明与上期相比变化的原因。", date(2024, 10, 14))


def _ordered(plan: Plan) -> None:
    """Drafted by the office on the same day, issued by its head on the next."""
    subject = Subject(target=_target(plan, TOMBS))
    row = _remark(plan, subject, "违建墓地必须零新增，请对重点区域逐一排查。", date(2024, 10, 8))
    typed = OrderInput(
        "排查重点区域违建墓地",
        "对重点区域逐一排查，10月18日前书面报送排查情况，发现新增立即处置。",
        supervision.steps_of(plan)[0],
        date(2024, 10, 18),
    )
    with clock.pinned(date(2024, 10, 8)):
        order = order_remark(
            remark=row, org_unit=unit_of(CHARGED), typed=typed, actor=_user("staff-funeral"), key="demo"
        )
    with clock.pinned(date(2024, 10, 9)):
        supervision.issue_order(order=order, actor=_user("head-funeral"), version=order.version, due=order.due)


def _target(plan: Plan, code: str):
    return plan.targets.select_related("task__section", "task__plan__bureau").get(code=code)
