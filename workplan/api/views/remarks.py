"""Leaders' remarks, to read. They are written and answered through the pages."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from ...models import Remark
from .. import filters
from ..base import ScopedViewSet
from ..schema import with_problems
from ..serializers.remarks import RemarkSerializer


class RemarkViewSet(ScopedViewSet):
    queryset = Remark.objects.with_context()
    serializer_class = RemarkSerializer
    filterset_class = filters.RemarkFilter

    @extend_schema(summary="领导批示列表", responses=with_problems({200: RemarkSerializer(many=True)}))
    def list(self, request):
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(summary="领导批示详情", responses=with_problems({200: RemarkSerializer}, 404))
    def retrieve(self, request, pk):
        return Response(self.get_serializer(self.get_object()).data)
