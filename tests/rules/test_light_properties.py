"""What holds of every light, whatever the target, the amount and the day."""

from dataclasses import replace
from decimal import Decimal as D

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from workplan.rules.amounts import Amount
from workplan.rules.kinds import Comparator, Light, PaceCurve, Reason, Recurrence, Strength, TargetKind
from workplan.rules.lights import SEVERITY, Thresholds, count_lights, is_limit, light, worst

from .strategies import facts, numbers, thresholds

# The reasons that may stand beside each light: a light without its reason, or with another's, misleads.
REASONS = {
    Light.DONE: {Reason.GOAL_MET},
    Light.DONE_LATE: {Reason.GOAL_MET_LATE},
    Light.ON_PACE: {Reason.WITHIN_PACE, Reason.WITHIN_CEILING, Reason.GOAL_MET},
    Light.BEHIND: {Reason.BEHIND_PACE},
    Light.RED: {Reason.OVERDUE, Reason.FAR_BEHIND, Reason.CEILING_BREACHED},
    Light.NOT_REPORTED: {Reason.NO_REPORT, Reason.NO_ZERO_REPORT},
    Light.NOT_STARTED: {Reason.NOT_DUE_YET},
    Light.UNLIT: {Reason.TRACKED, Reason.NO_GOAL, Reason.NOT_APPLICABLE, Reason.NO_DUE_DATE},
}
lit = st.sampled_from([Strength.HARD, Strength.DELIVERABLE])
goals = numbers.filter(bool)


def badness(verdict) -> int:
    """Return how bad a light is; higher is worse."""
    return -SEVERITY.index(verdict.light)


@settings(max_examples=400)
@given(facts(), thresholds())
def test_every_target_has_a_light_and_a_reason_that_goes_with_it(one, limits):
    verdict = light(one, limits)
    assert verdict.reason in REASONS[verdict.light]


@settings(max_examples=300)
@given(st.data(), goals, numbers, numbers, thresholds())
def test_more_never_gives_a_worse_light_and_for_limits_less_never_does(data, goal, one, other, limits):
    less, more = sorted((one, other))
    base = data.draw(facts(strength=data.draw(lit), goal=goal, is_ratio=False, amount=Amount(less)))
    assume(base.pace.due is not None)  # without one nothing is lit until it is reached
    low, high = light(base, limits), light(replace(base, amount=Amount(more)), limits)
    if is_limit(base.kind, base.comparator):
        low, high = high, low
    assert badness(high) <= badness(low)


@settings(max_examples=200)
@given(st.data(), goals, numbers, numbers, goals)
def test_a_greater_share_never_gives_a_worse_light(data, goal, one, other, whole):
    less, more = sorted((one, other))
    kind = data.draw(st.sampled_from([TargetKind.RATE, TargetKind.COVERAGE]))
    comparator = data.draw(st.sampled_from([Comparator.GE, Comparator.GT, Comparator.EQ]))
    amount = Amount(numerator=less, denominator=whole)
    base = data.draw(
        facts(strength=data.draw(lit), kind=kind, comparator=comparator, goal=goal, is_ratio=True, amount=amount)
    )
    assume(base.pace.due is not None)
    better = replace(base, amount=Amount(numerator=more, denominator=whole))
    assert badness(light(better)) <= badness(light(base))


@settings(max_examples=300)
@given(facts(), thresholds())
def test_red_is_overdue_only_after_the_deadline_and_far_behind_only_up_to_it(one, limits):
    verdict = light(one, limits)
    if verdict.reason == Reason.OVERDUE:
        assert one.on > one.pace.due
    if verdict.reason == Reason.FAR_BEHIND:
        assert one.on <= one.pace.due
        assert verdict.gap > limits.red
    if verdict.reason == Reason.CEILING_BREACHED:
        assert one.kind == TargetKind.CEILING
        assert one.measured >= one.goal


@given(facts())
def test_without_a_deadline_only_a_breached_ceiling_is_red(one):
    verdict = light(replace(one, pace=replace(one.pace, due=None)))
    assert verdict.light != Light.RED or verdict.reason == Reason.CEILING_BREACHED
    assert verdict.light != Light.BEHIND
    if one.kind != TargetKind.CEILING:
        assert verdict.light in (Light.UNLIT, Light.DONE, Light.ON_PACE, Light.DONE_LATE)


@given(facts(), thresholds())
def test_what_is_due_at_the_end_is_never_behind_before(one, limits):
    assume(one.pace.due is not None and one.on < one.pace.due)
    at_end = replace(one, pace=replace(one.pace, curve=PaceCurve.AT_END), recurrence=Recurrence.NONE)
    assert light(at_end, limits).reason not in (Reason.BEHIND_PACE, Reason.FAR_BEHIND)


@given(facts(is_ratio=False))
def test_missing_is_never_taken_for_zero(one):
    missing, zero = light(replace(one, amount=Amount())), light(replace(one, amount=Amount(D(0))))
    assume(missing.light != Light.UNLIT)
    assert missing.reason in (Reason.NO_REPORT, Reason.NO_ZERO_REPORT, Reason.NOT_DUE_YET, Reason.OVERDUE)
    assert zero.reason not in (Reason.NO_REPORT, Reason.NOT_DUE_YET)


@given(st.data(), lit, goals)
def test_nothing_of_nothing_is_not_applicable(data, strength, goal):
    nothing = Amount(numerator=D(0), denominator=D(0))
    one = data.draw(facts(strength=strength, goal=goal, is_ratio=True, amount=nothing))
    assert light(one).reason == Reason.NOT_APPLICABLE


@given(facts(strength=Strength.TRACKED))
def test_tracked_targets_are_never_lit(one):
    assert light(one).reason == Reason.TRACKED


@settings(max_examples=200)
@given(facts(), thresholds(), thresholds())
def test_wider_thresholds_never_give_a_worse_light(one, first, second):
    narrow = Thresholds(min(first.yellow, second.yellow), min(first.red, second.red))
    wide = Thresholds(max(first.yellow, second.yellow), max(first.red, second.red))
    assert badness(light(one, wide)) <= badness(light(one, narrow))


@settings(max_examples=200)
@given(facts(), st.integers(1, 400))
def test_standing_still_never_improves_the_light_of_a_total(one, later):
    """As days go by without a new number a total only falls behind: nothing is done by waiting."""
    assume(not one.is_ratio and one.kind != TargetKind.CEILING and one.measured is not None)
    before = light(one)
    after = light(replace(one, on=one.on.fromordinal(one.on.toordinal() + later)))
    assert badness(after) >= badness(before)


@given(st.lists(st.sampled_from(Light)), st.lists(st.sampled_from(Light)))
def test_worst_of_two_sections_is_the_worst_of_their_worst(left, right):
    assert worst([worst(left), worst(right)]) == worst(left + right)


@given(st.lists(st.sampled_from(Light)))
def test_counts_add_up_to_the_number_of_targets(lights):
    assert sum(count_lights(lights).values()) == len(lights)
