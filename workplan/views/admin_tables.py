"""Columns and filters of the lists of users and of the audit log."""

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from accounts.admin_forms import manageable_units, roles_in_words
from accounts.audit import ACTIONS
from accounts.audit_text import kind_of, log_changes_of
from accounts.enums import Right, Role
from accounts.models import Event, Membership, OrgUnit, User

from .. import clock
from ..ui.tables import ListTable, checked_form, render_rows
from .report_tables import MomentColumn

ALL = "全部"
OPEN, CLOSED = "open", "closed"


class UserTable(ListTable):
    title = "用户"

    name = tables.Column("姓名")
    username = tables.Column("账号")
    roles = tables.Column("单位与角色", empty_values=(), orderable=False)
    is_active = tables.Column("状态")
    last_login = MomentColumn("最近登录")

    class Meta(ListTable.Meta):
        empty_text = "没有符合条件的用户。"

    def render_name(self, record):
        return format_html('<a href="{}">{}</a>', reverse("workplan:user", args=[record.pk]), record.name)

    def value_name(self, record):
        return record.name

    def render_roles(self, record):
        return roles_in_words(record.shown_memberships) or "—"

    def value_roles(self, record):
        return roles_in_words(record.shown_memberships)

    def render_is_active(self, value):
        return "启用" if value else "已停用"

    def value_is_active(self, value):
        return self.render_is_active(value)


class UserFilter(django_filters.FilterSet):
    """Search by name or account, unit (with all below it), role and state."""

    q = django_filters.CharFilter(label="姓名或账号", method="filter_q", max_length=60)
    org_unit = django_filters.ModelChoiceFilter(
        label="单位", queryset=lambda request: manageable_units(request.user), empty_label=ALL, method="filter_unit"
    )
    role = django_filters.ChoiceFilter(label="角色", choices=Role.choices, empty_label=ALL, method="filter_role")
    state = django_filters.ChoiceFilter(
        label="状态", choices=[(OPEN, "启用"), (CLOSED, "已停用")], empty_label=ALL, method="filter_state"
    )

    class Meta:
        model = User
        fields = ()

    def filter_q(self, queryset, name, value):
        return queryset.filter(Q(name__icontains=value) | Q(username__icontains=value))

    def filter_unit(self, queryset, name, unit):
        return queryset.filter(pk__in=self._seen().filter(org_unit__path__startswith=unit.path).values("user"))

    def filter_role(self, queryset, name, role):
        return queryset.filter(pk__in=self._seen().filter(role=role).values("user"))

    def filter_state(self, queryset, name, state):
        return queryset.filter(is_active=state == OPEN)

    def _seen(self):
        """Return the roles that the list shows: a filter must not tell about others."""
        return shown_memberships(self.request.user)


def shown_memberships(user):
    """Return the roles of today and of later that the administrator may see."""
    return Membership.objects.visible_to(user, Right.USER_MANAGE).unended(clock.today()).select_related("org_unit")


class EventTable(ListTable):
    title = "审计日志"

    at = MomentColumn("时间")
    actor_name = tables.Column("操作人")
    action = tables.Column("操作", orderable=False, attrs={"td": {"class": "nowrap"}})
    object_label = tables.Column("对象", orderable=False, attrs={"td": {"class": "wide"}})
    org_unit = tables.Column("单位", orderable=False, accessor="org_unit__label", attrs={"td": {"class": "nowrap"}})
    changes = tables.Column("变更", empty_values=(), orderable=False, attrs={"td": {"class": "wide"}})
    note = tables.Column("说明", orderable=False)
    request_id = tables.Column("请求编号", orderable=False, attrs={"td": {"class": "small quiet"}})

    class Meta(ListTable.Meta):
        empty_text = "没有符合条件的日志。"

    def render_action(self, value):
        return ACTIONS.get(value, value)

    def value_action(self, value):
        return self.render_action(value)

    def render_object_label(self, value, record):
        return f"{kind_of(record)}：{value}"

    def render_changes(self, record):
        lines = ((name, before, after) for name, before, after in log_changes_of(record))
        items = format_html_join("", "<li>{}：<del>{}</del> → <ins>{}</ins></li>", lines)
        return format_html('<ul class="changes">{}</ul>', items) if items else "—"

    def value_changes(self, record):
        return "；".join(f"{name}：{before} → {after}" for name, before, after in log_changes_of(record))

    def render_request_id(self, value):
        return value[:8]

    def value_request_id(self, value):
        return value


class EventFilter(django_filters.FilterSet):
    """Search the log by day, act, actor, unit and object."""

    since = django_filters.DateFilter(label="起始日期", field_name="at", lookup_expr="date__gte")
    until = django_filters.DateFilter(label="终止日期", field_name="at", lookup_expr="date__lte")
    action = django_filters.ChoiceFilter(label="操作", choices=sorted(ACTIONS.items()), empty_label=ALL)
    actor = django_filters.CharFilter(label="操作人", field_name="actor_name", lookup_expr="icontains", max_length=60)
    org_unit = django_filters.ModelChoiceFilter(
        label="单位",
        queryset=lambda request: OrgUnit.objects.visible_to(request.user, Right.AUDIT_READ),
        empty_label=ALL,
        method="filter_unit",
    )
    q = django_filters.CharFilter(label="对象", field_name="object_label", lookup_expr="icontains", max_length=60)

    class Meta:
        model = Event
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("since", "until"):
            self.filters[name].field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def filter_unit(self, queryset, name, unit):
        return queryset.filter(org_unit__path__startswith=unit.path)


def render_filtered(
    request: HttpRequest, *, rows, filterset_class, table_class, template: str, extra=None
) -> HttpResponse:
    """Answer a filtered list of a QuerySet that is limited to the visible rows already."""
    filterset = filterset_class(request.GET or None, queryset=rows, request=request)
    form = checked_form(request, filterset.form)
    found = filterset.qs if form.is_valid() or not form.is_bound else rows.none()
    return render_rows(request, rows=found, form=form, table_class=table_class, template=template, extra=extra)
