"""A record of one unit can change the figure of another: both follow in the same transaction."""

import pytest

from rehabilitation.models import Site
from tests import factories as make
from workplan.assess import assess
from workplan.services.measuring import measured_drift
from workplan.services.records import change_record

from .making import make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def covered(district):
    """A target whose two named units are the district's townships."""
    target = make.TargetFactory(
        task=district.task, code="40.4", unit="个", computed_by="rehabilitation.named_units_covered"
    )
    for unit in (district.township, district.other_township):
        make.AllocationFactory(target=target, org_unit=unit, amount=1)
    return target


def number_of(target, unit, on) -> int:
    (found,) = assess([target], on=on, unit=unit)
    return found.amount.value


def test_a_station_that_serves_the_next_township_moves_its_figure_too(district, keeper, covered, business_date):
    actor = keeper(Site)
    neighbour = district.other_township
    site = make_record(Site, district.township, actor, kind="station", serves=[neighbour])
    assert number_of(covered, neighbour, business_date) == 1
    change_record(record=site, actor=actor, version=1, typed={"serves": [], "note": "不再服务"})
    assert number_of(covered, neighbour, business_date) == 0
    assert number_of(covered, district.township, business_date) == 1
    assert measured_drift(district.plan) == []
