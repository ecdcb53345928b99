"""Amounts: rates are two numbers, zero is a value, and nothing is averaged."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.rules.amounts import Amount, roll_up, shown_percent

from .strategies import amounts, numbers


def rate(numerator, denominator) -> Amount:
    return Amount(numerator=D(numerator), denominator=D(denominator))


@pytest.mark.parametrize(
    ("parts", "total"),
    [
        ([], Amount()),
        ([Amount(), Amount()], Amount()),
        ([Amount(), Amount(D(3))], Amount(D(3))),
        ([Amount(D(0)), Amount()], Amount(D(0))),
        ([Amount(D(4)), Amount(D(3))], Amount(D(7))),
        ([rate(9, 10), rate(10, 90)], rate(19, 100)),
        ([rate(0, 0), rate(1, 2)], rate(1, 2)),
    ],
)
def test_roll_up_adds_what_is_known(parts, total):
    assert roll_up(parts) == total


def test_large_units_weigh_more_than_small_ones():
    assert roll_up([rate(9, 10), rate(10, 90)]).percent == 19  # the mean of 90 % and 11 % would be 50 %


@pytest.mark.parametrize(
    ("amount", "percent", "missing", "not_applicable"),
    [
        (Amount(), None, True, False),
        (rate(0, 0), None, False, True),
        (rate(0, 5), D(0), False, False),
        (rate(6, 5), D(120), False, False),
        (rate(-1, 5), D(-20), False, False),
        (Amount(numerator=D(1)), None, False, False),
        (Amount(D(0)), None, False, False),
    ],
)
def test_missing_zero_and_not_applicable_are_three_things(amount, percent, missing, not_applicable):
    assert (amount.percent, amount.is_missing, amount.is_not_applicable) == (percent, missing, not_applicable)


def test_goal_is_compared_with_the_percent_of_ratios_and_the_value_of_others():
    amount = Amount(D(7), D(1), D(4))
    assert (amount.measured(True), amount.measured(False)) == (D(25), D(7))


@pytest.mark.parametrize(
    ("percent", "places", "shown"),
    [
        ("99.96", 1, "99.9"),
        ("99.9999999", 2, "99.99"),
        ("99.94", 1, "99.9"),
        ("100", 1, "100.0"),
        ("100.04", 1, "100.0"),
        ("33.35", 1, "33.4"),
        ("0", 1, "0.0"),
        ("-0.05", 1, "-0.1"),
        ("99.6", 0, "99"),
    ],
)
def test_display_never_rounds_up_to_a_full_hundred(percent, places, shown):
    assert str(shown_percent(D(percent), places)) == shown


@given(st.decimals(-200, 200, places=6))
def test_display_shows_a_hundred_only_where_it_is_reached(percent):
    assert (shown_percent(percent) >= 100) == (percent >= 100)


@given(st.lists(amounts()), st.randoms())
def test_order_of_units_does_not_matter(parts, chance):
    shuffled = list(parts)
    chance.shuffle(shuffled)
    assert roll_up(shuffled) == roll_up(parts)


@given(st.lists(amounts()), st.lists(amounts()))
def test_townships_first_or_all_at_once_gives_the_same(left, right):
    assert roll_up([roll_up(left), roll_up(right)]) == roll_up(left + right)


@given(amounts())
def test_a_missing_unit_changes_nothing(amount):
    assert roll_up([amount, Amount()]) == amount


@given(st.lists(st.tuples(numbers, numbers.filter(bool)), min_size=1))
def test_rolled_up_percent_is_that_of_the_sums(pairs):
    total = roll_up(Amount(numerator=n, denominator=d) for n, d in pairs)
    assert total.percent * sum(d for _, d in pairs) == pytest.approx(100 * sum(n for n, _ in pairs))
