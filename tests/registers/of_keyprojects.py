"""Key projects, counted again the slow way: plain loops over all records, sharing nothing with the measures."""

from keyprojects import models
from workplan.enums import RecordState

from .counting import Counting, standing, within_year


def _valid(model):
    return list(model.objects.filter(state=RecordState.VALID).select_related("org_unit"))


def _this_year(model, c: Counting, *kinds: str) -> list:
    rows = [r for r in _valid(model) if within_year(r.happened_on, c) and c.covers(r.org_unit)]
    return [row for row in rows if not kinds or row.kind in kinds]


def _pilots(c: Counting):
    rows = [row for row in _valid(models.Pilot) if row.kind == "elder_welfare"]
    return sum(within_year(row.granted_on, c) for row in rows), None


def _matters(c: Counting):
    busy = {row.matter_id for row in _this_year(models.CrossCount, c) if row.handled}
    rows = [r for r in _valid(models.CrossMatter) if standing(r.happened_on, r.ended_on, c.on)]
    return sum(row.pk in busy for row in rows), None


def _onboarded(c: Counting):
    rows = [row for row in _valid(models.DigitalItem) if row.kind == "onboarded"]
    return sum(standing(row.happened_on, row.ended_on, c.on) for row in rows), None


def _scenes(c: Counting):
    rows = _this_year(models.DigitalItem, c, "scene")
    return sum(standing(row.happened_on, row.ended_on, c.on) for row in rows), None


def _again(c: Counting):
    linked = [row for row in _this_year(models.Petition, c) if row.earlier]
    assert all(row.earlier.closed_on <= row.happened_on for row in linked)
    return len(linked), None


def _spread(c: Counting):
    rows = [r for r in _valid(models.OpinionIncident) if r.spread and c.covers(r.org_unit)]
    return sum(within_year(row.judged_on, c) for row in rows), None


def _lists(c: Counting):
    return len({row.kind for row in _this_year(models.Document, c, "duties", "key_work")}), None


def _frequencies(c: Counting):
    return len({row.frequency for row in _this_year(models.Inspection, c, "safety")} - {"irregular"}), None


RECOUNTS = {
    "keyprojects.pilots_won": _pilots,
    "keyprojects.matters_handled": _matters,
    "keyprojects.onboarded": _onboarded,
    "keyprojects.cases": lambda c: (len(_this_year(models.DigitalItem, c, "case")), None),
    "keyprojects.scenes": _scenes,
    "keyprojects.accidents": lambda c: (len(_this_year(models.Accident, c)), None),
    "keyprojects.casualties": lambda c: (sum(row.casualties for row in _this_year(models.Accident, c)), None),
    "keyprojects.petitions_again": _again,
    "keyprojects.opinions_spread": _spread,
    "keyprojects.lists": _lists,
    "keyprojects.frequencies": _frequencies,
    "keyprojects.medical_care_checks": lambda c: (len(_this_year(models.Inspection, c, "medical_care")), None),
    "keyprojects.network_checks": lambda c: (len(_this_year(models.Inspection, c, "network")), None),
}
