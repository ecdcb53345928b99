"""The plan, its parts, and the units."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.enums import UnitKind
from accounts.models import OrgUnit

from ...enums import AssignmentRole, PeriodKind, PlanStatus
from ...models import Allocation, Assignment, PaceStep, Period, Plan, Section, Target, Task
from ...rules.kinds import Comparator, PaceCurve, Recurrence, Strength, TargetKind
from ...sections import section_name
from ..fields import AmountField, ComputedField, StrictSerializer

REASON_LIMIT = 500


class UnitRefSerializer(serializers.ModelSerializer):
    """A unit, as other objects name it."""

    class Meta:
        model = OrgUnit
        fields = ["id", "code", "name"]
        read_only_fields = fields


class OrgUnitSerializer(serializers.ModelSerializer):
    kind = serializers.ChoiceField(UnitKind.choices)
    parent = serializers.IntegerField(source="parent_id", allow_null=True)

    class Meta:
        model = OrgUnit
        fields = [
            "id",
            "code",
            "name",
            "short_name",
            "kind",
            "parent",
            "valid_from",
            "valid_to",
            "proposed",
            "sort",
        ]
        read_only_fields = fields


class PlanSerializer(serializers.ModelSerializer):
    bureau = UnitRefSerializer()
    status = serializers.ChoiceField(PlanStatus.choices)
    yellow_gap = ComputedField(help_text="滞后阈值，百分点")
    red_gap = ComputedField(help_text="红灯阈值，百分点")

    class Meta:
        model = Plan
        fields = [
            "id",
            "bureau",
            "year",
            "title",
            "document_number",
            "issued_on",
            "status",
            "yellow_gap",
            "red_gap",
        ]
        read_only_fields = fields


class SectionSerializer(serializers.ModelSerializer):
    app_name = serializers.SerializerMethodField()

    class Meta:
        model = Section
        fields = ["id", "plan", "number", "title", "campaign", "app", "app_name"]
        read_only_fields = fields

    def get_app_name(self, section: Section) -> str:
        return section_name(section.app)


class SectionRefSerializer(serializers.ModelSerializer):
    """A section, as other objects name it."""

    class Meta:
        model = Section
        fields = ["id", "number", "title", "app"]
        read_only_fields = fields


class AssignmentSerializer(serializers.ModelSerializer):
    org_unit = UnitRefSerializer()
    role = serializers.ChoiceField(AssignmentRole.choices)

    class Meta:
        model = Assignment
        fields = ["org_unit", "role", "proposed"]
        read_only_fields = fields


class TaskSerializer(serializers.ModelSerializer):
    section = SectionRefSerializer()
    assignments = AssignmentSerializer(many=True)

    class Meta:
        model = Task
        fields = ["id", "plan", "section", "number", "title", "summary", "due", "due_proposed", "assignments"]
        read_only_fields = fields


class TaskRefSerializer(serializers.ModelSerializer):
    """A task, as other objects name it."""

    class Meta:
        model = Task
        fields = ["id", "number", "title"]
        read_only_fields = fields


class StepSerializer(serializers.ModelSerializer):
    share = ComputedField(help_text="到该日应达的比例，0 至 1")

    class Meta:
        model = PaceStep
        fields = ["on", "share", "label"]
        read_only_fields = fields


class TargetSerializer(serializers.ModelSerializer):
    task = TaskRefSerializer()
    also_in = TaskRefSerializer(many=True)
    kind = serializers.ChoiceField(TargetKind.choices())
    strength = serializers.ChoiceField(Strength.choices())
    comparator = serializers.ChoiceField(Comparator.choices())
    goal = AmountField(allow_null=True)
    curve = serializers.ChoiceField(PaceCurve.choices())
    recurrence = serializers.ChoiceField(Recurrence.choices())
    is_ratio = serializers.BooleanField(help_text="按分子、分母填报")
    steps = StepSerializer(many=True)

    class Meta:
        model = Target
        fields = [
            "id",
            "plan",
            "task",
            "also_in",
            "code",
            "measure",
            "kind",
            "strength",
            "implied",
            "comparator",
            "goal",
            "unit",
            "is_ratio",
            "numerator_label",
            "denominator_label",
            "start",
            "due",
            "due_proposed",
            "curve",
            "recurrence",
            "cooperation",
            "needs_evidence",
            "note",
            "steps",
        ]
        read_only_fields = fields


class TargetRefSerializer(serializers.ModelSerializer):
    """A target, as other objects name it."""

    class Meta:
        model = Target
        fields = ["id", "code", "measure", "unit"]
        read_only_fields = fields


class AllocationSerializer(serializers.ModelSerializer):
    target = TargetRefSerializer()
    org_unit = UnitRefSerializer()
    amount = AmountField(allow_null=True)

    class Meta:
        model = Allocation
        fields = ["id", "target", "org_unit", "amount", "proposed"]
        read_only_fields = fields


@extend_schema_serializer(
    examples=[OpenApiExample("调整分解值", value={"amount": "60", "reason": "新增改造任务"}, request_only=True)]
)
class AllocationWriteSerializer(StrictSerializer):
    """A new share. Absent amounts are refused: an empty one takes the share's number away."""

    amount = AmountField(min_value=0, allow_null=True)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=REASON_LIMIT, default="")


class PeriodSerializer(serializers.ModelSerializer):
    name = serializers.CharField()
    kind = serializers.ChoiceField(PeriodKind.choices)

    class Meta:
        model = Period
        fields = ["id", "plan", "kind", "number", "name", "start", "end", "due", "closes"]
        read_only_fields = fields


class PeriodRefSerializer(serializers.ModelSerializer):
    """A period, as other objects name it."""

    name = serializers.CharField()

    class Meta:
        model = Period
        fields = ["id", "name", "start", "end"]
        read_only_fields = fields
