"""Tokens for programs that use the API, and for calendars. Shown once, stored as a digest, limited in scope and time."""

import hashlib
import secrets
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..scope import ScopedQuerySet
from .users import User


def digest_of(raw: str) -> str:
    """Tokens are 256 random bits: a plain SHA-256 is enough, there is nothing to guess."""
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()


class ApiTokenQuerySet(ScopedQuerySet):
    scope_units = ("user__memberships__org_unit",)
    scope_apps = ()
    scope_many = True

    def usable(self):
        """Return tokens that are neither expired nor revoked, of open accounts."""
        return self.filter(
            Q(expires_at__gt=timezone.now()), revoked_at__isnull=True, user__is_active=True
        ).select_related("user")


class ApiToken(models.Model):
    """A bearer token of one user. It never opens more than the user's own scope does at the moment of use."""

    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens", verbose_name="用户")
    name = models.CharField("用途", max_length=80)
    prefix = models.CharField("前缀", max_length=8, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    may_write = models.BooleanField("可写入", default=False)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    expires_at = models.DateTimeField("到期时间")
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "接口令牌"
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.name} ({self.prefix}…)"

    def audit_position(self):
        return self.user.audit_position()

    @staticmethod
    def digest_of(raw: str) -> str:
        return digest_of(raw)

    @classmethod
    def build(cls, *, user: User, name: str, days: int, may_write: bool) -> tuple["ApiToken", str]:
        """Return an unsaved token and the raw text that is shown this one time."""
        raw = secrets.token_urlsafe(32)
        expires = timezone.now() + timedelta(days=days)
        token = cls(user=user, name=name, prefix=raw[:8], digest=cls.digest_of(raw), may_write=may_write)
        token.expires_at = expires
        return token, raw


class CalendarFeedQuerySet(ScopedQuerySet):
    scope_units = ("user__memberships__org_unit",)
    scope_apps = ()
    scope_many = True

    def usable(self):
        """Return feeds that are neither expired nor revoked, of open accounts."""
        return self.filter(expires_at__gt=timezone.now(), user__is_active=True).select_related("user")


class CalendarFeed(models.Model):
    """The address under which a user's calendar program reads his deadlines; at most one for each user.

    Its token opens that one page and nothing else, and shows no more than the user's own scope at the moment of reading.
    A revoked feed has no row.
    """

    user = models.OneToOneField(User, models.PROTECT, related_name="calendar_feed", verbose_name="用户")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("创建时间")
    expires_at = models.DateTimeField("到期时间")
    last_read_at = models.DateTimeField("最近读取", null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "日历订阅"
        ordering = ["user"]

    def __str__(self):
        return f"{self.user}的日历订阅"

    def audit_position(self):
        return self.user.audit_position()
