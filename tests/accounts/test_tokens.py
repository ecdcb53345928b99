"""API tokens: shown once, kept as a digest, limited, revocable."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import ApiToken, Event
from accounts.services.tokens import MOST_TOKENS, issue_token, revoke_token
from accounts.services.users import close_account, reset_password

ME = "/api/v1/me/"


def issue(user, **more):
    return issue_token(user=user, actor=user, **{"name": "对账程序", "days": 30, "may_write": False, **more})


def call(client, raw, method="get", address=ME):
    return getattr(client, method)(address, headers={"Authorization": f"Bearer {raw}"})


def test_a_token_opens_what_its_user_may_do(client, cast):
    token, raw = issue(cast.liaison)
    response = call(client, raw)
    assert response.status_code == 200
    assert "liaison" in response.content.decode()
    token.refresh_from_db()
    assert token.last_used_at is not None


@pytest.mark.parametrize("raw", ["", "wrong", "a b", "令牌", "\u00ff" * 500])
def test_bad_tokens_are_401_with_a_challenge(client, cast, raw):
    response = client.get(ME, headers={"Authorization": f"Bearer {raw}".encode().decode("latin-1")})
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_revoked_expired_and_closed_ones_are_401_at_once(client, cast):
    token, raw = issue(cast.liaison)
    revoke_token(token=token, actor=cast.liaison)
    assert call(client, raw).status_code == 401
    _, raw = issue(cast.liaison)
    with time_machine.travel(timezone.now() + timedelta(days=30, seconds=1)):
        assert call(client, raw).status_code == 401
    assert call(client, raw).status_code == 200
    close_account(user=cast.liaison, actor=cast.administrator)
    assert call(client, raw).status_code == 401


def test_a_reset_password_ends_the_tokens(client, cast):
    _, raw = issue(cast.liaison)
    reset_password(user=cast.liaison, actor=cast.administrator)
    assert call(client, raw).status_code == 401


def test_a_read_only_token_cannot_write(client, cast):
    _, raw = issue(cast.liaison)
    for method in ("post", "put", "patch", "delete"):
        response = call(client, raw, method, "/api/v1/reports/")
        assert (response.status_code, response.json()["detail"]) == (403, "该令牌只能读取。")
    _, raw = issue(cast.liaison, may_write=True)
    assert call(client, raw, "post", "/api/v1/reports/").status_code == 415  # let through, without a body


def test_use_is_noted_once_a_minute(client, cast):
    token, raw = issue(cast.liaison)
    start = timezone.now()
    seen = []
    for seconds in (0, 30, 61):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            call(client, raw)
        token.refresh_from_db()
        seen.append(token.last_used_at)
    assert seen == [start, start, start + timedelta(seconds=61)]


def test_the_raw_text_is_shown_once_and_stored_nowhere(as_user, cast):
    client = as_user(cast.liaison)
    data = {"name": "对账程序", "days": "30"}
    response = client.post(reverse("accounts:token_issue"), data)
    token = ApiToken.objects.get()
    raw = response.context["raw_token"]
    assert ApiToken.digest_of(raw) == token.digest
    assert raw in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert raw not in client.get(reverse("accounts:account")).content.decode()
    kept = f"{list(ApiToken.objects.values())}{list(Event.objects.values())}{list(client.session.items())}"
    assert raw not in kept


def test_nobody_touches_the_token_of_another(as_user, cast):
    token, _ = issue(cast.liaison)
    for other in (cast.other_liaison, cast.administrator, cast.nobody):
        assert as_user(other).post(reverse("accounts:token_revoke", args=[token.pk])).status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None
    with pytest.raises(Refused):
        issue_token(user=cast.liaison, actor=cast.administrator, name="x", days=1, may_write=True)


def test_limits_of_number_and_life(cast, as_user):
    for _ in range(MOST_TOKENS):
        issue(cast.liaison)
    response = as_user(cast.liaison).post(reverse("accounts:token_issue"), {"name": "多余", "days": "30"})
    assert response.status_code == 422
    assert "请先撤销不用的" in response.content.decode()
    for days in (0, 366):
        with pytest.raises(Refused):
            issue(cast.leader, days=days)
    assert as_user(cast.leader).post(reverse("accounts:token_issue"), {"name": "长", "days": "9999"}).status_code == 422
