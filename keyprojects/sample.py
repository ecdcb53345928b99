"""Invented records of the key projects for the sample year. Names are plainly made up."""

import calendar
from datetime import date, timedelta

from workplan.demo.chance import between, draw, pick
from workplan.demo.registers import Sample

from .enums import (
    Channel,
    CooperationKind,
    DigitalKind,
    DocumentKind,
    Field,
    Frequency,
    InspectionKind,
    Partner,
    PilotKind,
)
from .models import (
    Accident,
    Cooperation,
    CrossCount,
    CrossMatter,
    DigitalItem,
    Document,
    Inspection,
    OpinionIncident,
    Petition,
    Pilot,
)

MATTERS = 7
IDLE = {6, 7}  # matters of which no case has been handled yet
MONTHS = range(3, 10)
COOPERATIONS = (
    (Partner.GUANGAN, CooperationKind.AGREEMENT, date(2024, 4, 12), "民政合作协议（演示）", None),
    (Partner.GUANGAN, CooperationKind.EXCHANGE, date(2024, 6, 20), "救助对象信息核查（演示第一批）", 126),
    (Partner.LESHAN, CooperationKind.VISIT, date(2024, 7, 18), "养老服务互访（演示）", None),
    (Partner.LESHAN, CooperationKind.EXCHANGE, date(2024, 9, 20), "救助对象信息核查（演示第二批）", 94),
)
DIGITAL = (
    (DigitalKind.ONBOARDED, date(2023, 11, 6), "高龄津贴申领"),
    (DigitalKind.ONBOARDED, date(2024, 4, 22), "临时救助申请"),
    (DigitalKind.ONBOARDED, date(2024, 8, 5), "残疾人两项补贴申请"),
    (DigitalKind.CASE, date(2024, 6, 28), "智慧民政应用演示案例"),
    (DigitalKind.SCENE, date(2024, 5, 30), "社会救助通办"),
)
DOCUMENTS = (
    (DocumentKind.DUTIES, date(2024, 3, 28), "领导干部安全生产职责清单（演示）"),
    (DocumentKind.KEY_WORK, date(2024, 4, 11), "安全生产年度重点工作清单（演示）"),
)
# The yearly inspection is still to come. First day and days between two inspections.
ROUNDS = (
    (Frequency.DAY, date(2024, 3, 11), 7),  # the sample keeps one day of each week
    (Frequency.WEEK, date(2024, 3, 13), 21),
    (Frequency.MONTH, date(2024, 4, 18), 30),
    (Frequency.QUARTER, date(2024, 6, 20), 91),
)
NETWORK_CHECKS = (1, 2)  # a month
PETITIONS = 60


def invent(sample: Sample) -> None:
    """Store the sample records of all registers of this section."""
    office = sample.offices["keyprojects"]
    sample.store(_cooperations(sample, office))
    sample.store([_pilot(sample, office)])
    sample.store(_matters(sample, office))
    sample.store(_months(sample, office))
    sample.store(_digital(sample, office))
    sample.store([_accident(sample)])
    sample.store(_petitions(sample))
    sample.store(_opinions(sample))
    sample.store(_documents(sample, office))
    sample.store(_inspections(sample, office))


def _cooperations(sample: Sample, office):
    for partner, kind, day, name, checked in COOPERATIONS:
        yield sample.row(Cooperation, office, day, partner=partner, kind=kind, name=name, checked=checked)


def _pilot(sample: Sample, office) -> Pilot:
    """The application is still being looked at."""
    return sample.row(Pilot, office, date(2024, 5, 21), kind=PilotKind.ELDER_WELFARE, name="老年福利共享试点（演示）")


def _matters(sample: Sample, office):
    for number in range(1, MATTERS + 1):
        yield sample.row(
            CrossMatter, office, date(2024, 2, 26), name=f"演示事项{number}", improvement="精简材料，推行全程网办"
        )


def _months(sample: Sample, office):
    """Each matter comes into use in a month of its own."""
    for number, matter in enumerate(CrossMatter.objects.filter(org_unit=office).order_by("pk"), start=1):
        for month in MONTHS:
            begun = number not in IDLE and month >= 2 + number
            handled = between(2, 18, "handled", number, month) if begun else 0
            yield sample.row(
                CrossCount,
                office,
                date(2024, month, calendar.monthrange(2024, month)[1]),
                matter=matter,
                handled=handled,
                online=handled // 3,
            )


def _digital(sample: Sample, office):
    for kind, day, name in DIGITAL:
        yield sample.row(DigitalItem, office, day, kind=kind, name=f"{name}（演示）")


def _accident(sample: Sample) -> Accident:
    """There was one the year before, which is none of this year's."""
    return sample.row(
        Accident,
        sample.townships[6],
        date(2023, 8, 17),
        name="养老机构厨房火情（演示）",
        field=Field.ELDERCARE,
        place="演示敬老院",
        casualties=1,
        closed_on=date(2023, 9, 28),
    )


def _petitions(sample: Sample):
    """Petitions of all townships; none has come up again after it was closed."""
    for number in range(1, PETITIONS + 1):
        unit = pick(sample.townships, "petition", number)
        received = date(2024, 1, 8) + timedelta(days=between(0, 275, "received", number))
        yield sample.row(
            Petition,
            unit,
            received,
            number=f"演示信访{number:03}",
            subject=f"{pick(Field.labels, 'field', number)}事项（演示）",
            field=pick(Field.values, "field", number),
            channel=pick(Channel.values, "channel", number),
            closed_on=sample.past(received + timedelta(days=between(10, 58, "closed", number))),
        )


def _opinions(sample: Sample):
    """Three came up; each was judged within days not to have spread."""
    for number in range(1, 4):
        found = date(2024, 2 + 2 * number, 9 + number)
        yield sample.row(
            OpinionIncident,
            pick(sample.townships, "opinion", number),
            found,
            title=f"演示舆情{number}",
            field=pick(Field.values, "opinion field", number),
            platform="演示网络平台",
            judged_on=found + timedelta(days=2),
            settled_on=found + timedelta(days=9),
        )


def _documents(sample: Sample, office):
    for number, (kind, day, title) in enumerate(DOCUMENTS, start=1):
        yield sample.row(Document, office, day, kind=kind, title=title, number=f"演示安〔2024〕{number}号")


def _inspections(sample: Sample, office):
    for frequency, first, gap in ROUNDS:
        for turn in range((sample.last_day - first).days // gap + 1):
            day = first + timedelta(days=turn * gap)
            yield _inspection(sample, office, InspectionKind.SAFETY, frequency, day)
    yield _inspection(sample, office, InspectionKind.MEDICAL_CARE, Frequency.IRREGULAR, date(2024, 6, 13))
    for month in MONTHS:
        for turn in range(between(*NETWORK_CHECKS, "8.8", month)):
            day = date(2024, month, 10 + 12 * turn)
            yield _inspection(sample, office, InspectionKind.NETWORK, Frequency.MONTH, day)


def _inspection(sample: Sample, office, kind: InspectionKind, frequency: Frequency, day: date) -> Inspection:
    problems = int(draw("problem", kind, frequency, day) < 0.3)
    return sample.row(
        Inspection,
        office,
        day,
        kind=kind,
        frequency=frequency,
        place=f"演示单位{between(1, 9, 'place', kind, frequency, day)}",
        problems=problems,
        findings="消防通道堆放杂物，要求当场清理（演示）" if problems else "",
        rectified_on=sample.past(day + timedelta(days=5)) if problems else None,
    )
