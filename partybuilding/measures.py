"""How party building's targets are computed from its registers. Reading A09 is that of the plan's fixtures."""

from workplan.measures import Measure, Rows, first_of_each, of_bureau, owed_times, this_year

from .enums import CheckKind, DocumentKind, EventKind
from .models import Document, Event, IdeologyReport, Reorganisation, RiskCheck, StudySession


def _sessions(target) -> Rows:
    return Rows(this_year(of_bureau(StudySession, target), target))


def _sessions_with_topic(target) -> Rows:
    return Rows(_sessions(target).query.filter(first_topic=True))


def _checks(target, kind: CheckKind) -> Rows:
    rows = this_year(of_bureau(RiskCheck, target).filter(kind=kind), target)
    return Rows(owed_times(rows, target))


def _start_checks(target) -> Rows:
    return _checks(target, CheckKind.START_OF_YEAR)


def _monthly_checks(target) -> Rows:
    return _checks(target, CheckKind.MONTHLY)


def _reports(target) -> Rows:
    """One report for each half of the year. Sent late, it counts for the half it is about, from the day it was sent."""
    rows = of_bureau(IdeologyReport, target).filter(year=str(target.plan.year))
    return Rows(first_of_each(rows, by="half"))


def _documents(target, *kinds: DocumentKind) -> Rows:
    """Each kind counts once, from the first paper of the year."""
    return Rows(first_of_each(this_year(of_bureau(Document, target).filter(kind__in=kinds), target), by="kind"))


def _year_plans(target) -> Rows:
    return _documents(target, DocumentKind.YEAR_PLAN)


def _ledger_and_list(target) -> Rows:
    return _documents(target, DocumentKind.RISK_LEDGER, DocumentKind.DUTY_LIST)


def _gradings(target) -> Rows:
    return _documents(target, DocumentKind.GRADING)


def _reorganised(target) -> Rows:
    rows = of_bureau(Reorganisation, target).filter(completed_on__isnull=False)
    return Rows(this_year(rows, target, "completed_on"), since="completed_on")


def _competitions(target) -> Rows:
    return Rows(this_year(of_bureau(Event, target).filter(kind=EventKind.COMPETITION), target))


MEASURES = [
    Measure(
        "partybuilding.first_topics",
        "本年落实“第一议题”的会次，占党组会议和中心组学习总会次",
        _sessions_with_topic,
        _sessions,
    ),
    Measure("partybuilding.year_plans", "本年印发的意识形态工作年度要点", _year_plans),
    Measure("partybuilding.start_checks", "本年的年初集中排查次数，一年最多计一次", _start_checks),
    Measure("partybuilding.monthly_checks", "每月动态排查次数，一个月最多计一次，不以后补前", _monthly_checks),
    Measure("partybuilding.ledger_and_list", "本年印发的风险台账和责任清单，每类计一份", _ledger_and_list),
    Measure("partybuilding.reports", "已报送的本年度意识形态工作报告，每半年计一次", _reports),
    Measure("partybuilding.gradings", "本年印发的纳入活动申报管理的等级评估指标体系", _gradings),
    Measure("partybuilding.reorganised", "本年完成的机构改革", _reorganised),
    Measure("partybuilding.competitions", "本年参加的职业技能竞赛", _competitions),
]
