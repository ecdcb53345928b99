"""Many people at once, on PostgreSQL with real row locks. SQLite lets one writer in at a time, so it proves nothing here."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import IntegrityError, connection

from tests import cast as parts
from tests import factories as make
from tests.steps import approve, fill_and_submit, typed_values
from workplan import clock
from workplan.enums import ReportStatus
from workplan.errors import Refused, StaleVersion
from workplan.models import Figure, ProgressReport
from workplan.services import figures, reports, totals

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
WRITERS = 30


@pytest.fixture
def world():
    district = parts.build_district("P1")
    return district, parts.build_cast(district, parts.build_district("P2"))


def at_once(acts: list[Callable]) -> list:
    """Start all acts at one moment in threads of their own; return results, or the exceptions they raised."""
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait(timeout=30)
        try:
            with clock.pinned(parts.TODAY):
                return act()
        except (Refused, IntegrityError) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def fresh(report):
    return ProgressReport.objects.with_context().get(pk=report.pk)


def test_thirty_savers_of_one_draft_one_wins_and_the_others_are_told(world):
    """Three officers, so that who saved last changes while others wait for the lock."""
    district, cast = world
    officers = [cast.liaison, *(make.UserFactory() for _ in range(2))]
    for officer in officers[1:]:
        make.MembershipFactory(user=officer, org_unit=district.township)
    report = reports.start_report(
        task=district.task, org_unit=district.township, period=district.period(10), actor=cast.liaison
    )

    def save(number):
        typed = reports.ReportInput(texts={"narrative": f"第{number}人"})
        return reports.save_report(report=fresh(report), actor=officers[number % 3], version=1, typed=typed)

    results = at_once([lambda n=n: save(n) for n in range(WRITERS)])
    assert sum(isinstance(r, StaleVersion) for r in results) == WRITERS - 1
    winner = next(r for r in results if not isinstance(r, Exception))
    assert fresh(report).narrative == winner.narrative


def test_without_the_version_check_savers_overwrite_each_other(world, monkeypatch):
    district, cast = world
    report = reports.start_report(
        task=district.task, org_unit=district.township, period=district.period(10), actor=cast.liaison
    )
    monkeypatch.setattr(reports, "claim_version", lambda report, version, actor: None)

    def save(number):
        typed = reports.ReportInput(texts={"narrative": f"第{number}人"})
        return reports.save_report(report=fresh(report), actor=cast.liaison, version=1, typed=typed)

    results = at_once([lambda n=n: save(n) for n in range(5)])
    assert not any(isinstance(r, StaleVersion) for r in results), "all believe that they saved, four texts are gone"


def test_double_click_on_start_makes_one_report(world):
    district, cast = world

    def start():
        return reports.start_report(
            task=district.task, org_unit=district.township, period=district.period(10), actor=cast.liaison
        )

    results = at_once([start] * 10)
    assert not [r for r in results if isinstance(r, Exception)]
    assert len({report.pk for report in results}) == 1
    assert ProgressReport.objects.count() == 1


def test_double_submit_hands_in_once(world):
    district, cast = world
    report = reports.start_report(
        task=district.task, org_unit=district.township, period=district.period(10), actor=cast.liaison
    )
    typed = typed_values(district, homes=3, rate=(1, 2))
    entries = {t.pk: typed[t.code] for t in district.targets.values() if t.code in ("49.3", "22.4")}
    saved = reports.save_report(
        report=report, actor=cast.liaison, version=1, typed=reports.ReportInput(entries=entries)
    )
    results = at_once(
        [lambda: reports.submit_report(report=fresh(report), actor=cast.liaison, version=saved.version)] * 8
    )
    assert sum(isinstance(r, ProgressReport) for r in results) == 1
    assert fresh(report).status == ReportStatus.SUBMITTED


def submitted_months(district, cast, months) -> list[ProgressReport]:
    found = []
    for month in months:
        for unit in (district.township, district.other_township):
            with clock.pinned(date(2024, month, 20)):
                found.append(fill_and_submit(district, cast, month=month, homes=month, rate=(1, 2), unit=unit))
                found.append(fill_and_submit(district, cast, month=month, tombs=0, unit=unit))
    return found


def test_approvals_at_once_leave_no_drift_and_no_dead_lock(world):
    district, cast = world
    waiting = submitted_months(district, cast, range(3, 11))[:WRITERS]
    results = at_once([lambda r=r: approve(fresh(r), cast) for r in waiting])
    assert not [r for r in results if isinstance(r, Exception)]
    assert figures.drift_of(district.plan) == [] == totals.totals_drift(district.plan)
    assert Figure.objects.filter(replaced_on__isnull=True, target=district.targets["49.3"]).count() == 2


def test_without_the_lock_approvals_at_once_are_lost(world, monkeypatch):
    district, cast = world
    waiting = [r for r in submitted_months(district, cast, (3, 4)) if r.org_unit == district.township]
    waiting = [r for r in waiting if r.task == district.task]
    both_inside = threading.Barrier(2)
    monkeypatch.setattr(figures, "exclusive", lambda name: both_inside.wait(timeout=30))
    results = at_once([lambda r=r: approve(fresh(r), cast) for r in waiting])
    assert any(isinstance(r, IntegrityError) for r in results) or figures.drift_of(district.plan)


def test_approve_and_return_at_once_only_one_happens(world):
    district, cast = world
    with clock.pinned(date(2024, 10, 10)):
        report = fill_and_submit(district, cast, month=10, homes=3)
    results = at_once(
        [
            lambda: approve(fresh(report), cast),
            lambda: reports.return_report(report=fresh(report), actor=cast.head, reason="请核对。"),
        ]
    )
    assert sum(isinstance(r, ProgressReport) for r in results) == 1
    assert figures.drift_of(district.plan) == [] == totals.totals_drift(district.plan)
