"""Supervision orders and problems, to read. They are acted on through the pages."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from ...models import Problem, SupervisionOrder
from ...services.order_life import trail_of
from ...supervising import available_actions
from .. import filters
from ..base import ScopedViewSet
from ..schema import with_problems
from ..serializers import supervision as serializers


class OrderViewSet(ScopedViewSet):
    queryset = SupervisionOrder.objects.with_context().select_related("bureau")
    serializer_class = serializers.OrderSerializer
    filterset_class = filters.OrderFilter

    @extend_schema(summary="督办单列表", responses=with_problems({200: serializers.OrderSerializer(many=True)}))
    def list(self, request):
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(summary="督办单详情", responses=with_problems({200: serializers.OrderDetailSerializer}, 404))
    def retrieve(self, request, pk):
        """Return the order with its trail and what the user may do to it now."""
        order = self.get_object()
        context = {"trail": trail_of(order), "actions": available_actions(order, request.user)}
        return Response(serializers.OrderDetailSerializer(order, context=context).data)


class ProblemViewSet(ScopedViewSet):
    queryset = Problem.objects.select_related("target", "org_unit")
    serializer_class = serializers.TargetProblemSerializer
    filterset_class = filters.ProblemFilter

    @extend_schema(summary="问题清单", responses=with_problems({200: serializers.TargetProblemSerializer(many=True)}))
    def list(self, request):
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(summary="问题详情", responses=with_problems({200: serializers.TargetProblemSerializer}, 404))
    def retrieve(self, request, pk):
        return Response(self.get_serializer(self.get_object()).data)
