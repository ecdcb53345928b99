"""The bench on which a target is broken down to units: filled by hand, equally, by a register or from a paste, then stored at once."""

from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.db.models import Count
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.enums import TOWNSHIP_KINDS, Right
from accounts.models import OrgUnit
from accounts.scope import get_visible

from ..allocation_forms import BreakDownForm, filled, read_pasted, told, with_amounts
from ..enums import PlanStatus
from ..errors import Refused
from ..forms import plain
from ..models import Allocation, Target
from ..registers.registry import readable
from ..services.plan import allocate
from ..ui import format as fmt
from .common import bearing_units

PAGE = "workplan/allocation.html"
UNSAVED = "，请核对后保存。"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def allocation(request, pk: int):
    """Show who carries which part of the target; fill the form in as asked, or store it."""
    rows = Target.objects.select_related("plan__bureau", "task__section")
    target = get_visible(rows, request.user, Right.PLAN_EDIT, pk=pk)
    shares = list(Allocation.objects.filter(target=target).select_related("org_unit"))
    bearers = [share.org_unit for share in shares]
    units = bearing_units(request.user, target.plan.bureau, bearers)
    kept = {"target": target, "units": units, "shares": {share.org_unit_id: share.amount for share in shares}}
    form = BreakDownForm(request.POST if request.method == "POST" else None, **kept)
    proposed = [share.org_unit_id for share in shares if share.proposed]
    if not form.is_bound:
        return _shown(request, form, proposed)
    if not form.is_valid():
        return _shown(request, form, proposed, status=422)
    if "fill" in request.POST:
        data, words, errors = _fill(request, form)
        fresh = BreakDownForm(data, **kept)
        if fresh.is_valid() and errors:
            fresh.add_error("pasted", errors)
        return _shown(request, fresh, proposed, status=422 if errors else 200, filled=words)
    return _stored(request, form, proposed)


def _shown(request, form: BreakDownForm, proposed: list[int], *, status: int = 200, **more):
    target, together = form.target, _typed_sum(form)
    page = {
        "target": target,
        "form": form,
        "rows": form.rows(proposed),
        "goal": fmt.goal(target.comparator, target.goal, target.unit),
        "whole": plain(target.goal) if form.can_spread else "",
        "sum": plain(together),
        "left": _left(target.goal, together) if form.can_spread else "",
        "seen": form["seen"].value(),
        "unit": fmt.bare_unit(target.unit),
        "published": target.plan.status != PlanStatus.DRAFT,
        "registers": _register_choices(request, target) if form.can_spread else [],
    }
    return render(request, PAGE, page | more, status=status)


def _typed_sum(form: BreakDownForm) -> Decimal:
    """Return what the numbers of the form add up to, those that can be read."""
    names = [f"amount-{unit.pk}" for unit in form.units]
    shown = [form.cleaned_data.get(name) for name in names] if form.is_bound else form.shares.values()
    return sum((amount for amount in shown if amount is not None), Decimal(0))


def _left(goal: Decimal, together: Decimal) -> str:
    if together == goal:
        return "正好分完"
    return f"还差 {plain(goal - together)}" if together < goal else f"超出 {plain(together - goal)}"


def _registers(user, target: Target) -> list:
    """Return the registers by whose records the target can be broken down."""
    return [model for model in readable(user) if model._meta.app_label == target.task.section.app]


def _register_choices(request, target: Target) -> list[tuple[str, str, bool]]:
    """Return name, label and whether chosen of each register."""
    chosen = request.POST.get("register", "")
    names = [(model._meta.model_name, model._meta.verbose_name) for model in _registers(request.user, target)]
    return [(name, label, name == chosen) for name, label in names]


# --- filling ---


def _fill(request, form: BreakDownForm) -> tuple:
    """Return the posted data with numbers filled in, what to tell, and what could not be read. Nothing is stored."""
    how = request.POST["fill"]
    if how == "paste":
        found, wrong = read_pasted(form.cleaned_data["pasted"], form.units)
        if not found and not wrong:
            wrong = ["请先粘贴“单位 数值”，每行一个单位。"]
        return with_amounts(request.POST, found), f"已填入 {len(found)} 个单位" + UNSAVED if found else "", wrong
    if not form.can_spread:
        raise BadRequest("只有数量类目标可以分配数值。")
    chosen = _chosen(form)
    if how == "equal":
        weights = dict.fromkeys((unit.pk for unit in chosen), 1)
        return filled(request.POST, form, weights), f"已平均分配到 {len(chosen)} 个单位" + UNSAVED, []
    return _fill_by_register(request, form, chosen)


def _chosen(form: BreakDownForm) -> list[OrgUnit]:
    """Return the units that are ticked, where none is all townships."""
    ticked = [unit for unit in form.units if form.cleaned_data[f"take-{unit.pk}"]]
    return ticked or [unit for unit in form.units if unit.kind in TOWNSHIP_KINDS]


def _fill_by_register(request, form: BreakDownForm, chosen: list[OrgUnit]) -> tuple:
    by_name = {model._meta.model_name: model for model in _registers(request.user, form.target)}
    model = by_name.get(request.POST.get("register", ""))
    if request.POST["fill"] != "register" or model is None:
        raise BadRequest("请选择分配所依据的台账。")
    counts = _counts(request.user, model, chosen)
    if not any(counts.values()):
        return request.POST, f"“{model._meta.verbose_name}”中这些单位还没有记录，未分配。", []
    words = f"已按“{model._meta.verbose_name}”的 {sum(counts.values())} 条记录分配" + UNSAVED
    return filled(request.POST, form, counts), words, []


def _counts(user, model, units: list[OrgUnit]) -> dict[int, int]:
    """Return how many records each unit has, with those of its villages."""
    rows = model.objects.visible_to(user).counted().order_by().values_list("org_unit__path")
    counts = dict.fromkeys((unit.pk for unit in units), 0)
    for path, number in rows.annotate(number=Count("pk")):
        for unit in units:
            if path.startswith(unit.path):
                counts[unit.pk] += number
    return counts


# --- storing ---


def _stored(request, form: BreakDownForm, proposed: list[int]):
    try:
        changed = allocate(
            target=form.target,
            amounts=form.amounts(),
            withdrawn=form.withdrawn(),
            actor=request.user,
            reason=form.cleaned_data["reason"],
            seen=form.before(),
        )
    except Refused as refused:
        form.add_error("reason" if refused.code == "reason_required" else None, refused.message)
        if refused.code == "stale":  # who saves again has seen what is stored by now
            return _shown(request, form, proposed, status=409, seen=told(form.shares))
        return _shown(request, form, proposed, status=422)
    messages.success(request, f"已保存指标分解，调整了 {changed} 个单位。" if changed else "指标分解没有变化。")
    return redirect("workplan:target", pk=form.target.pk)
