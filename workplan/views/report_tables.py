"""Columns and filters of the lists of reports, of the review queue and of unlocks."""

import django_filters
import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html

from accounts.models import OrgUnit

from ..enums import ReportStatus
from ..models import Entry, Period, ProgressReport, Section, Task, Unlock
from ..rules.entries import Level
from ..sections import section_name
from ..services.checks import amount_of, entries_with_previous, problems_of_entry
from ..ui import format, marks
from ..ui.present import stated_text
from ..ui.tables import DayColumn, ListTable, MarkColumn, NumberColumn

CHANGES_SHOWN = 2
NOWRAP = {"td": {"class": "nowrap"}, "th": {"class": "nowrap"}}


class MomentColumn(tables.Column):
    """A local time to the minute."""

    attrs = {"td": {"class": "day"}}

    def render(self, value):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"

    def value(self, value):
        return value


def _punctuality(report: ProgressReport) -> marks.Mark | None:
    """Return whether the report was handed in on time; None before it has been handed in."""
    if report.submitted_on is None:
        return None
    return marks.LATE if report.late else marks.ON_TIME


class _ReportColumns(ListTable):
    """What every list of reports shows first."""

    task = tables.Column("工作任务", order_by=("task__number",), accessor="task")
    org_unit = tables.Column(
        "单位",
        order_by=("org_unit__sort", "org_unit__code"),
        accessor="org_unit__label",
        attrs=NOWRAP,
    )
    period = tables.Column("报告期", order_by=("period__start",), accessor="period__name", attrs=NOWRAP)

    def render_task(self, record):
        address = reverse("workplan:report", args=[record.pk])
        return format_html('<a href="{}">{}</a>', address, record.task)

    def value_task(self, record):
        return str(record.task)

    def render_late(self, record):
        mark = _punctuality(record)
        return mark.html if mark else format.MISSING

    def value_late(self, record):
        mark = _punctuality(record)
        return mark.word if mark else ""


class ReportTable(_ReportColumns):
    title = "填报记录"

    status = MarkColumn("状态", accessor="status")
    late = tables.Column("是否逾期")
    revision = NumberColumn("版次")
    submitted_by = tables.Column("提交人", order_by=("submitted_by__name",))
    submitted_on = DayColumn("首次提交")
    approved_on = DayColumn("通过日期")

    class Meta(ListTable.Meta):
        sequence = ("task", "org_unit", "period", "status", "late", "revision", "...")

    def render_status(self, record):
        return marks.status_mark(record.status).html

    def value_status(self, record):
        return record.get_status_display()


class ReviewTable(_ReportColumns):
    """The queue. Warnings and changes are computed for the rows shown, in two statements for all of them."""

    title = "待审核填报"

    section = tables.Column("板块", order_by=("task__section__number",), accessor="task__section")
    submitted_at = MomentColumn("提交时间")
    revision = tables.Column("版次", attrs=NOWRAP)
    late = tables.Column("是否逾期")
    warnings = tables.Column("提示", empty_values=(), orderable=False, attrs=NOWRAP)
    change = tables.Column("与上期相比", empty_values=(), orderable=False)

    act_template = "workplan/reports/_approve_sound.html"

    class Meta(ListTable.Meta):
        sequence = ("task", "section", "org_unit", "period", "submitted_at", "revision", "late", "warnings", "change")
        empty_text = "没有待审核的填报。"

    def render_revision(self, record):
        return f"更正（第 {record.revision} 版）" if record.revision > 1 else "首次"

    def value_revision(self, record):
        return self.render_revision(record)

    @cached_property
    def entries_by_report(self) -> dict[int, list[Entry]]:
        found: dict[int, list[Entry]] = {}
        for entry in entries_with_previous([row.record for row in self.paginated_rows]):
            found.setdefault(entry.report_id, []).append(entry)
        return found

    @cached_property
    def sound(self) -> list[ProgressReport]:
        """Return the reports of this page in which nothing asks to be looked at."""
        return [row.record for row in self.paginated_rows if not self.value_warnings(row.record)]

    def render_warnings(self, record):
        count = self.value_warnings(record)
        return f"{count} 处需留意" if count else format.MISSING

    def value_warnings(self, record) -> int:
        entries = self.entries_by_report.get(record.pk, [])
        return sum(problem.level == Level.WARNING for entry in entries for problem in problems_of_entry(entry))

    def render_change(self, record):
        changes = self._changes(record)
        more = f" 等 {len(changes)} 项" if len(changes) > CHANGES_SHOWN else ""
        return "；".join(changes[:CHANGES_SHOWN]) + more or format.MISSING

    def value_change(self, record) -> str:
        return "；".join(self._changes(record))

    def _changes(self, record) -> list[str]:
        return [
            _change(entry, record.org_unit, self.request.user) for entry in self.entries_by_report.get(record.pk, [])
        ]


def _change(entry: Entry, unit: OrgUnit, user) -> str:
    """Return an entry against the last accepted amount, e.g. 49.3：10 户 → 12 户."""
    before, now = (stated_text(user, amount_of(row), entry.target, unit) for row in (entry.previous, entry))
    if entry.previous is None or amount_of(entry.previous).is_missing or entry.target.is_flow:
        return f"{entry.target.code}：{now}"
    return f"{entry.target.code}：{before} → {now}"


class UnlockTable(ListTable):
    title = "补报开放"

    org_unit = tables.Column("单位", order_by=("org_unit__sort", "org_unit__code"), accessor="org_unit__label")
    period = tables.Column("报告期", order_by=("period__start",), accessor="period__name")
    app = tables.Column("业务板块")
    reason = tables.Column("原因", orderable=False)
    granted_by = tables.Column("批准人", order_by=("granted_by__name",))
    granted_on = DayColumn("批准日期")
    expires_on = DayColumn("有效期至")

    class Meta(ListTable.Meta):
        empty_text = "没有开放补报的记录。"

    def render_app(self, value):
        return section_name(value)


def _visible(model):
    """Return a callable for filter choices: the rows of the model that the user may see."""

    def rows(request):
        return model.objects.visible_to(request.user)

    return rows


class _ReportFilter(django_filters.FilterSet):
    """Filters that every list of reports has."""

    period = django_filters.ModelChoiceFilter(queryset=_visible(Period), label="报告期", empty_label="全部")
    task = django_filters.ModelChoiceFilter(queryset=_visible(Task), label="工作任务", empty_label="全部")
    org_unit = django_filters.ModelChoiceFilter(queryset=_visible(OrgUnit), label="单位", empty_label="全部")
    late = django_filters.ChoiceFilter(
        label="是否逾期", choices=[("true", "逾期"), ("false", "按期")], empty_label="全部", method="filter_late"
    )

    def filter_late(self, queryset, name, value):
        return queryset.filter(late=value == "true", submitted_on__isnull=False)


class ReportFilter(_ReportFilter):
    status = django_filters.ChoiceFilter(choices=ReportStatus.choices, label="状态", empty_label="全部")

    class Meta:
        model = ProgressReport
        fields = ("status", "period", "task", "org_unit", "late")


class ReviewFilter(_ReportFilter):
    section = django_filters.ModelChoiceFilter(
        field_name="task__section", queryset=_visible(Section), label="板块", empty_label="全部"
    )
    correction = django_filters.ChoiceFilter(
        label="版次", choices=[("false", "首次"), ("true", "更正")], empty_label="全部", method="filter_correction"
    )

    def filter_correction(self, queryset, name, value):
        return queryset.filter(corrects__isnull=value == "false")

    class Meta:
        model = ProgressReport
        fields = ("section", "period", "task", "org_unit", "late", "correction")


class UnlockFilter(django_filters.FilterSet):
    org_unit = django_filters.ModelChoiceFilter(queryset=_visible(OrgUnit), label="单位", empty_label="全部")
    period = django_filters.ModelChoiceFilter(queryset=_visible(Period), label="报告期", empty_label="全部")

    class Meta:
        model = Unlock
        fields = ("org_unit", "period")
