"""Figures with the records behind them, lights by section, and who is asking."""

from datetime import date

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.enums import Right
from accounts.models import OrgUnit

from ... import clock, standing
from ...assess import Assessment
from ...discretion import as_told
from ...measures import measure_of
from ...models import Plan, ProgressReport, Target
from ...ui.target_page import records_behind
from ..base import StrictView
from ..schema import with_problems
from ..serializers import figures as serializers


class QueryView(StrictView, APIView):
    """A question asked by query parameters, which `query_serializer` reads."""

    query_serializer: type

    def known_parameters(self) -> set[str]:
        return set(self.query_serializer().fields)

    def asked(self) -> dict:
        """Return the valid parameters; empty ones count as absent. Raises ValidationError."""
        sent = {name: value for name, value in self.request.query_params.items() if value}
        query = self.query_serializer(data=sent, context={"request": self.request})
        query.is_valid(raise_exception=True)
        return {"as_of": clock.today()} | query.validated_data

    def unit_for(self, asked: dict, bureau: OrgUnit) -> OrgUnit:
        """Return the unit that was asked for, by default the bureau, which not everybody oversees."""
        unit = asked.get("org_unit") or OrgUnit.objects.visible_to(self.request.user).filter(pk=bureau.pk).first()
        if unit is None:
            raise ValidationError({"org_unit": ["请指定单位：您不能查看全局合计。"]})
        return unit


class FigureView(QueryView):
    query_serializer = serializers.FigureQuerySerializer

    @extend_schema(
        summary="目标实绩",
        description="某一天某单位（含下级）的累计实绩、目标值、亮灯，以及数值背后的各期填报。比率为分子、分母两个数。",
        parameters=[serializers.FigureQuerySerializer],
        responses=with_problems({200: serializers.FigureSerializer}, 404),
    )
    def get(self, request):
        """Say where a target stands on a day for a unit, with the accepted values behind the number."""
        asked = self.asked()
        target, on = asked["target"], asked["as_of"]
        unit = self.unit_for(asked, target.plan.bureau)
        found = (
            standing.standing_of(target, unit=unit, on=on) if standing.may_total(request.user, target, unit) else None
        )
        if found is None:
            raise Http404
        found = as_told(request.user, found, unit)
        behind = list(standing.contributions(target, request.user, unit=unit, on=on))
        reports = ProgressReport.objects.visible_to(request.user).filter(entries__figure__in=behind)
        context = {"reports": set(reports.values_list("pk", flat=True))}
        data = as_shown(found) | {"org_unit": unit, "as_of": on, "contributions": behind}
        data |= {"measure": measure_of(target), "records": records_of(target, request.user, unit, on)}
        return Response(serializers.FigureSerializer(data, context=context).data)


def records_of(target: Target, user, unit: OrgUnit, on: date) -> list[dict]:
    """Return the registers behind a computed number, each with the number of its records that the user may see."""
    seen = records_behind(target, user, on, unit)
    return [
        {
            "part": one.part,
            "app": one.model._meta.app_label,
            "name": one.model._meta.model_name,
            "title": one.register,
            "count": one.count if one.url else None,
        }
        for one in seen
    ]


def as_shown(found: Assessment) -> dict:
    """Return an assessment with its verdict spelt out."""
    verdict = found.verdict
    return {
        "target": found.target,
        "amount": found.amount,
        "goal": found.goal,
        "light": verdict.light,
        "light_name": verdict.light.label,
        "reason": verdict.reason,
        "reason_name": verdict.reason.label,
        "expected": verdict.expected,
        "gap": verdict.gap,
        "progress": verdict.progress,
        "units_expected": found.units_expected,
        "units_reported": found.units_reported,
        "verified": found.verified,
        "withheld": found.withheld,
    }


class LightsView(QueryView):
    query_serializer = serializers.LightsQuerySerializer

    @extend_schema(
        summary="各板块亮灯",
        description="某一天某单位（含下级）各板块的亮灯数。",
        parameters=[serializers.LightsQuerySerializer],
        responses=with_problems({200: serializers.LightsSerializer}, 404),
    )
    def get(self, request):
        """Count the lights of each section, for a unit on a day."""
        asked = self.asked()
        plan = asked.get("plan") or Plan.objects.visible_to(request.user).published().order_by("-year", "pk").first()
        if plan is None:
            raise Http404
        unit = self.unit_for(asked, plan.bureau)
        found = standing.lights_by_section(plan, request.user, unit=unit, on=asked["as_of"])
        data = {
            "plan": plan.pk,
            "org_unit": unit,
            "as_of": asked["as_of"],
            "sections": [as_listed(one) for one in found],
        }
        return Response(serializers.LightsSerializer(data).data)


def as_listed(summary: dict) -> dict:
    counts = [{"light": one, "light_name": one.label, "count": n} for one, n in summary["counts"].items()]
    return summary | {"lights": counts}


class MeView(StrictView, APIView):
    @extend_schema(summary="当前用户", responses=with_problems({200: serializers.MeSerializer}))
    def get(self, request):
        """Say who is asking, and what they may do where."""
        user = request.user
        roles = user.memberships.open_on(clock.today()).select_related("org_unit").order_by("org_unit__sort", "pk")
        data = {
            "id": user.pk,
            "username": user.username,
            "name": user.name,
            "business_date": clock.today(),
            "roles": roles,
            "rights": [right for right in Right if user.may(right)],
        }
        return Response(serializers.MeSerializer(data).data)
