"""Figures, lights, and who is asking."""

from rest_framework import serializers

from accounts.enums import Right, Role
from accounts.models import OrgUnit

from ... import clock
from ...models import Figure, Plan, Target
from ...rules.kinds import Light, Reason
from ...ui.params import FIRST_DAY
from ..fields import AmountField, ComputedField, ReadableField, StrictSerializer, VisibleField
from .plan import PeriodRefSerializer, SectionRefSerializer, TargetRefSerializer, UnitRefSerializer


class AsOfSerializer(StrictSerializer):
    """Query of views that look at a day."""

    org_unit = VisibleField(
        queryset=OrgUnit.objects.all(), required=False, help_text="单位编号，默认为工作要点所属的局"
    )
    as_of = serializers.DateField(required=False, help_text="截至日期，默认今天")

    def validate_as_of(self, day):
        """Refuse days that the portal knows nothing about."""
        if not FIRST_DAY <= day <= clock.today():
            raise serializers.ValidationError(f"应在 {FIRST_DAY} 与 {clock.today()} 之间。")
        return day


class FigureQuerySerializer(AsOfSerializer):
    target = ReadableField(queryset=Target.objects.all(), plan_path="plan", help_text="目标编号")


class LightsQuerySerializer(AsOfSerializer):
    plan = ReadableField(
        queryset=Plan.objects.all(),
        plan_path="pk",
        required=False,
        help_text="工作要点编号，默认为最近一年已发布的",
    )


class AmountSerializer(serializers.Serializer):
    """A rate is its two numbers; `ratio` is their percentage, null for 0/0."""

    value = AmountField(allow_null=True)
    numerator = AmountField(allow_null=True)
    denominator = AmountField(allow_null=True)
    ratio = ComputedField(source="percent", allow_null=True, help_text="百分比")


class ContributionSerializer(serializers.ModelSerializer):
    """One accepted value behind the number, with the report that it came from where the user may read it."""

    org_unit = UnitRefSerializer()
    period = PeriodRefSerializer()
    value = AmountField(allow_null=True)
    numerator = AmountField(allow_null=True)
    denominator = AmountField(allow_null=True)
    report = serializers.SerializerMethodField()

    class Meta:
        model = Figure
        fields = [
            "org_unit",
            "period",
            "value",
            "numerator",
            "denominator",
            "reported_on",
            "late",
            "accepted_on",
            "report",
        ]
        read_only_fields = fields

    def get_report(self, figure: Figure) -> int | None:
        report = figure.entry.report_id
        return report if report in self.context["reports"] else None


class MeasureSerializer(serializers.Serializer):
    """How a computed number comes about."""

    code = serializers.CharField()
    label = serializers.CharField()


class RecordsBehindSerializer(serializers.Serializer):
    """The register whose records make up one part of a computed number."""

    part = serializers.ChoiceField(["counts", "out_of"], help_text="counts：数值或分子；out_of：分母")
    app = serializers.CharField()
    name = serializers.CharField()
    title = serializers.CharField()
    count = serializers.IntegerField(allow_null=True, help_text="您可以查看的记录数；台账不对您开放的为 null")


class FigureSerializer(serializers.Serializer):
    """Where a target stands on a day, for one unit and all below it."""

    target = TargetRefSerializer()
    org_unit = UnitRefSerializer()
    as_of = serializers.DateField()
    amount = AmountSerializer()
    goal = AmountField(allow_null=True)
    light = serializers.ChoiceField(Light.choices())
    light_name = serializers.CharField()
    reason = serializers.ChoiceField(Reason.choices())
    reason_name = serializers.CharField()
    expected = ComputedField(allow_null=True, help_text="到这一天应达的数值")
    gap = ComputedField(allow_null=True, help_text="与序时进度的差距，目标值的百分点")
    progress = ComputedField(allow_null=True, help_text="完成目标值的百分比")
    units_expected = serializers.IntegerField(help_text="应报单位数")
    units_reported = serializers.IntegerField(help_text="已报单位数")
    verified = AmountField(allow_null=True, help_text="其中经抽查核实的数量（比率为分子）；手工填报的目标为 null")
    withheld = serializers.BooleanField(help_text="涉及儿童或患者的数少于5，对您不予显示：该数及由它得出的比例为 null")
    measure = MeasureSerializer(allow_null=True, help_text="由台账计算的目标的指标口径")
    records = RecordsBehindSerializer(many=True, help_text="构成数值的台账记录，可按 target 和 part 查询")
    contributions = ContributionSerializer(many=True, help_text="构成数值的填报；由台账计算的目标只有零报告等声明")


class LightCountSerializer(serializers.Serializer):
    light = serializers.ChoiceField(Light.choices())
    light_name = serializers.CharField()
    count = serializers.IntegerField()


class SectionLightsSerializer(serializers.Serializer):
    section = SectionRefSerializer()
    targets = serializers.IntegerField(help_text="计入的目标数")
    worst = serializers.ChoiceField(Light.choices())
    lights = LightCountSerializer(many=True)


class LightsSerializer(serializers.Serializer):
    """The lights of each section that the user may see for the unit."""

    plan = serializers.IntegerField()
    org_unit = UnitRefSerializer()
    as_of = serializers.DateField()
    sections = SectionLightsSerializer(many=True)


class RoleSerializer(serializers.Serializer):
    role = serializers.ChoiceField(Role.choices)
    role_name = serializers.CharField(source="get_role_display")
    org_unit = UnitRefSerializer()


class MeSerializer(serializers.Serializer):
    """The user behind the request."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField()
    business_date = serializers.DateField()
    roles = RoleSerializer(many=True)
    rights = serializers.ListField(child=serializers.ChoiceField(Right.choices))
