"""Invented records of child welfare for the sample year. Names are plainly made up."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from people.models import Person
from people.sample import Wanted, invent_people
from workplan.demo.chance import between, draw, pick
from workplan.demo.registers import Sample

from .enums import (
    BenefitKind,
    CareGrade,
    CarerRelation,
    CaseTopic,
    DirectorKind,
    EventKind,
    GroupKind,
    GuardianshipKind,
    HardshipReason,
    LeftBehindReason,
    OrphanReason,
    ParentState,
    PartnerKind,
    Severity,
)
from .models import (
    Assessment,
    Attendance,
    Benefit,
    Casework,
    Child,
    ChildDirector,
    Event,
    GroupSession,
    Guardianship,
    Organisation,
    Partner,
    Screening,
    Visit,
)

CHILDREN = (8, 14)  # of one township
ALLOWANCE = 1500  # yuan a month: invented, the plan does not state the standard
SPRING_SHARE, SUMMER_SHARE = 0.4, 0.72  # of the children had been to a group by then
SCREENED_SHARE, SERIOUS_SHARE = 0.8, 0.05
# Categories by the child's number in its township: every township has each of them, some children two.
CATEGORIES = (
    {"orphan": OrphanReason.PARENTS_DEAD},
    {"unattended": True, "father": ParentState.DEAD, "mother": ParentState.OUT_OF_TOUCH},
    {"hardship": HardshipReason.POOR},
    {"left_behind": LeftBehindReason.BOTH_AWAY},
    {"left_behind": LeftBehindReason.BOTH_AWAY},
    {"hardship": HardshipReason.DISABLED},
    {"hardship": HardshipReason.POOR, "left_behind": LeftBehindReason.BOTH_AWAY},
    {"left_behind": LeftBehindReason.OTHER_UNABLE},
    {"migrant": True},
)


def invent(sample: Sample) -> None:
    """Store the sample records of all registers of this section."""
    sample.store(_children(sample))
    children = list(Child.objects.filter(org_unit__in=sample.townships).select_related("org_unit", "person"))
    children.sort(key=lambda child: child.pk)
    sample.store(_guardianships(sample, children))
    sample.store(_assessments(sample, children))
    sample.store(_visits(sample, children))
    sample.store(_benefits(sample, children))
    sample.store(_sessions(sample))
    sample.store(_attendances(sample, children))
    sample.store(_screenings(sample, children))
    _work_with_troubled(sample)
    sample.store(_directors(sample))
    _at_the_office(sample)


def _children(sample: Sample) -> Iterator[Child]:
    places = [(unit, n) for unit in sample.townships for n in range(between(*CHILDREN, "children", unit.code))]
    people = invent_people([Wanted(unit, ("child", unit.code, n), 4, 13) for unit, n in places], sample.last_day)
    for (unit, n), person in zip(places, people, strict=True):
        known = date(2023, 9, 1) + timedelta(days=between(0, 240, "known", unit.code, n))
        yield sample.row(Child, unit, max(known, person.birth_date), person=person, **CATEGORIES[n % len(CATEGORIES)])


def _guardianships(sample: Sample, children: Iterable[Child]) -> Iterator[Guardianship]:
    """Children whose parents are away or cannot care are looked after by somebody else."""
    wards = [child for child in children if child.unattended or child.left_behind]
    carers = invent_people([Wanted(c.org_unit, ("carer", *_key(c)), 48, 70) for c in wards], sample.last_day)
    for child, carer in zip(wards, carers, strict=True):
        kind = GuardianshipKind.LONG_TERM if child.unattended else GuardianshipKind.ENTRUSTED
        notified = draw("notified", *_key(child)) < 0.8
        yield sample.row(
            Guardianship,
            child.org_unit,
            child.happened_on,
            person=child.person,
            guardian=carer,
            kind=kind,
            relation=CarerRelation.GRANDPARENT,
            notified_on=child.happened_on + timedelta(days=5) if notified and not child.unattended else None,
            weekly_contact=draw("contact", *_key(child)) < 0.7,
        )


def _key(child: Child) -> tuple:
    """Return words that tell the child from others on every machine: keys of rows differ from one to the next."""
    return child.org_unit.code, child.person.name, child.person.birth_date


def _day(first: date, days: int, *words: object) -> date:
    return first + timedelta(days=between(0, days, *words))


def _assessments(sample: Sample, children: Iterable[Child]) -> Iterator[Assessment]:
    for child in children:
        if draw("assessed", *_key(child)) < 0.5:
            yield sample.row(
                Assessment,
                child.org_unit,
                _day(date(2024, 5, 6), 150, "assessed on", *_key(child)),
                person=child.person,
                grade=pick(list(CareGrade)[:3], "grade", *_key(child)),
                assessor="演示社工站",
            )


def _visits(sample: Sample, children: Iterable[Child]) -> Iterator[Visit]:
    for child in children:
        if draw("visited", *_key(child)) < 0.6:
            day = _day(date(2024, 5, 1), 160, "visited on", *_key(child))
            yield sample.row(Visit, child.org_unit, day, person=child.person, visitor="演示儿童主任")


def _benefits(sample: Sample, children: Iterable[Child]) -> Iterator[Benefit]:
    """Every child without parents is paid the standard from the day it is known; a few get help with cure or school."""
    for child in children:
        if child.orphan or child.unattended:
            kind = BenefitKind.ORPHAN if child.orphan else BenefitKind.UNATTENDED
            yield _benefit(sample, child, kind, child.happened_on, standard=ALLOWANCE)
        elif child.hardship == HardshipReason.DISABLED and draw("cure", *_key(child)) < 0.5:
            yield _benefit(sample, child, BenefitKind.TOMORROW, date(2024, 6, 12))


def _benefit(sample: Sample, child: Child, kind: BenefitKind, day: date, standard: int | None = None) -> Benefit:
    amount = standard or 4000
    return sample.row(Benefit, child.org_unit, day, person=child.person, kind=kind, amount=amount, standard=standard)


def _sessions(sample: Sample) -> Iterator[GroupSession]:
    """Each township held a group in spring and one in the holidays, and some families came together."""
    for unit in sample.townships:
        spring, summer = (
            _day(date(2024, 4, 8), 50, "spring", unit.code),
            _day(date(2024, 7, 8), 45, "summer", unit.code),
        )
        yield _session(sample, unit, spring, GroupKind.COUNSELLING, "春季心理团辅（演示）")
        yield _session(sample, unit, summer, GroupKind.COUNSELLING, "暑期心理团辅（演示）")
        for number in range(between(0, 2, "family", unit.code)):
            kind = (GroupKind.FAMILY_TIME, GroupKind.REUNION)[number]
            day = _day(date(2024, 5, 20), 120, "family day", unit.code, number)
            yield _session(sample, unit, day, kind, f"{kind.label}活动（演示）")


def _session(sample: Sample, unit, day: date, kind: GroupKind, name: str) -> GroupSession:
    return sample.row(GroupSession, unit, day, kind=kind, name=name, place="演示儿童之家", leader="演示社工站")


def _attendances(sample: Sample, children: Iterable[Child]) -> Iterator[Attendance]:
    groups: dict[int, list[GroupSession]] = {}
    sessions = GroupSession.objects.filter(kind=GroupKind.COUNSELLING, org_unit__in=sample.townships)
    for session in sessions.order_by("happened_on", "pk"):
        groups.setdefault(session.org_unit_id, []).append(session)
    for child in children:
        chance, held = draw("group", *_key(child)), groups.get(child.org_unit_id, [])
        if chance < SUMMER_SHARE and len(held) > 1:
            yield _attendance(sample, child.org_unit, child.person, held[0 if chance < SPRING_SHARE else 1])


def _attendance(sample: Sample, unit, person: Person, session: GroupSession) -> Attendance:
    return sample.row(Attendance, unit, session.happened_on, person=person, session=session)


def _screenings(sample: Sample, children: Iterable[Child]) -> Iterator[Screening]:
    """Most children were screened by autumn; a few were found in serious trouble."""
    for child in children:
        if draw("screened", *_key(child)) < SCREENED_SHARE:
            chance = draw("severity", *_key(child))
            severity = Severity.SERIOUS if chance < SERIOUS_SHARE else Severity.MILD if chance < 0.2 else Severity.NONE
            day = _day(date(2024, 4, 15), 150, "screened on", *_key(child))
            yield sample.row(Screening, child.org_unit, day, person=child.person, tool="演示量表", severity=severity)


def _work_with_troubled(sample: Sample) -> None:
    """Those in trouble get a case or a place in a small group within weeks; the latest ones still wait."""
    found = Screening.objects.filter(severity=Severity.SERIOUS, org_unit__in=sample.townships)
    found = list(found.select_related("org_unit", "person").order_by("happened_on", "pk"))[:-2]
    first, rest = found[:1], found[1:]
    for screening in first:
        day = screening.happened_on + timedelta(days=14)
        sample.store([_session(sample, screening.org_unit, day, GroupKind.GROUP_WORK, "小组服务（演示）")])
        session = GroupSession.objects.get(org_unit=screening.org_unit, kind=GroupKind.GROUP_WORK)
        sample.store([_attendance(sample, screening.org_unit, screening.person, session)])
    sample.store(_case(sample, screening) for screening in rest)


def _case(sample: Sample, screening: Screening) -> Casework:
    day = min(screening.happened_on + timedelta(days=18), sample.last_day)
    worker = {"topic": CaseTopic.MIND, "worker": "演示社工站", "meetings": 3}
    return sample.row(Casework, screening.org_unit, day, person=screening.person, **worker)


def _directors(sample: Sample) -> Iterator[ChildDirector]:
    posts = [(unit, n) for unit in sample.townships for n in range(3)]
    people = invent_people([Wanted(unit, ("director", unit.code, n), 26, 52) for unit, n in posts], sample.last_day)
    for (unit, n), person in zip(posts, people, strict=True):
        honoured = draw("honoured", unit.code, n) < 0.06
        yield sample.row(
            ChildDirector,
            unit,
            date(between(2019, 2023, "since", unit.code, n), 7, 1),
            person=person,
            kind=DirectorKind.DIRECTOR if n else DirectorKind.SUPERVISOR,
            place=f"演示{n}村" if n else "",
            trained_on=date(2024, 5, 23) if draw("trained", unit.code, n) < 0.8 else None,
            award="优秀儿童主任（演示）" if honoured else "",
            awarded_on=date(2024, 6, 19) if honoured else None,
        )


def _at_the_office(sample: Sample) -> None:
    """The rules for children on the move are not out yet; two of the three selections have been held."""
    office = sample.offices["childwelfare"]
    events = (
        (EventKind.TOGETHER, date(2024, 4, 2), "“童心相伴”启动会（演示）"),
        (EventKind.ROLE_MODELS, date(2024, 6, 19), "优秀儿童主任选树（演示）"),
        (EventKind.CASES, date(2024, 9, 11), "优秀关爱案例评选（演示）"),
    )
    sample.store(sample.row(Event, office, day, kind=kind, name=name) for kind, day, name in events)
    partners = (PartnerKind.SOCIAL_WORK, PartnerKind.PSYCHOLOGY, PartnerKind.LAW)
    sample.store(
        sample.row(Partner, office, date(2023 + n // 2, 3 + n, 6), name=f"演示{kind.label}", kind=kind)
        for n, kind in enumerate(partners)
    )
    sample.store(
        sample.row(Organisation, office, date(2021 + n, 5, 18), name=f"演示儿童服务中心{n + 1}", field="儿童关爱")
        for n in range(4)
    )
