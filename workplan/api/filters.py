"""Filters of lists: what is not named here cannot be filtered or sorted by."""

from django import forms
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from accounts.enums import UnitKind
from accounts.models import OrgUnit

from .. import clock
from ..enums import (
    OrderState,
    PeriodKind,
    PlanStatus,
    RemarkState,
    ReportStatus,
    RollupKind,
    RollupLevel,
    RollupState,
)
from ..models import (
    Allocation,
    Period,
    Plan,
    Problem,
    ProgressReport,
    Remark,
    RollupReport,
    Section,
    SpotCheck,
    SupervisionOrder,
    Target,
    Task,
)
from ..rules.kinds import Strength, TargetKind
from ..rules.supervision import OrderLight
from ..ui.params import ID_LIMIT


class WholeFilter(filters.NumberFilter):
    """A whole number."""

    field_class = forms.IntegerField


class IdFilter(WholeFilter):
    """Rows that point at an id. An id out of sight simply matches nothing."""

    def __init__(self, **kwargs):
        super().__init__(min_value=1, max_value=ID_LIMIT, **kwargs)


@extend_schema_field(OpenApiTypes.BOOL)
class YesNoFilter(filters.TypedChoiceFilter):
    """true or false; anything else is refused rather than ignored."""

    def __init__(self, **kwargs):
        super().__init__(choices=[("true", "是"), ("false", "否")], coerce="true".__eq__, **kwargs)


class StableFilterSet(filters.FilterSet):
    """Ends every order with the primary key, so that pages never repeat or skip a row."""

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        order = rows.query.order_by or rows.model._meta.ordering
        return rows.order_by(*order, "pk")


class PlanFilter(StableFilterSet):
    year = WholeFilter(min_value=2000, max_value=2100, label="年度")
    bureau = IdFilter(label="局")
    status = filters.ChoiceFilter(choices=PlanStatus.choices, label="状态")
    ordering = filters.OrderingFilter(fields=["year"])

    class Meta:
        model = Plan
        fields = ["year", "bureau", "status"]


class SectionFilter(StableFilterSet):
    plan = IdFilter(label="工作要点")
    app = filters.CharFilter(max_length=40, label="业务板块")
    ordering = filters.OrderingFilter(fields=["number"])

    class Meta:
        model = Section
        fields = ["plan", "app"]


class TaskFilter(StableFilterSet):
    plan = IdFilter(label="工作要点")
    section = IdFilter(label="板块")
    app = filters.CharFilter(field_name="section__app", max_length=40, label="业务板块")
    ordering = filters.OrderingFilter(fields=["number", "due"])

    class Meta:
        model = Task
        fields = ["plan", "section", "app"]


class TargetFilter(StableFilterSet):
    plan = IdFilter(label="工作要点")
    task = IdFilter(label="工作任务")
    section = IdFilter(field_name="task__section", label="板块")
    app = filters.CharFilter(field_name="task__section__app", max_length=40, label="业务板块")
    code = filters.CharFilter(max_length=20, label="编号")
    kind = filters.ChoiceFilter(choices=TargetKind.choices(), label="类型")
    strength = filters.ChoiceFilter(choices=Strength.choices(), label="约束力")
    ordering = filters.OrderingFilter(fields=["sort", "due"])

    class Meta:
        model = Target
        fields = ["plan", "task", "section", "app", "code", "kind", "strength"]


class AllocationFilter(StableFilterSet):
    plan = IdFilter(field_name="target__plan", label="工作要点")
    target = IdFilter(label="目标")
    org_unit = IdFilter(label="单位")
    ordering = filters.OrderingFilter(fields=["amount"])

    class Meta:
        model = Allocation
        fields = ["plan", "target", "org_unit"]


class OrgUnitFilter(StableFilterSet):
    kind = filters.ChoiceFilter(choices=UnitKind.choices, label="类型")
    parent = IdFilter(label="上级单位")
    code = filters.CharFilter(max_length=40, label="代码")
    valid_on = filters.DateFilter(method="valid", label="当日在用")
    ordering = filters.OrderingFilter(fields=["sort", "code", "name"])

    class Meta:
        model = OrgUnit
        fields = ["kind", "parent", "code", "valid_on"]

    def valid(self, rows, name, day):
        return rows.valid_on(day)


class PeriodFilter(StableFilterSet):
    plan = IdFilter(label="工作要点")
    kind = filters.ChoiceFilter(choices=PeriodKind.choices, label="周期")
    ordering = filters.OrderingFilter(fields=["start", "due"])

    class Meta:
        model = Period
        fields = ["plan", "kind"]


class ReportFilter(StableFilterSet):
    plan = IdFilter(field_name="task__plan", label="工作要点")
    task = IdFilter(label="工作任务")
    app = filters.CharFilter(field_name="task__section__app", max_length=40, label="业务板块")
    org_unit = IdFilter(label="单位")
    period = IdFilter(label="报告期")
    status = filters.ChoiceFilter(choices=ReportStatus.choices, label="状态")
    late = YesNoFilter(label="逾期")
    newest = YesNoFilter(method="only_newest", label="只列最新版次")
    ordering = filters.OrderingFilter(fields=["saved_at", "submitted_on", ("period__start", "period")])

    class Meta:
        model = ProgressReport
        fields = ["plan", "task", "app", "org_unit", "period", "status", "late"]

    @extend_schema_field(OpenApiTypes.BOOL)
    def only_newest(self, rows, name, wanted):
        return rows.newest_revisions() if wanted else rows


class SpotCheckFilter(StableFilterSet):
    target = IdFilter(label="目标")
    app = filters.CharFilter(max_length=40, label="业务板块")
    ordering = filters.OrderingFilter(fields=["drawn_on"])

    class Meta:
        model = SpotCheck
        fields = ["target", "app"]


class OrderFilter(StableFilterSet):
    plan = IdFilter(label="工作要点")
    app = filters.CharFilter(max_length=40, label="业务板块")
    org_unit = IdFilter(label="责任单位")
    target = IdFilter(label="目标")
    state = filters.ChoiceFilter(choices=OrderState.choices, label="状态")
    light = filters.ChoiceFilter(choices=OrderLight.choices(), method="lit", label="亮灯")
    rank = WholeFilter(field_name="step__rank", min_value=1, max_value=3, label="督办等级")
    ordering = filters.OrderingFilter(fields=["due", "issued_on"])

    class Meta:
        model = SupervisionOrder
        fields = ["plan", "app", "org_unit", "target", "state"]

    def lit(self, rows, name, light):
        return rows.lit(light, clock.today())


class RemarkFilter(StableFilterSet):
    plan = IdFilter(label="工作要点")
    app = filters.CharFilter(max_length=40, label="业务板块")
    task = IdFilter(label="工作任务")
    target = IdFilter(label="目标")
    report = IdFilter(label="进展填报")
    state = filters.ChoiceFilter(choices=RemarkState.choices, method="standing", label="状态（待回应含逾期）")
    ordering = filters.OrderingFilter(fields=["answer_due", "written_on"])

    class Meta:
        model = Remark
        fields = ["plan", "app", "task", "target", "report"]

    def standing(self, rows, name, state):
        return rows.standing(state, clock.today())


class ProblemFilter(StableFilterSet):
    plan = IdFilter(field_name="target__plan", label="工作要点")
    target = IdFilter(label="目标")
    org_unit = IdFilter(label="责任单位")
    open = YesNoFilter(method="only_open", label="整改中")
    ordering = filters.OrderingFilter(fields=["due", "created_on"])

    class Meta:
        model = Problem
        fields = ["plan", "target", "org_unit"]

    @extend_schema_field(OpenApiTypes.BOOL)
    def only_open(self, rows, name, wanted):
        return rows.filter(closed_on__isnull=wanted)


class RollupFilter(StableFilterSet):
    plan = IdFilter(label="工作要点")
    section = IdFilter(label="板块")
    township = IdFilter(label="乡镇（街道）")
    kind = filters.ChoiceFilter(choices=RollupKind.choices, label="类型")
    level = filters.ChoiceFilter(choices=RollupLevel.choices, label="范围")
    state = filters.ChoiceFilter(choices=RollupState.choices, label="状态")
    ordering = filters.OrderingFilter(fields=["end", "published_on"])

    class Meta:
        model = RollupReport
        fields = ["plan", "section", "township", "kind", "level", "state"]
