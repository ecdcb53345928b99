"""Figures: the accepted values, kept so that any past day can be asked for with one statement."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from accounts.models import OrgUnit
from accounts.scope import ScopedQuerySet

from .plan import Target
from .reporting import Entry, Period


class FigureQuerySet(ScopedQuerySet):
    scope_units = ("org_unit",)
    scope_apps = ("target__task__section__app",)
    scope_apps_shared = ("target__also_in__section__app",)
    scope_many = True

    def measured(self):
        """Return the figures that come from the records of registers."""
        return self.filter(entry__isnull=True)

    def reported(self):
        """Return the figures that come from approved reports."""
        return self.filter(entry__isnull=False)

    def in_force(self, on: date):
        """Return the figures that made up the portal's numbers at the close of the day."""
        return self.filter(accepted_on__lte=on).filter(Q(replaced_on__isnull=True) | Q(replaced_on__gt=on))


class Figure(models.Model):
    """A value of one target and unit, in force from `accepted_on` until `replaced_on`.

    *Reported* figures come from the entry of an approved report and belong to its period.
    Totals (`flow` false) state the
    year so far: a later period's figure replaces the earlier one. Flows state what happened in the period: only a
    correction of the same period replaces them. Written by `workplan.services.figures` only.

    *Measured* figures come from the records of registers: all records of the unit that count from the same day until
    the same day make one figure, without entry and period; `verified` is the part of it that was confirmed in a
    spot check. Written by `workplan.services.measuring` only.

    Either way the value of a target on a day is one plain sum over the figures in force.
    """

    target = models.ForeignKey(Target, models.PROTECT, related_name="figures", verbose_name="目标")
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="figures", verbose_name="单位")
    period = models.ForeignKey(Period, models.PROTECT, null=True, related_name="figures", verbose_name="报告期")
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="figure", verbose_name="填报值")
    revision = models.PositiveSmallIntegerField("版次", default=1)
    flow = models.BooleanField("按期累加")
    value = models.DecimalField("数值", max_digits=18, decimal_places=4, null=True)
    numerator = models.DecimalField("分子", max_digits=18, decimal_places=4, null=True)
    denominator = models.DecimalField("分母", max_digits=18, decimal_places=4, null=True)
    verified = models.DecimalField("其中经核查", max_digits=18, decimal_places=4, null=True)
    reported_on = models.DateField("首次报送日期")
    late = models.BooleanField("逾期报送", default=False)
    accepted_on = models.DateField("生效日期")
    corrected_on = models.DateField("更正日期", null=True)
    replaced_on = models.DateField("失效日期", null=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "实绩"
        ordering = ["target", "org_unit", "period", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["target", "org_unit", "period", "revision"], name="figure_once"),
            models.UniqueConstraint(
                fields=["target", "org_unit", "period"],
                condition=Q(corrected_on__isnull=True),
                name="figure_one_valid_per_period",
            ),
            models.UniqueConstraint(
                fields=["target", "org_unit"],
                condition=Q(replaced_on__isnull=True, flow=False),
                name="figure_one_total_in_force",
            ),
            models.UniqueConstraint(
                fields=["target", "org_unit", "accepted_on", "replaced_on"],
                condition=Q(entry__isnull=True),
                name="figure_one_measured_per_interval",
            ),
            models.CheckConstraint(
                condition=Q(entry__isnull=False, period__isnull=False)
                | Q(entry__isnull=True, period__isnull=True, flow=True),
                name="figure_reported_or_measured",
            ),
            models.CheckConstraint(
                condition=Q(replaced_on__isnull=True) | Q(replaced_on__gte=F("accepted_on")),
                name="figure_interval_ordered",
            ),
            models.CheckConstraint(
                condition=Q(corrected_on__isnull=True) | Q(replaced_on__isnull=False),
                name="figure_corrected_is_replaced",
            ),
        ]
        indexes = [
            models.Index(fields=["target", "accepted_on"], name="figure_as_of"),
            # Who has stated flows in a period is counted for whole cities, from the index alone.
            models.Index(
                fields=["period", "target", "accepted_on", "replaced_on"],
                condition=Q(flow=True),
                name="figure_flow_of_period",
            ),
        ]

    def __str__(self):
        return f"{self.target.code} {self.org_unit} {self.period or self.accepted_on}"
