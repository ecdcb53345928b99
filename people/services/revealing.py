"""Looking at a full number: with the right, for a reason, counted, and noted for good."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.enums import Right
from accounts.errors import Refused
from accounts.fields import unseal
from accounts.locks import exclusive
from accounts.models import Event, User
from accounts.text import require_visible_text

from ..enums import SecretField
from ..models import Person, Reveal

SHORTEST_REASON = 4
WINDOW, DAY = timedelta(hours=1), timedelta(days=1)


@transaction.atomic
def reveal(*, actor: User, person: Person, field: str, reason: str) -> str:
    """Return the full number; leave a row in the log and an event without the value.

    Raises Refused without the right on this person (forbidden), without a reason (reason_required), and above the number of
    looks that a user has per hour (too_many_reveals).
    """
    if not Person.objects.visible_to(actor, Right.REVEAL).filter(pk=person.pk).exists():
        raise Refused("您没有查看完整号码的权限。", code="forbidden")
    reason = _checked_reason(reason)
    field = SecretField(field)
    exclusive(f"reveal:{actor.pk}")
    if reveals_left(actor) <= 0:
        raise Refused(f"每小时最多查看 {settings.REVEALS_PER_HOUR} 次完整号码，请稍后再试。", code="too_many_reveals")
    Reveal.objects.create(
        person=person, user=actor, org_unit=person.residence, label=str(person), field=field, reason=reason
    )
    audit.record(action="person.reveal", actor=actor, row=person, after={"field": field.label}, note=reason)
    return unseal(person, field)


@transaction.atomic
def reveal_all(*, actor: User, people, reason: str) -> int:
    """Note that the actor takes away the full numbers of all these people in a file; return how many there are.

    The caller has asked for the right on each. Raises Refused without a reason, and above the number of such files that a user
    may take in a day.
    """
    reason = _checked_reason(reason)
    exclusive(f"reveal:{actor.pk}")
    taken = Event.objects.filter(actor=actor, action="person.reveal", object_type="", at__gt=timezone.now() - DAY)
    if taken.count() >= settings.FULL_EXPORTS_PER_DAY:
        raise Refused(f"每天最多导出 {settings.FULL_EXPORTS_PER_DAY} 次完整号码。", code="too_many_reveals")
    looks = [
        Reveal(person=p, user=actor, org_unit=p.residence, label=str(p), field=field, reason=reason)
        for p in people.select_related("residence").iterator(chunk_size=2000)
        for field in SecretField
    ]
    Reveal.objects.bulk_create(looks, batch_size=1000)
    audit.record(action="person.reveal", actor=actor, after={"people": people.count()}, note=reason)
    return len(looks)


def _checked_reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise Refused(f"请写明查看理由（至少 {SHORTEST_REASON} 个字）。", code="reason_required")
    if len(reason) > Reveal._meta.get_field("reason").max_length:
        raise Refused("查看理由最多 200 个字。", code="reason_too_long")
    try:
        require_visible_text(reason)
    except ValidationError as invalid:
        raise Refused(invalid.messages[0], code="reason_unreadable") from None
    return reason


def reveals_left(user: User) -> int:
    """Return how many looks the user has left within the hour."""
    return settings.REVEALS_PER_HOUR - Reveal.objects.filter(user=user, at__gt=timezone.now() - WINDOW).count()
