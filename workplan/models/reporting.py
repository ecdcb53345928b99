"""Reports: what a unit states about a task in a period, with evidence."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.enums import Right
from accounts.models import OrgUnit
from accounts.scope import ScopedQuerySet

from ..enums import OPEN_STATUSES, PeriodKind, ReportStatus
from ..preview import PAGED, WORDED
from .plan import Plan, Target, Task


class PeriodRuleQuerySet(ScopedQuerySet):
    scope_units = ("plan__bureau",)
    scope_apps = ()
    scope_common = "plan__bureau"


class PeriodRule(models.Model):
    """How the report periods of a plan are laid out. Days count from the last day of the period.

    due_offset: e.g. -3 = three days before the period's last day; closes_offset likewise, after which nothing
    is accepted without an unlock.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="period_rules", verbose_name="工作要点")
    kind = models.CharField("周期", max_length=12, choices=PeriodKind.choices, default=PeriodKind.MONTH)
    first_start = models.DateField("首期开始日期")
    due_offset = models.SmallIntegerField("截止日（相对期末，天）", default=-3)
    closes_offset = models.SmallIntegerField("关闭日（相对期末，天）", default=12)

    objects = PeriodRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报告期规则"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "kind"], name="period_rule_once", violation_error_message="该周期已有规则。"
            ),
            models.CheckConstraint(
                condition=Q(closes_offset__gte=F("due_offset")),
                name="period_rule_closes_after_due",
                violation_error_message="关闭日不能早于截止日。",
            ),
        ]

    def __str__(self):
        return f"{self.plan} {self.get_kind_display()}"


class PeriodQuerySet(ScopedQuerySet):
    scope_units = ("plan__bureau",)
    scope_apps = ()
    scope_common = "plan__bureau"

    def begun(self, on: date):
        return self.filter(start__lte=on)

    def past_due(self, on: date):
        """Return periods whose deadline has passed: on the due day itself a report is still on time."""
        return self.filter(due__lt=on)


class Period(models.Model):
    """A span of the year that is reported on, with its deadline."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="periods", verbose_name="工作要点")
    kind = models.CharField("周期", max_length=12, choices=PeriodKind.choices, default=PeriodKind.MONTH)
    number = models.PositiveSmallIntegerField("期次")
    start = models.DateField("起始日期")
    end = models.DateField("结束日期")
    due = models.DateField("填报截止")
    closes = models.DateField("关闭日期", help_text="过了这一天，须由科室开放补报。")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报告期"
        ordering = ["plan_id", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "kind", "number"],
                name="period_once",
                violation_error_message="该期次已存在。",
            ),
            models.CheckConstraint(
                condition=Q(end__gte=F("start")) & Q(due__gte=F("start")) & Q(closes__gte=F("due")),
                name="period_dates_ordered",
                violation_error_message="日期须满足：起始 ≤ 结束，起始 ≤ 截止 ≤ 关闭。",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """Return the Chinese name, e.g. 2024年9月."""
        names = {
            PeriodKind.MONTH: f"{self.start.year}年{self.number}月",
            PeriodKind.QUARTER: f"{self.start.year}年第{self.number}季度",
            PeriodKind.HALF_YEAR: f"{self.start.year}年{'上' if self.number == 1 else '下'}半年",
            PeriodKind.YEAR: f"{self.start.year}年全年",
        }
        return names[self.kind]


class ReportQuerySet(ScopedQuerySet):
    scope_units = ("org_unit",)
    scope_apps = ("task__section__app",)

    def with_context(self):
        """Load what every list and page of reports shows, in one query."""
        return self.with_people().select_related("task__section", "task__plan__bureau", "org_unit", "period")

    def with_people(self):
        """Load who wrote, handed in and approved it, where task, unit and period are at hand."""
        return self.select_related("submitted_by", "approved_by", "drafted_by")

    def newest_revisions(self):
        """Return one row per task, unit and period: the one without a later correction."""
        return self.filter(correction__isnull=True)

    def open(self):
        return self.filter(status__in=OPEN_STATUSES)

    def awaiting_review_by(self, user):
        """Return what the user may approve or return now, the longest waiting first; nobody reviews their own."""
        waiting = self.visible_to(user, Right.REPORT_REVIEW).filter(status=ReportStatus.SUBMITTED)
        return waiting.exclude(drafted_by=user).exclude(submitted_by=user).order_by("submitted_at", "pk")


class ProgressReport(models.Model):
    """What a unit reports on a task for a period. Approved is final: a correction is a new revision."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="reports", verbose_name="工作任务")
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="reports", verbose_name="单位")
    period = models.ForeignKey(Period, models.PROTECT, related_name="reports", verbose_name="报告期")
    revision = models.PositiveSmallIntegerField("版次", default=1)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="correction", verbose_name="更正的填报"
    )
    correction_reason = models.TextField("更正原因", blank=True)
    status = models.CharField("状态", max_length=12, choices=ReportStatus.choices, default=ReportStatus.DRAFT)
    # Raised by every save: the second of two editors is told instead of overwriting the first.
    version = models.PositiveIntegerField("保存次数", default=1)
    narrative = models.TextField("进展情况", blank=True)
    problems = models.TextField("存在问题", blank=True)
    next_steps = models.TextField("下一步措施", blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="drafted_reports", verbose_name="填报人"
    )
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="最近保存")
    saved_at = models.DateTimeField("保存时间")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提交人"
    )
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    # Business date of the *first* submission: lateness is judged by it and sticks through a return.
    submitted_on = models.DateField("首次提交日期", null=True, blank=True)
    late = models.BooleanField("逾期", default=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人"
    )
    approved_at = models.DateTimeField("审核时间", null=True, blank=True)
    approved_on = models.DateField("审核日期", null=True, blank=True)
    return_reason = models.TextField("退回原因", blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "进展填报"
        ordering = ["-period__start", "task__number", "org_unit__sort"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "org_unit", "period", "revision"],
                name="report_once",
                violation_error_message="这一任务本期的填报已存在。",
            ),
            models.UniqueConstraint(
                fields=["task", "org_unit", "period"],
                condition=Q(status__in=OPEN_STATUSES),
                name="report_one_open",
                violation_error_message="这一任务本期已有未完成的填报。",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[ReportStatus.DRAFT, ReportStatus.RETURNED])
                | Q(submitted_on__isnull=False, submitted_by__isnull=False),
                name="report_submitted_by_somebody",
                violation_error_message="提交的填报必须有提交人和提交日期。",
            ),
            models.CheckConstraint(
                condition=~Q(status=ReportStatus.APPROVED)
                | (Q(approved_on__isnull=False) & Q(approved_by__isnull=False) & ~Q(approved_by=F("submitted_by"))),
                name="report_approved_by_another",
                violation_error_message="不能审核本人提交的填报。",
            ),
            models.CheckConstraint(
                condition=~Q(status=ReportStatus.RETURNED) | ~Q(return_reason=""),
                name="report_returned_with_reason",
                violation_error_message="退回必须填写原因。",
            ),
            models.CheckConstraint(
                condition=Q(revision=1, corrects__isnull=True) | Q(revision__gt=1, corrects__isnull=False),
                name="report_revision_corrects",
                violation_error_message="更正必须指明被更正的填报。",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "task"], name="report_queue"),
            models.Index(fields=["org_unit", "period"], name="report_sheet"),
        ]

    def __str__(self):
        return f"{self.org_unit.label} {self.period} 任务{self.task.number}" + (
            f"（第{self.revision}版）" if self.revision > 1 else ""
        )

    def audit_position(self):
        return self.org_unit, self.task.section.app


class EntryQuerySet(ScopedQuerySet):
    scope_units = ("report__org_unit",)
    scope_apps = ("report__task__section__app",)

    def with_evidence(self):
        """Note on each whether a file stands behind it: one for its target, or for the report as a whole."""
        files = Evidence.objects.kept().filter(report=OuterRef("report"))
        own = Q(target__isnull=True) | Q(target=OuterRef("target"))
        return self.annotate(has_evidence=Exists(files.filter(own)))


class Entry(models.Model):
    """The value of one target in one report. Empty is missing; zero is a value."""

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="entries", verbose_name="进展填报")
    target = models.ForeignKey(Target, models.PROTECT, related_name="entries", verbose_name="目标")
    value = models.DecimalField("数值", max_digits=18, decimal_places=4, null=True, blank=True)
    numerator = models.DecimalField("分子", max_digits=18, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField("分母", max_digits=18, decimal_places=4, null=True, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)
    zero_report = models.BooleanField("零报告", default=False)
    remark = models.TextField("说明", blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "填报值"
        ordering = ["report_id", "target__sort"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "target"], name="entry_once", violation_error_message="该目标已有填报值。"
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(numerator__isnull=False, denominator__isnull=False, denominator__gte=0),
                name="entry_rate_is_two_numbers",
                violation_error_message="比率须同时填写分子和分母，分母不能为负数。",
            ),
            models.CheckConstraint(
                condition=Q(zero_report=False) | Q(value=0),
                name="entry_zero_report_is_zero",
                violation_error_message="勾选零报告时数值必须为 0。",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0),
                name="entry_value_not_negative",
                violation_error_message="数值不能为负数。",
            ),
        ]

    def __str__(self):
        return f"{self.target.code}"


def evidence_path(instance: "Evidence", filename: str) -> str:
    """Store under a random name: what the user called the file never reaches the file system."""
    return f"evidence/{instance.report_id // 1000}/{uuid.uuid4().hex}"


class EvidenceQuerySet(ScopedQuerySet):
    scope_units = ("report__org_unit",)
    scope_apps = ("report__task__section__app",)

    def kept(self):
        return self.filter(removed_at__isnull=True)


class Evidence(models.Model):
    """A file that backs a report. Removed ones stay on record without being shown."""

    report = models.ForeignKey(ProgressReport, models.PROTECT, related_name="evidence", verbose_name="进展填报")
    target = models.ForeignKey(
        Target, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name="目标"
    )
    file = models.FileField("文件", upload_to=evidence_path, max_length=120)
    name = models.CharField("文件名", max_length=150)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "佐证材料"
        ordering = ["report_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="evidence_once",
                violation_error_message="同一文件已经上传过。",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def is_paged(self) -> bool:
        return self.content_type == PAGED

    @property
    def has_preview(self) -> bool:
        """Say whether its pages or words can be shown beside the report."""
        return self.is_paged or self.content_type in WORDED

    def audit_position(self):
        return self.report.audit_position()


class UnlockQuerySet(ScopedQuerySet):
    scope_units = ("org_unit",)
    scope_apps = ("app",)

    def in_force(self, on: date):
        return self.filter(expires_on__gte=on)


class Unlock(models.Model):
    """Leave to report in a closed period: for one unit, period and section, with reason and last day."""

    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="unlocks", verbose_name="单位")
    period = models.ForeignKey(Period, models.PROTECT, related_name="unlocks", verbose_name="报告期")
    app = models.CharField("业务板块", max_length=40)
    reason = models.TextField("原因")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="批准人")
    granted_on = models.DateField("批准日期")
    expires_on = models.DateField("有效期至")

    objects = UnlockQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "补报开放"
        ordering = ["-granted_on"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="unlock_with_reason", violation_error_message="必须填写原因。"
            ),
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("granted_on")),
                name="unlock_expires_after_grant",
                violation_error_message="有效期不能早于批准日期。",
            ),
        ]

    def __str__(self):
        return f"{self.org_unit} {self.period}"

    def audit_position(self):
        return self.org_unit, self.app
