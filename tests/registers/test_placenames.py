"""What the registers of place names refuse, and what they count once or no longer."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from placenames.models import BoundaryLine, Dispute, JointInspection, MapUpload, PlaceName
from tests import factories as make
from workplan.assess import assess
from workplan.models import Allocation
from workplan.services.records import change_record, verify_record

from .making import make_record, unit_for

pytestmark = pytest.mark.django_db
END = date(2024, 10, 15)


@pytest.fixture
def add(district, keeper):
    def add_record(model, number=0, **values):
        return make_record(model, unit_for(model, district), keeper(model), number, **values)

    return add_record


def counted(district, measure: str, **values):
    """Return a look at the amount of the office that the measure makes."""
    target = make.TargetFactory(task=district.task, goal=1, computed_by=measure, **values)
    Allocation.objects.create(target=target, org_unit=district.office)
    return lambda on=END: assess([target], on=on)[0].amount


@pytest.mark.parametrize(
    ("model", "values", "said"),
    [
        (PlaceName, {"change": "renamed"}, "更名的须填写原名。"),
        (PlaceName, {"filed_on": date(2024, 2, 1)}, "备案日期不能早于批准日期。"),
        (PlaceName, {"announced_on": date(2024, 2, 1)}, "公告日期不能早于批准日期。"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(add, model, values, said):
    with pytest.raises(ValidationError) as wrong:
        add(model, **values)
    assert said in wrong.value.messages


def test_a_name_counts_once_filed_and_announced(add, district):
    amount = counted(district, "placenames.filed_and_announced", unit="%")
    row = add(PlaceName, filed_on=date(2024, 4, 1))
    assert (amount().numerator, amount().denominator) == (0, 1)
    change_record(record=row, actor=row.created_by, version=1, typed={"announced_on": date(2024, 5, 1)})
    assert [amount(day).numerator for day in (date(2024, 4, 30), date(2024, 5, 1))] == [0, 1]


def test_each_map_counts_until_the_name_itself_is_found_untrue(add, district, cast):
    amount = counted(district, "placenames.map_uploads")
    place = add(PlaceName, rural=True)
    for kind in ("baidu", "amap"):
        add(MapUpload, place=place, map=kind)
    add(MapUpload, place=add(PlaceName, 1), map="baidu")  # a name in town
    assert amount().value == 2
    verify_record(record=place, actor=cast.head, confirmed=False, note="未经批准")
    assert amount().value == 0


def test_a_line_inspected_twice_is_one_line_and_a_townships_line_none(add, district):
    amount = counted(district, "placenames.joint_inspections")
    line = add(BoundaryLine, level="district")
    for number, day in enumerate((date(2024, 6, 1), date(2024, 9, 1))):
        add(JointInspection, number, line=line, finished_on=day)
    add(JointInspection, 5, line=add(BoundaryLine, 1, level="township"), finished_on=date(2024, 6, 1))
    assert [amount(day).value for day in (date(2024, 5, 31), date(2024, 6, 1), END)] == [0, 1, 1]


def test_without_disputes_there_is_no_rate(add, district):
    amount = counted(district, "placenames.disputes_settled", unit="%")
    assert amount().is_not_applicable
    add(Dispute)
    assert amount().percent == 0
