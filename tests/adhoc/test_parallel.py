"""Many people at once, on PostgreSQL with real locks: one draft of a form, one approval, one answer; nothing after a withdrawal."""

import pytest

from tests import cast as parts
from tests.test_concurrency import at_once
from workplan.errors import Refused
from workplan.models import AdHocAnswer, AdHocRequest, AdHocValue, Message
from workplan.services import adhoc_answers

from .steps import answer, approve, approved, asked, draft, fresh, part, withdraw

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world():
    district = parts.build_district("P1")
    return district, parts.build_cast(district, parts.build_district("P2"))


def test_a_form_sent_many_times_at_once_is_one_draft(world):
    district, cast = world
    results = at_once([lambda: draft(district, cast, key="form:1") for _ in range(8)])
    assert len({row.pk for row in results}) == 1 and AdHocRequest.objects.get().answers.count() == 2


def test_of_many_approvals_one_counts_and_units_are_told_once(world):
    district, cast = world
    row = asked(district, cast)
    actors = [cast.head, cast.leader] * 4
    at_once([lambda who=who: approve(fresh(row), cast, actor=who, version=2) for who in actors])
    assert fresh(row).version == 3
    assert Message.objects.filter(user=cast.liaison).count() == 1


def test_of_many_answers_one_stands_and_the_others_are_told(world):
    district, cast = world
    row = approved(district, cast)
    acts = [lambda n=n: answer(row, district.township, cast.liaison, beds=n, version=1) for n in range(8)]
    results = at_once(acts)
    assert sum(isinstance(result, Refused) for result in results) == 7
    assert AdHocValue.objects.count() == 1 and part(row, district.township).version == 2


def test_without_the_lock_answers_overwrite_each_other(world, monkeypatch):
    """The control: the test above sees what the lock prevents."""
    district, cast = world
    row = approved(district, cast)
    monkeypatch.setattr(adhoc_answers, "locked", lambda pk: AdHocRequest.objects.with_context().get(pk=pk))
    monkeypatch.setattr(adhoc_answers, "read_locked", lambda rows, pk: rows.filter(pk=pk))
    acts = [lambda n=n: answer(row, district.township, cast.liaison, beds=n, note="x" * n, version=1) for n in range(8)]
    results = at_once(acts)
    assert sum(not isinstance(result, Refused) for result in results) > 1


def test_an_answer_comes_before_a_withdrawal_or_not_at_all(world):
    district, cast = world
    row = approved(district, cast)
    acts = [lambda: answer(row, district.township, cast.liaison, beds=1), lambda: withdraw(fresh(row), cast, version=3)]
    results = at_once(acts)
    assert not isinstance(results[1], Refused)
    stored = AdHocAnswer.objects.get(request=row, org_unit=district.township)
    assert (stored.answered_on is None) == isinstance(results[0], Refused)
