"""Columns and filters of the list of supervision orders."""

import django_filters
import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import OrgUnit

from .. import clock
from ..enums import RUNNING_STATES, OrderState
from ..models import SupervisionOrder, SupervisionStep
from ..models.supervision import LAST_RANK
from ..observe import readable_plans
from ..rules.supervision import OrderLight
from ..sections import section_choices, section_name
from ..ui import format as fmt
from ..ui import orders as signs
from ..ui import params
from ..ui.tables import DayColumn, ListTable

ALL = "全部"
NOWRAP = {"td": {"class": "nowrap"}, "th": {"class": "nowrap"}}


class OrderTable(ListTable):
    title = "督办单"

    number = tables.Column("编号", empty_values=(), order_by=("year", "sequence"), attrs=NOWRAP)
    title_ = tables.Column("督办事项", accessor="title", orderable=False)
    org_unit = tables.Column(
        "责任单位", accessor="org_unit__label", order_by=("org_unit__sort", "org_unit__code"), attrs=NOWRAP
    )
    app = tables.Column("板块", orderable=False, visible=False)
    step = tables.Column("等级", order_by=("step__rank",), attrs=NOWRAP)
    state = tables.Column("状态", orderable=False, attrs=NOWRAP)
    due = DayColumn("完成时限")
    light = tables.Column("亮灯", empty_values=(), orderable=False, attrs=NOWRAP)
    office = tables.Column("交办单位", accessor="office__label", orderable=False, visible=False)
    issued_on = DayColumn("下发日期", visible=False)
    signed_on = DayColumn("签收日期", visible=False)
    replied_on = DayColumn("反馈日期", visible=False)
    struck_on = DayColumn("销号日期", visible=False)
    requirement = tables.Column("办理要求", orderable=False, visible=False)

    class Meta(ListTable.Meta):
        empty_text = "没有督办单。"

    def light_of(self, record):
        return record.light(clock.today())

    def render_number(self, record):
        return record.number or "未编号"

    def value_number(self, record):
        return record.number

    def render_title_(self, value, record):
        return format_html(
            '<span class="measure"><a href="{}">{}</a><span class="small quiet">{}{}</span></span>',
            reverse("workplan:order", args=[record.pk]),
            value,
            section_name(record.app),
            " · 系统自动拟办" if record.proposed else "",
        )

    def value_title_(self, value):
        return value

    def value_app(self, value):
        return section_name(value)

    def render_step(self, value):
        return signs.step_mark(value).html

    def value_step(self, value):
        return str(value)

    def render_state(self, record):
        return signs.state_mark(record.state).html

    def value_state(self, record):
        return record.get_state_display()

    def render_light(self, record):
        mark = signs.light_mark(self.light_of(record))
        if mark is None:
            return fmt.MISSING
        owed = record.state in (OrderState.ISSUED, OrderState.SIGNED)
        return mark.titled(fmt.days_left(record.due, clock.today()) if owed else "")

    def value_light(self, record):
        mark = signs.light_mark(self.light_of(record))
        return mark.word if mark else ""


class PastOrderTable(OrderTable):
    """The orders as they stood at the close of a past day: rows of `as_of`. What was done later is not told."""

    due = DayColumn("完成时限", accessor="due_then")
    step = tables.Column("等级", accessor="rank_then", attrs=NOWRAP)
    state = tables.Column("状态", accessor="state_then", orderable=False, attrs=NOWRAP)
    replied_on = DayColumn("反馈日期", accessor="replied_then", visible=False)

    class Meta(OrderTable.Meta):
        exclude = ("signed_on", "struck_on")

    def light_of(self, record):
        return signs.light_of(record.state_then, record.due_then, record.replied_then, params.as_of(self.request))

    def render_light(self, record):
        return signs.light_mark(self.light_of(record)).html

    def render_step(self, record):
        return signs.step_mark(self._step(record)).html

    def value_step(self, record):
        return str(self._step(record))

    def _step(self, record) -> SupervisionStep:
        return SupervisionStep(rank=record.rank_then, colour=record.colour_then, name=record.name_then)

    def render_state(self, record):
        return signs.state_mark(record.state_then).html

    def value_state(self, record):
        return OrderState(record.state_then).label


def plans_to_choose(request):
    return readable_plans(request.user)


def _units(request):
    """Return the units that the user sees orders of: a filter offers no empty choices."""
    charged = SupervisionOrder.objects.visible_to(request.user).order_by().values("org_unit")
    return OrgUnit.objects.filter(pk__in=charged)


def _ranks(user) -> list[tuple[int, str]]:
    """Return rank and name of the steps of the newest plan that the user may read and that has some."""
    steps = SupervisionStep.objects.visible_to(user).order_by("-plan__year", "plan", "rank")[:LAST_RANK]
    return [(step.rank, str(step)) for step in sorted(steps, key=lambda step: step.rank)]


class OrderFilter(django_filters.FilterSet):
    """By words, state, light, step, unit, section, and whether the matter is still open."""

    q = django_filters.CharFilter(label="事项", field_name="title", lookup_expr="icontains", max_length=60)
    state = django_filters.ChoiceFilter(label="状态", choices=OrderState.choices, empty_label=ALL)
    light = django_filters.ChoiceFilter(
        label="亮灯", choices=OrderLight.choices(), empty_label=ALL, method="filter_light"
    )
    rank = django_filters.ChoiceFilter(label="等级", field_name="step__rank", empty_label=ALL)
    org_unit = django_filters.ModelChoiceFilter(label="责任单位", queryset=_units, empty_label=ALL)
    app = django_filters.ChoiceFilter(label="板块", choices=section_choices, empty_label=ALL)
    plan = django_filters.ModelChoiceFilter(label="工作要点", queryset=plans_to_choose, empty_label=ALL)
    running = django_filters.ChoiceFilter(
        label="是否办结", choices=[("true", "未办结"), ("false", "已办结")], empty_label=ALL, method="filter_running"
    )

    class Meta:
        model = SupervisionOrder
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["rank"].extra["choices"] = _ranks(self.request.user)

    def filter_light(self, queryset, name, value):
        return queryset.lit(value, clock.today())

    def filter_running(self, queryset, name, value):
        running = queryset.filter(state__in=RUNNING_STATES)
        return running if value == "true" else queryset.issued().exclude(state__in=RUNNING_STATES)


class PastOrderFilter(OrderFilter):
    """The same of the orders as they stood on a past day."""

    state = django_filters.ChoiceFilter(
        label="状态", field_name="state_then", choices=OrderState.choices, empty_label=ALL
    )
    rank = django_filters.ChoiceFilter(label="等级", field_name="rank_then", empty_label=ALL)

    def filter_light(self, queryset, name, value):
        return queryset.lit(value, params.as_of(self.request), then="_then")

    def filter_running(self, queryset, name, value):
        running = queryset.filter(state_then__in=RUNNING_STATES)
        return running if value == "true" else queryset.exclude(state_then__in=RUNNING_STATES)
