"""What the tests of people and units share."""

import pytest
from django.urls import reverse

from tests.factories import PASSWORD, MembershipFactory, UserFactory


@pytest.fixture(autouse=True)
def quick_hasher(settings):
    """Hash cheaply: these tests sign in through the form many times."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def member(district):
    """A liaison with a password that follows the rules."""
    user = UserFactory(username="li.member", name="演员·成员", password=PASSWORD)
    MembershipFactory(user=user, org_unit=district.township)
    return user


@pytest.fixture
def try_sign_in(client):
    """Send the sign-in form, from any address."""

    def send(username, password, address="10.0.0.1", **more):
        data = {"username": username, "password": password, **more}
        return client.post(reverse("accounts:login"), data, REMOTE_ADDR=address)

    return send
