"""Figures: any sequence of work leaves the kept numbers equal to a recount, on every day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests import cast as parts
from tests.recount import recount
from tests.steps import approve, correct, fill_and_submit, send_back
from workplan import clock
from workplan.assess import assess, for_assessment
from workplan.enums import ReportStatus
from workplan.models import Allocation, Figure, ProgressReport, ShareTotal, Target, TargetTotal
from workplan.services.figures import drift_of, rebuild_figures
from workplan.services.totals import shares_drift, totals_drift


def amounts(district, code, on, unit=None):
    (found,) = assess(for_assessment(Target.objects.filter(pk=district.targets[code].pk)), on=on, unit=unit)
    return found


class TestAsOf:
    def test_value_counts_from_the_day_it_is_approved(self, district, cast):
        with clock.pinned(date(2024, 3, 20)):
            report = fill_and_submit(district, cast, month=3, homes=7)
        with clock.pinned(date(2024, 3, 25)):
            approve(report, cast)
        assert amounts(district, "49.3", date(2024, 3, 24)).amount.value is None
        assert amounts(district, "49.3", date(2024, 3, 25)).amount.value == 7

    def test_later_month_replaces_a_total_and_the_past_stays_as_it_was(self, district, cast):
        for month, homes in ((3, 7), (4, 12)):
            with clock.pinned(date(2024, month, 20)):
                approve(fill_and_submit(district, cast, month=month, homes=homes), cast)
        assert amounts(district, "49.3", date(2024, 4, 30)).amount.value == 12
        assert amounts(district, "49.3", date(2024, 4, 1)).amount.value == 7

    def test_earlier_month_approved_afterwards_does_not_win(self, district, cast):
        with clock.pinned(date(2024, 3, 20)):
            march = fill_and_submit(district, cast, month=3, homes=7)
        with clock.pinned(date(2024, 4, 20)):
            approve(fill_and_submit(district, cast, month=4, homes=12), cast)
            approve(march, cast)
        assert amounts(district, "49.3", date(2024, 4, 20)).amount.value == 12

    def test_rates_roll_up_numerators_and_denominators(self, district, cast):
        with clock.pinned(date(2024, 3, 20)):
            approve(fill_and_submit(district, cast, month=3, rate=(9, 10)), cast)
            approve(fill_and_submit(district, cast, month=3, rate=(10, 90), unit=district.other_township), cast)
        found = amounts(district, "22.4", date(2024, 3, 31))
        assert (found.amount.numerator, found.amount.denominator) == (19, 100)
        assert found.measured == 19  # the mean of 90 % and 11 % would be 50 %

    def test_incidents_add_up_over_months(self, district, cast):
        for month in (3, 4):
            with clock.pinned(date(2024, month, 20)):
                approve(fill_and_submit(district, cast, month=month, tombs=1), cast)
        assert amounts(district, "46.3", date(2024, 4, 30)).amount.value == 2

    def test_correction_changes_today_but_not_yesterday(self, district, cast):
        with clock.pinned(date(2024, 3, 20)):
            report = approve(fill_and_submit(district, cast, month=3, homes=7), cast)
        with clock.pinned(date(2024, 4, 2)):
            approve(correct(report, cast, homes=5), cast)
        assert amounts(district, "49.3", date(2024, 4, 1)).amount.value == 7
        assert amounts(district, "49.3", date(2024, 4, 2)).amount.value == 5

    def test_one_unit_answers_for_its_share(self, district, cast):
        with clock.pinned(date(2024, 3, 20)):
            approve(fill_and_submit(district, cast, month=3, homes=7), cast)
        mine = amounts(district, "49.3", date(2024, 3, 31), unit=district.township)
        theirs = amounts(district, "49.3", date(2024, 3, 31), unit=district.other_township)
        assert (mine.amount.value, mine.goal) == (7, 50)
        assert (theirs.amount.value, theirs.goal) == (None, 50)


class TestReconcile:
    def test_finds_a_changed_value_and_repairs_it(self, district, cast, capsys):
        with clock.pinned(date(2024, 3, 20)):
            approve(fill_and_submit(district, cast, month=3, homes=7), cast)
        Figure.objects.filter(target=district.targets["49.3"]).update(value=8)
        with pytest.raises(CommandError, match="2 处"):  # the figure, and the total that no longer is its sum
            call_command("reconcile")
        call_command("reconcile", "--repair")
        assert amounts(district, "49.3", date(2024, 3, 31)).amount.value == 7
        assert drift_of(district.plan) == [] == totals_drift(district.plan)

    def test_finds_a_total_that_is_not_the_sum_and_repairs_it(self, district, cast):
        with clock.pinned(date(2024, 3, 20)):
            approve(fill_and_submit(district, cast, month=3, homes=7), cast)
        TargetTotal.objects.filter(target=district.targets["49.3"]).update(value=8)
        with pytest.raises(CommandError, match="1 处"):
            call_command("reconcile")
        call_command("reconcile", "--repair")
        assert amounts(district, "49.3", date(2024, 3, 31)).amount.value == 7

    def test_finds_shares_that_are_not_added_up_and_repairs_them(self, district):
        ShareTotal.objects.filter(target=district.targets["49.3"]).update(amount=99)
        with pytest.raises(CommandError, match="1 处"):
            call_command("reconcile")
        call_command("reconcile", "--repair")
        assert shares_drift(district.plan) == []
        assert ShareTotal.objects.get(target=district.targets["49.3"]).amount == 100

    def test_finds_a_lost_row(self, district, cast):
        with clock.pinned(date(2024, 3, 20)):
            approve(fill_and_submit(district, cast, month=3, homes=7), cast)
        Figure.objects.filter(target=district.targets["49.3"]).delete()
        assert [d.field for d in drift_of(district.plan)] == ["missing"]
        assert rebuild_figures(plan=district.plan) == 1


class ReportingYear(RuleBasedStateMachine):
    """Any order of filling, returning, approving and correcting, over months and two townships."""

    months = st.integers(3, 9)
    homes = st.integers(0, 120)

    @initialize()
    def begin(self):
        self.district = parts.build_district("S1")
        self.cast = parts.build_cast(self.district, parts.build_district("S2"))
        self.today = date(2024, 3, 20)

    def _pinned(self):
        return clock.pinned(self.today)

    @rule(days=st.integers(1, 40))
    def time_passes(self, days):
        self.today = min(self.today + timedelta(days=days), date(2024, 12, 31))

    @rule(month=months, value=homes, top=st.integers(0, 20), other=st.booleans(), tombs=st.none() | st.integers(0, 2))
    def fill(self, month, value, top, other, tombs):
        unit = self.district.other_township if other else self.district.township
        with self._pinned():
            fill_and_submit(
                self.district, self.cast, month=month, homes=value, rate=(top, 20), tombs=tombs, unit=unit, lenient=True
            )

    @rule(pick=st.randoms(use_true_random=False), good=st.booleans())
    def review(self, pick, good):
        waiting = list(ProgressReport.objects.filter(status=ReportStatus.SUBMITTED).order_by("pk"))
        if waiting:
            with self._pinned():
                (approve if good else send_back)(pick.choice(waiting), self.cast)

    @rule(pick=st.randoms(use_true_random=False), value=homes)
    def correct_one(self, pick, value):
        done = list(ProgressReport.objects.filter(status=ReportStatus.APPROVED, correction__isnull=True).order_by("pk"))
        if done:
            with self._pinned():
                correct(pick.choice(done), self.cast, homes=value, lenient=True)

    @invariant()
    def figures_equal_the_recount(self):
        if not hasattr(self, "district"):
            return
        assert drift_of(self.district.plan) == []
        assert totals_drift(self.district.plan) == []
        for on in (self.today, self.today - timedelta(days=20)):
            for found in assess(for_assessment(self.district.plan.targets.all()), on=on):
                amount = (found.amount.value, found.amount.numerator, found.amount.denominator)
                assert amount == recount(found.target, on), (found.target, on)


class TestAnySequence(TestCase):
    def test_no_drift_after_any_sequence(self):
        from django.db import transaction
        from hypothesis.stateful import run_state_machine_as_test

        class InSavepoint(ReportingYear):
            def __init__(self):
                super().__init__()
                self.savepoint = transaction.atomic()
                self.savepoint.__enter__()

            def teardown(self):
                transaction.set_rollback(True)
                self.savepoint.__exit__(None, None, None)

        run_state_machine_as_test(
            InSavepoint,
            settings=settings(
                max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )


def test_zero_is_a_value_and_missing_is_not(district, cast):
    with clock.pinned(date(2024, 3, 20)):
        approve(fill_and_submit(district, cast, month=3, homes=0), cast)
    assert amounts(district, "49.3", date(2024, 3, 31)).amount.value == Decimal(0)
    assert amounts(district, "22.4", date(2024, 3, 31)).amount.numerator == 0
    assert amounts(district, "46.3", date(2024, 3, 31)).amount.value is None


def test_recurring_duty_asks_the_same_of_a_unit_whatever_stands_above_it(district, cast):
    from tests import factories as make
    from workplan.rules.kinds import Recurrence, TargetKind

    checks = make.TargetFactory(
        task=district.task, code="3.3", kind=TargetKind.RECURRING.value, goal=1, unit="次/月",
        recurrence=Recurrence.MONTHLY.value,
    )  # fmt: skip
    for unit in (district.township, district.other_township):
        make.AllocationFactory(target=checks, org_unit=unit, amount=1)
    targets = Target.objects.filter(pk=checks.pk)
    (whole,) = assess(for_assessment(targets), on=date(2024, 3, 31))
    (below,) = assess(for_assessment(targets), on=date(2024, 3, 31), unit=district.bureau)
    assert whole.goal == below.goal == 1


class TestSharesTogether:
    """What is allocated is added up by the database, whoever writes the shares."""

    def test_follow_each_change_of_a_share(self, district):
        homes, tombs = district.targets["49.3"], district.targets["46.3"]
        own = Allocation.objects.filter(target=homes, org_unit=district.township)
        assert shares_of(homes) == (2, 100)
        own.update(amount="50.5")
        assert shares_of(homes) == (2, Decimal("100.5"))
        own.update(amount=None)
        assert shares_of(homes) == (2, 50)
        Allocation.objects.filter(target=tombs, org_unit=district.township).delete()
        own.update(target=tombs)
        assert shares_of(homes) == (1, 50)
        assert shares_of(tombs) == (2, None)
        Allocation.objects.filter(target=homes).delete()
        assert shares_of(homes) == (0, None)
        Allocation.objects.bulk_create(
            [Allocation(target=homes, org_unit=unit, amount=3) for unit in (district.township, district.other_township)]
        )
        assert shares_of(homes) == (2, 6)
        assert shares_drift(district.plan) == []

    def test_go_with_their_target(self, district):
        homes = district.targets["49.3"]
        homes.delete()
        assert not ShareTotal.objects.filter(target_id=homes.pk).exists()


def shares_of(target) -> tuple:
    return ShareTotal.objects.values_list("units", "amount").get(target=target)
