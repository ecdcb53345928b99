"""Invented records of party building for the sample year. Names are plainly made up."""

from datetime import date

from workplan.demo.chance import between, draw
from workplan.demo.registers import Sample

from .enums import CheckKind, DocumentKind, EventKind, Half, SessionKind
from .models import Document, Event, IdeologyReport, Reorganisation, RiskCheck, StudySession

WITHOUT_TOPIC = {7}  # the one session of the party group, by number, that began with something else
# Months of the monthly check, and how often: July was missed, August held two, which does not make up for it.
CHECKS = {3: 1, 4: 1, 5: 1, 6: 1, 8: 2, 9: 1, 10: 1}
DOCUMENTS = (
    (DocumentKind.YEAR_PLAN, date(2024, 3, 14), "2024年意识形态工作要点（演示）"),
    (DocumentKind.RISK_LEDGER, date(2024, 5, 9), "意识形态风险台账（演示）"),
    (DocumentKind.DUTY_LIST, date(2024, 5, 16), "意识形态工作责任清单（演示）"),
    (DocumentKind.RISK_LEDGER, date(2024, 8, 20), "意识形态风险台账（演示，修订）"),
    (DocumentKind.GRADING, date(2024, 7, 11), "社会组织等级评估指标体系（演示）"),
)
EVENTS = (
    (EventKind.TRAINING, date(2024, 4, 18), "民政业务能力提升培训（演示）", 42),
    (EventKind.WARNING, date(2024, 6, 27), "以案促改警示教育会（演示）", 58),
    (EventKind.COMPETITION, date(2024, 9, 12), "市级民政行业职业技能竞赛（演示）", 6),
)


def invent(sample: Sample) -> None:
    """Store the sample records of all registers of this section."""
    office = sample.offices["partybuilding"]
    sample.store(_sessions(sample, office))
    sample.store(_checks(sample, office))
    sample.store(_reports(sample, office))
    sample.store(_documents(sample, office))
    sample.store(_events(sample, office))
    sample.store(_reorganisations(sample, office))


def _sessions(sample: Sample, office):
    """The party group meets twice a month, the study group once."""
    for month in range(1, 11):
        for turn, kind in ((1, SessionKind.PARTY_GROUP), (2, SessionKind.PARTY_GROUP), (3, SessionKind.STUDY_GROUP)):
            number = month if kind == SessionKind.STUDY_GROUP else 2 * month - 2 + turn
            began = kind == SessionKind.STUDY_GROUP or number not in WITHOUT_TOPIC
            yield sample.row(
                StudySession,
                office,
                date(2024, month, 9 * turn - between(0, 6, "session", month, turn)),
                kind=kind,
                number=f"2024年第{number}次",
                first_topic=began,
                topic="学习关于民政工作的重要论述（演示）" if began else "",
                agenda="研究本月重点工作；审议资金安排（演示）",
                attendance=between(6, 9, "attendance", month, turn),
            )


def _checks(sample: Sample, office):
    """The check of the beginning of the year came in April only."""
    yield _check(sample, office, CheckKind.START_OF_YEAR, date(2024, 4, 10))
    for month, times in CHECKS.items():
        for turn in range(times):
            yield _check(sample, office, CheckKind.MONTHLY, date(2024, month, 8 + 13 * turn))


def _check(sample: Sample, office, kind: CheckKind, day: date) -> RiskCheck:
    risks = int(draw("risks", kind, day) < 0.4)
    return sample.row(
        RiskCheck,
        office,
        day,
        kind=kind,
        scope="局属单位、社会组织、网络阵地",
        risks=risks,
        findings="个别社会组织活动未按程序申报（演示）" if risks else "",
        responsible="演示科室" if risks else "",
        settled_on=sample.past(day.replace(day=28)) if risks else None,
    )


def _reports(sample: Sample, office):
    """The report on the second half of the year before came in January, and is none of this year's."""
    told = ((2023, Half.SECOND, date(2024, 1, 8)), (2024, Half.FIRST, date(2024, 6, 25)))
    for year, half, day in told:
        title = f"{year}年{half.label}意识形态工作报告（演示）"
        yield sample.row(IdeologyReport, office, day, year=str(year), half=half, title=title, sent_to="演示上级部门")


def _documents(sample: Sample, office):
    for number, (kind, day, title) in enumerate(DOCUMENTS, start=1):
        yield sample.row(Document, office, day, kind=kind, title=title, number=f"演示〔2024〕{number}号")


def _events(sample: Sample, office):
    for kind, day, name, attendance in EVENTS:
        result = "获演示奖项" if kind == EventKind.COMPETITION else ""
        yield sample.row(
            Event, office, day, kind=kind, name=name, organiser="演示主办单位", attendance=attendance, result=result
        )


def _reorganisations(sample: Sample, office):
    yield sample.row(
        Reorganisation,
        office,
        date(2024, 2, 20),
        name="区民政局机构改革（演示）",
        approved_on=date(2024, 4, 15),
        transferred_on=date(2024, 5, 28),
        completed_on=date(2024, 6, 14),
    )
