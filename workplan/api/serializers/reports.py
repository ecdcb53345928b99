"""Reports: as they stand, and what may be sent about them."""

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.models import OrgUnit

from ...discretion import stated_as_told
from ...enums import ReportAction, ReportStatus
from ...forms import REMARK_LIMIT, TEXT_LIMIT
from ...models import Entry, Evidence, Period, ProgressReport, Target, Task
from ...rules.amounts import Amount
from ...services.checks import amount_of
from ...ui.params import ID_LIMIT
from ..fields import AmountField, StrictSerializer, VersionField, VisibleField
from .plan import REASON_LIMIT, PeriodRefSerializer, TargetRefSerializer, TaskRefSerializer, UnitRefSerializer

ENTRY_LIMIT = 200
NUMBERS = ("value", "numerator", "denominator")


class EntrySerializer(serializers.ModelSerializer):
    target = TargetRefSerializer()
    value = AmountField(allow_null=True)
    numerator = AmountField(allow_null=True)
    denominator = AmountField(allow_null=True)
    withheld = serializers.SerializerMethodField(help_text="涉及儿童或患者的数少于5，对您不予显示：该数为 null")

    class Meta:
        model = Entry
        fields = ["target", "value", "numerator", "denominator", "done_on", "zero_report", "remark", "withheld"]
        read_only_fields = fields

    def get_withheld(self, entry: Entry) -> bool:
        return self._told(entry)[1]

    def to_representation(self, entry: Entry) -> dict:
        amount, withheld = self._told(entry)
        shown = super().to_representation(entry)
        kept_back = [name for name in NUMBERS if withheld and getattr(amount, name) is None]
        return shown | dict.fromkeys(kept_back)

    def _told(self, entry: Entry) -> tuple[Amount, bool]:
        return stated_as_told(self.context["request"].user, amount_of(entry), entry.target, entry.report.org_unit)


class EvidenceSerializer(serializers.ModelSerializer):
    target = serializers.IntegerField(source="target_id", allow_null=True)
    uploaded_by = serializers.CharField(help_text="姓名")

    class Meta:
        model = Evidence
        fields = ["id", "target", "name", "content_type", "size", "sha256", "uploaded_by", "uploaded_at"]
        read_only_fields = fields


class ReportSerializer(serializers.ModelSerializer):
    """A report with its values, files, and what the user may do to it now (context: `actions` by report id)."""

    task = TaskRefSerializer()
    org_unit = UnitRefSerializer()
    period = PeriodRefSerializer()
    corrects = serializers.IntegerField(source="corrects_id", allow_null=True, help_text="被更正的填报")
    status = serializers.ChoiceField(ReportStatus.choices)
    drafted_by = serializers.CharField(help_text="姓名")
    saved_by = serializers.CharField(help_text="姓名")
    submitted_by = serializers.CharField(allow_null=True, help_text="姓名")
    approved_by = serializers.CharField(allow_null=True, help_text="姓名")
    entries = EntrySerializer(many=True)
    evidence = EvidenceSerializer(many=True)
    available_actions = serializers.SerializerMethodField()

    class Meta:
        model = ProgressReport
        fields = [
            "id",
            "task",
            "org_unit",
            "period",
            "revision",
            "corrects",
            "correction_reason",
            "status",
            "version",
            "narrative",
            "problems",
            "next_steps",
            "drafted_by",
            "saved_by",
            "saved_at",
            "submitted_by",
            "submitted_at",
            "submitted_on",
            "late",
            "approved_by",
            "approved_at",
            "approved_on",
            "return_reason",
            "entries",
            "evidence",
            "available_actions",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(ReportAction.choices)))
    def get_available_actions(self, report: ProgressReport) -> list[str]:
        return [action.value for action in self.context["actions"][report.pk]]


@extend_schema_serializer(
    examples=[OpenApiExample("新建填报", value={"task": 49, "org_unit": 12, "period": 9}, request_only=True)]
)
class ReportStartSerializer(StrictSerializer):
    """Which report to start: task, unit and period."""

    task = VisibleField(queryset=Task.objects.all(), help_text="工作任务编号")
    org_unit = VisibleField(queryset=OrgUnit.objects.all(), help_text="单位编号")
    period = VisibleField(queryset=Period.objects.all(), help_text="报告期编号")


class EntryWriteSerializer(StrictSerializer):
    """The values of one target. Fields that are left out stay as they are; null takes a value away."""

    # Not a VisibleField, which asks the database for each: the service refuses what is not in the report.
    target = serializers.IntegerField(min_value=1, max_value=ID_LIMIT, help_text="目标编号")
    value = AmountField(required=False, allow_null=True)
    numerator = AmountField(required=False, allow_null=True)
    denominator = AmountField(required=False, allow_null=True)
    done_on = serializers.DateField(required=False, allow_null=True)
    zero_report = serializers.BooleanField(required=False)
    remark = serializers.CharField(required=False, allow_blank=True, max_length=REMARK_LIMIT)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "保存填报",
            value={
                "version": 3,
                "narrative": "本月完成适老化改造 12 户。",
                "entries": [
                    {"target": 101, "value": "12", "remark": "按月汇总。"},
                    {"target": 102, "numerator": "9", "denominator": "10"},
                    {"target": 103, "value": "0", "zero_report": True},
                ],
            },
            request_only=True,
        )
    ]
)
class ReportWriteSerializer(StrictSerializer):
    """What is saved into a draft. Texts and targets that are left out stay as they are."""

    version = VersionField()
    narrative = serializers.CharField(required=False, allow_blank=True, max_length=TEXT_LIMIT)
    problems = serializers.CharField(required=False, allow_blank=True, max_length=TEXT_LIMIT)
    next_steps = serializers.CharField(required=False, allow_blank=True, max_length=TEXT_LIMIT)
    entries = EntryWriteSerializer(many=True, required=False, max_length=ENTRY_LIMIT)

    def validate_entries(self, entries: list[dict]) -> list[dict]:
        """Refuse a target that is named twice: which of the two would count?"""
        named = [entry["target"] for entry in entries]
        if len(named) != len(set(named)):
            raise serializers.ValidationError("同一目标只能出现一次。")
        return entries


class SubmitSerializer(StrictSerializer):
    version = VersionField()


class ApproveSerializer(StrictSerializer):
    """The version that the reviewer has read; where it is given, a newer one is not approved unseen."""

    version = VersionField(required=False)


@extend_schema_serializer(
    examples=[OpenApiExample("退回", value={"reason": "请补充 9 月新增户的台账。", "version": 4}, request_only=True)]
)
class ReturnSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=REASON_LIMIT)
    version = VersionField(required=False)


class CorrectSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=REASON_LIMIT)


class EvidenceWriteSerializer(StrictSerializer):
    """A file that backs the report, or one of its targets."""

    file = serializers.FileField(allow_empty_file=True, max_length=1000)
    target = VisibleField(queryset=Target.objects.all(), required=False, allow_null=True)
