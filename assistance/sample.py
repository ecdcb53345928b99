"""Invented records of social assistance for the sample year. Names are plainly made up."""

from datetime import date, timedelta

from people.sample import Wanted, invent_people
from workplan.demo.chance import between, draw, pick
from workplan.demo.registers import Sample

from .enums import (
    AidKind,
    AidOutcome,
    Area,
    CarerKind,
    Cause,
    FundMove,
    Layer,
    MechanismKind,
    Origin,
    ReferralKind,
    Refusal,
    ServiceKind,
    StandardKind,
    SupportForm,
)
from .models import (
    AidStandard,
    CareAgreement,
    DiscoveryVillage,
    DiscoveryVisit,
    ExtremelyPoor,
    LowIncomePerson,
    Mechanism,
    Referral,
    ReserveEntry,
    SelfCareAssessment,
    ServiceVisit,
    TemporaryAid,
)
from .models.extremely_poor import SELF_CARE_ITEMS

AT_HOME, IN_INSTITUTION = (6, 10), (0, 2)  # extremely poor people of one township, as the year begins
WISHING_SHARE, ADMITTED_SHARE = 0.14, 0.8
AGREED_SHARE, SERVED_SHARE, ASSESSED_SHARE = 0.94, 0.86, 0.72  # assessments lag: the light is not green
DEPENDENT_SHARE, FOLLOWED_SHARE = 0.3, 0.55  # follow-up lags far behind
WARM_SHARE = 0.25
INCLUDED_SHARE = 0.98
PRACTISING_SHARE = 0.92  # of the townships, aid at the place of the emergency
DISCOVERY_SHARE = 0.85
LAYERS = (Layer.MINIMUM, Layer.MINIMUM, Layer.RELAPSE, Layer.EDGE, Layer.RIGID_EXPENSES, Layer.OTHER)
REFUSALS = (Refusal.NOT_NEEDY, Refusal.REPEATED, Refusal.UNTRUE)  # nobody is refused for being a stranger
ASSESSED_FROM, AGREED_FROM, SERVED_FROM = date(2024, 3, 11), date(2024, 1, 8), date(2024, 2, 26)


def invent(sample: Sample) -> None:
    """Store the sample records of all registers of this section."""
    sample.store(_standards(sample))
    sample.store(_mechanisms(sample))
    sample.store(_villages(sample))
    sample.store(_rounds(sample))
    sample.store(_extremely_poor(sample))
    sample.store(_low_income(sample))
    sample.store(_agreements(sample))
    sample.store(_assessments(sample))
    sample.store(_services(sample))
    sample.store(_temporary_aid(sample))
    sample.store(_reserve_fund(sample))
    sample.store(_referrals(sample))


def _after(first: date, most: int, *words) -> date:
    """Return a day from `first` on, at most so many days later."""
    return first + timedelta(days=between(0, most, *words))


def _standards(sample: Sample):
    """The standards of 2023, and those that were raised in September."""
    office = sample.offices["assistance"]
    rows = (
        (StandardKind.MINIMUM, Area.URBAN, 735, 750),
        (StandardKind.MINIMUM, Area.RURAL, 600, 610),
        (StandardKind.EXTREMELY_POOR, Area.BOTH, 956, 975),
    )
    for kind, area, before, now in rows:
        for day, amount in ((date(2023, 9, 1), before), (date(2024, 9, 1), now)):
            yield sample.row(AidStandard, office, day, kind=kind, area=area, amount=amount, document="演示文件")


def _mechanisms(sample: Sample):
    """The link to charity stood in July, data sharing in September; the channel that matches offers is still drafted."""
    office = sample.offices["assistance"]
    rows = (
        (MechanismKind.CHARITY_LINK, date(2024, 4, 8), date(2024, 5, 20), date(2024, 7, 16)),
        (MechanismKind.DATA_SHARING, date(2024, 5, 6), date(2024, 7, 1), date(2024, 9, 12)),
        (MechanismKind.MATCHING, date(2024, 6, 17), date(2024, 9, 2), None),
        (MechanismKind.SPECIAL_AID, date(2024, 3, 18), date(2024, 5, 8), date(2024, 6, 25)),
    )
    for kind, begun, drafted, effective in rows:
        yield sample.row(
            Mechanism,
            office,
            begun,
            kind=kind,
            name=f"{kind.label}（演示）",
            drafted_on=drafted,
            effective_on=effective,
        )


def _villages(sample: Sample):
    for unit in sample.townships:
        for n in range(1, between(3, 6, "villages", unit.code) + 1):
            does = draw("discovers", unit.code, n) < DISCOVERY_SHARE
            included = sample.past(_after(date(2024, 3, 4), 200, "included", unit.code, n)) if does else None
            yield sample.row(DiscoveryVillage, unit, date(2024, 1, 5), name=f"演示{n}村", included_on=included)


def _rounds(sample: Sample):
    """Villages that took the duty on go round every other month."""
    for village in DiscoveryVillage.objects.filter(included_on__isnull=False).select_related("org_unit").order_by("pk"):
        for turn in range(3):
            day = village.included_on + timedelta(days=14 + 60 * turn)
            words = (village.org_unit.code, village.name, turn)
            found = between(0, 3, "found", *words)
            yield sample.row(
                DiscoveryVisit,
                village.org_unit,
                day,
                village=village,
                households=between(12, 40, "households", *words),
                found=found,
                passed_on=found // 2,
            )


def _extremely_poor(sample: Sample):
    """Most live at home; of those who wish to live in an institution most were admitted in the course of the year."""
    homes = [(u, n, False) for u in sample.townships for n in range(between(*AT_HOME, "poor", u.code))]
    housed = [(u, n, True) for u in sample.townships for n in range(between(*IN_INSTITUTION, "housed", u.code))]
    wanted = [Wanted(u, ("poor", u.code, n, institution), 55, 88) for u, n, institution in homes + housed]
    people = invent_people(wanted, sample.last_day)
    for (unit, n, institution), person in zip(homes + housed, people, strict=True):
        known = _after(date(2019, 3, 1), 1600, "known", unit.code, n, institution)
        wished, admitted = (None, known) if institution else _wish(sample, unit.code, n)
        yield sample.row(
            ExtremelyPoor,
            unit,
            known,
            person=person,
            form=SupportForm.INSTITUTION if admitted else SupportForm.HOME,
            wished_on=wished,
            admitted_on=admitted,
            institution=f"{unit.label}演示敬老院" if admitted else "",
        )


def _wish(sample: Sample, *words) -> tuple[date | None, date | None]:
    """Return when somebody at home asked for a place, and when it was given; None for what did not happen."""
    if draw("wishes", *words) >= WISHING_SHARE:
        return None, None
    wished = _after(date(2024, 1, 15), 200, "wished", *words)
    admitted = _after(wished + timedelta(days=10), 45, "admitted", *words)
    return wished, sample.past(admitted) if draw("placed", *words) < ADMITTED_SHARE else None


def _low_income(sample: Sample):
    """Extremely poor people stand here as well, with the others in their layers."""
    for poor in ExtremelyPoor.objects.select_related("org_unit", "person").order_by("pk"):
        yield _in_layer(sample, poor.org_unit, poor.person, Layer.EXTREMELY_POOR, poor.happened_on, poor.happened_on)
    others = [(unit, n) for unit in sample.townships for n in range(between(5, 9, "low income", unit.code))]
    people = invent_people([Wanted(unit, ("low income", unit.code, n), 20, 80) for unit, n in others], sample.last_day)
    for (unit, n), person in zip(others, people, strict=True):
        known = _after(date(2022, 6, 1), 840, "recognised", unit.code, n)
        is_in = draw("is in", unit.code, n) < INCLUDED_SHARE
        included = sample.past(known + timedelta(days=between(0, 20, "delay", unit.code, n))) if is_in else None
        yield _in_layer(sample, unit, person, LAYERS[n % len(LAYERS)], known, included)


def _in_layer(sample: Sample, unit, person, layer: Layer, known: date, included: date | None) -> LowIncomePerson:
    amounts, words = {Layer.EXTREMELY_POOR: 975, Layer.MINIMUM: 420}, (layer, unit.code, known)
    return sample.row(
        LowIncomePerson,
        unit,
        known,
        person=person,
        layer=layer,
        area=Area.URBAN if draw("urban", *words) < 0.2 else Area.RURAL,
        cause=pick(list(Cause), "cause", *words),
        included_on=included,
        monthly_amount=amounts.get(layer) if included else None,
    )


def _living_at_home() -> list[ExtremelyPoor]:
    """Return who lived at home in January, those admitted later included."""
    rows = ExtremelyPoor.objects.select_related("org_unit", "person").order_by("pk")
    return [poor for poor in rows if poor.admitted_on is None or poor.wished_on is not None]


def _words(poor: ExtremelyPoor) -> tuple:
    """Return what tells the person from others, on every machine."""
    return poor.org_unit.code, poor.happened_on


def _home_until(poor: ExtremelyPoor, sample: Sample) -> date:
    return poor.admitted_on or sample.last_day


def _agreements(sample: Sample):
    """Signed from January on for a year; some of last year's ran out and were signed anew."""
    for poor in _living_at_home():
        words = _words(poor)
        first = _after(AGREED_FROM, 250, "agreed", *words)
        old = first - timedelta(days=380)
        if draw("renewed", *words) < 0.12 and old >= poor.happened_on:
            yield _agreement(sample, poor, old, old + timedelta(days=364))
        if draw("agrees", *words) < AGREED_SHARE and first < _home_until(poor, sample):
            yield _agreement(sample, poor, first, date(first.year + 1, first.month, min(first.day, 28)))


def _agreement(sample: Sample, poor: ExtremelyPoor, signed: date, expires: date) -> CareAgreement:
    return sample.row(
        CareAgreement,
        poor.org_unit,
        signed,
        person=poor.person,
        expires_on=expires,
        carer_kind=pick(list(CarerKind), "carer", *_words(poor)),
        carer="演示照护人",
        number=f"演示{signed:%Y%m%d}",
    )


def _assessments(sample: Sample):
    for poor in ExtremelyPoor.objects.select_related("org_unit", "person").order_by("pk"):
        words = _words(poor)
        if draw("assessed", *words) >= ASSESSED_SHARE:
            continue
        unmet = between(1, 6, "unmet", *words) if draw("dependent", *words) < DEPENDENT_SHARE else 0
        met = {item: place >= unmet for place, item in enumerate(reversed(SELF_CARE_ITEMS))}
        day = _after(ASSESSED_FROM, 200, "assessed on", *words)
        yield sample.row(SelfCareAssessment, poor.org_unit, day, person=poor.person, assessor="演示评估机构", **met)


def _services(sample: Sample):
    """Basic care follows agreements; dependent people are looked after; the warm service reaches some since May."""
    dependent = {row.person_id for row in SelfCareAssessment.objects.all() if row.unmet}
    agreed = dict(CareAgreement.objects.order_by("happened_on").values_list("person_id", "happened_on"))
    for poor in _living_at_home():
        key, words, last = poor.person_id, _words(poor), _home_until(poor, sample)
        if draw("served", *words) < SERVED_SHARE:
            begun = max(SERVED_FROM, agreed.get(key, SERVED_FROM))
            first = _after(begun, 30, "first care", *words)
            yield from _series(sample, poor, ServiceKind.BASIC, [first, first + timedelta(days=75)], last)
        if key in dependent and draw("followed", *words) < FOLLOWED_SHARE:
            yield from _series(
                sample, poor, ServiceKind.FOLLOW_UP, [_after(date(2024, 4, 1), 150, "followed on", *words)], last
            )
        if draw("warm", *words) < WARM_SHARE:
            yield from _series(
                sample, poor, ServiceKind.WARM, [_after(date(2024, 5, 13), 120, "warm on", *words)], last
            )


CONTENTS = {
    ServiceKind.BASIC: "助餐、助洁",
    ServiceKind.FOLLOW_UP: "上门查看身体和居住情况",
    ServiceKind.WARM: "心理疏导、代办",
}


def _series(sample: Sample, poor: ExtremelyPoor, kind: ServiceKind, days: list[date], last: date):
    for day in days:
        if day < last:
            yield sample.row(
                ServiceVisit,
                poor.org_unit,
                day,
                person=poor.person,
                kind=kind,
                content=CONTENTS[kind],
                server="演示服务人员",
            )


def _temporary_aid(sample: Sample):
    """Most townships have helped somebody where the emergency happened; a few applications were refused or wait."""
    cases = [(unit, n) for unit in sample.townships for n in range(between(2, 4, "aid", unit.code))]
    people = invent_people([Wanted(unit, ("aid", unit.code, n), 20, 75) for unit, n in cases], sample.last_day)
    for (unit, n), person in zip(cases, people, strict=True):
        at_place = n == 0 and draw("practises", unit.code) < PRACTISING_SHARE
        applied = _after(date(2024, 3, 4), 215, "applied", unit.code, n)
        decided = sample.past(applied + timedelta(days=between(1, 9, "decided", unit.code, n)))
        refused = decided is not None and not at_place and draw("refused", unit.code, n) < 0.12
        granted = decided is not None and not refused
        yield sample.row(
            TemporaryAid,
            unit,
            applied,
            person=person,
            kind=AidKind.EMERGENCY if at_place else AidKind.EXPENSES,
            cause=Cause.ACCIDENT if at_place else Cause.ILLNESS,
            origin=pick((Origin.CITY, Origin.ELSEWHERE), "origin", unit.code) if at_place else Origin.LOCAL,
            at_place=at_place,
            small_first=at_place,
            outcome=_outcome(granted, refused),
            decided_on=decided,
            amount=between(5, 40, "aid amount", unit.code, n) * 100 if granted else None,
            refusal=pick(REFUSALS, "refusal", unit.code, n) if refused else Refusal.NONE,
        )


def _outcome(granted: bool, refused: bool) -> AidOutcome:
    if refused:
        return AidOutcome.REFUSED
    return AidOutcome.GRANTED if granted else AidOutcome.PENDING


def _reserve_fund(sample: Sample):
    """Each township got its fund in March; small amounts that could not wait were paid out of it."""
    for unit in sample.townships:
        yield sample.row(
            ReserveEntry,
            unit,
            date(2024, 3, 1),
            move=FundMove.RECEIVED,
            voucher="演示2024-001",
            amount=20000,
            use="拨入年度备用金",
        )
    granted = TemporaryAid.objects.filter(small_first=True, outcome=AidOutcome.GRANTED).select_related("org_unit")
    for number, aid in enumerate(granted.order_by("pk"), start=2):
        yield sample.row(
            ReserveEntry,
            aid.org_unit,
            aid.decided_on,
            move=FundMove.SPENT,
            voucher=f"演示2024-{number:03}",
            amount=aid.amount,
            use="急难型临时救助小金额先行",
        )


def _referrals(sample: Sample):
    """After aid was granted some were passed on to charity; not all have been helped yet."""
    granted = TemporaryAid.objects.filter(outcome=AidOutcome.GRANTED).select_related("org_unit", "person")
    for aid in granted.order_by("pk"):
        words = (aid.org_unit.code, aid.happened_on)
        if draw("referred", *words) < 0.25:
            day = aid.decided_on + timedelta(days=5)
            settled = sample.past(day + timedelta(days=between(10, 60, "settled", *words)))
            yield sample.row(
                Referral,
                aid.org_unit,
                day,
                person=aid.person,
                kind=pick(list(ReferralKind), "referral", *words),
                receiver="演示慈善会",
                settled_on=settled,
                amount=1000 if settled else None,
            )
