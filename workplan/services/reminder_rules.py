"""The reminder rules of a plan: laid out with it, edited from then on."""

from ..enums import ReminderSubject
from ..models import Plan, ReminderRule

# What a supervision order is proposed for when it has long been overdue. Not for an order itself: that one is escalated.
ORDERED = (ReminderSubject.REPORT, ReminderSubject.TARGET)


def seed_rules(*, plan: Plan) -> int:
    """Make the rules that the plan lacks, with the usual days; return how many."""
    there = set(plan.reminder_rules.values_list("subject", flat=True))
    lacking = [ReminderRule(plan=plan, subject=subject) for subject in ReminderSubject if subject not in there]
    for rule in lacking:
        if rule.subject not in ORDERED:
            rule.order_after = None
    return len(ReminderRule.objects.bulk_create(lacking))
