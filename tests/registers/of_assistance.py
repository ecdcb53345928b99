"""Social assistance, counted again the slow way: plain loops over all records, sharing nothing with the measures."""

from accounts.models import OrgUnit
from assistance import models
from workplan.enums import RecordState

from .counting import Counting, standing, within_year

EXAMPLES: dict = {}
TOWNSHIPS = ("street", "town", "township", "ethnic_township")


def _valid(model, c: Counting):
    rows = model.objects.filter(state=RecordState.VALID).select_related("org_unit__parent").order_by("happened_on")
    return [row for row in rows if c.covers(row.org_unit)]


def _township(row) -> int:
    return row.org_unit.parent_id if row.org_unit.kind in ("village", "community") else row.org_unit_id


def _same(row, others):
    return [o for o in others if o.person_id == row.person_id and _township(o) == _township(row)]


def _included(c: Counting):
    rows = [r for r in _valid(models.LowIncomePerson, c) if standing(r.happened_on, r.ended_on, c.on)]
    return sum(bool(r.included_on and r.included_on <= c.on) for r in rows), len(rows)


def _standards(c: Counting):
    rows = [r for r in _valid(models.AidStandard, c) if within_year(r.happened_on, c)]
    return len({r.kind for r in rows} & {"minimum", "extremely_poor"}), None


def _refused(c: Counting):
    rows = [r for r in _valid(models.TemporaryAid, c) if r.outcome == "refused" and r.refusal == "not_local"]
    return sum(within_year(r.decided_on, c) for r in rows), None


def _at_place(c: Counting):
    units = [unit for unit in OrgUnit.objects.filter(kind__in=TOWNSHIPS) if c.covers(unit)]
    rows = [r for r in _valid(models.TemporaryAid, c) if r.at_place and r.outcome != "refused"]
    return len({r.org_unit_id for r in rows if within_year(r.happened_on, c)}), len(units)


def _mechanism(kind: str):
    def recount(c: Counting):
        rows = [r for r in _valid(models.Mechanism, c) if r.kind == kind]
        return int(any(within_year(r.effective_on, c) for r in rows)), None

    return recount


def _warm(c: Counting):
    rows = [r for r in _valid(models.ServiceVisit, c) if r.kind == "warm"]
    return int(any(within_year(r.happened_on, c) for r in rows)), None


def _villages(c: Counting):
    rows = [r for r in _valid(models.DiscoveryVillage, c) if r.happened_on <= c.on]
    return sum(bool(r.included_on and r.included_on <= c.on) for r in rows), len(rows)


def _at_home(c: Counting) -> list:
    rows = [r for r in _valid(models.ExtremelyPoor, c) if standing(r.happened_on, r.ended_on, c.on)]
    return [r for r in rows if r.admitted_on is None or c.on < r.admitted_on]


def _agreement(poor, c: Counting, agreements):
    """Return the person's agreement in force: the last one signed, unless it has run out."""
    signed = [a for a in _same(poor, agreements) if a.happened_on <= c.on]
    if not signed or signed[-1].expires_on < c.on:
        return None
    return signed[-1] if signed[-1].ended_on is None or c.on < signed[-1].ended_on else None


def _agreed(c: Counting):
    agreements, homes = _valid(models.CareAgreement, c), _at_home(c)
    return sum(_agreement(poor, c, agreements) is not None for poor in homes), len(homes)


def _served(c: Counting):
    agreements = _valid(models.CareAgreement, c)
    care = [v for v in _valid(models.ServiceVisit, c) if v.kind == "basic" and v.happened_on <= c.on]
    pairs = [(poor, _agreement(poor, c, agreements)) for poor in _at_home(c)]
    pairs = [(poor, agreement) for poor, agreement in pairs if agreement]
    served = [
        poor
        for poor, agreement in pairs
        if any(v.happened_on >= max(agreement.happened_on, poor.happened_on) for v in _same(poor, care))
    ]
    return len(served), len(pairs)


def _wishes(c: Counting):
    rows = [r for r in _valid(models.ExtremelyPoor, c) if standing(r.wished_on, r.ended_on, c.on)]
    rows = [r for r in rows if r.admitted_on is None or r.admitted_on >= c.target.start]
    return sum(bool(r.admitted_on and r.admitted_on <= c.on) for r in rows), len(rows)


def _assessed(c: Counting):
    rows = [r for r in _valid(models.ExtremelyPoor, c) if standing(r.happened_on, r.ended_on, c.on)]
    done = [a for a in _valid(models.SelfCareAssessment, c) if a.happened_on <= c.on]
    return sum(bool(_same(row, done)) for row in rows), len(rows)


def _followed(c: Counting):
    done = [a for a in _valid(models.SelfCareAssessment, c) if a.happened_on <= c.on]
    visits = [v for v in _valid(models.ServiceVisit, c) if v.kind == "follow_up" and within_year(v.happened_on, c)]
    latest = [(poor, _same(poor, done)[-1:]) for poor in _at_home(c)]
    dependent = [poor for poor, found in latest if found and found[0].unmet > 0]
    return sum(bool(_same(poor, visits)) for poor in dependent), len(dependent)


def _cared_for(c: Counting):
    homes = _at_home(c)
    care = [v for v in _valid(models.ServiceVisit, c) if v.kind == "basic" and within_year(v.happened_on, c)]
    return sum(bool(_same(poor, care)) for poor in homes), len(homes)


RECOUNTS = {
    "assistance.low_income": lambda c: (_included(c)[1], None),
    "assistance.special_aid": _mechanism("special_aid"),
    "assistance.included": _included,
    "assistance.standards_adjusted": _standards,
    "assistance.refused_as_strangers": _refused,
    "assistance.aiding_at_place": _at_place,
    "assistance.matching": _mechanism("matching"),
    "assistance.data_sharing": _mechanism("data_sharing"),
    "assistance.warm_service": _warm,
    "assistance.charity_link": _mechanism("charity_link"),
    "assistance.villages_included": _villages,
    "assistance.agreed": _agreed,
    "assistance.agreement_served": _served,
    "assistance.wish_fulfilled": _wishes,
    "assistance.assessed": _assessed,
    "assistance.dependent_followed": _followed,
    "assistance.cared_for": _cared_for,
}
