"""Invented records of reform for the sample year."""

from datetime import date, timedelta

from people.sample import Wanted, invent_people
from workplan.demo.registers import Sample

from .enums import ConsortiumKind, EnforcementUnit, Level, MechanismKind, PilotKind
from .models import (
    Consortium,
    EnforcementOfficer,
    Mechanism,
    PenaltyCase,
    Pilot,
    Platform,
    ReformItem,
    TypicalCase,
)

OFFICERS = 9


def invent(sample: Sample) -> None:
    """Store the sample records of all registers of this section."""
    office = sample.offices["reform"]
    sample.store(
        sample.row(ReformItem, office, date(2024, 2, 26), title=f"演示改革事项{n}", listed_on=listed)
        for n, listed in enumerate((date(2024, 3, 20), date(2024, 3, 20), None), start=1)
    )
    sample.store(
        sample.row(TypicalCase, office, date(2024, month, 22), title=f"演示典型案例{n}")
        for n, month in enumerate((4, 6, 8, 9), start=1)
    )
    sample.store(_pilots(sample, office))
    sample.store(
        sample.row(Consortium, office, date(2024, 3, month), kind=kind, members=12)
        for month, kind in enumerate(ConsortiumKind.values, start=11)
    )
    assistance = Consortium.objects.filter(kind=ConsortiumKind.ASSISTANCE).first()
    sample.store(
        sample.row(Platform, office, day, consortium=assistance, name=name)
        for name, day in (("演示供需对接平台", date(2024, 5, 16)), ("演示服务调度平台", date(2024, 8, 21)))
    )
    sample.store([sample.row(Mechanism, office, date(2024, 8, 13), kind=MechanismKind.TEAM, document="演示文件")])
    sample.store(_officers(sample, office))
    sample.store([sample.row(PenaltyCase, office, date(2024, 9, 4), number="演示〔2024〕1号", matter="演示案由")])


def _pilots(sample: Sample, office):
    rows = (
        ("演示市级改革试点", PilotKind.REFORM, Level.MUNICIPAL, date(2024, 6, 14)),
        ("演示公益慈善联合体试点", PilotKind.CHARITY_CONSORTIUM, Level.MUNICIPAL, date(2024, 8, 16)),
        ("演示改革样板", PilotKind.MODEL, Level.DISTRICT, None),
    )
    for name, kind, level, granted in rows:
        yield sample.row(Pilot, office, date(2024, 3, 15), name=name, kind=kind, level=level, granted_on=granted)


def _officers(sample: Sample, office):
    home = sample.townships[0]
    people = invent_people([Wanted(home, ("officer", n), 28, 55) for n in range(OFFICERS)], sample.last_day)
    units = (EnforcementUnit.RELIEF_STATION, EnforcementUnit.ALLOWANCE_CENTRE, EnforcementUnit.FUNERAL_OFFICE)
    for n, person in enumerate(people):
        yield sample.row(
            EnforcementOfficer,
            office,
            date(2024, 4, 8) + timedelta(days=n),
            person=person,
            workplace=units[n % len(units)],
            certificate=f"演示证{n + 1:03}",
            joined_on=date(2024, 8, 13),
        )
