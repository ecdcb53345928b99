"""The burden meter counts what is asked outside the plan, apart, in the period in which it is due."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import TODAY
from workplan.burden import burden, loads_of_unit
from workplan.models import Allocation

from .steps import answer, approved, asked, draft, fresh, withdraw

pytestmark = pytest.mark.django_db
BURDEN, YEAR = reverse("workplan:burden"), reverse("workplan:year")


def counted(user, district) -> dict[tuple[str, int], tuple[int, int, int]]:
    """Return typed, texts and ad-hoc fields by unit and month, where there are ad-hoc ones."""
    found = burden(user, district.plan, TODAY)
    labels = {unit.pk: unit.label for unit in found.units}
    months = {period.pk: period.number for period in found.periods}
    return {
        (labels[unit], months[period]): (load.typed, load.texts, load.adhoc)
        for (unit, period), load in found.loads.items()
        if load.adhoc
    }


def test_approved_fields_count_for_each_unit_in_the_period_they_are_due(district, cast):
    draft(district, cast), asked(district, cast)
    approved(district, cast, due=date(2024, 11, 5), units=(district.township,))
    # 6 fields a period are asked by the plan, 2 of them words; the request has a number and a text.
    assert counted(cast.leader, district) == {("D1甲街道", 11): (8, 3, 2)}
    assert counted(cast.other_head, district) == {}, "another section's"
    period = district.period(11)
    assert loads_of_unit(cast.liaison, district.plan, district.township, [period])[period.pk].adhoc == 2


def test_what_is_due_after_the_last_period_counts_in_the_last(district, cast):
    approved(district, cast, due=date(2025, 1, 10), expires=date(2025, 1, 10), units=(district.township,))
    assert set(counted(cast.leader, district)) == {("D1甲街道", 12)}


def test_of_a_withdrawn_request_only_what_had_been_answered_counts(district, cast):
    row = approved(district, cast)
    answer(row, district.township, cast.liaison, beds=1)
    withdraw(fresh(row), cast)
    assert set(counted(cast.leader, district)) == {("D1甲街道", 10)}


def test_a_unit_without_any_share_is_counted_as_well(district, cast):
    Allocation.objects.filter(org_unit=district.township).delete()
    approved(district, cast)
    assert counted(cast.leader, district)["D1甲街道", 10] == (2, 1, 2)


def test_the_page_names_them_with_who_approved(district, cast, as_user):
    row = approved(district, cast)
    asked(district, cast, title="还没有批准")
    page = as_user(cast.leader).get(BURDEN)
    assert page.context["tiles"][0] == ("148", "全年需填项（其中临时填报 4）")
    (line,) = page.context["adhoc"]
    assert (line.title, line.adds, line.approved) == (row.title, "2×2", "演员·head 2024-10-15")
    assert "还没有批准" not in page.text
    assert "其中文字 3 项，临时填报 2 项" in as_user(cast.liaison).get(YEAR).text


def test_one_statement_however_many(district, cast):
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            burden(cast.leader, district.plan, TODAY)
        return len(queries)

    statements()
    approved(district, cast)
    few = statements()
    for _ in range(3):
        approved(district, cast)
    assert statements() == few == 5
