"""Orders that the portal proposes: written once, decided by people."""

from datetime import date

import pytest

from tests.cast import TODAY
from tests.steps import fill_and_submit
from workplan.enums import OrderState
from workplan.errors import Refused
from workplan.models import SupervisionOrder
from workplan.services import supervision as service
from workplan.supervising import available_actions

from . import steps
from .steps import fresh

pytestmark = pytest.mark.django_db


def propose(district, key="report:1", **other):
    what = {
        "plan": district.plan,
        "app": "eldercare",
        "org_unit": district.township,
        "title": "逾期未报送9月进展",
        "requirement": "请于3个工作日内补报。",
        "due": date(2024, 10, 18),
        "task": district.task,
    }
    return service.propose_order(key=key, **(what | other))


def test_a_proposal_is_a_draft_of_the_office_that_runs_the_section(district, cast):
    order = propose(district)
    assert (order.state, order.proposed, order.drafted_by, order.office) == (
        OrderState.DRAFT,
        True,
        None,
        district.office,
    )
    assert order.number == "" and order.step.rank == 1 and order.drafted_on == TODAY
    assert {a.value for a in available_actions(fresh(order), cast.head)} == {"save", "issue", "withdraw"}
    assert available_actions(fresh(order), cast.liaison) == []


def test_the_same_key_proposes_once_even_after_it_was_turned_down(district, cast):
    order = propose(district)
    assert propose(district) is None
    service.withdraw_order(order=order, actor=cast.head, version=1, reason="已电话说明。")
    assert propose(district) is None
    assert SupervisionOrder.objects.count() == 1
    assert propose(district, key="report:2") is not None


def test_a_proposal_can_be_about_a_report(district, cast):
    report = fill_and_submit(district, cast, month=10, homes=3)
    order = propose(district, report=report, target=district.targets["49.3"])
    assert order.subject == report and order.task is None


def test_a_proposal_that_makes_no_sense_is_refused(district, neighbour):
    with pytest.raises(Refused):
        propose(district, org_unit=neighbour.township)
    with pytest.raises(Refused):
        propose(district, title=" ")


def test_a_proposal_is_issued_by_people_and_its_page_says_where_it_came_from(district, cast, as_user):
    order = propose(district)
    address = f"/supervision/{order.pk}/"
    assert "系统根据逾期情况自动拟办" in as_user(cast.head).get(address).text
    assert steps.issue(order, cast).number == "督办〔2024〕1号"
    assert "自动拟办" not in as_user(cast.liaison).get(address).text
    assert "系统" in as_user(cast.liaison).get(address).text
