"""Targets: the list, and the page of one."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.enums import Right
from accounts.models import Event, OrgUnit
from accounts.scope import get_visible

from ..amended import readings_of
from ..assess import assess_each_unit
from ..discretion import as_told, withholds
from ..due_days import due_days
from ..measures import measure_of
from ..models import (
    Allocation,
    Figure,
    Finding,
    Period,
    Problem,
    ProgressReport,
    Reading,
    Section,
    SpotCheck,
    Target,
    Task,
)
from ..observe import of_readable_plans, sees_whole_of, sights, sights_of_unit, visible_targets
from ..order_forms import problem_units
from ..rules.kinds import TargetKind
from ..rules.lights import lights_of
from ..services.spotchecks import drawable
from ..standing import amounts_at
from ..ui import orders, params, remarks, target_page
from ..ui.amendments import notes_about
from ..ui.lists import TargetFilter, TargetTable
from ..ui.present import row_of
from ..ui.tables import checked_form, reading_right, render_rows
from .common import chosen_place, chosen_plan

CHOOSING = ("plan", "year")


@login_required
@require_safe
def targets(request):
    """List targets with their standing, for the bureau or for one unit's share."""
    on = params.as_of(request)
    plan = chosen_plan(request, on)
    if plan is None:
        return render(request, "workplan/no_plan.html")
    form = checked_form(request, _filter(request, plan))
    rows = _filtered(request, plan, form, on) if form.is_valid() else []
    extra = {"plan": plan, "list_keep": {"plan": plan.pk}}
    return render_rows(
        request,
        rows=rows,
        form=form,
        table_class=TargetTable,
        template="workplan/targets.html",
        extra=extra,
        also=CHOOSING,
    )


def _filter(request, plan) -> TargetFilter:
    return TargetFilter(
        request.GET,
        sections=Section.objects.visible_to(request.user).filter(plan=plan).order_by("number"),
        units=OrgUnit.objects.visible_to(request.user).below(plan.bureau).exclude(pk=plan.bureau_id),
    )


def _filtered(request, plan, form: TargetFilter, on) -> list:
    """Return the rows that pass the filter; the light is known only after the assessment."""
    asked = form.cleaned_data
    found = visible_targets(request.user, plan, reading_right(request))
    found = found.filter(**_conditions(asked)).filter(_words(asked["q"]))
    if asked["unit"]:
        request.place = OrgUnit.objects.get(pk=asked["unit"])
        seen = sights_of_unit(request.user, found, request.place, on=on)
    else:
        seen = sights(request.user, found, on=on)
    rows = [row_of(sight, params.carry(request)) for sight in seen]
    wanted = lights_of(asked["light"]) if asked["light"] else None
    return [row for row in rows if wanted is None or row.light in wanted]


def _conditions(asked: dict) -> dict:
    fields = {"section": "task__section", "kind": "kind", "strength": "strength"}
    return {lookup: asked[name] for name, lookup in fields.items() if asked[name]}


def _words(text: str) -> Q:
    words = Q()
    for word in text.split():
        words &= Q(measure__icontains=word) | Q(code__startswith=word) | Q(task__title__icontains=word)
    return words


@login_required
@require_safe
def target(request, pk: int):
    """Show one target: where it stands, its course, its shares, and the reports behind the number; or a unit's part of it."""
    params.refuse_unknown(request, ["as_of", "unit"])
    on, user, place = params.as_of(request), request.user, chosen_place(request)
    readable = of_readable_plans(Target.objects.all(), user)
    chosen = get_visible(readable.select_related("task__section", "plan__bureau"), user, pk=pk)
    seen = (
        sights_of_unit(user, Target.objects.filter(pk=chosen.pk), place, on=on)
        if place
        else sights(user, [chosen], on=on)
    )
    sight = next(iter(seen), None)
    if sight is None:
        raise Http404("没有找到该内容，或您无权查看。")
    figures = Figure.objects.visible_to(user).filter(target=chosen, accepted_on__lte=on)
    if place:
        figures = figures.filter(org_unit__path__startswith=place.path)
    stated = amounts_at(figures, [day for day in target_page.days_of(chosen, on) if day <= on])
    discreet = withholds(user, chosen, sight.unit or chosen.plan.bureau)
    readings = readings_of(chosen, stated)
    points = target_page.course(sight.assessment, stated, on, readings=readings, discreet=discreet)
    figures = figures.reported().select_related("org_unit", "period", "entry")
    figures = list(figures.order_by("org_unit__sort", "period__start"))
    context = {
        "target": chosen,
        "row": row_of(sight, params.carry(request)),
        "sees_whole": sees_whole_of(user, chosen),
        "also_in": _also_in(user, chosen),
        "points": points,
        "chart": target_page.chart_of(sight.assessment, points),
        "measure": measure_of(chosen),
        "show_grid": not chosen.is_computed or chosen.kind == TargetKind.CEILING,
        "beside": target_page.other_reading(chosen, user, on),
        "behind": target_page.records_behind(chosen, user, on, place),
        "drawable": drawable(chosen, user) is not None,
        "spot_checks": _spot_checks(user, chosen),
        "amendments": notes_about(on, target=chosen),
        "readings": Reading.objects.visible_to(user).filter(tasks=chosen.task_id),
        "may_allocate": Target.objects.visible_to(user, Right.PLAN_EDIT).filter(pk=chosen.pk).exists(),
        "history": _history(chosen) if sees_whole_of(user, chosen) else [],
        "crumbs": _crumbs(request, chosen),
        **_by_unit(request, chosen, figures, on),
        **_supervision(user, chosen),
    }
    return render(request, "workplan/target.html", context)


def _supervision(user, chosen: Target) -> dict:
    """Return the orders, leaders' remarks and the list of problems that are kept with the target, as they stand today."""
    problems = Problem.objects.visible_to(user).filter(target=chosen).select_related("org_unit")
    drafting = orders.may_draft(user, chosen)
    return {
        "orders": orders.rows_about(user, Q(target=chosen)),
        "remarks": remarks.rows_about(user, Q(target=chosen)),
        "may_remark": remarks.may_remark(user, chosen),
        "problems": list(problems.order_by("closed_on", "pk")),
        "may_draft_order": drafting,
        "may_note_problem": drafting or problem_units(user, chosen).exists(),
    }


def _spot_checks(user, chosen: Target) -> list[SpotCheck]:
    """Return the samples drawn for the target, newest first, each with how many records were looked at and found untrue."""
    rows = SpotCheck.objects.visible_to(user).filter(target=chosen) if chosen.is_computed else SpotCheck.objects.none()
    looked, untrue = ~Q(items__finding=Finding.OPEN), Q(items__finding=Finding.REJECTED)
    return list(rows.annotate(looked=Count("items", filter=looked), untrue=Count("items", filter=untrue)))


def _by_unit(request, chosen: Target, figures: list[Figure], on) -> dict:
    """Return shares, grid and sources: one row for each unit whose share the user may see."""
    user = request.user
    shares = Allocation.objects.visible_to(user).filter(target=chosen).select_related("org_unit")
    if place := getattr(request, "place", None):
        shares = shares.filter(org_unit__path__startswith=place.path)
    shares = list(shares.order_by("org_unit__sort", "org_unit__code"))
    units = [share.org_unit for share in shares]
    proposed = {share.org_unit_id for share in shares if share.proposed}
    periods = list(Period.objects.filter(plan=chosen.plan_id).begun(on).order_by("start"))
    reports = list(ProgressReport.objects.visible_to(user).filter(task=chosen.task_id).newest_revisions())
    behind = [f for f in figures if f.replaced_on is None or f.replaced_on > on]
    seen = set(ProgressReport.objects.visible_to(user).filter(task=chosen.task_id).values_list("pk", flat=True))
    found = assess_each_unit([chosen], on=on, units=units)
    by_unit = {unit.pk: [as_told(user, one, unit) for one in found.get(unit.pk, [])] for unit in units}
    return {
        "shares": target_page.share_rows(units, by_unit, proposed, params.carry(request)),
        "periods": periods,
        "legend": target_page.LEGEND,
        "all_proposed": bool(shares) and len(proposed) == len(shares),
        "grid": target_page.period_grid(chosen, units, periods, figures, reports, due_days(periods, on), on),
        "sources": target_page.source_rows(chosen, behind, seen),
    }


def _also_in(user, chosen: Target) -> list[tuple]:
    """Return the other tasks that state the target, each with whether its page is open to the user."""
    open_to = set(Task.objects.visible_to(user).filter(shown_targets=chosen).values_list("pk", flat=True))
    return [(task, task.pk in open_to) for task in chosen.also_in.all()]


def _history(chosen: Target) -> list:
    """Return what was changed of the target and of its shares, those that were taken away included."""
    of_target = Q(object_type=Target._meta.label_lower, object_id=str(chosen.pk))
    shares = [str(pk) for pk in Allocation.objects.filter(target=chosen).values_list("pk", flat=True)]
    mine = Q(object_id__in=shares) | Q(before__target_id=chosen.pk)
    of_shares = Q(object_type=Allocation._meta.label_lower) & mine
    return target_page.history(chosen, Event.objects.filter(of_target | of_shares).order_by("-pk")[:50], audit.ACTIONS)


def _crumbs(request, chosen: Target) -> list[tuple[str, str | None]]:
    carry, task = params.carry(request), chosen.task
    return [
        ("工作要点", reverse("workplan:plan") + carry),
        (str(task.section), reverse("workplan:section", args=[task.section_id]) + carry),
        (f"任务 {task.number}", reverse("workplan:task", args=[task.pk]) + carry),
        (chosen.code, None),
    ]
