"""Where issued amendments are entered: one book for each plan, numbered without gaps. Drafts are in `services.amendments`.

A published goal or deadline that is changed directly (data maintenance, import) is an amendment in substance: it is entered here as
one of its own, so that one place knows what a plan said on a past day.
"""

from django.db.models import Max
from django.utils import timezone

from accounts import audit
from accounts.locks import exclusive

from .. import clock
from ..enums import AmendedField, AmendmentState
from ..models import Amendment, AmendmentLine, Plan, Target
from ..rules.amending import text_of

# What of a published target may be changed directly; its wording may be corrected without an amendment.
BOOKED = (AmendedField.GOAL, AmendedField.TARGET_DUE)


def wait_turn(plan: Plan) -> None:
    """Let one transaction at a time change the plan's published goals and deadlines. Comes before any lock of a row."""
    exclusive(f"amendments:{plan.pk}")


def enter(amendment: Amendment, actor) -> Amendment:
    """Give the amendment its number and close it. The caller has waited for its turn and written the lines."""
    last = Amendment.objects.filter(plan=amendment.plan_id).aggregate(last=Max("number"))["last"]
    amendment.number, amendment.state = (last or 0) + 1, AmendmentState.ISSUED
    amendment.issued_by, amendment.issued_on, amendment.issued_at = actor, clock.today(), timezone.now()
    amendment.version += 1
    amendment.save()
    lines = [
        f"{line}：{line.old or '无'} → {line.new or '无'}" for line in amendment.lines.select_related("target", "task")
    ]
    after = {"number": amendment.number, "effective_on": amendment.effective_on.isoformat(), "lines": lines}
    audit.record(action="amendment.issue", actor=actor, row=amendment, after=after, note=amendment.reason)
    return amendment


def enter_direct(*, target: Target, stored: Target, actor, reason: str) -> Amendment | None:
    """Enter a change that was made directly, in force from today; None where neither goal nor deadline changed."""
    changed = [name for name in BOOKED if getattr(stored, name.attribute) != getattr(target, name.attribute)]
    if not changed:
        return None
    amendment = Amendment.objects.create(
        plan=target.plan,
        title=f"调整目标 {target.code} 的{'、'.join(name.label for name in changed)}",
        effective_on=clock.today(),
        reason=reason.strip(),
        direct=True,
        made_by=actor,
        made_at=timezone.now(),
    )
    for place, name in enumerate(changed):
        old, new = (text_of(getattr(row, name.attribute)) for row in (stored, target))
        AmendmentLine.objects.create(amendment=amendment, target=target, field=name, old=old, new=new, sort=place)
    return enter(amendment, actor)
