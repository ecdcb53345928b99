"""Livelihood, counted again the slow way: plain loops over all records, sharing nothing with the measures."""

from livelihood import models
from workplan.enums import RecordState

from .counting import Counting, standing, within_year

EXAMPLES: dict = {}


def _valid(model):
    return list(model.objects.filter(state=RecordState.VALID))


def _in_year(model, name: str):
    return lambda c: (sum(within_year(getattr(row, name), c) for row in _valid(model)), None)


def _solved(c: Counting):
    rows = [row for row in _valid(models.LegacyProblem) if row.happened_on <= c.on]
    return sum(row.solved_on is not None and row.solved_on <= c.on for row in rows), len(rows)


def _venues(kind: str):
    def count(c: Counting):
        rows = [row for row in _valid(models.MarriageVenue) if row.kind == kind]
        return sum(standing(row.happened_on, row.closed_on, c.on) for row in rows), None

    return count


RECOUNTS = {
    "livelihood.facilities_started": _in_year(models.BurialFacility, "started_on"),
    "livelihood.plans_finished": _in_year(models.PlanningDocument, "finished_on"),
    "livelihood.problems_solved": _solved,
    "livelihood.list_updates": _in_year(models.HomeListUpdate, "happened_on"),
    "livelihood.outdoor_bases": _venues("outdoor_base"),
    "livelihood.featured_offices": _venues("featured_office"),
}
