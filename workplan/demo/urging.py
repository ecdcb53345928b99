"""The sample year's urging: one office has asked two townships for their reports of October."""

from datetime import date

from accounts.models import OrgUnit, User

from .. import clock
from ..completeness import reporting_period
from ..models import Plan
from ..services.urging import urge

URGED, HEAD, DAY = ("500156004", "500156107"), "head-eldercare", date(2024, 10, 14)


def urge_two_townships(plan: Plan) -> None:
    """Have the elder care office urge two townships."""
    with clock.pinned(DAY):
        head, period = User.objects.get(username=HEAD), reporting_period(plan, DAY)
        for unit in OrgUnit.objects.filter(code__in=URGED):
            urge(period=period, org_unit=unit, actor=head)
