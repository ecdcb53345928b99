"""Charity, counted again the slow way: plain loops over all records, sharing nothing with the measures."""

from charity import models
from socialorgs.models import SocialOrganisation
from workplan.enums import RecordState

from .counting import Counting, standing, within_year

EXAMPLES: dict = {
    "charityduty": {"year": lambda number: 2024 + number},
    "outlet": {"number": lambda n: f"Y{n:03}"},
    "lotterysales": {"sales": 100, "last_year": 90},
}


def _valid(model):
    return list(model.objects.filter(state=RecordState.VALID))


def _held(kind: str):
    def count(c: Counting):
        held = sum(row.kind == kind and within_year(row.happened_on, c) for row in _valid(models.Event))
        return min(held, 1), None

    return count


def _disclosing(c: Counting):
    charities = {o.pk for o in _valid(SocialOrganisation) if standing(o.charity_on, o.ended_on, c.on)}
    duties = [r for r in _valid(models.CharityDuty) if r.year == c.target.plan.year]
    disclosing = {r.organisation_id for r in duties if r.disclosed_on is not None and r.disclosed_on <= c.on}
    return len(disclosing & charities), len(charities)


def _growth(c: Counting):
    rows = [row for row in _valid(models.LotterySales) if within_year(row.happened_on, c)]
    return sum(row.sales - row.last_year for row in rows), sum(row.last_year for row in rows)


RECOUNTS = {
    "charity.disclosing": _disclosing,
    "charity.inspections": _held("inspection"),
    "charity.funds": lambda c: (
        sum(
            within_year(r.happened_on, c) and standing(r.happened_on, r.ended_on, c.on)
            for r in _valid(models.CommunityFund)
        ),
        None,
    ),
    "charity.charity_day": _held("charity_day"),
    "charity.charity_week": _held("charity_week"),
    "charity.conferences": _held("conference"),
    "charity.new_outlets": lambda c: (
        sum(r.kind != "traditional" and standing(r.happened_on, r.closed_on, c.on) for r in _valid(models.Outlet)),
        None,
    ),
    "charity.sales_growth": _growth,
}
