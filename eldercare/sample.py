"""Invented records of elder care for the sample year. Names are plainly made up."""

from datetime import date

from workplan.demo.chance import between, draw
from workplan.demo.registers import Sample

from .enums import CanteenMode, EventKind, InstitutionKind
from .models import Canteen, CommitteeMember, Event, FireIssue, Institution

MEMBERS = 31
SETTLED_SHARE = 0.8


def invent(sample: Sample) -> None:
    """Store the sample records of all registers of this section."""
    sample.store(_institutions(sample))
    sample.store(_fire_issues(sample))
    sample.store(_canteens(sample))
    sample.store(_members(sample))
    sample.store(_events(sample))


def _institutions(sample: Sample):
    for unit in sample.townships:
        opened = date(between(2012, 2022, unit.code, "home"), between(1, 12, unit.code, "month"), 8)
        beds = between(20, 120, unit.code, "beds")
        yield sample.row(
            Institution, unit, opened, name=f"{unit.label}演示敬老院", kind=InstitutionKind.NURSING_HOME, beds=beds
        )


def _fire_issues(sample: Sample):
    """Six homes were in use before their fire protection had been accepted; most are put right by autumn."""
    homes = Institution.objects.filter(org_unit__in=sample.townships[2:20:3]).select_related("org_unit")
    for place, home in enumerate(homes.order_by("org_unit__sort")):
        closed = sample.past(date(2024, 5 + place, 20))
        yield sample.row(
            FireIssue,
            home.org_unit,
            date(2024, 3, 12),
            institution=home,
            problem="未取得消防验收手续即投入使用",
            closed_on=closed,
        )


def _canteens(sample: Sample):
    """Old canteens run already; one of the two new ones opened in June, the other one is to open before winter."""
    old = [unit for unit in sample.townships if draw(unit.code, "canteen") < 0.3]
    modes = [CanteenMode.PLAIN, CanteenMode.HEALTH]
    for place, unit in enumerate(old):
        opened = date(2023, 1 + place % 12, 6)
        yield sample.row(Canteen, unit, opened, name=f"{unit.label}演示老年食堂", mode=modes[place % 2])
    new = sample.townships[1]
    yield sample.row(
        Canteen,
        new,
        date(2024, 6, 18),
        name=f"{new.label}第二演示老年食堂",
        newly_built=True,
        mode=CanteenMode.VOLUNTEER,
    )


def _members(sample: Sample):
    office = sample.offices["eldercare"]
    for number in range(1, MEMBERS + 1):
        settled = sample.past(date(2024, between(3, 9, "member", number), 15))
        done = draw("settled", number) < SETTLED_SHARE
        yield sample.row(
            CommitteeMember,
            office,
            date(2023, 1, 10),
            name=f"演示成员单位{number:02}",
            settled_on=settled if done else None,
        )


def _events(sample: Sample):
    office = sample.offices["eldercare"]
    yield sample.row(
        Event,
        office,
        date(2024, 7, 11),
        kind=EventKind.TRAINING,
        name="2024年养老护理员职业技能培训（演示）",
        place="演示会议室",
        attendance=86,
    )
