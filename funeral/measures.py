"""How funeral affairs' targets are computed from its registers (readings A07, A14)."""

from decimal import Decimal

from django.db.models import Case, DecimalField, Value, When

from workplan.measures import Measure, Rows, of_bureau, owed_times, this_year

from .enums import MilestoneKind, ProviderKind, ZoningStep
from .models import (
    BurialPilot,
    FeeInspection,
    IllegalTomb,
    Milestone,
    Overcharge,
    Provider,
    TransportWaiver,
    ZoningRecord,
)

# What each step is worth of the target that it belongs to.
PLAN_STEPS = {ZoningStep.DRAFTED: "0.3", ZoningStep.REVISED: "0.3", ZoningStep.FINAL: "0.4"}
REVIEW_STEPS = {ZoningStep.SUBMITTED: "0.5", ZoningStep.REVIEWED: "0.5"}
DECISION_STEPS = {ZoningStep.APPROVED: "0.5", ZoningStep.IN_FORCE: "0.5"}


def _steps(shares: dict[ZoningStep, str]):
    """Return the measure that adds up the shares of the steps taken."""

    def rows(target) -> Rows:
        taken = this_year(of_bureau(ZoningRecord, target).filter(kind__in=shares), target)
        worth = [When(kind=step, then=Value(Decimal(share))) for step, share in shares.items()]
        share = Case(*worth, output_field=DecimalField(max_digits=5, decimal_places=4))
        return Rows(taken.annotate(share=share), amount="share")

    return rows


def _pilots(target) -> Rows:
    return Rows(of_bureau(BurialPilot, target), until="ended_on")


def _transports(target) -> Rows:
    return Rows(this_year(of_bureau(TransportWaiver, target), target))


def _waived(target) -> Rows:
    return Rows(_transports(target).query.filter(waived_on__isnull=False), since="waived_on")


def _milestone(kind: MilestoneKind):
    def rows(target) -> Rows:
        return Rows(owed_times(this_year(of_bureau(Milestone, target).filter(kind=kind), target), target))

    return rows


def _overcharges(target) -> Rows:
    return Rows(this_year(of_bureau(Overcharge, target), target))


def _punished(target) -> Rows:
    return Rows(_overcharges(target).query.filter(punished_on__isnull=False), since="punished_on")


def _providers(target) -> Rows:
    return Rows(of_bureau(Provider, target), until="closed_on")


def _disclosing(target) -> Rows:
    return Rows(_providers(target).query.filter(complete_on__isnull=False), since="complete_on", until="closed_on")


def _cemetery_inspections(target) -> Rows:
    rows = of_bureau(FeeInspection, target).filter(provider__kind=ProviderKind.PUBLIC_CEMETERY)
    return Rows(this_year(rows, target))


def _tombs(target) -> Rows:
    return Rows(this_year(of_bureau(IllegalTomb, target), target))


def _untreated(target) -> Rows:
    """A case counts from the day on which it was found until it is stopped."""
    return Rows(_tombs(target).query, until="stopped_on")


def _standing(target) -> Rows:
    """The net figure: new cases that have not been pulled down."""
    return Rows(_tombs(target).query, until="demolished_on")


def _stopped(target) -> Rows:
    return Rows(_tombs(target).query.filter(stopped_on__isnull=False), since="stopped_on")


def _demolished(target) -> Rows:
    return Rows(_tombs(target).query.filter(demolished_on__isnull=False), since="demolished_on")


MEASURES = [
    Measure("funeral.zoning_plan", "划定实施方案：初稿 0.3、修改 0.3、定稿 0.4", _steps(PLAN_STEPS)),
    Measure("funeral.zoning_review", "市民政局研判论证：报送 0.5、完成 0.5", _steps(REVIEW_STEPS)),
    Measure("funeral.zoning_decision", "市政府审定 0.5、公布实施 0.5", _steps(DECISION_STEPS)),
    Measure("funeral.burial_pilots", "纳入节地生态安葬试点的乡镇（街道）", _pilots),
    Measure("funeral.transports_waived", "已办结减免的首次遗体运输，占符合条件的首次遗体运输", _waived, _transports),
    Measure("funeral.joint_supervision", "本年纳入跨部门综合监管试点", _milestone(MilestoneKind.JOINT_SUPERVISION)),
    Measure("funeral.overcharges", "本年发现的违反政府定价的收费件数", _overcharges),
    Measure("funeral.disclosing", "四项收费公开齐全的机构，占全部殡葬服务机构", _disclosing, _providers),
    Measure("funeral.cemetery_inspections", "本年对公益性公墓的收费检查次数", _cemetery_inspections),
    Measure("funeral.overcharges_punished", "已查处的违规收费，占发现的违规收费", _punished, _overcharges),
    Measure("funeral.yearly_assessment", "本年纳入年度综合目标考核", _milestone(MilestoneKind.YEARLY_ASSESSMENT)),
    Measure("funeral.tombs_untreated", "本年发现后尚未制止的违建墓地", _untreated),
    Measure(
        "funeral.tombs_found",
        "本年发现的新增违建墓地",
        _tombs,
        beside=("按“新增减拆除”的净增口径", _standing),
    ),
    Measure("funeral.tombs_stopped", "已制止的违建墓地，占本年发现的违建墓地", _stopped, _tombs),
    Measure("funeral.tombs_demolished", "已拆除的违建墓地，占本年发现的违建墓地", _demolished, _tombs),
]
