"""Roll-up reports: frozen snapshots of where a plan stood on a day, for those who lead."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from accounts.enums import Right
from accounts.models import OrgUnit
from accounts.scope import Grant, ScopedQuerySet

from ..enums import RollupFileKind, RollupKind, RollupLevel, RollupState
from .plan import Plan, Section

NO_SUBJECT = Value(0)


class RollupTemplateQuerySet(ScopedQuerySet):
    """The layout of every section's reports belongs to those who work on the whole plan."""

    scope_units = ("bureau",)
    scope_apps = ()


def template_path(instance: "RollupTemplate", filename: str) -> str:
    return f"rollup-templates/{uuid.uuid4().hex}"


class RollupTemplate(models.Model):
    """A Word file of the bureau's own that reports published from `active_from` on are laid out by."""

    bureau = models.ForeignKey(OrgUnit, models.PROTECT, related_name="rollup_templates", verbose_name="局")
    name = models.CharField("名称", max_length=60)
    file = models.FileField("文件", upload_to=template_path, max_length=120)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("SHA-256", max_length=64)
    active_from = models.DateField("启用日期")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")

    objects = RollupTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报告模板"
        ordering = ["-active_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "active_from"],
                name="rolluptemplate_one_a_day",
                violation_error_message="这一启用日期已有模板。",
            )
        ]

    def __str__(self):
        return self.name

    def audit_position(self):
        return self.bureau, ""


class RollupReportQuerySet(ScopedQuerySet):
    scope_units = ("plan__bureau", "township")
    scope_apps = ("section__app",)

    def visible_to(self, user, right: str = Right.VIEW):
        """Return the rows on which the user holds the right; drafts are read by those who may publish or have made them."""
        held = super().visible_to(user, right)
        if right not in (Right.VIEW, Right.EXPORT) or not getattr(user, "is_active", False):
            return held
        readable = Q(state=RollupState.PUBLISHED) | Q(made_by=user)
        publishing = self._condition(user.scope, Right.ROLLUP_PUBLISH)
        return held.filter(readable if publishing is None else readable | publishing)

    def _grant_condition(self, grant: Grant, right: str) -> Q | None:
        """Open what has no section of its own also to those who hold every section of the plan."""
        found = super()._grant_condition(grant, right)
        if grant.apps is None:
            return found
        lacking = Section.objects.filter(plan=OuterRef("plan")).exclude(app__in=grant.apps)
        units = Q(plan__bureau__path__startswith=grant.unit_path) | Q(township__path__startswith=grant.unit_path)
        return found | (units & Q(section__isnull=True) & ~Q(Exists(lacking)))

    def published(self):
        return self.filter(state=RollupState.PUBLISHED)


class RollupReport(models.Model):
    """Where a plan, one of its sections or one township stood at the close of `end`.

    snapshot: all that the documents need, as of `end`, never changed again (its "format" says how it is laid out);
    texts: the drafted words by place, editable while the report is a draft; version: raised by every save of the texts;
    made_by: empty where the schedule made it.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="rollups", verbose_name="工作要点")
    kind = models.CharField("类型", max_length=12, choices=RollupKind.choices)
    level = models.CharField("范围", max_length=12, choices=RollupLevel.choices)
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="rollups", verbose_name="板块"
    )
    township = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="rollups", verbose_name="乡镇（街道）"
    )
    start = models.DateField("起始日期")
    end = models.DateField("截止日期")
    title = models.CharField("标题", max_length=120)
    state = models.CharField("状态", max_length=10, choices=RollupState.choices, default=RollupState.DRAFT)
    snapshot = models.JSONField("快照", default=dict)
    texts = models.JSONField("文字", default=dict)
    template = models.ForeignKey(
        RollupTemplate, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="模板"
    )
    version = models.PositiveIntegerField("保存次数", default=1)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="生成人"
    )
    made_at = models.DateTimeField("生成时间")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="最近保存"
    )
    saved_at = models.DateTimeField("保存时间")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发布人"
    )
    published_on = models.DateField("发布日期", null=True, blank=True)

    objects = RollupReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "汇总报告"
        ordering = ["-end", "level", "section__number", "township__sort", "pk"]
        constraints = [
            models.UniqueConstraint(
                "plan",
                "kind",
                Coalesce("section", NO_SUBJECT),
                Coalesce("township", NO_SUBJECT),
                "end",
                condition=~Q(kind=RollupKind.ON_DEMAND),
                name="rollup_once",
                violation_error_message="这一范围、这一期的汇总报告已经有了。",
            ),
            models.UniqueConstraint(
                "plan",
                Coalesce("section", NO_SUBJECT),
                Coalesce("township", NO_SUBJECT),
                "start",
                "end",
                condition=Q(kind=RollupKind.ON_DEMAND, state=RollupState.DRAFT),
                name="rollup_one_draft_on_demand",
                violation_error_message="这一范围、这一时段的专题汇总已有草稿。",
            ),
            models.CheckConstraint(
                condition=Q(level=RollupLevel.BUREAU, section__isnull=True, township__isnull=True)
                | Q(level=RollupLevel.SECTION, section__isnull=False, township__isnull=True)
                | Q(level=RollupLevel.TOWNSHIP, section__isnull=True, township__isnull=False),
                name="rollup_subject_fits_level",
                violation_error_message="汇总范围与所选的板块或乡镇（街道）不符。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RollupKind.values),
                name="rollup_kind_known",
                violation_error_message="汇总类型不在规定范围内。",
            ),
            models.CheckConstraint(
                condition=Q(end__gte=F("start")),
                name="rollup_dates_ordered",
                violation_error_message="截止日期不能早于起始日期。",
            ),
            models.CheckConstraint(
                condition=Q(state=RollupState.DRAFT, published_by__isnull=True, published_on__isnull=True)
                | Q(state=RollupState.PUBLISHED, published_by__isnull=False, published_on__isnull=False),
                name="rollup_published_by_somebody",
                violation_error_message="发布的汇总报告须有发布人和发布日期。",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_published(self) -> bool:
        return self.state == RollupState.PUBLISHED

    @property
    def unit(self) -> OrgUnit:
        """Return the unit whose subtree the figures add up."""
        return self.township or self.plan.bureau

    def audit_position(self):
        return self.unit, self.section.app if self.section else ""


def rollup_path(instance: "RollupFile", filename: str) -> str:
    return f"rollups/{uuid.uuid4().hex}"


class RollupFileQuerySet(ScopedQuerySet):
    scope_units = ("report__plan__bureau", "report__township")
    scope_apps = ("report__section__app",)

    def visible_to(self, user, right: str = Right.VIEW):
        """A file goes with its report."""
        return self.filter(report__in=RollupReport.objects.visible_to(user, right))


class RollupFile(models.Model):
    """A document of a published report, as it was on the day it was published."""

    report = models.ForeignKey(RollupReport, models.PROTECT, related_name="files", verbose_name="汇总报告")
    kind = models.CharField("种类", max_length=5, choices=RollupFileKind.choices)
    file = models.FileField("文件", upload_to=rollup_path, max_length=120)
    name = models.CharField("文件名", max_length=150)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("SHA-256", max_length=64)

    objects = RollupFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "汇总报告文件"
        ordering = ["report", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind"],
                name="rollupfile_once",
                violation_error_message="这份汇总报告已有这种文件。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RollupFileKind.values),
                name="rollupfile_kind_known",
                violation_error_message="文件种类不在规定范围内。",
            ),
        ]

    def __str__(self):
        return self.name

    def audit_position(self):
        return self.report.audit_position()
