"""What was found wrong, and what was decided on it."""

from datetime import date

from django.db.models import Q

from accounts.enums import Right

from ..models import Plan, Problem

SHOWN = 8


def problems_of(user, plan: Plan, on: date) -> list[Problem]:
    """Return the problems of the plan's targets that were open on the day, the newest first. One statement."""
    rows = Problem.objects.visible_to(user, Right.OVERVIEW).filter(target__plan=plan, created_on__lte=on)
    rows = rows.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))
    return list(rows.select_related("target", "org_unit", "order__step").order_by("-created_on", "-pk")[:SHOWN])
