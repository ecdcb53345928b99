"""Invented records of livelihood for the sample year."""

from datetime import date

from workplan.demo.chance import between
from workplan.demo.registers import Sample

from .enums import DocumentKind, VenueKind
from .models import (
    BurialFacility,
    HomeListUpdate,
    LegacyProblem,
    MarriageVenue,
    PlanningDocument,
    VenueUse,
)

PROBLEMS = 12


def invent(sample: Sample) -> None:
    """Store the sample records of all registers of this section."""
    office = sample.offices["livelihood"]
    town = sample.townships[6]
    name = f"{town.label}演示公益性安葬设施"
    sample.store(
        [sample.row(BurialFacility, town, date(2024, 4, 2), name=name, started_on=date(2024, 9, 10), places=400)]
    )
    plan = {"kind": DocumentKind.BURIAL_PLAN, "title": "演示专项规划", "drafted_on": date(2024, 8, 30)}
    sample.store([sample.row(PlanningDocument, office, date(2024, 3, 18), **plan)])
    sample.store(_problems(sample))
    sample.store(_updates(sample, office))
    sample.store(
        [sample.row(MarriageVenue, office, date(2024, 5, 20), name="演示户外颁证基地", kind=VenueKind.OUTDOOR_BASE)]
    )
    venue = MarriageVenue.objects.first()
    sample.store(
        sample.row(VenueUse, office, day, venue=venue, couples=couples)
        for day, couples in ((date(2024, 5, 20), 26), (date(2024, 8, 10), 18))
    )


def _problems(sample: Sample):
    for n in range(PROBLEMS):
        unit = sample.townships[n * 2]
        solved = sample.past(date(2024, 4 + n % 9, 16))
        yield sample.row(LegacyProblem, unit, date(2024, 3, 6), problem=f"演示遗留问题{n + 1}", solved_on=solved)


def _updates(sample: Sample, office):
    listed = 140
    for month in range(3, 10):
        for part in range(between(1, 2, "updates", month)):
            added, removed = between(2, 9, "added", month, part), between(0, 4, "removed", month, part)
            listed += added - removed
            day = date(2024, month, 8 + 12 * part)
            yield sample.row(HomeListUpdate, office, day, added=added, removed=removed, listed=listed)
