"""How elder care's targets are computed from its registers. Readings A01–A06 are those of the plan's fixtures."""

from workplan.measures import Measure, Rows, of_bureau, this_year

from .enums import CanteenMode, EventKind
from .models import Canteen, CommitteeMember, Event, FireIssue


def _canteens_built(target) -> Rows:
    rows = of_bureau(Canteen, target).filter(newly_built=True)
    return Rows(this_year(rows, target))


def _model_canteens(target) -> Rows:
    rows = of_bureau(Canteen, target)
    return Rows(this_year(rows, target, "model_on"), since="model_on", until="closed_on")


def _combined_canteens(target) -> Rows:
    """Each mode counts once, from the first canteen that runs it."""
    from workplan.measures import first_of_each

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


MEASURES = [
    Measure("eldercare.members_settled", "职责已明确的区老龄委成员单位，占全部成员单位", _members_settled, _members),
    Measure("eldercare.conferences", "本年召开的全区老龄工作会议", _conferences),
    Measure("eldercare.skill_events", "本年举办的养老护理员培训和竞赛场次", _skill_events),
    Measure("eldercare.fire_issues_closed", "已整治销号的机构，占排查发现的机构", _fire_issues_closed, _fire_issues),
    Measure("eldercare.canteens_built", "本年开办的新建老年食堂", _canteens_built),
    Measure("eldercare.model_canteens", "本年认定的市级示范老年食堂", _model_canteens),
    Measure("eldercare.canteen_modes", "已有食堂实行的“食堂＋”模式种数", _combined_canteens),
]
