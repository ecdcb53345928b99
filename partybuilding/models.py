"""Party building: the section's view of the plan, and its registers."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from workplan.models import AT_OFFICE, Record, Register, once, steps_follow
from workplan.models import Target as PlanTarget
from workplan.models import Task as PlanTask
from workplan.proxies import SectionTargetManager, SectionTaskManager

from .enums import CheckKind, DocumentKind, EventKind, Half, SessionKind

SECOND_HALF = 7  # the month in which it begins


class Task(PlanTask):
    """The plan's tasks that belong to this section."""

    objects = SectionTaskManager("partybuilding")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "工作任务"


class Target(PlanTarget):
    """The plan's targets that belong to this section."""

    objects = SectionTargetManager("partybuilding")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "目标"


class StudySession(Record):
    """A meeting of the party group or of its study group, and whether it began with the first topic (item 1)."""

    kind = models.CharField("会议类型", max_length=12, choices=SessionKind.choices)
    number = models.CharField("会次", max_length=40, help_text="如：2024年第3次。")
    happened_on = models.DateField("召开日期")
    first_topic = models.BooleanField("落实“第一议题”", default=False)
    topic = models.CharField("“第一议题”学习内容", max_length=200, blank=True)
    agenda = models.CharField("其他议题", max_length=300, blank=True, help_text="按会议顺序填写，用分号隔开。")
    attendance = models.PositiveIntegerField("参加人数", null=True, blank=True)

    register = Register(
        columns=("number", "kind", "happened_on", "first_topic", "topic", "attendance"),
        fields=("org_unit", "kind", "number", "happened_on", "first_topic", "topic", "agenda", "attendance", "note"),
        search=("number", "topic", "agenda"),
        filters=("kind", "first_topic"),
        key=("kind", "number"),
        units=AT_OFFICE,
        hint="每次会议一条；以“第一议题”开始的勾选，并填写学习内容。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "党组会议和中心组学习"
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(first_topic=True) & ~Q(topic="") | Q(first_topic=False, topic=""),
                name="partybuilding_studysession_topic_with_flag",
                violation_error_message="落实“第一议题”的须填写学习内容，未落实的不填。",
            ),
            once("org_unit", "kind", "number", message="这一会次已经登记。"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}{self.number}"

    def clean(self):
        """Ask for the topic exactly where the session began with it."""
        super().clean()
        if self.first_topic and not self.topic:
            raise ValidationError({"topic": "已勾选落实“第一议题”，请填写学习内容。"})
        if self.topic and not self.first_topic:
            raise ValidationError({"first_topic": "填写了学习内容的，请勾选落实“第一议题”。"})


class RiskCheck(Record):
    """A check for ideological risks, with what it found (item 3): the entries make up the ledger of risks."""

    kind = models.CharField("排查类型", max_length=16, choices=CheckKind.choices)
    happened_on = models.DateField("排查日期")
    scope = models.CharField("排查范围", max_length=120, help_text="如：局属单位、社会组织、网络阵地。")
    risks = models.PositiveIntegerField("发现风险点（个）", default=0)
    findings = models.CharField("风险情况", max_length=300, blank=True)
    responsible = models.CharField("责任科室", max_length=40, blank=True)
    settled_on = models.DateField("处置完成日期", null=True, blank=True)

    register = Register(
        columns=("kind", "happened_on", "scope", "risks", "responsible", "settled_on"),
        fields=(
            "org_unit",
            "kind",
            "happened_on",
            "scope",
            "risks",
            "findings",
            "responsible",
            "settled_on",
            "note",
        ),
        search=("scope", "findings"),
        filters=("kind",),
        key=("kind", "happened_on"),
        steps=("settled_on",),
        units=AT_OFFICE,
        hint="每次排查一条，没有发现风险的也要登记；年初集中排查不抵当月的动态排查。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "意识形态风险排查"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "settled_on"),
            models.CheckConstraint(
                condition=Q(risks=0) | ~Q(findings=""),
                name="partybuilding_riskcheck_findings_told",
                violation_error_message="发现风险的须填写风险情况。",
            ),
            once("org_unit", "kind", "happened_on", message="这一天的同类排查已经登记。"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.happened_on}"

    def clean(self):
        """Ask what was found where something was."""
        super().clean()
        if self.risks and not self.findings:
            raise ValidationError({"findings": "发现风险的，请填写风险情况。"})


class IdeologyReport(Record):
    """The report on ideological work that is owed twice a year (item 3). It counts for the half-year it is about."""

    year = models.CharField(
        "年度",
        max_length=4,
        validators=[RegexValidator(r"^20[0-9]{2}\Z", "请填写四位年度，如 2024。")],
        help_text="报告所说的年度，如 2024。",
    )
    half = models.CharField("报告期", max_length=8, choices=Half.choices)
    happened_on = models.DateField("报送日期")
    title = models.CharField("报告标题", max_length=120)
    sent_to = models.CharField("报送对象", max_length=60, blank=True)

    register = Register(
        columns=("title", "year", "half", "happened_on", "sent_to"),
        fields=("org_unit", "year", "half", "title", "happened_on", "sent_to", "note"),
        search=("title",),
        filters=("half",),
        key=("year", "half"),
        units=AT_OFFICE,
        hint="每半年一条，报送后登记，附报告文本；迟报的仍算所报告的半年。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "意识形态工作报告"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "year", "half", message="这一报告期的报告已经登记。"),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        """Refuse a report that was sent before the half-year it is about had begun."""
        super().clean()
        begun = (self.year, SECOND_HALF if self.half == Half.SECOND else 1)
        if self.happened_on and (f"{self.happened_on:%Y}", self.happened_on.month) < begun:
            raise ValidationError({"happened_on": "报送日期早于所报告的半年。"})


class Document(Record):
    """A paper that the plan asks for (item 3). Of several versions in a year each stays; the first one counts."""

    kind = models.CharField("文件类型", max_length=12, choices=DocumentKind.choices)
    title = models.CharField("文件名称", max_length=120)
    number = models.CharField("文号", max_length=40, blank=True)
    happened_on = models.DateField("印发日期")

    register = Register(
        columns=("title", "kind", "number", "happened_on"),
        fields=("org_unit", "kind", "title", "number", "happened_on", "note"),
        search=("title", "number"),
        filters=("kind",),
        key=("title", "happened_on"),
        units=AT_OFFICE,
        hint="印发后登记，附文件扫描件；修订后重新印发的另登一条，同类文件一年只计一次。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "意识形态工作文件"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "title", "happened_on", message="这一天印发的同名文件已经登记。"),
        ]

    def __str__(self):
        return self.title


class Event(Record):
    """A training, a competition or a lesson of warning in which the bureau's people took part (items 4 and 5)."""

    kind = models.CharField("类型", max_length=12, choices=EventKind.choices)
    name = models.CharField("名称", max_length=120)
    happened_on = models.DateField("参加日期")
    organiser = models.CharField("主办单位", max_length=60, blank=True)
    attendance = models.PositiveIntegerField("参加人数", null=True, blank=True)
    result = models.CharField("成绩或成效", max_length=120, blank=True, help_text="如：获团体二等奖。")

    register = Register(
        columns=("name", "kind", "happened_on", "organiser", "attendance", "result"),
        fields=("org_unit", "kind", "name", "happened_on", "organiser", "attendance", "result", "note"),
        search=("name", "organiser"),
        filters=("kind",),
        key=("name", "happened_on"),
        units=AT_OFFICE,
        hint="参加后登记，附通知、照片或证书。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "干部培训、竞赛和警示教育"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "name", "happened_on", message="这一天的同名活动已经登记。"),
        ]

    def __str__(self):
        return self.name


class Reorganisation(Record):
    """A reform of institutions, from its start until it is complete (item 4)."""

    name = models.CharField("改革事项", max_length=120)
    happened_on = models.DateField("启动日期")
    approved_on = models.DateField("方案批复日期", null=True, blank=True)
    transferred_on = models.DateField("人员到位日期", null=True, blank=True)
    completed_on = models.DateField("改革完成日期", null=True, blank=True)

    register = Register(
        columns=("name", "step", "happened_on", "approved_on", "transferred_on", "completed_on"),
        fields=(
            "org_unit",
            "name",
            "happened_on",
            "approved_on",
            "transferred_on",
            "completed_on",
            "note",
        ),
        search=("name",),
        key=("name",),
        steps=("approved_on", "transferred_on", "completed_on"),
        units=AT_OFFICE,
        hint="每项改革一条，按启动、批复、人员到位、完成依次填写日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "机构改革"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "approved_on", "transferred_on", "completed_on"),
            once("org_unit", "name", message="这一改革事项已经登记。"),
        ]

    def __str__(self):
        return self.name
