"""Funeral affairs, counted again the slow way: plain loops over all records, sharing nothing with the measures."""

from decimal import Decimal

from funeral import models
from workplan.enums import RecordState

from .counting import Counting, standing, within_year

EXAMPLES: dict = {"transportwaiver": {"number": lambda n: f"编号{n}"}}


def _valid(model):
    return list(model.objects.filter(state=RecordState.VALID).select_related("org_unit"))


def _this_year(model, c: Counting):
    return [row for row in _valid(model) if within_year(row.happened_on, c) and c.covers(row.org_unit)]


def _done(rows, name: str, c: Counting) -> int:
    return sum(getattr(row, name) is not None and getattr(row, name) <= c.on for row in rows)


def _steps(c: Counting, shares: dict):
    rows = _this_year(models.ZoningRecord, c)
    return sum((Decimal(shares[row.kind]) for row in rows if row.kind in shares), Decimal(0)), None


def _milestones(c: Counting, kind: str):
    return min(sum(row.kind == kind for row in _this_year(models.Milestone, c)), 1), None


def _rate(model, name: str):
    def count(c: Counting):
        rows = _this_year(model, c)
        return _done(rows, name, c), len(rows)

    return count


def _disclosing(c: Counting):
    rows = [row for row in _valid(models.Provider) if standing(row.happened_on, row.closed_on, c.on)]
    return _done(rows, "complete_on", c), len(rows)


RECOUNTS = {
    "funeral.zoning_plan": lambda c: _steps(c, {"drafted": "0.3", "revised": "0.3", "final": "0.4"}),
    "funeral.zoning_review": lambda c: _steps(c, {"submitted": "0.5", "reviewed": "0.5"}),
    "funeral.zoning_decision": lambda c: _steps(c, {"approved": "0.5", "in_force": "0.5"}),
    "funeral.burial_pilots": lambda c: (
        sum(standing(r.happened_on, r.ended_on, c.on) for r in _valid(models.BurialPilot)),
        None,
    ),
    "funeral.transports_waived": _rate(models.TransportWaiver, "waived_on"),
    "funeral.joint_supervision": lambda c: _milestones(c, "joint_supervision"),
    "funeral.overcharges": lambda c: (len(_this_year(models.Overcharge, c)), None),
    "funeral.disclosing": _disclosing,
    "funeral.cemetery_inspections": lambda c: (
        sum(row.provider.kind == "public_cemetery" for row in _this_year(models.FeeInspection, c)),
        None,
    ),
    "funeral.overcharges_punished": _rate(models.Overcharge, "punished_on"),
    "funeral.yearly_assessment": lambda c: _milestones(c, "yearly_assessment"),
    "funeral.tombs_untreated": lambda c: (
        sum(row.stopped_on is None or row.stopped_on > c.on for row in _this_year(models.IllegalTomb, c)),
        None,
    ),
    "funeral.tombs_found": lambda c: (len(_this_year(models.IllegalTomb, c)), None),
    "funeral.tombs_stopped": _rate(models.IllegalTomb, "stopped_on"),
    "funeral.tombs_demolished": _rate(models.IllegalTomb, "demolished_on"),
}
