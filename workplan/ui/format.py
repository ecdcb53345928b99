"""Numbers, dates and spans in Chinese. Templates receive these texts ready made."""

from datetime import date
from decimal import Decimal

from ..rules.amounts import Amount, shown_percent
from ..rules.kinds import Comparator

MISSING = "—"
NOT_APPLICABLE = "不适用"
FEW = "少于5"  # see workplan.discretion
SIGNS = {
    Comparator.GE: "≥",
    Comparator.GT: "＞",
    Comparator.EQ: "=",
    Comparator.LE: "≤",
    Comparator.LT: "＜",
}


def number(value: Decimal | int | None) -> str:
    """Return the number with thousands separators and without idle zeros; "—" where it is missing."""
    if value is None:
        return MISSING
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(value: Decimal | None, places: int = 1) -> str:
    """Return the number rounded for reading: expected values and gaps come with long tails."""
    return MISSING if value is None else number(value.quantize(Decimal(1).scaleb(-places)))


def percent(value: Decimal | None) -> str:
    """Return a percentage, never rounded up to a full 100."""
    return MISSING if value is None else f"{number(shown_percent(value))}%"


def bare_unit(unit: str) -> str:
    """Return the unit of what was counted: of "次/月" the occurrences are 次."""
    return unit.split("/")[0]


def quantity(value: Decimal | int | None, unit: str) -> str:
    """Return number and unit, e.g. 1,234 户; percent signs stand close."""
    if value is None:
        return MISSING
    return percent(Decimal(value)) if unit == "%" else f"{number(value)} {bare_unit(unit)}".rstrip()


def amount(stated: Amount, unit: str) -> str:
    """Return what was reported: a rate with its two numbers, "不适用" for 0/0, "—" where nothing was."""
    if stated.is_missing:
        return MISSING
    if unit != "%":
        return quantity(stated.value, unit)
    if stated.is_not_applicable:
        return NOT_APPLICABLE
    if stated.numerator is None:
        return percent(stated.value)
    return f"{percent(stated.percent)}（{number(stated.numerator)}/{number(stated.denominator)}）"


def withheld(stated: Amount, unit: str) -> str:
    """Return an amount whose small counts have been left out: 少于5 人, of a rate 少于5/22 without its percentage."""
    parts = (stated.numerator, stated.denominator) if unit == "%" else (stated.value,)
    if None not in parts:
        return amount(stated, unit)
    words = "/".join(FEW if part is None else number(part) for part in parts)
    return words if unit == "%" else f"{words} {bare_unit(unit)}".rstrip()


def goal(comparator: str, value: Decimal | None, unit: str) -> str:
    """Return a goal as it is promised, e.g. ≥ 100 户 or = 1 次/月."""
    if value is None:
        return MISSING
    shown = f"{number(value)}%" if unit == "%" else f"{number(value)} {unit}"
    return f"{SIGNS[Comparator(comparator)]} {shown}"


def ratio(part: int, whole: int) -> str:
    """Return a share as its two numbers and percent: 3/26（11.5%）; "不适用" where there is nothing to count."""
    if not whole:
        return NOT_APPLICABLE
    return f"{part}/{whole}（{percent(Decimal(100) * part / whole)}）"


def day(value: date | None) -> str:
    return MISSING if value is None else value.isoformat()


def days_left(due: date, on: date) -> str:
    """Say in words how far a deadline is."""
    days = (due - on).days
    if days > 0:
        return f"还有 {days} 天"
    return "今天截止" if days == 0 else f"已逾期 {-days} 天"
