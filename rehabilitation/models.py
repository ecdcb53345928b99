"""Rehabilitation: the section's view of the plan, and its registers. Everything about clients is sensitive."""

from django.db import models

from accounts.models import OrgUnit
from people.models import PersonRecord
from people.purposes import SENSITIVE, Purpose
from workplan.enums import Privacy
from workplan.models import AT_OFFICE, IN_TOWNSHIPS, Record, Register, once, steps_follow
from workplan.models import Target as PlanTarget
from workplan.models import Task as PlanTask
from workplan.proxies import SectionTargetManager, SectionTaskManager

from .enums import Origin, Platform, ReferralKind, ServiceKind, SiteKind


class Task(PlanTask):
    """The plan's tasks that belong to this section."""

    objects = SectionTaskManager("rehabilitation")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "工作任务"


class Target(PlanTarget):
    """The plan's targets that belong to this section."""

    objects = SectionTargetManager("rehabilitation")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "目标"


class Site(Record):
    """A place where services are offered, and the units that it serves beside its own (items 40 and 42, reading A03)."""

    name = models.CharField("站点名称", max_length=80)
    kind = models.CharField("站点类型", max_length=10, choices=SiteKind.choices)
    happened_on = models.DateField("启用日期")
    operator = models.CharField("运营机构", max_length=80, blank=True)
    serves = models.ManyToManyField(
        OrgUnit,
        related_name="+",
        blank=True,
        verbose_name="同时服务的单位",
        help_text="站点所在单位之外的乡镇（街道）或社区。",
    )
    closed_on = models.DateField("停用日期", null=True, blank=True)

    register = Register(
        columns=("name", "kind", "org_unit", "serves", "happened_on", "closed_on"),
        fields=("org_unit", "name", "kind", "happened_on", "operator", "serves", "closed_on", "note"),
        search=("name", "operator"),
        filters=("kind",),
        key=("name",),
        steps=("closed_on",),
        units=IN_TOWNSHIPS,
        hint="每个中心、站点一条；同时服务邻近单位的，在“同时服务的单位”中选上，覆盖率按所在和所服务的单位计算。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "康复站点"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "closed_on"),
            once("org_unit", "name", message="这一单位已登记同名站点。"),
        ]

    def __str__(self):
        return self.name


class PlatformLink(Record):
    """An information system that the district is connected with (item 41)."""

    platform = models.CharField("信息平台", max_length=12, choices=Platform.choices)
    happened_on = models.DateField("对接完成日期")
    ended_on = models.DateField("停止使用日期", null=True, blank=True)

    register = Register(
        columns=("platform", "happened_on", "ended_on"),
        fields=("org_unit", "platform", "happened_on", "ended_on", "note"),
        filters=("platform",),
        key=("platform", "happened_on"),
        steps=("ended_on",),
        units=AT_OFFICE,
        hint="完成对接、可以接收转介信息后登记。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "信息平台对接"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "ended_on"),
            once("org_unit", "platform", "happened_on", message="这一天的对接已经登记。"),
        ]

    def __str__(self):
        return str(self.get_platform_display())


class Client(PersonRecord):
    """Somebody registered for community rehabilitation (item 41)."""

    happened_on = models.DateField("登记日期")
    origin = models.CharField("来源", max_length=16, choices=Origin.choices)
    certified = models.BooleanField("持精神残疾证", default=False)
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="clients", verbose_name="服务站点"
    )
    ended_on = models.DateField("转出日期", null=True, blank=True)

    purpose = Purpose("提供精神障碍社区康复服务，统计规范服务率", SENSITIVE)
    register = Register(
        columns=("person", "org_unit", "origin", "site", "happened_on", "ended_on"),
        fields=("org_unit", "person", "happened_on", "origin", "certified", "site", "ended_on", "note"),
        filters=("origin", "certified"),
        key=("person", "happened_on"),
        steps=("ended_on",),
        units=IN_TOWNSHIPS,
        privacy=Privacy.SENSITIVE,
        hint="经本人或监护人同意登记的康复对象，逐人登记；转出时填写日期。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "康复对象"
        constraints = [
            *PersonRecord.Meta.constraints,
            *steps_follow("happened_on", "ended_on"),
            once("person", "happened_on", message="该康复对象这一天的登记已经存在。"),
        ]


class ServiceRecord(PersonRecord):
    """A service that a client received, and whether it was given to standard (item 41, reading A10)."""

    happened_on = models.DateField("服务日期")
    kind = models.CharField("服务内容", max_length=14, choices=ServiceKind.choices)
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="services", verbose_name="服务站点"
    )
    to_standard = models.BooleanField("规范服务", default=False, help_text="有评估、有计划、有记录、有签字的勾选。")

    purpose = Purpose("记录康复服务，判断是否规范", SENSITIVE)
    register = Register(
        columns=("person", "org_unit", "kind", "site", "happened_on", "to_standard"),
        fields=("org_unit", "person", "happened_on", "kind", "site", "to_standard", "note"),
        filters=("kind", "to_standard"),
        key=("person", "happened_on", "kind"),
        units=IN_TOWNSHIPS,
        privacy=Privacy.SENSITIVE,
        hint="每次服务一条；符合规范要求的勾选，本年有一次规范服务的康复对象计入规范服务率。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "康复服务记录"
        constraints = [
            *PersonRecord.Meta.constraints,
            once("person", "happened_on", "kind", message="该康复对象这一天的同类服务已经登记。"),
        ]


class Referral(PersonRecord):
    """A client passed on between hospital and community."""

    happened_on = models.DateField("转介日期")
    kind = models.CharField("转介类型", max_length=8, choices=ReferralKind.choices)
    institution = models.CharField("转出或转入机构", max_length=80)
    taken_over_on = models.DateField("接收日期", null=True, blank=True)

    purpose = Purpose("办理精神障碍康复转介", SENSITIVE)
    register = Register(
        columns=("person", "org_unit", "kind", "institution", "happened_on", "taken_over_on"),
        fields=("org_unit", "person", "happened_on", "kind", "institution", "taken_over_on", "note"),
        search=("institution",),
        filters=("kind",),
        key=("person", "happened_on"),
        steps=("taken_over_on",),
        units=IN_TOWNSHIPS,
        privacy=Privacy.SENSITIVE,
        hint="医疗机构与社区之间的双向转介。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "康复转介"
        constraints = [
            *PersonRecord.Meta.constraints,
            *steps_follow("happened_on", "taken_over_on"),
            once("person", "happened_on", message="该康复对象这一天的转介已经登记。"),
        ]
