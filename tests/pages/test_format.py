"""Numbers and dates as people read them."""

from datetime import date
from decimal import Decimal as D

import pytest

from workplan.rules.amounts import Amount
from workplan.ui import format as fmt


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "—"), (D("0.0000"), "0"), (D("1234.5000"), "1,234.5"), (D("100"), "100"), (1200, "1,200")],
)
def test_numbers_carry_no_idle_zeros_and_missing_is_not_zero(value, shown):
    assert fmt.number(value) == shown


@pytest.mark.parametrize(
    ("amount", "unit", "shown"),
    [
        (Amount(), "户", "—"),
        (Amount(value=D(0)), "户", "0 户"),
        (Amount(value=D(3)), "次/月", "3 次"),
        (Amount(numerator=D(9), denominator=D(10)), "%", "90%（9/10）"),
        (Amount(numerator=D(0), denominator=D(0)), "%", "不适用"),
        (Amount(numerator=D(2999), denominator=D(3000)), "%", "99.9%（2,999/3,000）"),
    ],
)
def test_a_rate_shows_its_two_numbers_and_never_rounds_up_to_full(amount, unit, shown):
    assert fmt.amount(amount, unit) == shown


@pytest.mark.parametrize(("day", "words"), [(18, "还有 3 天"), (15, "今天截止"), (12, "已逾期 3 天")])
def test_deadlines_are_told_in_words(day, words):
    assert fmt.days_left(date(2024, 10, day), date(2024, 10, 15)) == words


def test_goals_and_shares():
    assert fmt.goal(">=", D("100.0000"), "户") == "≥ 100 户"
    assert fmt.goal("<=", D(0), "起") == "≤ 0 起"
    assert fmt.ratio(3, 26) == "3/26（11.5%）"
    assert fmt.ratio(0, 0) == "不适用"
