"""Place names, counted again the slow way: plain loops over all records, sharing nothing with the measures."""

from accounts.models import OrgUnit, User
from placenames import models
from workplan.enums import RecordState

from .counting import Counting, within_year
from .making import make_record


def _place(number: int) -> models.PlaceName:
    """Return a place name of its own for each number: a name is put on a map once."""
    found = models.PlaceName.objects.filter(name=f"示例{number}").first()
    unit, liaison = OrgUnit.objects.get(code="D1001"), User.objects.get(username="liaison")
    return found or make_record(models.PlaceName, unit, liaison, number)


EXAMPLES = {
    "historiclist": {"batch_number": lambda number: number + 1},
    "mapupload": {"place": _place},
}


def _valid(model):
    return list(model.objects.filter(state=RecordState.VALID))


def _count(c: Counting, model, day: str, chosen=lambda row: True):
    return sum(within_year(getattr(r, day), c) and chosen(r) for r in _valid(model)), None


def _filed_and_announced(c: Counting):
    rows = [r for r in _valid(models.PlaceName) if within_year(r.happened_on, c)]
    done = [r for r in rows if r.filed_on and r.announced_on and r.filed_on <= c.on and r.announced_on <= c.on]
    return len(done), len(rows)


def _disputes(c: Counting):
    rows = [r for r in _valid(models.Dispute) if within_year(r.happened_on, c)]
    return sum(bool(r.settled_on and r.settled_on <= c.on) for r in rows), len(rows)


def _inspections(c: Counting):
    lines = {line.pk for line in _valid(models.BoundaryLine) if line.level == "district"}
    rows = [r for r in _valid(models.JointInspection) if r.line_id in lines and within_year(r.finished_on, c)]
    return len({r.line_id for r in rows}), None


def _uploads(c: Counting):
    rural = {place.pk for place in _valid(models.PlaceName) if place.rural}
    return _count(c, models.MapUpload, "happened_on", lambda row: row.place_id in rural)


RECOUNTS = {
    "placenames.studies": lambda c: _count(c, models.Study, "finished_on", lambda r: r.kind == "strategy"),
    "placenames.rural_names": lambda c: _count(c, models.PlaceName, "happened_on", lambda r: r.rural),
    "placenames.map_uploads": _uploads,
    "placenames.city_lists": lambda c: _count(c, models.HistoricList, "published_on", lambda r: r.level == "city"),
    "placenames.district_lists": lambda c: _count(
        c, models.HistoricList, "published_on", lambda r: r.level == "district"
    ),
    "placenames.filed_and_announced": _filed_and_announced,
    "placenames.disputes_settled": _disputes,
    "placenames.joint_inspections": _inspections,
    "placenames.survey_matters": lambda c: _count(c, models.SurveyMatter, "done_on"),
}
