"""Invented records of funeral affairs for the sample year."""

from datetime import date, timedelta

from workplan.demo.chance import between, draw
from workplan.demo.registers import Sample

from .enums import MilestoneKind, ProviderKind, ZoningStep
from .models import (
    BurialPilot,
    FeeInspection,
    IllegalTomb,
    Milestone,
    Provider,
    TransportWaiver,
    ZoningRecord,
)

TOMB_UNIT = "500156109"  # the one illegal tomb of the sample year: found in August, pulled down in September
TRANSPORTS = 180


def invent(sample: Sample) -> None:
    """Store the sample records of all registers of this section."""
    office = sample.offices["funeral"]
    sample.store(_tombs(sample))
    sample.store(
        sample.row(ZoningRecord, office, day, kind=step, document="演示文件")
        for step, day in ((ZoningStep.DRAFTED, date(2024, 6, 18)), (ZoningStep.REVISED, date(2024, 9, 12)))
    )
    sample.store([sample.row(BurialPilot, sample.townships[4], date(2024, 7, 9), places=60)])
    sample.store(_transports(sample))
    sample.store(_providers(sample))
    sample.store(_inspections(sample))
    sample.store(
        sample.row(Milestone, office, day, kind=kind, document="演示文件")
        for kind, day in (
            (MilestoneKind.JOINT_SUPERVISION, date(2024, 6, 25)),
            (MilestoneKind.YEARLY_ASSESSMENT, date(2024, 4, 12)),
        )
    )


def _tombs(sample: Sample):
    unit = sample.unit(TOMB_UNIT)
    found = date(2024, 8, 14)
    yield sample.row(
        IllegalTomb, unit, found, place="演示村三组后山", stopped_on=found, demolished_on=date(2024, 9, 18)
    )


def _transports(sample: Sample):
    for n in range(TRANSPORTS):
        unit = sample.townships[n % len(sample.townships)]
        day = date(2024, 1, 5) + timedelta(days=between(0, 280, "transport", n))
        done = sample.past(day + timedelta(days=between(2, 12, "waived", n)))
        yield sample.row(
            TransportWaiver, unit, day, number=f"演示{n + 1:04}", amount=between(300, 900, "fee", n), waived_on=done
        )


def _providers(sample: Sample):
    office = sample.offices["funeral"]
    yield _provider(sample, office, "演示区殡仪馆", ProviderKind.FUNERAL_HOME, 0)
    for n, unit in enumerate(sample.townships[:8], start=1):
        yield _provider(sample, unit, f"{unit.label}演示公益性公墓", ProviderKind.PUBLIC_CEMETERY, n)


def _provider(sample: Sample, unit, name: str, kind: ProviderKind, n: int):
    complete = sample.past(date(2024, 3 + n, 20)) if draw("discloses", n) < 0.8 else None
    shown = complete is not None
    return sample.row(
        Provider,
        unit,
        date(2015, 5, 1),
        name=name,
        kind=kind,
        shows_items=True,
        shows_prices=True,
        shows_basis=shown,
        shows_hotline=shown,
        complete_on=complete,
    )


def _inspections(sample: Sample):
    cemeteries = Provider.objects.filter(kind=ProviderKind.PUBLIC_CEMETERY).select_related("org_unit")
    for n, provider in enumerate(cemeteries.order_by("pk")[:5]):
        day = date(2024, 8, 6 + n)
        yield sample.row(FeeInspection, provider.org_unit, day, provider=provider, finding="未发现违规收费")
