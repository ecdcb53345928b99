"""How long a session lives, and what a start password or an old one opens."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.services.users import close_account, sign_out_everywhere
from tests.factories import PASSWORD

NEW = "Fresh-Acorn-88"
ACCOUNT = "/account/"


@pytest.fixture
def moments():
    """Return a function that goes to a number of seconds after the start of the test."""
    start = timezone.now()
    return lambda seconds: time_machine.travel(start + timedelta(seconds=seconds), tick=False)


def sign_in(moments, as_user, user):
    with moments(0):
        return as_user(user)


def test_idle_session_ends_and_leads_back_to_the_page(moments, as_user, member, settings):
    client = sign_in(moments, as_user, member)
    with moments(settings.SESSION_IDLE_SECONDS + 1):
        response = client.get(ACCOUNT, {"a": "1"})
        assert response.status_code == 302
        assert response.url == "/sign-in/?next=%2Faccount%2F%3Fa%3D1"
        assert "登录已超时，请重新登录" in client.get(response.url).content.decode()
        assert client.get(ACCOUNT).status_code == 302


def test_a_form_sent_too_late_leads_home_after_signing_in_again(moments, as_user, member, settings):
    client = sign_in(moments, as_user, member)
    with moments(settings.SESSION_IDLE_SECONDS + 1):
        assert client.post(reverse("accounts:token_issue")).url == "/sign-in/?next=%2F"


def test_busy_session_lives_on_but_not_for_ever(moments, as_user, member, settings):
    client = sign_in(moments, as_user, member)
    step, end = settings.SESSION_IDLE_SECONDS - 60, settings.SESSION_ABSOLUTE_SECONDS
    for seconds in range(step, end, step):
        with moments(seconds):
            assert client.get(ACCOUNT).status_code == 200
    with moments(end + 1):
        assert client.get(ACCOUNT).status_code == 302


def test_expired_fragment_request_moves_the_whole_page(moments, as_user, member, settings):
    client = sign_in(moments, as_user, member)
    with moments(settings.SESSION_IDLE_SECONDS + 1):
        headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/reports/?page=2"}
        response = client.get("/reports/", {"sort": "task"}, headers=headers)
    assert response["HX-Redirect"] == "/sign-in/?next=%2Freports%2F%3Fpage%3D2"
    assert not response.content


def test_expired_session_is_a_problem_object_for_the_api(moments, as_user, member, settings):
    client = sign_in(moments, as_user, member)
    with moments(settings.SESSION_IDLE_SECONDS + 1):
        response = client.get("/api/v1/me/")
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == "登录已超时，请重新登录。"


def test_session_without_its_start_is_over(as_user, member):
    client = as_user(member)
    session = client.session
    del session["session_started"]
    session.save()
    assert client.get(ACCOUNT).status_code == 302


def test_closed_account_and_sign_out_everywhere_end_sessions_at_once(as_user, client, member, cast):
    assert as_user(member).get(ACCOUNT).status_code == 200
    sign_out_everywhere(user=member, actor=cast.administrator)
    assert client.get(ACCOUNT).status_code == 302
    member.refresh_from_db()
    assert as_user(member).get(ACCOUNT).status_code == 200
    close_account(user=member, actor=cast.administrator)
    assert client.get(ACCOUNT).status_code == 302


def test_user_signs_himself_out_on_all_devices(client, as_user, member, django_user_model):
    from django.test import Client

    other = Client()
    other.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    response = as_user(member).post(reverse("accounts:sign_out_everywhere"), follow=True)
    assert "所有设备上的登录均已退出" in response.content.decode()
    assert other.get(ACCOUNT).status_code == client.get(ACCOUNT).status_code == 302


def test_start_password_opens_nothing_but_its_change(as_user, member):
    member.must_change_password = True
    member.save()
    client = as_user(member)
    for address in ("/", ACCOUNT, "/reports/", "/admin/"):
        assert client.get(address).url == reverse("accounts:password")
    assert client.get("/reports/", headers={"HX-Request": "true"})["HX-Redirect"] == reverse("accounts:password")
    problem = client.get("/api/v1/me/")
    assert (problem.status_code, problem.json()["code"]) == (403, "password_change_required")
    assert "管理员发放的初始密码" in client.get(reverse("accounts:password")).content.decode()
    assert client.post(reverse("accounts:logout")).url == reverse("accounts:login")


def change(client, old=PASSWORD, new=NEW, again=None):
    data = {"old": old, "new": new, "again": again or new}
    return client.post(reverse("accounts:password"), data)


def test_changing_the_password_keeps_this_session_and_ends_the_others(as_user, member):
    from django.test import Client

    member.must_change_password = True
    member.save()
    other = Client()
    other.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    client = as_user(member)
    assert change(client).url == reverse("workplan:home")
    member.refresh_from_db()
    assert member.check_password(NEW)
    assert client.get(ACCOUNT).status_code == 200
    assert other.get(ACCOUNT).status_code == 302


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"old": "Not-It-77"}, "当前密码不正确"),
        ({"again": "Fresh-Acorn-89"}, "两次输入的新密码不一致"),
        ({"new": PASSWORD}, "新密码不能与当前密码相同"),
        ({"new": "Short-1a"}, "密码太短，至少需要 10 个字符"),
        ({"new": "only small letters"}, "至少三类"),
        ({"new": "Woaini-5201314"}, "密码过于常见"),
    ],
)
def test_unfit_passwords_are_refused_with_the_reason(as_user, member, typed, words):
    response = change(as_user(member), **typed)
    assert response.status_code == 422
    assert words in response.content.decode()
    member.refresh_from_db()
    assert member.check_password(PASSWORD)


def test_old_passwords_have_to_be_changed_under_dengbao_only(as_user, member, settings):
    member.password_changed_at = timezone.now() - timedelta(days=settings.PASSWORD_MAX_AGE_DAYS + 1)
    member.save()
    assert as_user(member).get(ACCOUNT).url == reverse("accounts:password")
    settings.PASSWORD_POLICY = "asvs"
    assert as_user(member).get(ACCOUNT).status_code == 200


@pytest.mark.parametrize("name", ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"])
def test_cookies_are_closed_to_scripts_and_strange_sites(client, member, settings, try_sign_in, name):
    setattr(settings, name, True)
    try_sign_in(member.username, PASSWORD)
    client.get(ACCOUNT)
    cookie = client.cookies["sessionid" if name.startswith("SESSION") else "csrftoken"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["secure"]
