"""Messages to users: what stands in the inbox, by which other channels it goes out, and how each user wants it."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.fields import EncryptedField
from accounts.models import OrgUnit
from accounts.scope import ScopedQuerySet

from ..enums import Channel, DeliveryState, MessageKind, WebhookFormat


class MessageQuerySet(ScopedQuerySet):
    scope_units = ("org_unit",)
    scope_apps = ()

    def to(self, user):
        """Return the user's own inbox: nobody reads another's there, whatever the scope."""
        return self.filter(user=user)

    def unread(self):
        return self.filter(read_at__isnull=True)


class Message(models.Model):
    """One message to one user. Written once by its key, which names what it is about.

    lines: what it says, each `{"text", "url", "keys"}`; the keys of a reminder name the things that are due, so that what
    has been done meanwhile is left out. Texts name units, tasks and dates, never people. day: the business date.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="messages", verbose_name="收件人")
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="单位")
    kind = models.CharField("类型", max_length=10, choices=MessageKind.choices)
    key = models.CharField("唯一键", max_length=120)
    day = models.DateField("日期")
    title = models.CharField("标题", max_length=120)
    lines = models.JSONField("内容", default=list)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发出人"
    )
    made_at = models.DateTimeField("生成时间")
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"], name="message_once", violation_error_message="这条消息已经生成。"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MessageKind.values),
                name="message_kind_known",
                violation_error_message="消息类型不在规定范围内。",
            ),
        ]
        indexes = [models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="message_unread")]

    def __str__(self):
        return self.title

    def audit_position(self):
        return self.org_unit, ""


class DeliveryQuerySet(ScopedQuerySet):
    scope_units = ("message__org_unit",)
    scope_apps = ()


class Delivery(models.Model):
    """A message on its way through one channel; the job that sends it names it."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries", verbose_name="消息")
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    state = models.CharField("状态", max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    ended_at = models.DateTimeField("完成时间", null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息发送"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "channel"], name="delivery_once", violation_error_message="该渠道已有这条消息。"
            ),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.WAITING, ended_at__isnull=True)
                | (~Q(state=DeliveryState.WAITING) & Q(ended_at__isnull=False)),
                name="delivery_ended_with_time",
                violation_error_message="已结束的发送须有完成时间。",
            ),
        ]

    def __str__(self):
        return f"{self.message} {self.get_channel_display()}"


class NoticeSetting(models.Model):
    """How one user wants to be told, beside the inbox. Without a row the defaults hold: a digest at nine, the inbox alone.

    Nothing goes out between quiet_from and quiet_to; the address of a webhook is its password and is kept encrypted.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_setting", verbose_name="用户"
    )
    digest_hour = models.PositiveSmallIntegerField(
        "每日提醒时间（时）", default=9, validators=[MinValueValidator(6), MaxValueValidator(20)]
    )
    mail = models.BooleanField("邮件", default=False)
    webhook = models.BooleanField("群机器人", default=False)
    webhook_format = models.CharField(
        "机器人类型", max_length=10, choices=WebhookFormat.choices, default=WebhookFormat.WECOM
    )
    webhook_url = EncryptedField("机器人地址", blank=True)
    webhook_secret = EncryptedField("签名密钥", blank=True)
    quiet_from = models.TimeField("免打扰开始", default="20:00")
    quiet_to = models.TimeField("免打扰结束", default="08:00")

    class Meta:
        verbose_name = verbose_name_plural = "消息设置"
        constraints = [
            models.CheckConstraint(
                condition=Q(digest_hour__gte=6) & Q(digest_hour__lte=20),
                name="noticesetting_hour_of_the_day",
                violation_error_message="每日提醒时间须在 6 时与 20 时之间。",
            ),
            models.CheckConstraint(
                condition=Q(webhook=False) | ~Q(webhook_url=""),
                name="noticesetting_webhook_has_address",
                violation_error_message="启用群机器人须填写地址。",
            ),
        ]

    def __str__(self):
        return f"{self.user}"


class LeaveQuerySet(ScopedQuerySet):
    scope_units = ("user__memberships__org_unit",)
    scope_apps = ()
    scope_many = True

    def on(self, day):
        """Return the leaves that cover the day."""
        return self.filter(first_day__lte=day, last_day__gte=day, cancelled_at__isnull=True)


class Leave(models.Model):
    """Days on which a colleague gets the user's reminders instead."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="leaves", verbose_name="休假人")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="代理人")
    first_day = models.DateField("开始日期")
    last_day = models.DateField("结束日期")
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "休假代理"
        ordering = ["-first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="leave_days_ordered",
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=~Q(deputy=F("user")),
                name="leave_deputy_is_another",
                violation_error_message="代理人不能是本人。",
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.first_day} 至 {self.last_day}"

    def audit_position(self):
        return self.user.audit_position()
