"""Spot checks: samples and what was found, to read. Drawing and deciding is done on the pages."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from ...models import SpotCheck
from ...models.records import READING_RIGHT
from ...registers.registry import find_register, opens
from .. import filters
from ..base import ScopedViewSet
from ..schema import with_problems
from ..serializers import records as serializers


class SpotCheckViewSet(ScopedViewSet):
    queryset = SpotCheck.objects.select_related("target", "drawn_by")
    serializer_class = serializers.SpotCheckSerializer
    filterset_class = filters.SpotCheckFilter

    @extend_schema(summary="抽查列表", responses=with_problems({200: serializers.SpotCheckSerializer(many=True)}))
    def list(self, request):
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(summary="抽查详情", responses=with_problems({200: serializers.SpotCheckDetailSerializer}, 404))
    def retrieve(self, request, pk):
        """Return a sample with those of its records that the user reaches."""
        check = self.get_object()
        items = check.items.visible_to(request.user).select_related("org_unit", "decided_by").order_by("pk")
        data = serializers.SpotCheckSerializer(check).data
        context = {"records": readable_records(check, request.user)}
        shown = serializers.SpotCheckItemSerializer(items, many=True, context=context).data
        return Response(data | {"items": shown})


def readable_records(check: SpotCheck, user) -> set[int]:
    """Return the ids of the sample's records that the user may open."""
    model = find_register(check.app, check.model)
    if model is None or not opens(user, model, READING_RIGHT[model.register.privacy]):
        return set()
    rows = model.objects.visible_to(user).kept().filter(pk__in=check.items.values("record"))
    return set(rows.values_list("pk", flat=True))
