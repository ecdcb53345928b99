"""Registers of those who work for children, and of what the office itself holds and sets up (items 26, 27, 29)."""

from django.db import models
from django.db.models import Q

from people.models import PersonRecord
from people.purposes import Purpose
from workplan.enums import Privacy
from workplan.models import AT_OFFICE, IN_TOWNSHIPS, Record, Register, not_before, once

from ..enums import DirectorKind, EventKind, PartnerKind


class ChildDirector(PersonRecord):
    """Somebody who works for children in a township or village, with training and honours."""

    kind = models.CharField("岗位", max_length=10, choices=DirectorKind.choices, default=DirectorKind.DIRECTOR)
    place = models.CharField("任职村（社区）", max_length=40, blank=True)
    happened_on = models.DateField("任职日期")
    full_time = models.BooleanField("专职", default=False)
    trained_on = models.DateField("最近培训日期", null=True, blank=True)
    award = models.CharField("获评荣誉", max_length=60, blank=True)
    awarded_on = models.DateField("获评日期", null=True, blank=True)
    left_on = models.DateField("离任日期", null=True, blank=True)

    purpose = Purpose("管理和激励儿童主任队伍")
    register = Register(
        columns=("person", "kind", "org_unit", "place", "happened_on", "trained_on", "award", "left_on"),
        fields=(
            "org_unit",
            "person",
            "kind",
            "place",
            "happened_on",
            "full_time",
            "trained_on",
            "award",
            "awarded_on",
            "left_on",
            "note",
        ),
        search=("place", "award"),
        filters=("kind", "full_time"),
        key=("person", "happened_on"),
        units=IN_TOWNSHIPS,
        privacy=Privacy.PERSONS,
        hint="每村（社区）至少一名儿童主任，每乡镇（街道）至少一名儿童督导员；离任时填写日期，不要删除。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "儿童主任"
        constraints = [
            *PersonRecord.Meta.constraints,
            not_before("left_on", "happened_on", "离任日期不能早于任职日期。"),
            models.CheckConstraint(
                condition=Q(award="", awarded_on__isnull=True) | (~Q(award="") & Q(awarded_on__isnull=False)),
                name="%(app_label)s_%(class)s_award_with_date",
                violation_error_message="获评荣誉和获评日期须同时填写。",
            ),
            once("person", "happened_on", message="该人这一天的任职已经登记。"),
        ]


class Partner(Record):
    """Specialists who work at the district's protection centre for minors (item 26)."""

    name = models.CharField("机构名称", max_length=80)
    kind = models.CharField("类型", max_length=12, choices=PartnerKind.choices)
    happened_on = models.DateField("进驻日期")
    service = models.CharField("服务内容", max_length=120, blank=True)
    left_on = models.DateField("退出日期", null=True, blank=True)

    register = Register(
        columns=("name", "kind", "service", "happened_on", "left_on"),
        fields=("org_unit", "name", "kind", "happened_on", "service", "left_on", "note"),
        search=("name", "service"),
        filters=("kind",),
        key=("name",),
        units=AT_OFFICE,
        hint="进驻区未保中心的社会专业力量，每家一条，附合作协议。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "未保中心合作力量"
        constraints = [
            *Record.Meta.constraints,
            not_before("left_on", "happened_on", "退出日期不能早于进驻日期。"),
            once("org_unit", "name", message="该机构已经登记。"),
        ]

    def __str__(self):
        return self.name


class Organisation(Record):
    """A social organisation that works for the welfare of children (item 29)."""

    name = models.CharField("组织名称", max_length=80)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    happened_on = models.DateField("登记成立日期")
    field = models.CharField("服务领域", max_length=80, blank=True)
    closed_on = models.DateField("注销日期", null=True, blank=True)

    register = Register(
        columns=("name", "credit_code", "field", "happened_on", "closed_on"),
        fields=("org_unit", "name", "credit_code", "happened_on", "field", "closed_on", "note"),
        search=("name", "credit_code"),
        key=("name",),
        units=AT_OFFICE,
        hint="儿童福利类社会组织每个一条；登记信息以社会组织台账为准。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "儿童福利类社会组织"
        constraints = [
            *Record.Meta.constraints,
            not_before("closed_on", "happened_on", "注销日期不能早于登记成立日期。"),
            once("org_unit", "name", message="该社会组织已经登记。"),
        ]

    def __str__(self):
        return self.name


class Event(Record):
    """What the plan asks the office to hold or to set up: selections, rules, the start of a programme."""

    kind = models.CharField("类型", max_length=14, choices=EventKind.choices)
    name = models.CharField("名称", max_length=120)
    happened_on = models.DateField("举办（印发）日期")
    document_number = models.CharField("文号", max_length=40, blank=True)
    place = models.CharField("地点", max_length=80, blank=True)
    attendance = models.PositiveIntegerField("参加人数", null=True, blank=True)

    register = Register(
        columns=("name", "kind", "happened_on", "document_number", "place", "attendance"),
        fields=("org_unit", "kind", "name", "happened_on", "document_number", "place", "attendance", "note"),
        search=("name", "document_number", "place"),
        filters=("kind",),
        key=("name", "happened_on"),
        units=AT_OFFICE,
        shared_with=("livelihood",),
        hint="评选活动办完、制度印发或项目启动后登记，附文件、通知或照片。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "儿童福利活动和制度"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "name", "happened_on", message="这一天的同名事项已经登记。"),
        ]

    def __str__(self):
        return self.name
