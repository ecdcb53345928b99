"""Party building, counted again the slow way: plain loops over all records, sharing nothing with the measures."""

from partybuilding import models
from workplan.enums import RecordState

from .counting import Counting, within_year

EXAMPLES = {
    "ideologyreport": {"year": lambda number: str(2024 - number % 20), "half": "first"},
}


def _valid(model):
    return list(model.objects.filter(state=RecordState.VALID))


def _this_year(model, c: Counting, *kinds: str) -> list:
    return [r for r in _valid(model) if within_year(r.happened_on, c) and (not kinds or r.kind in kinds)]


def _sessions(c: Counting):
    rows = _this_year(models.StudySession, c)
    return sum(row.first_topic for row in rows), len(rows)


def _months_checked(c: Counting):
    return len({row.happened_on.month for row in _this_year(models.RiskCheck, c, "monthly")}), None


def _start_check(c: Counting):
    return int(bool(_this_year(models.RiskCheck, c, "start_of_year"))), None


def _reports(c: Counting):
    year = str(c.target.plan.year)
    sent = [r for r in _valid(models.IdeologyReport) if r.year == year and r.happened_on <= c.on]
    return len({row.half for row in sent}), None


def _kinds_of_paper(c: Counting, *kinds: str):
    return len({row.kind for row in _this_year(models.Document, c, *kinds)}), None


def _reorganised(c: Counting):
    return sum(within_year(row.completed_on, c) for row in _valid(models.Reorganisation)), None


RECOUNTS = {
    "partybuilding.first_topics": _sessions,
    "partybuilding.year_plans": lambda c: _kinds_of_paper(c, "year_plan"),
    "partybuilding.start_checks": _start_check,
    "partybuilding.monthly_checks": _months_checked,
    "partybuilding.ledger_and_list": lambda c: _kinds_of_paper(c, "risk_ledger", "duty_list"),
    "partybuilding.reports": _reports,
    "partybuilding.gradings": lambda c: _kinds_of_paper(c, "grading"),
    "partybuilding.reorganised": _reorganised,
    "partybuilding.competitions": lambda c: (len(_this_year(models.Event, c, "competition")), None),
}
