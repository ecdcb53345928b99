"""Registers of what is done for the minds of children: screening, groups, cases (item 48)."""

from django.core.exceptions import ValidationError
from django.db import models

from people.models import PersonRecord
from people.purposes import SENSITIVE, Purpose
from workplan.enums import Privacy
from workplan.models import AT_OFFICE, IN_TOWNSHIPS, Record, Register, not_before, once

from ..enums import CaseTopic, GroupKind, Severity


class Screening(PersonRecord):
    """What a screening of a child's mental health has shown."""

    happened_on = models.DateField("筛查日期")
    tool = models.CharField("筛查量表", max_length=60, blank=True)
    severity = models.CharField("筛查结论", max_length=8, choices=Severity.choices)
    referred_on = models.DateField("转介就医日期", null=True, blank=True)

    purpose = Purpose("筛查儿童心理健康状况，安排干预", SENSITIVE)
    register = Register(
        columns=("person", "org_unit", "happened_on", "tool", "severity", "referred_on"),
        fields=("org_unit", "person", "happened_on", "tool", "severity", "referred_on", "note"),
        filters=("severity",),
        key=("person", "happened_on"),
        units=IN_TOWNSHIPS,
        privacy=Privacy.SENSITIVE,
        hint="每名儿童每次筛查一条；结论为较严重及以上的，须安排小组或个案服务。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "心理健康筛查"
        constraints = [
            *PersonRecord.Meta.constraints,
            not_before("referred_on", "happened_on", "转介日期不能早于筛查日期。"),
            once("person", "happened_on", message="该儿童这一天的筛查已经登记。"),
        ]


class GroupSession(Record):
    """An activity that brings children together. Who came is in `Attendance`."""

    kind = models.CharField("类型", max_length=12, choices=GroupKind.choices)
    name = models.CharField("活动名称", max_length=80)
    happened_on = models.DateField("活动日期")
    place = models.CharField("地点", max_length=80, blank=True)
    leader = models.CharField("带领机构（人员）", max_length=60, blank=True)

    register = Register(
        columns=("name", "kind", "org_unit", "happened_on", "place", "leader"),
        fields=("org_unit", "kind", "name", "happened_on", "place", "leader", "note"),
        search=("name", "place", "leader"),
        filters=("kind",),
        key=("name", "happened_on"),
        units=(*IN_TOWNSHIPS, *AT_OFFICE),
        shared_with=("livelihood",),
        hint="每场活动一条，参加的儿童在“团辅和小组参加”中逐人登记；此处不写儿童姓名。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "团辅和小组活动"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "name", "happened_on", message="这一天的同名活动已经登记。"),
        ]

    def __str__(self):
        return f"{self.name}（{self.happened_on}）"


class Attendance(PersonRecord):
    """A child who took part in an activity, and since when: groups may meet several times."""

    session = models.ForeignKey(GroupSession, models.PROTECT, related_name="attendances", verbose_name="活动")
    happened_on = models.DateField("参加日期")

    purpose = Purpose("确认困境和留守儿童团辅全覆盖", SENSITIVE)
    register = Register(
        columns=("person", "org_unit", "session", "happened_on"),
        fields=("org_unit", "person", "session", "happened_on", "note"),
        search=("session__name",),
        key=("person", "session"),
        units=IN_TOWNSHIPS,
        privacy=Privacy.SENSITIVE,
        hint="每名儿童参加每场活动一条。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "团辅和小组参加"
        constraints = [
            *PersonRecord.Meta.constraints,
            once("person", "session", message="该儿童参加这场活动已经登记。"),
        ]

    def clean(self):
        """Refuse a day before the activity began."""
        super().clean()
        if self.session_id and self.happened_on and self.happened_on < self.session.happened_on:
            raise ValidationError({"happened_on": f"不能早于活动日期（{self.session.happened_on}）。"})


class Casework(PersonRecord):
    """Work with one child, from the opening of the case to its end."""

    happened_on = models.DateField("个案开始日期")
    topic = models.CharField("服务内容", max_length=8, choices=CaseTopic.choices)
    worker = models.CharField("服务机构（社工）", max_length=60)
    meetings = models.PositiveIntegerField("已服务次数", default=1)
    ended_on = models.DateField("结案日期", null=True, blank=True)
    result = models.CharField("结案评估", max_length=200, blank=True)

    purpose = Purpose("对心理问题较严重的儿童提供个案服务", SENSITIVE)
    register = Register(
        columns=("person", "org_unit", "topic", "worker", "happened_on", "meetings", "ended_on"),
        fields=("org_unit", "person", "happened_on", "topic", "worker", "meetings", "ended_on", "result", "note"),
        filters=("topic",),
        key=("person", "happened_on"),
        units=IN_TOWNSHIPS,
        privacy=Privacy.SENSITIVE,
        hint="每个个案一条，从开案之日起计为已提供服务，结案后填写日期和评估。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "个案服务"
        constraints = [
            *PersonRecord.Meta.constraints,
            not_before("ended_on", "happened_on", "结案日期不能早于开始日期。"),
            once("person", "happened_on", message="该儿童这一天的个案已经登记。"),
        ]
