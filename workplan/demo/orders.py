"""The sample year's supervision orders, one in each usual state, and some problems on the lists of targets. All invented."""

from dataclasses import dataclass
from datetime import date

from accounts.models import OrgUnit, User

from .. import clock
from ..enums import AssignmentRole
from ..models import Plan, SupervisionOrder, Target
from ..services import order_life as life
from ..services import supervision as service
from ..services.problems import ProblemInput, add_problem, check_problem
from ..services.supervision import OrderInput, Subject
from .story import TOUR_UNIT

HOMES, TOMBS, SILENT_TASK = "49.3", "46.3", 34
QUICK, SLOW, LATE = "500156105", "500156203", "500156208"


@dataclass(frozen=True, slots=True)
class Sample:
    """An order as it is drafted. unit: code of the unit charged; target: its code."""

    unit: str
    target: str
    title: str
    requirement: str
    on: date
    due: date


class Office:
    """Drafts, issues and verifies as the office of a section does; the units answer."""

    def __init__(self, plan: Plan, app: str):
        self.plan, self.app = plan, app
        self.head, self.staff = (User.objects.get(username=f"{part}-{app}") for part in ("head", "staff"))
        self.step = service.steps_of(plan)[0]

    def issue(self, sample: Sample) -> SupervisionOrder:
        with clock.pinned(sample.on):
            order = service.draft_order(
                plan=self.plan,
                app=self.app,
                org_unit=unit_of(sample.unit),
                subject=Subject(target=self.plan.targets.get(code=sample.target)),
                typed=OrderInput(sample.title, sample.requirement, self.step, sample.due),
                actor=self.staff,
            )
            return service.issue_order(order=order, actor=self.head, version=order.version, due=sample.due)

    def escalate(self, order: SupervisionOrder, on: date, due: date, text: str) -> SupervisionOrder:
        with clock.pinned(on):
            return life.escalate_order(order=order, actor=self.head, version=order.version, due=due, text=text)

    def close(self, order: SupervisionOrder, on: date, text: str) -> SupervisionOrder:
        with clock.pinned(on):
            order = life.strike_order(order=order, actor=self.head, version=order.version, text=text)
            return life.archive_order(order=order, actor=self.head, version=order.version)


def unit_of(code: str) -> OrgUnit:
    return OrgUnit.objects.get(code=code)


def liaison_of(code: str) -> User:
    return User.objects.get(username=f"liaison-{code}")


def sign(order: SupervisionOrder, on: date) -> SupervisionOrder:
    with clock.pinned(on):
        return life.sign_order(order=order, actor=liaison_of(order.org_unit.code), version=order.version)


def reply(order: SupervisionOrder, on: date, text: str) -> SupervisionOrder:
    with clock.pinned(on):
        return life.reply_order(order=order, actor=liaison_of(order.org_unit.code), version=order.version, text=text)


def tell_orders(plan: Plan) -> None:
    """Write the sample orders through the services, each act on its day."""
    livelihood, funeral = Office(plan, "livelihood"), Office(plan, "funeral")
    _closed(livelihood)
    _escalated(livelihood)
    _replied(funeral)
    _fresh(livelihood)
    _drafted(plan)
    _problems(plan, livelihood)


def _closed(office: Office) -> None:
    """Done in time, verified and put on file."""
    words = "提前完成入户评估", "9月25日前完成全部申请家庭的入户评估，形成“一户一案”。"
    order = office.issue(Sample(QUICK, HOMES, *words, on=date(2024, 9, 18), due=date(2024, 9, 25)))
    order = reply(sign(order, date(2024, 9, 19)), date(2024, 9, 24), "已完成全部申请家庭入户评估，方案已报科室。")
    office.close(order, date(2024, 9, 27), "抽看评估表，内容完整，同意销号。")


def _escalated(office: Office) -> None:
    """Signed for, not done by the first deadline, escalated, and now asking for more time."""
    words = "加快适老化改造进度", "倒排工期，10月中旬前完成已评估家庭的改造施工。"
    order = office.issue(Sample(SLOW, HOMES, *words, on=date(2024, 9, 26), due=date(2024, 10, 9)))
    order = sign(order, date(2024, 9, 29))
    order = office.escalate(order, date(2024, 10, 11), date(2024, 10, 17), "逾期仍未反馈施工进度。")
    with clock.pinned(date(2024, 10, 14)):
        life.ask_extension(
            order=order,
            actor=liaison_of(SLOW),
            version=order.version,
            wanted=date(2024, 10, 25),
            reason="施工队同时承接两个乡镇，连日降雨影响进场。",
        )


def _replied(office: Office) -> None:
    """Replied to after its deadline, and waiting to be verified."""
    words = "开展违建墓地“回头看”", "对往年整治点位逐一复查，发现反弹立即处置并报送情况。"
    order = office.issue(Sample(LATE, TOMBS, *words, on=date(2024, 9, 23), due=date(2024, 9, 30)))
    reply(sign(order, date(2024, 9, 25)), date(2024, 10, 10), "已复查整治点位12处，未发现反弹，巡查记录已存档。")


def _fresh(office: Office) -> None:
    """Issued the day before, to the unit of the guided tour: it has to be signed for."""
    words = "补齐改造户验收资料", "逐户核对验收单和前后照片，缺失的于时限前补齐。"
    office.issue(Sample(TOUR_UNIT, HOMES, *words, on=date(2024, 10, 14), due=date(2024, 10, 21)))


def _drafted(plan: Plan) -> None:
    """An office that has reported on nothing this year: the leader has drafted, and decides."""
    task = plan.tasks.get(number=SILENT_TASK)
    lead = task.assignments.get(role=AssignmentRole.LEAD).org_unit
    with clock.pinned(date(2024, 10, 14)):
        service.draft_order(
            plan=plan,
            app="placenames",
            org_unit=lead,
            subject=Subject(task=task),
            typed=OrderInput(
                "报送行政区划管理工作进展", "书面说明全年进展和未按月报送的原因。", service.steps_of(plan)[0]
            ),
            actor=User.objects.get(username="leader"),
        )


def _problems(plan: Plan, office: Office) -> None:
    target: Target = plan.targets.select_related("task__section", "plan__bureau").get(code=HOMES)
    order = plan.orders.filter(target=target, org_unit__code=SLOW).first()
    told = ProblemInput(
        "已评估家庭施工进度偏慢", "施工力量不足，雨天无法进场", "增派一支施工队，按户倒排工期", "分管负责人", date(2024, 10, 25)
    )  # fmt: skip
    solved = ProblemInput("部分改造户缺少前后对比照片", "施工前未留存影像", "补拍现状照片，今后先拍照后施工")
    with clock.pinned(date(2024, 9, 26)):
        add_problem(target=target, org_unit=unit_of(SLOW), typed=told, actor=liaison_of(SLOW), order=order)
        row = add_problem(target=target, org_unit=unit_of(QUICK), typed=solved, actor=office.staff)
    with clock.pinned(date(2024, 10, 10)):
        check_problem(row=row, actor=office.head, version=row.version, note="抽查3户，照片已补齐。", closed=True)
