"""How the targets of social assistance, and those about extremely poor people (task 50), are computed.

A person is counted where the records about him agree: agreements, services and assessments count for the township that
supports him. So a figure of one township depends on its own records only.
"""

from datetime import timedelta

from django.db.models import Case, DateField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Greatest, Least

from accounts.enums import TOWNSHIP_KINDS, VILLAGE_KINDS
from workplan.measures import FOREVER, Measure, Rows, covered, first_of_each, of_bureau, this_year, units_of

from .enums import AidOutcome, MechanismKind, Refusal, ServiceKind, StandardKind
from .models import (
    AidStandard,
    CareAgreement,
    DiscoveryVillage,
    ExtremelyPoor,
    LowIncomePerson,
    Mechanism,
    SelfCareAssessment,
    ServiceVisit,
    TemporaryAid,
)
from .models.extremely_poor import SELF_CARE_ITEMS

ADJUSTED_KINDS = (StandardKind.MINIMUM, StandardKind.EXTREMELY_POOR)  # the two that item 15 names


# --- Low-income people, standards, temporary aid, mechanisms, discovery --------------------------------------


def _low_income(target) -> Rows:
    return Rows(of_bureau(LowIncomePerson, target), until="ended_on")


def _included(target) -> Rows:
    rows = of_bureau(LowIncomePerson, target).filter(included_on__isnull=False)
    return Rows(rows, since="included_on", until="ended_on")


def _standards_adjusted(target) -> Rows:
    """Each kind counts once, from the first adjustment of the year."""
    rows = this_year(of_bureau(AidStandard, target).filter(kind__in=ADJUSTED_KINDS), target)
    return Rows(first_of_each(rows, by="kind"))


def _refused_as_strangers(target) -> Rows:
    rows = of_bureau(TemporaryAid, target).filter(outcome=AidOutcome.REFUSED, refusal=Refusal.NOT_LOCAL)
    return Rows(this_year(rows, target, "decided_on"), since="decided_on")


def _townships(target) -> Rows:
    return units_of(target, TOWNSHIP_KINDS)


def _townships_aiding_at_place(target) -> Rows:
    rows = this_year(of_bureau(TemporaryAid, target).filter(at_place=True), target)
    return covered(_townships(target), by=rows.exclude(outcome=AidOutcome.REFUSED))


def _mechanism(kind: MechanismKind):
    """Return what counts a mechanism of the kind once, from the day on which it is in force."""

    def counts(target) -> Rows:
        rows = this_year(of_bureau(Mechanism, target).filter(kind=kind), target, "effective_on")
        return Rows(first_of_each(rows, by="kind", order=("effective_on",)), since="effective_on")

    return counts


def _warm_service_begun(target) -> Rows:
    """The programme counts once, from its first service."""
    rows = this_year(of_bureau(ServiceVisit, target).filter(kind=ServiceKind.WARM), target)
    return Rows(first_of_each(rows, by="kind"))


def _villages(target) -> Rows:
    return Rows(of_bureau(DiscoveryVillage, target))


def _villages_included(target) -> Rows:
    return Rows(of_bureau(DiscoveryVillage, target).filter(included_on__isnull=False), since="included_on")


# --- Extremely poor people -----------------------------------------------------------------------------------


def _in_township(rows: QuerySet) -> QuerySet:
    """Annotate the township of each row: a village's records are those of its township."""
    township = Case(When(org_unit__kind__in=VILLAGE_KINDS, then=F("org_unit__parent_id")), default=F("org_unit_id"))
    return rows.annotate(township=township)


def _of_same_person(model: type, target) -> QuerySet:
    """Return the model's rows about the person of an outer row, kept in the same township."""
    rows = _in_township(of_bureau(model, target))
    return rows.filter(person=OuterRef("person"), township=OuterRef("township"))


def _first(rows: QuerySet, value: str = "happened_on") -> Subquery:
    return Subquery(rows.order_by("happened_on", "pk").values(value)[:1], output_field=DateField())


def _supported(target) -> Rows:
    return Rows(of_bureau(ExtremelyPoor, target), until="ended_on")


def _until_home_ends(rows: QuerySet) -> QuerySet:
    """Annotate the day on which support at home ends: by admission to an institution, or for good."""
    return rows.annotate(home_until=Least(Coalesce("admitted_on", FOREVER), Coalesce("ended_on", FOREVER)))


def _at_home(target) -> Rows:
    return Rows(_until_home_ends(of_bureau(ExtremelyPoor, target)), until="home_until")


def _while_at_home(rows: QuerySet, lapses, target) -> Rows:
    """Narrow dated rows about a person to the days on which the person is supported at home.

    lapses: the expression of the day from which a row no longer holds; the next row of the same person ends it in any
    case, so that nobody counts twice. What outlasts the person's support is not carried over to a later one.
    """
    rows = _in_township(rows)
    home = _until_home_ends(_of_same_person(ExtremelyPoor, target)).filter(home_until__gt=OuterRef("happened_on"))
    later = _of_same_person(rows.model, target).filter(happened_on__gt=OuterRef("happened_on"))
    dated = rows.annotate(
        home_since=_first(home), home_ends=_first(home, "home_until"), replaced_on=Coalesce(_first(later), FOREVER)
    ).filter(home_since__isnull=False)
    return Rows(
        dated.annotate(
            since=Greatest("happened_on", "home_since"), until=Least(lapses, F("home_ends"), F("replaced_on"))
        ),
        since="since",
        until="until",
    )


def _agreed(target) -> Rows:
    """Agreements in force: their last day is the one until which they are valid, unless they are ended before."""
    after = Cast(F("expires_on") + timedelta(days=1), DateField())
    return _while_at_home(of_bureau(CareAgreement, target), Least(after, Coalesce("ended_on", FOREVER)), target)


def _agreed_and_served(target) -> Rows:
    """Agreements count as carried out from the first basic care after their signing."""
    care = _of_same_person(ServiceVisit, target).filter(kind=ServiceKind.BASIC, happened_on__gte=OuterRef("since"))
    served = _agreed(target).query.annotate(served_on=_first(care)).filter(served_on__isnull=False)
    return Rows(served, since="served_on", until="until")


def _wishing(target) -> Rows:
    """Those who wish to live in an institution, without those who were admitted before this year."""
    rows = of_bureau(ExtremelyPoor, target).filter(wished_on__isnull=False)
    open_this_year = rows.filter(Q(admitted_on__isnull=True) | Q(admitted_on__gte=target.start))
    return Rows(open_this_year, since="wished_on", until="ended_on")


def _wish_fulfilled(target) -> Rows:
    return Rows(_wishing(target).query.filter(admitted_on__isnull=False), since="admitted_on", until="ended_on")


def _assessed(target) -> Rows:
    first = _first(_of_same_person(SelfCareAssessment, target))
    rows = _in_township(of_bureau(ExtremelyPoor, target)).annotate(first_assessed=first)
    known = rows.filter(first_assessed__isnull=False)
    return Rows(known.annotate(since=Greatest("happened_on", "first_assessed")), since="since", until="ended_on")


def _dependent(target) -> Rows:
    """Assessments of people at home who do not manage all six items, until the next assessment."""
    rows = of_bureau(SelfCareAssessment, target).exclude(**dict.fromkeys(SELF_CARE_ITEMS, True))
    return _while_at_home(rows, Value(FOREVER, output_field=DateField()), target)


def _dependent_followed(target) -> Rows:
    """Counted from the first follow-up of the year, which may lie before the assessment."""
    visits = this_year(_of_same_person(ServiceVisit, target).filter(kind=ServiceKind.FOLLOW_UP), target)
    rows = _dependent(target).query.annotate(followed_on=_first(visits)).filter(followed_on__isnull=False)
    return Rows(rows.annotate(counted=Greatest("since", "followed_on")), since="counted", until="until")


def _cared_for(target) -> Rows:
    care = this_year(_of_same_person(ServiceVisit, target).filter(kind=ServiceKind.BASIC), target)
    rows = _in_township(_at_home(target).query).annotate(first_care=_first(care)).filter(first_care__isnull=False)
    return Rows(rows.annotate(since=Greatest("happened_on", "first_care")), since="since", until="home_until")


MEASURES = [
    Measure("assistance.low_income", "在册的低收入人口数（各类别，每人一条）", _low_income),
    Measure("assistance.special_aid", "本年落地的专项救助扩围事项", _mechanism(MechanismKind.SPECIAL_AID)),
    Measure("assistance.included", "已纳入救助的人数，占在册的低收入人口数", _included, _low_income),
    Measure("assistance.standards_adjusted", "本年执行新标准的类别数（低保、特困各计一类）", _standards_adjusted),
    Measure("assistance.refused_as_strangers", "本年因非本地户籍不予临时救助的件数", _refused_as_strangers),
    Measure(
        "assistance.aiding_at_place",
        "本年受理过急难发生地临时救助（未拒绝）的乡镇（街道），占全部乡镇（街道）",
        _townships_aiding_at_place,
        _townships,
        depends=(TemporaryAid,),
    ),
    Measure("assistance.matching", "本年上线可用的供需对接帮扶通道", _mechanism(MechanismKind.MATCHING)),
    Measure("assistance.data_sharing", "本年印发的救助数据共享开放机制", _mechanism(MechanismKind.DATA_SHARING)),
    Measure("assistance.warm_service", "“解需暖心”服务本年已经开展（自首条服务记录起）", _warm_service_begun),
    Measure("assistance.charity_link", "本年印发的政府救助和慈善帮扶衔接机制", _mechanism(MechanismKind.CHARITY_LINK)),
    Measure(
        "assistance.villages_included",
        "已纳入走访发现工作内容的村（社区），占台账登记的村（社区）",
        _villages_included,
        _villages,
    ),
    Measure(
        "assistance.agreed",
        "有效期内有照护服务协议的分散供养特困人员，占分散供养特困人员",
        _agreed,
        _at_home,
    ),
    Measure(
        "assistance.agreement_served",
        "协议签订后有基本照护记录的分散供养特困人员，占已签订有效协议的分散供养特困人员",
        _agreed_and_served,
        _agreed,
        depends=(ExtremelyPoor, ServiceVisit),
    ),
    Measure(
        "assistance.wish_fulfilled",
        "提出意愿后已集中供养的人数，占提出集中供养意愿的分散供养特困人员（上年以前已入住的不计）",
        _wish_fulfilled,
        _wishing,
    ),
    Measure(
        "assistance.assessed",
        "有自理能力评估记录的特困人员，占全部特困人员",
        _assessed,
        _supported,
        depends=(SelfCareAssessment,),
    ),
    Measure(
        "assistance.dependent_followed",
        "本年有跟踪关注记录的人数，占最近一次评估为部分或完全丧失自理能力的分散供养特困人员",
        _dependent_followed,
        _dependent,
        depends=(ExtremelyPoor, ServiceVisit),
    ),
    Measure(
        "assistance.cared_for",
        "本年有基本照护记录的分散供养特困人员，占分散供养特困人员",
        _cared_for,
        _at_home,
        depends=(ServiceVisit,),
    ),
]
