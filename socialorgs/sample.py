"""Invented records of social organisations for the sample year. Names and codes are plainly made up."""

from datetime import date, timedelta

from workplan.demo.chance import between, draw, pick
from workplan.demo.registers import Sample
from workplan.rules import uscc

from .enums import (
    ActivityKind,
    CheckResult,
    Cleanup,
    DocumentKind,
    EventKind,
    Grade,
    Handling,
    OrganisationKind,
)
from .models import (
    ActivityDeclaration,
    AnnualCheck,
    CampaignAction,
    Document,
    DormantCase,
    Evaluation,
    Event,
    IllegalOrganisation,
    InspectionPlan,
    SocialOrganisation,
)

ORGANISATIONS, CHARITIES = 48, 7
TYPE_CODES = {OrganisationKind.ASSOCIATION: "51", OrganisationKind.SERVICE: "52", OrganisationKind.FOUNDATION: "53"}
TRADES = ("养老服务", "乡村旅游", "高山蔬菜", "志愿服务", "非遗文化", "助残", "老年体育", "电子商务")
NOWHERE = "999999"  # no such division: nobody's code holds it
MISTYPED = 7  # one code has a slip, so that the register shows a doubt
SPOT_SHARE = 0.2


def invent(sample: Sample) -> None:
    """Store the sample records of all registers of this section."""
    sample.store(_organisations(sample))
    sample.store(_inspections(sample))
    sample.store(_annual_checks(sample))
    sample.store(_evaluations(sample))
    sample.store(_dormant_cases(sample))
    sample.store(_illegal(sample))
    sample.store(_declarations(sample))
    sample.store(_events(sample))
    sample.store(_documents(sample))
    sample.store(_actions(sample))


def _organisations(sample: Sample):
    """Half of them have a party branch; the last few are charities too."""
    office, kinds = sample.offices["socialorgs"], (OrganisationKind.ASSOCIATION, OrganisationKind.SERVICE)
    for number in range(1, ORGANISATIONS + 1):
        charity = number > ORGANISATIONS - CHARITIES
        kind = OrganisationKind.FOUNDATION if number == ORGANISATIONS else kinds[number % 2]
        founded = date(between(2008, 2021, "founded", number), between(1, 12, "month", number), 15)
        party = founded + timedelta(days=between(60, 700, "party", number)) if draw("branch", number) < 0.5 else None
        cross = date(2024, 2, 1) + timedelta(days=between(0, 330, "cross", number))
        yield sample.row(
            SocialOrganisation,
            office,
            founded,
            name=f"演示{'慈善会' if charity else pick(TRADES, 'trade', number)}{number:02}",
            code=_code(kind, number),
            kind=kind,
            supervisor=f"演示主管部门{between(1, 9, 'supervisor', number)}",
            party_on=party,
            cross_posts_on=sample.past(cross) if party else None,
            licence_until=_until(founded),
            charity_on=founded if charity else None,
            ended_on=date(2024, 8, 20) if number == 1 else None,
        )


def _until(founded: date) -> date:
    """Return the day on which the licence ends that holds at the start of the sample year: licences hold for five years."""
    return founded.replace(year=founded.year + 5 * -(-(2024 - founded.year) // 5))


def _code(kind: OrganisationKind, number: int) -> str:
    body = f"{TYPE_CODES[kind]}{NOWHERE}{between(0, 99_999_999, 'code', number):08}"
    body += uscc.body_check_character(body)
    code = body + uscc.check_character(body)
    return code[:-1] + pick("0123", "slip") if number == MISTYPED else code


def _all():
    return list(SocialOrganisation.objects.order_by("happened_on", "code"))


def _inspections(sample: Sample):
    office = sample.offices["socialorgs"]
    yield sample.row(
        InspectionPlan,
        office,
        date(2024, 7, 8),
        name="2023年度社会组织年检抽查（演示）",
        ratio=20,
        finished_on=date(2024, 9, 13),
    )


def _annual_checks(sample: Sample):
    office, inspection = sample.offices["socialorgs"], InspectionPlan.objects.get()
    for number, organisation in enumerate(_all()):
        if draw("checked", number) > 0.92:
            continue
        sent = date(2024, 3, 5) + timedelta(days=between(0, 85, "sent", number))
        passed = draw("passed", number)
        yield sample.row(
            AnnualCheck,
            office,
            sent,
            organisation=organisation,
            year=2023,
            concluded_on=sent + timedelta(days=between(10, 60, "concluded", number)),
            result=CheckResult.PASSED if passed < 0.85 else CheckResult.BASIC,
            inspection=inspection if draw("drawn", number) < SPOT_SHARE else None,
        )


def _evaluations(sample: Sample):
    office, grades = sample.offices["socialorgs"], (Grade.AAA, Grade.AAAA, Grade.AA)
    for number, organisation in enumerate(_all()[3:15:2]):
        yield sample.row(
            Evaluation,
            office,
            date(2024, 5 + number, 24),
            organisation=organisation,
            grade=grades[number % 3],
            valid_until=date(2029, 5 + number, 23),
        )


def _dormant_cases(sample: Sample):
    office = sample.offices["socialorgs"]
    ended = SocialOrganisation.objects.get(ended_on__isnull=False)
    others = [organisation for organisation in _all() if organisation != ended and not organisation.charity_on]
    for number, organisation in enumerate((ended, *others[:2])):
        settled = ended.ended_on if number == 0 else None
        yield sample.row(
            DormantCase,
            office,
            date(2024, 4, 18),
            organisation=organisation,
            reason="连续两年未参加年检",
            settled_on=settled,
            cleanup=Cleanup.CANCELLED if settled else "",
        )


def _illegal(sample: Sample):
    office = sample.offices["socialorgs"]
    for number, (found, settled) in enumerate([(date(2024, 5, 9), date(2024, 6, 20)), (date(2024, 9, 27), None)], 1):
        yield sample.row(
            IllegalOrganisation,
            office,
            found,
            name=f"演示未登记团体{number}",
            clue="群众反映",
            settled_on=settled,
            handling=Handling.DISSOLVED if settled else "",
        )


def _declarations(sample: Sample):
    office, kinds = sample.offices["socialorgs"], list(ActivityKind)
    for number, organisation in enumerate(_all()[::3]):
        declared = date(2024, 3, 1) + timedelta(days=between(0, 210, "declared", number))
        yield sample.row(
            ActivityDeclaration,
            office,
            declared,
            organisation=organisation,
            kind=kinds[number % len(kinds)],
            title=f"{kinds[number % len(kinds)].label}（演示{number + 1}）",
            answered_on=sample.past(declared + timedelta(days=5)),
            held_on=sample.past(declared + timedelta(days=20)),
        )


def _events(sample: Sample):
    """The meeting was held in May and all full-time staff were trained in August; the leaders' course is still to come."""
    office = sample.offices["socialorgs"]
    held = [(EventKind.LIAISON, date(2024, 5, 16), 32, 41), (EventKind.ROTATION, date(2024, 8, 14), 44, 97)]
    for kind, day, organisations, people in held:
        yield sample.row(
            Event,
            office,
            day,
            kind=kind,
            name=f"2024年{kind.label}（演示）",
            place="演示会议室",
            organisations=organisations,
            attendance=people,
        )


def _documents(sample: Sample):
    """One of the two texts is issued."""
    office = sample.offices["socialorgs"]
    yield sample.row(
        Document,
        office,
        date(2024, 7, 22),
        kind=DocumentKind.CHARTER,
        title="社会组织章程示范文本（演示）",
        edition="2024年版",
    )


def _actions(sample: Sample):
    office = sample.offices["socialorgs"]
    for number in range(1, 9):
        begun = date(2024, 2 + number // 2, 10)
        yield sample.row(
            CampaignAction,
            office,
            begun,
            number=number,
            name=f"演示行动{number}",
            done_on=sample.past(begun + timedelta(days=between(40, 150, "action", number))),
        )
