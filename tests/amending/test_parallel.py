"""Many people at once, on PostgreSQL with real locks: issued once, numbered without gaps."""

from decimal import Decimal

import pytest

from tests import cast as parts
from tests.test_concurrency import at_once
from workplan.models import Amendment, Target
from workplan.services import amendment_book
from workplan.services.plan import change_goal

from .steps import change, draft, fresh, issue, stored

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world():
    district = parts.build_district("P1")
    return district, parts.build_cast(district, parts.build_district("P2"))


def drafts(district, cast, number: int) -> list[Amendment]:
    codes = ("49.3", "22.4", "23.9")
    made = [draft(district, cast, actor=cast.administrator, on=parts.TODAY) for _ in range(number)]
    for place, one in enumerate(made):
        change(one, district.targets[codes[place % 3]], cast, actor=cast.administrator, measure=f"目标之{place}")
    return made


def test_an_amendment_issued_many_times_at_once_is_issued_once(world):
    district, cast = world
    (made,) = drafts(district, cast, 1)
    version = fresh(made).version
    results = at_once([lambda: issue(made, cast, version=version) for _ in range(10)])
    assert {result.number for result in results} == {1}
    assert Amendment.objects.filter(number__isnull=False).count() == 1


def test_documents_and_direct_changes_at_once_are_numbered_without_gaps(world):
    district, cast = world
    made = drafts(district, cast, 3)
    tombs = district.targets["46.3"]
    work = [lambda one=one: issue(one, cast, actor=cast.administrator) for one in made]
    work += [
        lambda goal=goal: change_goal(
            target=Target.objects.get(pk=tombs.pk), goal=Decimal(goal), actor=cast.administrator, reason="调整"
        )
        for goal in range(1, 6)
    ]
    results = at_once(work)
    assert not [result for result in results if isinstance(result, Exception)]
    numbers = sorted(Amendment.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 9))
    lines = list(Amendment.objects.filter(direct=True).order_by("number").values_list("lines__old", "lines__new"))
    assert [old for old, _ in lines] == ["0", *(new for _, new in lines[:-1])], "each begins where the one before ended"
    assert stored(tombs).goal == Decimal(lines[-1][1])


def test_without_the_turn_numbers_collide(world, monkeypatch):
    """The control: the test above sees what waiting for one's turn prevents."""
    district, cast = world
    made = drafts(district, cast, 3)
    monkeypatch.setattr(amendment_book, "exclusive", lambda name: None)
    results = at_once([lambda one=one: issue(one, cast, actor=cast.administrator) for one in made])
    assert [result for result in results if isinstance(result, Exception)]
