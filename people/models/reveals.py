"""Who looked at a full number, and which proposals of duplicates were turned down."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import OrgUnit
from accounts.models.audit import AppendOnly, AppendOnlyError
from accounts.scope import ScopedQuerySet

from ..enums import SecretField
from .persons import Person


class RevealQuerySet(ScopedQuerySet):
    scope_units = ("org_unit",)
    scope_apps = ()

    def update(self, **kwargs):
        raise AppendOnlyError("脱敏查看日志只能追加。")

    def delete(self):
        raise AppendOnlyError("脱敏查看日志只能追加。")


class Reveal(AppendOnly):
    """One look at a full number. Written once; a merged person's rows stay with the row that was looked at."""

    follows_merge = False

    person = models.ForeignKey(Person, models.PROTECT, related_name="reveals", verbose_name="服务对象")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="查看人")
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="居住地")
    label = models.CharField("对象", max_length=40)
    field = models.CharField("内容", max_length=12, choices=SecretField.choices)
    reason = models.CharField("理由", max_length=200)
    at = models.DateTimeField("时间", default=timezone.now, db_index=True)

    objects = RevealQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "脱敏查看日志"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["user", "at"], name="reveal_user_at")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.user} {self.label}"


class NotDuplicateQuerySet(ScopedQuerySet):
    scope_units = ("first__residence", "second__residence")
    scope_apps = ()


class NotDuplicate(models.Model):
    """Two people who look alike and are two. `first` has the smaller id."""

    follows_merge = False

    first = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="甲")
    second = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="乙")
    dismissed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="确认人")
    at = models.DateTimeField("时间", default=timezone.now)

    objects = NotDuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "非重复确认"
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"], name="notduplicate_once", violation_error_message="已经确认过。"
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="notduplicate_ordered",
                violation_error_message="两人次序有误。",
            ),
        ]

    def __str__(self):
        return f"{self.first} ≠ {self.second}"
