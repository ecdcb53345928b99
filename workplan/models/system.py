"""Signs of life of the background processes."""

from django.db import models


class Heartbeat(models.Model):
    """When a background process was last seen alive."""

    name = models.CharField("进程", max_length=40, unique=True)
    at = models.DateTimeField("最近心跳")

    class Meta:
        verbose_name = verbose_name_plural = "心跳"

    def __str__(self):
        return self.name
