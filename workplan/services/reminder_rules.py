"""The reminder rules of a plan: laid out with it, edited from then on."""

from ..enums import ReminderSubject
from ..models import Plan, ReminderRule

# What a supervision order is proposed for when it has long been overdue. Not for an order itself: that one is escalated.
ORDERED = (ReminderSubject.REPORT, ReminderSubject.TARGET)


# The office is asked for its answer to a leader's remark every working day; there is nobody between it and the leaders.
REMARKS = {"before": "30-1", "overdue_every": 1, "supervisor_after": None, "office_after": None, "leader_after": 1}


def seed_rules(*, plan: Plan) -> int:
    """Make the rules that the plan lacks, with the usual days; return how many."""
    there = set(plan.reminder_rules.values_list("subject", flat=True))
    lacking = [_usual(plan, subject) for subject in ReminderSubject if subject not in there]
    return len(ReminderRule.objects.bulk_create(lacking))


def _usual(plan: Plan, subject: ReminderSubject) -> ReminderRule:
    days = REMARKS if subject == ReminderSubject.REMARK else {}
    if subject not in ORDERED:
        days = days | {"order_after": None}
    return ReminderRule(plan=plan, subject=subject, **days)
