"""Signing in: the right answer, the same answer, the lock."""

from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import lockout
from accounts.models import Event
from accounts.services.users import close_account
from tests.factories import PASSWORD, MembershipFactory, UserFactory

WRONG = "Wrong-Horse-43"
LOGIN = "/sign-in/"


def is_signed_in(client):
    return "_auth_user_id" in client.session


def events(action):
    return Event.objects.filter(action=action)


def test_right_password_leads_to_the_wanted_page(client, member, try_sign_in):
    response = try_sign_in(member.username, PASSWORD, next="/reports/?status=draft")
    assert response.status_code == 302
    assert response.url == "/reports/?status=draft"
    assert is_signed_in(client)
    assert events("auth.sign_in").get().actor == member


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        " //evil.example",
    ],
)
def test_strange_targets_lead_home(member, try_sign_in, target):
    assert try_sign_in(member.username, PASSWORD, next=target).url == reverse("workplan:home")


def test_signed_in_user_is_not_sent_elsewhere_either(as_user, member):
    assert as_user(member).get(LOGIN, {"next": "//evil.example"}).url == reverse("workplan:home")


def test_wrong_password_unknown_name_and_closed_account_get_one_answer(client, member, cast, try_sign_in):
    closed = UserFactory(username="closed", password=PASSWORD)
    MembershipFactory(user=closed, org_unit=cast.liaison.memberships.get().org_unit)
    close_account(user=closed, actor=cast.administrator)
    pages = []
    for name, password in ((member.username, WRONG), ("nobody-at-all", WRONG), ("closed", PASSWORD)):
        response = try_sign_in(name, password)
        assert response.status_code == 422
        assert "账号或密码不正确" in response.content.decode()
        assert not is_signed_in(client)
        pages.append(response.content.decode().replace(f'value="{name}"', ""))
    without_tokens = [[line for line in page.splitlines() if "csrf" not in line] for page in pages]
    assert without_tokens[0] == without_tokens[1] == without_tokens[2]


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is really hashed."""

    algorithm = "counting"
    count = 0

    def encode(self, password, salt):
        type(self).count += 1
        return super().encode(password, salt)


def test_unknown_names_cost_as_much_hashing_as_known_ones(settings, db, try_sign_in):
    settings.PASSWORD_HASHERS = ["tests.accounts.test_sign_in.CountingHasher"]
    UserFactory(username="known", password=PASSWORD)
    costs = []
    for name in ("known", "unknown"):
        CountingHasher.count = 0
        try_sign_in(name, WRONG)
        costs.append(CountingHasher.count)
    assert costs[0] == costs[1] == 1


def fail(try_sign_in, name, times, address="10.0.0.1"):
    return [try_sign_in(name, WRONG, address) for _ in range(times)][-1]


def test_five_failures_lock_the_account_for_that_address_only(client, member, try_sign_in):
    response = fail(try_sign_in, member.username, 5)
    assert response.status_code == 429
    assert "登录已锁定" in response.content.decode()
    assert try_sign_in(member.username, PASSWORD).status_code == 429
    assert not is_signed_in(client)
    assert try_sign_in(member.username, PASSWORD, address="10.0.0.2").status_code == 302
    assert events("auth.locked").exists()


def test_unknown_names_are_locked_alike(db, try_sign_in):
    assert fail(try_sign_in, "nobody-at-all", 5).status_code == 429


def test_lock_ends_by_itself_and_is_not_prolonged_by_trying(member, try_sign_in):
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        fail(try_sign_in, member.username, 5)
    with time_machine.travel(start + timedelta(minutes=14), tick=False):
        assert try_sign_in(member.username, PASSWORD).status_code == 429
    with time_machine.travel(start + timedelta(minutes=15, seconds=1), tick=False):
        assert try_sign_in(member.username, PASSWORD).status_code == 302


def test_one_address_cannot_try_many_accounts(monkeypatch, member, try_sign_in):
    monkeypatch.setattr(lockout, "ADDRESS_LIMIT", 8)
    for number in range(8):
        try_sign_in(f"guess{number}", WRONG)
    assert try_sign_in(member.username, PASSWORD).status_code == 429
    assert try_sign_in(member.username, PASSWORD, address="10.0.0.2").status_code == 302


def test_many_addresses_cannot_try_one_account_nor_lock_its_owner_out(monkeypatch, member, try_sign_in):
    monkeypatch.setattr(lockout, "ACCOUNT_LIMIT", 6)
    assert try_sign_in(member.username, PASSWORD, address="10.0.0.9").status_code == 302
    for number in range(6):
        Client().post(LOGIN, {"username": member.username, "password": WRONG}, REMOTE_ADDR=f"10.1.0.{number}")
    stranger, owner = Client(), Client()
    data = {"username": member.username, "password": PASSWORD}
    assert stranger.post(LOGIN, data, REMOTE_ADDR="10.2.0.1").status_code == 429
    assert owner.post(LOGIN, data, REMOTE_ADDR="10.0.0.9").status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "6.6.6.6", "127.0.0.1"),
        (1, "6.6.6.6, 10.1.2.3", "10.1.2.3"),
        (1, "10.1.2.3", "10.1.2.3"),
        (2, "6.6.6.6, 10.1.2.3, 10.9.9.9", "10.1.2.3"),
        (1, "", "127.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "nonsense", None),
    ],
)
def test_the_address_behind_proxies_cannot_be_forged(rf, settings, proxies, forwarded, expected):
    settings.PROXY_COUNT = proxies
    request = rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert lockout.client_address(request) == expected


def test_what_was_typed_is_kept_nowhere(member, try_sign_in):
    secret = "My-Real-Password-1"
    try_sign_in(secret, WRONG)
    try_sign_in(member.username, secret)
    kept = [str(row) for model in (Event, AccessAttempt) for row in model.objects.values()]
    assert kept
    assert not any(secret in row or WRONG in row for row in kept)
    assert events("auth.refused").filter(object_id=str(member.pk)).exists()


def test_session_id_changes_at_sign_in(client, member, try_sign_in):
    client.get(LOGIN)
    session = client.session
    session["before"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    try_sign_in(member.username, PASSWORD)
    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_sign_in_and_sign_out_need_the_csrf_token(member):
    strict = Client(enforce_csrf_checks=True)
    data = {"username": member.username, "password": PASSWORD}
    assert strict.post(LOGIN, data).status_code == 403
    strict.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post(reverse("accounts:logout")).status_code == 403
    assert "_auth_user_id" in strict.session


def test_sign_out_is_post_only_and_ends_the_session(as_user, member):
    client = as_user(member)
    assert client.get(reverse("accounts:logout")).status_code == 405
    assert is_signed_in(client)
    response = client.post(reverse("accounts:logout"), follow=True)
    assert "您已安全退出" in response.content.decode()
    assert not is_signed_in(client)
    assert events("auth.sign_out").get().actor == member


def test_data_maintenance_uses_the_same_door(client, as_user, member, cast):
    response = client.get("/admin/login/", {"next": "/admin/"})
    assert response.url == f"{LOGIN}?next=/admin/"
    assert as_user(member).get("/admin/").status_code == 302
    assert as_user(member).get("/admin/login/").status_code == 403
    assert as_user(cast.administrator).get("/admin/").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example"])
def test_strange_host_headers_are_refused(client, db, host):
    assert client.get(LOGIN, HTTP_HOST=host).status_code == 400


@pytest.mark.parametrize("name", ["x" * 151, "a\0b", "１２３", "𠮷" * 150, "\u202eabc", "%00", "' OR 1=1 --"])
def test_hostile_names_are_answered_calmly(db, try_sign_in, name):
    assert try_sign_in(name, WRONG).status_code == 422
    assert try_sign_in("a", "x" * 10_000).status_code == 422
