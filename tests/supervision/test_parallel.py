"""Many people at once, on PostgreSQL with real locks: numbers without gaps, one act of two."""

import pytest

from tests import cast as parts
from tests.test_concurrency import at_once
from workplan.enums import OrderAction, OrderState
from workplan.errors import Refused
from workplan.models import SupervisionOrder
from workplan.services import supervision as service

from . import steps
from .steps import brought_to, draft, fresh

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
MANY = 20


@pytest.fixture
def world():
    district = parts.build_district("P1")
    return district, parts.build_cast(district, parts.build_district("P2"))


def test_orders_issued_at_once_are_numbered_without_gap_or_repeat(world):
    district, cast = world
    drafts = [draft(district, cast) for _ in range(MANY)]
    at_once([lambda one=one: steps.issue(fresh(one), cast) for one in drafts])
    numbers = SupervisionOrder.objects.filter(pk__in=[one.pk for one in drafts]).values_list("sequence", flat=True)
    assert sorted(numbers) == list(range(1, MANY + 1))


def test_without_the_lock_numbers_clash(world, monkeypatch):
    """The control: the test above sees what the lock prevents."""
    district, cast = world
    monkeypatch.setattr(service, "exclusive", lambda name: None)
    drafts = [draft(district, cast) for _ in range(MANY)]
    results = at_once([lambda one=one: steps.issue(fresh(one), cast) for one in drafts])
    assert any(isinstance(result, Exception) for result in results)


def test_of_many_who_sign_one_does(world):
    district, cast = world
    order = brought_to(OrderState.ISSUED, district, cast)
    results = at_once([lambda: steps.sign(fresh_at(order, 2), cast) for _ in range(10)])
    assert sum(isinstance(result, Refused) for result in results) == 9
    assert order.acts.filter(action=OrderAction.SIGN).count() == 1


def fresh_at(order, version):
    row = fresh(order)
    row.version = version
    return row


def test_the_same_form_sent_many_times_at_once_makes_one_draft(world):
    district, cast = world
    service.steps_of(district.plan)
    results = at_once([lambda: draft(district, cast, key="form:1:x") for _ in range(10)])
    assert len({result.pk for result in results}) == 1 and SupervisionOrder.objects.count() == 1


def test_the_same_proposal_at_once_is_written_once(world):
    district, _ = world
    service.steps_of(district.plan)
    what = {
        "plan": district.plan,
        "app": "eldercare",
        "org_unit": district.township,
        "title": "逾期未报",
        "requirement": "请补报。",
        "due": None,
        "task": district.task,
    }
    results = at_once([lambda: service.propose_order(key="report:1", **what) for _ in range(10)])
    assert sum(result is not None for result in results) == 1 and SupervisionOrder.objects.count() == 1
