"""Supervision orders with their trail, and the problems kept with targets: to read."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ... import clock
from ...enums import ExtensionState, OrderAction, OrderState, StepColour
from ...models import Extension, Problem, SupervisionAct, SupervisionFile, SupervisionOrder, SupervisionStep
from ...rules.supervision import OrderLight
from .plan import TargetRefSerializer, TaskRefSerializer, UnitRefSerializer


class OrderStepSerializer(serializers.ModelSerializer):
    colour = serializers.ChoiceField(StepColour.choices)

    class Meta:
        model = SupervisionStep
        fields = ["rank", "name", "colour"]
        read_only_fields = fields


class OrderSerializer(serializers.ModelSerializer):
    """An order as lists show it. What it is about is one of task, target, report and matter."""

    number = serializers.CharField(help_text="编号，下发前为空")
    org_unit = UnitRefSerializer()
    office = UnitRefSerializer()
    task = TaskRefSerializer(allow_null=True)
    target = TargetRefSerializer(allow_null=True)
    report = serializers.IntegerField(source="report_id", allow_null=True, help_text="进展填报编号")
    step = OrderStepSerializer()
    state = serializers.ChoiceField(OrderState.choices)
    light = serializers.SerializerMethodField(help_text="今天的亮灯，下发前为 null")

    class Meta:
        model = SupervisionOrder
        fields = [
            "id",
            "number",
            "plan",
            "app",
            "org_unit",
            "office",
            "task",
            "target",
            "report",
            "matter",
            "title",
            "requirement",
            "due",
            "step",
            "state",
            "light",
            "proposed",
            "version",
            "drafted_on",
            "issued_on",
            "signed_on",
            "replied_on",
            "struck_on",
            "archived_on",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(OrderLight.choices(), allow_null=True))
    def get_light(self, order: SupervisionOrder) -> str | None:
        light = order.light(clock.today())
        return light.value if light else None


class OrderFileSerializer(serializers.ModelSerializer):
    class Meta:
        model = SupervisionFile
        fields = ["id", "name", "content_type", "size", "sha256", "uploaded_at"]
        read_only_fields = fields


class ActSerializer(serializers.ModelSerializer):
    """One act of the trail; state, deadline and step are those after it."""

    action = serializers.ChoiceField(OrderAction.choices)
    actor = serializers.CharField(allow_null=True, help_text="姓名，系统拟办为 null")
    state = serializers.ChoiceField(OrderState.choices)
    step = OrderStepSerializer()
    files = OrderFileSerializer(many=True)

    class Meta:
        model = SupervisionAct
        fields = ["action", "actor", "on", "at", "text", "state", "due", "step", "files"]
        read_only_fields = fields


class ExtensionSerializer(serializers.ModelSerializer):
    state = serializers.ChoiceField(ExtensionState.choices)

    class Meta:
        model = Extension
        fields = ["wanted", "reason", "state", "asked_on", "decided_on", "note"]
        read_only_fields = fields


class OrderDetailSerializer(OrderSerializer):
    """An order with its trail, its requests for more time, and what the user may do to it now."""

    acts = serializers.SerializerMethodField()
    extensions = ExtensionSerializer(many=True)
    available_actions = serializers.SerializerMethodField()

    class Meta(OrderSerializer.Meta):
        fields = [*OrderSerializer.Meta.fields, "acts", "extensions", "available_actions"]
        read_only_fields = fields

    @extend_schema_field(ActSerializer(many=True))
    def get_acts(self, order: SupervisionOrder) -> list[dict]:
        return ActSerializer(self.context["trail"], many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(OrderAction.choices)))
    def get_available_actions(self, order: SupervisionOrder) -> list[str]:
        return [action.value for action in self.context["actions"]]


class TargetProblemSerializer(serializers.ModelSerializer):
    target = TargetRefSerializer()
    org_unit = UnitRefSerializer()
    order = serializers.IntegerField(source="order_id", allow_null=True, help_text="督办单编号")

    class Meta:
        model = Problem
        fields = [
            "id",
            "target",
            "org_unit",
            "order",
            "problem",
            "cause",
            "action",
            "responsible",
            "due",
            "check_note",
            "created_on",
            "closed_on",
            "version",
        ]
        read_only_fields = fields
