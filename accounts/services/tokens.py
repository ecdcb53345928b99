"""API tokens: issued, shown once, revoked."""

from django.db import transaction
from django.utils import timezone

from .. import audit
from ..errors import Refused
from ..locks import exclusive
from ..models import ApiToken, User

MOST_TOKENS = 10
LONGEST_DAYS = 365


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
