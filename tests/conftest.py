"""Fixtures that every test may use: the business date, the districts and the cast."""

from functools import partial

import pytest

from workplan import clock

from . import cast as parts
from .kept import put_back


@pytest.fixture(autouse=True)
def business_date():
    """Hold the business date still, so that no test depends on the day it runs."""
    with clock.pinned(parts.TODAY):
        yield parts.TODAY


@pytest.fixture
def district(db) -> parts.District:
    return put_back("D1", partial(parts.build_district, "D1"))


@pytest.fixture
def neighbour(db) -> parts.District:
    return put_back("D2", partial(parts.build_district, "D2"))


@pytest.fixture
def cast(district, neighbour) -> parts.Cast:
    return put_back("cast", partial(parts.build_cast, district, neighbour))


@pytest.fixture
def as_user(client):
    """Sign the test client in as somebody, without the password form."""

    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
