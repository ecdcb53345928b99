"""Invented records of rehabilitation for the sample year, and the urban communities that its coverage is measured by."""

from datetime import date, timedelta

from accounts.enums import UnitKind
from accounts.models import OrgUnit
from people.sample import Wanted, invent_people
from workplan.demo.chance import between, draw, pick
from workplan.demo.registers import Sample

from .enums import Origin, Platform, ServiceKind, SiteKind
from .models import Client, PlatformLink, ServiceRecord, Site

URBAN = {"500156001": 3, "500156002": 3, "500156003": 1, "500156004": 1}  # communities of the streets
CENTRES = {"500156003": date(2024, 8, 20), "500156107": date(2024, 11, 20)}  # the second one is still being built
STATIONS = {
    "500156101": date(2024, 5, 28),
    "500156004": date(2024, 6, 20),
    "500156111": date(2024, 8, 8),
    "500156112": date(2024, 9, 12),
    "500156203": date(2024, 9, 26),
    "500156207": date(2024, 11, 8),
}
NEIGHBOURS = {"500156203": ["500156211"]}  # a station that serves the township next door (reading A03)
OLDER = ("500156001", "500156102", "500156108", "500156109", "500156201", "500156113")
SERVED_SHARE = 0.39


def invent(sample: Sample) -> None:
    """Store the sample records of all registers of this section."""
    _communities(sample)
    sample.store(_sites(sample))
    _serve_neighbours(sample)
    sample.store(_platforms(sample))
    sample.store(_clients(sample))
    sample.store(_services(sample))


def _communities(sample: Sample) -> None:
    """Add the urban communities as units: the denominator of item 42."""
    for unit in sample.townships:
        for n in range(1, URBAN.get(unit.code, 0) + 1):
            OrgUnit.objects.get_or_create(
                code=f"{unit.code}{n:03}",
                defaults={
                    "name": f"{unit.label}演示第{n}社区",
                    "kind": UnitKind.COMMUNITY,
                    "parent": unit,
                    "urban": True,
                    "sort": unit.sort,
                },
            )


def _sites(sample: Sample):
    for code, opened in CENTRES.items():
        unit = sample.unit(code)
        yield sample.row(Site, unit, opened, name=f"{unit.label}演示片区中心", kind=SiteKind.AREA)
    for code, opened in STATIONS.items():
        unit = sample.unit(code)
        yield sample.row(Site, unit, opened, name=f"{unit.label}演示渝康家园", kind=SiteKind.STATION)
    for code in OLDER:
        unit = sample.unit(code)
        opened = date(2023, between(3, 11, "older site", code), 10)
        yield sample.row(Site, unit, opened, name=f"{unit.label}演示康复站", kind=SiteKind.STATION)


def _serve_neighbours(sample: Sample) -> None:
    for code, served in NEIGHBOURS.items():
        site = Site.objects.filter(org_unit__code=code).first()
        if site:
            site.serves.add(*OrgUnit.objects.filter(code__in=served))
    street = Site.objects.filter(org_unit__code="500156001").first()
    if street:
        street.serves.add(*OrgUnit.objects.filter(parent__code="500156001", urban=True))


def _platforms(sample: Sample):
    yield sample.row(PlatformLink, sample.offices["rehabilitation"], date(2024, 7, 2), platform=Platform.NATIONAL)


def _clients(sample: Sample):
    wanted = [(unit, n) for unit in sample.townships for n in range(between(6, 16, "clients", unit.code))]
    people = invent_people([Wanted(unit, ("client", unit.code, n), 19, 64) for unit, n in wanted], sample.last_day)
    for (unit, n), person in zip(wanted, people, strict=True):
        registered = date(2023, 1, 9) + timedelta(days=between(0, 500, "registered", unit.code, n))
        origin = pick(tuple(Origin), "origin", unit.code, n)
        yield sample.row(Client, unit, registered, person=person, origin=origin, certified=n % 3 > 0)


def _services(sample: Sample):
    """Four in ten clients are served to standard by October; some more are served, but not yet so."""
    for client in Client.objects.select_related("org_unit", "person").order_by("pk"):
        chance = draw("served", client.person_id)
        for month in range(2, 11, 2):
            day = date(2024, month, between(3, 26, "service", client.person_id, month))
            if chance < 0.6 and day >= client.happened_on:
                yield sample.row(
                    ServiceRecord,
                    client.org_unit,
                    day,
                    person=client.person,
                    kind=pick(tuple(ServiceKind), "kind", client.person_id, month),
                    to_standard=chance < SERVED_SHARE and month > 4,
                )
