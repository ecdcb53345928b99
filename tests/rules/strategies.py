"""What the property tests draw from: every input that the database can hold, and the odd ones in between."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from workplan.rules.amounts import Amount
from workplan.rules.kinds import Comparator, PaceCurve, Recurrence, Strength, TargetKind
from workplan.rules.lights import TargetFacts, Thresholds
from workplan.rules.pace import Pace, Step

numbers = st.decimals(0, 10**6, places=4) | st.integers(0, 200).map(Decimal)
signed = numbers | numbers.map(lambda number: -number)
days = st.dates(date(2023, 1, 1), date(2026, 12, 31))
steps = st.lists(st.builds(Step, days, st.decimals(0, 1, places=4)), max_size=5).map(tuple)


@st.composite
def amounts(draw) -> Amount:
    """An amount with or without a value, with both numbers of a rate or none."""
    pair = draw(st.none() | st.tuples(numbers, numbers))
    return Amount(draw(st.none() | numbers), *(pair or ()))


@st.composite
def paces(draw, dues=None) -> Pace:
    start, due = sorted((draw(days), draw(days)))
    due = draw(st.just(due) if dues is None else st.sampled_from([due, None]))
    return Pace(draw(st.sampled_from(PaceCurve)), start, due, draw(steps))


open_or_dated_paces = paces(dues="any")


@st.composite
def facts(draw, **fixed) -> TargetFacts:
    """Any target on any day; keywords fix single inputs."""
    drawn = {
        "kind": st.sampled_from(TargetKind),
        "strength": st.sampled_from(Strength),
        "comparator": st.sampled_from(Comparator),
        "goal": st.none() | signed,
        "is_ratio": st.booleans(),
        "amount": amounts(),
        "pace": open_or_dated_paces,
        "on": days,
        "recurrence": st.sampled_from(Recurrence),
        "units": st.integers(1, 26),
        "met_on_time": st.none() | st.booleans(),
        "any_period_due": st.booleans(),
        "missing_zero_report": st.booleans(),
    }
    unknown = fixed.keys() - drawn.keys()
    assert not unknown, unknown
    return TargetFacts(**{name: fixed[name] if name in fixed else draw(any_) for name, any_ in drawn.items()})


@st.composite
def thresholds(draw) -> Thresholds:
    yellow, red = sorted(draw(st.tuples(*[st.decimals(0, 100, places=2)] * 2)))
    return Thresholds(yellow, red)
