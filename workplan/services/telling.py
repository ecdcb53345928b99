"""News for several people at once, at the moment at which something happens: in their inboxes, and by the channels they chose."""

from collections.abc import Iterable

from accounts.models import User

from .. import clock
from ..enums import MessageKind
from ..reminders.people import People, Person
from .messages import Draft, write_messages
from .workdays import calendar_of


def tell(
    people: People,
    told: Iterable[Person],
    *,
    kind: MessageKind = MessageKind.NEWS,
    key: str,
    title: str,
    lines: list[dict],
    sent_by: User | None = None,
) -> int:
    """Write one message to each, or to the deputy of who is away; return how many. Its key makes it one for its reader.

    Nothing leaves the portal on days off; the inbox has it at once.
    """
    readers = {reader.user.pk: reader for reader in (people.stands_in(one) or one for one in told)}
    drafts = [
        Draft(
            user=reader.user,
            org_unit=reader.unit,
            setting=reader.setting,
            kind=kind,
            key=key,
            day=clock.today(),
            title=title,
            lines=lines,
            sent_by=sent_by,
        )
        for reader in readers.values()
    ]
    return write_messages(drafts, calendar_of(people.bureau))
