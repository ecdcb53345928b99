"""The tree of org units and what may be done to a unit."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.admin_forms import UnitCreateForm, UnitMoveForm, UnitRenameForm
from accounts.audit import ACTIONS
from accounts.audit_text import changes_of
from accounts.enums import Right
from accounts.errors import Refused
from accounts.models import Event, Membership, OrgUnit, Succession
from accounts.scope import get_visible, require_right
from accounts.services import units as acts

from .. import clock
from ..services.units import found_unit, relocate_unit

HISTORY_SHOWN = 20


@dataclass(slots=True)
class Node:
    """A unit in the tree as the page shows it. people: how many hold a role there today."""

    unit: OrgUnit
    people: int
    is_past: bool
    children: list["Node"] = field(default_factory=list)


def tree(units: list[OrgUnit]) -> list[Node]:
    """Return the roots of the units, which come in the order of their paths; a unit without its parent is a root."""
    today, nodes, roots = clock.today(), {}, []
    for unit in units:
        node = Node(unit, unit.people, unit.valid_to is not None and unit.valid_to <= today)
        nodes[unit.pk] = node
        parent = nodes.get(unit.parent_id)
        (parent.children if parent else roots).append(node)
    for node in nodes.values():
        node.children.sort(key=lambda child: (child.is_past, child.unit.sort, child.unit.code))
    return roots


@login_required
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """Show the tree with validity and people."""
    require_right(request.user, Right.USER_MANAGE)
    today = clock.today()
    open_now = Q(memberships__valid_from__lte=today, memberships__user__is_active=True) & (
        Q(memberships__valid_to=None) | Q(memberships__valid_to__gt=today)
    )
    people = Count("memberships__user", filter=open_now, distinct=True)
    rows = OrgUnit.objects.visible_to(request.user, Right.USER_MANAGE).annotate(people=people).order_by("path")
    return render(request, "accounts/units.html", {"roots": tree(list(rows))})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def unit_create(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.USER_MANAGE)
    form = UnitCreateForm(request.POST if request.method == "POST" else None, actor=request.user)
    if form.is_bound and form.is_valid():
        try:
            made = found_unit(actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error("code" if refused.code == "code_taken" else "kind", refused.message)
        except ValidationError as invalid:
            form.add_error(None, invalid.messages)
        else:
            messages.success(request, f"已建立{made}。")
            return redirect("workplan:org_unit", made.pk)
    return render(request, "accounts/unit_create.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_safe
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a unit: its people, where it came from and went, its history, and the forms to change it."""
    return _page(request, managed_unit(request, pk))


def managed_unit(request: HttpRequest, pk: int) -> OrgUnit:
    """Return the unit. The right is asked for first, so that without it no number tells whether there is one."""
    require_right(request.user, Right.USER_MANAGE)
    return get_visible(OrgUnit.objects, request.user, Right.USER_MANAGE, pk=pk)


def _page(request: HttpRequest, shown: OrgUnit, *, status: int = 200, **bound) -> HttpResponse:
    today = clock.today()
    events = Event.objects.visible_to(request.user, Right.AUDIT_READ).of(shown)[:HISTORY_SHOWN]
    context = {
        "unit": shown,
        "is_past": shown.valid_to is not None and shown.valid_to <= today,
        "memberships": Membership.objects.filter(org_unit=shown).unended(today).select_related("user"),
        "origins": Succession.objects.filter(successor=shown).select_related("predecessor"),
        "successors": Succession.objects.filter(predecessor=shown).select_related("successor"),
        "history": [(event, ACTIONS[event.action], changes_of(event)) for event in events],
        "rename_form": UnitRenameForm(initial={"name": shown.name, "short_name": shown.short_name}),
        "move_form": UnitMoveForm(actor=request.user, initial={"parent": shown.parent_id}),
        **bound,
    }
    return render(request, "accounts/unit.html", context, status=status)


@login_required
@require_POST
def unit_rename(request: HttpRequest, pk: int) -> HttpResponse:
    shown = managed_unit(request, pk)
    form = UnitRenameForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, status=422, rename_form=form)
    return _done(
        request, shown, lambda: acts.rename_unit(unit=shown, actor=request.user, **form.cleaned_data), "已保存。"
    )


@login_required
@require_POST
def unit_move(request: HttpRequest, pk: int) -> HttpResponse:
    shown = managed_unit(request, pk)
    form = UnitMoveForm(request.POST, actor=request.user)
    if not form.is_valid():
        return _page(request, shown, status=422, move_form=form)
    parent = form.cleaned_data["parent"]
    return _done(
        request, shown, lambda: relocate_unit(unit=shown, parent=parent, actor=request.user), "已调整上级单位。"
    )


def _done(request: HttpRequest, shown: OrgUnit, act: Callable, words: str) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, words)
    return redirect("workplan:org_unit", shown.pk)
