"""A notice on its way to becoming a plan: its text, what the parser found, and every correction made since."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.enums import Right
from accounts.models import OrgUnit
from accounts.scope import ScopedQuerySet

from .plan import Plan

NAME_LIMIT = 120


class IntakeQuerySet(ScopedQuerySet):
    """A notice is worked on by those who edit the whole plan, and is nobody else's business until it is one."""

    scope_units = ("bureau",)
    scope_apps = ()

    def visible_to(self, user, right: str = Right.VIEW):
        """Return the rows of the bureaus whose whole plan the user edits, whatever he wants to do with them."""
        return super().visible_to(user, Right.PLAN_EDIT)

    def unfinished(self):
        return self.filter(plan__isnull=True, discarded_at__isnull=True)


class Intake(models.Model):
    """A notice that was uploaded. It is unfinished until it is made a plan or discarded; any number may be unfinished.

    source: the text as read, frozen; parsed: what the parser found in it (`workplan.notice.as_data`), frozen; edits: the corrections
    in force, in order (`workplan.intake.edits`); undone: those taken back last, to be done again; version: how many acts there were,
    only ever raised; year: the plan's, as far as it is known.
    """

    bureau = models.ForeignKey(OrgUnit, models.PROTECT, related_name="intakes", verbose_name="局")
    year = models.PositiveSmallIntegerField(
        "年度", null=True, blank=True, validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    title = models.CharField("标题", max_length=120, blank=True)
    name = models.CharField("文件名", max_length=NAME_LIMIT)
    source = models.TextField("原文")
    parsed = models.JSONField("识别结果", default=dict)
    edits = models.JSONField("修正", default=list, blank=True)
    undone = models.JSONField("已撤销的修正", default=list, blank=True)
    version = models.PositiveIntegerField("修改次数", default=0)
    plan = models.OneToOneField(
        Plan, models.SET_NULL, null=True, blank=True, related_name="intake", verbose_name="工作要点"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    created_at = models.DateTimeField("上传时间")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="最近修改人"
    )
    changed_at = models.DateTimeField("最近修改时间")
    discarded_at = models.DateTimeField("作废时间", null=True, blank=True)

    objects = IntakeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作要点导入"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__gte=2000, year__lte=2100),
                name="intake_year_in_range",
                violation_error_message="年度应在 2000 与 2100 之间。",
            ),
            models.CheckConstraint(
                condition=Q(plan__isnull=True) | Q(discarded_at__isnull=True, year__isnull=False),
                name="intake_plan_or_discarded",
                violation_error_message="已作废的导入不能生成工作要点。",
            ),
            models.CheckConstraint(
                condition=~Q(source=""), name="intake_has_text", violation_error_message="通知没有文字。"
            ),
        ]

    def __str__(self):
        return self.title or self.name

    @property
    def is_open(self) -> bool:
        """Say whether it can still be corrected."""
        return self.plan_id is None and self.discarded_at is None

    def audit_position(self):
        return self.bureau, ""
