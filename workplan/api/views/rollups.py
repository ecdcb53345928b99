"""Roll-up reports, to read. They are made, worded and published on the pages."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from ...models import RollupReport
from .. import filters
from ..base import ScopedViewSet
from ..schema import with_problems
from ..serializers import rollups as serializers


class RollupViewSet(ScopedViewSet):
    queryset = RollupReport.objects.all()
    serializer_class = serializers.RollupSerializer
    filterset_class = filters.RollupFilter

    @extend_schema(summary="汇总报告列表", responses=with_problems({200: serializers.RollupSerializer(many=True)}))
    def list(self, request):
        rows = self.filter_queryset(self.get_queryset().defer("snapshot", "texts"))
        return self.get_paginated_response(self.get_serializer(self.paginate_queryset(rows), many=True).data)

    @extend_schema(summary="汇总报告详情", responses=with_problems({200: serializers.RollupDetailSerializer}, 404))
    def retrieve(self, request, pk):
        """Return a report with its snapshot and words."""
        return Response(serializers.RollupDetailSerializer(self.get_object()).data)
