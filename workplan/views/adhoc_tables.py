"""Columns and filters of the list of ad-hoc requests."""

import django_filters
import django_tables2 as tables
from django.utils.html import format_html

from .. import clock
from ..enums import AdHocState
from ..models import AdHocRequest
from ..sections import section_choices, section_name
from ..ui import adhoc as ui
from ..ui.tables import DayColumn, ListTable
from .order_tables import ALL, NOWRAP, plans_to_choose


class RequestTable(ListTable):
    title = "临时填报"

    name = tables.Column("临时填报", accessor="title", orderable=False)
    app = tables.Column("板块", orderable=False, visible=False)
    office = tables.Column("发起科室", accessor="office__label", order_by=("office__sort", "office__code"))
    due = DayColumn("填报截止")
    expires = DayColumn("有效期至")
    approved_by = tables.Column("批准人", orderable=False, attrs=NOWRAP)
    approved_on = DayColumn("批准日期")
    state = tables.Column("状态", orderable=False, attrs=NOWRAP)
    reason = tables.Column("填报理由", orderable=False, visible=False)

    class Meta(ListTable.Meta):
        empty_text = "没有临时填报。"

    def render_name(self, value, record):
        return format_html(
            '<span class="measure"><a href="{}">{}</a><span class="small quiet">{}</span></span>',
            ui.url_of(record),
            value,
            section_name(record.app),
        )

    def value_name(self, value):
        return value

    def value_app(self, value):
        return section_name(value)

    def render_state(self, record):
        return ui.state_mark(record, clock.today()).html

    def value_state(self, record):
        return ui.state_mark(record, clock.today()).word


class RequestFilter(django_filters.FilterSet):
    """By words, state, section and plan."""

    q = django_filters.CharFilter(label="标题", field_name="title", lookup_expr="icontains", max_length=60)
    state = django_filters.ChoiceFilter(
        label="状态", choices=AdHocState.choices, empty_label=ALL, method="filter_state"
    )
    app = django_filters.ChoiceFilter(label="板块", choices=section_choices, empty_label=ALL)
    plan = django_filters.ModelChoiceFilter(label="工作要点", queryset=plans_to_choose, empty_label=ALL)

    class Meta:
        model = AdHocRequest
        fields = ()

    def filter_state(self, queryset, name, value):
        return queryset.standing(value, clock.today())
