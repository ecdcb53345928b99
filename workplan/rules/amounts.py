"""Amounts: a value, or a rate as its two numbers, which are summed apart: percentages are never added."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Amount:
    """What was reported. None is missing; zero is a value."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    @property
    def is_missing(self) -> bool:
        return self.value is None and self.numerator is None

    @property
    def is_not_applicable(self) -> bool:
        """Say whether a rate was reported with nothing to measure (denominator zero), such as 0 of 0."""
        return self.denominator is not None and self.denominator == 0

    @property
    def percent(self) -> Decimal | None:
        """Return 100 × numerator / denominator, unrounded; None where missing or not applicable."""
        if self.numerator is None or not self.denominator:
            return None
        return HUNDRED * self.numerator / self.denominator

    def measured(self, is_ratio: bool) -> Decimal | None:
        """Return the number that a goal is compared with: percent for ratios, else the value."""
        return self.percent if is_ratio else self.value


def roll_up(amounts: Iterable[Amount]) -> Amount:
    """Add amounts field by field. Missing plus three is three; only missing plus missing is missing."""
    amounts = list(amounts)
    return Amount(
        _sum(amount.value for amount in amounts),
        _sum(amount.numerator for amount in amounts),
        _sum(amount.denominator for amount in amounts),
    )


def _sum(numbers: Iterable[Decimal | None]) -> Decimal | None:
    known = [number for number in numbers if number is not None]
    return sum(known, Decimal(0)) if known else None


def shown_percent(percent: Decimal, places: int = 1) -> Decimal:
    """Round for display, but never up to 100: 99.96 % reads 99.9 %, since "100 %" would say it is reached."""
    quantum = Decimal(1).scaleb(-places)
    rounded = percent.quantize(quantum, ROUND_HALF_UP)
    if percent < HUNDRED <= rounded:
        return percent.quantize(quantum, ROUND_DOWN)
    return rounded
