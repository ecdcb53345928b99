"""Sends a message by one channel: what has been done meanwhile is left out, and if that is all, nothing is sent."""

from collections.abc import Callable

from django.utils import timezone

from .. import clock
from ..channels import mail, webhook
from ..enums import Channel, DeliveryState
from ..models import Delivery, Message
from ..reminders.due import still_open
from .messages import channels_of

WAYS = {Channel.MAIL: mail.send, Channel.WEBHOOK: webhook.send}


def send(pk: int) -> Callable[[], None] | None:
    """Send the delivery, unless it has ended; return what notes its end. Raises what the channel raises."""
    rows = Delivery.objects.select_related("message__user__notice_setting")
    delivery = rows.get(pk=pk)
    if delivery.state != DeliveryState.WAITING:
        return None
    lines = open_lines(delivery.message) if _is_wanted(delivery) else []
    if not lines:
        return lambda: _end(delivery, DeliveryState.DROPPED)
    WAYS[Channel(delivery.channel)](delivery, lines)
    return lambda: _end(delivery, DeliveryState.SENT)


def _is_wanted(delivery: Delivery) -> bool:
    """Say whether the account is still open and its user still wants to be told by this channel."""
    user = delivery.message.user
    return user.is_active and delivery.channel in channels_of(user.notice_setting)


def open_lines(message: Message) -> list[dict]:
    """Return the lines of a message that still hold: those about things that are not done, and those about none."""
    keys = {key for line in message.lines for key in line["keys"]}
    still = still_open(keys, clock.today()) if keys else set()
    return [line for line in message.lines if not line["keys"] or not still.isdisjoint(line["keys"])]


def _end(delivery: Delivery, state: DeliveryState) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state=state, ended_at=timezone.now())
