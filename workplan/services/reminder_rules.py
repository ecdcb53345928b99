"""The reminder rules of a plan: laid out with it, edited from then on."""

from ..enums import ReminderSubject
from ..models import Plan, ReminderRule


def seed_rules(*, plan: Plan) -> int:
    """Make the rules that the plan lacks, with the usual days; return how many."""
    there = set(plan.reminder_rules.values_list("subject", flat=True))
    lacking = [ReminderRule(plan=plan, subject=subject) for subject in ReminderSubject if subject not in there]
    return len(ReminderRule.objects.bulk_create(lacking))
