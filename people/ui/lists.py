"""Columns and filters of the lists of people."""

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html

from accounts.enums import Right
from accounts.models import OrgUnit
from workplan import clock
from workplan.ui.tables import ListTable
from workplan.views.report_tables import MomentColumn

from ..enums import IdKind, SecretField
from ..models import Person, Reveal
from .present import name_for

ALL = "全部"
# Upper and lower bounds of age in full years, by key.
AGES = {"under14": (0, 13, "未满 14 周岁"), "under18": (0, 17, "未满 18 周岁"), "over60": (60, 200, "60 周岁及以上")}


class PersonTable(ListTable):
    """People, masked. The same columns on the page and in exports."""

    title = "服务对象"

    name = tables.Column("姓名", order_by=("name_initials", "name"))
    sex = tables.Column("性别", orderable=False)
    age = tables.Column(
        "年龄", empty_values=(), orderable=False, attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    masked_id = tables.Column("证件号码", orderable=False, attrs={"td": {"class": "nowrap"}})
    masked_phone = tables.Column("联系电话", orderable=False, attrs={"td": {"class": "nowrap"}})
    residence = tables.Column("居住地", accessor="residence__name", order_by=("residence__path",))

    class Meta(ListTable.Meta):
        empty_text = "没有符合条件的服务对象。"

    def render_name(self, record):
        return format_html('<a href="{}">{}</a>', reverse("people:person", args=[record.uid]), self.value_name(record))

    def value_name(self, record):
        return name_for(self.request.user, record)

    def render_age(self, record):
        age = record.age_on(clock.today())
        return self.default if age is None else age

    def value_age(self, record):
        return record.age_on(clock.today())


class FoundTable(PersonTable):
    """People found by a search, which is sent as a form: no link of this table may repeat it."""

    class Meta(PersonTable.Meta):
        orderable = False
        empty_text = "没有找到，或不在您的查看范围内。"


class PersonFilter(django_filters.FilterSet):
    """Residence (with all below it), kind of document, age. Nothing here names anybody: filters stand in the address."""

    unit = django_filters.ModelChoiceFilter(
        label="居住地",
        queryset=lambda request: OrgUnit.objects.visible_to(request.user, Right.PERSONS),
        empty_label=ALL,
        method="filter_unit",
    )
    kind = django_filters.ChoiceFilter(label="证件类型", field_name="id_kind", choices=IdKind.choices, empty_label=ALL)
    age = django_filters.ChoiceFilter(
        label="年龄",
        choices=[(key, label) for key, (_, _, label) in AGES.items()],
        empty_label=ALL,
        method="filter_age",
    )

    class Meta:
        model = Person
        fields = ()

    def filter_unit(self, queryset, name, unit):
        return queryset.filter(residence__path__startswith=unit.path)

    def filter_age(self, queryset, name, key):
        youngest, oldest, _ = AGES[key]
        return queryset.filter(birth_date__gt=_years_ago(oldest + 1), birth_date__lte=_years_ago(youngest))


def _years_ago(years: int):
    """Return the birthday of those who turn `years` today."""
    today = clock.today()
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # 29 February
        return today.replace(year=today.year - years, day=28)


class RevealTable(ListTable):
    """Who looked at a full number."""

    title = "脱敏查看日志"

    at = MomentColumn("时间")
    user = tables.Column("查看人", order_by=("user__name",))
    label = tables.Column("对象", orderable=False)
    org_unit = tables.Column("居住地", accessor="org_unit__name", orderable=False)
    field = tables.Column("内容", orderable=False, attrs={"td": {"class": "nowrap"}})
    reason = tables.Column("理由", orderable=False, attrs={"td": {"class": "wide"}})

    class Meta(ListTable.Meta):
        empty_text = "还没有人查看过完整号码。"


class RevealFilter(django_filters.FilterSet):
    """By day, content and unit; who looked is found by the account."""

    since = django_filters.DateFilter(label="起始日期", field_name="at", lookup_expr="date__gte")
    until = django_filters.DateFilter(label="终止日期", field_name="at", lookup_expr="date__lte")
    field = django_filters.ChoiceFilter(label="内容", choices=SecretField.choices, empty_label=ALL)
    who = django_filters.CharFilter(label="查看人", method="filter_who", max_length=60)

    class Meta:
        model = Reveal
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("since", "until"):
            self.filters[name].field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def filter_who(self, queryset, name, value):
        return queryset.filter(Q(user__name__icontains=value) | Q(user__username__icontains=value))
