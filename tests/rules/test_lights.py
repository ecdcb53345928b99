"""The rule book of lights, by example: one line is one target on one day."""

from datetime import date
from decimal import Decimal as D

import pytest

from workplan.rules.amounts import Amount
from workplan.rules.kinds import Comparator, Light, PaceCurve, Reason, Recurrence, Strength, TargetKind
from workplan.rules.lights import (
    SEVERITY,
    TargetFacts,
    Thresholds,
    count_lights,
    is_met,
    light,
    slot_light,
    worst,
)
from workplan.rules.pace import Pace, Step

START, DUE = date(2024, 1, 1), date(2024, 12, 31)
MISSING = Amount()
# By mid-October half the goal is expected, so that gaps are easy to see: 100 of 200 homes, 45 of 90 %.
HALF = Pace(PaceCurve.STEPS, START, DUE, (Step(date(2024, 10, 1), D("0.5")),))
OPEN = Pace(PaceCurve.LINEAR, START, None)
MID, LAST, AFTER = date(2024, 10, 15), DUE, date(2025, 1, 1)


def value(number) -> Amount:
    return Amount(D(number))


def rate(numerator, denominator) -> Amount:
    return Amount(numerator=D(numerator), denominator=D(denominator))


def target(amount=MISSING, on=MID, **other) -> TargetFacts:
    """200 homes by the end of the year, half of them by mid-October; keywords change that."""
    usual = {
        "kind": TargetKind.COUNT,
        "strength": Strength.HARD,
        "comparator": Comparator.GE,
        "goal": D(200),
        "is_ratio": False,
        "pace": HALF,
    }
    return TargetFacts(amount=amount, on=on, **(usual | other))


def ratio(amount=MISSING, on=MID, **other) -> TargetFacts:
    """90 % by the end of the year, half of that by mid-October."""
    return target(amount, on, **({"kind": TargetKind.RATE, "goal": D(90), "is_ratio": True} | other))


def ceiling(amount=MISSING, on=MID, **other) -> TargetFacts:
    """No incident all year."""
    kind = {"kind": TargetKind.CEILING, "comparator": Comparator.LE, "goal": D(0)}
    return target(amount, on, **(kind | {"any_period_due": True} | other))


def monthly(amount=MISSING, on=MID, **other) -> TargetFacts:
    """One check a month from March to December: seven spans have ended by mid-October."""
    duty = {"kind": TargetKind.RECURRING, "goal": D(1), "recurrence": Recurrence.MONTHLY}
    return target(amount, on, **(duty | {"pace": Pace(PaceCurve.LINEAR, date(2024, 3, 1), DUE)} | other))


def shown(facts):
    verdict = light(facts)
    return verdict.light, verdict.reason


@pytest.mark.parametrize(
    ("facts", "expected", "reason"),
    [
        # What is never lit, and what looks like it.
        (target(value(0), strength=Strength.TRACKED), Light.UNLIT, Reason.TRACKED),
        (ceiling(value(9), strength=Strength.TRACKED), Light.UNLIT, Reason.TRACKED),
        (target(value(5), goal=None), Light.UNLIT, Reason.NO_GOAL),
        (target(Amount(D(200), D(0), D(0))), Light.DONE, Reason.GOAL_MET),  # a count, whatever else was kept
        (ratio(rate(0, 0)), Light.UNLIT, Reason.NOT_APPLICABLE),
        (ratio(rate(0, 0), AFTER), Light.UNLIT, Reason.NOT_APPLICABLE),
        (ceiling(rate(0, 0), is_ratio=True), Light.UNLIT, Reason.NOT_APPLICABLE),
        # Nothing reported.
        (target(), Light.NOT_STARTED, Reason.NOT_DUE_YET),
        (target(any_period_due=True), Light.NOT_REPORTED, Reason.NO_REPORT),
        (target(on=LAST, any_period_due=True), Light.NOT_REPORTED, Reason.NO_REPORT),
        (target(on=AFTER, any_period_due=True), Light.RED, Reason.OVERDUE),
        (ratio(any_period_due=True), Light.NOT_REPORTED, Reason.NO_REPORT),
        # Zero is a value: it is compared with the pace.
        (target(value(0)), Light.RED, Reason.FAR_BEHIND),
        (ratio(rate(0, 7)), Light.RED, Reason.FAR_BEHIND),
        (target(value(0), pace=Pace(PaceCurve.AT_END, START, DUE)), Light.ON_PACE, Reason.WITHIN_PACE),
        # Gap to the 100 homes expected, in points of the 200: 5 and 20 still belong to the better side.
        (target(value(100)), Light.ON_PACE, Reason.WITHIN_PACE),
        (target(value(90)), Light.ON_PACE, Reason.WITHIN_PACE),
        (target(value("89.9")), Light.BEHIND, Reason.BEHIND_PACE),
        (target(value(60)), Light.BEHIND, Reason.BEHIND_PACE),
        (target(value("59.9")), Light.RED, Reason.FAR_BEHIND),
        # Ratios: 45 % expected of 90 %.
        (ratio(rate(45, 100)), Light.ON_PACE, Reason.WITHIN_PACE),
        (ratio(rate(40, 100)), Light.BEHIND, Reason.BEHIND_PACE),
        (ratio(rate(26, 100)), Light.RED, Reason.FAR_BEHIND),
        # A goal that is met; more than 100 % is normal.
        (target(value(200)), Light.DONE, Reason.GOAL_MET),
        (target(value(300)), Light.DONE, Reason.GOAL_MET),
        (target(value(200), AFTER, met_on_time=True), Light.DONE, Reason.GOAL_MET),
        (target(value(200), AFTER, met_on_time=False), Light.DONE_LATE, Reason.GOAL_MET_LATE),
        (target(value(300), comparator=Comparator.EQ), Light.DONE, Reason.GOAL_MET),
        (target(value(200), comparator=Comparator.GT, on=AFTER), Light.RED, Reason.OVERDUE),
        # A ratio can fall again: it is done only from its day on.
        (ratio(rate(90, 100)), Light.ON_PACE, Reason.GOAL_MET),
        (ratio(rate(90, 100), pace=OPEN), Light.ON_PACE, Reason.GOAL_MET),
        (ratio(rate(90, 100), LAST), Light.DONE, Reason.GOAL_MET),
        (ratio(rate(90, 100), AFTER, met_on_time=False), Light.DONE_LATE, Reason.GOAL_MET_LATE),
        (ratio(rate(9, 9), LAST, kind=TargetKind.COVERAGE, goal=D(100)), Light.DONE, Reason.GOAL_MET),
        # The deadline passed.
        (target(value(199), AFTER), Light.RED, Reason.OVERDUE),
        (ratio(rate(89, 100), AFTER), Light.RED, Reason.OVERDUE),
        # No deadline: no light until the office sets one, unless it is reached all the same.
        (target(value(0), pace=OPEN), Light.UNLIT, Reason.NO_DUE_DATE),
        (target(value(200), pace=OPEN), Light.DONE, Reason.GOAL_MET),
        (target(pace=OPEN), Light.UNLIT, Reason.NO_DUE_DATE),
        (target(pace=OPEN, any_period_due=True), Light.UNLIT, Reason.NO_DUE_DATE),
        # "Within 15 minutes": less is better, and there is no pace towards it.
        (target(value(20), goal=D(15), comparator=Comparator.LE), Light.ON_PACE, Reason.WITHIN_PACE),
        (target(value(20), AFTER, goal=D(15), comparator=Comparator.LE), Light.RED, Reason.OVERDUE),
        (target(value(15), goal=D(15), comparator=Comparator.LE), Light.DONE, Reason.GOAL_MET),
        # Growth may be negative; a goal of zero has no shares.
        (ratio(rate(-3, 100), goal=D(0), comparator=Comparator.GT), Light.ON_PACE, Reason.WITHIN_PACE),
        (ratio(rate(-6, 100), goal=D(-5)), Light.ON_PACE, Reason.WITHIN_PACE),
        (ratio(rate(-6, 100), AFTER, goal=D(-5)), Light.RED, Reason.OVERDUE),
        (ratio(rate(0, 100), AFTER, goal=D(0), comparator=Comparator.GT), Light.RED, Reason.OVERDUE),
        (ratio(rate(1, 100), LAST, goal=D(0), comparator=Comparator.GT), Light.DONE, Reason.GOAL_MET),
    ],
)
def test_totals_and_ratios(facts, expected, reason):
    assert shown(facts) == (expected, reason)


@pytest.mark.parametrize(
    ("facts", "expected", "reason"),
    [
        (ceiling(any_period_due=False), Light.NOT_STARTED, Reason.NOT_DUE_YET),
        (ceiling(on=AFTER), Light.NOT_REPORTED, Reason.NO_REPORT),
        (ceiling(missing_zero_report=True), Light.NOT_REPORTED, Reason.NO_ZERO_REPORT),
        (ceiling(value(0), missing_zero_report=True), Light.NOT_REPORTED, Reason.NO_ZERO_REPORT),
        (ceiling(value(0), AFTER, missing_zero_report=True), Light.NOT_REPORTED, Reason.NO_ZERO_REPORT),
        (ceiling(value(0)), Light.ON_PACE, Reason.WITHIN_CEILING),
        (ceiling(value(0), LAST), Light.ON_PACE, Reason.WITHIN_CEILING),
        (ceiling(value(0), AFTER), Light.DONE, Reason.GOAL_MET),
        (ceiling(value(0), AFTER, pace=OPEN), Light.ON_PACE, Reason.WITHIN_CEILING),
        (ceiling(value(1)), Light.RED, Reason.CEILING_BREACHED),
        (ceiling(value(1), AFTER), Light.RED, Reason.CEILING_BREACHED),
        (ceiling(value(1), missing_zero_report=True), Light.RED, Reason.CEILING_BREACHED),
        (ceiling(value(3), goal=D(3)), Light.ON_PACE, Reason.WITHIN_CEILING),
        (ceiling(value(3), goal=D(3), comparator=Comparator.EQ), Light.ON_PACE, Reason.WITHIN_CEILING),
        (ceiling(value(3), goal=D(3), comparator=Comparator.LT), Light.RED, Reason.CEILING_BREACHED),
    ],
)
def test_ceilings_are_red_at_once_and_need_their_zero_reports(facts, expected, reason):
    assert shown(facts) == (expected, reason)


@pytest.mark.parametrize(
    ("facts", "expected", "reason"),
    [
        # Seven spans have ended: one missed (14 %) is behind, two (29 %) are grave; nothing is tolerated.
        (monthly(value(7)), Light.ON_PACE, Reason.WITHIN_PACE),
        (monthly(value(8)), Light.ON_PACE, Reason.WITHIN_PACE),
        (monthly(value(6)), Light.BEHIND, Reason.BEHIND_PACE),
        (monthly(value(5)), Light.RED, Reason.FAR_BEHIND),
        (monthly(value("6.9")), Light.BEHIND, Reason.BEHIND_PACE),
        (monthly(value(10)), Light.DONE, Reason.GOAL_MET),
        (monthly(value(9), AFTER), Light.RED, Reason.OVERDUE),
        (monthly(value(10), AFTER, met_on_time=False), Light.DONE_LATE, Reason.GOAL_MET_LATE),
        # Nothing is owed before the first month has ended.
        (monthly(value(0), date(2024, 3, 30)), Light.ON_PACE, Reason.WITHIN_PACE),
        (monthly(value(0), date(2024, 3, 31)), Light.RED, Reason.FAR_BEHIND),
        # Twice a month, and by two units.
        (monthly(value(14), goal=D(2)), Light.ON_PACE, Reason.WITHIN_PACE),
        (monthly(value(7), units=2), Light.RED, Reason.FAR_BEHIND),
        (monthly(value(14), units=2), Light.ON_PACE, Reason.WITHIN_PACE),
        # A duty without an end is never finished; an occasion without a rhythm is.
        (monthly(value(99), pace=OPEN), Light.UNLIT, Reason.NO_DUE_DATE),
        (monthly(value(1), pace=OPEN, recurrence=Recurrence.NONE), Light.DONE, Reason.GOAL_MET),
        # A share of occasions goes like any ratio.
        (monthly(rate(8, 8), is_ratio=True, goal=D(100)), Light.ON_PACE, Reason.GOAL_MET),
        (monthly(rate(8, 8), LAST, is_ratio=True, goal=D(100)), Light.DONE, Reason.GOAL_MET),
    ],
)
def test_recurring_duties_are_owed_span_by_span(facts, expected, reason):
    assert shown(facts) == (expected, reason)


def test_reports_of_half_a_year_are_due_on_the_last_day_of_june_and_december():
    def half_yearly(done, on):
        pace = Pace(PaceCurve.AT_END, START, DUE)
        return light(monthly(value(done), on, recurrence=Recurrence.HALF_YEARLY, pace=pace)).light

    assert half_yearly(0, date(2024, 6, 29)) == Light.ON_PACE
    assert half_yearly(0, date(2024, 6, 30)) == Light.RED
    assert half_yearly(1, date(2024, 12, 30)) == Light.ON_PACE
    assert half_yearly(1, date(2025, 1, 1)) == Light.RED
    assert half_yearly(2, date(2024, 12, 31)) == Light.DONE


def test_verdict_tells_what_was_expected_how_far_it_is_and_how_much_is_done():
    verdict = light(target(value(60)))
    assert (verdict.expected, verdict.gap, verdict.progress) == (100, 20, 30)
    verdict = light(monthly(value(6)))
    assert (verdict.expected, round(verdict.gap, 2), verdict.progress) == (7, D("14.29"), 60)
    verdict = light(target(value(250)))
    assert (verdict.gap, verdict.progress) == (None, 125)


def test_being_ahead_of_pace_is_no_negative_gap():
    assert light(target(value(150))).gap == 0


def test_a_limit_or_a_goal_below_zero_is_expected_as_it_stands_all_year():
    verdict = light(target(value(20), goal=D(15), comparator=Comparator.LE))
    assert (verdict.expected, verdict.gap, verdict.progress) == (15, 0, None)
    assert light(ceiling(value(0), goal=D(3))).expected == 3
    shrinking_by_five = light(ratio(rate(-6, 100), goal=D(-5)))
    assert (shrinking_by_five.expected, shrinking_by_five.gap, shrinking_by_five.progress) == (-5, 0, None)


def test_thresholds_of_the_plan_shift_the_lights():
    behind = target(value(60))  # 20 points below pace
    assert light(behind, Thresholds(D(20), D(30))).light == Light.ON_PACE
    assert light(behind, Thresholds(D(10), D(20))).light == Light.BEHIND
    assert light(behind, Thresholds(D(5), D(19))).light == Light.RED
    assert light(behind, Thresholds(D(0), D(0))).light == Light.RED


def test_plans_without_thresholds_of_their_own_use_five_and_twenty():
    assert Thresholds() == Thresholds(D(5), D(20))


@pytest.mark.parametrize(
    ("kind", "comparator", "met"),
    [
        (TargetKind.COUNT, Comparator.GE, [False, True, True]),
        (TargetKind.COUNT, Comparator.EQ, [False, True, True]),
        (TargetKind.COUNT, Comparator.GT, [False, False, True]),
        (TargetKind.COVERAGE, Comparator.LE, [True, True, False]),
        (TargetKind.COVERAGE, Comparator.LT, [True, False, False]),
        (TargetKind.CEILING, Comparator.EQ, [True, True, False]),
        (TargetKind.CEILING, Comparator.LE, [True, True, False]),
        (TargetKind.CEILING, Comparator.LT, [True, False, False]),
    ],
)
def test_comparators_below_at_and_above_the_goal(kind, comparator, met):
    assert [is_met(kind, comparator, D(number), D(5)) for number in (4, 5, 6)] == met


def test_a_missing_number_meets_nothing():
    assert not is_met(TargetKind.CEILING, Comparator.LE, None, D(5))
    assert not is_met(TargetKind.COUNT, Comparator.GE, D(5), None)


END = date(2024, 6, 30)


@pytest.mark.parametrize(
    ("in_time", "so_far", "on", "expected"),
    [
        (2, 2, END, Light.DONE),
        (2, 2, date(2024, 9, 1), Light.DONE),
        (3, 3, END, Light.DONE),
        (1, 2, date(2024, 7, 1), Light.BEHIND),
        (1, 2, date(2025, 7, 1), Light.BEHIND),
        (None, 2, date(2024, 7, 1), Light.BEHIND),
        (1, 1, date(2024, 7, 1), Light.RED),
        (0, 0, date(2024, 7, 1), Light.RED),
        (None, None, date(2024, 7, 1), Light.NOT_REPORTED),
        (None, None, END, Light.NOT_STARTED),
        (0, 0, END, Light.NOT_STARTED),
        (1, 1, END, Light.ON_PACE),
    ],
)
def test_a_span_that_was_caught_up_stays_yellow(in_time, so_far, on, expected):
    numbers = [None if number is None else D(number) for number in (in_time, so_far)]
    assert slot_light(*numbers, required=2, end=END, on=on) == expected


class TestSeveralLights:
    def test_order_names_every_light_once(self):
        assert sorted(SEVERITY) == sorted(Light)

    @pytest.mark.parametrize(
        ("lights", "expected"),
        [
            ([Light.DONE, Light.RED, Light.BEHIND], Light.RED),
            ([Light.BEHIND, Light.NOT_REPORTED], Light.NOT_REPORTED),
            ([Light.ON_PACE, Light.BEHIND], Light.BEHIND),
            ([Light.DONE, Light.DONE_LATE], Light.DONE_LATE),
            ([Light.UNLIT, Light.DONE], Light.DONE),
            ([Light.UNLIT], Light.UNLIT),
            ([], Light.UNLIT),
        ],
    )
    def test_a_section_is_as_bad_as_its_worst_item(self, lights, expected):
        assert worst(iter(lights)) == expected

    def test_counting_names_the_lights_that_do_not_occur(self):
        counted = count_lights([Light.RED, Light.DONE, Light.RED])
        assert (counted[Light.RED], counted[Light.DONE], counted[Light.BEHIND]) == (2, 1, 0)
        assert list(counted) == SEVERITY
