"""The list of problems that is kept with a target: what is wrong, why, what is done about it, what a check has shown."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import OrgUnit
from accounts.scope import ScopedQuerySet

from .plan import Target
from .supervision import SupervisionOrder


class ProblemQuerySet(ScopedQuerySet):
    scope_units = ("org_unit",)
    scope_apps = ("target__task__section__app",)

    def open(self):
        return self.filter(closed_on__isnull=True)


class Problem(models.Model):
    """One line of the list that is kept with a target: what is wrong, why, what is done about it, what a check has shown."""

    target = models.ForeignKey(Target, models.PROTECT, related_name="problems", verbose_name="目标")
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="problems", verbose_name="责任单位")
    order = models.ForeignKey(
        SupervisionOrder, models.PROTECT, null=True, blank=True, related_name="problems", verbose_name="督办单"
    )
    problem = models.TextField("存在问题")
    cause = models.TextField("原因分析", blank=True)
    action = models.TextField("整改措施", blank=True)
    responsible = models.CharField("责任人", max_length=80, blank=True)
    due = models.DateField("整改时限", null=True, blank=True)
    check_note = models.TextField("核查情况", blank=True)
    closed_on = models.DateField("销号日期", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核查人"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    created_on = models.DateField("登记日期")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="最近修改")
    changed_at = models.DateTimeField("修改时间")
    version = models.PositiveIntegerField("保存次数", default=1)
    key = models.CharField("唯一键", max_length=160, null=True, blank=True, unique=True, editable=False)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "问题清单"
        ordering = ["target_id", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(problem=""), name="problem_says_what", violation_error_message="存在问题不能为空。"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, closed_by__isnull=True)
                | (Q(closed_on__isnull=False, closed_by__isnull=False) & ~Q(action="") & ~Q(check_note="")),
                name="problem_closed_after_check",
                violation_error_message="问题销号须有整改措施、核查情况和核查人。",
            ),
        ]

    def __str__(self):
        return f"{self.target.code} {self.org_unit.label} 问题{self.pk or ''}"

    def audit_position(self):
        return self.org_unit, self.target.task.section.app
