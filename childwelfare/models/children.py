"""Registers about the children themselves: who they are, who looks after them, how they are supported."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from people.models import Person, PersonRecord
from people.purposes import SENSITIVE, Purpose
from workplan.enums import Privacy
from workplan.models import IN_TOWNSHIPS, Register, not_before, once, steps_follow

from ..enums import (
    BenefitKind,
    CareGrade,
    CarerRelation,
    ExitReason,
    GuardianshipKind,
    HardshipReason,
    LeftBehindReason,
    OrphanReason,
    ParentState,
    VisitWay,
)

GROWN_UP = 18  # years
MONTHLY = (BenefitKind.ORPHAN, BenefitKind.UNATTENDED)  # paid by the month, against a standard


class Child(PersonRecord):
    """A child in the care of the section: one row, whatever categories it is in, so that none is counted twice."""

    happened_on = models.DateField("纳入台账日期")
    orphan = models.CharField("孤儿", max_length=16, choices=OrphanReason.choices, blank=True)
    unattended = models.BooleanField("事实无人抚养", default=False, help_text="勾选后填写父母情形。")
    father = models.CharField("父亲情形", max_length=14, choices=ParentState.choices, blank=True)
    mother = models.CharField("母亲情形", max_length=14, choices=ParentState.choices, blank=True)
    hardship = models.CharField("困境", max_length=10, choices=HardshipReason.choices, blank=True)
    left_behind = models.CharField("留守", max_length=14, choices=LeftBehindReason.choices, blank=True)
    migrant = models.BooleanField("流动", default=False, help_text="随监护人跨县域居住满六个月。")
    ended_on = models.DateField("退出台账日期", null=True, blank=True)
    exit_reason = models.CharField("退出原因", max_length=10, choices=ExitReason.choices, blank=True)

    purpose = Purpose("分类保障困境儿童，关爱留守和流动儿童", SENSITIVE)
    register = Register(
        columns=(
            "person",
            "person_age",
            "org_unit",
            "orphan",
            "unattended",
            "hardship",
            "left_behind",
            "migrant",
            "happened_on",
            "ended_on",
        ),
        fields=(
            "org_unit",
            "person",
            "happened_on",
            "orphan",
            "unattended",
            "father",
            "mother",
            "hardship",
            "left_behind",
            "migrant",
            "ended_on",
            "exit_reason",
            "note",
        ),
        filters=("orphan", "unattended", "hardship", "left_behind", "migrant"),
        key=("person",),
        steps=("ended_on",),
        units=IN_TOWNSHIPS,
        privacy=Privacy.SENSITIVE,
        hint="每名儿童一条，类别可以同时选几项；类别变化时修改原记录，不再符合时填写退出日期和原因。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "儿童"
        constraints = [
            *PersonRecord.Meta.constraints,
            *steps_follow("happened_on", "ended_on"),
            models.CheckConstraint(
                condition=~Q(orphan="") | Q(unattended=True) | ~Q(hardship="") | ~Q(left_behind="") | Q(migrant=True),
                name="%(app_label)s_%(class)s_some_category",
                violation_error_message="至少选择一个类别：孤儿、事实无人抚养、困境、留守、流动。",
            ),
            models.CheckConstraint(
                condition=Q(unattended=False) | (~Q(father="") & ~Q(mother="")),
                name="%(app_label)s_%(class)s_parents_of_unattended",
                violation_error_message="事实无人抚养的须填写父亲和母亲的情形。",
            ),
            models.CheckConstraint(
                condition=Q(orphan="") | Q(unattended=False),
                name="%(app_label)s_%(class)s_orphan_or_unattended",
                violation_error_message="孤儿和事实无人抚养不能同时选择。",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, exit_reason="") | (Q(ended_on__isnull=False) & ~Q(exit_reason="")),
                name="%(app_label)s_%(class)s_exit_with_reason",
                violation_error_message="退出台账的须同时填写退出日期和原因。",
            ),
            once("person", message="该儿童已在台账中，请修改原记录。"),
        ]

    def clean(self):
        """Refuse somebody who was grown up on the day already, and orphans taken for unattended children."""
        super().clean()
        born = self.person.birth_date if self.person_id else None
        if born and self.happened_on and self.person.age_on(self.happened_on) >= GROWN_UP:
            raise ValidationError({"happened_on": f"这一天已年满 {GROWN_UP} 周岁，不能纳入儿童台账。"})
        if self.unattended and self.father == self.mother == ParentState.DEAD:
            raise ValidationError({"orphan": "父母双亡的应登记为孤儿。"})


class Guardianship(PersonRecord):
    """Who looks after a child, and on what ground; of entrusted care also the agreement (未成年人保护法第二十二、二十三条)."""

    guardian = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="照护人")
    kind = models.CharField("类型", max_length=10, choices=GuardianshipKind.choices)
    relation = models.CharField("与儿童关系", max_length=12, choices=CarerRelation.choices)
    happened_on = models.DateField("起始日期", help_text="委托照护为协议签订日期。")
    notified_on = models.DateField(
        "书面告知日期", null=True, blank=True, help_text="委托照护须书面告知学校和村（居）委会。"
    )
    weekly_contact = models.BooleanField("父母每周联系", default=False)
    ended_on = models.DateField("终止日期", null=True, blank=True)

    purpose = Purpose("落实监护责任和委托照护", SENSITIVE)
    register = Register(
        columns=("person", "guardian", "kind", "relation", "org_unit", "happened_on", "notified_on", "ended_on"),
        fields=(
            "org_unit",
            "person",
            "guardian",
            "kind",
            "relation",
            "happened_on",
            "notified_on",
            "weekly_contact",
            "ended_on",
            "note",
        ),
        filters=("kind", "relation"),
        key=("person", "guardian", "happened_on"),
        units=IN_TOWNSHIPS,
        privacy=Privacy.SENSITIVE,
        hint="监护人或被委托照护人变更时，先填写原记录的终止日期，再登记新的一条，附委托照护协议。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "监护和委托照护"
        constraints = [
            *PersonRecord.Meta.constraints,
            not_before("ended_on", "happened_on", "终止日期不能早于起始日期。"),
            not_before("notified_on", "happened_on", "书面告知日期不能早于起始日期。"),
            models.CheckConstraint(
                condition=~Q(person=F("guardian")),
                name="%(app_label)s_%(class)s_by_another",
                violation_error_message="照护人不能是儿童本人。",
            ),
            once("person", "guardian", "happened_on", message="这一照护关系已经登记。"),
        ]


class Assessment(PersonRecord):
    """How able the family is to care for the child (item 28)."""

    happened_on = models.DateField("评估日期")
    grade = models.CharField("监护能力等级", max_length=10, choices=CareGrade.choices)
    assessor = models.CharField("评估人（机构）", max_length=60, blank=True)
    measures = models.CharField("帮扶措施", max_length=200, blank=True)

    purpose = Purpose("分级分类帮扶监护困境儿童", SENSITIVE)
    register = Register(
        columns=("person", "org_unit", "grade", "happened_on", "assessor"),
        fields=("org_unit", "person", "happened_on", "grade", "assessor", "measures", "note"),
        filters=("grade",),
        key=("person", "happened_on"),
        units=IN_TOWNSHIPS,
        privacy=Privacy.SENSITIVE,
        hint="每名儿童每次评估一条；同一家庭的几名儿童只计一户。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "监护能力评估"
        constraints = [
            *PersonRecord.Meta.constraints,
            once("person", "happened_on", message="该儿童这一天的评估已经登记。"),
        ]


class Visit(PersonRecord):
    """A visit to a child and its family (item 27)."""

    happened_on = models.DateField("走访日期")
    way = models.CharField("方式", max_length=8, choices=VisitWay.choices, default=VisitWay.HOME)
    visitor = models.CharField("走访人", max_length=40, blank=True)
    found = models.CharField("发现问题", max_length=200, blank=True)
    settled_on = models.DateField("问题解决日期", null=True, blank=True)

    purpose = Purpose("记录走访探视", SENSITIVE)
    register = Register(
        columns=("person", "org_unit", "way", "happened_on", "visitor", "found", "settled_on"),
        fields=("org_unit", "person", "happened_on", "way", "visitor", "found", "settled_on", "note"),
        filters=("way",),
        key=("person", "happened_on", "way"),
        units=IN_TOWNSHIPS,
        privacy=Privacy.SENSITIVE,
        hint="每次走访探视一条，发现的问题解决后填写解决日期。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "走访探视"
        constraints = [
            *PersonRecord.Meta.constraints,
            not_before("settled_on", "happened_on", "解决日期不能早于走访日期。"),
            once("person", "happened_on", "way", message="该儿童这一天的同类走访已经登记。"),
        ]


class Benefit(PersonRecord):
    """What is paid for a child: by the month from a day on, or once (item 26)."""

    kind = models.CharField("补助类型", max_length=12, choices=BenefitKind.choices)
    happened_on = models.DateField("起发（发放）日期")
    amount = models.DecimalField("金额（元）", max_digits=9, decimal_places=2, help_text="按月发放的填月金额。")
    standard = models.DecimalField(
        "应发标准（元/月）",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="按月发放的填写，标准调整后另登一条。",
    )
    ended_on = models.DateField("停发日期", null=True, blank=True)

    purpose = Purpose("核定和发放儿童补助", SENSITIVE, retention=30)  # vouchers of payments: 会计档案管理办法
    register = Register(
        columns=("person", "org_unit", "kind", "happened_on", "amount", "standard", "ended_on"),
        fields=("org_unit", "person", "kind", "happened_on", "amount", "standard", "ended_on", "note"),
        filters=("kind",),
        key=("person", "kind", "happened_on"),
        units=IN_TOWNSHIPS,
        privacy=Privacy.SENSITIVE,
        hint="基本生活费按起发日期登记一条，标准调整时填写停发日期并另登一条；一次性补助逐笔登记。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "补助发放"
        constraints = [
            *PersonRecord.Meta.constraints,
            not_before("ended_on", "happened_on", "停发日期不能早于起发日期。"),
            models.CheckConstraint(
                condition=~Q(kind__in=[kind.value for kind in MONTHLY]) | Q(standard__isnull=False),
                name="%(app_label)s_%(class)s_standard_of_monthly",
                violation_error_message="按月发放的基本生活费须填写应发标准。",
            ),
            once("person", "kind", "happened_on", message="该儿童这一天的同类补助已经登记。"),
        ]
