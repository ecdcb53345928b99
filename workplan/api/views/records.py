"""Registers and their records: the scope and the services of the pages, one set of views for all registers."""

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError as InvalidQuery
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.enums import Right
from accounts.scope import get_visible

from ... import clock
from ...enums import RecordSource
from ...measures import rows_behind
from ...models import Record
from ...registers.registry import readable, register_or_404, writable_units
from ...registers.rows import with_columns
from ...sections import section_name
from ...services import records as services
from ..base import StrictView
from ..columns import described, read_values
from ..pagination import Pagination
from ..schema import with_problems
from ..serializers import records as serializers

OK = {200: serializers.RecordSerializer}


class RegistersView(StrictView, APIView):
    @extend_schema(
        summary="台账列表",
        description="当前用户可以查看的台账，以及各列的名称、类型和取值。",
        responses=with_problems({200: serializers.RegisterSerializer(many=True)}),
    )
    def get(self, request):
        """List the registers that the user may read, with what each of their columns takes."""
        found = [_register(model, request.user) for model in readable(request.user)]
        return Response(serializers.RegisterSerializer(found, many=True).data)


def _register(model: type[Record], user) -> dict:
    return {
        "app": model._meta.app_label,
        "name": model._meta.model_name,
        "title": str(model._meta.verbose_name),
        "section": section_name(model._meta.app_label),
        "privacy": model.register.privacy,
        "hint": model.register.hint,
        "writable": writable_units(user, model, Right.RECORD_WRITE).exists(),
        "columns": described(model, user),
    }


class OneRegisterView(StrictView, APIView):
    """What views of one register share."""

    def register(self, right: str = Right.VIEW) -> type[Record]:
        return register_or_404(self.request.user, self.kwargs["app"], self.kwargs["name"], right)

    def typed(self, serializer_class) -> dict:
        """Return the body's valid data. Raises ValidationError."""
        typed = serializer_class(data=self.request.data, context={"request": self.request})
        typed.is_valid(raise_exception=True)
        return typed.validated_data

    def stored(self, record: Record, code: int = status.HTTP_200_OK) -> Response:
        """Answer with the record as it stands."""
        fresh = with_columns(type(record).objects.filter(pk=record.pk)).get()
        return Response(serializers.RecordSerializer(fresh).data, status=code)


class RecordsView(OneRegisterView):
    pagination_class = Pagination

    def known_parameters(self) -> set[str]:
        if self.request.method != "GET":
            return set()
        return {*serializers.RecordQuerySerializer().fields, "page", "page_size"}

    @extend_schema(
        operation_id="v1_records_list",
        summary="台账记录列表",
        description="给出 target 时，只列在 as_of 当天构成该目标数值的记录；与页面范围相同，服务对象的号码只显示掩码。",
        parameters=[serializers.RecordQuerySerializer],
        responses=with_problems({200: serializers.RecordSerializer(many=True)}, 404),
    )
    def get(self, request, app, name):
        """List the records of a register, newest first."""
        model = self.register()
        query = serializers.RecordQuerySerializer(data=_sent(request), context={"request": request})
        query.is_valid(raise_exception=True)
        pages = Pagination()
        rows = with_columns(_asked(model, request.user, query.validated_data)).order_by("-happened_on", "-pk")
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(serializers.RecordSerializer(page, many=True).data)

    @extend_schema(
        operation_id="v1_records_create",
        summary="登记台账记录",
        description="新登记的返回 201；内容完全相同的记录已经存在时原样返回（200），重复请求不会产生第二条。有误的值按列名列出（400）。",
        request=serializers.RecordWriteSerializer,
        responses=with_problems(OK | {201: serializers.RecordSerializer}, 404, 409, 415),
    )
    def post(self, request, app, name):
        """Add a record (201), or return the one that says the same already (200)."""
        model = self.register(Right.RECORD_WRITE)
        values = self.typed(serializers.RecordWriteSerializer)["values"]
        typed = read_values(model, request.user, values, changing=False)
        try:
            record = services.create_record(model=model, actor=request.user, typed=typed, source=RecordSource.API)
        except ValidationError:
            record = services.same_record(model=model, actor=request.user, typed=typed) if model.register.key else None
            if record is None:
                raise
            return self.stored(record)
        return self.stored(record, status.HTTP_201_CREATED)


def _sent(request) -> dict:
    """Return the filters of the query string; empty ones count as absent."""
    paging = (Pagination.page_query_param, Pagination.page_size_query_param)
    return {key: value for key, value in request.query_params.items() if value and key not in paging}


def _asked(model: type[Record], user, asked: dict):
    """Return the visible rows that pass the filter. Raises ValidationError for a target of other records."""
    rows = model.objects.visible_to(user).kept()
    names = {"state": "state", "since": "happened_on__gte", "until": "happened_on__lte"}
    rows = rows.filter(**{lookup: asked[name] for name, lookup in names.items() if name in asked})
    if "org_unit" in asked:
        rows = rows.filter(org_unit__path__startswith=asked["org_unit"].path)
    if "target" not in asked:
        return rows
    behind = rows_behind(asked["target"], asked.get("part", "counts"), model)
    if behind is None:
        raise InvalidQuery({"target": ["这个目标不由该台账计算。"]})
    return rows.filter(pk__in=behind.in_force(asked.get("as_of", clock.today())).order_by().values("pk"))


class RecordView(OneRegisterView):
    def row(self, right: str = Right.VIEW) -> Record:
        """Return the record; 404 outside the scope or once removed, 403 inside without the right."""
        return get_visible(self.register().objects.kept(), self.request.user, right, pk=self.kwargs["pk"])

    @extend_schema(operation_id="v1_records_retrieve", summary="台账记录详情", responses=with_problems(OK, 404))
    def get(self, request, app, name, pk):
        return self.stored(self.row())

    @extend_schema(
        operation_id="v1_records_partial_update",
        summary="修改台账记录",
        description="未列出的列保持不变；version 须为读到的版本号，他人已修改过的返回 409。服务对象登记后不能更换。",
        request=serializers.RecordChangeSerializer,
        responses=with_problems(OK, 404, 409, 415),
    )
    def patch(self, request, app, name, pk):
        """Change columns of a record; the second of two editors is told."""
        record = self.row(Right.RECORD_WRITE)
        sent = self.typed(serializers.RecordChangeSerializer)
        typed = read_values(type(record), request.user, sent["values"], changing=True)
        changed = services.change_record(record=record, actor=request.user, version=sent["version"], typed=typed)
        return self.stored(changed)

    @extend_schema(
        operation_id="v1_records_destroy",
        summary="删除台账记录",
        description="请求体须写明原因（reason）；记录仍保留在变更历史中。",
        request=serializers.RemovalSerializer,
        responses=with_problems({204: None}, 404, 409, 415),
    )
    def delete(self, request, app, name, pk):
        """Take a record out of its register, with a reason."""
        record = self.row(Right.RECORD_WRITE)
        reason = self.typed(serializers.RemovalSerializer)["reason"]
        services.remove_record(record=record, actor=request.user, reason=reason)
        return Response(status=status.HTTP_204_NO_CONTENT)
