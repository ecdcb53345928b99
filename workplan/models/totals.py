"""Totals of targets, so that a whole bureau's numbers of any day, and what is allocated, are read and not added up."""

from django.db import models
from django.db.models import F, Q

from accounts.scope import ScopedQuerySet

from .plan import Target


class TotalQuerySet(ScopedQuerySet):
    """Totals of a whole bureau: for those whose scope is the bureau, in the apps of theirs."""

    scope_units = ("target__plan__bureau",)
    scope_apps = ("target__task__section__app",)
    scope_apps_shared = ("target__also_in__section__app",)
    scope_many = True


class TargetTotal(models.Model):
    """What all figures of a target add up to from `since` until the day before `until`; nothing that `Figure` does not say.

    Written by `workplan.services.totals` in the transaction that changes the figures. A time without figures has no row.
    units: how many units' own totals are in it.
    """

    target = models.ForeignKey(Target, models.CASCADE, related_name="totals", verbose_name="目标")
    since = models.DateField("起始日期")
    until = models.DateField("终止日期", null=True)
    value = models.DecimalField("数值", max_digits=22, decimal_places=4, null=True)
    numerator = models.DecimalField("分子", max_digits=22, decimal_places=4, null=True)
    denominator = models.DecimalField("分母", max_digits=22, decimal_places=4, null=True)
    verified = models.DecimalField("其中经核查", max_digits=22, decimal_places=4, null=True)
    units = models.PositiveIntegerField("单位数")

    objects = TotalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "目标合计"
        ordering = ["target", "since"]
        constraints = [
            models.UniqueConstraint(fields=["target", "since"], name="total_once"),
            models.UniqueConstraint(fields=["target"], condition=Q(until__isnull=True), name="total_one_open"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="total_interval_ordered"
            ),
        ]
        indexes = [models.Index(fields=["target", "until"], name="total_as_of")]

    def __str__(self):
        return f"{self.target.code} {self.since}"


class ShareTotal(models.Model):
    """What is allocated of a target: how many units have a share, and their shares together, where shares are numbers.

    Written by the database itself with each change of an `Allocation` (see `workplan.triggers`); nothing else writes it.
    """

    target = models.OneToOneField(Target, models.CASCADE, primary_key=True, related_name="share", verbose_name="目标")
    units = models.PositiveIntegerField("单位数")
    amount = models.DecimalField("分解合计", max_digits=22, decimal_places=4, null=True)

    objects = TotalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分解合计"
        ordering = ["target"]

    def __str__(self):
        return f"{self.target.code} {self.amount}"
