"""Counts below five about children are told to their office and their township, to nobody else; larger ones to all."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from childwelfare.models import Attendance, Child, GroupSession, Screening
from tests import factories as make
from workplan.assess import assess
from workplan.discretion import without_small
from workplan.rules.amounts import Amount
from workplan.rules.kinds import Strength
from workplan.services import reports
from workplan.views.report_page import page_of

from .making import make_record
from .of_childwelfare import _number_of_child

pytestmark = pytest.mark.django_db
FEW = "少于5"


def target_of(district, code: str, unit: str, computed_by: str, **values):
    """Add a target of child welfare, shared among both townships and shown in the other section too."""
    task = district.task
    target = make.TargetFactory(task=task, code=code, unit=unit, computed_by=computed_by, **values)
    for township in (district.township, district.other_township):
        make.AllocationFactory(target=target, org_unit=township)
    target.also_in.add(district.other_task)
    return target


@pytest.fixture
def childcare(district, keeper):
    """The first section of the district is child welfare, and its first office runs it."""
    keeper(Child)
    district.section.app = "childwelfare"
    district.section.save()
    return district


@pytest.fixture
def screened(childcare, cast):
    """Six children of the first township were screened in March, three of the second one in April."""
    target = target_of(childcare, "48.3", "人", "childwelfare.screened", goal=None, strength=Strength.TRACKED)
    for number in range(9):
        first = number < 6
        unit = childcare.township if first else childcare.other_township
        values = {"happened_on": date(2024, 3 if first else 4, 11), "person_id_number": _number_of_child(number)}
        make_record(Screening, unit, cast.liaison if first else cast.other_liaison, number, **values)
    return target


@pytest.fixture
def counselled(childcare, cast):
    """Of six children of the first township two have been to a group; the one of the second has."""
    target = target_of(childcare, "48.1", "%", "childwelfare.group_counselling", goal=100)
    for unit, actor, numbers, came in (
        (childcare.township, cast.liaison, range(6), 2),
        (childcare.other_township, cast.other_liaison, range(6, 7), 1),
    ):
        session = make_record(GroupSession, unit, actor)
        for number in numbers:
            who = {"person_id_number": _number_of_child(number), "happened_on": date(2024, 3, 20)}
            make_record(Child, unit, actor, number, **who)
            if number - numbers[0] < came:
                make_record(Attendance, unit, actor, number, session=session, **who)
    return target


def page(as_user, user, target):
    response = as_user(user).get(reverse("workplan:target", args=[target.pk]))
    assert response.status_code == 200
    return response


def shares(response) -> dict[str, str]:
    return {row.unit: row.amount for row in response.context["shares"]}


@pytest.mark.parametrize("name", ["leader", "auditor", "administrator", "other_head", "other_staff"])
def test_others_learn_that_a_count_is_small_and_no_more(name, screened, district, cast, as_user):
    response = page(as_user, getattr(cast, name), screened)
    assert shares(response) == {"D1甲街道": "6 人", "D1乙镇": f"{FEW} 人"}
    assert response.context["row"].amount == "9 人"
    assert "3 人" not in response.content.decode()


@pytest.mark.parametrize("name", ["head", "staff"])
def test_the_office_of_the_children_sees_every_number(name, screened, cast, as_user):
    assert shares(page(as_user, getattr(cast, name), screened)) == {"D1甲街道": "6 人", "D1乙镇": "3 人"}


def test_a_township_sees_its_own_small_number(screened, cast, as_user):
    response = page(as_user, cast.other_liaison, screened)
    assert shares(response) == {"D1乙镇": "3 人"}
    assert response.context["row"].amount == "3 人"
    assert [point.value_text for point in response.context["points"]][2:4] == ["—", "3 人"]


def test_of_a_rate_percentage_progress_and_bar_stay_away_too(counselled, cast, as_user):
    response = page(as_user, cast.leader, counselled)
    first, second = response.context["shares"]
    assert (first.amount, first.progress, first.bar) == (f"{FEW}/6", "—", "")
    assert (second.amount, second.progress, second.bar) == (f"{FEW}/{FEW}", "—", "")
    row = response.context["row"]
    assert (row.amount, row.progress, row.gap, row.bar) == (f"{FEW}/7", None, None, "")
    office = page(as_user, cast.head, counselled).context["row"]
    assert office.amount == "42.9%（3/7）"


def test_the_course_of_the_year_leaves_small_values_out(counselled, cast, as_user):
    response = page(as_user, cast.leader, counselled)
    assert [value for value in response.context["chart"]["values"] if value is not None] == []
    told = [point.value_text for point in response.context["points"][2:10]]
    assert set(told) == {f"{FEW}/7"}
    assert any(page(as_user, cast.head, counselled).context["chart"]["values"])


def test_lists_and_the_page_of_a_township_say_no_more(screened, district, cast, as_user):
    client, unit = as_user(cast.leader), district.other_township
    for address, query in (
        (reverse("workplan:targets"), {"unit": unit.pk}),
        (reverse("workplan:unit", args=[unit.pk]), {}),
    ):
        text = client.get(address, query).content.decode()
        assert f"{FEW} 人" in text and "3 人" not in text, address
    assert "3 人" in as_user(cast.head).get(reverse("workplan:unit", args=[unit.pk])).content.decode()


def figure(user, target, unit):
    client = APIClient()
    client.force_authenticate(user)
    return client.get("/api/v1/figures/", {"target": target.pk, "org_unit": unit.pk}).json()


def test_the_api_withholds_small_counts_and_says_so(screened, counselled, district, cast):
    small = figure(cast.leader, screened, district.other_township)
    assert (small["amount"]["value"], small["withheld"]) == (None, True)
    rate = figure(cast.leader, counselled, district.township)
    assert rate["amount"] == {"value": None, "numerator": None, "denominator": "6", "ratio": None}
    assert (rate["progress"], rate["gap"], rate["verified"], rate["withheld"]) == (None, None, None, True)
    for user in (cast.head, cast.other_liaison):
        told = figure(user, screened, district.other_township)
        assert (told["amount"]["value"], told["withheld"]) == ("3", False)


@pytest.fixture
def stated(screened, district, cast):
    """The second township's report of October states its three screened children."""
    period = district.period(10)
    report = reports.start_report(
        task=screened.task, org_unit=district.other_township, period=period, actor=cast.other_liaison
    )
    assert report.entries.get(target=screened).value == 3
    return report


@pytest.mark.parametrize(("name", "said"), [("leader", "少于5 人"), ("head", "3 人"), ("other_liaison", "3 人")])
def test_reports_say_no_more_than_figures_do(name, said, stated, screened, cast, as_user):
    user = getattr(cast, name)
    card = next(c for c in page_of(stated, user)["cards"] if c.code == screened.code)
    assert card.recorded == said and ("填报值", said) in card.values
    assert said in as_user(user).get(reverse("workplan:report", args=[stated.pk])).text


@pytest.mark.parametrize(("name", "number", "withheld"), [("leader", None, True), ("head", "3", False)])
def test_reports_of_the_api_withhold_small_counts_too(name, number, withheld, stated, screened, cast):
    client = APIClient()
    client.force_authenticate(getattr(cast, name))
    entries = client.get(f"/api/v1/reports/{stated.pk}/").json()["entries"]
    entry = next(e for e in entries if e["target"]["id"] == screened.pk)
    assert (entry["value"], entry["withheld"]) == (number, withheld)


def test_a_bureau_total_of_five_and_more_stays_visible(screened, district, cast):
    whole = figure(cast.leader, screened, district.bureau)
    assert whole["amount"]["value"] == "9"
    assert whole["verified"] is None  # none of the nine has been confirmed: that count is small


def test_numbers_about_adults_and_things_are_told_as_they_are(homes, computed, district, cast, as_user):
    assert "2 户" in shares(page(as_user, cast.leader, computed)).values()
    assert figure(cast.leader, computed, district.other_township)["withheld"] is False


def test_a_rate_of_nobody_is_not_small(childcare, cast, as_user):
    target = target_of(childcare, "48.1", "%", "childwelfare.group_counselling", goal=100)
    assert page(as_user, cast.leader, target).context["row"].amount == "不适用"


def test_the_limit_is_five(counselled):
    (found,) = assess([counselled], on=date(2024, 10, 15))
    exact = replace(found, amount=Amount(None, Decimal(5), Decimal(7)), verified=Decimal(5))
    assert without_small(exact) == exact
    below = without_small(replace(found, amount=Amount(None, Decimal(4), Decimal(7))))
    assert below.amount == Amount(None, None, Decimal(7)) and below.withheld
