"""Charity and welfare lottery: the section's view of the plan, and its registers."""

from django.db import models

from workplan.models import AT_OFFICE, IN_TOWNSHIPS, Record, Register, once, steps_follow
from workplan.models import Target as PlanTarget
from workplan.models import Task as PlanTask
from workplan.proxies import SectionTargetManager, SectionTaskManager

from .enums import EventKind, Lottery, OutletKind


class Task(PlanTask):
    """The plan's tasks that belong to this section."""

    objects = SectionTaskManager("charity")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "工作任务"


class Target(PlanTarget):
    """The plan's targets that belong to this section."""

    objects = SectionTargetManager("charity")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "目标"


class CharityDuty(Record):
    """What a charity owes for a year: its report, its inspection and its disclosures (item 37, reading A23).

    The charity is a social organisation with that role; it is kept once, in their register.
    """

    organisation = models.ForeignKey(
        "socialorgs.SocialOrganisation",
        models.PROTECT,
        related_name="+",
        limit_choices_to={"charity_on__isnull": False},
        verbose_name="慈善组织",
    )
    year = models.PositiveSmallIntegerField("年度")
    happened_on = models.DateField("列入名单日期")
    disclosed_on = models.DateField("按规定公开日期", null=True, blank=True)
    reported_on = models.DateField("年报报送日期", null=True, blank=True)
    inspected_on = models.DateField("年检办结日期", null=True, blank=True)

    register = Register(
        columns=("organisation", "year", "happened_on", "disclosed_on", "reported_on", "inspected_on"),
        fields=(
            "org_unit",
            "organisation",
            "year",
            "happened_on",
            "disclosed_on",
            "reported_on",
            "inspected_on",
            "note",
        ),
        search=("organisation__name", "organisation__code"),
        key=("organisation", "year"),
        units=AT_OFFICE,
        hint="慈善组织每年度一条，公开、年报、年检完成后填写日期。组织本身由社会组织台账登记，标明认定为慈善组织的日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "慈善组织年度义务"
        constraints = [
            *Record.Meta.constraints,
            once("organisation", "year", message="该组织这一年度已经登记。"),
        ]

    def __str__(self):
        return f"{self.organisation} {self.year}年"


class Event(Record):
    """A campaign, conference, inspection or aid activity that was held (items 37 and 38)."""

    kind = models.CharField("类型", max_length=14, choices=EventKind.choices)
    name = models.CharField("名称", max_length=120)
    happened_on = models.DateField("举办日期")
    place = models.CharField("地点", max_length=80, blank=True)
    helped = models.PositiveIntegerField("受助人次", null=True, blank=True)
    raised = models.DecimalField("募集金额（元）", max_digits=12, decimal_places=2, null=True, blank=True)

    register = Register(
        columns=("name", "kind", "happened_on", "place", "helped", "raised"),
        fields=("org_unit", "kind", "name", "happened_on", "place", "helped", "raised", "note"),
        search=("name", "place"),
        filters=("kind",),
        key=("name", "happened_on"),
        units=AT_OFFICE,
        hint="宣传、会议、年检和帮扶活动办完后登记，附通知和照片。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "慈善活动"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "name", "happened_on", message="这一天的同名活动已经登记。"),
        ]

    def __str__(self):
        return self.name


class CommunityFund(Record):
    """A charity fund of a community (item 37)."""

    community = models.CharField("社区（村）", max_length=60)
    happened_on = models.DateField("设立日期")
    raised = models.DecimalField("累计募集（元）", max_digits=12, decimal_places=2, default=0)
    ended_on = models.DateField("终止日期", null=True, blank=True)

    register = Register(
        columns=("community", "org_unit", "happened_on", "raised", "ended_on"),
        fields=("org_unit", "community", "happened_on", "raised", "ended_on", "note"),
        search=("community",),
        key=("community",),
        steps=("ended_on",),
        units=IN_TOWNSHIPS,
        hint="每个社区慈善基金一条。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "社区慈善基金"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "ended_on"),
            once("org_unit", "community", message="这一社区的基金已经登记。"),
        ]

    def __str__(self):
        return f"{self.community}慈善基金"


class Outlet(Record):
    """A place where lottery tickets are sold (item 39)."""

    number = models.CharField("站点编号", max_length=20)
    kind = models.CharField("渠道类型", max_length=12, choices=OutletKind.choices)
    happened_on = models.DateField("开业日期")
    closed_on = models.DateField("停业日期", null=True, blank=True)

    register = Register(
        columns=("number", "kind", "org_unit", "happened_on", "closed_on"),
        fields=("org_unit", "number", "kind", "happened_on", "closed_on", "note"),
        search=("number",),
        filters=("kind",),
        key=("number",),
        steps=("closed_on",),
        units=IN_TOWNSHIPS,
        hint="每个销售网点一条；“福店”和兼营网点计入新型渠道。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "福彩网点"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "closed_on"),
            once("number", message="这一站点编号已经登记。"),
        ]

    def __str__(self):
        return self.number


class LotterySales(Record):
    """Sales of one lottery in one month, beside those of the same month last year (item 39)."""

    lottery = models.CharField("彩种", max_length=10, choices=Lottery.choices)
    happened_on = models.DateField("月末日期", help_text="填所属月份的最后一天。")
    sales = models.DecimalField("本年当月销量（万元）", max_digits=12, decimal_places=2)
    last_year = models.DecimalField("上年当月销量（万元）", max_digits=12, decimal_places=2)

    register = Register(
        columns=("lottery", "happened_on", "sales", "last_year"),
        fields=("org_unit", "lottery", "happened_on", "sales", "last_year", "note"),
        filters=("lottery",),
        key=("lottery", "happened_on"),
        units=AT_OFFICE,
        hint="每月每个彩种一条，增长率由两个数算出。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "福彩销量"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "lottery", "happened_on", message="这一彩种当月的销量已经登记。"),
        ]

    def __str__(self):
        return f"{self.get_lottery_display()} {self.happened_on:%Y-%m}"
