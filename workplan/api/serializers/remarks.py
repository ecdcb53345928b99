"""Leaders' remarks with the answer of the office: to read."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ... import clock
from ...enums import RemarkState
from ...models import Remark
from .plan import TargetRefSerializer, TaskRefSerializer, UnitRefSerializer


class RemarkSerializer(serializers.ModelSerializer):
    """A remark. What it is about is one of task, target and report."""

    org_unit = UnitRefSerializer(help_text="回应科室")
    task = TaskRefSerializer(allow_null=True)
    target = TargetRefSerializer(allow_null=True)
    report = serializers.IntegerField(source="report_id", allow_null=True, help_text="进展填报编号")
    state = serializers.SerializerMethodField(help_text="今天的状态")
    written_by = serializers.CharField(help_text="批示人姓名")
    answered_by = serializers.CharField(allow_null=True, help_text="回应人姓名，未回应为 null")
    order = serializers.SerializerMethodField(help_text="转成的督办单编号，下发前为 null")

    class Meta:
        model = Remark
        fields = [
            "id",
            "plan",
            "app",
            "org_unit",
            "task",
            "target",
            "report",
            "text",
            "answer_due",
            "state",
            "written_by",
            "written_on",
            "answer",
            "answered_by",
            "answered_on",
            "order",
            "version",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(RemarkState.choices))
    def get_state(self, remark: Remark) -> str:
        return remark.state(clock.today()).value

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_order(self, remark: Remark) -> int | None:
        """Return the order once it is issued: the draft of one is not for everybody who sees the remark."""
        return remark.order_id if remark.order and remark.order.issued_on else None
