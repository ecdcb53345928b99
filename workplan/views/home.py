"""The first page: what is waiting for me."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.enums import Right

from .. import clock
from ..models import Job, Section
from ..observe import visible_targets
from ..services.reconciling import last_drift
from ..services.workdays import years_missing
from ..ui import adhoc, orders, overview, params, remarks, signing, waiting
from ..ui.context import address_of
from .common import chosen_plan
from .plan import target_rows

# Right, address, icon, words: what administrators come for.
SHORTCUTS = [
    (Right.USER_MANAGE, "workplan:users", "users", "用户与角色"),
    (Right.USER_MANAGE, "workplan:org_units", "sitemap", "单位管理"),
    (Right.PLAN_EDIT, "admin:workplan_target_changelist", "target-arrow", "目标与分解"),
    (Right.AUDIT_READ, "workplan:audit", "history", "审计日志"),
]


@login_required
@require_safe
def home(request):
    """Show one block for each part that the user plays; a friendly word where there is none."""
    params.refuse_unknown(request, ["as_of"])
    on = params.as_of(request)
    user = request.user
    plan = chosen_plan(request, on) if user.scope.grants else None
    context = {"plan": plan, "has_role": bool(user.scope.grants), "shortcuts": _shortcuts(user)}
    if plan:
        context |= {
            "reporting": waiting.reporting(user, plan, on),
            "to_mend": waiting.to_mend(user),
            "remarks": remarks.to_answer(user),
            "adhoc_owed": adhoc.to_answer(user, clock.today()),
            "adhoc_asked": adhoc.to_decide(user, clock.today()),
            "unsigned": signing.unsigned(user, clock.today()),
            "charged": orders.charged(user),
            "supervising": orders.supervising(user),
            "drift": last_drift(plan) if user.may(Right.AUDIT_READ) else None,
            "calendar_missing": years_missing(plan.bureau, clock.today()) if user.may(Right.USER_MANAGE) else [],
            "parked": Job.objects.visible_to(user, Right.USER_MANAGE).parked().count(),
            "reviewing": waiting.reviewing(user, plan, on),
            **_standing(request, plan, on),
        }
    return render(request, "workplan/home.html", context)


def _shortcuts(user) -> list[tuple[str, str, str]]:
    """Return icon, words and address of the administration pages; none for those who have other work here."""
    if not user.may(Right.USER_MANAGE):
        return []
    found = [(icon, words, address_of(name)) for right, name, icon, words in SHORTCUTS if user.may(right)]
    return [one for one in found if one[2]]


def _standing(request, plan, on) -> dict:
    """Return the lights of all that the user is responsible for: an office's sections, a leader's whole plan."""
    user = request.user
    apps = user.scope.apps_over(plan.bureau.path)
    if apps is not None and not apps:
        return {}
    rows = target_rows(request, visible_targets(user, plan), on)
    sections = Section.objects.visible_to(user).filter(plan=plan)
    mine = sections if apps is None else sections.filter(app__in=apps)
    numbers = {section.pk for section in mine}
    rows = [row for row in rows if row.section_id in numbers]
    worst = sorted((r for r in rows if r.needs_attention), key=lambda r: (r.rank, -r.gap_key, r.sort))
    query = {"plan": plan.pk, **({"section": mine[0].pk} if len(numbers) == 1 else {}), **params.carried(request)}
    return {
        "lights": overview.light_counts(rows, linked=apps is None or len(numbers) == 1, **query),
        "lights_words": overview.in_words(rows),
        "worst": worst[:5],
        "sees_overview": user.may(Right.OVERVIEW),
        "sections": [] if apps is None else list(mine),
    }
