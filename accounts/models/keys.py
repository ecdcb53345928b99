"""What proves at start-up that the keys are those the data was written with."""

from django.db import models


class KeyCheck(models.Model):
    """A known text under one key: the token of a data key, or the digest of the index key."""

    name = models.CharField("密钥编号", max_length=40, unique=True)
    value = models.TextField("校验值")

    class Meta:
        verbose_name = verbose_name_plural = "密钥校验"
        ordering = ["name"]

    def __str__(self):
        return self.name
