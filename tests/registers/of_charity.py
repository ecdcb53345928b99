"""Charity, counted again the slow way: plain loops over all records, sharing nothing with the measures."""

from charity import models
from workplan.enums import RecordState

from .counting import Counting, standing, within_year

EXAMPLES: dict = {
    "charityduty": {"year": 2024},
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
    rows = [r for r in _valid(models.CharityDuty) if r.year == c.target.plan.year and r.happened_on <= c.on]
    return sum(row.disclosed_on is not None and row.disclosed_on <= c.on for row in rows), len(rows)


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
