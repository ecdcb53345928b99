"""The tables and filters of the reading pages."""

import django_tables2 as tables
from django import forms
from django.utils.html import format_html

from accounts.models import OrgUnit

from ..enums import DutyState
from ..models import Section
from ..rules.kinds import Light, Strength, TargetKind
from ..rules.lights import LIGHT_GROUPS
from .tables import DayColumn, ListTable, MarkColumn, NumberColumn, PercentColumn, keyed_choices, one_place
from .year import STATES

ANY = [("", "全部")]
LIGHT_CHOICES = Light.choices() + [(code, word) for code, (word, _) in LIGHT_GROUPS.items()]


class TargetTable(ListTable):
    """Targets with their standing. Rows are `present.TargetRow`; hidden columns go into exports."""

    title = "目标"
    names_share = True
    code = tables.Column("编号", order_by="sort")
    section = tables.Column("板块", visible=False)
    task = tables.Column("工作任务", visible=False)
    measure = tables.Column("目标", orderable=False)
    kind = tables.Column("类型", visible=False)
    strength = tables.Column("约束力", visible=False)
    goal = tables.Column("目标值", orderable=False, attrs={"td": {"class": "nowrap"}})
    amount = tables.Column("实绩", orderable=False, attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    verified = tables.Column("其中经核实", visible=False, default="")
    expected = tables.Column("序时应达", visible=False)
    progress = PercentColumn("完成进度", order_by=("progress_key",))
    gap = PercentColumn("落后序时（百分点）", visible=False)
    mark = MarkColumn("亮灯", order_by=("rank", "-gap_key"))
    reason = tables.Column("亮灯原因", visible=False)
    due = tables.Column("时限", attrs={"td": {"class": "day"}})
    share_of = tables.Column("统计范围", visible=False, empty_values=())

    def render_measure(self, value, record):
        note = f"{record.section} · 任务{record.task.split('.')[0]} · {record.kind} · {record.strength}"
        if record.also_in:
            note += f" · 同时列入任务{record.also_in}"
        if record.share_of and self.names_share:
            note += f" · {record.share_of}的数"
        return format_html(
            '<span class="measure"><a href="{}">{}</a><span class="small quiet">{}</span></span>',
            record.url,
            value,
            note,
        )

    def value_measure(self, value):
        return value

    def render_amount(self, value, record):
        if not record.verified:
            return value
        return format_html('{}<span class="small quiet block">核实 {}</span>', value, record.verified)

    def value_amount(self, value):
        return value

    def render_progress(self, value, record):
        return format_html('<span class="pace">{}<span class="num">{}</span></span>', record.bar, record.progress_text)

    def value_progress(self, value):
        return one_place(value)

    def render_mark(self, value, record):
        return record.sign

    def value_mark(self, value):
        return value.word

    def value_goal(self, value):
        """Return the goal without a leading "=", which a spreadsheet would have to be protected from."""
        return value.replace("= ", "达到 ", 1)

    def value_share_of(self, value):
        return value or "全区"


class TargetFilter(forms.Form):
    """What the list of targets can be narrowed by."""

    q = forms.CharField(label="关键词", required=False, max_length=100)
    section = forms.TypedChoiceField(label="板块", required=False, coerce=int, empty_value=None)
    light = forms.ChoiceField(label="亮灯", required=False, choices=ANY + LIGHT_CHOICES)
    kind = forms.ChoiceField(label="类型", required=False, choices=ANY + TargetKind.choices())
    strength = forms.ChoiceField(label="约束力", required=False, choices=ANY + Strength.choices())
    unit = forms.TypedChoiceField(label="单位", required=False, coerce=int, empty_value=None)

    def __init__(self, data, *, sections: list[Section], units: list[OrgUnit]):
        super().__init__(data)
        self.fields["section"].choices = ANY + keyed_choices(
            (section.pk, f"{section.number}. {section.campaign or section.title}") for section in sections
        )
        self.fields["unit"].choices = ANY + keyed_choices((unit.pk, unit.label) for unit in units)


class DutyTable(ListTable):
    """Who owes what in a period. Rows are `duty_rows.DutyRow`."""

    title = "填报情况"
    task = tables.Column("工作任务", order_by=("task_number", "unit_sort"))
    section = tables.Column("板块", order_by=("section_number", "task_number", "unit_sort"))
    unit = tables.Column("单位", order_by=("unit_sort", "task_number"))
    mark = MarkColumn("状态", order_by=("rank", "task_number", "unit_sort"))
    due = tables.Column("截止", order_by=("due", "task_number", "unit_sort"), attrs={"td": {"class": "day"}})
    submitted_on = DayColumn("首次报送", order_by=("submitted_key",))
    timing = MarkColumn("按期", orderable=False)

    class Meta(ListTable.Meta):
        empty_text = "没有符合条件的填报任务。"

    def render_task(self, value, record):
        return format_html('<a href="{}">{}</a>', record.url, value)

    def value_task(self, value):
        return value

    def render_mark(self, value, record):
        return value.titled(record.reason)

    def value_mark(self, value):
        return value.word

    def render_due(self, value, record):
        return f"延期至 {value}" if record.extended else value

    def value_due(self, value, record):
        return self.render_due(value, record)


class DutyFilter(forms.Form):
    """What the list of duties can be narrowed by."""

    period = forms.TypedChoiceField(label="报告期", required=False, coerce=int, empty_value=None)
    status = forms.ChoiceField(label="状态", required=False, choices=ANY + DutyState.choices)
    section = forms.TypedChoiceField(label="板块", required=False, coerce=int, empty_value=None)
    unit = forms.TypedChoiceField(label="单位", required=False, coerce=int, empty_value=None)


class YearDutyTable(DutyTable):
    """What one unit owes in a year. Rows are `duty_rows.DutyRow`; whose they are goes without saying."""

    title = "年度填报任务"
    period = tables.Column("报告期", order_by=("period_start", "task_number"), attrs={"td": {"class": "nowrap"}})
    due = tables.Column("截止", orderable=False, attrs={"td": {"class": "day"}})
    sent_back = NumberColumn("退回次数", order_by=("sent_back", "period_start", "task_number"))

    class Meta(DutyTable.Meta):
        exclude = ("unit",)
        sequence = ("task", "period", "section", "due", "mark", "submitted_on", "timing", "sent_back")


class YearDutyFilter(forms.Form):
    """What the list of a unit's duties can be narrowed by."""

    period = forms.TypedChoiceField(label="报告期", required=False, coerce=int, empty_value=None)
    status = forms.ChoiceField(label="状态", required=False, choices=ANY + STATES)


class UnitTable(ListTable):
    """Townships by pace. Rows are `units.UnitRow`; every share comes with its denominator."""

    title = "乡镇进度"
    page_size = 50
    name = tables.Column("单位", order_by=("sort", "pk"))
    kind = tables.Column("类型", orderable=False)
    on_pace = tables.Column(
        "达到序时", order_by=("pace_key", "sort"), attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    on_pace_count = NumberColumn("达到序时的目标数", visible=False)
    lit = NumberColumn("参与亮灯的目标数", visible=False)
    red = NumberColumn("红灯")
    behind = NumberColumn("滞后")
    unreported = NumberColumn("未报")
    handed_in = tables.Column(
        "报送", order_by=("handed_key", "sort"), attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    handed_count = NumberColumn("已报送份数", visible=False)
    owed = NumberColumn("应报份数", visible=False)
    late = NumberColumn("逾期")
    missing = NumberColumn("缺报")

    class Meta(ListTable.Meta):
        empty_text = "您的查看范围内没有乡镇。"

    def render_name(self, value, record):
        return format_html('<a href="{}">{}</a>', record.url, value)

    def value_name(self, value):
        return value
