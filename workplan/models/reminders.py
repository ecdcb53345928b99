"""Reminders: when those who owe something are told, who is told after them, and who was urged."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from accounts.models import OrgUnit
from accounts.scope import ScopedQuerySet

from ..enums import ReminderSubject
from ..rules.reminding import Schedule, parse_days
from .plan import Plan
from .reporting import Period


class ReminderRuleQuerySet(ScopedQuerySet):
    scope_units = ("plan__bureau",)
    scope_apps = ()
    scope_common = "plan__bureau"


class ReminderRule(models.Model):
    """When a plan reminds of one kind of thing. All numbers are working days.

    before: how long before the day it is due, such as "7,3,1", or "5-1" for every day; overdue_every: how often from then on, 0 for never;
    the `*_after` say how long overdue a thing is when the level above is told as well, empty for never.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="reminder_rules", verbose_name="工作要点")
    subject = models.CharField("事项", max_length=12, choices=ReminderSubject.choices)
    before = models.CharField(
        "提前（工作日）",
        max_length=40,
        default="7,3,1",
        blank=True,
        validators=[
            RegexValidator(
                r"^\d{1,3}(-\d{1,3})?([,，]\d{1,3}(-\d{1,3})?){0,9}$",
                "请填写用逗号分隔的天数，如 7,3,1；每天提醒写作 5-1。",
            )
        ],
    )
    on_day = models.BooleanField("当天提醒", default=True)
    overdue_every = models.PositiveSmallIntegerField("逾期后每隔（工作日）", default=3)
    supervisor_after = models.PositiveSmallIntegerField("逾期多久告知分管负责人", null=True, blank=True, default=1)
    office_after = models.PositiveSmallIntegerField("逾期多久告知主管科室", null=True, blank=True, default=3)
    leader_after = models.PositiveSmallIntegerField("逾期多久告知局领导", null=True, blank=True, default=6)
    order_after = models.PositiveSmallIntegerField("逾期多久拟办督办单", null=True, blank=True, default=9)
    active = models.BooleanField("启用", default=True)

    objects = ReminderRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提醒规则"
        ordering = ["plan", "subject"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "subject"],
                name="reminderrule_once",
                violation_error_message="该工作要点对这类事项已有提醒规则。",
            ),
            models.CheckConstraint(
                condition=Q(subject__in=ReminderSubject.values),
                name="reminderrule_subject_known",
                violation_error_message="提醒事项不在规定范围内。",
            ),
        ]

    def __str__(self):
        return f"{self.plan} {self.get_subject_display()}"

    def clean(self):
        told = [self.supervisor_after, self.office_after, self.leader_after, self.order_after]
        given = [days for days in told if days is not None]
        if given != sorted(given):
            raise ValidationError("逐级告知的天数须依次不减：分管负责人、主管科室、局领导、督办单。")

    def audit_position(self):
        return self.plan.bureau, ""

    @property
    def schedule(self) -> Schedule:
        """Return the rule as the pure rules know it."""
        return Schedule(
            before=parse_days(self.before),
            on_day=self.on_day,
            overdue_every=self.overdue_every,
            supervisor_after=self.supervisor_after,
            office_after=self.office_after,
            leader_after=self.leader_after,
            order_after=self.order_after,
        )


class UrgeQuerySet(ScopedQuerySet):
    scope_units = ("org_unit",)
    scope_apps = ("app",)


class Urge(models.Model):
    """Somebody above has urged a unit to hand in what it owes for a period in one section: once a day at most."""

    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="urges", verbose_name="单位")
    period = models.ForeignKey(Period, models.PROTECT, related_name="urges", verbose_name="报告期")
    app = models.CharField("业务板块", max_length=40)
    missing = models.PositiveSmallIntegerField("未报份数")
    day = models.DateField("催办日期")
    urged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="催办人")
    urged_at = models.DateTimeField("催办时间")

    objects = UrgeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "催办"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org_unit", "period", "app", "day"],
                name="urge_once_a_day",
                violation_error_message="今天已经催办过。",
            )
        ]

    def __str__(self):
        return f"{self.org_unit} {self.period}"

    def audit_position(self):
        return self.org_unit, self.app
