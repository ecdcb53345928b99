"""What each member of the cast may do to a report in each of its states: the one list behind buttons and API."""

from datetime import date

import pytest

from tests.steps import approve, correct, fill_and_submit, send_back
from workplan import clock
from workplan.enums import ReportAction
from workplan.services import periods, reports
from workplan.workflow import available_actions

WRITE = [ReportAction.SAVE, ReportAction.SUBMIT]
DRAFTING = [*WRITE, ReportAction.DISCARD]
REVIEW = [ReportAction.APPROVE, ReportAction.RETURN]

# state → who may do what; everybody who is not named may do nothing.
ALLOWED = {
    "draft": {"liaison": DRAFTING},
    "submitted": {"head": REVIEW},
    "returned": {"liaison": WRITE},
    "approved": {"liaison": [ReportAction.CORRECT]},
    "superseded": {},
    "correction": {"liaison": DRAFTING},
}


@pytest.fixture
def in_state(district, cast):
    def make(state):
        if state == "draft":
            return reports.start_report(
                task=district.task, org_unit=district.township, period=district.period(10), actor=cast.liaison
            )
        submitted = fill_and_submit(district, cast, month=10, homes=3)
        if state == "submitted":
            return submitted
        if state == "returned":
            return send_back(submitted, cast)
        approved = approve(submitted, cast)
        if state == "approved":
            return approved
        draft = reports.correct_report(report=approved, actor=cast.liaison, reason="多报。")
        return draft if state == "correction" else approved

    return make


@pytest.mark.parametrize("state", ALLOWED)
def test_every_member_of_the_cast_has_exactly_the_actions_of_the_table(in_state, cast, state):
    report = in_state(state)
    found = {name: available_actions(report, user) for name, user in cast.everybody().items()}
    assert {name: actions for name, actions in found.items() if actions} == ALLOWED[state]


def test_office_writes_its_own_report_and_its_head_reviews_it(district, cast):
    draft = reports.start_report(
        task=district.task, org_unit=district.office, period=district.period(10), actor=cast.staff
    )
    assert available_actions(draft, cast.staff) == DRAFTING
    assert available_actions(draft, cast.head) == []


@pytest.mark.parametrize(
    ("state", "left"), [("draft", [ReportAction.DISCARD]), ("submitted", []), ("returned", WRITE), ("approved", [])]
)
def test_closed_period_leaves_only_mending_and_discarding_to_the_writer(in_state, cast, state, left):
    report = in_state(state)
    with clock.pinned(date(2024, 11, 13)):
        assert available_actions(report, cast.liaison) == left


def test_review_goes_on_after_the_close(in_state, cast):
    report = in_state("submitted")
    with clock.pinned(date(2024, 12, 1)):
        assert available_actions(report, cast.head) == REVIEW


def test_unlock_opens_a_closed_period_until_its_last_day(in_state, district, cast):
    report = in_state("approved")
    with clock.pinned(date(2024, 11, 20)):
        periods.unlock_period(
            org_unit=district.township,
            period=report.period,
            app="eldercare",
            actor=cast.head,
            reason="系统故障补报。",
            expires_on=date(2024, 11, 22),
        )
        assert available_actions(report, cast.liaison) == [ReportAction.CORRECT]
    with clock.pinned(date(2024, 11, 22)):
        assert available_actions(report, cast.liaison) == [ReportAction.CORRECT]
    with clock.pinned(date(2024, 11, 23)):
        assert available_actions(report, cast.liaison) == []


def test_unlock_of_one_section_does_not_open_another(district, cast):
    with clock.pinned(date(2024, 9, 20)):
        report = approve(fill_and_submit(district, cast, month=9, tombs=0), cast)
    periods.unlock_period(
        org_unit=district.township,
        period=report.period,
        app="eldercare",
        actor=cast.head,
        reason="补报。",
        expires_on=date(2024, 10, 20),
    )
    assert available_actions(report, cast.liaison) == []


def test_actions_of_a_correction_that_was_handed_in_are_the_reviewers(district, cast, approved):
    second = correct(approved, cast, homes=4)
    assert available_actions(second, cast.head) == REVIEW
    assert available_actions(second, cast.liaison) == []
