"""Leaders' remarks (领导批示): a word from above on a task, a target or a report, which the section's office must answer."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import OrgUnit
from accounts.scope import ScopedQuerySet

from ..enums import RemarkState
from .plan import Plan, Target, Task
from .reporting import ProgressReport
from .supervision import SupervisionOrder


class RemarkQuerySet(ScopedQuerySet):
    """Who sees a remark: who sees what it is about, *and* sits in the bureau or wrote the report it is about.

    That is the leaders, administrators and auditors of the bureau, and the office that runs the section; of a remark on a
    report also the unit that reports. Townships see the tasks and targets that they have a part in, but not what a leader
    has said about them to the office; nor does an office to which a target of another section is merely shown. Each path
    below is one of the two: the bureau itself, and the reporting unit of a report.
    """

    scope_units = ("plan__bureau", "report__org_unit")
    scope_apps = ("app",)

    def with_context(self):
        """Load what every list and page of remarks shows, in one query."""
        return self.select_related(
            "plan__bureau",
            "org_unit",
            "task",
            "target__task",
            "report__org_unit",
            "report__period",
            "report__task",
            "written_by",
            "answered_by",
            "order",
        )

    def standing(self, state: str, on: date):
        """Return the remarks that stood so at the close of the day."""
        return self.filter(standing(state, on))


def standing(state: str, on: date) -> Q:
    """Return the condition for a state at the close of a day; `Remark.state` says the same of one row.

    An order counts once it is issued: a draft decides nothing, and the unit that it will go to must not learn of it.
    """
    answered, ordered = Q(answered_on__lte=on), Q(order__issued_on__lte=on)
    waiting = ~answered & ~ordered
    return (
        Q(written_on__lte=on)
        & {
            RemarkState.WAITING: waiting,
            RemarkState.OVERDUE: waiting & Q(answer_due__lt=on),
            RemarkState.ANSWERED: answered & ~ordered,
            RemarkState.ORDERED: ordered,
        }[RemarkState(state)]
    )


class Remark(models.Model):
    """What a leader has said about one thing, and what the office answered. It is official: written once, never taken back.

    org_unit: the office that must answer; order: what the remark became, drafted once; key: of the form that it was
    written with, so that a form sent twice is one remark.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="remarks", verbose_name="工作要点")
    app = models.CharField("业务板块", max_length=40)
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="remarks", verbose_name="工作任务"
    )
    target = models.ForeignKey(
        Target, models.PROTECT, null=True, blank=True, related_name="remarks", verbose_name="目标"
    )
    report = models.ForeignKey(
        ProgressReport, models.PROTECT, null=True, blank=True, related_name="remarks", verbose_name="进展填报"
    )
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="remarks", verbose_name="回应科室")
    text = models.TextField("批示内容")
    answer_due = models.DateField("回应时限")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="批示人")
    written_on = models.DateField("批示日期")
    written_at = models.DateTimeField("批示时间")
    answer = models.TextField("回应内容", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="回应人"
    )
    answered_on = models.DateField("回应日期", null=True, blank=True)
    answered_at = models.DateTimeField("回应时间", null=True, blank=True)
    order = models.OneToOneField(
        SupervisionOrder, models.PROTECT, null=True, blank=True, related_name="remark", verbose_name="督办单"
    )
    key = models.CharField("唯一键", max_length=160, null=True, blank=True, unique=True, editable=False)
    # Raised by every act: the second of two people is told instead of acting on what is no longer so.
    version = models.PositiveIntegerField("办理次数", default=1)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "领导批示"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(task__isnull=False, target__isnull=True, report__isnull=True)
                | Q(task__isnull=True, target__isnull=False, report__isnull=True)
                | Q(task__isnull=True, target__isnull=True, report__isnull=False),
                name="remark_one_subject",
                violation_error_message="批示须对应一项任务、目标或填报，且只对应一项。",
            ),
            models.CheckConstraint(
                condition=~Q(text=""), name="remark_says_what", violation_error_message="批示内容不能为空。"
            ),
            models.CheckConstraint(
                condition=Q(answer_due__gte=F("written_on")),
                name="remark_due_after_writing",
                violation_error_message="回应时限不能早于批示日期。",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_on__isnull=True, answered_at__isnull=True)
                | (
                    Q(answered_by__isnull=False, answered_at__isnull=False, answered_on__isnull=False)
                    & Q(answered_on__gte=F("written_on"))
                    & ~Q(answer="")
                    & ~Q(answered_by=F("written_by"))
                ),
                name="remark_answered_by_another",
                violation_error_message="回应须有内容、回应人和日期，且不能由批示人本人回应。",
            ),
        ]

    def __str__(self):
        return f"批示 {self.pk or ''}".strip()

    @property
    def subject(self) -> models.Model:
        """Return what the remark is about."""
        return self.task or self.target or self.report

    def state(self, on: date) -> RemarkState:
        """Return how the remark stood at the close of the day; of an overdue one that, though it waits as well."""
        if self.order and self.order.issued_on and self.order.issued_on <= on:
            return RemarkState.ORDERED
        if self.answered_on and self.answered_on <= on:
            return RemarkState.ANSWERED
        return RemarkState.OVERDUE if self.answer_due < on else RemarkState.WAITING

    def audit_position(self):
        return self.org_unit, self.app
