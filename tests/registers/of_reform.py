"""Reform, counted again the slow way: plain loops over all records, sharing nothing with the measures."""

from reform import models
from workplan.enums import RecordState

from .counting import Counting, within_year

EXAMPLES: dict = {"penaltycase": {"number": lambda n: f"演示〔2024〕{n + 1}号"}}


def _valid(model):
    return list(model.objects.filter(state=RecordState.VALID))


def _in_year(model, name: str, chosen=lambda row: True):
    def count(c: Counting):
        return sum(within_year(getattr(row, name), c) and chosen(row) for row in _valid(model)), None

    return count


RECOUNTS = {
    "reform.items_listed": _in_year(models.ReformItem, "listed_on"),
    "reform.cases": _in_year(models.TypicalCase, "happened_on"),
    "reform.pilots_granted": _in_year(
        models.Pilot,
        "granted_on",
        lambda r: r.kind in ("reform", "demonstration") and r.level in ("national", "municipal"),
    ),
    "reform.models_granted": _in_year(models.Pilot, "granted_on", lambda r: r.kind == "model"),
    "reform.charity_pilot": _in_year(models.Pilot, "granted_on", lambda r: r.kind == "charity_consortium"),
    "reform.assistance_consortium": _in_year(models.Consortium, "built_on", lambda r: r.kind == "assistance"),
    "reform.organisations_consortium": _in_year(
        models.Consortium, "built_on", lambda r: r.kind == "social_organisations"
    ),
    "reform.charity_consortium": _in_year(models.Consortium, "built_on", lambda r: r.kind == "charity"),
    "reform.platforms": lambda c: (
        sum(r.happened_on <= c.on and r.consortium.kind == "assistance" for r in _valid(models.Platform)),
        None,
    ),
    "reform.enforcement_mechanism": _in_year(models.Mechanism, "happened_on", lambda r: r.kind == "mechanism"),
    "reform.enforcement_team": _in_year(models.Mechanism, "happened_on", lambda r: r.kind == "team"),
}
