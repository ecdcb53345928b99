"""What the page tests share: addresses of a district's pages, and a district that has grown."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.enums import Role, UnitKind
from tests import factories as make
from tests.cast import TODAY
from tests.remarks import steps as remarks
from tests.steps import approve, fill_and_submit
from tests.supervision import steps as orders
from workplan import clock
from workplan.enums import AdHocState, AssignmentRole
from workplan.models import AdHocAnswer, AdHocField, AdHocRequest, Allocation
from workplan.services.problems import ProblemInput, add_problem


@pytest.fixture
def addresses(district):
    """Return the address of every reading page by name, for the first district."""
    return {
        "home": reverse("workplan:home"),
        "plan": reverse("workplan:plan"),
        "section": reverse("workplan:section", args=[district.section.pk]),
        "task": reverse("workplan:task", args=[district.task.pk]),
        "targets": reverse("workplan:targets"),
        "target": reverse("workplan:target", args=[district.targets["49.3"].pk]),
        "units": reverse("workplan:units"),
        "unit": reverse("workplan:unit", args=[district.township.pk]),
        "leader": reverse("workplan:leader"),
        "duties": reverse("workplan:duties"),
        "burden": reverse("workplan:burden"),
        "year": reverse("workplan:year"),
        "year_duties": reverse("workplan:year_duties"),
        "orders": reverse("workplan:orders"),
        "remarks": reverse("workplan:remarks"),
        "adhoc": reverse("workplan:adhoc"),
    }


@pytest.fixture
def approved(district, cast):
    """Return the September report of the first township, in time and approved: 30 homes of 50, 9 of 10 certified."""
    with clock.pinned(date(2024, 9, 25)):
        return approve(fill_and_submit(district, cast, month=9, homes=30, rate=(9, 10)), cast)


def grow(district, *, townships: int, targets: int) -> None:
    """Add townships and targets to a district, every target allocated to every township.

    Each new township has a supervision order, in three states by turns, and a problem on a target's list; on the target is a
    leader's remark for each. Each, and with it the first township, is asked something outside the plan.
    """
    offset = district.plan.targets.count()
    added = [
        make.OrgUnitFactory(
            code=f"{district.bureau.code}9{offset:02}{n:02}",
            name=f"新增{offset}-{n}镇",
            kind=UnitKind.TOWN,
            parent=district.bureau,
        )
        for n in range(townships)
    ]
    for unit in added:
        make.AssignmentFactory(task=district.task, org_unit=unit, role=AssignmentRole.REPORT)
        for target in district.targets.values():
            Allocation.objects.create(target=target, org_unit=unit, amount=1)
    for n in range(targets):
        target = make.TargetFactory(task=district.task, code=f"49.{offset + n + 10}", sort=offset + n + 10)
        for unit in (district.township, district.other_township, *added):
            Allocation.objects.create(target=target, org_unit=unit, amount=5)
    for number, unit in enumerate(added):
        _charge(district, unit, number)


def _charge(district, unit, number: int) -> None:
    """Give the unit an order (a draft, an issued or a signed one) and a problem."""
    actor, target = make.UserFactory(), district.targets["49.3"]
    make.MembershipFactory(user=actor, org_unit=district.bureau, role=Role.LEADER)
    make.MembershipFactory(user=actor, org_unit=unit, role=Role.LIAISON)
    add_problem(target=target, org_unit=unit, actor=actor, typed=ProblemInput("进度偏慢"))
    order = orders.draft(district, None, unit=unit, actor=actor)
    boss = make.UserFactory()
    make.MembershipFactory(user=boss, org_unit=district.bureau, role=Role.LEADER)
    remarks.write(district, None, actor=boss)
    _ask(district, unit, actor, boss)
    for step, who in ((orders.issue, boss), (orders.sign, actor))[: number % 3]:
        order = step(order, None, actor=who)


def _ask(district, unit, asking, boss) -> None:
    """Ask the unit and the first township for something outside the plan."""
    about = {"plan": district.plan, "app": "eldercare", "office": district.office, "title": "摸底", "reason": "核对"}
    acts = {"drafted_by": asking, "sent_by": asking, "approved_by": boss} | dict.fromkeys(
        ("drafted_on", "sent_on", "approved_on", "due", "expires"), TODAY
    )
    row = AdHocRequest.objects.create(state=AdHocState.APPROVED, **about, **acts)
    AdHocField.objects.create(request=row, place=1, label="床位", unit="张")
    for one in (unit, district.township):
        AdHocAnswer.objects.create(request=row, org_unit=one)
