"""Social organisations, counted again the slow way: plain loops over all records, sharing nothing with the measures."""

from datetime import date

from socialorgs import models
from workplan.enums import RecordState

from .counting import Counting, standing, within_year

EXAMPLES = {
    "socialorganisation": {
        "code": lambda number: f"5150015600000{number:05}",
        "charity_on": date(2024, 10, 1),  # so that charity's registers can point at it
    },
    "annualcheck": {"year": lambda number: 2000 + number},
    "campaignaction": {"number": lambda number: number % 10 + 1},
}


def _valid(model):
    return list(model.objects.filter(state=RecordState.VALID))


def _cross_posts(c: Counting):
    rows = _valid(models.SocialOrganisation)
    party = [r for r in rows if standing(r.party_on, r.ended_on, c.on)]
    return sum(standing(r.cross_posts_on, r.ended_on, c.on) for r in party), len(party)


def _distinct(c: Counting, model, what: str, day: str):
    return len({getattr(r, what) for r in _valid(model) if within_year(getattr(r, day), c)}), None


def _events(c: Counting, kind: str):
    return sum(r.kind == kind and within_year(r.happened_on, c) for r in _valid(models.Event)), None


RECOUNTS = {
    "socialorgs.cross_posts": _cross_posts,
    "socialorgs.liaison_meetings": lambda c: _events(c, "liaison"),
    "socialorgs.rotation_courses": lambda c: _events(c, "rotation"),
    "socialorgs.leader_courses": lambda c: _events(c, "course"),
    "socialorgs.documents": lambda c: _distinct(c, models.Document, "title", "happened_on"),
    "socialorgs.campaign_actions": lambda c: _distinct(c, models.CampaignAction, "number", "done_on"),
    "socialorgs.dormant_settled": lambda c: _distinct(c, models.DormantCase, "organisation_id", "settled_on"),
    "socialorgs.illegal_settled": lambda c: _distinct(c, models.IllegalOrganisation, "pk", "settled_on"),
    "socialorgs.evaluated": lambda c: _distinct(c, models.Evaluation, "organisation_id", "happened_on"),
    "socialorgs.inspections": lambda c: (min(1, _distinct(c, models.InspectionPlan, "pk", "finished_on")[0]), None),
}
