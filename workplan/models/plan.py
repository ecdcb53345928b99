"""The plan: what a bureau has promised for a year. Who carries which part of it is in `models.parts`."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.base import ModelState

from accounts.models import OrgUnit
from accounts.scope import ScopedQuerySet

from ..enums import PlanStatus
from ..rules.entries import USUAL_JUMP
from ..rules.kinds import Comparator, PaceCurve, Recurrence, Strength, TargetKind, is_flow

# What an office most often asks for when it sends a report back; a plan begins with these.
USUAL_REASONS = (
    "数据与上期不衔接，请核对。",
    "请补充佐证材料。",
    "进展情况过于笼统，请写明具体做法和数字。",
    "分子、分母口径有误，请按指标口径重新统计。",
    "存在问题和下一步措施未填写，请补充。",
)


def usual_reasons() -> str:
    return "\n".join(USUAL_REASONS)


class PlanQuerySet(ScopedQuerySet):
    scope_units = ("bureau",)
    scope_apps = ()
    scope_common = "bureau"

    def published(self):
        return self.exclude(status=PlanStatus.DRAFT)

    def running(self):
        """Return the plans that are worked on: published and not yet closed."""
        return self.filter(status=PlanStatus.PUBLISHED)


class Plan(models.Model):
    """A bureau's work plan of one year."""

    bureau = models.ForeignKey(OrgUnit, models.PROTECT, related_name="plans", verbose_name="局")
    year = models.PositiveSmallIntegerField("年度", validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    title = models.CharField("标题", max_length=120)
    document_number = models.CharField("发文字号", max_length=60, blank=True)
    issued_on = models.DateField("成文日期", null=True, blank=True)
    status = models.CharField("状态", max_length=12, choices=PlanStatus.choices, default=PlanStatus.DRAFT)
    # Gap to pace, in percentage points of the goal, from which a target is yellow or red.
    yellow_gap = models.DecimalField("滞后阈值（百分点）", max_digits=5, decimal_places=2, default=Decimal(5))
    red_gap = models.DecimalField("红灯阈值（百分点）", max_digits=5, decimal_places=2, default=Decimal(20))
    jump_factor = models.DecimalField(
        "增长核对倍数",
        max_digits=5,
        decimal_places=1,
        default=USUAL_JUMP,
        help_text="累计数超过上次的这一倍数时，提醒填报人核对并写明原因。",
    )
    return_reasons = models.TextField("退回常用语", blank=True, default=usual_reasons, help_text="每行一条。")
    rollup_day = models.PositiveSmallIntegerField(
        "月度汇总生成日", default=5, help_text="每月这一天自动生成上月汇总报告草稿，1 至 28。"
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度工作要点"
        ordering = ["-year", "bureau"]
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "year"],
                name="plan_one_per_bureau_year",
                violation_error_message="该单位这一年度已有工作要点。",
            ),
            models.CheckConstraint(
                condition=Q(yellow_gap__gte=0) & Q(red_gap__gte=F("yellow_gap")) & Q(red_gap__lte=100),
                name="plan_thresholds_ordered",
                violation_error_message="阈值须满足：0 ≤ 滞后阈值 ≤ 红灯阈值 ≤ 100。",
            ),
            models.CheckConstraint(
                condition=Q(rollup_day__gte=1) & Q(rollup_day__lte=28),
                name="plan_rollup_day_in_every_month",
                violation_error_message="月度汇总生成日须在 1 与 28 之间。",
            ),
            models.CheckConstraint(
                condition=Q(jump_factor__gt=1),
                name="plan_jump_is_growth",
                violation_error_message="增长核对倍数须大于 1。",
            ),
        ]

    def __str__(self):
        return f"{self.bureau.label}{self.year}年工作要点"

    @property
    def is_running(self) -> bool:
        """Say whether the plan is worked on: published and not yet closed."""
        return self.status == PlanStatus.PUBLISHED

    @property
    def reasons(self) -> list[str]:
        """Return what a reviewer may choose from when a report goes back."""
        return [line.strip() for line in self.return_reasons.splitlines() if line.strip()]

    def audit_position(self):
        return self.bureau, ""


class SectionQuerySet(ScopedQuerySet):
    scope_units = ("plan__bureau",)
    scope_apps = ("app",)
    scope_common = "plan__bureau"  # the table of contents is common, the content is scoped


class Section(models.Model):
    """One of the plan's chapters. It points at the section app whose business line it belongs to."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="sections", verbose_name="工作要点")
    number = models.PositiveSmallIntegerField("序号")
    title = models.CharField("标题", max_length=160)
    campaign = models.CharField("行动名称", max_length=60, blank=True)
    app = models.CharField("业务板块", max_length=40)

    objects = SectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "板块"
        ordering = ["plan_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="section_number_once",
                violation_error_message="该工作要点中已有这一板块序号。",
            )
        ]

    def __str__(self):
        return f"{self.number}. {self.campaign or self.title}"

    def audit_position(self):
        return self.plan.bureau, self.app


class TaskQuerySet(ScopedQuerySet):
    scope_units = ("plan__bureau", "assignments__org_unit")
    scope_apps = ("section__app",)
    scope_many = True


class Task(models.Model):
    """A numbered work item of the plan."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks", verbose_name="工作要点")
    section = models.ForeignKey(Section, models.CASCADE, related_name="tasks", verbose_name="板块")
    number = models.PositiveSmallIntegerField("序号")
    title = models.CharField("标题", max_length=160)
    summary = models.TextField("内容摘要", blank=True)
    due = models.DateField("完成时限", null=True, blank=True)
    due_proposed = models.BooleanField("时限待确认", default=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作任务"
        ordering = ["plan_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="task_number_once",
                violation_error_message="该工作要点中已有这一任务序号。",
            )
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"

    def clean(self):
        if self.section_id and self.plan_id and self.section.plan_id != self.plan_id:
            raise ValidationError({"section": "板块不属于这一工作要点。"})

    def audit_position(self):
        return self.plan.bureau, self.section.app


class TargetQuerySet(ScopedQuerySet):
    scope_units = ("plan__bureau", "allocations__org_unit")
    scope_apps = ("task__section__app",)
    scope_apps_shared = ("also_in__section__app",)
    scope_many = True


class Target(models.Model):
    """One checkable promise of a task. A target stated in two tasks is one row, shown in both (`also_in`)."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="targets", verbose_name="工作要点")
    task = models.ForeignKey(Task, models.CASCADE, related_name="targets", verbose_name="工作任务")
    also_in = models.ManyToManyField(Task, related_name="shown_targets", blank=True, verbose_name="同时列入的任务")
    code = models.CharField("编号", max_length=20, help_text="任务序号.目标序号，如 49.3")
    sort = models.PositiveIntegerField("排序", default=0)
    measure = models.CharField("目标", max_length=200)
    kind = models.CharField("类型", max_length=12, choices=TargetKind.choices())
    strength = models.CharField("约束力", max_length=12, choices=Strength.choices())
    implied = models.BooleanField("推定目标值", default=False, help_text="目标值为对原文的理解，原文未写明数字。")
    comparator = models.CharField("比较", max_length=2, choices=Comparator.choices(), default=Comparator.GE)
    # For recurring targets: how often per span (every month, half-year, …), not per year.
    goal = models.DecimalField("目标值", max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField("计量单位", max_length=20)
    numerator_label = models.CharField("分子口径", max_length=120, blank=True)
    denominator_label = models.CharField("分母口径", max_length=120, blank=True)
    start = models.DateField("起始日期")
    due = models.DateField("完成时限", null=True, blank=True)
    due_proposed = models.BooleanField("时限待确认", default=False)
    curve = models.CharField("序时进度", max_length=12, choices=PaceCurve.choices(), default=PaceCurve.LINEAR)
    recurrence = models.CharField("频次", max_length=12, choices=Recurrence.choices(), default=Recurrence.NONE)
    cooperation = models.BooleanField("配合事项", default=False, help_text="结果不完全取决于本局。")
    # Code of the measure that computes the target from records, "app.name"; empty: units state it in their reports.
    computed_by = models.CharField("台账口径", max_length=60, blank=True)
    needs_evidence = models.BooleanField(
        "须附佐证材料",
        default=False,
        help_text="填报有进展时，须上传佐证材料才能提交；由台账计算的目标以台账记录为准。",
    )
    note = models.TextField("口径说明", blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "目标"
        ordering = ["plan_id", "sort"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="target_code_once",
                violation_error_message="该工作要点中已有这一目标编号。",
            ),
            models.CheckConstraint(
                condition=Q(strength=Strength.TRACKED) | Q(goal__isnull=False),
                name="target_lit_needs_goal",
                violation_error_message="除跟踪类目标外，必须填写目标值。",
            ),
            models.CheckConstraint(
                condition=Q(due__isnull=True) | Q(due__gte=F("start")),
                name="target_due_after_start",
                violation_error_message="完成时限不能早于起始日期。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in TargetKind]),
                name="target_kind_known",
                violation_error_message="目标类型不在规定范围内。",
            ),
        ]
        indexes = [models.Index(fields=["plan", "sort"], name="target_in_order")]

    def __str__(self):
        return f"{self.code} {self.measure}"

    @classmethod
    def from_db(cls, db, field_names, values):
        """Make the row of what was read. Whole plans are read for a page: asking each field takes four times as long."""
        if len(values) != len(cls._meta.concrete_fields):
            return super().from_db(db, field_names, values)
        row = cls.__new__(cls)
        row.__dict__.update(
            zip(field_names, values, strict=True)
        )  # of a dictionary of its own it would take four times the memory
        row._state = state = ModelState()
        state.adding, state.db = False, db
        return row

    def clean(self):
        if self.task_id and self.plan_id and self.task.plan_id != self.plan_id:
            raise ValidationError({"task": "任务不属于这一工作要点。"})

    @property
    def is_ratio(self) -> bool:
        """Say whether the target is measured as numerator over denominator, in percent."""
        return self.unit == "%"

    @property
    def is_flow(self) -> bool:
        """Say whether an entry states what happened in its period rather than the year's total so far."""
        return is_flow(TargetKind(self.kind))

    @property
    def is_computed(self) -> bool:
        """Say whether the target is computed from the records of a register instead of being typed."""
        return bool(self.computed_by)

    def audit_position(self):
        return self.plan.bureau, self.task.section.app


class PaceStep(models.Model):
    """A dated step of a target whose pace goes by steps: the share of the goal expected from that day on."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="steps", verbose_name="目标")
    on = models.DateField("日期")
    share = models.DecimalField("应达比例", max_digits=5, decimal_places=4, help_text="0 至 1")
    label = models.CharField("节点", max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "序时节点"
        ordering = ["target", "on"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "on"], name="step_once_a_day", violation_error_message="该日期已有节点。"
            ),
            models.CheckConstraint(
                condition=Q(share__gte=0) & Q(share__lte=1),
                name="step_share_between_0_and_1",
                violation_error_message="应达比例须在 0 与 1 之间。",
            ),
        ]

    def __str__(self):
        return f"{self.on} {self.share:.2%}"


class ReadingQuerySet(ScopedQuerySet):
    scope_units = ("plan__bureau",)
    scope_apps = ()
    scope_common = "plan__bureau"


class Reading(models.Model):
    """How the bureau reads an unclear passage of its plan. A default that an office can change."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="readings", verbose_name="工作要点")
    code = models.CharField("编号", max_length=8)
    question = models.TextField("不明确之处")
    reading = models.TextField("执行口径")
    tasks = models.ManyToManyField(Task, related_name="readings", blank=True, verbose_name="涉及任务")

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "执行口径"
        ordering = ["plan_id", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="reading_code_once",
                violation_error_message="该工作要点中已有这一口径编号。",
            )
        ]

    def __str__(self):
        return self.code
