"""Registers and their records: generic over all of them, with values by column name."""

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from ...enums import Privacy, RecordSource, RecordState
from ...models import Finding, Record, SpotCheck, SpotCheckItem, Target
from ...registers.columns import columns_of
from ..columns import KIND_NAMES, value_of
from ..fields import ReadableField, StrictSerializer, VersionField
from .figures import AsOfSerializer
from .plan import TargetRefSerializer, UnitRefSerializer

REASON_LIMIT = 300
PARTS = (("counts", "构成数值（比率为分子）的记录"), ("out_of", "构成分母的记录"))
KEPT = [(state.value, state.label) for state in (RecordState.VALID, RecordState.REJECTED)]


class ColumnChoiceSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()


class ColumnSerializer(serializers.Serializer):
    """One column of a register."""

    name = serializers.CharField(help_text="values 中的名称")
    label = serializers.CharField()
    kind = serializers.ChoiceField([(kind, name) for kind, name in KIND_NAMES.items()])
    required = serializers.BooleanField()
    fixed = serializers.BooleanField(help_text="只在登记时填写，之后不能修改（如服务对象）")
    choices = ColumnChoiceSerializer(many=True)
    help = serializers.CharField()


class RegisterSerializer(serializers.Serializer):
    """A register that the user may read."""

    app = serializers.CharField()
    name = serializers.CharField()
    title = serializers.CharField()
    section = serializers.CharField(help_text="业务板块名称")
    privacy = serializers.ChoiceField(Privacy.choices)
    hint = serializers.CharField()
    writable = serializers.BooleanField(help_text="当前用户可以登记")
    columns = ColumnSerializer(many=True)


class RecordQuerySerializer(AsOfSerializer):
    """What the records of a register can be narrowed by."""

    state = serializers.ChoiceField(KEPT, required=False)
    since = serializers.DateField(required=False, help_text="起始日期")
    until = serializers.DateField(required=False, help_text="截止日期")
    target = ReadableField(
        queryset=Target.objects.select_related("plan__bureau", "task__section"),
        plan_path="plan",
        required=False,
        help_text="目标编号：只列构成该目标数值的记录",
    )
    part = serializers.ChoiceField(PARTS, required=False, help_text="与 target 一起使用，默认 counts")

    def get_fields(self):
        fields = super().get_fields()
        fields["org_unit"].help_text = "单位编号，含下级单位"
        fields["as_of"].help_text = "与 target 一起使用：截至日期，默认今天"
        return fields

    def validate(self, asked):
        """Refuse what would be ignored."""
        alone = [name for name in ("part", "as_of") if name in asked and "target" not in asked]
        if alone:
            raise serializers.ValidationError(dict.fromkeys(alone, "只能与 target 一起使用。"))
        return asked


class RecordSerializer(serializers.Serializer):
    """A record of any register."""

    id = serializers.IntegerField()
    app = serializers.CharField(source="_meta.app_label")
    name = serializers.CharField(source="_meta.model_name")
    org_unit = UnitRefSerializer()
    label = serializers.CharField(source="__str__")
    state = serializers.ChoiceField(RecordState.choices)
    source = serializers.ChoiceField(RecordSource.choices)
    version = serializers.IntegerField()
    created_by = serializers.CharField(help_text="姓名")
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    verified_by = serializers.CharField(allow_null=True, help_text="姓名")
    verified_on = serializers.DateField(allow_null=True)
    values = serializers.SerializerMethodField()
    texts = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DictField(help_text="按列名的值；证件号码和电话只显示掩码"))
    def get_values(self, record: Record) -> dict:
        return {column.name: value_of(column, record) for column in columns_of(type(record))}

    @extend_schema_field(serializers.DictField(child=serializers.CharField(), help_text="按列名的显示文字"))
    def get_texts(self, record: Record) -> dict:
        return {column.name: column.show(record) for column in columns_of(type(record))}


VALUES = "按列名给出的值，列名和取值见台账列表；null 表示不填"


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "登记老年食堂",
            value={"values": {"org_unit": 12, "name": "演示食堂", "happened_on": "2024-03-15", "newly_built": True}},
            request_only=True,
        )
    ]
)
class RecordWriteSerializer(StrictSerializer):
    """What is typed into a new record."""

    values = serializers.DictField(child=serializers.JSONField(allow_null=True), help_text=VALUES)


@extend_schema_serializer(
    examples=[OpenApiExample("修改", value={"version": 1, "values": {"note": "已核对。"}}, request_only=True)]
)
class RecordChangeSerializer(StrictSerializer):
    """What is changed in a record. Columns that are left out stay as they are."""

    version = VersionField()
    values = serializers.DictField(child=serializers.JSONField(allow_null=True), help_text=VALUES)


class RemovalSerializer(StrictSerializer):
    """Why a record is removed."""

    reason = serializers.CharField(max_length=REASON_LIMIT)


class SpotCheckSerializer(serializers.ModelSerializer):
    """A random sample of the records behind a target."""

    target = TargetRefSerializer()
    name = serializers.CharField(source="model", help_text="台账名称代码")
    drawn_by = serializers.CharField(help_text="姓名")

    class Meta:
        model = SpotCheck
        fields = ["id", "target", "app", "name", "seed", "size", "population", "drawn_on", "drawn_by"]
        read_only_fields = fields


class SpotCheckItemSerializer(serializers.ModelSerializer):
    """One record of a sample, and what was found (context: `records`, the ids that the user may open)."""

    org_unit = UnitRefSerializer()
    record = serializers.SerializerMethodField(help_text="记录编号；您无权查看或已删除的为 null")
    finding = serializers.ChoiceField(Finding.choices)
    decided_by = serializers.CharField(allow_null=True, help_text="姓名")

    class Meta:
        model = SpotCheckItem
        fields = ["id", "org_unit", "record", "finding", "note", "decided_by", "decided_on", "mended_on"]
        read_only_fields = fields

    def get_record(self, item: SpotCheckItem) -> int | None:
        return item.record if item.record in self.context["records"] else None


class SpotCheckDetailSerializer(SpotCheckSerializer):
    """A sample with its records."""

    items = SpotCheckItemSerializer(many=True)

    class Meta(SpotCheckSerializer.Meta):
        fields = [*SpotCheckSerializer.Meta.fields, "items"]
        read_only_fields = fields
