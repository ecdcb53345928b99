"""Reform: the section's view of the plan, and its registers."""

from django.db import models
from django.db.models import Q

from people.models import PersonRecord
from people.purposes import Purpose
from workplan.enums import Privacy
from workplan.models import AT_OFFICE, Record, Register, not_before, once, steps_follow
from workplan.models import Target as PlanTarget
from workplan.models import Task as PlanTask
from workplan.proxies import SectionTargetManager, SectionTaskManager

from .enums import ConsortiumKind, EnforcementUnit, Level, MechanismKind, PilotKind


class Task(PlanTask):
    """The plan's tasks that belong to this section."""

    objects = SectionTaskManager("reform")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "工作任务"


class Target(PlanTarget):
    """The plan's targets that belong to this section."""

    objects = SectionTargetManager("reform")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "目标"


class ReformItem(Record):
    """A reform that was submitted for the district committee's list of key reforms (item 9)."""

    title = models.CharField("改革事项", max_length=120)
    happened_on = models.DateField("申报日期")
    listed_on = models.DateField("纳入区委清单日期", null=True, blank=True)
    finished_on = models.DateField("完成日期", null=True, blank=True)

    register = Register(
        columns=("title", "step", "happened_on", "listed_on", "finished_on"),
        fields=("org_unit", "title", "happened_on", "listed_on", "finished_on", "note"),
        search=("title",),
        key=("title",),
        steps=("listed_on", "finished_on"),
        units=AT_OFFICE,
        hint="每个改革事项一条；被区委列入重点推进清单后填写日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "改革事项"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "listed_on", "finished_on"),
            once("org_unit", "title", message="这一改革事项已经登记。"),
        ]

    def __str__(self):
        return self.title


class Pilot(Record):
    """A pilot or demonstration that was applied for, and what became of it (items 9 and 12)."""

    name = models.CharField("项目名称", max_length=120)
    kind = models.CharField("类型", max_length=20, choices=PilotKind.choices)
    level = models.CharField("级别", max_length=10, choices=Level.choices)
    happened_on = models.DateField("申报日期")
    granted_on = models.DateField("获批日期", null=True, blank=True)
    refused_on = models.DateField("未获批日期", null=True, blank=True)

    register = Register(
        columns=("name", "kind", "level", "happened_on", "granted_on", "refused_on"),
        fields=("org_unit", "name", "kind", "level", "happened_on", "granted_on", "refused_on", "note"),
        search=("name",),
        filters=("kind", "level"),
        key=("name",),
        units=AT_OFFICE,
        hint="申报时登记，获批或未获批后填写日期，附批复文件。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "试点示范"
        constraints = [
            *Record.Meta.constraints,
            not_before("granted_on", "happened_on", "获批日期不能早于申报日期。"),
            not_before("refused_on", "happened_on", "未获批日期不能早于申报日期。"),
            models.CheckConstraint(
                condition=Q(granted_on__isnull=True) | Q(refused_on__isnull=True),
                name="reform_pilot_granted_or_refused",
                violation_error_message="获批和未获批只能填写一个。",
            ),
            once("org_unit", "name", message="这一项目已经登记。"),
        ]

    def __str__(self):
        return self.name


class TypicalCase(Record):
    """A case worth telling others, and who took it up (item 9)."""

    title = models.CharField("案例名称", max_length=120)
    happened_on = models.DateField("形成日期")
    level = models.CharField("采用级别", max_length=10, choices=Level.choices, blank=True)
    adopted_on = models.DateField("采用日期", null=True, blank=True)

    register = Register(
        columns=("title", "happened_on", "level", "adopted_on"),
        fields=("org_unit", "title", "happened_on", "level", "adopted_on", "note"),
        search=("title",),
        filters=("level",),
        key=("title",),
        steps=("adopted_on",),
        units=AT_OFFICE,
        hint="形成书面案例后登记，被采用、推广的填写级别和日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "典型案例"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "adopted_on"),
            once("org_unit", "title", message="这一案例已经登记。"),
        ]

    def __str__(self):
        return self.title


class Consortium(Record):
    """One of the three consortia, from its start until it is built (items 10–12, reading A21)."""

    kind = models.CharField("联合体", max_length=22, choices=ConsortiumKind.choices)
    happened_on = models.DateField("启动日期")
    built_on = models.DateField("建成日期", null=True, blank=True)
    members = models.PositiveIntegerField("成员单位数", null=True, blank=True)

    register = Register(
        columns=("kind", "step", "happened_on", "built_on", "members"),
        fields=("org_unit", "kind", "happened_on", "built_on", "members", "note"),
        filters=("kind",),
        key=("kind",),
        steps=("built_on",),
        units=AT_OFFICE,
        hint="三个联合体各一条，建成后填写日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "服务联合体"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "built_on"),
            once("org_unit", "kind", "happened_on", message="这一联合体当天已经登记。"),
        ]

    def __str__(self):
        return str(self.get_kind_display())


class Platform(Record):
    """A platform of a consortium (item 10 names three)."""

    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="platforms", verbose_name="联合体")
    name = models.CharField("平台名称", max_length=80)
    happened_on = models.DateField("启用日期")

    register = Register(
        columns=("name", "consortium", "happened_on"),
        fields=("org_unit", "consortium", "name", "happened_on", "note"),
        search=("name",),
        key=("name",),
        units=AT_OFFICE,
        hint="平台启用后登记。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "联合体平台"
        constraints = [
            *Record.Meta.constraints,
            once("consortium", "name", message="这一平台已经登记。"),
        ]

    def __str__(self):
        return self.name


class Mechanism(Record):
    """What was set up for enforcement, with its document (item 13)."""

    kind = models.CharField("事项", max_length=10, choices=MechanismKind.choices)
    happened_on = models.DateField("建立日期")
    document = models.CharField("文件名称或文号", max_length=120, blank=True)

    register = Register(
        columns=("kind", "happened_on", "document"),
        fields=("org_unit", "kind", "happened_on", "document", "note"),
        search=("document",),
        filters=("kind",),
        key=("kind", "happened_on"),
        units=AT_OFFICE,
        hint="机制建立、队伍组建后登记，附文件和人员名单。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "执法机制"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "kind", "happened_on", message="这一事项当天已经登记。"),
        ]

    def __str__(self):
        return str(self.get_kind_display())


class EnforcementOfficer(PersonRecord):
    """Somebody qualified to enforce, and since when in the team (item 13)."""

    workplace = models.CharField("所在单位", max_length=20, choices=EnforcementUnit.choices)
    certificate = models.CharField("执法证号", max_length=40, blank=True)
    happened_on = models.DateField("取得资格日期")
    joined_on = models.DateField("编入队伍日期", null=True, blank=True)
    left_on = models.DateField("退出日期", null=True, blank=True)

    purpose = Purpose("管理民政执法人员名单")
    register = Register(
        columns=("person", "workplace", "certificate", "happened_on", "joined_on", "left_on"),
        fields=("org_unit", "person", "workplace", "certificate", "happened_on", "joined_on", "left_on", "note"),
        search=("certificate",),
        filters=("workplace",),
        key=("person", "happened_on"),
        steps=("joined_on", "left_on"),
        units=AT_OFFICE,
        privacy=Privacy.PERSONS,
        hint="取得执法资格的工作人员逐人登记，编入队伍后填写日期。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "执法人员"
        constraints = [
            *PersonRecord.Meta.constraints,
            *steps_follow("happened_on", "joined_on", "left_on"),
            once("person", "happened_on", message="该人员当天已经登记。"),
        ]


class PenaltyCase(Record):
    """A case that was enforced (item 13)."""

    number = models.CharField("案号", max_length=40)
    matter = models.CharField("案由", max_length=120)
    happened_on = models.DateField("立案日期")
    decided_on = models.DateField("处罚决定日期", null=True, blank=True)
    fine = models.DecimalField("罚款金额（元）", max_digits=12, decimal_places=2, null=True, blank=True)
    closed_on = models.DateField("结案日期", null=True, blank=True)

    register = Register(
        columns=("number", "matter", "step", "happened_on", "decided_on", "closed_on"),
        fields=("org_unit", "number", "matter", "happened_on", "decided_on", "fine", "closed_on", "note"),
        search=("number", "matter"),
        key=("number",),
        steps=("decided_on", "closed_on"),
        units=AT_OFFICE,
        hint="民政执法案件逐件登记，不填当事人姓名。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "执法案件"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "decided_on", "closed_on"),
            once("org_unit", "number", message="这一案号已经登记。"),
        ]

    def __str__(self):
        return self.number
