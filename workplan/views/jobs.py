"""The background jobs of the own units, for administrators: what waits, runs and has failed, and one more try."""

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Right
from accounts.scope import get_visible, require_right

from ..enums import JobState
from ..errors import Refused
from ..models import Job
from ..services.jobs import KINDS, TRIES, label_of, retry
from ..ui import format as fmt
from ..ui.tables import ListTable
from .admin_tables import ALL, render_filtered
from .report_tables import MomentColumn


class JobTable(ListTable):
    title = "后台任务"

    kind = tables.Column("任务")
    org_unit = tables.Column("单位", accessor="org_unit__label", orderable=False, attrs={"td": {"class": "nowrap"}})
    state = tables.Column("状态", attrs={"td": {"class": "nowrap"}})
    due_at = MomentColumn("应运行时间")
    attempts = tables.Column("尝试", orderable=False)
    seconds = tables.Column("用时", orderable=False, attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    error = tables.Column("失败原因", orderable=False, attrs={"td": {"class": "wide"}})
    actions = tables.Column("处理", empty_values=(), orderable=False)

    class Meta(ListTable.Meta):
        empty_text = "没有符合条件的任务。"

    def render_kind(self, value, record):
        return f"{label_of(value)} {record.key.rpartition(':')[2]}"

    value_kind = render_kind

    def render_state(self, record):
        return record.get_state_display()

    value_state = render_state

    def render_attempts(self, value):
        return f"{value}/{TRIES}"

    def render_seconds(self, value):
        return f"{value:.1f} 秒"

    def value_seconds(self, value):
        return round(value, 1)

    def render_actions(self, record):
        if not record.is_parked:
            return fmt.MISSING
        return format_html(
            '<button class="btn btn-sm" form="retry" formaction="{}">重试<span class="visually-hidden"> {}</span></button>',
            reverse("workplan:job_retry", args=[record.pk]),
            record,
        )


class JobFilter(django_filters.FilterSet):
    """By kind and state."""

    kind = django_filters.ChoiceFilter(
        label="任务", choices=lambda: [(code, one.label) for code, one in sorted(KINDS.items())], empty_label=ALL
    )
    state = django_filters.ChoiceFilter(label="状态", choices=JobState.choices, empty_label=ALL)

    class Meta:
        model = Job
        fields = ()


@login_required
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """List the jobs of the own units, newest first, with the length and age of the queue."""
    require_right(request.user, Right.USER_MANAGE)
    rows = Job.objects.visible_to(request.user, Right.USER_MANAGE)
    return render_filtered(
        request,
        rows=rows.select_related("org_unit"),
        filterset_class=JobFilter,
        table_class=JobTable,
        template="workplan/jobs.html",
        extra={"queue": queue_of(rows)},
    )


def queue_of(rows) -> dict:
    """Return how many jobs are due, run and are parked, and for how many minutes the oldest has been due."""
    due = Q(state=JobState.WAITING, due_at__lte=timezone.now())
    found = rows.order_by().aggregate(
        due=Count("pk", filter=due),
        since=Min("due_at", filter=due),
        later=Count("pk", filter=Q(state=JobState.WAITING) & ~due),
        running=Count("pk", filter=Q(state=JobState.RUNNING)),
        parked=Count("pk", filter=Q(state=JobState.PARKED)),
    )
    since = found.pop("since")
    return found | {"minutes": int((timezone.now() - since).total_seconds() // 60) if since else None}


@login_required
@require_POST
def job_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a parked job tried again."""
    require_right(request.user, Right.USER_MANAGE)
    job = get_visible(Job.objects, request.user, Right.USER_MANAGE, pk=pk)
    try:
        retry(job=job, actor=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已重新排队，几秒后开始运行。")
    return redirect("workplan:jobs")
