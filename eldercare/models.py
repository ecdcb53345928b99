"""Elder care: the section's view of the plan, and its registers."""

from django.db import models

from accounts.enums import TOWNSHIP_KINDS, UnitKind
from workplan.models import Record, Register, not_before, once, steps_follow
from workplan.models import Target as PlanTarget
from workplan.models import Task as PlanTask
from workplan.proxies import SectionTargetManager, SectionTaskManager

from .enums import CanteenMode, EventKind, InstitutionKind

IN_TOWNSHIPS = (*TOWNSHIP_KINDS, UnitKind.VILLAGE, UnitKind.COMMUNITY)
AT_OFFICE = (UnitKind.BUREAU, UnitKind.OFFICE)


class Task(PlanTask):
    """The plan's tasks that belong to this section."""

    objects = SectionTaskManager("eldercare")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "工作任务"


class Target(PlanTarget):
    """The plan's targets that belong to this section."""

    objects = SectionTargetManager("eldercare")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "目标"


class Institution(Record):
    """A place where old people are cared for."""

    name = models.CharField("机构名称", max_length=80)
    kind = models.CharField("机构类型", max_length=20, choices=InstitutionKind.choices)
    happened_on = models.DateField("开办日期")
    beds = models.PositiveIntegerField("床位数", default=0)
    closed_on = models.DateField("停办日期", null=True, blank=True)

    register = Register(
        columns=("name", "kind", "org_unit", "beds", "happened_on", "closed_on"),
        fields=("org_unit", "name", "kind", "happened_on", "beds", "closed_on", "note"),
        search=("name",),
        filters=("kind",),
        key=("name",),
        steps=("closed_on",),
        units=IN_TOWNSHIPS,
        hint="每家机构一条；停办时填写停办日期，不要删除。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "养老机构"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "closed_on"),
            once("org_unit", "name", message="这一单位已登记同名机构。"),
        ]

    def __str__(self):
        return self.name


class FireIssue(Record):
    """An institution that was in use before its fire protection had been accepted, until that is put right (item 22)."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="fire_issues", verbose_name="养老机构")
    happened_on = models.DateField("排查发现日期")
    problem = models.CharField("问题", max_length=200)
    closed_on = models.DateField("整治销号日期", null=True, blank=True)

    register = Register(
        columns=("institution", "org_unit", "problem", "happened_on", "closed_on"),
        fields=("org_unit", "institution", "happened_on", "problem", "closed_on", "note"),
        search=("problem", "institution__name"),
        key=("institution", "happened_on"),
        steps=("closed_on",),
        units=IN_TOWNSHIPS,
        hint="未经消防验收投入使用的机构，逐家登记，整治完成后填写销号日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "消防验收遗留问题"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "closed_on"),
            once("institution", "happened_on", message="该机构这一天的问题已经登记。"),
        ]

    def __str__(self):
        return f"{self.institution} 消防问题"


class Canteen(Record):
    """A canteen for old people (items 23 and 51)."""

    name = models.CharField("食堂名称", max_length=80)
    happened_on = models.DateField("开办日期")
    newly_built = models.BooleanField("新建", default=False, help_text="改造提升原有食堂的不勾选。")
    mode = models.CharField("服务模式", max_length=12, choices=CanteenMode.choices, default=CanteenMode.PLAIN)
    model_on = models.DateField("认定市级示范日期", null=True, blank=True)
    closed_on = models.DateField("停办日期", null=True, blank=True)

    register = Register(
        columns=("name", "org_unit", "newly_built", "mode", "happened_on", "model_on", "closed_on"),
        fields=("org_unit", "name", "happened_on", "newly_built", "mode", "model_on", "closed_on", "note"),
        search=("name",),
        filters=("newly_built", "mode"),
        key=("name",),
        units=IN_TOWNSHIPS,
        shared_with=("livelihood",),
        hint="新建食堂勾选“新建”；被认定为市级示范的填写认定日期，同一食堂可以同时计入两个目标。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "老年食堂"
        constraints = [
            *Record.Meta.constraints,
            not_before("model_on", "happened_on", "认定日期不能早于开办日期。"),
            not_before("closed_on", "happened_on", "停办日期不能早于开办日期。"),
            once("org_unit", "name", message="这一单位已登记同名食堂。"),
        ]

    def __str__(self):
        return self.name


class CommitteeMember(Record):
    """A member unit of the district's committee on ageing, and whether its duties are settled (item 20)."""

    name = models.CharField("成员单位", max_length=80)
    happened_on = models.DateField("列为成员日期")
    settled_on = models.DateField("职责明确日期", null=True, blank=True)
    left_on = models.DateField("退出日期", null=True, blank=True)

    register = Register(
        columns=("name", "happened_on", "settled_on", "left_on"),
        fields=("org_unit", "name", "happened_on", "settled_on", "left_on", "note"),
        search=("name",),
        key=("name",),
        units=AT_OFFICE,
        hint="区老龄委每个成员单位一条；职责分工经确认后填写职责明确日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "老龄委成员单位"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "name", message="该成员单位已经登记。"),
        ]

    def __str__(self):
        return self.name


class Event(Record):
    """A conference, training or competition that was held."""

    kind = models.CharField("类型", max_length=12, choices=EventKind.choices)
    name = models.CharField("名称", max_length=120)
    happened_on = models.DateField("举办日期")
    place = models.CharField("地点", max_length=80, blank=True)
    attendance = models.PositiveIntegerField("参加人数", null=True, blank=True)

    register = Register(
        columns=("name", "kind", "happened_on", "place", "attendance"),
        fields=("org_unit", "kind", "name", "happened_on", "place", "attendance", "note"),
        search=("name", "place"),
        filters=("kind",),
        key=("name", "happened_on"),
        units=AT_OFFICE,
        hint="会议、培训、竞赛办完后登记，附通知、签到表或照片。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "会议培训竞赛"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "name", "happened_on", message="这一天的同名活动已经登记。"),
        ]

    def __str__(self):
        return self.name
