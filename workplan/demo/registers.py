"""The sample year's records: each section app invents its own, in `sample.py`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.utils import timezone

from accounts.models import OrgUnit, Remit, User

from ..enums import RecordSource
from ..models import Allocation, Plan, Record
from ..sections import section_apps
from .accounts import Troupe
from .story import TOLD_UNTIL

BATCH = 500


@dataclass(slots=True)
class Sample:
    """What a section's sample records lean on: the plan, its units, and who keeps the registers.

    townships: in their usual order; offices: the office of each section app.
    """

    plan: Plan
    townships: list[OrgUnit]
    offices: dict[str, OrgUnit]
    writers: dict[str, User] = field(default_factory=dict)
    last_day: date = TOLD_UNTIL - timedelta(days=1)

    def row(self, model: type[Record], unit: OrgUnit, happened_on: date, **values: Any) -> Record:
        """Return a record that is not stored yet, entered by the unit's writer on the evening of its day."""
        at = timezone.make_aware(datetime.combine(min(happened_on, self.last_day), time(17, 30)))
        return model(
            org_unit=unit,
            happened_on=happened_on,
            source=RecordSource.SAMPLE,
            created_by=self.writers[unit.code],
            created_at=at,
            changed_at=at,
            **values,
        )

    def store(self, rows: Iterable[Record]) -> None:
        """Store records of one model. What lies after the sample year's last day has not happened yet and is left out."""
        happened = [row for row in rows if row.happened_on <= self.last_day]
        if happened:
            type(happened[0]).objects.bulk_create(happened, batch_size=BATCH)

    def past(self, day: date) -> date | None:
        """Return the day if it has come by the end of the sample year, else None: for later steps of a record."""
        return day if day <= self.last_day else None

    def shares(self, target: str) -> dict[str, int]:
        """Return by unit code what is allocated of the target with this code."""
        rows = Allocation.objects.filter(target__plan=self.plan, target__code=target, amount__isnull=False)
        return {code: int(amount) for code, amount in rows.values_list("org_unit__code", "amount")}

    def unit(self, code: str) -> OrgUnit:
        return next(unit for unit in self.townships if unit.code == code)


def sample_of(plan: Plan, troupe: Troupe) -> Sample:
    units = OrgUnit.objects.below(plan.bureau).townships().order_by("sort", "code")
    remits = Remit.objects.filter(bureau=plan.bureau, valid_to=None).select_related("office")
    return Sample(plan, list(units), {remit.app: remit.office for remit in remits}, dict(troupe.writers))


def invent_records(plan: Plan, troupe: Troupe) -> int:
    """Store the sample records of every section that has any, in the order of the sections; return how many apps."""
    sample, found = sample_of(plan, troupe), 0
    for config in section_apps():
        if find_spec(f"{config.name}.sample"):
            import_module(f"{config.name}.sample").invent(sample)
            found += 1
    return found
