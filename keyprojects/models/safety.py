"""Registers of safety: what the ceilings of item 8 count, the papers and the inspections that it asks for."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from workplan.models import AT_OFFICE, Record, Register, not_before, once, steps_follow

from ..enums import AccidentLevel, Channel, DocumentKind, Field, Frequency, InspectionKind


class Accident(Record):
    """An accident in the field of civil affairs, and how many people came to harm (item 8, reading A08)."""

    name = models.CharField("事故简述", max_length=120, help_text="不写当事人姓名。")
    field = models.CharField("领域", max_length=12, choices=Field.choices)
    level = models.CharField("事故等级", max_length=12, choices=AccidentLevel.choices, default=AccidentLevel.ORDINARY)
    happened_on = models.DateField("发生日期")
    place = models.CharField("发生地点", max_length=120)
    casualties = models.PositiveIntegerField("伤亡人数", default=0)
    deaths = models.PositiveIntegerField("其中死亡", default=0)
    closed_on = models.DateField("处理完结日期", null=True, blank=True)

    register = Register(
        columns=("name", "org_unit", "field", "level", "happened_on", "casualties", "closed_on"),
        fields=(
            "org_unit",
            "name",
            "field",
            "level",
            "happened_on",
            "place",
            "casualties",
            "deaths",
            "closed_on",
            "note",
        ),
        search=("name", "place"),
        filters=("field", "level"),
        key=("name", "happened_on"),
        steps=("closed_on",),
        hint="每起事故一条，没有伤亡的也要登记；统计口径见目标说明。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "安全事故"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "closed_on"),
            models.CheckConstraint(
                condition=Q(deaths__lte=F("casualties")),
                name="keyprojects_accident_deaths_within",
                violation_error_message="死亡人数不能多于伤亡人数。",
            ),
            once("org_unit", "name", "happened_on", message="这一天的同一事故已经登记。"),
        ]

    def __str__(self):
        return self.name


class Petition(Record):
    """A petition. One that takes up a matter that had been closed points at the earlier petition: 反弹 (item 8)."""

    number = models.CharField("信访编号", max_length=40)
    subject = models.CharField("反映事项", max_length=120, help_text="不写信访人姓名。")
    field = models.CharField("领域", max_length=12, choices=Field.choices)
    channel = models.CharField("来源渠道", max_length=12, choices=Channel.choices)
    happened_on = models.DateField("收到日期")
    closed_on = models.DateField("办结日期", null=True, blank=True)
    earlier = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="again",
        verbose_name="结案后再次发生的原信访件",
        help_text="同一事项结案后再次信访的，选择原信访件。",
    )

    register = Register(
        columns=("number", "subject", "org_unit", "field", "channel", "happened_on", "closed_on", "earlier"),
        fields=("org_unit", "number", "subject", "field", "channel", "happened_on", "closed_on", "earlier", "note"),
        search=("number", "subject"),
        filters=("field", "channel"),
        key=("number",),
        steps=("closed_on",),
        hint="每件信访一条；结案后再次发生的另登一条并选择原信访件，计为反弹。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "信访事项"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "closed_on"),
            once("org_unit", "number", message="这一信访编号已经登记。"),
        ]

    def __str__(self):
        return f"{self.number} {self.subject}"

    def clean(self):
        """Refuse a link to a petition that had not been closed before, and keep closed what others point at."""
        super().clean()
        if self.earlier and self.happened_on and not self._had_been_closed(self.earlier):
            raise ValidationError({"earlier": "原信访件须在本件收到之前已经办结。"})
        first = self.again.kept().order_by("happened_on").first() if self.pk else None
        if first and (self.closed_on is None or self.closed_on > first.happened_on):
            raise ValidationError({"closed_on": f"本件已有反弹件（{first.happened_on} 收到），须在其之前办结。"})

    def _had_been_closed(self, earlier: "Petition") -> bool:
        return earlier != self and earlier.closed_on is not None and earlier.closed_on <= self.happened_on


class OpinionIncident(Record):
    """A wave of negative opinion, and whether it was judged to have spread (item 8, reading A08)."""

    title = models.CharField("舆情概要", max_length=120, help_text="不写当事人姓名。")
    field = models.CharField("领域", max_length=12, choices=Field.choices)
    platform = models.CharField("出现平台", max_length=60)
    happened_on = models.DateField("发现日期")
    judged_on = models.DateField("研判日期", null=True, blank=True)
    spread = models.BooleanField("认定扩散", default=False)
    settled_on = models.DateField("处置完成日期", null=True, blank=True)

    register = Register(
        columns=("title", "org_unit", "field", "platform", "happened_on", "judged_on", "spread", "settled_on"),
        fields=(
            "org_unit",
            "title",
            "field",
            "platform",
            "happened_on",
            "judged_on",
            "spread",
            "settled_on",
            "note",
        ),
        search=("title", "platform"),
        filters=("field", "spread"),
        key=("title", "happened_on"),
        steps=("judged_on",),
        hint="每起负面舆情一条；经研判认定扩散的勾选，自研判日期起计入目标。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "负面舆情"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "judged_on"),
            not_before("settled_on", "happened_on", "处置完成日期不能早于发现日期。"),
            models.CheckConstraint(
                condition=Q(spread=False) | Q(judged_on__isnull=False),
                name="keyprojects_opinionincident_spread_judged",
                violation_error_message="认定扩散的须填写研判日期。",
            ),
            once("org_unit", "title", "happened_on", message="这一天的同一舆情已经登记。"),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        """Ask for the day of the judgement where there was one."""
        super().clean()
        if self.spread and self.judged_on is None:
            raise ValidationError({"judged_on": "认定扩散的，请填写研判日期。"})


class Document(Record):
    """A list that item 8 asks for. Of several versions in a year each stays; the first one counts."""

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
        hint="印发后登记，附文件扫描件；同类文件一年只计一次。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "平安民政文件"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "title", "happened_on", message="这一天印发的同名文件已经登记。"),
        ]

    def __str__(self):
        return self.title


class Inspection(Record):
    """An inspection, at one of the five frequencies or out of turn, with what it found (item 8)."""

    kind = models.CharField("检查类型", max_length=16, choices=InspectionKind.choices)
    frequency = models.CharField("频次", max_length=12, choices=Frequency.choices)
    happened_on = models.DateField("检查日期")
    place = models.CharField("检查对象", max_length=120)
    problems = models.PositiveIntegerField("发现问题（个）", default=0)
    findings = models.CharField("问题和整改要求", max_length=300, blank=True)
    rectified_on = models.DateField("整改完成日期", null=True, blank=True)

    register = Register(
        columns=("place", "kind", "frequency", "happened_on", "problems", "rectified_on"),
        fields=(
            "org_unit",
            "kind",
            "frequency",
            "happened_on",
            "place",
            "problems",
            "findings",
            "rectified_on",
            "note",
        ),
        search=("place", "findings"),
        filters=("kind", "frequency"),
        key=("kind", "frequency", "place", "happened_on"),
        steps=("rectified_on",),
        units=AT_OFFICE,
        hint="每次检查一条，没有发现问题的也要登记；日、周、月、季、年五类频次各有记录即达到目标。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "检查记录"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "rectified_on"),
            models.CheckConstraint(
                condition=Q(problems=0) | ~Q(findings=""),
                name="keyprojects_inspection_findings_told",
                violation_error_message="发现问题的须写明问题和整改要求。",
            ),
            once("org_unit", "kind", "frequency", "place", "happened_on", message="这一天的同一检查已经登记。"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.place} {self.happened_on}"

    def clean(self):
        """Ask what was found where something was."""
        super().clean()
        if self.problems and not self.findings:
            raise ValidationError({"findings": "发现问题的，请写明问题和整改要求。"})
