"""Checks of one reported entry: what stops a submission, what asks, and what is said."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workplan.rules.amounts import Amount
from workplan.rules.entries import EntryInput, EntryRule, Level, check_entry, storable_problems
from workplan.rules.kinds import Comparator, TargetKind

TODAY = date(2024, 10, 15)
COUNT = EntryRule(
    kind=TargetKind.COUNT,
    comparator=Comparator.GE,
    is_ratio=False,
    goal=D(100),
    on=TODAY,
    plan_start=date(2024, 1, 1),
)
SINCE_20 = replace(COUNT, previous=Amount(D(20)))
RATE = replace(COUNT, kind=TargetKind.RATE, is_ratio=True, goal=D(90))
COVERAGE = replace(RATE, kind=TargetKind.COVERAGE)
GROWTH = replace(RATE, comparator=Comparator.GT, goal=D(0))
OF_50 = replace(RATE, previous=Amount(numerator=D(30), denominator=D(50)))
CEILING = replace(COUNT, kind=TargetKind.CEILING, comparator=Comparator.LE, goal=D(0))
MILESTONE = replace(COUNT, kind=TargetKind.MILESTONE, goal=D(1))
RECURRING = replace(COUNT, kind=TargetKind.RECURRING, goal=D(1), previous=Amount(D(4)))


def typed(value=None, pair=(None, None), **other) -> EntryInput:
    """What somebody typed; numbers may be plain ints or texts."""
    numbers = [None if number is None else D(number) for number in (value, *pair)]
    return EntryInput(*numbers, **other)


def codes(problems, level=Level.ERROR):
    return [(problem.field, problem.code) for problem in problems if problem.level == level]


@pytest.mark.parametrize(
    ("rule", "entry"),
    [
        (COUNT, typed(0)),
        (COUNT, typed(130)),
        (COUNT, typed("12.3456")),
        (COUNT, typed("99999999999999.9999")),
        (SINCE_20, typed(20)),
        (replace(SINCE_20, correction=True), typed(19)),
        (RATE, typed(pair=(0, 0))),
        (RATE, typed(pair=(9, 9))),
        (GROWTH, typed(pair=(-3, 10))),
        (GROWTH, typed(pair=(30, 10))),
        (CEILING, typed(0, zero_report=True)),
        (CEILING, typed(2, remark="巡查发现两起，已登记处置。")),
        (MILESTONE, typed(0)),
        (MILESTONE, typed("0.3")),
        (MILESTONE, typed(1, done_on=TODAY)),
        (MILESTONE, typed(1, done_on=date(2024, 1, 1))),
        (replace(MILESTONE, goal=None), typed(1)),
        (RECURRING, typed(1)),
        (replace(COUNT, required=False), typed()),
        (replace(RATE, required=False), typed()),
    ],
)
def test_good_entries_pass_without_a_word(rule, entry):
    assert check_entry(rule, entry) == []


@pytest.mark.parametrize(
    ("rule", "entry", "expected"),
    [
        # Empty is missing, whatever else was typed.
        (COUNT, typed(), [("value", "missing")]),
        (COUNT, typed(remark="正在推进。"), [("value", "missing")]),
        (RATE, typed(), [("numerator", "missing")]),
        (CEILING, typed(), [("value", "missing")]),
        # Numbers of the other shape are no answer.
        (RATE, typed(5), [("numerator", "missing")]),
        (CEILING, typed(pair=(5, 5)), [("value", "missing")]),
        # What no target takes.
        (COUNT, typed(-1), [("value", "negative")]),
        (COUNT, typed("1.23456"), [("value", "too_many_decimals")]),
        (COUNT, typed("100000000000000"), [("value", "too_large")]),
        (COUNT, typed("1e30"), [("value", "too_large")]),
        (COUNT, typed("NaN"), [("value", "not_a_number")]),
        (COUNT, typed("-Infinity"), [("value", "not_a_number")]),
        (GROWTH, typed(pair=(1, -1)), [("denominator", "negative")]),
        # A rate is two numbers, a part and its whole.
        (RATE, typed(pair=(5, None)), [("denominator", "half_a_ratio")]),
        (RATE, typed(pair=(None, 5)), [("numerator", "half_a_ratio")]),
        (RATE, typed(pair=(6, 5)), [("numerator", "above_denominator")]),
        (COVERAGE, typed(pair=(1, 0)), [("numerator", "above_denominator")]),
        (RATE, typed(pair=(-1, 5)), [("numerator", "negative")]),
        # A total does not shrink.
        (SINCE_20, typed(19), [("value", "shrank")]),
        (replace(MILESTONE, previous=Amount(D("0.6"))), typed("0.3"), [("value", "shrank")]),
        # Ceilings: zero is said with a tick, an incident has a name.
        (CEILING, typed(0), [("zero_report", "zero_report_missing")]),
        (CEILING, typed(1), [("remark", "incident_unnamed")]),
        (CEILING, typed(1, remark="  \n"), [("remark", "incident_unnamed")]),
        (CEILING, typed(1, zero_report=True, remark="一起。"), [("zero_report", "zero_report_not_zero")]),
        (CEILING, typed(zero_report=True), [("zero_report", "zero_report_not_zero")]),
        # What is finished has its day, in the plan's year and not ahead.
        (MILESTONE, typed(1), [("done_on", "done_on_missing")]),
        (MILESTONE, typed(2), [("done_on", "done_on_missing")]),
        (MILESTONE, typed(1, done_on=date(2024, 10, 16)), [("done_on", "in_future")]),
        (MILESTONE, typed(1, done_on=date(2023, 12, 31)), [("done_on", "before_plan")]),
        (
            replace(MILESTONE, is_ratio=True, goal=D(100)),
            typed(pair=(5, 5)),
            [("done_on", "done_on_missing")],
        ),
        (COUNT, typed(1, done_on=date(2024, 10, 16)), [("done_on", "in_future")]),
        (RATE, typed(pair=(1, 5), done_on=date(2024, 10, 16)), [("done_on", "in_future")]),
        (
            CEILING,
            typed(1, done_on=date(2024, 10, 16)),
            [("remark", "incident_unnamed"), ("done_on", "in_future")],
        ),
    ],
)
def test_mistakes_stop_the_submission_at_their_field(rule, entry, expected):
    assert codes(check_entry(rule, entry)) == expected
    assert codes(check_entry(rule, entry), Level.WARNING) == []


@pytest.mark.parametrize(
    ("rule", "entry", "expected"),
    [
        (SINCE_20, typed(100), []),
        (SINCE_20, typed(101), [("value", "jump")]),
        (SINCE_20, typed(101, remark="集中完成一批。"), []),
        (SINCE_20, typed(101, remark=" "), [("value", "jump")]),
        (replace(COUNT, previous=Amount(D(0))), typed(101), []),
        (OF_50, typed(pair=(30, 50)), []),
        (OF_50, typed(pair=(30, 49)), [("denominator", "denominator_shrank")]),
        (OF_50, typed(pair=(30, 49), remark=" "), [("denominator", "denominator_shrank")]),
        (OF_50, typed(pair=(30, 49), remark="一人迁出。"), []),
        (RECURRING, typed(40), []),
    ],
)
def test_doubtful_numbers_ask_for_a_remark_and_do_not_stop(rule, entry, expected):
    problems = check_entry(rule, entry)
    assert (codes(problems, Level.WARNING), codes(problems)) == (expected, [])


@pytest.mark.parametrize(
    ("rule", "entry", "words"),
    [
        (COUNT, typed(), "没有进展的填 0 或上期数"),
        (RATE, typed(), "分子和分母"),
        (CEILING, typed(), "勾选零报告"),
        (replace(COUNT, previous=Amount(D("20.0000"))), typed(19), "不能小于上次通过的 20；"),
        (replace(COUNT, previous=Amount(D("2.5000"))), typed(2), "不能小于上次通过的 2.5；"),
        (replace(COUNT, previous=Amount(D("1E+2"))), typed(2), "不能小于上次通过的 100；"),
        (SINCE_20, typed(101), "超过上次（20）的 5 倍"),
        (OF_50, typed(pair=(30, 49)), "分母比上期（50）减少"),
        (MILESTONE, typed(1, done_on=date(2023, 12, 31)), "不能早于 2024-01-01"),
    ],
)
def test_messages_say_what_to_do_and_quote_plain_numbers(rule, entry, words):
    (problem,) = check_entry(rule, entry)
    assert words in problem.message


def test_a_draft_may_be_empty_but_not_hold_what_cannot_be_stored():
    assert storable_problems(typed()) == []
    assert codes(storable_problems(typed(-1))) == [("value", "negative")]
    assert codes(storable_problems(typed(pair=(1, None)))) == [("denominator", "half_a_ratio")]
    assert storable_problems(typed(pair=(9, 5))) == []  # wrong for most targets, right for growth


def test_everything_unstorable_is_named_at_once():
    problems = storable_problems(typed(-1, ("NaN", -2)))
    assert codes(problems) == [
        ("value", "negative"),
        ("numerator", "not_a_number"),
        ("denominator", "negative"),
    ]


anything = st.none() | st.decimals(allow_nan=True) | st.sampled_from([D("sNaN"), D("1E+999999"), D("1E-999999")])
small = st.none() | st.decimals(-10, 1000, places=2)
entries = st.builds(
    EntryInput,
    anything | small,
    small,
    anything | small,
    st.none() | st.dates(),
    st.booleans(),
    st.text(max_size=5),
)
rules = st.builds(
    EntryRule,
    kind=st.sampled_from(TargetKind),
    comparator=st.sampled_from(Comparator),
    is_ratio=st.booleans(),
    goal=small,
    on=st.dates(),
    plan_start=st.dates(),
    previous=st.builds(Amount, small, small, small),
    correction=st.booleans(),
    required=st.booleans(),
)


@settings(max_examples=400)
@given(rules, entries)
def test_whatever_is_typed_gets_an_answer_in_chinese_at_an_input(rule, entry):
    for problem in check_entry(rule, entry):
        assert hasattr(entry, problem.field)
        assert problem.message.endswith("。")
        assert any("\u4e00" <= sign <= "\u9fff" for sign in problem.message)


@settings(max_examples=300)
@given(rules, entries)
def test_what_may_be_submitted_can_be_stored(rule, entry):
    if not codes(check_entry(rule, entry)):
        assert storable_problems(entry) == []


@settings(max_examples=200)
@given(rules.filter(lambda rule: rule.required))
def test_an_empty_entry_of_a_required_target_is_always_missing(rule):
    (problem,) = check_entry(rule, EntryInput())
    assert (problem.level, problem.code) == (Level.ERROR, "missing")
