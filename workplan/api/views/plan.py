"""Plan, sections, tasks, targets, allocations, periods and units: read; allocations can be changed."""

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.response import Response

from accounts.enums import Right
from accounts.models import OrgUnit
from accounts.scope import get_visible

from ...models import Allocation, Assignment, Period, Plan, Section, Target, Task
from ...observe import of_readable_plans
from ...services.plan import allocate
from .. import filters
from ..base import ScopedViewSet
from ..schema import with_problems
from ..serializers import plan as serializers


def read_only_schema(serializer, name: str):
    """Declare list and retrieve of a kind of row, by its Chinese name."""
    return extend_schema_view(
        list=extend_schema(summary=f"{name}列表", responses=with_problems({200: serializer(many=True)})),
        retrieve=extend_schema(summary=f"{name}详情", responses=with_problems({200: serializer}, 404)),
    )


class ReadViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """List and retrieve. plan_path: from a row to its plan, "" for rows of no plan; drafts are read as on the pages."""

    plan_path = "plan"

    def get_queryset(self):
        rows = super().get_queryset()
        return of_readable_plans(rows, self.request.user, self.plan_path) if self.plan_path else rows


@read_only_schema(serializers.PlanSerializer, "年度工作要点")
class PlanViewSet(ReadViewSet):
    plan_path = "pk"
    queryset = Plan.objects.select_related("bureau")
    serializer_class = serializers.PlanSerializer
    filterset_class = filters.PlanFilter


@read_only_schema(serializers.SectionSerializer, "板块")
class SectionViewSet(ReadViewSet):
    queryset = Section.objects.all()
    serializer_class = serializers.SectionSerializer
    filterset_class = filters.SectionFilter


@read_only_schema(serializers.TaskSerializer, "工作任务")
class TaskViewSet(ReadViewSet):
    queryset = Task.objects.select_related("section")
    serializer_class = serializers.TaskSerializer
    filterset_class = filters.TaskFilter

    def get_queryset(self):
        mine = Assignment.objects.visible_to(self.request.user).select_related("org_unit")
        return super().get_queryset().prefetch_related(Prefetch("assignments", mine))


@read_only_schema(serializers.TargetSerializer, "目标")
class TargetViewSet(ReadViewSet):
    queryset = Target.objects.select_related("task").prefetch_related("steps")
    serializer_class = serializers.TargetSerializer
    filterset_class = filters.TargetFilter

    def get_queryset(self):
        also = Task.objects.visible_to(self.request.user)
        return super().get_queryset().prefetch_related(Prefetch("also_in", also))


@read_only_schema(serializers.PeriodSerializer, "报告期")
class PeriodViewSet(ReadViewSet):
    queryset = Period.objects.all()
    serializer_class = serializers.PeriodSerializer
    filterset_class = filters.PeriodFilter


@read_only_schema(serializers.OrgUnitSerializer, "单位")
class OrgUnitViewSet(ReadViewSet):
    plan_path = ""
    queryset = OrgUnit.objects.all()
    serializer_class = serializers.OrgUnitSerializer
    filterset_class = filters.OrgUnitFilter


@read_only_schema(serializers.AllocationSerializer, "指标分解")
class AllocationViewSet(ReadViewSet):
    plan_path = "target__plan"
    queryset = Allocation.objects.select_related("target", "org_unit")
    serializer_class = serializers.AllocationSerializer
    filterset_class = filters.AllocationFilter

    @extend_schema(
        summary="调整指标分解",
        description="需要维护计划的权限；数量类目标分解合计不得少于目标值；已发布的工作要点须填写原因。",
        request=serializers.AllocationWriteSerializer,
        responses=with_problems({200: serializers.AllocationSerializer}, 404, 409, 415),
    )
    def partial_update(self, request, pk):
        """Set the unit's share. Needs the right to edit the plan."""
        rows = Allocation.objects.select_related("target", "org_unit")
        share = get_visible(rows, request.user, Right.PLAN_EDIT, pk=pk)
        typed = serializers.AllocationWriteSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        amounts = {share.org_unit: typed.validated_data["amount"]}
        reason = typed.validated_data["reason"]
        allocate(target=share.target, amounts=amounts, actor=request.user, reason=reason)
        return Response(self.get_serializer(self.get_object()).data)
