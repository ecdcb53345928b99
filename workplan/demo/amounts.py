"""What a unit of the sample year had achieved by a month: invented, growing, free of contradictions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..rules.entries import EntryInput
from ..rules.kinds import Strength, TargetKind
from ..rules.pace import Pace, expected_share
from .chance import between, draw, reached

MARCH, SEPTEMBER, NEVER = 3, 9, 13

# What happened in a month of a recurring duty (code → month → times). Months that are not named: none.
FLOWS: dict[str, Mapping[int, int]] = {
    "3.2": {4: 1},  # the beginning-of-year check came in April: completed late
    "3.3": {3: 1, 4: 1, 5: 1, 6: 1, 7: 0, 8: 2, 9: 1, 10: 1},  # July was missed and caught up in August
    "3.5": {6: 1},
    "8.6": {3: 2, 4: 1, 6: 1},
    "33.4": {9: 1},
    "37.2": {6: 1},
    "38.1": {9: 1},
    "38.2": {9: 1},
    "46.1": {4: 1},
}
TIMES_A_MONTH = {"8.8": (1, 2), "49.1": (1, 3)}

# The month in which a promise of an office was kept; others are drawn.
DONE_IN = {
    "3.1": 3, "3.4": 5, "3.6": 7, "4.1": 6, "4.2": 9, "8.5": 4, "8.7": 6, "12.1": 8, "13.2": 8, "15.2": 9,
    "31.1": 5, "31.2": 8, "36.2": 9, "44.1": 7, "45.1": 6, "45.4": 8, "47.1": 9, "52.1": 5,
}  # fmt: skip
NOT_THIS_YEAR = {
    "10.1", "10.2", "11.1", "12.2", "16.1", "20.2", "27.1", "31.3", "35.4", "43.2", "43.3", "47.2", "51.1",
}  # fmt: skip

# Rates: smallest and largest denominator of a unit, and the share reached in March and in September.
RATES = {
    "15.1": (2860, 2860, 0.985, 0.997),
    "15.4": (1, 1, 0.4, 0.95),
    "19.1": (4, 12, 0.5, 0.9),
    "20.1": (31, 31, 0.3, 0.8),
    "21.3": (640, 640, 0.85, 0.91),
    "22.1": (6, 6, 0.2, 0.7),
    "22.4": (136, 136, 0.62, 0.84),
    "26.1": (86, 86, 1.0, 1.0),
    "41.2": (14, 42, 0.12, 0.39),
    "42.1": (1, 1, 0.3, 0.8),
    "42.2": (5, 8, 0.15, 0.5),
    "42.3": (1, 1, 0.3, 0.7),
    "44.2": (180, 180, 1.0, 1.0),
    "45.3": (9, 9, 0.4, 0.7),
    "45.5": (2, 2, 1.0, 1.0),
    "48.1": (12, 38, 0.15, 0.72),
    "49.2": (0, 0, 0.35, 0.85),  # out of the homes allocated to the unit
    "50.1": (18, 60, 0.55, 0.93),
    "50.2": (18, 60, 0.4, 0.86),
    "50.3": (2, 9, 0.7, 0.93),
    "50.4": (18, 60, 0.35, 0.8),
    "50.5": (4, 14, 0.5, 0.9),
    "50.6": (18, 60, 0.45, 0.85),
    "51.2": (4, 12, 0.1, 0.35),
}
OTHER_RATE = (5, 18, 0.3, 0.75)
# Targets about the same people, villages, homes or sites: drawn alike, so that they never contradict.
ALIKE = {
    "50.2": "50.1", "50.4": "50.1", "50.6": "50.1", "51.2": "19.1", "49.2": "49.3",
    "40.2": "site", "40.3": "site", "40.4": "site", "42.1": "site", "42.3": "site",
}  # fmt: skip
# What the rate of the key covers is what the rate of the value has reached.
OUT_OF = {"50.2": "50.1"}

# Tracked totals: how much a unit adds in a month.
GROWTH = {
    "14.1": (40, 90), "21.2": (2, 6), "21.4": (40, 120), "28.1": (1, 4), "35.1": (3, 9), "35.2": (4, 12),
    "48.2": (0, 1), "48.3": (3, 9),
}  # fmt: skip
OTHER_GROWTH = (0, 1)

# How fast units work compared with the pace that is asked of them (code → slowest, fastest).
SPEED = {"49.3": (0.7, 1.0), "40.2": (1.2, 1.4), "40.3": (0.35, 0.75), "40.4": (0.5, 0.9), "49.4": (0.8, 1.2)}
OTHER_SPEED = (0.85, 1.25)

# The one illegal tomb of the sample year: found in August in one township, pulled down in September.
TOMB_UNIT, TOMB_MONTH = "500156109", 8
TOMB_REMARK = "8月中旬巡查发现新增违建墓地1处，当日制止并下达整改通知，已约定拆除时间。"


@dataclass(frozen=True, slots=True)
class Cell:
    """One target as one unit owes it. shares: the unit's allocated amounts of all its targets, by code."""

    code: str
    kind: TargetKind
    strength: Strength
    is_ratio: bool
    goal: Decimal | None
    pace: Pace
    unit: str
    is_township: bool
    shares: Mapping[str, Decimal | None]

    @property
    def share(self) -> Decimal | None:
        return self.shares.get(self.code)


def entry_for(cell: Cell, end: date) -> EntryInput:
    """Return what the unit states for the period that ends on the day."""
    if cell.code in ("46.4", "46.5"):
        return _tomb_rate(cell, end.month)
    if cell.kind == TargetKind.CEILING:
        return _ceiling(cell, end.month)
    if cell.is_ratio:
        return _rate(cell, end.month)
    if cell.kind == TargetKind.RECURRING:
        return EntryInput(value=Decimal(_times(cell, end.month)))
    if cell.strength == Strength.TRACKED and cell.kind != TargetKind.MILESTONE:
        return EntryInput(value=Decimal(_tracked(cell, end.month)))
    return _total(cell, end)


def _ceiling(cell: Cell, month: int) -> EntryInput:
    if (cell.code, cell.unit, month) == ("46.3", TOMB_UNIT, TOMB_MONTH):
        return EntryInput(value=Decimal(1), remark=TOMB_REMARK)
    return EntryInput(value=Decimal(0), zero_report=True)


def _tomb_rate(cell: Cell, month: int) -> EntryInput:
    found = int(cell.unit == TOMB_UNIT and month >= TOMB_MONTH)
    still_standing = cell.code == "46.5" and month == TOMB_MONTH
    return EntryInput(numerator=Decimal(0 if still_standing else found), denominator=Decimal(found))


def _times(cell: Cell, month: int) -> int:
    if cell.code in TIMES_A_MONTH:
        return between(*TIMES_A_MONTH[cell.code], cell.code, month)
    return FLOWS.get(cell.code, {}).get(month, 0)


def _tracked(cell: Cell, month: int) -> int:
    if cell.code == "22.2":
        return 15
    low, high = GROWTH.get(cell.code, OTHER_GROWTH)
    grown = sum(between(low, high, cell.code, cell.unit, m) for m in range(1, month + 1))
    return grown if cell.goal is None else min(grown, int(cell.goal))


def _rate(cell: Cell, month: int) -> EntryInput:
    if cell.kind == TargetKind.RECURRING:
        meetings = between(2, 5, cell.code, month)
        return EntryInput(numerator=Decimal(meetings), denominator=Decimal(meetings))
    if cell.code == "39.2":
        base = 310 * month
        return EntryInput(numerator=Decimal(base * 4 // 100 - 20), denominator=Decimal(base))
    if cell.code == "48.4":
        return _casework(cell, month)
    below = _reached(cell, OUT_OF[cell.code], month) if cell.code in OUT_OF else _population(cell, cell.code)
    return EntryInput(numerator=Decimal(_reached(cell, cell.code, month)), denominator=Decimal(below))


def _population(cell: Cell, code: str) -> int:
    if code == "49.2":
        return int(cell.shares.get("49.3") or 0)
    low, high, *_ = RATES.get(code, OTHER_RATE)
    return between(low, high, ALIKE.get(code, code), cell.unit, "population")


def _reached(cell: Cell, code: str, month: int) -> int:
    *_, first, last = RATES.get(code, OTHER_RATE)
    level = first + (last - first) * (month - MARCH) / (SEPTEMBER - MARCH)
    return reached(_population(cell, code), level, ALIKE.get(code, code), cell.unit)


def _casework(cell: Cell, month: int) -> EntryInput:
    """Few townships find children who need casework, and not all of these are served at once."""
    found = max(0, between(-6, 3, cell.code, cell.unit)) if month >= 5 else 0
    served = reached(found, 0.6 + 0.08 * (month - 5), cell.code, cell.unit)
    return EntryInput(numerator=Decimal(served), denominator=Decimal(found))


def _total(cell: Cell, end: date) -> EntryInput:
    if cell.is_township:  # works off its share piece by piece
        slow, fast = SPEED.get(cell.code, OTHER_SPEED)
        alike = ALIKE.get(cell.code, cell.code)
        speed = slow + (fast - slow) * draw(alike, cell.unit, "speed")
        level = speed * float(expected_share(cell.pace, end) or 0)
        return EntryInput(value=Decimal(reached(int(cell.share or 0), level, alike, cell.unit)))
    goal, month = int(cell.goal or 0), _month_of(cell)
    if cell.code == "43.1":
        return _zoning_plan(end)
    if end.month >= month:
        return EntryInput(value=Decimal(goal), done_on=_done_on(cell, end.year, month))
    begun = reached(goal - 1, (end.month - 1) / 12, cell.code, cell.unit)
    return EntryInput(value=Decimal(begun))


def _zoning_plan(end: date) -> EntryInput:
    share = Decimal("0.6") if end.month >= SEPTEMBER else Decimal("0.3") if end.month >= 6 else Decimal(0)
    return EntryInput(value=share)


def _month_of(cell: Cell) -> int:
    if cell.code in NOT_THIS_YEAR:
        return NEVER
    return DONE_IN.get(cell.code) or between(4, NEVER + 4, cell.code, "month")


def _done_on(cell: Cell, year: int, month: int) -> date | None:
    return date(year, month, between(5, 19, cell.code, "day")) if cell.kind == TargetKind.MILESTONE else None
