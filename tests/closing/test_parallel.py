"""Many people at once, on PostgreSQL with real locks: a year is closed once, and who was writing is either before it or told."""

from collections.abc import Callable
from datetime import date

import pytest

from accounts.models import Event
from tests import cast as parts
from tests.steps import approve, fill_and_submit
from tests.test_concurrency import at_once
from workplan import clock
from workplan.enums import PlanStatus, ReportStatus
from workplan.errors import Refused
from workplan.models import Plan, ProgressReport, RollupReport
from workplan.services import closing, rollover

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
AFTER = date(2025, 1, 20)


@pytest.fixture
def world():
    district = parts.build_district("P1")
    return district, parts.build_cast(district, parts.build_district("P2"))


def afterwards(act: Callable) -> Callable:
    """Let the act happen when the year is over."""

    def run():
        with clock.pinned(AFTER):
            return act()

    return run


def closers(district, cast, number: int) -> list[Callable]:
    def act():
        return closing.close_plan(plan=district.plan, actor=cast.administrator, confirmed=True)

    return [afterwards(act)] * number


def test_a_year_closed_by_many_at_once_is_closed_once(world):
    district, cast = world
    results = at_once(closers(district, cast, 5))
    assert {result.status for result in results} == {PlanStatus.CLOSED}
    assert RollupReport.objects.count() == Event.objects.filter(action="plan.close").count() == 1


def test_a_review_at_the_same_time_is_before_the_close_or_stops_it(world):
    district, cast = world
    with clock.pinned(date(2024, 12, 20)):
        waiting = fill_and_submit(district, cast, month=12, homes=70, rate=(9, 10))
    results = at_once([afterwards(lambda: approve(waiting, cast)), *closers(district, cast, 3)])
    assert ProgressReport.objects.get(pk=waiting.pk).status == ReportStatus.APPROVED
    stopped = [result for result in results[1:] if isinstance(result, Refused)]
    assert {result.code for result in stopped} <= {"open"}
    closed = Plan.objects.get(pk=district.plan.pk).status == PlanStatus.CLOSED
    assert closed == (len(stopped) < 3)


def test_a_next_year_begun_by_many_at_once_is_one(world):
    district, cast = world
    results = at_once([lambda: rollover.start_next_year(plan=district.plan, actor=cast.administrator)] * 5)
    assert sum(isinstance(result, Plan) for result in results) == 1
    assert {result.code for result in results if isinstance(result, Refused)} == {"exists"}
    assert Plan.objects.filter(bureau=district.bureau).count() == 2
