"""What the fixture loader wrote last, so that it can tell a user's edit from its own row."""

from django.db import models


class LoadedRow(models.Model):
    """The values of one reference row as last loaded from the fixtures."""

    kind = models.CharField("类别", max_length=40)
    key = models.CharField("键", max_length=200)
    values = models.JSONField("载入值", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "载入记录"
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="loaded_row_once")]

    def __str__(self):
        return f"{self.kind} {self.key}"
