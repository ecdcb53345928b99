"""Funeral affairs: the section's view of the plan, and its registers."""

from django.db import models
from django.db.models import Q

from workplan.enums import Privacy
from workplan.models import AT_OFFICE, IN_TOWNSHIPS, Record, Register, not_before, once, steps_follow
from workplan.models import Target as PlanTarget
from workplan.models import Task as PlanTask
from workplan.proxies import SectionTargetManager, SectionTaskManager

from .enums import MilestoneKind, ProviderKind, ZoningStep


class Task(PlanTask):
    """The plan's tasks that belong to this section."""

    objects = SectionTaskManager("funeral")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "工作任务"


class Target(PlanTarget):
    """The plan's targets that belong to this section."""

    objects = SectionTargetManager("funeral")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "目标"


class IllegalTomb(Record):
    """A tomb built against the rules, from the day it was found until it is pulled down (item 46, reading A07)."""

    place = models.CharField("地点", max_length=120)
    happened_on = models.DateField("发现日期")
    built_on = models.DateField("修建日期", null=True, blank=True, help_text="不清楚的可以留空。")
    tombs = models.PositiveIntegerField("墓穴数", default=1)
    stopped_on = models.DateField("制止日期", null=True, blank=True)
    demolished_on = models.DateField("拆除日期", null=True, blank=True)

    register = Register(
        columns=("place", "org_unit", "step", "happened_on", "stopped_on", "demolished_on"),
        fields=("org_unit", "place", "happened_on", "built_on", "tombs", "stopped_on", "demolished_on", "note"),
        search=("place",),
        key=("place", "happened_on"),
        steps=("stopped_on", "demolished_on"),
        units=IN_TOWNSHIPS,
        hint="发现一起登记一起；制止、拆除后填写日期，附现场照片。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "违建墓地"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "stopped_on", "demolished_on"),
            models.CheckConstraint(
                condition=Q(built_on__isnull=True) | Q(built_on__lte=models.F("happened_on")),
                name="funeral_illegaltomb_built_before_found",
                violation_error_message="修建日期不能晚于发现日期。",
            ),
            once("org_unit", "place", "happened_on", message="这一地点当天已经登记。"),
        ]

    def __str__(self):
        return self.place


class ZoningRecord(Record):
    """A step of the zoning plan that was taken (item 43, reading A14)."""

    kind = models.CharField("环节", max_length=10, choices=ZoningStep.choices)
    happened_on = models.DateField("完成日期")
    document = models.CharField("文件名称或文号", max_length=120, blank=True)

    register = Register(
        columns=("kind", "happened_on", "document"),
        fields=("org_unit", "kind", "happened_on", "document", "note"),
        search=("document",),
        filters=("kind",),
        key=("kind", "happened_on"),
        units=AT_OFFICE,
        hint="每完成一个环节登记一条，附文件；市级环节不由本区决定。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "火化区划定进展"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "kind", "happened_on", message="这一环节当天已经登记。"),
        ]

    def __str__(self):
        return str(self.get_kind_display())


class BurialPilot(Record):
    """A township that takes part in land-saving ecological burial (item 44)."""

    happened_on = models.DateField("纳入试点日期")
    places = models.PositiveIntegerField("节地生态葬位数", null=True, blank=True)
    ended_on = models.DateField("退出日期", null=True, blank=True)

    register = Register(
        columns=("org_unit", "happened_on", "places", "ended_on"),
        fields=("org_unit", "happened_on", "places", "ended_on", "note"),
        key=("happened_on",),
        steps=("ended_on",),
        units=IN_TOWNSHIPS,
        hint="纳入节地生态安葬试点的乡镇（街道）各一条。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "节地生态安葬试点"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "ended_on"),
            once("org_unit", "happened_on", message="这一单位当天已经登记。"),
        ]

    def __str__(self):
        return f"{self.org_unit.label} 试点"


class TransportWaiver(Record):
    """A first transport of a body for which the fee is to be waived (item 44). The deceased is not named here."""

    number = models.CharField("办理编号", max_length=40)
    happened_on = models.DateField("运输日期")
    amount = models.DecimalField("应减免金额（元）", max_digits=8, decimal_places=2, null=True, blank=True)
    waived_on = models.DateField("减免办结日期", null=True, blank=True)

    register = Register(
        columns=("number", "org_unit", "happened_on", "amount", "waived_on"),
        fields=("org_unit", "number", "happened_on", "amount", "waived_on", "note"),
        search=("number",),
        key=("number",),
        steps=("waived_on",),
        privacy=Privacy.PERSONS,
        hint="符合减免条件的首次遗体运输逐具登记，只填编号，不填逝者姓名。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "遗体运输费减免"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "waived_on"),
            once("number", message="这一编号已经登记。"),
        ]

    def __str__(self):
        return self.number


class Provider(Record):
    """Who offers funeral services, and whether the four facts about its fees are public (item 45)."""

    name = models.CharField("机构名称", max_length=80)
    kind = models.CharField("机构类型", max_length=20, choices=ProviderKind.choices)
    happened_on = models.DateField("开业日期")
    shows_items = models.BooleanField("公开收费项目", default=False)
    shows_prices = models.BooleanField("公开收费标准", default=False)
    shows_basis = models.BooleanField("公开收费依据", default=False)
    shows_hotline = models.BooleanField("公开举报电话", default=False)
    complete_on = models.DateField("四项公开齐全日期", null=True, blank=True)
    closed_on = models.DateField("停业日期", null=True, blank=True)

    register = Register(
        columns=("name", "kind", "org_unit", "happened_on", "complete_on", "closed_on"),
        fields=(
            "org_unit",
            "name",
            "kind",
            "happened_on",
            "shows_items",
            "shows_prices",
            "shows_basis",
            "shows_hotline",
            "complete_on",
            "closed_on",
            "note",
        ),
        search=("name",),
        filters=("kind",),
        key=("name",),
        hint="每家殡葬服务机构一条；四项收费公开内容齐全后填写日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "殡葬服务机构"
        constraints = [
            *Record.Meta.constraints,
            not_before("complete_on", "happened_on", "齐全日期不能早于开业日期。"),
            not_before("closed_on", "happened_on", "停业日期不能早于开业日期。"),
            models.CheckConstraint(
                condition=Q(complete_on__isnull=True)
                | Q(shows_items=True, shows_prices=True, shows_basis=True, shows_hotline=True),
                name="funeral_provider_complete_means_four",
                violation_error_message="四项都已公开的才能填写齐全日期。",
            ),
            once("org_unit", "name", message="这一单位已登记同名机构。"),
        ]

    def __str__(self):
        return self.name


class FeeInspection(Record):
    """An inspection of a provider's fees (item 45)."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="inspections", verbose_name="受检机构")
    happened_on = models.DateField("检查日期")
    finding = models.CharField("检查情况", max_length=200, blank=True)

    register = Register(
        columns=("provider", "org_unit", "happened_on", "finding"),
        fields=("org_unit", "provider", "happened_on", "finding", "note"),
        search=("provider__name", "finding"),
        key=("provider", "happened_on"),
        hint="每检查一家登记一条；发现违规收费的，另在“违规收费”中登记。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "收费检查"
        constraints = [
            *Record.Meta.constraints,
            once("provider", "happened_on", message="该机构当天的检查已经登记。"),
        ]

    def __str__(self):
        return f"{self.provider} 收费检查"


class Overcharge(Record):
    """A charge against the prices set by the government, and how it was dealt with (item 45)."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="overcharges", verbose_name="违规机构")
    happened_on = models.DateField("发现日期")
    matter = models.CharField("违规情况", max_length=200)
    amount = models.DecimalField("涉及金额（元）", max_digits=10, decimal_places=2, null=True, blank=True)
    punished_on = models.DateField("查处日期", null=True, blank=True)

    register = Register(
        columns=("provider", "org_unit", "matter", "happened_on", "amount", "punished_on"),
        fields=("org_unit", "provider", "happened_on", "matter", "amount", "punished_on", "note"),
        search=("provider__name", "matter"),
        key=("provider", "happened_on"),
        steps=("punished_on",),
        hint="违反政府定价的收费，每件登记一条；依法查处后填写日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "违规收费"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "punished_on"),
            once("provider", "happened_on", message="该机构当天的违规收费已经登记。"),
        ]

    def __str__(self):
        return f"{self.provider} 违规收费"


class Milestone(Record):
    """Something that the office had to bring about once, with the document that says so (items 45 and 46)."""

    kind = models.CharField("事项", max_length=20, choices=MilestoneKind.choices)
    happened_on = models.DateField("完成日期")
    document = models.CharField("文件名称或文号", max_length=120, blank=True)

    register = Register(
        columns=("kind", "happened_on", "document"),
        fields=("org_unit", "kind", "happened_on", "document", "note"),
        search=("document",),
        filters=("kind",),
        key=("kind", "happened_on"),
        units=AT_OFFICE,
        hint="完成后登记，附文件。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "殡葬工作节点"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "kind", "happened_on", message="这一事项当天已经登记。"),
        ]

    def __str__(self):
        return str(self.get_kind_display())
