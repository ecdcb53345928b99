"""Messages: written with what they are about, in the inbox at once, and on their way by the channels that each user chose."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import OrgUnit, User

from ..enums import Channel
from ..models import Delivery, Job, Message, NoticeSetting
from ..rules.quiet import next_quiet_end
from ..rules.workdays import WorkingCalendar
from .jobs import enqueue_new

SEND = "message.send"


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is not written yet. lines: each `{"text", "url", "keys"}`; key: what makes it one for its user."""

    user: User
    org_unit: OrgUnit
    setting: NoticeSetting
    kind: str
    key: str
    day: date
    title: str
    lines: list[dict]
    sent_by: User | None = None


@transaction.atomic
def write_messages(drafts: list[Draft], calendar: WorkingCalendar | None = None) -> int:
    """Write the messages that are not there yet and send them on their way; return how many.

    One that is there takes up the lines that it lacks. calendar: where given, nothing goes out on days off. Five
    statements, whatever the number.
    """
    keys, users = {draft.key for draft in drafts}, {draft.user.pk for draft in drafts}
    there = {(one.user_id, one.key): one for one in Message.objects.filter(key__in=keys, user__in=users)}
    new = [draft for draft in drafts if (draft.user.pk, draft.key) not in there]
    _take_up([(there[draft.user.pk, draft.key], draft) for draft in drafts if (draft.user.pk, draft.key) in there])
    written = Message.objects.bulk_create([_message(draft) for draft in new])
    _send_out(list(zip(written, new, strict=True)), calendar)
    return len(written)


def _message(draft: Draft) -> Message:
    return Message(
        user=draft.user,
        org_unit=draft.org_unit,
        kind=draft.kind,
        key=draft.key,
        day=draft.day,
        title=draft.title,
        lines=draft.lines,
        sent_by=draft.sent_by,
        made_at=timezone.now(),
    )


def _take_up(pairs: list[tuple[Message, Draft]]) -> None:
    """Add to messages that are there what they do not say yet: somebody with roles in two bureaus has one digest."""
    changed = []
    for message, draft in pairs:
        lacking = [line for line in draft.lines if line not in message.lines]
        if lacking:
            message.lines, message.read_at = [*message.lines, *lacking], None
            changed.append(message)
    Message.objects.bulk_update(changed, ["lines", "read_at"])


def _send_out(pairs: list[tuple[Message, Draft]], calendar: WorkingCalendar | None) -> None:
    """Write the deliveries by the chosen channels, and the jobs that send them, each when its user may be disturbed."""
    chosen = [(message, draft, channel) for message, draft in pairs for channel in channels_of(draft.setting)]
    deliveries = Delivery.objects.bulk_create(Delivery(message=message, channel=way) for message, _, way in chosen)
    now = timezone.localtime()
    jobs = []
    for delivery, (message, draft, _) in zip(deliveries, chosen, strict=True):
        quiet = draft.setting.quiet_from, draft.setting.quiet_to
        jobs.append(
            Job(
                kind=SEND,
                key=f"{SEND}:{delivery.pk}",
                payload={"delivery": delivery.pk},
                org_unit=message.org_unit,
                due_at=next_quiet_end(now, *quiet, calendar),
            )
        )
    if jobs:
        enqueue_new(jobs)


def channels_of(setting: NoticeSetting) -> list[Channel]:
    """Return by which channels the user is told beside the inbox."""
    by_mail = setting.mail and setting.user.email
    return [Channel.MAIL] * bool(by_mail) + [Channel.WEBHOOK] * setting.webhook


@transaction.atomic
def mark_read(*, user: User, pk: int | None = None) -> int:
    """Note that the user has read one message, or all; return how many were unread."""
    mine = Message.objects.to(user).unread()
    return (mine.filter(pk=pk) if pk else mine).update(read_at=timezone.now())
