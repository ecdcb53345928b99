"""What the slow recounts share: the day, the target and the unit looked at, and dates compared in plain words."""

from dataclasses import dataclass
from datetime import date

from accounts.models import OrgUnit
from workplan.models import Target


@dataclass(frozen=True)
class Counting:
    """One recount: of a target, on a day, for a unit and all below it (None: the whole bureau)."""

    target: Target
    on: date
    unit: OrgUnit | None = None

    def covers(self, unit: OrgUnit) -> bool:
        return self.unit is None or unit.path.startswith(self.unit.path)


def standing(since: date | None, until: date | None, on: date) -> bool:
    """Say whether something that began and perhaps ended stands on the day."""
    return since is not None and since <= on and (until is None or on < until)


def within_year(day: date | None, counting: Counting) -> bool:
    """Say whether the day lies in the target's year, from the target's start until the day looked at."""
    target = counting.target
    return day is not None and target.start <= day <= counting.on and day.year == target.plan.year
