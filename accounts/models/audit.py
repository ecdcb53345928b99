"""The audit log: append-only rows, chained by seals so that a change or a gap is found."""

from django.conf import settings
from django.db import models

from ..scope import ScopedQuerySet
from .units import OrgUnit


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or delete a row of the audit log."""


class EventQuerySet(ScopedQuerySet):
    scope_units = ("org_unit",)
    scope_apps = ("app",)

    def update(self, **kwargs):
        raise AppendOnlyError("审计日志只能追加。")

    def delete(self):
        raise AppendOnlyError("审计日志只能追加。")

    def of(self, row: models.Model):
        """Return the events of one row, newest first."""
        return self.filter(object_type=row._meta.concrete_model._meta.label_lower, object_id=str(row.pk)).order_by(
            "-pk"
        )


class AppendOnly(models.Model):
    """Rows that are written once. The database refuses changes too (triggers in the migration)."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError("审计日志只能追加。")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError("审计日志只能追加。")


class Event(AppendOnly):
    """Who did what to which row, when, with the values before and after. No personal data in clear."""

    at = models.DateTimeField("时间", db_index=True)
    business_date = models.DateField("业务日期")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="操作人"
    )
    actor_name = models.CharField("操作人姓名", max_length=60, blank=True)
    action = models.CharField("操作", max_length=60, db_index=True)
    object_type = models.CharField("对象类型", max_length=80, blank=True)
    object_id = models.CharField("对象编号", max_length=40, blank=True)
    object_label = models.CharField("对象", max_length=200, blank=True)
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位")
    app = models.CharField("业务板块", max_length=40, blank=True)
    before = models.JSONField("变更前", default=dict, blank=True)
    after = models.JSONField("变更后", default=dict, blank=True)
    note = models.TextField("说明", blank=True)
    request_id = models.CharField("请求编号", max_length=64, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审计日志"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="event_object")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.action} {self.object_label}"


class SealQuerySet(ScopedQuerySet):
    scope_units = ("event__org_unit",)
    scope_apps = ("event__app",)

    def update(self, **kwargs):
        raise AppendOnlyError("审计日志只能追加。")

    def delete(self):
        raise AppendOnlyError("审计日志只能追加。")


class Seal(AppendOnly):
    """One link of the chain: the digest of an event together with the digest of the link before."""

    number = models.PositiveBigIntegerField("序号", unique=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="seal", verbose_name="事件")
    digest = models.CharField("摘要", max_length=64)

    objects = SealQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "日志封印"
        ordering = ["number"]

    def __str__(self):
        return str(self.number)
