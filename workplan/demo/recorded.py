"""What the registers of the sample year say on a day, for the entries that reports take from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import OrgUnit

from ..models import Figure, Period, Plan, Target
from ..rules.amounts import Amount, roll_up
from ..rules.entries import EntryInput
from ..rules.kinds import TargetKind

NO_RECORDS = Amount(Decimal(0), Decimal(0), Decimal(0))
PLACES = Decimal("0.0001")  # as the database gives numbers back


@dataclass(frozen=True, slots=True)
class Counted:
    """One measured figure: the days from which and until which it counts, and its amount."""

    since: date
    until: date | None
    amount: Amount


class Recorded:
    """The measured figures of a plan, by target and unit."""

    def __init__(self, plan: Plan):
        self.figures: dict[tuple[int, int], list[Counted]] = {}
        rows = (
            Figure.objects.measured()
            .filter(target__plan=plan)
            .values_list("target_id", "org_unit_id", "accepted_on", "replaced_on", "value", "numerator", "denominator")
        )
        for target, unit, since, until, *numbers in rows:
            self.figures.setdefault((target, unit), []).append(Counted(since, until, Amount(*numbers)))

    def entry(self, target: Target, unit: OrgUnit, period: Period, on: date, remark: str = "") -> EntryInput:
        """Return what the report of the period takes over on the day; a ceiling without incident is stated as zero."""
        day = min(on, period.end)
        found = self.figures.get((target.pk, unit.pk), [])
        first = period.start if target.is_flow else date.min
        kept = [c.amount for c in found if c.since >= first and _standing(c, day)]
        amount = roll_up([NO_RECORDS, *kept])
        if target.is_ratio:
            above, below = amount.numerator.quantize(PLACES), amount.denominator.quantize(PLACES)
            return EntryInput(numerator=above, denominator=below, remark=remark)
        value = amount.value.quantize(PLACES)
        zero = target.kind == TargetKind.CEILING and value == 0
        return EntryInput(value=value, zero_report=zero, remark=remark)

    def fill(
        self, targets: Iterable[Target], unit: OrgUnit, period: Period, on: date, typed: dict[int, EntryInput]
    ) -> dict[int, EntryInput]:
        """Return what was typed, with the numbers of computed targets as the registers fill them on the day."""
        remarks = {pk: entry.remark for pk, entry in typed.items()}
        filled = {t.pk: self.entry(t, unit, period, on, remarks.get(t.pk, "")) for t in targets if t.is_computed}
        return typed | filled


def _standing(counted: Counted, day: date) -> bool:
    return counted.since <= day and (counted.until is None or counted.until > day)
