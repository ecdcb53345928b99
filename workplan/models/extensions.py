"""A later day for a report: asked for by the unit that owes it, granted or refused by the office that answers for it."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.enums import Right
from accounts.models import OrgUnit
from accounts.scope import ScopedQuerySet

from ..enums import ExtensionState
from .plan import Task
from .reporting import Period

UNDECIDED = (ExtensionState.ASKED, ExtensionState.LAPSED)


class ReportExtensionQuerySet(ScopedQuerySet):
    scope_units = ("org_unit",)
    scope_apps = ("task__section__app",)

    def open_on(self, on: date):
        """Return the requests that wait for an answer; once the day asked for has passed nothing is left to be granted."""
        return self.filter(state=ExtensionState.ASKED, wanted__gte=on)

    def awaiting_answer_by(self, user, on: date):
        """Return the requests that the user may answer now, those that are due first; nobody answers their own."""
        waiting = self.visible_to(user, Right.REPORT_REVIEW).open_on(on).exclude(asked_by=user)
        return waiting.order_by("due", "period_id", "org_unit__sort", "org_unit__code", "task__number")

    def granted_by(self, on: date):
        """Return what had been granted by the close of the day."""
        return self.filter(state=ExtensionState.GRANTED, decided_on__lte=on)

    def with_context(self):
        return self.select_related("org_unit", "period", "task__section", "asked_by", "decided_by")


class ReportExtension(models.Model):
    """A unit's request to hand in its report on a task of a period later; what it means is in `workplan.due_days`.

    due: the deadline when it was asked; until: the day that was granted, the one wanted or an earlier one.
    """

    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="report_extensions", verbose_name="单位")
    period = models.ForeignKey(Period, models.PROTECT, related_name="extensions", verbose_name="报告期")
    task = models.ForeignKey(Task, models.PROTECT, related_name="report_extensions", verbose_name="工作任务")
    due = models.DateField("申请时的截止日期")
    wanted = models.DateField("申请延至")
    reason = models.TextField("延期理由")
    state = models.CharField("状态", max_length=10, choices=ExtensionState.choices, default=ExtensionState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_on = models.DateField("申请日期")
    until = models.DateField("同意延至", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审批人"
    )
    decided_on = models.DateField("审批日期", null=True, blank=True)
    note = models.TextField("审批意见", blank=True)

    objects = ReportExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "填报延期申请"
        ordering = ["period_id", "task__number", "org_unit_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org_unit", "period", "task"],
                condition=Q(state=ExtensionState.ASKED),
                name="report_extension_one_open",
                violation_error_message="这一任务本期已有待审批的延期申请。",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & (~Q(state=ExtensionState.REFUSED) | ~Q(note="")),
                name="report_extension_with_reason",
                violation_error_message="申请和不同意延期都须写明理由。",
            ),
            models.CheckConstraint(
                condition=Q(asked_on__lte=F("due"), wanted__gt=F("due")),
                name="report_extension_asked_in_time",
                violation_error_message="延期须在截止日期前申请，且晚于截止日期。",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=ExtensionState.GRANTED, until__isnull=False, until__gt=F("due"), until__lte=F("wanted")
                )
                | (Q(state__in=[*UNDECIDED, ExtensionState.REFUSED]) & Q(until__isnull=True)),
                name="report_extension_until_when_granted",
                violation_error_message="同意延期须写明日期，晚于原截止日期，不晚于申请的日期。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNDECIDED, decided_by__isnull=True, decided_on__isnull=True)
                | (
                    ~Q(state__in=UNDECIDED)
                    & Q(decided_by__isnull=False, decided_on__isnull=False, decided_on__gte=F("asked_on"))
                    & ~Q(decided_by=F("asked_by"))
                ),
                name="report_extension_decided_by_another",
                violation_error_message="延期须由申请人以外的人审批。",
            ),
        ]
        indexes = [models.Index(fields=["period", "state"], name="report_extension_of_period")]

    def __str__(self):
        return f"{self.org_unit.label} {self.period} 任务{self.task.number} 延至 {self.until or self.wanted}"

    def audit_position(self):
        return self.org_unit, self.task.section.app

    def state_on(self, on: date) -> ExtensionState:
        """Return what has become of the request: one that nobody answered before the day it asked for has lapsed."""
        lapsed = self.state == ExtensionState.ASKED and self.wanted < on
        return ExtensionState.LAPSED if lapsed else ExtensionState(self.state)
