"""How a number is broken down to several units so that the parts add up to it exactly."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal


def spread(total: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Return parts of the total in proportion to the weights; they add up to it exactly.

    Parts are as fine as the total: of whole homes whole homes. What rounding down leaves over goes, one step each, to the parts
    that lost most by it (largest remainder), the earlier one first where they lost the same. A weight of zero has no part.
    Raises ValueError for negative numbers and where no weight is above zero.
    """
    together = sum(weights)
    if together <= 0 or total < 0 or min(weights) < 0:
        raise ValueError("a total of zero or more and weights, one of them above zero, are needed")
    step = step_of(total)
    exact = [total * weight / together for weight in weights]
    parts = [share.quantize(step, ROUND_DOWN) for share in exact]
    left = int((total - sum(parts)) / step)
    for place in sorted(range(len(parts)), key=lambda place: parts[place] - exact[place])[:left]:
        parts[place] += step
    return parts


def step_of(total: Decimal) -> Decimal:
    """Return the smallest part that a total is broken down to: one, or its last decimal."""
    return Decimal(1).scaleb(min(0, total.normalize().as_tuple().exponent))
