"""Registers of co-operation across the province's border and of digital reform."""

from django.db import models
from django.db.models import F, Q

from workplan.models import AT_OFFICE, Record, Register, not_before, once

from ..enums import CooperationKind, DigitalKind, Partner, PilotKind


class Cooperation(Record):
    """One step of co-operation with a neighbour: an agreement, an exchange of data, a visit (item 6)."""

    partner = models.CharField("合作地区", max_length=12, choices=Partner.choices)
    kind = models.CharField("合作方式", max_length=12, choices=CooperationKind.choices)
    name = models.CharField("合作事项", max_length=120)
    happened_on = models.DateField("日期")
    checked = models.PositiveIntegerField("交换核查（户次）", null=True, blank=True)

    register = Register(
        columns=("name", "partner", "kind", "happened_on", "checked"),
        fields=("org_unit", "partner", "kind", "name", "happened_on", "checked", "note"),
        search=("name",),
        filters=("partner", "kind"),
        key=("partner", "name", "happened_on"),
        units=AT_OFFICE,
        hint="签订协议、交换信息、互访交流各登一条；信息交换填写核查户次。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "川渝合作"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "partner", "name", "happened_on", message="这一天的同一合作事项已经登记。"),
        ]

    def __str__(self):
        return self.name


class Pilot(Record):
    """A pilot of co-operation that the bureau has applied for, and what became of it (item 6)."""

    kind = models.CharField("试点类型", max_length=16, choices=PilotKind.choices)
    name = models.CharField("试点名称", max_length=120)
    happened_on = models.DateField("申报日期")
    granted_on = models.DateField("获批日期", null=True, blank=True)
    refused_on = models.DateField("未获批日期", null=True, blank=True)

    register = Register(
        columns=("name", "kind", "happened_on", "granted_on", "refused_on"),
        fields=("org_unit", "kind", "name", "happened_on", "granted_on", "refused_on", "note"),
        search=("name",),
        filters=("kind",),
        key=("name", "happened_on"),
        units=AT_OFFICE,
        hint="申报后登记，有批复结果时填写获批或未获批日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "川渝合作试点申报"
        constraints = [
            *Record.Meta.constraints,
            not_before("granted_on", "happened_on", "获批日期不能早于申报日期。"),
            not_before("refused_on", "happened_on", "未获批日期不能早于申报日期。"),
            models.CheckConstraint(
                condition=Q(granted_on__isnull=True) | Q(refused_on__isnull=True),
                name="keyprojects_pilot_one_outcome",
                violation_error_message="获批日期和未获批日期只能填写一个。",
            ),
            once("org_unit", "name", "happened_on", message="这一天申报的同一试点已经登记。"),
        ]

    def __str__(self):
        return self.name


class CrossMatter(Record):
    """One of the matters that either side of the border handles for the other (item 6, reading A18: named by the office)."""

    name = models.CharField("事项名称", max_length=80)
    happened_on = models.DateField("列入清单日期")
    improvement = models.CharField("提升举措", max_length=200, blank=True, help_text="如：减材料、全程网办。")
    ended_on = models.DateField("退出清单日期", null=True, blank=True)

    register = Register(
        columns=("name", "happened_on", "improvement", "ended_on"),
        fields=("org_unit", "name", "happened_on", "improvement", "ended_on", "note"),
        search=("name", "improvement"),
        key=("name",),
        units=AT_OFFICE,
        hint="每个“川渝通办”事项一条，由科室命名；本年有办件的计入目标。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "川渝通办事项"
        constraints = [
            *Record.Meta.constraints,
            not_before("ended_on", "happened_on", "退出日期不能早于列入日期。"),
            once("org_unit", "name", message="这一事项已经登记。"),
        ]

    def __str__(self):
        return self.name


class CrossCount(Record):
    """How many cases of a matter were handled in a month (item 6)."""

    matter = models.ForeignKey(CrossMatter, models.PROTECT, related_name="months", verbose_name="川渝通办事项")
    happened_on = models.DateField("统计截止日期", help_text="一般为月末。")
    handled = models.PositiveIntegerField("办件量")
    online = models.PositiveIntegerField("其中全程网办", default=0)

    register = Register(
        columns=("matter", "happened_on", "handled", "online"),
        fields=("org_unit", "matter", "happened_on", "handled", "online", "note"),
        search=("matter__name",),
        key=("matter", "happened_on"),
        units=AT_OFFICE,
        hint="每个事项每月一条，只填当月办件量；没有办件填 0。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "川渝通办办件"
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(online__lte=F("handled")),
                name="keyprojects_crosscount_online_within",
                violation_error_message="全程网办不能多于办件量。",
            ),
            once("matter", "happened_on", message="该事项这一天的办件已经登记。"),
        ]

    def __str__(self):
        return f"{self.matter} {self.happened_on}"


class DigitalItem(Record):
    """Something that digital reform brought forth (item 7)."""

    kind = models.CharField("类型", max_length=12, choices=DigitalKind.choices)
    name = models.CharField("名称", max_length=120)
    happened_on = models.DateField("上线或推广日期")
    ended_on = models.DateField("下线日期", null=True, blank=True)

    register = Register(
        columns=("name", "kind", "happened_on", "ended_on"),
        fields=("org_unit", "kind", "name", "happened_on", "ended_on", "note"),
        search=("name",),
        filters=("kind",),
        key=("kind", "name"),
        units=AT_OFFICE,
        hint="入驻治理中心的业务事项、典型应用案例、“一件事”场景各登一条。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "数字民政成果"
        constraints = [
            *Record.Meta.constraints,
            not_before("ended_on", "happened_on", "下线日期不能早于上线日期。"),
            once("org_unit", "kind", "name", message="同类成果中已有这一名称。"),
        ]

    def __str__(self):
        return self.name
