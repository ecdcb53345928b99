"""Yearly checks, evaluations, dormant and illegal organisations (item 33)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from workplan.models import AT_OFFICE, Record, Register, not_before, once, steps_follow

from ..enums import CheckResult, Cleanup, Grade, Handling
from .organisations import SocialOrganisation

FULL_RATIO = 100  # percent
YEARS = [
    MinValueValidator(2000, "请填写四位年份，如 2023。"),
    MaxValueValidator(2100, "请填写四位年份，如 2023。"),
]


class InspectionPlan(Record):
    """A spot check among the organisations that owe a yearly check (item 33; reading A23: its ratio is the office's)."""

    name = models.CharField("抽查名称", max_length=100)
    happened_on = models.DateField("启动日期")
    ratio = models.DecimalField(
        "抽查比例（%）",
        max_digits=5,
        decimal_places=2,
        validators=[MaxValueValidator(FULL_RATIO, "抽查比例不能超过 100。")],
    )
    finished_on = models.DateField("完成日期", null=True, blank=True)

    register = Register(
        columns=("name", "happened_on", "ratio", "finished_on"),
        fields=("org_unit", "name", "happened_on", "ratio", "finished_on", "note"),
        search=("name",),
        key=("name",),
        steps=("finished_on",),
        units=AT_OFFICE,
        hint="每次年检抽查一条；抽中的组织在“年度检查”中选择这次抽查，全部查完后填写完成日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "年检抽查"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "finished_on"),
            once("org_unit", "name", message="同名的抽查已经登记。"),
        ]

    def __str__(self):
        return self.name


class AnnualCheck(Record):
    """The yearly check of one organisation: its report, the conclusion and, where it was drawn, the spot check."""

    organisation = models.ForeignKey(
        SocialOrganisation, models.PROTECT, related_name="annual_checks", verbose_name="社会组织"
    )
    year = models.PositiveSmallIntegerField("检查年度", validators=YEARS)
    happened_on = models.DateField("报送日期")
    concluded_on = models.DateField("作出结论日期", null=True, blank=True)
    result = models.CharField("结论", max_length=10, choices=CheckResult.choices, blank=True)
    inspection = models.ForeignKey(
        InspectionPlan,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="checks",
        verbose_name="抽中的抽查",
        help_text="没有抽中的不选。",
    )

    register = Register(
        columns=("organisation", "year", "happened_on", "concluded_on", "result", "inspection"),
        fields=("org_unit", "organisation", "year", "happened_on", "concluded_on", "result", "inspection", "note"),
        search=("organisation__name",),
        filters=("result",),
        key=("organisation", "year"),
        steps=("concluded_on",),
        units=AT_OFFICE,
        hint="每个组织每个年度一条：报送后登记，作出结论后填写结论和日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "年度检查"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "concluded_on"),
            models.CheckConstraint(
                condition=Q(result="", concluded_on__isnull=True) | (~Q(result="") & Q(concluded_on__isnull=False)),
                name="socialorgs_annualcheck_result_with_date",
                violation_error_message="结论和作出结论日期须一并填写。",
            ),
            once("organisation", "year", message="该组织这一年度的检查已经登记。"),
        ]

    def __str__(self):
        return f"{self.organisation} {self.year} 年度检查"


class Evaluation(Record):
    """An organisation's evaluation by grade (item 33)."""

    organisation = models.ForeignKey(
        SocialOrganisation, models.PROTECT, related_name="evaluations", verbose_name="社会组织"
    )
    happened_on = models.DateField("评定日期")
    grade = models.CharField("等级", max_length=6, choices=Grade.choices)
    valid_until = models.DateField("有效期至", null=True, blank=True)

    register = Register(
        columns=("organisation", "happened_on", "grade", "valid_until"),
        fields=("org_unit", "organisation", "happened_on", "grade", "valid_until", "note"),
        ahead=frozenset({"valid_until"}),
        search=("organisation__name",),
        filters=("grade",),
        key=("organisation", "happened_on"),
        units=AT_OFFICE,
        hint="每次评定一条；一个组织一年评定多次的，只计一家。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "等级评估"
        constraints = [
            *Record.Meta.constraints,
            not_before("valid_until", "happened_on", "有效期不能早于评定日期。"),
            once("organisation", "happened_on", message="该组织这一天的评定已经登记。"),
        ]

    def __str__(self):
        return f"{self.organisation} {self.get_grade_display()}"


class DormantCase(Record):
    """An organisation found to be dormant, until it is dealt with (item 33: “僵尸型”)."""

    organisation = models.ForeignKey(
        SocialOrganisation, models.PROTECT, related_name="dormant_cases", verbose_name="社会组织"
    )
    happened_on = models.DateField("认定日期")
    reason = models.CharField("认定情形", max_length=120, help_text="如连续两年未参加年检、无法取得联系。")
    settled_on = models.DateField("清理完成日期", null=True, blank=True)
    cleanup = models.CharField("清理方式", max_length=10, choices=Cleanup.choices, blank=True)

    register = Register(
        columns=("organisation", "reason", "happened_on", "settled_on", "cleanup"),
        fields=("org_unit", "organisation", "happened_on", "reason", "settled_on", "cleanup", "note"),
        search=("organisation__name", "reason"),
        filters=("cleanup",),
        key=("organisation", "happened_on"),
        steps=("settled_on",),
        units=AT_OFFICE,
        hint="认定为“僵尸型”的逐家登记，清理完成后填写日期和方式；注销的还须在“社会组织”中填写注销日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "僵尸型社会组织"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "settled_on"),
            models.CheckConstraint(
                condition=Q(cleanup="", settled_on__isnull=True) | (~Q(cleanup="") & Q(settled_on__isnull=False)),
                name="socialorgs_dormantcase_way_with_date",
                violation_error_message="清理方式和清理完成日期须一并填写。",
            ),
            once("organisation", "happened_on", message="该组织这一天的认定已经登记。"),
        ]

    def __str__(self):
        return f"{self.organisation} 清理整顿"


class IllegalOrganisation(Record):
    """A body that acts as a social organisation without being registered, until it is dealt with (item 33)."""

    name = models.CharField("活动名义", max_length=100)
    happened_on = models.DateField("发现日期")
    clue = models.CharField("线索来源", max_length=60, blank=True)
    settled_on = models.DateField("查处日期", null=True, blank=True)
    handling = models.CharField("查处方式", max_length=10, choices=Handling.choices, blank=True)

    register = Register(
        columns=("name", "happened_on", "clue", "settled_on", "handling"),
        fields=("org_unit", "name", "happened_on", "clue", "settled_on", "handling", "note"),
        search=("name", "clue"),
        filters=("handling",),
        key=("name", "happened_on"),
        steps=("settled_on",),
        units=AT_OFFICE,
        hint="发现线索即登记，查处后填写日期和方式。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "非法社会组织"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "settled_on"),
            models.CheckConstraint(
                condition=Q(handling="", settled_on__isnull=True) | (~Q(handling="") & Q(settled_on__isnull=False)),
                name="socialorgs_illegalorganisation_way_with_date",
                violation_error_message="查处方式和查处日期须一并填写。",
            ),
            once("org_unit", "name", "happened_on", message="这一天发现的同名组织已经登记。"),
        ]

    def __str__(self):
        return self.name
