"""Rehabilitation, counted again the slow way: plain loops over all records, sharing nothing with the measures."""

from accounts.enums import UnitKind
from accounts.models import OrgUnit
from rehabilitation import models
from workplan.enums import RecordState

from .counting import Counting, standing, within_year

EXAMPLES: dict = {"site": {"serves": []}}


def _valid(model):
    return list(model.objects.filter(state=RecordState.VALID).select_related("org_unit"))


def _running(c: Counting):
    return [site for site in _valid(models.Site) if standing(site.happened_on, site.closed_on, c.on)]


def _reaches(site, unit) -> bool:
    return site.org_unit.path.startswith(unit.path) or unit in site.serves.all()


def _covered(units, sites) -> int:
    return sum(any(_reaches(site, unit) for site in sites) for unit in units)


def _units(c: Counting, *kinds: str, urban: bool = False):
    units = OrgUnit.objects.filter(kind__in=kinds)
    return [u for u in units if c.covers(u) and standing(u.valid_from, u.valid_to, c.on) and (not urban or u.urban)]


def _coverage(c: Counting, *kinds: str, urban: bool = False):
    units = _units(c, *kinds, urban=urban)
    return _covered(units, _running(c)), len(units)


def _named(c: Counting):
    units = [share.org_unit for share in c.target.allocations.select_related("org_unit") if c.covers(share.org_unit)]
    new = [site for site in _running(c) if site.kind == "station" and within_year(site.happened_on, c)]
    return _covered(units, new), None


def _served(c: Counting):
    clients = {}
    for row in _valid(models.Client):
        if standing(row.happened_on, row.ended_on, c.on) and c.covers(row.org_unit):
            clients[row.person_id] = row
    services = [s for s in _valid(models.ServiceRecord) if s.to_standard and within_year(s.happened_on, c)]
    return len({s.person_id for s in services} & clients.keys()), len(clients)


RECOUNTS = {
    "rehabilitation.levels": lambda c: (len({site.kind for site in _running(c)}), None),
    "rehabilitation.area_centres": lambda c: (
        sum(site.kind == "area" and c.covers(site.org_unit) for site in _running(c)),
        None,
    ),
    "rehabilitation.stations_added": lambda c: (
        sum(s.kind == "station" and within_year(s.happened_on, c) and c.covers(s.org_unit) for s in _running(c)),
        None,
    ),
    "rehabilitation.named_units_covered": _named,
    "rehabilitation.platforms": lambda c: (
        sum(standing(r.happened_on, r.ended_on, c.on) for r in _valid(models.PlatformLink)),
        None,
    ),
    "rehabilitation.clients_served": _served,
    "rehabilitation.streets_covered": lambda c: _coverage(c, UnitKind.STREET),
    "rehabilitation.urban_communities_covered": lambda c: _coverage(c, UnitKind.COMMUNITY, urban=True),
    "rehabilitation.towns_covered": lambda c: _coverage(c, UnitKind.TOWN, UnitKind.TOWNSHIP, UnitKind.ETHNIC_TOWNSHIP),
}
