"""Spot checks: a random sample of the records behind a target, and what a look at each has shown."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Q

from accounts.enums import Right
from accounts.models import OrgUnit
from accounts.scope import ScopedQuerySet

from .plan import Target


class SpotCheckQuerySet(ScopedQuerySet):
    scope_units = ("target__plan__bureau",)
    scope_apps = ("app",)

    def awaiting_look_by(self, user):
        """Return the samples of which records are still to be looked at by the user, with how many (`open`); the oldest first."""
        left = Count("items", filter=Q(items__finding=Finding.OPEN))
        return self.visible_to(user, Right.RECORD_VERIFY).annotate(open=left).filter(open__gt=0).order_by("pk")


class SpotCheck(models.Model):
    """A random sample of the records behind a target, drawn to be looked at in person.

    app, model: the register that was drawn from; seed: with it the same draw can be repeated over the same records; population: how many records there were.
    """

    target = models.ForeignKey(Target, models.PROTECT, related_name="spot_checks", verbose_name="目标")
    app = models.CharField("业务板块", max_length=40)
    model = models.CharField("台账", max_length=60)
    seed = models.CharField("随机种子", max_length=32)
    size = models.PositiveIntegerField("抽取数")
    population = models.PositiveIntegerField("记录总数")
    drawn_on = models.DateField("抽取日期")
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="抽取人")

    objects = SpotCheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "抽查"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gte=1) & Q(size__lte=models.F("population")),
                name="spotcheck_size_within_population",
                violation_error_message="抽取数须在 1 与记录总数之间。",
            )
        ]

    def __str__(self):
        return f"{self.target.code} {self.drawn_on}"

    def audit_position(self):
        return self.target.plan.bureau, self.app


class Finding(models.TextChoices):
    """What a look at one record of a sample has shown."""

    OPEN = "open", "待核查"
    CONFIRMED = "confirmed", "属实"
    REJECTED = "rejected", "不实"


class SpotCheckItemQuerySet(ScopedQuerySet):
    scope_units = ("org_unit",)
    scope_apps = ("spot_check__app",)

    def to_mend(self):
        """Return what was found untrue and has not been put right since."""
        return self.filter(finding=Finding.REJECTED, mended_on__isnull=True)


class SpotCheckItem(models.Model):
    """One record of a sample, and what was found. mended_on: when its unit put an untrue record right."""

    spot_check = models.ForeignKey(SpotCheck, models.CASCADE, related_name="items", verbose_name="抽查")
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="单位")
    record = models.PositiveBigIntegerField("记录编号")
    finding = models.CharField("结果", max_length=10, choices=Finding.choices, default=Finding.OPEN)
    note = models.CharField("说明", max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核查人"
    )
    decided_on = models.DateField("核查日期", null=True, blank=True)
    mended_on = models.DateField("更正日期", null=True, blank=True)

    objects = SpotCheckItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "抽查记录"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["spot_check", "record"],
                name="spotcheckitem_once",
                violation_error_message="同一记录只抽取一次。",
            ),
            models.CheckConstraint(
                condition=Q(finding=Finding.OPEN) | Q(decided_by__isnull=False, decided_on__isnull=False),
                name="spotcheckitem_decided_by_somebody",
                violation_error_message="核查结果须有核查人和日期。",
            ),
            models.CheckConstraint(
                condition=~Q(finding=Finding.REJECTED) | ~Q(note=""),
                name="spotcheckitem_rejected_with_note",
                violation_error_message="核查不实须写明情况。",
            ),
        ]

    def __str__(self):
        return f"{self.spot_check} {self.record}"

    def audit_position(self):
        return self.org_unit, self.spot_check.app
