"""Signing (签收) for the parts that units are given in tasks: who has taken note of it, and when.

A part is given when the plan is published, when it is made afterwards, when its role changes, and when a unit from which
the whole task was withdrawn gets a share of it again. Each time the unit signs anew. Reporting never waits for it.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.enums import Right
from accounts.locks import read_locked
from accounts.models import User

from .. import clock
from ..errors import Refused
from ..models import Assignment, Plan

GIVEN = ("given_on", "signed_by", "signed_on", "signed_at")


def give(part: Assignment) -> None:
    """Note on a part, to be stored by the caller, that its unit has it from today and has not signed for it."""
    take_back(part)
    part.given_on = clock.today() if part.task.plan.is_running else None


def take_back(part: Assignment) -> None:
    """Note on a part, to be stored by the caller, that nobody is asked to sign for it."""
    part.given_on = part.signed_by = part.signed_on = part.signed_at = None


def give_all(plan: Plan) -> None:
    """Give all parts of a plan that is being published."""
    Assignment.objects.filter(task__plan=plan).update(given_on=clock.today())


@transaction.atomic
def sign_parts(*, parts: Iterable[int], actor: User) -> int:
    """Sign for parts, named by id, on behalf of their units; return how many were signed for by it.

    What was signed for already stays as it is, so a second click changes nothing. Raises Refused where the actor does not
    write the unit's reports on one of the tasks; then nothing is signed.
    """
    pks = set(parts)
    mine = Assignment.objects.visible_to(actor, Right.REPORT_WRITE).select_related("task__section", "org_unit")
    rows = list(read_locked(mine.select_related("task__plan"), *pks))
    if len(rows) != len(pks):
        raise Refused("您没有进行此操作的权限。", code="forbidden")
    waiting = [row for row in rows if _is_unsigned(row)]
    for row in waiting:
        row.signed_by, row.signed_on, row.signed_at = actor, clock.today(), timezone.now()
        row.save(update_fields=GIVEN)
        audit.record(action="assignment.sign", actor=actor, row=row, after={"signed_on": row.signed_on.isoformat()})
    return len(waiting)


def _is_unsigned(part: Assignment) -> bool:
    return part.task.plan.is_running and part.given_on is not None and part.signed_by_id is None
