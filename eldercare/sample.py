"""Invented records of elder care for the sample year. Names are plainly made up."""

from datetime import date, timedelta

from people.sample import Wanted, invent_people
from workplan.demo.chance import between, draw, pick
from workplan.demo.registers import Sample

from .enums import CanteenMode, Certificate, EventKind, HardshipKind, InstitutionKind, VisitKind
from .models import (
    Canteen,
    CareWorker,
    CommitteeMember,
    Event,
    FireIssue,
    HomeAdaptation,
    HomeCareBed,
    Institution,
    SupportedElder,
    Visit,
)

MEMBERS = 31
SETTLED_SHARE = 0.8
CERTIFIED_SHARE = 0.84  # by October: below the 90 % that are due at the end of the year
ENDING, ENDING_SHARE = (date(2024, 10, 15), date(2024, 10, 18), date(2024, 10, 24)), 0.12  # certificates
WORKERS = (4, 7)  # of one institution
HARDSHIPS = (HardshipKind.EXTREMELY_POOR, HardshipKind.LOW_INCOME, HardshipKind.DISABLED, HardshipKind.ALONE)


def invent(sample: Sample) -> None:
    """Store the sample records of all registers of this section."""
    sample.store(_institutions(sample))
    sample.store(_fire_issues(sample))
    sample.store(_canteens(sample))
    sample.store(_members(sample))
    sample.store(_events(sample))
    sample.store(_care_workers(sample))
    sample.store(_adaptations(sample))
    sample.store(_beds(sample))
    sample.store(_elders(sample))
    sample.store(_visits(sample))


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


def _care_workers(sample: Sample):
    homes = list(Institution.objects.filter(org_unit__in=sample.townships).select_related("org_unit").order_by("pk"))
    posts = [(home, n) for home in homes for n in range(between(*WORKERS, "workers", home.name))]
    people = invent_people([Wanted(h.org_unit, ("worker", h.name, n), 24, 59) for h, n in posts], sample.last_day)
    for (home, n), person in zip(posts, people, strict=True):
        hired = date(between(2018, 2023, "hired", home.name, n), between(1, 12, "month", home.name, n), 1)
        certified = date(2024, 1, 15) + timedelta(days=between(0, 260, "certified", home.name, n))
        has = draw("has", home.name, n) < CERTIFIED_SHARE
        yield sample.row(
            CareWorker,
            home.org_unit,
            hired,
            person=person,
            institution=home,
            certificate=Certificate.BEGINNER if has else Certificate.NONE,
            certified_on=certified if has else None,
            certificate_until=_until(certified, home.name, n) if has else None,
        )


def _until(certified: date, home: str, n: int) -> date:
    """Most certificates hold for three years; some end in the days that the demo shows."""
    ends = pick(ENDING, "until", home, n) if draw("short", home, n) < ENDING_SHARE else None
    return ends or certified.replace(year=certified.year + 3, day=min(certified.day, 28))


def _adaptations(sample: Sample):
    """Each township has surveyed what is allocated to it; some six in ten homes are accepted by October."""
    shares = sample.shares("49.3")
    homes = [(unit, n) for unit in sample.townships for n in range(shares.get(unit.code, 0))]
    people = invent_people([Wanted(unit, ("home", unit.code, n), 66, 92) for unit, n in homes], sample.last_day)
    for (unit, n), person in zip(homes, people, strict=True):
        surveyed = date(2024, 3, 4) + timedelta(days=between(0, 150, "surveyed", unit.code, n))
        planned = sample.past(surveyed + timedelta(days=between(7, 30, "planned", unit.code, n)))
        built = planned and sample.past(planned + timedelta(days=between(20, 75, "built", unit.code, n)))
        accepted = built and sample.past(built + timedelta(days=between(5, 40, "accepted", unit.code, n)))
        paid = accepted and sample.past(accepted + timedelta(days=between(20, 60, "paid", unit.code, n)))
        yield sample.row(
            HomeAdaptation,
            unit,
            surveyed,
            person=person,
            hardship=HARDSHIPS[n % len(HARDSHIPS)],
            address=f"演示村{n + 1}组",
            planned_on=planned,
            built_on=built,
            accepted_on=accepted,
            paid_on=paid,
            amount=between(1800, 3000, "amount", unit.code, n) if paid else None,
        )


def _beds(sample: Sample):
    shares = sample.shares("49.4")
    beds = [(unit, n) for unit in sample.townships for n in range(shares.get(unit.code, 0))]
    people = invent_people([Wanted(unit, ("bed", unit.code, n), 70, 90) for unit, n in beds], sample.last_day)
    for (unit, n), person in zip(beds, people, strict=True):
        signed = date(2024, 4, 10) + timedelta(days=between(0, 170, "signed", unit.code, n))
        online = sample.past(signed + timedelta(days=between(10, 40, "online", unit.code, n)))
        yield sample.row(HomeCareBed, unit, signed, person=person, online_on=online)


def _elders(sample: Sample):
    elders = [(unit, n) for unit in sample.townships for n in range(between(18, 30, "elders", unit.code))]
    people = invent_people([Wanted(unit, ("elder", unit.code, n), 62, 95) for unit, n in elders], sample.last_day)
    for (unit, n), person in zip(elders, people, strict=True):
        included = date(2024, 1, 10) + timedelta(days=between(0, 300, "included", unit.code, n))
        yield sample.row(
            SupportedElder,
            unit,
            date(2023, 12, 20),
            person=person,
            hardship=HARDSHIPS[n % len(HARDSHIPS)],
            included_on=sample.past(included),
            gathered=draw("gathered", unit.code, n) < 0.08,
        )


def _visits(sample: Sample):
    """Every elder in hardship is visited in some of the months."""
    for elder in SupportedElder.objects.select_related("org_unit", "person").order_by("pk"):
        for month in range(3, 11):
            if draw("visit", elder.person_id, month) < 0.35:
                day = date(2024, month, between(1, 27, "visit day", elder.person_id, month))
                yield sample.row(
                    Visit, elder.org_unit, day, person=elder.person, kind=VisitKind.CALL, visitor="演示网格员"
                )
