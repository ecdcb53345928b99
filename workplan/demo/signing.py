"""The sample year's newest parts: the elder care office has asked three townships to co-operate, and one has signed for it. All invented."""

from datetime import date

from accounts.models import User

from .. import clock
from ..enums import AssignmentRole
from ..models import Plan
from ..services.plan import assign
from ..services.signing import sign_parts
from .orders import liaison_of, unit_of
from .story import TOUR_UNIT

TASKS, SIGNER, UNITS = (22, 24), "500156105", (TOUR_UNIT, "500156105", "500156107")
GIVEN, SIGNED = date(2024, 10, 11), date(2024, 10, 12)


def give_some_parts(plan: Plan) -> None:
    """Give the parts and sign for one unit's, through the services."""
    with clock.pinned(GIVEN):
        parts = [
            assign(
                task=task,
                unit=unit_of(code),
                role=AssignmentRole.COOPERATE,
                actor=User.objects.get(username="staff-eldercare"),
            )
            for task in plan.tasks.filter(number__in=TASKS)
            for code in UNITS
        ]
    with clock.pinned(SIGNED):
        mine = [part.pk for part in parts if part.org_unit.code == SIGNER]
        sign_parts(parts=mine, actor=liaison_of(SIGNER))
