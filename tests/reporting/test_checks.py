"""Checks of entries against their history: which earlier figure counts, and what a draft is told."""

from datetime import date

import pytest

from tests.reporting import files
from tests.steps import approve, correct, entry, fill_and_submit
from workplan import clock
from workplan.models import Plan, Target
from workplan.rules.kinds import Strength, TargetKind
from workplan.services import reports
from workplan.services.checks import entries_with_previous, problems_of
from workplan.services.evidence import add_evidence, remove_evidence


def codes(report, *, submitting=False) -> dict[int, list[tuple]]:
    found = problems_of(report, submitting=submitting)
    return {pk: [(p.field, p.code) for p in problems] for pk, problems in found.items()}


@pytest.fixture
def homes(district):
    return district.targets["49.3"]


def report_month(district, cast, month, homes):
    with clock.pinned(date(2024, month, 20)):
        return approve(fill_and_submit(district, cast, month=month, homes=homes), cast)


def test_total_below_the_last_accepted_one_is_an_error(district, cast, draft, save, homes):
    report_month(district, cast, 8, 20)
    save(draft, t49_3=entry(value=19), t22_4=entry(numerator=9, denominator=10))
    assert codes(draft, submitting=True) == {homes.pk: [("value", "shrank")]}


def test_total_equal_to_the_last_accepted_one_is_fine(district, cast, draft, save):
    report_month(district, cast, 8, 20)
    save(draft, t49_3=entry(value=20), t22_4=entry(numerator=9, denominator=10))
    assert codes(draft, submitting=True) == {}


def test_latest_period_before_counts_not_the_latest_approval(district, cast, draft, homes):
    report_month(district, cast, 7, 11)
    report_month(district, cast, 8, 20)
    (found,) = [e for e in entries_with_previous([draft]) if e.target_id == homes.pk]
    assert (found.previous.value, found.previous.period.number) == (20, 8)


def test_later_period_approved_first_does_not_count(district, cast, homes):
    with clock.pinned(date(2024, 8, 20)):
        august = reports.start_report(
            task=district.task, org_unit=district.township, period=district.period(8), actor=cast.liaison
        )
    report_month(district, cast, 9, 30)
    (found,) = [e for e in entries_with_previous([august]) if e.target_id == homes.pk]
    assert found.previous is None


def test_corrected_value_counts_instead_of_the_first(district, cast, draft, homes):
    with clock.pinned(date(2024, 9, 20)):
        first = approve(fill_and_submit(district, cast, month=9, homes=30), cast)
        approve(correct(first, cast, homes=25), cast)
    (found,) = [e for e in entries_with_previous([draft]) if e.target_id == homes.pk]
    assert found.previous.value == 25


def test_neighbouring_township_is_not_taken_for_the_own_past(district, cast, draft):
    with clock.pinned(date(2024, 9, 20)):
        approve(fill_and_submit(district, cast, month=9, homes=30, unit=district.other_township), cast)
    assert {found.previous for found in entries_with_previous([draft])} == {None}


def test_doubtful_jump_is_a_warning_and_does_not_stop(district, cast, draft, save, homes):
    report_month(district, cast, 9, 2)
    saved = save(draft, t49_3=entry(value=40), t22_4=entry(numerator=9, denominator=10))
    assert codes(draft) == {homes.pk: [("value", "jump")]}
    reports.submit_report(report=saved, actor=cast.liaison, version=saved.version)


def test_how_large_a_jump_asks_for_a_reason_is_said_by_the_plan(district, cast, draft, save, homes):
    report_month(district, cast, 9, 2)
    save(draft, t49_3=entry(value=9), t22_4=entry(numerator=9, denominator=10))
    assert codes(draft) == {}
    Plan.objects.update(jump_factor="1.5")
    assert codes(draft) == {homes.pk: [("value", "jump")]}


def test_progress_needs_a_file_where_the_target_says_so(district, cast, draft, save, homes):
    report_month(district, cast, 9, 10)
    Target.objects.filter(pk=homes.pk).update(needs_evidence=True)
    lacking = {homes.pk: [("value", "evidence_missing")]}
    saved = save(draft, t49_3=entry(value=12), t22_4=entry(numerator=9, denominator=10))
    assert codes(draft, submitting=True) == lacking

    def add(target):
        photo = files.upload("现场.png", files.PNG)
        return add_evidence(report=saved, upload=photo, actor=cast.liaison, target=target)

    other = add(district.targets["22.4"])
    assert codes(draft, submitting=True) == lacking
    remove_evidence(evidence=other, actor=cast.liaison)
    own = add(homes)
    assert codes(draft, submitting=True) == {}
    remove_evidence(evidence=own, actor=cast.liaison)
    assert codes(draft, submitting=True) == lacking
    add(None)  # for the report as a whole
    assert codes(draft, submitting=True) == {}


def test_what_was_stated_before_needs_no_file(district, cast, draft, save, homes):
    report_month(district, cast, 9, 10)
    Target.objects.filter(pk=homes.pk).update(needs_evidence=True)
    save(draft, t49_3=entry(value=10), t22_4=entry(numerator=9, denominator=10))
    assert codes(draft, submitting=True) == {}


def test_empty_inputs_of_a_draft_are_not_complained_about(draft):
    assert codes(draft) == {}


def test_tracked_target_may_stay_empty(draft, save, homes):
    Target.objects.filter(pk=homes.pk).update(strength=Strength.TRACKED.value)
    save(draft, t22_4=entry(numerator=9, denominator=10))
    assert codes(draft, submitting=True) == {}


def test_target_that_starts_after_the_period_may_stay_empty(draft, save, homes):
    Target.objects.filter(pk=homes.pk).update(start=date(2024, 11, 1))
    save(draft, t22_4=entry(numerator=9, denominator=10))
    assert codes(draft, submitting=True) == {}


def test_ceiling_zero_needs_its_tick_and_an_incident_its_name(tombs_draft, save, district):
    tombs = district.targets["46.3"].pk
    save(tombs_draft, t46_3=entry(value=0))
    assert codes(tombs_draft, submitting=True) == {tombs: [("zero_report", "zero_report_missing")]}
    tombs_draft.refresh_from_db()
    save(tombs_draft, t46_3=entry(value=1))
    assert codes(tombs_draft, submitting=True) == {tombs: [("remark", "incident_unnamed")]}


def test_finished_milestone_needs_its_day(draft, save, homes):
    Target.objects.filter(pk=homes.pk).update(kind=TargetKind.MILESTONE.value, goal=1)
    saved = save(draft, t49_3=entry(value=1), t22_4=entry(numerator=9, denominator=10))
    assert codes(draft, submitting=True) == {homes.pk: [("done_on", "done_on_missing")]}
    save(saved, t49_3=entry(value=1, done_on=date(2024, 10, 16)))
    assert codes(draft, submitting=True) == {homes.pk: [("done_on", "in_future")]}


def test_checks_of_many_reports_take_as_many_statements_as_of_one(
    district, cast, draft, tombs_draft, django_assert_num_queries
):
    report_month(district, cast, 8, 20)
    with django_assert_num_queries(2):
        entries_with_previous([draft])
    with django_assert_num_queries(2):
        entries_with_previous([draft, tombs_draft])
