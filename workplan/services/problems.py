"""The list that is kept with a target: problem, cause, action, check. Each act checks, writes and logs in one transaction."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.enums import Right
from accounts.locks import read_locked
from accounts.models import OrgUnit

from .. import clock
from ..errors import Refused
from ..models import Problem, SupervisionOrder, Target
from ..supervising import is_own_unit
from .supervision import takes_part


@dataclass(frozen=True, slots=True)
class ProblemInput:
    """What is typed about a problem. Cause and action may follow later."""

    problem: str
    cause: str = ""
    action: str = ""
    responsible: str = ""
    due: date | None = None


@transaction.atomic
def add_problem(
    *,
    target: Target,
    org_unit: OrgUnit,
    typed: ProblemInput,
    actor,
    order: SupervisionOrder | None = None,
    key: str | None = None,
) -> Problem:
    """Put a problem on the target's list. key: of the form that was sent; sent twice it gives the first one's row.

    Raises Refused where the unit has no part in the target, the order is not about it, or nothing is said.
    """
    existing = Problem.objects.filter(key=key, created_by=actor).first() if key else None
    if existing:
        return existing
    _require_said(typed)
    if not takes_part(target.task, org_unit):
        raise Refused(f"{org_unit.label}不承担这项任务，请另选责任单位。", code="no_part")
    if order and (order.org_unit_id != org_unit.pk or order.target_id != target.pk):
        raise Refused("所选督办单与这一目标或责任单位不符。", code="foreign_order")
    book = {"created_by": actor, "created_on": clock.today(), "changed_by": actor, "changed_at": timezone.now()}
    try:
        with transaction.atomic():
            row = Problem.objects.create(
                target=target, org_unit=org_unit, order=order, key=key, **_stripped(typed), **book
            )
    except IntegrityError:  # the second click, a moment later
        return Problem.objects.get(key=key, created_by=actor)
    if not may_write(row, actor):
        raise Refused("您没有进行此操作的权限。", code="forbidden")
    audit.record(action="problem.create", actor=actor, row=row, after=audit.snapshot(row))
    return row


def may_write(row: Problem, user) -> bool:
    """Say whether the user may write on this line: the unit itself, and the office that runs the section."""
    return any(_holds(row, user, right) for right in (Right.REPORT_WRITE, Right.ORDER_DRAFT))


def may_check(row: Problem, user) -> bool:
    """Say whether the user may check this line: the office, but nobody for the own unit."""
    return _holds(row, user, Right.ORDER_DRAFT) and not is_own_unit(user, row.org_unit, row.target.plan.bureau.path)


def _holds(row: Problem, user, right: Right) -> bool:
    return user.may(right) and Problem.objects.visible_to(user, right).filter(pk=row.pk).exists()


@transaction.atomic
def change_problem(*, row: Problem, actor, version: int, typed: ProblemInput) -> Problem:
    """Change what is said about an open problem."""
    row = _begin(row, actor, version, may_write)
    _require_open(row)
    _require_said(typed)
    before = audit.snapshot(row)
    for name, value in _stripped(typed).items():
        setattr(row, name, value)
    return _store(row, actor, "problem.change", before)


@transaction.atomic
def check_problem(*, row: Problem, actor, version: int, note: str, closed: bool) -> Problem:
    """Note what a check has shown, and strike the problem off where it is solved; that takes an action that was stated."""
    row = _begin(row, actor, version, may_check)
    _require_open(row)
    if not note.strip():
        raise Refused("请填写核查情况。", code="text_required")
    if closed and not row.action:
        raise Refused("尚未填写整改措施，不能销号。", code="action_required")
    before = audit.snapshot(row)
    row.check_note = note.strip()
    if closed:
        row.closed_on, row.closed_by = clock.today(), actor
    return _store(row, actor, "problem.close" if closed else "problem.check", before)


@transaction.atomic
def reopen_problem(*, row: Problem, actor, version: int, reason: str) -> Problem:
    """Take back that a problem is solved, with the reason."""
    row = _begin(row, actor, version, may_check)
    if row.closed_on is None:
        raise Refused("这个问题尚未销号。", code="wrong_state")
    if not reason.strip():
        raise Refused("请填写重新整改的原因。", code="text_required")
    before = audit.snapshot(row)
    row.closed_on = row.closed_by = None
    return _store(row, actor, "problem.reopen", before, note=reason.strip())


def _begin(row: Problem, actor, version: int, allowed) -> Problem:
    """Return the row under a lock. Raises Refused without the right, and where somebody saved since `version` was read."""
    rows = Problem.objects.select_related("target__task__section", "target__plan__bureau", "org_unit", "changed_by")
    row = read_locked(rows, row.pk).get()
    if not allowed(row, actor):
        raise Refused("您没有进行此操作的权限。", code="forbidden")
    if row.version != version:
        when = timezone.localtime(row.changed_at)
        raise Refused(f"{row.changed_by} 已于 {when:%m-%d %H:%M} 修改过这个问题，您的修改尚未写入。", code="stale")
    return row


def _store(row: Problem, actor, action: str, before: dict, note: str = "") -> Problem:
    row.version, row.changed_by, row.changed_at = row.version + 1, actor, timezone.now()
    row.save()
    old, new = audit.changes(before, audit.snapshot(row))
    audit.record(action=action, actor=actor, row=row, before=old, after=new, note=note)
    return row


def _require_open(row: Problem) -> None:
    if row.closed_on:
        raise Refused("这个问题已经销号，如需修改请先重新整改。", code="wrong_state")


def _require_said(typed: ProblemInput) -> None:
    if not typed.problem.strip():
        raise Refused("请填写存在问题。", code="problem_required")


def _stripped(typed: ProblemInput) -> dict:
    return {name: value.strip() if isinstance(value, str) else value for name, value in asdict(typed).items()}
