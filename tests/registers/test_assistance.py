"""Extremely poor people and temporary aid: who counts from when until when, and what the registers refuse."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import UnitKind
from assistance.enums import SelfCareGrade
from assistance.models import (
    CareAgreement,
    DiscoveryVisit,
    ExtremelyPoor,
    LowIncomePerson,
    SelfCareAssessment,
    ServiceVisit,
    TemporaryAid,
)
from assistance.models.extremely_poor import SELF_CARE_ITEMS
from tests import factories as make
from workplan.measures import measures
from workplan.services.records import change_record

from .making import make_record

pytestmark = pytest.mark.django_db
KNOWN = date(2023, 5, 1)


@pytest.fixture
def target(district):
    section = make.SectionFactory(plan=district.plan, app="livelihood")
    return make.TargetFactory(task=make.TaskFactory(section=section))


@pytest.fixture
def keep(district, cast):
    """Add a record of the first township about person number `who`."""
    make.RemitFactory._meta.model.objects.get_or_create(
        bureau=district.bureau, office=district.office, app="assistance", valid_to=None
    )

    def keep_one(model, who=1, unit=None, **values):
        return make_record(model, unit or district.township, cast.liaison, who, **values)

    return keep_one


def counted(code: str, target, on: date, unit=None) -> tuple[int, int]:
    """Return numerator and denominator of the measure on the day, below one unit if one is given."""
    parts = measures()[code].parts(target)
    paths = {"org_unit__path__startswith": unit.path} if unit else {}
    return tuple(parts[part].in_force(on).filter(**paths).count() for part in ("counts", "out_of"))


def all_but(*unmet: str) -> dict[str, bool]:
    return {item: item not in unmet for item in SELF_CARE_ITEMS}


# --- Agreements ---


def test_an_agreement_counts_through_its_last_day(target, keep):
    keep(ExtremelyPoor, happened_on=KNOWN)
    keep(CareAgreement, happened_on=date(2024, 2, 1), expires_on=date(2024, 6, 30))
    days = [date(2024, 1, 31), date(2024, 2, 1), date(2024, 6, 30), date(2024, 7, 1)]
    assert [counted("assistance.agreed", target, day) for day in days] == [(0, 1), (1, 1), (1, 1), (0, 1)]


def test_a_renewal_never_counts_twice_and_one_ended_early_counts_no_more(target, keep):
    keep(ExtremelyPoor, happened_on=KNOWN)
    keep(CareAgreement, happened_on=date(2024, 2, 1), expires_on=date(2024, 12, 31))
    keep(
        CareAgreement,
        happened_on=date(2024, 5, 1),
        expires_on=date(2025, 4, 30),
        ended_on=date(2024, 8, 1),
    )
    days = [date(2024, 4, 30), date(2024, 5, 1), date(2024, 7, 31), date(2024, 8, 1)]
    assert [counted("assistance.agreed", target, day)[0] for day in days] == [1, 1, 1, 0]


def test_an_agreement_ends_with_support_at_home(target, keep):
    keep(ExtremelyPoor, happened_on=KNOWN, form="institution", admitted_on=date(2024, 6, 1), institution="示例院")
    keep(CareAgreement, happened_on=date(2024, 2, 1), expires_on=date(2025, 1, 31))
    assert counted("assistance.agreed", target, date(2024, 5, 31)) == (1, 1)
    assert counted("assistance.agreed", target, date(2024, 6, 1)) == (0, 0)


def test_an_agreement_of_another_township_is_nobodys_there(target, keep, district, cast):
    keep(ExtremelyPoor, happened_on=KNOWN)
    make_record(
        CareAgreement,
        district.other_township,
        cast.other_liaison,
        1,
        happened_on=date(2024, 2, 1),
        expires_on=date(2025, 1, 31),
    )
    assert counted("assistance.agreed", target, date(2024, 5, 1)) == (0, 1)
    assert counted("assistance.agreed", target, date(2024, 5, 1), district.other_township) == (0, 0)


def test_a_villages_record_and_its_townships_are_about_the_same_place(target, keep, district):
    village = make.OrgUnitFactory(code="D1001-01", name="甲一村", kind=UnitKind.VILLAGE, parent=district.township)
    keep(ExtremelyPoor, unit=village, happened_on=KNOWN)
    keep(CareAgreement, happened_on=date(2024, 2, 1), expires_on=date(2025, 1, 31))
    assert counted("assistance.agreed", target, date(2024, 5, 1)) == (1, 1)


def test_only_basic_care_after_the_signing_carries_an_agreement_out(target, keep):
    keep(ExtremelyPoor, happened_on=KNOWN)
    keep(CareAgreement, happened_on=date(2024, 3, 1), expires_on=date(2025, 2, 28))
    keep(ServiceVisit, kind="basic", happened_on=date(2024, 2, 20))
    keep(ServiceVisit, kind="warm", happened_on=date(2024, 3, 10))
    keep(ServiceVisit, kind="basic", happened_on=date(2024, 4, 5))
    served = [counted("assistance.agreement_served", target, day) for day in (date(2024, 4, 4), date(2024, 4, 5))]
    assert served == [(0, 1), (1, 1)]
    assert counted("assistance.cared_for", target, date(2024, 2, 20)) == (1, 1)


# --- Self-care, follow-up, wishes ---


@pytest.mark.parametrize(("unmet", "grade"), [(0, "full"), (1, "partial"), (3, "partial"), (4, "lost"), (6, "lost")])
def test_grade_follows_the_items_not_managed(unmet, grade):
    assert SelfCareGrade.by_items(unmet) == grade


def test_the_latest_assessment_says_who_must_be_followed(target, keep):
    keep(ExtremelyPoor, happened_on=KNOWN)
    assert keep(SelfCareAssessment, happened_on=date(2024, 3, 1), **all_but("washes")).grade == "部分丧失（半护理）"
    keep(ServiceVisit, kind="follow_up", happened_on=date(2024, 4, 1))
    keep(SelfCareAssessment, happened_on=date(2024, 6, 1), **all_but())
    days = [date(2024, 2, 28), date(2024, 3, 31), date(2024, 4, 1), date(2024, 6, 1)]
    found = [counted("assistance.dependent_followed", target, day) for day in days]
    assert found == [(0, 0), (0, 1), (1, 1), (0, 0)]
    assert counted("assistance.assessed", target, date(2024, 3, 1)) == (1, 1)


def test_a_wish_fulfilled_before_this_year_is_left_out(target, keep):
    places = {"form": "institution", "institution": "示例院"}
    keep(ExtremelyPoor, 1, happened_on=KNOWN, wished_on=date(2023, 6, 1), admitted_on=date(2023, 7, 1), **places)
    keep(ExtremelyPoor, 2, happened_on=KNOWN, wished_on=date(2023, 6, 1), admitted_on=date(2024, 3, 1), **places)
    keep(ExtremelyPoor, 3, happened_on=KNOWN, wished_on=date(2024, 2, 1))
    keep(ExtremelyPoor, 4, happened_on=KNOWN)
    days = [date(2024, 1, 31), date(2024, 2, 1), date(2024, 3, 1)]
    assert [counted("assistance.wish_fulfilled", target, day) for day in days] == [(0, 1), (0, 2), (1, 2)]


# --- What is refused, and where ---


def refused(*, field: str, says: str, act) -> None:
    with pytest.raises(ValidationError) as found:
        act()
    assert says in "".join(found.value.message_dict[field])


def test_nobody_stands_in_a_register_twice_at_a_time(keep):
    keep(LowIncomePerson, happened_on=date(2024, 1, 5))
    refused(field="__all__", says="此人已在册", act=lambda: keep(LowIncomePerson, happened_on=date(2024, 4, 1)))
    first = keep(ExtremelyPoor, happened_on=KNOWN)
    again = lambda: keep(ExtremelyPoor, happened_on=date(2024, 4, 1))  # noqa: E731
    refused(field="__all__", says="此人已有在册的供养登记", act=again)
    change_record(record=first, actor=first.created_by, version=1, typed={"ended_on": date(2024, 3, 1)})
    assert again().pk


def test_an_institution_goes_with_the_day_of_admission(keep):
    act = lambda: keep(ExtremelyPoor, happened_on=KNOWN, form="institution")  # noqa: E731
    refused(field="__all__", says="集中供养的须填写入住日期", act=act)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"outcome": "granted"}, "须填写办结日期"),
        ({"outcome": "refused", "decided_on": date(2024, 4, 1)}, "不予救助的须选择原因"),
        ({"outcome": "granted", "decided_on": date(2024, 4, 1), "refusal": "not_local"}, "不予救助的须选择原因"),
    ],
)
def test_an_outcome_goes_with_its_day_and_a_refusal_with_its_reason(keep, values, says):
    refused(field="__all__", says=says, act=lambda: keep(TemporaryAid, happened_on=date(2024, 3, 1), **values))


def test_refusing_strangers_breaks_the_ceiling_and_no_other_refusal_does(target, keep):
    decided = {"happened_on": date(2024, 3, 1), "outcome": "refused", "decided_on": date(2024, 3, 9)}
    keep(TemporaryAid, 1, refusal="not_needy", **decided)
    keep(TemporaryAid, 2, refusal="not_local", **decided)
    rows = measures()["assistance.refused_as_strangers"].parts(target)["counts"]
    assert [rows.in_force(day).count() for day in (date(2024, 3, 8), date(2024, 3, 9))] == [0, 1]


def test_a_round_finds_no_more_households_than_it_visits(keep):
    act = lambda: keep(DiscoveryVisit, households=3, found=4)  # noqa: E731
    refused(field="__all__", says="发现户数不能多于走访户数", act=act)
