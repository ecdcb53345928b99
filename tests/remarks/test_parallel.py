"""Many people at once, on PostgreSQL with real locks: one remark of a form, one answer, one order."""

import pytest

from tests import cast as parts
from tests.test_concurrency import at_once
from workplan.errors import Refused
from workplan.models import Message, Remark, SupervisionOrder
from workplan.services import remarks as service
from workplan.services import supervision

from .steps import answer, convert, fresh, write

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world():
    district = parts.build_district("P1")
    supervision.steps_of(district.plan)
    return district, parts.build_cast(district, parts.build_district("P2"))


def test_a_form_sent_many_times_at_once_is_one_remark_and_one_message(world):
    district, cast = world
    results = at_once([lambda: write(district, cast, key="form:1:x") for _ in range(10)])
    assert len({row.pk for row in results}) == 1 and Remark.objects.count() == 1
    assert Message.objects.count() == 1


def test_of_many_answers_one_stands_and_the_others_are_told(world):
    district, cast = world
    row = write(district, cast)
    results = at_once([lambda n=n: answer(fresh(row), cast, text=f"第{n}种说法", version=1) for n in range(10)])
    told = [result.message for result in results if isinstance(result, Refused)]
    assert len(told) == 9 and all(message.startswith("演员·head 已于") for message in told)
    assert fresh(row).version == 2
    assert Message.objects.filter(user=cast.leader).count() == 1


def test_without_the_lock_answers_overwrite_each_other(world, monkeypatch):
    """The control: the test above sees what the lock prevents."""
    district, cast = world
    row = write(district, cast)
    monkeypatch.setattr(service, "_locked", fresh)
    results = at_once([lambda n=n: answer(fresh(row), cast, text=f"第{n}种说法", version=1) for n in range(10)])
    assert sum(isinstance(result, Remark) for result in results) > 1


def test_of_many_conversions_one_order_comes(world):
    district, cast = world
    row = write(district, cast)
    results = at_once([lambda n=n: convert(fresh(row), district, cast, key=f"form:{n}") for n in range(10)])
    assert sum(isinstance(result, Refused) for result in results) == 9
    assert SupervisionOrder.objects.count() == 1 and fresh(row).order == SupervisionOrder.objects.get()
