"""How livelihood's own targets are computed; most of its targets name measures of other sections (readings A15, A22)."""

from workplan.measures import Measure, Rows, of_bureau, this_year

from .enums import VenueKind
from .models import BurialFacility, HomeListUpdate, LegacyProblem, MarriageVenue, PlanningDocument


def _facilities_started(target) -> Rows:
    rows = of_bureau(BurialFacility, target).filter(started_on__isnull=False)
    return Rows(this_year(rows, target, "started_on"), since="started_on")


def _plans_finished(target) -> Rows:
    rows = of_bureau(PlanningDocument, target).filter(finished_on__isnull=False)
    return Rows(this_year(rows, target, "finished_on"), since="finished_on")


def _problems(target) -> Rows:
    return Rows(of_bureau(LegacyProblem, target))


def _problems_solved(target) -> Rows:
    return Rows(_problems(target).query.filter(solved_on__isnull=False), since="solved_on")


def _list_updates(target) -> Rows:
    return Rows(this_year(of_bureau(HomeListUpdate, target), target))


def _venues(kind: VenueKind):
    def rows(target) -> Rows:
        return Rows(of_bureau(MarriageVenue, target).filter(kind=kind), until="closed_on")

    return rows


MEASURES = [
    Measure("livelihood.facilities_started", "本年启动建设的农村公益性安葬（放）设施", _facilities_started),
    Measure("livelihood.plans_finished", "本年编制完成的专项规划", _plans_finished),
    Measure("livelihood.problems_solved", "已解决的历史遗留问题，占建账的历史遗留问题", _problems_solved, _problems),
    Measure("livelihood.list_updates", "本年改造家庭清单库更新次数", _list_updates),
    Measure("livelihood.outdoor_bases", "正在使用的户外颁证基地", _venues(VenueKind.OUTDOOR_BASE)),
    Measure("livelihood.featured_offices", "正在使用的特色婚姻登记机关", _venues(VenueKind.FEATURED_OFFICE)),
]
