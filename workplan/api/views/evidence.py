"""Evidence files: handed out through the scope only, always as attachments."""

from django.db import transaction
from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response

from accounts import audit

from ...models import Evidence
from ...services.evidence import TYPES, remove_evidence
from ..base import ScopedViewSet
from ..schema import with_problems
from ..serializers.reports import EvidenceSerializer

FILES = {(200, kind): OpenApiTypes.BINARY for kind in sorted(set(TYPES.values()))}


class EvidenceViewSet(ScopedViewSet):
    queryset = Evidence.objects.kept().select_related("report__task__section", "report__org_unit")
    serializer_class = EvidenceSerializer

    @extend_schema(
        summary="下载佐证材料",
        description="以附件形式返回文件；下载记入审计日志。",
        responses=with_problems(FILES, 404),
    )
    def retrieve(self, request, pk):
        """Hand out the file; the look at it is logged."""
        evidence = self.get_object()
        try:
            stream = evidence.file.open("rb")
        except FileNotFoundError as missing:
            raise Http404 from missing
        with transaction.atomic():
            audit.record(
                action="evidence.download",
                actor=request.user,
                row=evidence,
                after={"sha256": evidence.sha256},
            )
        answer = FileResponse(stream, as_attachment=True, filename=evidence.name, content_type=evidence.content_type)
        answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cache-Control"] = "private, no-store"
        return answer

    @extend_schema(summary="移除佐证材料", request=None, responses=with_problems({204: None}, 404, 409))
    def destroy(self, request, pk):
        """Take the file off a report that is still being written."""
        remove_evidence(evidence=self.get_object(), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
