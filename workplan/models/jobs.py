"""Background jobs: one row each, written in the transaction that wants the work done."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import OrgUnit
from accounts.scope import ScopedQuerySet

from ..enums import JobState


class JobQuerySet(ScopedQuerySet):
    scope_units = ("org_unit",)
    scope_apps = ()

    def due(self):
        """Return the jobs that wait and whose time has come."""
        return self.filter(state=JobState.WAITING, due_at__lte=timezone.now())

    def abandoned(self):
        """Return the jobs that run on paper only: their worker has not kept its lease."""
        return self.filter(state=JobState.RUNNING, lease__lt=timezone.now())

    def done(self):
        return self.filter(state=JobState.DONE)

    def parked(self):
        """Return the jobs that have failed for good, until somebody has them tried again."""
        return self.filter(state=JobState.PARKED)


class Job(models.Model):
    """One piece of work for a worker.

    kind: what is done, see `services.jobs.KINDS`; key: what makes it one piece of work, so that it is written once;
    payload: ids only; org_unit: the unit for which it is done; due_at: not before; lease: until when its worker counts as
    alive; attempts: how often it was begun since it was written or retried; error: why the last one failed.
    """

    kind = models.CharField("类型", max_length=40)
    key = models.CharField("唯一键", max_length=200, unique=True)
    payload = models.JSONField("参数", default=dict, blank=True)
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="单位")
    state = models.CharField("状态", max_length=10, choices=JobState.choices, default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    due_at = models.DateTimeField("应运行时间")
    lease = models.DateTimeField("占用至", null=True, blank=True)
    error = models.CharField("失败原因", max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发起人"
    )
    created_at = models.DateTimeField("登记时间")
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "due_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=JobState.values),
                name="job_state_known",
                violation_error_message="任务状态不在规定范围内。",
            ),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, lease__isnull=False)
                | (~Q(state=JobState.RUNNING) & Q(lease__isnull=True)),
                name="job_leased_while_running",
                violation_error_message="只有正在运行的任务被占用。",
            ),
        ]

    def __str__(self):
        return self.key

    def audit_position(self):
        return self.org_unit, ""

    @property
    def is_parked(self) -> bool:
        return self.state == JobState.PARKED

    @property
    def seconds(self) -> float | None:
        """Return how long the last attempt took; None while it runs or before it has."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()
