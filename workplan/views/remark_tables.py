"""Columns and filters of the list of leaders' remarks."""

import django_filters
import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from ..enums import RemarkState
from ..models import Remark
from ..sections import section_choices, section_name
from ..ui import params
from ..ui import remarks as signs
from ..ui.tables import DayColumn, ListTable
from .order_tables import ALL, NOWRAP, plans_to_choose


class RemarkTable(ListTable):
    title = "领导批示"

    text = tables.Column("批示内容", orderable=False)
    subject = tables.Column("批示对象", orderable=False, empty_values=())
    app = tables.Column("板块", orderable=False, visible=False)
    org_unit = tables.Column("回应科室", accessor="org_unit__label", order_by=("org_unit__sort", "org_unit__code"))
    written_by = tables.Column("批示人", orderable=False, attrs=NOWRAP)
    written_on = DayColumn("批示日期")
    answer_due = DayColumn("回应时限")
    state = tables.Column("状态", empty_values=(), orderable=False, attrs=NOWRAP)
    answer = tables.Column("回应内容", orderable=False, visible=False)
    answered_by = tables.Column("回应人", orderable=False, visible=False)
    answered_on = DayColumn("回应日期", visible=False)
    order = tables.Column("督办单", orderable=False, visible=False, empty_values=())

    class Meta(ListTable.Meta):
        empty_text = "没有领导批示。"

    def render_text(self, value, record):
        return format_html(
            '<span class="measure"><a href="{}">{}</a><span class="small quiet">{}</span></span>',
            reverse("workplan:remark", args=[record.pk]),
            value if len(value) <= 60 else f"{value[:60]}…",
            section_name(record.app),
        )

    def value_text(self, value):
        return value

    def render_subject(self, record):
        return str(record.subject)

    def value_app(self, value):
        return section_name(value)

    def render_state(self, record):
        on = params.as_of(self.request)
        return signs.state_mark(record, on).titled(signs.days_left(record, on))

    def value_state(self, record):
        return signs.state_mark(record, params.as_of(self.request)).word

    # What came after the day looked at is not told. These columns leave in exports only.

    def value_answer(self, value, record):
        return value if self._answered(record) else ""

    def value_answered_by(self, value, record):
        return str(value) if self._answered(record) else ""

    def value_answered_on(self, value, record):
        return value if self._answered(record) else None

    def _answered(self, record) -> bool:
        """Say whether the answer had been given by the day looked at."""
        return record.answered_on is not None and record.answered_on <= params.as_of(self.request)

    def value_order(self, record):
        """Return the number of the order that had been issued by the day: one without number is a draft."""
        issued = record.order and record.order.issued_on and record.order.issued_on <= params.as_of(self.request)
        return record.order.number if issued else ""


class RemarkFilter(django_filters.FilterSet):
    """By words, state (overdue ones wait as well), section and plan."""

    q = django_filters.CharFilter(label="内容", field_name="text", lookup_expr="icontains", max_length=60)
    state = django_filters.ChoiceFilter(
        label="状态", choices=RemarkState.choices, empty_label=ALL, method="filter_state"
    )
    app = django_filters.ChoiceFilter(label="板块", choices=section_choices, empty_label=ALL)
    plan = django_filters.ModelChoiceFilter(label="工作要点", queryset=plans_to_choose, empty_label=ALL)

    class Meta:
        model = Remark
        fields = ()

    def filter_state(self, queryset, name, value):
        return queryset.standing(value, params.as_of(self.request))
