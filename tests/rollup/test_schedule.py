"""The bureau's roll-ups are made of themselves on the day that the plan says, once, and made up for when a beat was missed."""

from datetime import date

import pytest

from accounts.models import Event
from tests.jobs.conftest import told as heard  # noqa: F401  (a fixture)
from workplan import clock
from workplan.enums import JobState, RollupKind
from workplan.models import Job, RollupReport
from workplan.rollup.spans import ends_in, last_due, span_in_words, start_of
from workplan.services import jobs
from workplan.services.schedule import MAKE_ROLLUP, rollups, write_due

pytestmark = pytest.mark.django_db
DUE = {
    date(2024, 2, 4): {},
    date(2024, 2, 5): {"month": "2024-01-31"},
    date(2024, 3, 31): {"month": "2024-02-29"},
    date(2024, 4, 5): {"month": "2024-03-31", "quarter": "2024-03-31"},
    date(2024, 7, 4): {"month": "2024-05-31", "quarter": "2024-03-31"},
    date(2024, 7, 5): {"month": "2024-06-30", "quarter": "2024-06-30", "half_year": "2024-06-30"},
    date(2025, 1, 5): dict.fromkeys(("month", "quarter", "half_year", "year"), "2024-12-31"),
    date(2026, 6, 1): dict.fromkeys(("month", "quarter", "half_year", "year"), "2024-12-31"),
}


@pytest.mark.parametrize("on", DUE, ids=str)
def test_what_is_due(on):
    assert {kind.value: str(end) for kind, end in last_due(2024, 5, on)} == DUE[on]


def test_spans():
    assert start_of("quarter", date(2024, 9, 30)) == date(2024, 7, 1)
    assert start_of("half_year", date(2024, 9, 30)) is None
    assert start_of("month", date(2024, 2, 28)) is None
    assert ends_in("half_year", 2024, date(2024, 10, 15)) == [date(2024, 6, 30)]
    assert span_in_words("half_year", date(2024, 7, 1), date(2024, 12, 31)) == "2024年下半年"
    assert span_in_words("on_demand", date(2024, 9, 5), date(2024, 9, 20)) == "2024年9月5日至9月20日"


@pytest.fixture
def alone(told, neighbour):
    """The plan of the first district is the only one that is open."""
    neighbour.plan.status = "closed"
    neighbour.plan.save()
    return told


def run_all() -> None:
    for pk in Job.objects.filter(kind=MAKE_ROLLUP, state=JobState.WAITING).values_list("pk", flat=True):
        jobs.run(pk)


def test_a_draft_is_made_on_the_day_and_only_once(alone, heard):  # noqa: F811
    with clock.pinned(date(2024, 10, 4)):
        write_due(rollups)
        run_all()
    assert not RollupReport.objects.filter(end=date(2024, 9, 30)).exists()
    with clock.pinned(date(2024, 10, 5)):
        assert write_due(rollups) > 0
        assert write_due(rollups) == 0, "a second scheduler finds it written"
        run_all()
    report = RollupReport.objects.get(kind=RollupKind.MONTH, end=date(2024, 9, 30), plan=alone.plan)
    assert (report.made_by, report.state) == (None, "draft")
    assert Event.objects.filter(action="rollup.make", object_id=str(report.pk)).count() == 1


def test_a_missed_day_is_made_up_for(alone, heard):  # noqa: F811
    with clock.pinned(date(2024, 11, 3)):
        write_due(rollups)
        run_all()
    ends = set(RollupReport.objects.values_list("kind", "end"))
    assert ends == {
        ("month", date(2024, 9, 30)),
        ("quarter", date(2024, 9, 30)),
        ("half_year", date(2024, 6, 30)),
    }


def test_the_day_is_the_plans(alone, heard):  # noqa: F811
    alone.plan.rollup_day = 20
    alone.plan.save()
    with clock.pinned(date(2024, 10, 19)):
        write_due(rollups)
    assert Job.objects.get(kind=MAKE_ROLLUP, key__contains=":month:").payload["end"] == "2024-08-31"


def test_one_that_is_there_is_left_alone(published, alone, heard):  # noqa: F811
    write_due(rollups)
    run_all()
    assert RollupReport.objects.filter(kind=RollupKind.MONTH).count() == 1
    assert set(Job.objects.filter(kind=MAKE_ROLLUP).values_list("state", flat=True)) == {JobState.DONE}


def test_one_that_was_thrown_away_does_not_come_back(alone, heard, cast):  # noqa: F811
    from workplan.services import rollup

    write_due(rollups)
    run_all()
    for report in RollupReport.objects.all():
        rollup.discard(report=report, actor=cast.leader)
    assert write_due(rollups) == 0


def test_drafts_and_closed_plans_are_left_alone(alone, heard):  # noqa: F811
    for status in ("draft", "closed"):
        alone.plan.status = status
        alone.plan.save()
        assert write_due(rollups) == 0


def test_a_plan_closed_meanwhile_gets_none(alone, heard):  # noqa: F811
    write_due(rollups)
    alone.plan.status = "closed"
    alone.plan.save()
    run_all()
    assert not RollupReport.objects.exists()
