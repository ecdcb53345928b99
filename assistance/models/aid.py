"""The low-income population, standards, temporary aid and what the office sets up (items 14 to 18)."""

from django.db import models
from django.db.models import Q

from accounts.enums import TOWNSHIP_KINDS
from people.models import PersonRecord
from people.purposes import Purpose
from workplan.enums import Privacy
from workplan.models import AT_OFFICE, IN_TOWNSHIPS, Record, Register, not_before, once, steps_follow

from ..enums import (
    AidKind,
    AidOutcome,
    Area,
    Cause,
    FundMove,
    Layer,
    MechanismKind,
    Origin,
    ReferralKind,
    Refusal,
    StandardKind,
)
from .keeping import one_open


class LowIncomePerson(PersonRecord):
    """Somebody recognised as belonging to a layer of the low-income population, until that ends."""

    layer = models.CharField("救助类别", max_length=16, choices=Layer.choices)
    area = models.CharField("户籍类别", max_length=8, choices=[(a.value, a.label) for a in (Area.URBAN, Area.RURAL)])
    happened_on = models.DateField("认定日期")
    cause = models.CharField("致困原因", max_length=12, choices=Cause.choices)
    included_on = models.DateField("纳入救助日期", null=True, blank=True)
    monthly_amount = models.DecimalField("月保障金额（元）", max_digits=8, decimal_places=2, null=True, blank=True)
    ended_on = models.DateField("退出日期", null=True, blank=True)

    purpose = Purpose("认定低收入人口，核定救助")
    register = Register(
        columns=("person", "org_unit", "layer", "area", "happened_on", "included_on", "monthly_amount", "ended_on"),
        fields=(
            "org_unit",
            "person",
            "layer",
            "area",
            "happened_on",
            "cause",
            "included_on",
            "monthly_amount",
            "ended_on",
            "note",
        ),
        filters=("layer", "area", "cause"),
        key=("person", "happened_on"),
        steps=("included_on",),
        units=IN_TOWNSHIPS,
        privacy=Privacy.PERSONS,
        hint="一人一条，类别变更时原记录填退出日期、另登一条；特困人员还须在“特困人员”台账登记供养情况。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "低收入人口"
        constraints = [
            *PersonRecord.Meta.constraints,
            *steps_follow("happened_on", "included_on"),
            not_before("ended_on", "happened_on", "退出日期不能早于认定日期。"),
            once("person", "happened_on", message="此人这一天的认定已经登记。"),
            one_open("此人已在册，类别变更请先在原记录填写退出日期。"),
        ]


class AidStandard(Record):
    """A standard of support from the day on which it takes effect (item 15)."""

    kind = models.CharField("标准类别", max_length=16, choices=StandardKind.choices)
    area = models.CharField("适用范围", max_length=8, choices=Area.choices)
    happened_on = models.DateField("执行日期")
    amount = models.DecimalField("标准（元/月）", max_digits=8, decimal_places=2)
    document = models.CharField("依据文件", max_length=120, blank=True)

    register = Register(
        columns=("kind", "area", "amount", "happened_on", "document"),
        fields=("org_unit", "kind", "area", "happened_on", "amount", "document", "note"),
        search=("document",),
        filters=("kind", "area"),
        key=("kind", "area", "happened_on"),
        units=AT_OFFICE,
        hint="每次调整每类标准登记一条，旧标准保留不改。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "救助保障标准"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "kind", "area", "happened_on", message="这一天执行的同类标准已经登记。"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}（{self.get_area_display()}）"


class TemporaryAid(PersonRecord):
    """An application for temporary aid and what became of it (item 15)."""

    happened_on = models.DateField("受理日期")
    kind = models.CharField("救助类型", max_length=12, choices=AidKind.choices)
    cause = models.CharField("困难原因", max_length=12, choices=Cause.choices)
    origin = models.CharField("户籍地", max_length=12, choices=Origin.choices)
    at_place = models.BooleanField("急难发生地受理", default=False, help_text="在急难发生地申请并由发生地受理的勾选。")
    small_first = models.BooleanField("小金额先行救助", default=False)
    outcome = models.CharField("办理结果", max_length=10, choices=AidOutcome.choices, default=AidOutcome.PENDING)
    decided_on = models.DateField("办结日期", null=True, blank=True)
    amount = models.DecimalField("救助金额（元）", max_digits=9, decimal_places=2, null=True, blank=True)
    refusal = models.CharField("不予救助原因", max_length=12, choices=Refusal.choices, blank=True)

    purpose = Purpose("办理临时救助")
    register = Register(
        columns=("person", "org_unit", "kind", "origin", "at_place", "happened_on", "outcome", "decided_on", "amount"),
        fields=(
            "org_unit",
            "person",
            "happened_on",
            "kind",
            "cause",
            "origin",
            "at_place",
            "small_first",
            "outcome",
            "decided_on",
            "amount",
            "refusal",
            "note",
        ),
        filters=("kind", "origin", "at_place", "outcome", "refusal"),
        key=("person", "happened_on"),
        steps=("decided_on",),
        units=TOWNSHIP_KINDS,
        privacy=Privacy.PERSONS,
        hint="每件申请一条；不予救助的须选择原因，因非本地户籍拒绝的计入控制上限。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "临时救助"
        constraints = [
            *PersonRecord.Meta.constraints,
            *steps_follow("happened_on", "decided_on"),
            models.CheckConstraint(
                condition=Q(outcome=AidOutcome.PENDING, decided_on__isnull=True)
                | (~Q(outcome=AidOutcome.PENDING) & Q(decided_on__isnull=False)),
                name="assistance_temporaryaid_outcome_with_date",
                violation_error_message="已救助或不予救助的须填写办结日期，办理中的不填。",
            ),
            models.CheckConstraint(
                condition=(Q(outcome=AidOutcome.REFUSED) & ~Q(refusal=""))
                | (~Q(outcome=AidOutcome.REFUSED) & Q(refusal="")),
                name="assistance_temporaryaid_refusal_with_reason",
                violation_error_message="不予救助的须选择原因，其他结果不选。",
            ),
            once("person", "happened_on", message="此人这一天的申请已经登记。"),
        ]


class ReserveEntry(Record):
    """A line in the ledger of a township's reserve fund for temporary aid."""

    happened_on = models.DateField("记账日期")
    move = models.CharField("收支类型", max_length=10, choices=FundMove.choices)
    voucher = models.CharField("凭证号", max_length=30)
    amount = models.DecimalField("金额（元）", max_digits=10, decimal_places=2)
    use = models.CharField("摘要", max_length=120, blank=True)

    register = Register(
        columns=("org_unit", "happened_on", "move", "voucher", "amount", "use"),
        fields=("org_unit", "happened_on", "move", "voucher", "amount", "use", "note"),
        search=("voucher", "use"),
        filters=("move",),
        key=("voucher",),
        units=TOWNSHIP_KINDS,
        hint="乡镇（街道）临时救助备用金逐笔登记，金额填正数，收支由类型区分；摘要不写个人信息。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "备用金收支"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "voucher", message="这一凭证号已经登记。"),
        ]

    def __str__(self):
        return f"备用金{self.get_move_display()} {self.voucher}"


class Mechanism(Record):
    """A channel or mechanism that the office sets up, from start until it is in force (items 14, 16 and 18)."""

    kind = models.CharField("类型", max_length=14, choices=MechanismKind.choices)
    name = models.CharField("名称", max_length=120)
    happened_on = models.DateField("启动日期")
    drafted_on = models.DateField("形成方案日期", null=True, blank=True)
    effective_on = models.DateField("印发或上线日期", null=True, blank=True)
    document = models.CharField("文号", max_length=60, blank=True)

    register = Register(
        columns=("name", "kind", "step", "happened_on", "effective_on", "document"),
        fields=("org_unit", "kind", "name", "happened_on", "drafted_on", "effective_on", "document", "note"),
        search=("name", "document"),
        filters=("kind",),
        key=("kind", "name"),
        steps=("drafted_on", "effective_on"),
        units=AT_OFFICE,
        hint="通道上线可用、机制文件印发即为完成，附文件或上线截图。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "救助机制建设"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "drafted_on", "effective_on"),
            once("org_unit", "kind", "name", message="这一机制已经登记。"),
        ]

    def __str__(self):
        return self.name


class Referral(PersonRecord):
    """Somebody whom public assistance does not help enough, passed on to charity, insurance or volunteers (item 18)."""

    happened_on = models.DateField("转介日期")
    kind = models.CharField("转介方向", max_length=12, choices=ReferralKind.choices)
    receiver = models.CharField("承接单位", max_length=80)
    settled_on = models.DateField("落实帮扶日期", null=True, blank=True)
    amount = models.DecimalField("帮扶金额（元）", max_digits=9, decimal_places=2, null=True, blank=True)

    purpose = Purpose("转介慈善、保险和志愿服务帮扶")
    register = Register(
        columns=("person", "org_unit", "kind", "receiver", "happened_on", "settled_on", "amount"),
        fields=("org_unit", "person", "happened_on", "kind", "receiver", "settled_on", "amount", "note"),
        search=("receiver",),
        filters=("kind",),
        key=("person", "happened_on", "kind"),
        steps=("settled_on",),
        units=IN_TOWNSHIPS,
        privacy=Privacy.PERSONS,
        hint="政府救助后仍有困难、转慈善或保险等帮扶的登记，落实后填写日期和金额。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "帮扶转介"
        constraints = [
            *PersonRecord.Meta.constraints,
            *steps_follow("happened_on", "settled_on"),
            once("person", "happened_on", "kind", message="此人这一天的同类转介已经登记。"),
        ]
