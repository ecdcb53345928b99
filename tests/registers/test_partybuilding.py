"""What the registers of party building refuse, and how its recurring duties are counted."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from partybuilding.models import Event, IdeologyReport, RiskCheck, StudySession
from tests import factories as make
from workplan.assess import assess
from workplan.imports import services as service
from workplan.models import Allocation
from workplan.rules.kinds import Recurrence, TargetKind
from workplan.services.measuring import measured_drift

from .making import make_record, run_import, typed_for, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def add(district, keeper):
    def add_record(model, number=0, **values):
        return make_record(model, district.office, keeper(model), number, **values)

    return add_record


def owed(district, measure: str, recurrence: Recurrence):
    """Give the office a recurring duty that the measure counts; return a look at its number on a day."""
    target = make.TargetFactory(
        task=district.task, kind=TargetKind.RECURRING.value, goal=1, recurrence=recurrence.value, computed_by=measure
    )
    Allocation.objects.create(target=target, org_unit=district.office, amount=1)
    return lambda on: assess([target], on=on)[0].amount.value


def refused(add, model, **values) -> dict:
    with pytest.raises(ValidationError) as wrong:
        add(model, **values)
    return wrong.value.message_dict


def test_flag_and_content_of_the_first_topic_go_together(add):
    assert refused(add, StudySession, first_topic=True) == {"topic": ["已勾选落实“第一议题”，请填写学习内容。"]}
    assert "first_topic" in refused(add, StudySession, topic="学习重要论述")
    assert add(StudySession, first_topic=True, topic="学习重要论述").pk


def test_a_risk_found_is_told(add):
    assert refused(add, RiskCheck, risks=1) == {"findings": ["发现风险的，请填写风险情况。"]}


def test_two_checks_of_one_month_make_up_for_no_other(add, district):
    value = owed(district, "partybuilding.monthly_checks", Recurrence.MONTHLY)
    for number, day in enumerate((date(2024, 6, 4), date(2024, 8, 2), date(2024, 8, 28))):
        add(RiskCheck, number, kind="monthly", happened_on=day)
    assert (value(date(2024, 6, 30)), value(date(2024, 10, 1))) == (1, 2)


def test_a_late_report_counts_for_the_half_it_is_about(add, district):
    value = owed(district, "partybuilding.reports", Recurrence.HALF_YEARLY)
    add(IdeologyReport, year="2023", half="second", happened_on=date(2024, 1, 9))
    add(IdeologyReport, year="2024", half="first", happened_on=date(2024, 7, 5))
    add(IdeologyReport, year="2024", half="second", happened_on=date(2024, 10, 9))
    assert [value(day) for day in (date(2024, 7, 4), date(2024, 7, 5), date(2024, 10, 9))] == [0, 1, 2]


@pytest.mark.parametrize(
    ("year", "half", "day"), [("2024", "second", date(2024, 6, 30)), ("2025", "first", date(2024, 9, 1))]
)
def test_no_report_before_its_half_year(add, year, half, day):
    found = refused(add, IdeologyReport, year=year, half=half, happened_on=day)
    assert found == {"happened_on": ["报送日期早于所报告的半年。"]}


@pytest.mark.parametrize("year", ["24", "1999", "二〇二四"])
def test_a_year_has_four_digits(add, year):
    assert "请填写四位年度，如 2024。" in refused(add, IdeologyReport, year=year)["year"]


def test_a_record_of_the_office_keeps_what_the_bureau_recorded(add, district):
    value = owed(district, "partybuilding.competitions", Recurrence.YEARLY)
    add(Event, 1, kind="competition", org_unit=district.bureau)
    add(Event, 2, kind="competition")
    assert value(date(2024, 10, 15)) == 2
    assert measured_drift(district.plan) == []


def test_a_wrong_year_is_named_on_import(keeper, district):
    actor = keeper(IdeologyReport)
    typed = typed_for(IdeologyReport, district.office, actor) | {"year": "24"}
    batch = service.start_import(
        model=IdeologyReport, actor=actor, name="报告.xlsx", content=workbook(IdeologyReport, [typed])
    )
    run_import(batch)
    batch.refresh_from_db()
    assert batch.result["problems"] == [[2, "年度：请填写四位年度，如 2024。"]]
