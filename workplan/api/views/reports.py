"""Reports through their life. Every act is a service; what it refuses becomes a problem object."""

from dataclasses import asdict

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from ...models import Entry, Evidence, ProgressReport
from ...rules.entries import EntryInput
from ...services import reports as services
from ...services.checks import input_of
from ...services.evidence import add_evidence
from ...workflow import actions_by_report, with_unlock
from .. import filters
from ..base import ScopedViewSet
from ..parsers import BoundedMultiPartParser
from ..schema import with_problems
from ..serializers import reports as serializers

OK = {200: serializers.ReportSerializer}
ACT = (404, 409, 415)


class ReportViewSet(ScopedViewSet):
    queryset = ProgressReport.objects.with_context().select_related("saved_by", "correction")
    serializer_class = serializers.ReportSerializer
    filterset_class = filters.ReportFilter

    def get_queryset(self):
        entries = Entry.objects.select_related("target").order_by("target__sort", "target_id")
        evidence = Evidence.objects.kept().select_related("uploaded_by")
        rows = with_unlock(super().get_queryset())
        return rows.prefetch_related(Prefetch("entries", entries), Prefetch("evidence", evidence))

    def represent(self, reports: list[ProgressReport]) -> list[dict]:
        """Return the reports as data, with the actions of all of them looked up at once."""
        context = self.get_serializer_context() | {"actions": actions_by_report(reports, self.request.user)}
        return self.serializer_class(reports, many=True, context=context).data

    def stored(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        """Answer with the report as it stands after an act."""
        return Response(self.represent([self.get_queryset().get(pk=pk)])[0], status=code)

    def typed(self, serializer_class) -> dict:
        """Return the body's valid data. Raises ValidationError."""
        typed = serializer_class(data=self.request.data, context=self.get_serializer_context())
        typed.is_valid(raise_exception=True)
        return typed.validated_data

    @extend_schema(summary="填报列表", responses=with_problems({200: serializers.ReportSerializer(many=True)}))
    def list(self, request):
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.represent(page))

    @extend_schema(summary="填报详情", responses=with_problems(OK, 404))
    def retrieve(self, request, pk):
        return Response(self.represent([self.get_object()])[0])

    @extend_schema(
        summary="新建填报",
        description="按任务、单位和报告期新建填报（201）；已有的填报原样返回（200），重复请求不会产生第二份。",
        request=serializers.ReportStartSerializer,
        responses=with_problems(OK | {201: serializers.ReportSerializer}, 409, 415),
    )
    def create(self, request):
        """Start a report (201), or return the one that there is (200): asking twice makes no second one."""
        what = self.typed(serializers.ReportStartSerializer)
        existed = ProgressReport.objects.filter(**what).exists()
        report = services.start_report(**what, actor=request.user)
        return self.stored(report.pk, status.HTTP_200_OK if existed else status.HTTP_201_CREATED)

    @extend_schema(
        summary="保存填报",
        description="保存草稿的文字和数值；未列出的文字、目标和字段保持不变。version 须为读到的版本号，他人已保存过的返回 409。不能保存的数值返回 422，按目标编号列出。",
        request=serializers.ReportWriteSerializer,
        responses=with_problems(OK, *ACT, 422),
    )
    def partial_update(self, request, pk):
        """Save texts and values into a draft. Values that cannot be kept are a 422, by target code."""
        report = self.get_object()
        typed = self.typed(serializers.ReportWriteSerializer)
        saved = services.save_report(
            report=report, actor=request.user, version=typed["version"], typed=input_from(report, typed)
        )
        return self.stored(saved.pk)

    @extend_schema(
        summary="撤销草稿",
        description="只能撤销从未提交过的草稿。",
        request=None,
        responses=with_problems({204: None}, 404, 409),
    )
    def destroy(self, request, pk):
        """Discard a draft that was never submitted."""
        services.discard_report(report=self.get_object(), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="提交填报",
        description="提交审核。缺填或有误的数值返回 422，按目标编号列出。",
        request=serializers.SubmitSerializer,
        responses=with_problems(OK, *ACT, 422),
    )
    @action(detail=True, methods=["post"])
    def submit(self, request, pk):
        report = self.get_object()
        version = self.typed(serializers.SubmitSerializer)["version"]
        return self.stored(services.submit_report(report=report, actor=request.user, version=version).pk)

    @extend_schema(
        summary="审核通过",
        description="通过后数值即成为实绩。给出 version 时，只通过审核人看过的版本。不能审核本人的填报。",
        request=serializers.ApproveSerializer,
        responses=with_problems(OK, *ACT),
    )
    @action(detail=True, methods=["post"])
    def approve(self, request, pk):
        report = self.get_object()
        typed = self.typed(serializers.ApproveSerializer)
        return self.stored(services.approve_report(report=report, actor=request.user, **typed).pk)

    @extend_schema(
        summary="退回填报",
        description="退回须写明原因。",
        request=serializers.ReturnSerializer,
        responses=with_problems(OK, *ACT),
    )
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request, pk):
        report = self.get_object()
        typed = self.typed(serializers.ReturnSerializer)
        return self.stored(services.return_report(report=report, actor=request.user, **typed).pk)

    @extend_schema(
        summary="发起更正",
        description="对已通过的填报新建一个版次（草稿）；更正通过之前，原版次继续有效。",
        request=serializers.CorrectSerializer,
        responses=with_problems({201: serializers.ReportSerializer}, *ACT),
    )
    @action(detail=True, methods=["post"])
    def correct(self, request, pk):
        """Open a new revision of an approved report; the answer is that draft."""
        report = self.get_object()
        typed = self.typed(serializers.CorrectSerializer)
        draft = services.correct_report(report=report, actor=request.user, **typed)
        return self.stored(draft.pk, status.HTTP_201_CREATED)

    @extend_schema(
        summary="佐证材料列表",
        responses=with_problems({200: serializers.EvidenceSerializer(many=True)}, 404),
        filters=False,
    )
    @action(
        detail=True,
        methods=["get"],
        pagination_class=None,
        filterset_class=None,
        parser_classes=[BoundedMultiPartParser],
    )
    def evidence(self, request, pk):
        return Response(serializers.EvidenceSerializer(self.get_object().evidence.all(), many=True).data)

    @extend_schema(
        summary="上传佐证材料",
        description="每次一个文件；扩展名与内容须一致，同一文件不能重复上传。",
        request={"multipart/form-data": serializers.EvidenceWriteSerializer},
        responses=with_problems({201: serializers.EvidenceSerializer}, *ACT),
    )
    @evidence.mapping.post
    def upload(self, request, pk):
        """Add one file to a report that is still being written."""
        report = self.get_object()
        typed = self.typed(serializers.EvidenceWriteSerializer)
        kept = add_evidence(report=report, actor=request.user, upload=typed["file"], target=typed.get("target"))
        return Response(serializers.EvidenceSerializer(kept).data, status=status.HTTP_201_CREATED)


def input_from(report: ProgressReport, typed: dict) -> services.ReportInput:
    """Return what was sent in the shape that the service takes; fields left out keep the stored value."""
    stored = {entry.target_id: asdict(input_of(entry)) for entry in report.entries.all()}
    entries = {}
    for values in typed.get("entries", []):
        target = values["target"]
        sent = {name: value for name, value in values.items() if name != "target"}
        entries[target] = EntryInput(**(stored.get(target, {}) | sent))
    texts = {name: typed[name] for name in services.TEXTS if name in typed}
    return services.ReportInput(texts=texts, entries=entries)
