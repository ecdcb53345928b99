"""Who carries which part of the plan: the units of a task, and the shares of a target."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import OrgUnit
from accounts.scope import ScopedQuerySet

from ..enums import AssignmentRole, PlanStatus
from .plan import Target, Task


class AssignmentQuerySet(ScopedQuerySet):
    scope_units = ("org_unit",)
    scope_apps = ("task__section__app",)

    def unsigned(self):
        """Return the parts that wait for their unit to sign for them, while the plan is worked on."""
        return self.filter(given_on__isnull=False, signed_by__isnull=True, task__plan__status=PlanStatus.PUBLISHED)


class Assignment(models.Model):
    """A unit's part in a task: it leads, co-operates or reports. The unit signs for it once it is given."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="assignments", verbose_name="工作任务")
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="assignments", verbose_name="单位")
    role = models.CharField("分工", max_length=12, choices=AssignmentRole.choices)
    proposed = models.BooleanField("待确认", default=False)
    # Empty where nobody is asked to sign: the plan is a draft, or the part is older than signing.
    given_on = models.DateField("下达日期", null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签收人"
    )
    signed_on = models.DateField("签收日期", null=True, blank=True)
    signed_at = models.DateTimeField("签收时间", null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "责任分工"
        ordering = ["task", "role", "org_unit"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "org_unit"],
                name="assignment_once",
                violation_error_message="该单位在这一任务中已有分工。",
            ),
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(role=AssignmentRole.LEAD),
                name="assignment_one_lead",
                violation_error_message="每项任务只能有一个牵头单位。",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True, signed_on__isnull=True, signed_at__isnull=True)
                | Q(
                    signed_by__isnull=False,
                    signed_at__isnull=False,
                    given_on__isnull=False,
                    signed_on__isnull=False,
                    signed_on__gte=F("given_on"),
                ),
                name="assignment_signed_by_somebody",
                violation_error_message="签收须同时有签收人、日期和时间，且不早于下达日期。",
            ),
        ]

    def __str__(self):
        return f"{self.org_unit} {self.get_role_display()} {self.task}"

    def audit_position(self):
        return self.org_unit, self.task.section.app


class AllocationQuerySet(ScopedQuerySet):
    scope_units = ("org_unit",)
    scope_apps = ("target__task__section__app",)
    scope_apps_shared = ("target__also_in__section__app",)
    scope_many = True


class Allocation(models.Model):
    """A target's share for one unit. A unit reports a target exactly when it has an allocation of it.

    amount: in the target's unit; empty for ratios, where the same threshold holds for every unit.
    """

    target = models.ForeignKey(Target, models.CASCADE, related_name="allocations", verbose_name="目标")
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="allocations", verbose_name="单位")
    amount = models.DecimalField("分解值", max_digits=18, decimal_places=4, null=True, blank=True)
    proposed = models.BooleanField("待确认", default=False)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "指标分解"
        ordering = ["target", "org_unit"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "org_unit"],
                name="allocation_once",
                violation_error_message="该目标已分解到这一单位。",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="allocation_not_negative",
                violation_error_message="分解值不能为负数。",
            ),
        ]

    def __str__(self):
        return f"{self.target.code} → {self.org_unit}"

    def audit_position(self):
        return self.org_unit, self.target.task.section.app
