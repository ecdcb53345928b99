"""The plan from the outside in: overview, section, task."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.enums import Right
from accounts.scope import get_visible

from ..amended import tasks_then
from ..completeness import duties, reporting_period
from ..models import Amendment, Assignment, Plan, Reading, Section, Task
from ..observe import of_readable_plans, sights, sights_of_unit, visible_targets
from ..sections import section_icon
from ..services.intake import takes_in
from ..services.plan import keeps_whole_plan
from ..ui import duty_rows, orders, overview, params, remarks, signing
from ..ui.amendments import notes_about
from ..ui.present import row_of
from .common import chosen_place, chosen_plan, plan_choice

CHOOSING = ("plan", "year", "as_of", "unit")


@login_required
@require_safe
def plan(request):
    """Show the twelve sections; numbers only of what the user may see."""
    params.refuse_unknown(request, CHOOSING)
    on = params.as_of(request)
    chosen = chosen_plan(request, on)
    if chosen is None:
        return render(request, "workplan/no_plan.html", {"takes_in": takes_in(request.user)})
    chosen_place(request)
    rows = target_rows(request, visible_targets(request.user, chosen), on)
    tasks = Count("tasks", filter=Q(tasks__in=Task.objects.visible_to(request.user)), distinct=True)
    sections = Section.objects.visible_to(request.user).filter(plan=chosen).annotate(task_count=tasks)
    context = {
        "plan": chosen,
        "plans": plan_choice(request, chosen),
        "cards": overview.section_cards(chosen, sections.order_by("number"), rows, carry=params.carried(request)),
        "year_gone": overview.year_gone(chosen, on),
        "words": overview.in_words(rows),
        "keeps_plan": request.user.may(Right.USER_MANAGE) and keeps_whole_plan(request.user, chosen.bureau),
        "amendments_issued": _amendments_issued(chosen, on),
        "asof_keep": {"plan": chosen.pk},
        "takes_in": takes_in(request.user),
    }
    return render(request, "workplan/plan.html", context)


@login_required
@require_safe
def section(request, pk: int):
    """Show a section's tasks, each with its targets, those that other tasks share with it included."""
    params.refuse_unknown(request, ["as_of", "unit"])
    on = params.as_of(request)
    chosen_place(request)
    chosen = get_visible(_readable(Section, request.user), request.user, pk=pk)
    tasks = tasks_then(Task.objects.visible_to(request.user).filter(section=chosen).order_by("number"), on)
    blocks = task_blocks(request, tasks, chosen.plan, on)
    own = {row.pk: row for block in blocks for row in block["rows"] if row.section_id == chosen.pk}
    context = {
        "section": chosen,
        "icon_name": section_icon(chosen.app),
        "blocks": blocks,
        "counts": overview.light_counts(
            list(own.values()), plan=chosen.plan_id, section=chosen.pk, **params.carried(request)
        ),
        "words": overview.in_words(list(own.values())),
        "crumbs": [("工作要点", _plan_url(request, chosen.plan_id)), (str(chosen), None)],
    }
    return render(request, "workplan/section.html", context)


@login_required
@require_safe
def task(request, pk: int):
    """Show one task: targets, who carries it, how it is read, and the reports of the current period."""
    params.refuse_unknown(request, ["as_of", "unit"])
    on = params.as_of(request)
    chosen_place(request)
    readable = _readable(Task, request.user).select_related("section", "plan__bureau")
    (chosen,) = tasks_then([get_visible(readable, request.user, pk=pk)], on)
    period = reporting_period(chosen.plan, on)
    owed = duties(period, request.user, tasks=[chosen]) if period else []
    about = Q(task=chosen) | Q(target__task=chosen) | Q(report__task=chosen)
    section_url = reverse("workplan:section", args=[chosen.section_id]) + params.carry(request)
    signatures = signing.signatures(request.user, chosen, on)
    context = {
        "task": chosen,
        "rows": task_blocks(request, [chosen], chosen.plan, on)[0]["rows"],
        "assignments": _assignments(request.user, chosen),
        "signatures": signatures,
        "unsigned_count": sum(not part.signed for part in signatures),
        "amendments": notes_about(on, task=chosen),
        "readings": Reading.objects.visible_to(request.user).filter(tasks=chosen),
        "period": period,
        "duties": duty_rows.rows_of(owed, on),
        "orders": orders.rows_about(request.user, about),
        "remarks": remarks.rows_about(request.user, about),
        "may_assign": Task.objects.visible_to(request.user, Right.PLAN_EDIT).filter(pk=pk).exists(),
        "may_remark": remarks.may_remark(request.user, chosen),
        "may_draft_order": orders.may_draft(request.user, chosen),
        "crumbs": [
            ("工作要点", _plan_url(request, chosen.plan_id)),
            (str(chosen.section), section_url),
            (f"任务 {chosen.number}", None),
        ],
    }
    return render(request, "workplan/task.html", context)


def _amendments_issued(plan: Plan, on) -> int:
    """Return how many amendments were in force at the close of the day."""
    return Amendment.objects.issued().filter(plan=plan, effective_on__lte=on).count()


def target_rows(request, targets, on) -> list:
    """Return the view models of the targets as the user may see them, or of a unit's part of them where one is chosen."""
    place = getattr(request, "place", None)
    seen = sights_of_unit(request.user, targets, place, on=on) if place else sights(request.user, targets, on=on)
    return [row_of(sight, params.carry(request)) for sight in seen]


def task_blocks(request, tasks, plan, on) -> list[dict]:
    """Return each task with the rows of its targets, shared ones included."""
    tasks = list(tasks)
    stated = Q(task__in=tasks) | Q(also_in__in=tasks)
    targets = visible_targets(request.user, plan).filter(stated).distinct()
    rows = {row.pk: row for row in target_rows(request, targets, on)}
    states = {t.pk: {t.task_id, *(other.pk for other in t.also_in.all())} for t in targets}
    return [
        {
            "task": one,
            "url": reverse("workplan:task", args=[one.pk]) + params.carry(request),
            "rows": [rows[t.pk] for t in targets if one.pk in states[t.pk] and t.pk in rows],
        }
        for one in tasks
    ]


def _readable(model, user):
    return of_readable_plans(model.objects.all(), user)


def _assignments(user, chosen: Task) -> list[tuple[str, list[str], list[str]]]:
    """Return role, confirmed units and proposed units, in the order of the roles."""
    found = Assignment.objects.visible_to(user).filter(task=chosen).select_related("org_unit")
    by_role: dict[str, list] = {}
    for one in sorted(found, key=lambda a: (a.org_unit.sort, a.org_unit.code)):
        by_role.setdefault(one.role, []).append(one)
    roles = Assignment._meta.get_field("role").choices
    return [
        (
            label,
            [one.org_unit.label for one in by_role[role] if not one.proposed],
            [one.org_unit.label for one in by_role[role] if one.proposed],
        )
        for role, label in roles
        if role in by_role
    ]


def _plan_url(request, pk: int) -> str:
    return overview.with_query(reverse("workplan:plan"), {"plan": pk, **params.carried(request)})
