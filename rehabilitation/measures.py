"""How rehabilitation's targets are computed from its registers (readings A03, A04, A10, A11)."""

from datetime import date

from django.db.models import DateField, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, Least

from accounts.enums import TOWNSHIP_KINDS, UnitKind
from accounts.models import OrgUnit
from workplan.measures import FOREVER, UNIT_ITSELF, Measure, Rows, first_of_each, of_bureau, this_year, units_of

from .enums import SiteKind
from .models import Client, PlatformLink, ServiceRecord, Site

TOWNS = tuple(kind for kind in TOWNSHIP_KINDS if kind != UnitKind.STREET)
NEVER = Value(FOREVER, output_field=DateField())
LONG_AGO = Value(date(1, 1, 1), output_field=DateField())


def _levels(target) -> Rows:
    """Each level counts once, from its first site that still runs."""
    running = of_bureau(Site, target).filter(closed_on__isnull=True)
    return Rows(first_of_each(running, by="kind"))


def _area_centres(target) -> Rows:
    return Rows(of_bureau(Site, target).filter(kind=SiteKind.AREA), until="closed_on")


def _new_stations(target):
    return this_year(of_bureau(Site, target).filter(kind=SiteKind.STATION), target)


def _stations_added(target) -> Rows:
    return Rows(_new_stations(target), until="closed_on")


def _named_units_covered(target) -> Rows:
    """Of the units that the target is allocated to, those in which a new station stands or that one serves."""
    named = OrgUnit.objects.filter(allocations__target=target)
    return _reached(named, _new_stations(target))


def _platforms(target) -> Rows:
    return Rows(of_bureau(PlatformLink, target), until="ended_on")


def _clients(target) -> Rows:
    """Somebody registered twice counts once, where the registration still runs."""
    order = (F("ended_on").desc(nulls_first=True), "happened_on")
    return Rows(first_of_each(of_bureau(Client, target), by="person_id", order=order), until="ended_on")


def _clients_served(target) -> Rows:
    """Clients with at least one service to standard in the year, from the first of them on."""
    services = this_year(of_bureau(ServiceRecord, target).filter(to_standard=True), target)
    first = services.filter(person=OuterRef("person")).order_by("happened_on").values("happened_on")[:1]
    served = _clients(target).query.annotate(first=Subquery(first)).filter(first__isnull=False)
    return Rows(served.annotate(since=Greatest("happened_on", "first")), since="since", until="ended_on")


def _streets(target) -> Rows:
    return units_of(target, [UnitKind.STREET])


def _towns(target) -> Rows:
    return units_of(target, TOWNS)


def _urban_communities(target) -> Rows:
    communities = units_of(target, [UnitKind.COMMUNITY])
    return Rows(communities.query.filter(urban=True), unit=UNIT_ITSELF, since="valid_from", until="valid_to")


def _reached(units, sites) -> Rows:
    """Return the units in which a site stands (or in a village of theirs) or that one serves, while one runs."""
    here = sites.filter(org_unit__path__startswith=OuterRef("path"))
    from_elsewhere = sites.filter(serves=OuterRef("pk"))
    query = units.annotate(covered_on=Least(*(_first_day(some) for some in (here, from_elsewhere))))
    query = query.filter(covered_on__lt=FOREVER)
    query = query.annotate(covered_until=Greatest(*(_last_day(some) for some in (here, from_elsewhere))))
    return Rows(query, unit=UNIT_ITSELF, since="covered_on", until="covered_until")


def _first_day(sites):
    """Return the day of the first of the sites; never where there is none."""
    return Coalesce(Subquery(sites.order_by("happened_on").values("happened_on")[:1]), NEVER)


def _last_day(sites):
    """Return the latest day until which one of the sites runs: for good where one is open, long ago where there is none."""
    days = sites.order_by(F("closed_on").desc(nulls_first=True)).values(day=Coalesce("closed_on", NEVER))
    return Coalesce(Subquery(days[:1]), LONG_AGO)


def _streets_covered(target) -> Rows:
    return _reached(_streets(target).query, of_bureau(Site, target))


def _towns_covered(target) -> Rows:
    return _reached(_towns(target).query, of_bureau(Site, target))


def _urban_communities_covered(target) -> Rows:
    return _reached(_urban_communities(target).query, of_bureau(Site, target))


MEASURES = [
    Measure("rehabilitation.levels", "已有站点运行的服务层级数", _levels),
    Measure("rehabilitation.area_centres", "正在运行的片区型康复服务中心", _area_centres),
    Measure("rehabilitation.stations_added", "本年启用的“渝康家园”站点", _stations_added),
    Measure(
        "rehabilitation.named_units_covered",
        "点名的单位中，有本年新站点在内或由其服务的单位",
        _named_units_covered,
        depends=(Site,),
    ),
    Measure("rehabilitation.platforms", "已对接的信息平台", _platforms),
    Measure(
        "rehabilitation.clients_served",
        "本年至少接受一次规范服务的登记康复对象，占登记康复对象；一人只计一次",
        _clients_served,
        _clients,
        depends=(ServiceRecord,),
    ),
    Measure(
        "rehabilitation.streets_covered",
        "有站点在内或由站点服务的街道，占全部街道",
        _streets_covered,
        _streets,
        (Site,),
    ),
    Measure(
        "rehabilitation.urban_communities_covered",
        "有站点在内或由站点服务的城市社区，占全部城市社区",
        _urban_communities_covered,
        _urban_communities,
        (Site,),
    ),
    Measure(
        "rehabilitation.towns_covered", "有站点在内或由站点服务的乡镇，占全部乡镇", _towns_covered, _towns, (Site,)
    ),
]
