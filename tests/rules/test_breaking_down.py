"""Breaking a number down: the parts add up, nobody gets a fraction of a home, nobody without a weight gets anything."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.rules.breaking_down import spread, step_of

TOTALS = st.decimals(0, 10**9, places=2) | st.integers(0, 10**9).map(Decimal)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any)


@given(TOTALS, WEIGHTS)
def test_parts_add_up_and_are_as_fine_as_the_total(total, weights):
    parts = spread(total, weights)
    assert sum(parts) == total
    assert all(part >= 0 and part % step_of(total) == 0 for part in parts)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


@given(TOTALS, WEIGHTS)
def test_no_part_is_a_step_off_its_share(total, weights):
    parts = spread(total, weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < step_of(total)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        ("100", [1] * 26, [4] * 22 + [3] * 4),
        ("10", [1, 1, 1], [4, 3, 3]),
        ("10", [0, 5, 5], [0, 5, 5]),
        ("7", [1, 2, 4], [1, 2, 4]),
        ("1", [1, 1], [1, 0]),
        ("0", [1, 1], [0, 0]),
        ("1.5", [1, 1, 1], ["0.5", "0.5", "0.5"]),
        ("2.5", [1, 1], ["1.3", "1.2"]),
    ],
)
def test_examples(total, weights, parts):
    assert spread(Decimal(total), weights) == [Decimal(part) for part in parts]


@pytest.mark.parametrize(("total", "weights"), [("1", [0, 0]), ("-1", [1]), ("1", [2, -1])])
def test_what_cannot_be_spread(total, weights):
    with pytest.raises(ValueError, match="weights"):
        spread(Decimal(total), weights)
