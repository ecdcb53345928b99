"""API tokens and calendar feeds: issued, shown once, revoked."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from .. import audit
from ..errors import Refused
from ..locks import exclusive
from ..models import ApiToken, CalendarFeed, User
from ..models.tokens import digest_of

MOST_TOKENS = 10
LONGEST_DAYS = 365
READ_STEP = timedelta(minutes=1)


@transaction.atomic
def issue_token(*, user: User, name: str, days: int, may_write: bool, actor: User) -> tuple[ApiToken, str]:
    """Make a token; return it with the raw text, which is never to be had again.

    Raises Refused for somebody else's account, for a life of over a year, and beyond the number a user may hold.
    """
    if user.pk != actor.pk:
        raise Refused("只能为自己签发令牌。", code="other_account")
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused(f"有效期须为 1 至 {LONGEST_DAYS} 天。", code="bad_days")
    exclusive(f"tokens:{user.pk}")
    if ApiToken.objects.usable().filter(user=user).count() >= MOST_TOKENS:
        raise Refused(f"最多可同时持有 {MOST_TOKENS} 个有效令牌，请先撤销不用的。", code="too_many")
    token, raw = ApiToken.build(user=user, name=name.strip(), days=days, may_write=may_write)
    token.full_clean()
    token.save()
    after = audit.snapshot(token, ["name", "prefix", "may_write", "expires_at"])
    audit.record(action="token.issue", actor=actor, row=token, after=after)
    return token, raw


@transaction.atomic
def revoke_token(*, token: ApiToken, actor: User) -> ApiToken:
    """End a token at once; a second time changes nothing."""
    token = ApiToken.objects.select_for_update(of=("self",)).select_related("user").get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        audit.record(action="token.revoke", actor=actor, row=token, after=audit.snapshot(token, ["name", "prefix"]))
    return token


@transaction.atomic
def open_feed(*, user: User, actor: User) -> tuple[CalendarFeed, str]:
    """Make the user's calendar feed, or renew it: an older address ends. Return it with the token, never to be had again.

    Raises Refused for somebody else's account.
    """
    if user.pk != actor.pk:
        raise Refused("只能为自己开通日历订阅。", code="other_account")
    exclusive(f"tokens:{user.pk}")
    raw, now = secrets.token_urlsafe(32), timezone.now()
    fresh = {
        "digest": digest_of(raw),
        "created_at": now,
        "expires_at": now + timedelta(days=LONGEST_DAYS),
        "last_read_at": None,
    }
    feed, _ = CalendarFeed.objects.update_or_create(user=user, defaults=fresh)
    audit.record(action="calendar.open", actor=actor, row=feed, after=audit.snapshot(feed, ["expires_at"]))
    return feed, raw


@transaction.atomic
def close_feed(*, user: User, actor: User) -> bool:
    """End the user's calendar feed at once; say whether there was one."""
    feed = CalendarFeed.objects.select_for_update().filter(user=user).first()
    if feed is None:
        return False
    audit.record(action="calendar.close", actor=actor, row=feed)
    feed.delete()
    return True


def feed_of(raw: str) -> CalendarFeed | None:
    """Return the feed that the token opens, with its user; None for a wrong, replaced, revoked or expired one, or a closed account."""
    digest = digest_of(raw)  # what is looked up is none of the sender's choosing, so that no time tells a part of it
    feed = CalendarFeed.objects.usable().filter(digest=digest).first()
    if feed is None or not constant_time_compare(feed.digest, digest):
        return None
    return feed


def note_reading(*, feed: CalendarFeed) -> None:
    """Keep when the feed was last read, to the minute: calendar programs come often."""
    now = timezone.now()
    if feed.last_read_at is None or now - feed.last_read_at > READ_STEP:
        CalendarFeed.objects.filter(pk=feed.pk, digest=feed.digest).update(last_read_at=now)
