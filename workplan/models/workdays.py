"""The working calendar of a bureau: days off, and weekends that are worked for them."""

from django.db import models

from accounts.models import OrgUnit
from accounts.scope import ScopedQuerySet


class CalendarDayQuerySet(ScopedQuerySet):
    scope_units = ("bureau",)
    scope_apps = ()
    scope_common = "bureau"


class CalendarDay(models.Model):
    """A day that is worked, or not, by the State Council's yearly notice on holidays, or by a local one.

    Each bureau has its own: autonomous areas add holidays. A year without any such day counts by the week alone.
    """

    bureau = models.ForeignKey(OrgUnit, models.CASCADE, related_name="calendar_days", verbose_name="局")
    day = models.DateField("日期")
    working = models.BooleanField("上班", help_text="勾选为上班（如周末调休），不勾选为放假。")
    name = models.CharField("名称", max_length=40, blank=True)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "day"], name="calendarday_once", violation_error_message="该日期已在工作日历中。"
            )
        ]

    def __str__(self):
        return f"{self.day} {'上班' if self.working else '放假'}"

    def audit_position(self):
        return self.bureau, ""
