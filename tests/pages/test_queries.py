"""The number of statements of a page does not depend on the number of rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from .conftest import grow

PAGES = [
    "home",
    "plan",
    "section",
    "task",
    "targets",
    "target",
    "units",
    "unit",
    "leader",
    "duties",
    "burden",
    "year",
    "year_duties",
    "orders",
    "remarks",
    "adhoc",
]
ROLES = dict.fromkeys(PAGES, ("leader", "head", "liaison")) | {"leader": ("leader",), "burden": ("leader", "head")}
LIMIT = 45


def count(client, address) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(("where", "role"), [(where, role) for where in PAGES for role in ROLES[where]])
def test_statements_stay_the_same_when_the_district_grows(where, role, district, cast, approved, addresses, as_user):
    client = as_user(getattr(cast, role))
    grow(district, townships=1, targets=1)  # an empty list asks for less
    client.get(addresses[where])
    before = count(client, addresses[where])
    grow(district, townships=4, targets=5)
    after = count(client, addresses[where])
    assert after == before
    assert after <= LIMIT
