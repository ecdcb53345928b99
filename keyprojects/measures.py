"""How the key projects' targets are computed from their registers. Readings A08 and A18 are those of the plan's fixtures."""

from django.db.models import Exists, OuterRef
from django.db.models.functions import Greatest

from workplan.measures import Measure, Rows, first_of_each, of_bureau, this_year

from .enums import DigitalKind, DocumentKind, Frequency, InspectionKind, PilotKind
from .models import (
    Accident,
    CrossCount,
    CrossMatter,
    DigitalItem,
    Document,
    Inspection,
    OpinionIncident,
    Petition,
    Pilot,
)


def _pilots_won(target) -> Rows:
    rows = of_bureau(Pilot, target).filter(kind=PilotKind.ELDER_WELFARE, granted_on__isnull=False)
    return Rows(this_year(rows, target, "granted_on"), since="granted_on")


def _matters_handled(target) -> Rows:
    """A matter counts from the first day of the year on which cases of it are known to have been handled."""
    months = this_year(of_bureau(CrossCount, target).filter(handled__gt=0), target)
    months = months.filter(matter=OuterRef("pk")).order_by("happened_on")
    matters = of_bureau(CrossMatter, target).filter(Exists(months))
    handled = matters.annotate(handled_on=Greatest("happened_on", months.values("happened_on")[:1]))
    return Rows(handled, since="handled_on", until="ended_on")


def _onboarded(target) -> Rows:
    return Rows(of_bureau(DigitalItem, target).filter(kind=DigitalKind.ONBOARDED), until="ended_on")


def _cases(target) -> Rows:
    return Rows(this_year(of_bureau(DigitalItem, target).filter(kind=DigitalKind.CASE), target))


def _scenes(target) -> Rows:
    rows = of_bureau(DigitalItem, target).filter(kind=DigitalKind.SCENE)
    return Rows(this_year(rows, target), until="ended_on")


def _accidents(target) -> Rows:
    return Rows(this_year(of_bureau(Accident, target), target))


def _casualties(target) -> Rows:
    return Rows(_accidents(target).query.filter(casualties__gt=0), amount="casualties")


def _petitions_again(target) -> Rows:
    """That the earlier petition had been closed is what the register asks of the link."""
    return Rows(this_year(of_bureau(Petition, target).filter(earlier__isnull=False), target))


def _opinions_spread(target) -> Rows:
    rows = of_bureau(OpinionIncident, target).filter(spread=True)
    return Rows(this_year(rows, target, "judged_on"), since="judged_on")


def _lists(target) -> Rows:
    """Each of the two lists counts once, from its first issue of the year."""
    kinds = (DocumentKind.DUTIES, DocumentKind.KEY_WORK)
    return Rows(first_of_each(this_year(of_bureau(Document, target).filter(kind__in=kinds), target), by="kind"))


def _inspections(target, kind: InspectionKind) -> Rows:
    return Rows(this_year(of_bureau(Inspection, target).filter(kind=kind), target))


def _frequencies(target) -> Rows:
    """Each of the five frequencies counts once, from the first inspection of the year that was made at it."""
    rows = _inspections(target, InspectionKind.SAFETY).query.exclude(frequency=Frequency.IRREGULAR)
    return Rows(first_of_each(rows, by="frequency"))


def _medical_care(target) -> Rows:
    return _inspections(target, InspectionKind.MEDICAL_CARE)


def _network(target) -> Rows:
    return _inspections(target, InspectionKind.NETWORK)


MEASURES = [
    Measure("keyprojects.pilots_won", "本年获批的老年福利共享试点", _pilots_won),
    Measure("keyprojects.matters_handled", "本年有办件的“川渝通办”事项", _matters_handled, depends=(CrossCount,)),
    Measure("keyprojects.onboarded", "在三级治理中心运行的民政业务事项", _onboarded),
    Measure("keyprojects.cases", "本年的智慧民政平台典型应用案例", _cases),
    Measure("keyprojects.scenes", "本年推广、仍在使用的“一件事”场景", _scenes),
    Measure("keyprojects.accidents", "本年发生的安全事故", _accidents),
    Measure("keyprojects.casualties", "本年安全事故的伤亡人数", _casualties),
    Measure("keyprojects.petitions_again", "本年收到的、原信访件已办结后再次发生的信访件", _petitions_again),
    Measure("keyprojects.opinions_spread", "本年经研判认定扩散的负面舆情", _opinions_spread),
    Measure("keyprojects.lists", "本年印发的两张清单，每类计一份", _lists),
    Measure("keyprojects.frequencies", "本年已有平安民政检查记录的频次种类，五类各计一次", _frequencies),
    Measure("keyprojects.medical_care_checks", "本年医养结合机构重点检查次数", _medical_care),
    Measure("keyprojects.network_checks", "本年网络安全风险隐患排查次数", _network),
]
