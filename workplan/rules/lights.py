"""Lights (亮灯): where a target stands, and why. The whole rule is `light` (DESIGN rule 7)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .amounts import HUNDRED, Amount
from .kinds import Comparator, Light, Reason, Recurrence, Strength, TargetKind
from .pace import Pace, expected_share, slots, spans_ended


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Gaps to pace (see `Verdict.gap`): above `yellow` a target is behind, above `red` far behind."""

    yellow: Decimal = Decimal(5)
    red: Decimal = Decimal(20)


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """All that the light depends on.

    on: the day looked at; amount: accepted sum so far; met_on_time: for past deadlines, whether what had been
    reported in time met the goal (None: not asked); any_period_due: a report deadline has passed;
    missing_zero_report: some unit's statement for the last period due is missing (ceilings); units: how many
    units owe a recurring duty.
    """

    kind: TargetKind
    strength: Strength
    comparator: Comparator
    goal: Decimal | None
    is_ratio: bool
    amount: Amount
    pace: Pace
    on: date
    recurrence: Recurrence = Recurrence.NONE
    units: int = 1
    met_on_time: bool | None = None
    any_period_due: bool = False
    missing_zero_report: bool = False

    @property
    def measured(self) -> Decimal | None:
        return self.amount.measured(self.is_ratio)

    @property
    def is_recurring(self) -> bool:
        """Say whether occurrences are counted; a share of occasions (in percent) goes like any ratio."""
        return self.kind == TargetKind.RECURRING and not self.is_ratio

    @property
    def is_past(self) -> bool:
        return self.pace.due is not None and self.on > self.pace.due


@dataclass(frozen=True, slots=True)
class Verdict:
    """A light with its reason. expected: value due by now (for limits: the limit).

    gap: expected minus actual, never negative, in percentage points of the goal; for recurring duties in
    percent of what is due by now. progress: actual in percent of the goal (over 100 is normal). Each None
    where it has no meaning.
    """

    light: Light
    reason: Reason
    expected: Decimal | None = None
    gap: Decimal | None = None
    progress: Decimal | None = None


def is_limit(kind: TargetKind, comparator: Comparator) -> bool:
    """Say whether less is better: ceilings, and goals such as "within 15 minutes"."""
    return kind == TargetKind.CEILING or comparator in (Comparator.LE, Comparator.LT)


def is_met(kind: TargetKind, comparator: Comparator, measured: Decimal | None, goal: Decimal | None) -> bool:
    """Say whether the goal is reached. "=" is reached by more as well, but for ceilings only by not more."""
    if measured is None or goal is None:
        return False
    if is_limit(kind, comparator):
        return measured < goal if comparator == Comparator.LT else measured <= goal
    return measured > goal if comparator == Comparator.GT else measured >= goal


def light(facts: TargetFacts, thresholds: Thresholds = Thresholds()) -> Verdict:
    """Return the light of a target on a day."""
    if facts.strength == Strength.TRACKED:
        return Verdict(Light.UNLIT, Reason.TRACKED)
    if facts.goal is None:
        return Verdict(Light.UNLIT, Reason.NO_GOAL)
    if facts.is_ratio and facts.amount.is_not_applicable:
        return Verdict(Light.UNLIT, Reason.NOT_APPLICABLE)
    if facts.kind == TargetKind.CEILING:
        return _ceiling(facts)
    if facts.pace.due is None and not is_reached(facts):
        return Verdict(Light.UNLIT, Reason.NO_DUE_DATE, progress=_progress(facts))
    if facts.measured is None:
        return _unreported(facts)
    return _by_pace(facts, thresholds)


def _ceiling(facts: TargetFacts) -> Verdict:
    measured = facts.measured
    if measured is not None and not is_met(facts.kind, facts.comparator, measured, facts.goal):
        return Verdict(Light.RED, Reason.CEILING_BREACHED, facts.goal)
    if facts.missing_zero_report:
        return Verdict(Light.NOT_REPORTED, Reason.NO_ZERO_REPORT, facts.goal)
    if measured is None:
        return _unreported(facts)
    if facts.is_past:
        return Verdict(Light.DONE, Reason.GOAL_MET, facts.goal)
    return Verdict(Light.ON_PACE, Reason.WITHIN_CEILING, facts.goal)


def _unreported(facts: TargetFacts) -> Verdict:
    if facts.is_past and facts.kind != TargetKind.CEILING:
        return Verdict(Light.RED, Reason.OVERDUE, facts.goal)
    if facts.any_period_due:
        return Verdict(Light.NOT_REPORTED, Reason.NO_REPORT)
    return Verdict(Light.NOT_STARTED, Reason.NOT_DUE_YET)


def _by_pace(facts: TargetFacts, thresholds: Thresholds) -> Verdict:
    expected, progress = expected_value(facts), _progress(facts)
    if is_reached(facts):
        return _met(facts, expected, progress)
    if facts.is_past:
        return Verdict(Light.RED, Reason.OVERDUE, expected, _gap(facts, expected), progress)
    gap = _gap(facts, expected)
    if gap > thresholds.red:
        return Verdict(Light.RED, Reason.FAR_BEHIND, expected, gap, progress)
    # A recurring duty is owed in full each time: there is no tolerated shortfall, only a grave one.
    tolerated = Decimal(0) if facts.is_recurring else thresholds.yellow
    if gap > tolerated:
        return Verdict(Light.BEHIND, Reason.BEHIND_PACE, expected, gap, progress)
    return Verdict(Light.ON_PACE, Reason.WITHIN_PACE, expected, gap, progress)


def _met(facts: TargetFacts, expected: Decimal | None, progress: Decimal | None) -> Verdict:
    """A total that is reached is done; a ratio can fall again and is done only once its day has come."""
    if facts.met_on_time is False:
        return Verdict(Light.DONE_LATE, Reason.GOAL_MET_LATE, expected, None, progress)
    if facts.is_ratio and (facts.pace.due is None or facts.on < facts.pace.due):
        return Verdict(Light.ON_PACE, Reason.GOAL_MET, expected, None, progress)
    return Verdict(Light.DONE, Reason.GOAL_MET, expected, None, progress)


def full_goal(facts: TargetFacts) -> Decimal | None:
    """Return what must be reached in all; None for a duty that recurs without end, which is never finished.

    Recurring duties owe the goal in every span, for every unit.
    """
    if not facts.is_recurring:
        return facts.goal
    if facts.pace.due is None:
        return facts.goal if facts.recurrence == Recurrence.NONE else None
    return facts.goal * facts.units * len(slots(facts.recurrence, facts.pace.start, facts.pace.due))


def is_reached(facts: TargetFacts) -> bool:
    """Say whether the amount reaches the full goal."""
    return is_met(facts.kind, facts.comparator, facts.measured, full_goal(facts))


def expected_value(facts: TargetFacts) -> Decimal | None:
    """Return the value due by now in the target's unit; for ratios the goal times the expected share."""
    pace = facts.pace
    if facts.is_recurring and pace.due is not None:
        return facts.goal * facts.units * spans_ended(facts.recurrence, pace.start, pace.due, facts.on)
    share = expected_share(pace, facts.on)
    if share is None:
        return None
    return facts.goal * share if _has_shares(facts) else facts.goal


def _has_shares(facts: TargetFacts) -> bool:
    """Say whether the goal is worked off bit by bit. A limit, or a goal up to zero, holds at all times."""
    return facts.goal > 0 and not is_limit(facts.kind, facts.comparator)


def _gap(facts: TargetFacts, expected: Decimal | None) -> Decimal:
    """Return how far the actual lies below the expected (see `Verdict.gap`)."""
    whole = expected if facts.is_recurring else facts.goal
    if not expected or not _has_shares(facts):
        return Decimal(0)
    return max(Decimal(0), HUNDRED * (expected - facts.measured) / whole)


def _progress(facts: TargetFacts) -> Decimal | None:
    goal = full_goal(facts)
    if facts.measured is None or not goal or not _has_shares(facts):
        return None
    return HUNDRED * facts.measured / goal


def slot_light(in_time: Decimal | None, so_far: Decimal | None, required: int, end: date, on: date) -> Light:
    """Return the light of one span of a recurring duty, or of one report: lateness sticks.

    in_time: occurrences reported by the deadline; so_far: those reported until now.
    """
    if in_time is not None and in_time >= required:
        return Light.DONE
    if on <= end:
        return Light.NOT_STARTED if not so_far else Light.ON_PACE
    if so_far is not None and so_far >= required:
        return Light.BEHIND
    return Light.NOT_REPORTED if so_far is None else Light.RED


# From bad to good, for "the worst item" of a section.
SEVERITY = [
    Light.RED,
    Light.NOT_REPORTED,
    Light.BEHIND,
    Light.NOT_STARTED,
    Light.ON_PACE,
    Light.DONE_LATE,
    Light.DONE,
    Light.UNLIT,
]

# Groups of lights that lists and counts speak of: the word for each is in `LIGHT_GROUPS`.
FINISHED = (Light.DONE, Light.DONE_LATE)
WELL = (*FINISHED, Light.ON_PACE)
LAGGING = (Light.RED, Light.NOT_REPORTED, Light.BEHIND)
LIT = tuple(light for light in Light if light != Light.UNLIT)
LIGHT_GROUPS: dict[str, tuple[str, tuple[Light, ...]]] = {
    "lit": ("参与亮灯", LIT),
    "well": ("达到序时或完成", WELL),
    "finished": ("完成（含逾期）", FINISHED),
    "lagging": ("需关注（红灯、未报、滞后）", LAGGING),
}


def lights_of(word: str) -> tuple[Light, ...]:
    """Return the lights that a filter asks for: those of a group, or the one named."""
    return LIGHT_GROUPS[word][1] if word in LIGHT_GROUPS else (Light(word),)


def worst(lights: Iterable[Light]) -> Light:
    """Return the worst of several lights; UNLIT for none."""
    return min(lights, key=SEVERITY.index, default=Light.UNLIT)


def count_lights(lights: Iterable[Light]) -> dict[Light, int]:
    """Return how many there are of each light, zeros included, in order of severity."""
    counted = Counter(lights)
    return {one: counted[one] for one in SEVERITY}
