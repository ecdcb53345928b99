"""How charity's targets are computed from its registers (reading A13: held, not prepared; A23)."""

from django.db.models import F

from workplan.measures import Measure, Rows, of_bureau, owed_times, this_year

from .enums import EventKind, OutletKind
from .models import CharityDuty, CommunityFund, Event, LotterySales, Outlet

# Charities are a role of social organisations, which their own section keeps.
SocialOrganisation = CharityDuty._meta.get_field("organisation").related_model
NEW_CHANNELS = (OutletKind.LUCKY_SHOP, OutletKind.CONVENIENCE)


def _charities(target) -> Rows:
    rows = of_bureau(SocialOrganisation, target).filter(charity_on__isnull=False)
    return Rows(rows, since="charity_on", until="ended_on")


def _disclosing(target) -> Rows:
    """One that was struck off the register of organisations counts in neither number from that day on."""
    duties = of_bureau(CharityDuty, target).filter(year=target.plan.year, disclosed_on__isnull=False)
    standing = duties.filter(organisation__in=_charities(target).query)
    return Rows(standing, since="disclosed_on", until="organisation__ended_on")


def _held(kind: EventKind):
    def rows(target) -> Rows:
        return Rows(owed_times(this_year(of_bureau(Event, target).filter(kind=kind), target), target))

    return rows


def _funds(target) -> Rows:
    return Rows(this_year(of_bureau(CommunityFund, target), target), until="ended_on")


def _outlets(target) -> Rows:
    return Rows(of_bureau(Outlet, target).filter(kind__in=NEW_CHANNELS), until="closed_on")


def _sales(target):
    return this_year(of_bureau(LotterySales, target), target)


def _growth(target) -> Rows:
    return Rows(_sales(target).annotate(growth=F("sales") - F("last_year")), amount="growth")


def _sales_last_year(target) -> Rows:
    return Rows(_sales(target), amount="last_year")


MEASURES = [
    Measure("charity.disclosing", "按规定公开信息的慈善组织，占登记的慈善组织", _disclosing, _charities),
    Measure("charity.inspections", "本年组织的慈善组织年报年检", _held(EventKind.INSPECTION)),
    Measure("charity.funds", "本年设立的社区慈善基金", _funds),
    Measure("charity.charity_day", "本年“中华慈善日”集中宣传", _held(EventKind.CHARITY_DAY)),
    Measure("charity.charity_week", "本年“重庆慈善周”集中宣传", _held(EventKind.CHARITY_WEEK)),
    Measure("charity.conferences", "本年召开的年度慈善工作会议", _held(EventKind.CONFERENCE)),
    Measure("charity.new_outlets", "正在经营的“福店”等新型渠道网点", _outlets),
    Measure("charity.sales_growth", "本年各月销量较上年同月的增量合计，占上年同期销量", _growth, _sales_last_year),
]
