"""Invented records of charity and lottery for the sample year."""

from datetime import date, timedelta

from workplan.demo.chance import between
from workplan.demo.registers import Sample

from .enums import EventKind, Lottery, OutletKind
from .measures import SocialOrganisation
from .models import CharityDuty, CommunityFund, Event, LotterySales, Outlet

MONTH_ENDS = [date(2024, month + 1, 1) - timedelta(days=1) for month in range(1, 10)]


def invent(sample: Sample) -> None:
    """Store the sample records of all registers of this section."""
    office = sample.offices["charity"]
    sample.store(_duties(sample, office))
    sample.store(
        sample.row(Event, office, day, kind=kind, name=f"2024年演示{kind.label}", place="演示广场")
        for kind, day in (
            (EventKind.INSPECTION, date(2024, 6, 20)),
            (EventKind.CHARITY_DAY, date(2024, 9, 5)),
            (EventKind.CHARITY_WEEK, date(2024, 9, 9)),
            (EventKind.AID, date(2024, 5, 28)),
        )
    )
    sample.store(
        sample.row(CommunityFund, unit, date(2024, 3 + n, 12), community=f"演示社区{n + 1}", raised=3000 * (n + 1))
        for n, unit in enumerate(sample.townships[:5])
    )
    sample.store(_outlets(sample))
    sample.store(_sales(sample, office))


def _duties(sample: Sample, office):
    """The charities among the sample's social organisations; they disclose one after another."""
    for n, charity in enumerate(SocialOrganisation.objects.filter(charity_on__isnull=False).order_by("code")):
        disclosed = sample.past(date(2024, 3, 25) + timedelta(days=40 * n))
        yield sample.row(
            CharityDuty, office, date(2024, 1, 10), organisation=charity, year=2024, disclosed_on=disclosed
        )


def _outlets(sample: Sample):
    for n, unit in enumerate(sample.townships[:14]):
        kind = (OutletKind.TRADITIONAL, OutletKind.LUCKY_SHOP, OutletKind.CONVENIENCE)[n % 3]
        yield sample.row(Outlet, unit, date(2023, 2 + n % 10, 18), number=f"YS{n + 1:04}", kind=kind)


def _sales(sample: Sample, office):
    for lottery in Lottery:
        for day in MONTH_ENDS:
            last = between(60, 140, "last year", lottery, day.month)
            now = last + between(-6, 12, "growth", lottery, day.month)
            yield sample.row(LotterySales, office, day, lottery=lottery, sales=now, last_year=last)
