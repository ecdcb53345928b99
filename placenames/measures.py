"""How the targets of divisions, place names and boundaries are computed from their registers (items 34 to 36)."""

from django.db.models import F, Q
from django.db.models.functions import Greatest

from workplan.enums import RecordState
from workplan.measures import Measure, Rows, first_of_each, of_bureau, this_year

from .enums import LineLevel, ListLevel, StudyKind
from .models import BoundaryLine, Dispute, HistoricList, JointInspection, MapUpload, PlaceName, Study, SurveyMatter


def _studies(target) -> Rows:
    rows = of_bureau(Study, target).filter(kind=StudyKind.STRATEGY)
    return Rows(this_year(rows, target, "finished_on"), since="finished_on")


def _rural_names(target) -> Rows:
    return Rows(this_year(of_bureau(PlaceName, target).filter(rural=True), target))


def _map_uploads(target) -> Rows:
    """A name counts once for each map; those approved in earlier years count as well."""
    rows = of_bureau(MapUpload, target).filter(place__rural=True, place__state=RecordState.VALID)
    return Rows(this_year(rows, target))


def _lists(level: ListLevel):
    def counts(target) -> Rows:
        rows = of_bureau(HistoricList, target).filter(level=level)
        return Rows(this_year(rows, target, "published_on"), since="published_on")

    return counts


def _approved_names(target) -> Rows:
    return Rows(this_year(of_bureau(PlaceName, target), target))


def _filed_and_announced(target) -> Rows:
    rows = _approved_names(target).query.filter(filed_on__isnull=False, announced_on__isnull=False)
    return Rows(rows.annotate(both_on=Greatest("filed_on", "announced_on")), since="both_on")


def _disputes(target) -> Rows:
    return Rows(this_year(of_bureau(Dispute, target), target))


def _disputes_settled(target) -> Rows:
    return Rows(_disputes(target).query.filter(settled_on__isnull=False), since="settled_on")


def _joint_inspections(target) -> Rows:
    """A line between districts counts once, from the first inspection that was finished in the year."""
    lines = Q(line__level=LineLevel.DISTRICT, line__state=RecordState.VALID)
    done = this_year(of_bureau(JointInspection, target).filter(lines), target, "finished_on")
    return Rows(first_of_each(done, by="line_id", order=(F("finished_on"),)), since="finished_on")


def _survey_matters(target) -> Rows:
    return Rows(this_year(of_bureau(SurveyMatter, target), target, "done_on"), since="done_on")


MEASURES = [
    Measure("placenames.studies", "本年形成的行政区划战略研究成果", _studies),
    Measure("placenames.rural_names", "本年批准命名、更名的乡村地名条数", _rural_names),
    Measure(
        "placenames.map_uploads",
        "本年上图的乡村地名条数，每家地图各计一条",
        _map_uploads,
        depends=(PlaceName,),
    ),
    Measure("placenames.city_lists", "本年公布的市级历史地名保护名录", _lists(ListLevel.CITY)),
    Measure("placenames.district_lists", "本年公布的区级历史地名保护名录", _lists(ListLevel.DISTRICT)),
    Measure(
        "placenames.filed_and_announced",
        "已备案并公告的标准地名，占本年批准的标准地名",
        _filed_and_announced,
        _approved_names,
    ),
    Measure("placenames.disputes_settled", "已妥善处置的边界争议，占本年发生的边界争议", _disputes_settled, _disputes),
    Measure(
        "placenames.joint_inspections",
        "本年完成联合检查的区县级界线条数",
        _joint_inspections,
        depends=(BoundaryLine,),
    ),
    Measure("placenames.survey_matters", "本年处理完成的勘界争议和上报的勘界成果件数", _survey_matters),
]
