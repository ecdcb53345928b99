"""Files that hang on records of any register."""

import uuid
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import OrgUnit
from accounts.scope import ScopedQuerySet


def attachment_path(instance: "Attachment", filename: str) -> str:
    """Store under a random name: what the user called the file never reaches the file system."""
    return f"records/{uuid.uuid4().hex}"


class AttachmentQuerySet(ScopedQuerySet):
    """Files are reached through their record only (`workplan.services.attachments`); this scope is for the log's sake."""

    scope_units = ("org_unit",)
    scope_apps = ("app",)

    def kept(self):
        return self.filter(removed_at__isnull=True)

    def of(self, record: models.Model):
        """Return the files of one record."""
        return self.filter(app=record._meta.app_label, model=record._meta.model_name, record=record.pk)


class Attachment(models.Model):
    """A file that backs a record. Removed ones stay on record without being shown."""

    app = models.CharField("业务板块", max_length=40)
    model = models.CharField("台账", max_length=60)
    record = models.PositiveBigIntegerField("记录编号")
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="单位")
    file = models.FileField("文件", upload_to=attachment_path, max_length=120)
    name = models.CharField("文件名", max_length=150)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "台账附件"
        ordering = ["pk"]
        indexes = [models.Index(fields=["app", "model", "record"], name="attachment_record")]
        constraints = [
            models.UniqueConstraint(
                fields=["app", "model", "record", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="attachment_once",
                violation_error_message="同一文件已经上传过。",
            )
        ]

    def __str__(self):
        """Name the kind of file, for the log: what people call a file may tell whom it is about."""
        return f"{PurePath(self.name).suffix.lower().removeprefix('.')} 文件".strip()

    def audit_position(self):
        return self.org_unit, self.app
