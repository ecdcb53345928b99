"""How a user wants to be told: channels and hours, a robot that can be tried out, and a deputy for days away."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.fields import seal, unseal
from accounts.locks import exclusive
from accounts.models import Membership, User

from .. import clock
from ..channels import webhook
from ..channels.addresses import checked_url
from ..errors import Refused
from ..models import Leave, NoticeSetting

LOGGED = ["digest_hour", "mail", "webhook", "webhook_format", "quiet_from", "quiet_to"]
TEST_EVERY = 30  # seconds between two tries of one user's robot
LONGEST_LEAVE = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the form asks for. webhook_url, webhook_secret: "" to keep what is stored."""

    digest_hour: int
    mail: bool
    webhook: bool
    webhook_format: str
    webhook_url: str
    webhook_secret: str
    quiet_from: time
    quiet_to: time


def setting_of(user: User) -> NoticeSetting:
    """Return the user's setting, the defaults where nothing was chosen yet (not stored then)."""
    return NoticeSetting.objects.filter(user=user).first() or NoticeSetting(user=user)


@transaction.atomic
def save_setting(*, user: User, wishes: Wishes) -> NoticeSetting:
    """Store how the user wants to be told.

    Raises Refused for mail without an address on the account, and for a robot without an address or with one that may not be used.
    """
    exclusive(f"notices:{user.pk}")
    setting = setting_of(user)
    before = audit.snapshot(setting, LOGGED) if setting.pk else {}
    if wishes.mail and not user.email:
        raise Refused("您的账号没有登记邮箱，请联系系统管理员补充。", code="no_mail")
    for name in LOGGED:
        setattr(setting, name, getattr(wishes, name))
    if wishes.webhook_url:
        checked_url(wishes.webhook_url)
        seal(setting, "webhook_url", wishes.webhook_url)
    if wishes.webhook_secret:
        seal(setting, "webhook_secret", wishes.webhook_secret)
    if not setting.webhook:
        setting.webhook_url = setting.webhook_secret = ""
    elif not setting.webhook_url:
        raise Refused("请填写机器人地址。", code="no_url")
    setting.save()
    old, new = audit.changes(before, audit.snapshot(setting, LOGGED))
    if new or wishes.webhook_url or wishes.webhook_secret:
        note = "更换了机器人地址或密钥" if wishes.webhook_url or wishes.webhook_secret else ""
        audit.record(action="notice.change", actor=user, row=user, before=old, after=new, note=note)
    return setting


def host_of(setting: NoticeSetting) -> str:
    """Return the host of the stored robot: the rest of its address is its password."""
    return checked_url(unseal(setting, "webhook_url")).hostname if setting.webhook_url else ""


def test_webhook(*, user: User) -> None:
    """Send a line to the user's robot now. Raises Refused where none is set up, too soon after the last try, or it fails."""
    setting = setting_of(user)
    if not setting.webhook:
        raise Refused("请先启用并保存群机器人。", code="no_url")
    if not cache.add(f"webhook-test:{user.pk}", 1, timeout=TEST_EVERY):
        raise Refused(f"请 {TEST_EVERY} 秒后再试。", code="too_soon")
    audit.record(action="notice.test", actor=user, row=user)
    webhook.post(setting, "工作要点督办平台：测试消息，收到说明群机器人设置正确。")


@transaction.atomic
def add_leave(*, user: User, deputy: User, first_day: date, last_day: date) -> Leave:
    """Note that a colleague gets the user's reminders from one day to another, both included.

    Raises Refused for days past or out of order, an overlap with another leave, and a deputy of another unit.
    """
    exclusive(f"leave:{user.pk}")
    if first_day < clock.today():
        raise Refused("开始日期不能早于今天。", code="past")
    if last_day < first_day:
        raise Refused("结束日期不能早于开始日期。", code="order")
    if last_day - first_day > LONGEST_LEAVE:
        raise Refused(f"一次最长 {LONGEST_LEAVE.days} 天。", code="too_long")
    if deputy not in deputies_of(user):
        raise Refused("代理人须是同一单位在用的账号。", code="foreign_deputy")
    running = Leave.objects.filter(user=user, cancelled_at__isnull=True)
    if running.filter(first_day__lte=last_day, last_day__gte=first_day).exists():
        raise Refused("与已登记的休假日期重叠。", code="overlap")
    leave = Leave.objects.create(user=user, deputy=deputy, first_day=first_day, last_day=last_day)
    after = audit.snapshot(leave, ["deputy_id", "first_day", "last_day"])
    audit.record(action="leave.add", actor=user, row=leave, after=after)
    return leave


def deputies_of(user: User):
    """Return who may stand in for the user: those with a role at one of the same units, who see the same work."""
    here = Membership.objects.open_on(clock.today()).filter(org_unit__in=user.home_units)
    return User.objects.filter(pk__in=here.values("user"), is_active=True).exclude(pk=user.pk).order_by("username")


@transaction.atomic
def cancel_leave(*, leave: Leave, actor: User) -> Leave:
    """Take a leave back; a second time changes nothing. Raises Refused for somebody else's."""
    leave = Leave.objects.select_for_update(of=("self",)).get(pk=leave.pk)
    if leave.user_id != actor.pk:
        raise Refused("只能取消本人的休假代理。", code="other_account")
    if leave.cancelled_at is None:
        leave.cancelled_at = timezone.now()
        leave.save(update_fields=["cancelled_at"])
        audit.record(action="leave.cancel", actor=actor, row=leave)
    return leave
