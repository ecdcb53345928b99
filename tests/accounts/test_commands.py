"""The first administrator of an installation."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import Role
from accounts.models import Event, User
from tests.factories import PASSWORD


def create(username="boss", unit="D1", **more):
    call_command("create_administrator", username, name="管理员", unit=unit, stdout=StringIO(), **more)


def test_first_administrator_signs_in_with_the_password_from_the_environment(district, client, monkeypatch):
    monkeypatch.setenv("ADMINISTRATOR_PASSWORD", PASSWORD)
    create()
    user = User.objects.get(username="boss")
    assert user.check_password(PASSWORD)
    assert not user.must_change_password
    assert user.is_staff
    assert not user.is_superuser
    assert user.memberships.get().role == Role.ADMINISTRATOR
    assert Event.objects.get(action="user.create").actor is None
    client.post("/sign-in/", {"username": "boss", "password": PASSWORD})
    assert client.get("/users/").status_code == 200


@pytest.mark.parametrize(
    ("password", "more", "words"),
    [
        (PASSWORD, {"unit": "nowhere"}, "没有代码为 nowhere 的单位"),
        ("short", {}, "密码太短"),
        (PASSWORD, {"unit": "D1001"}, "不能设在街道一级"),
        (PASSWORD, {"username": "taken"}, "已存在"),
    ],
)
def test_what_will_not_do_ends_in_one_line(district, monkeypatch, password, more, words):
    User.objects.create(username="taken")
    monkeypatch.setenv("ADMINISTRATOR_PASSWORD", password)
    with pytest.raises(CommandError, match=words):
        create(**more)
    assert not User.objects.filter(username="boss").exists()
