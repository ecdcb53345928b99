"""How elder care's targets are computed from its registers. Readings A01–A06 are those of the plan's fixtures."""

from django.db.models import F
from django.db.models.functions import Coalesce, Greatest, Least

from people.models import Person
from workplan.measures import FOREVER, Measure, Rows, first_of_each, of_bureau, this_year
from workplan.sql import YearsLater

from .enums import CanteenMode, EventKind, VisitKind
from .models import (
    Canteen,
    CareWorker,
    CommitteeMember,
    Event,
    FireIssue,
    HomeAdaptation,
    HomeCareBed,
    SupportedElder,
    Visit,
)

OLDEST_COUNTED = 55  # years, itself included (item 22, reading A06)


def _canteens_built(target) -> Rows:
    rows = of_bureau(Canteen, target).filter(newly_built=True)
    return Rows(this_year(rows, target))


def _model_canteens(target) -> Rows:
    rows = of_bureau(Canteen, target)
    return Rows(this_year(rows, target, "model_on"), since="model_on", until="closed_on")


def _combined_canteens(target) -> Rows:
    """Each mode counts once, from the first canteen that runs it."""
    rows = of_bureau(Canteen, target).exclude(mode=CanteenMode.PLAIN).filter(closed_on__isnull=True)
    return Rows(first_of_each(rows, by="mode"))


def _members(target) -> Rows:
    return Rows(of_bureau(CommitteeMember, target), until="left_on")


def _members_settled(target) -> Rows:
    rows = of_bureau(CommitteeMember, target).filter(settled_on__isnull=False)
    return Rows(rows, since="settled_on", until="left_on")


def _conferences(target) -> Rows:
    return Rows(this_year(of_bureau(Event, target).filter(kind=EventKind.CONFERENCE), target))


def _skill_events(target) -> Rows:
    kinds = (EventKind.TRAINING, EventKind.COMPETITION)
    return Rows(this_year(of_bureau(Event, target).filter(kind__in=kinds), target))


def _fire_issues(target) -> Rows:
    return Rows(of_bureau(FireIssue, target))


def _fire_issues_closed(target) -> Rows:
    return Rows(of_bureau(FireIssue, target).filter(closed_on__isnull=False), since="closed_on")


def _care_workers(target) -> Rows:
    """Workers count until they leave or turn 56; somebody with two places of work counts once, where he stays longest."""
    known = of_bureau(CareWorker, target).filter(person__birth_date__isnull=False)
    workers = first_of_each(known, by="person_id", order=(F("left_on").desc(nulls_first=True), "happened_on"))
    turning = YearsLater("person__birth_date", years=OLDEST_COUNTED + 1)
    return Rows(workers.annotate(until=Least(Coalesce("left_on", FOREVER), turning)), until="until")


def _certified_workers(target) -> Rows:
    rows = _care_workers(target)
    certified = rows.query.filter(certified_on__isnull=False).annotate(since=Greatest("happened_on", "certified_on"))
    return Rows(certified, since="since", until="until")


def _homes_accepted(target) -> Rows:
    rows = of_bureau(HomeAdaptation, target).filter(accepted_on__isnull=False)
    return Rows(this_year(rows, target, "accepted_on"), since="accepted_on")


def _homes_begun(target) -> Rows:
    return Rows(this_year(of_bureau(HomeAdaptation, target), target))


def _homes_planned(target) -> Rows:
    return Rows(_homes_begun(target).query.filter(planned_on__isnull=False), since="planned_on")


def _beds_added(target) -> Rows:
    """Beds whose contract began in the plan's year (reading A02), from the day their devices are online."""
    rows = this_year(of_bureau(HomeCareBed, target), target).filter(online_on__isnull=False)
    return Rows(rows, since="online_on", until="ended_on")


def _supported(target) -> Rows:
    rows = of_bureau(SupportedElder, target).filter(included_on__isnull=False)
    return Rows(rows, since="included_on", until="ended_on")


def _supportable(target) -> Rows:
    return Rows(of_bureau(SupportedElder, target), until="ended_on")


def _gathered(target) -> Rows:
    return Rows(_supported(target).query.filter(gathered=True), since="included_on", until="ended_on")


def _visits(target) -> Rows:
    return Rows(this_year(of_bureau(Visit, target).filter(kind=VisitKind.CALL), target))


MEASURES = [
    Measure(
        "eldercare.workers_certified",
        "55岁及以下在职护理员中持有证书的人数，占55岁及以下在职护理员人数；一人在多家机构只计一次",
        _certified_workers,
        _care_workers,
        depends=(Person,),
    ),
    Measure("eldercare.homes_accepted", "本年验收的适老化改造户数", _homes_accepted),
    Measure(
        "eldercare.homes_planned", "已确定个性化方案的户数，占本年入户评估的改造户数", _homes_planned, _homes_begun
    ),
    Measure("eldercare.beds_added", "本年签约且设备已上线的家庭养老床位数", _beds_added),
    Measure(
        "eldercare.elders_supported", "已纳入保障和服务的困难老年人，占符合条件的困难老年人", _supported, _supportable
    ),
    Measure("eldercare.elders_gathered", "集中照护的低收入家庭失能老年人数", _gathered),
    Measure("eldercare.visits", "本年探访特殊困难老年人的人次", _visits),
    Measure("eldercare.members_settled", "职责已明确的区老龄委成员单位，占全部成员单位", _members_settled, _members),
    Measure("eldercare.conferences", "本年召开的全区老龄工作会议", _conferences),
    Measure("eldercare.skill_events", "本年举办的养老护理员培训和竞赛场次", _skill_events),
    Measure("eldercare.fire_issues_closed", "已整治销号的机构，占排查发现的机构", _fire_issues_closed, _fire_issues),
    Measure("eldercare.canteens_built", "本年开办的新建老年食堂", _canteens_built),
    Measure("eldercare.model_canteens", "本年认定的市级示范老年食堂", _model_canteens),
    Measure("eldercare.canteen_modes", "已有食堂实行的“食堂＋”模式种数", _combined_canteens),
]
