"""Imports of files into registers: one row each, with its result."""

import uuid
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import OrgUnit
from accounts.scope import ScopedQuerySet

from ..enums import BatchState


def batch_path(instance: "ImportBatch", filename: str) -> str:
    """Store under a random name, encrypted: what the file holds is never on disk in clear."""
    return f"imports/{uuid.uuid4().hex}"


class ImportBatchQuerySet(ScopedQuerySet):
    scope_units = ("org_unit",)
    scope_apps = ("app",)


class ImportBatch(models.Model):
    """One file that somebody brought for one register: checked, shown, taken in, perhaps undone.

    org_unit: the unit of the one who brought it; app, model: the register; result: counts and problems by line,
    without any content of the file.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="单位")
    app = models.CharField("业务板块", max_length=40)
    model = models.CharField("台账", max_length=60)
    file = models.FileField("文件", upload_to=batch_path, max_length=120)
    name = models.CharField("文件名", max_length=150)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("SHA-256", max_length=64)
    state = models.CharField("状态", max_length=10, choices=BatchState.choices, default=BatchState.WAITING)
    good_only = models.BooleanField("只导入无误的行", default=False)
    result = models.JSONField("检查结果", default=dict, blank=True)
    total_rows = models.PositiveIntegerField("总行数", default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="import_batches", verbose_name="上传人"
    )
    created_at = models.DateTimeField("上传时间")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "台账导入"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=BatchState.values),
                name="importbatch_state_known",
                violation_error_message="导入状态不在规定范围内。",
            )
        ]

    def __str__(self):
        """Name the kind of file, for the log: what people call a file may tell whom it is about."""
        return f"{PurePath(self.name).suffix.lower().removeprefix('.')} 文件".strip()

    def audit_position(self):
        return self.org_unit, self.app
