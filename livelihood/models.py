"""Livelihood: the section's view of the plan, and the few registers that no other section keeps.

Adapted homes, beds, canteens, children and the extremely poor are counted from the registers of sections 4, 5 and 6."""

from django.db import models

from workplan.models import AT_OFFICE, IN_TOWNSHIPS, Record, Register, once, steps_follow
from workplan.models import Target as PlanTarget
from workplan.models import Task as PlanTask
from workplan.proxies import SectionTargetManager, SectionTaskManager

from .enums import DocumentKind, VenueKind


class Task(PlanTask):
    """The plan's tasks that belong to this section."""

    objects = SectionTaskManager("livelihood")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "工作任务"


class Target(PlanTarget):
    """The plan's targets that belong to this section."""

    objects = SectionTargetManager("livelihood")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "目标"


class BurialFacility(Record):
    """A rural burial facility for the public good, from its project to its use (item 47, reading A15)."""

    name = models.CharField("设施名称", max_length=80)
    happened_on = models.DateField("立项日期")
    started_on = models.DateField("启动建设日期", null=True, blank=True)
    completed_on = models.DateField("建成日期", null=True, blank=True)
    places = models.PositiveIntegerField("设计葬位（格位）数", null=True, blank=True)
    investment = models.DecimalField("投资（万元）", max_digits=10, decimal_places=2, null=True, blank=True)

    register = Register(
        columns=("name", "org_unit", "step", "happened_on", "started_on", "completed_on", "places"),
        fields=(
            "org_unit",
            "name",
            "happened_on",
            "started_on",
            "completed_on",
            "places",
            "investment",
            "note",
        ),
        search=("name",),
        key=("name",),
        steps=("started_on", "completed_on"),
        units=IN_TOWNSHIPS,
        hint="每个设施一条；启动建设即计入目标，建成后再填建成日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "公益性安葬（放）设施"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "started_on", "completed_on"),
            once("org_unit", "name", message="这一单位已登记同名设施。"),
        ]

    def __str__(self):
        return self.name


class PlanningDocument(Record):
    """A planning document, from the start of the work until it is finished (item 47)."""

    kind = models.CharField("规划", max_length=12, choices=DocumentKind.choices)
    title = models.CharField("文件名称", max_length=120)
    happened_on = models.DateField("启动编制日期")
    drafted_on = models.DateField("形成初稿日期", null=True, blank=True)
    finished_on = models.DateField("编制完成日期", null=True, blank=True)

    register = Register(
        columns=("title", "kind", "step", "happened_on", "drafted_on", "finished_on"),
        fields=("org_unit", "kind", "title", "happened_on", "drafted_on", "finished_on", "note"),
        search=("title",),
        filters=("kind",),
        key=("title",),
        steps=("drafted_on", "finished_on"),
        units=AT_OFFICE,
        hint="规划编制完成后填写日期，附文本。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "专项规划"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "drafted_on", "finished_on"),
            once("org_unit", "title", message="这一规划已经登记。"),
        ]

    def __str__(self):
        return self.title


class LegacyProblem(Record):
    """A problem of burial facilities that earlier years have left, until it is solved (item 47)."""

    problem = models.CharField("问题", max_length=200)
    happened_on = models.DateField("建账日期")
    solved_on = models.DateField("解决日期", null=True, blank=True)

    register = Register(
        columns=("problem", "org_unit", "happened_on", "solved_on"),
        fields=("org_unit", "problem", "happened_on", "solved_on", "note"),
        search=("problem",),
        key=("problem",),
        steps=("solved_on",),
        hint="历史遗留问题逐条建账，解决后填写日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "历史遗留问题"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "solved_on"),
            once("org_unit", "problem", message="这一问题已经建账。"),
        ]

    def __str__(self):
        return self.problem


class HomeListUpdate(Record):
    """An update of the list of homes to be adapted (item 49): how many were added and taken off."""

    happened_on = models.DateField("更新日期")
    added = models.PositiveIntegerField("新增户数", default=0)
    removed = models.PositiveIntegerField("移出户数", default=0)
    listed = models.PositiveIntegerField("更新后在库户数")

    register = Register(
        columns=("happened_on", "org_unit", "added", "removed", "listed"),
        fields=("org_unit", "happened_on", "added", "removed", "listed", "note"),
        key=("happened_on",),
        units=AT_OFFICE,
        hint="适老化改造家庭清单库每动态更新一次登记一条。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "改造清单库更新"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "happened_on", message="这一天的更新已经登记。"),
        ]

    def __str__(self):
        return f"{self.happened_on} 更新"


class MarriageVenue(Record):
    """A place of its own for marriage registration (item 52)."""

    name = models.CharField("场所名称", max_length=80)
    kind = models.CharField("类型", max_length=16, choices=VenueKind.choices)
    happened_on = models.DateField("启用日期")
    closed_on = models.DateField("停用日期", null=True, blank=True)

    register = Register(
        columns=("name", "kind", "org_unit", "happened_on", "closed_on"),
        fields=("org_unit", "name", "kind", "happened_on", "closed_on", "note"),
        search=("name",),
        filters=("kind",),
        key=("name",),
        steps=("closed_on",),
        hint="基地与户外服务场所为同一处的只登记一条。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "婚姻登记场所"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "closed_on"),
            once("org_unit", "name", message="这一单位已登记同名场所。"),
        ]

    def __str__(self):
        return self.name


class VenueUse(Record):
    """How many couples were married at a venue on a day (item 52)."""

    venue = models.ForeignKey(MarriageVenue, models.PROTECT, related_name="uses", verbose_name="场所")
    happened_on = models.DateField("颁证日期")
    couples = models.PositiveIntegerField("颁证对数")

    register = Register(
        columns=("venue", "happened_on", "couples"),
        fields=("org_unit", "venue", "happened_on", "couples", "note"),
        search=("venue__name",),
        key=("venue", "happened_on"),
        hint="每次集中颁证一条。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "户外颁证"
        constraints = [
            *Record.Meta.constraints,
            once("venue", "happened_on", message="该场所这一天的颁证已经登记。"),
        ]

    def __str__(self):
        return f"{self.venue} {self.happened_on}"
