"""What several pages begin with."""

from collections.abc import Iterable
from datetime import date

from django.http import Http404

from accounts.enums import TOWNSHIP_KINDS, Right, UnitKind
from accounts.models import OrgUnit
from accounts.scope import get_visible

from .. import clock
from ..models import Plan
from ..observe import readable_plans
from ..ui import params


def chosen_plan(request, on: date) -> Plan | None:
    """Return the plan asked for by `plan` or `year`, else the one of the day's year, else the newest.

    None where the user may read no plan. Raises BadParameter for values out of range, Http404 for others' plans.
    """
    pk = params.whole(request, "plan", "工作要点")
    year = params.whole(request, "year", "年度", low=2000, high=2100)
    plans = list(readable_plans(request.user))
    wanted = [plan for plan in plans if pk in (None, plan.pk) and year in (None, plan.year)]
    if (pk or year) and not wanted:
        raise Http404("没有找到该工作要点，或您无权查看。")
    return next((plan for plan in wanted if plan.year == on.year), wanted[0] if wanted else None)


def chosen_place(request) -> OrgUnit | None:
    """Return the unit whose share is looked at, None for all; remember it on the request so that links carry it on.

    Raises Http404 for units that the user may not see.
    """
    pk = params.whole(request, "unit", "单位")
    if pk is None:
        return None
    request.place = get_visible(OrgUnit.objects.all(), request.user, pk=pk)
    return request.place


def bearing_units(user, bureau: OrgUnit, bearers: Iterable[OrgUnit]) -> list[OrgUnit]:
    """Return which units of the bureau may bear a part of its plan: townships, then offices; and who bears one, even if it is no more."""
    editable = OrgUnit.objects.visible_to(user, Right.PLAN_EDIT).below(bureau)
    found = editable.valid_on(clock.today()).filter(kind__in=(*TOWNSHIP_KINDS, UnitKind.OFFICE))
    by_pk = {unit.pk: unit for unit in [*found, *bearers]}
    return sorted(by_pk.values(), key=lambda unit: (unit.kind not in TOWNSHIP_KINDS, unit.sort, unit.code))


def plan_choice(request, plan: Plan | None) -> list[tuple[str, str, bool]]:
    """Return label, address and whether chosen of all plans that the user may switch to; [] for fewer than two."""
    plans = list(readable_plans(request.user))
    if len(plans) < 2:
        return []
    return [(str(other), f"{request.path}?plan={other.pk}", other == plan) for other in plans]
