"""The nightly recount of all figures: from the approved reports and from the records of registers."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import Event

from ..enums import PlanStatus
from ..models import Plan
from .figures import Drift, drift_of, rebuild_figures
from .measuring import measured_drift, rebuild_measured
from .totals import refresh_totals, repair_shares, shares_drift, totals_drift

ACTION = "figures.check"


@dataclass(frozen=True, slots=True)
class Recount:
    """What a recount of one plan has found: differences of reported and measured figures, of the totals kept of both, and of shares."""

    plan: Plan
    reported: list[Drift]
    measured: list[Drift]
    totals: list[tuple]
    shares: list[tuple]

    @property
    def drift(self) -> int:
        return len(self.reported) + len(self.measured) + len(self.totals) + len(self.shares)


def recount(plan: Plan) -> Recount:
    """Return every difference between the figures kept and those that reports and records imply. Writes nothing."""
    return Recount(plan, drift_of(plan), measured_drift(plan), totals_drift(plan), shares_drift(plan))


@transaction.atomic
def repair(found: Recount) -> None:
    """Write the implied figures in place of the kept ones, where they differ, and note what a recount finds then."""
    if found.reported:
        rebuild_figures(plan=found.plan)
    if found.measured:
        rebuild_measured(plan=found.plan)
    if found.totals:
        refresh_totals(found.plan.targets.values_list("pk", flat=True))
    repair_shares(found.shares)
    if found.drift:
        note(recount(found.plan))


def open_plans():
    """Return the plans whose figures are recounted every night: all that are not closed."""
    return Plan.objects.exclude(status=PlanStatus.CLOSED).select_related("bureau").order_by("pk")


def note(found: Recount) -> None:
    """Write into the log what a recount has found."""
    names = ("reported", "measured", "totals", "shares")
    after = {name: len(getattr(found, name)) for name in names}
    audit.record(action=ACTION, row=found.plan, after=after, note="有偏差" if found.drift else "没有偏差")


def last_drift(plan: Plan) -> tuple[datetime, int] | None:
    """Return when the last recount of the plan was and how many figures it found wrong; None where none were, or no recount."""
    events = Event.objects.filter(action=ACTION, object_type=plan._meta.label_lower, object_id=str(plan.pk))
    last = events.order_by("-pk").first()
    count = sum(last.after.values()) if last else 0
    return (last.at, count) if count else None
