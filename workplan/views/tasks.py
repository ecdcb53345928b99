"""The list of tasks, each with the worst light of its targets."""

from dataclasses import dataclass

import django_tables2 as tables
from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from ..assess import Assessment
from ..models import Plan, Section, Task
from ..observe import sights, visible_targets
from ..rules.kinds import Light
from ..rules.lights import SEVERITY, lights_of
from ..ui import params
from ..ui.board import task_lights
from ..ui.lists import ANY, LIGHT_CHOICES
from ..ui.marks import Mark, light_mark
from ..ui.tables import ListTable, MarkColumn, NumberColumn, checked_form, keyed_choices, reading_right, render_rows
from .common import chosen_plan

CHOOSING = ("plan", "year")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in the list. worst: what its worst target is and why, "" where nothing lags."""

    pk: int
    url: str
    number: int
    title: str
    section: str
    section_id: int
    targets: int
    light: Light
    mark: Mark
    worst: str
    rank: int


class TaskTable(ListTable):
    """Tasks with the light of their worst target."""

    title = "工作任务"
    page_size = 100
    number = tables.Column("编号")
    title_ = tables.Column("工作任务", accessor="title", orderable=False)
    section = tables.Column("板块", order_by=("number",))
    targets = NumberColumn("目标数")
    mark = MarkColumn("亮灯", order_by=("rank", "number"))
    worst = tables.Column("最需关注的目标", orderable=False, empty_values=())

    class Meta(ListTable.Meta):
        empty_text = "没有符合条件的任务。"

    def render_title_(self, value, record):
        return format_html('<a href="{}">{}</a>', record.url, value)

    def value_title_(self, value):
        return value


class TaskFilter(forms.Form):
    """What the list of tasks can be narrowed by."""

    section = forms.TypedChoiceField(label="板块", required=False, coerce=int, empty_value=None)
    light = forms.ChoiceField(label="亮灯", required=False, choices=ANY + LIGHT_CHOICES)

    def __init__(self, data, *, sections):
        super().__init__(data)
        self.fields["section"].choices = ANY + keyed_choices((s.pk, str(s)) for s in sections)


@login_required
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """List the tasks that have targets of their own, with the worst light of these."""
    on = params.as_of(request)
    plan = chosen_plan(request, on)
    if plan is None:
        return render(request, "workplan/no_plan.html")
    sections = Section.objects.visible_to(request.user).filter(plan=plan).order_by("number")
    form = checked_form(request, TaskFilter(request.GET, sections=sections))
    rows = _rows(request, plan, form.cleaned_data, on) if form.is_valid() else []
    return render_rows(
        request,
        rows=rows,
        form=form,
        table_class=TaskTable,
        template="workplan/tasks.html",
        extra={"plan": plan, "list_keep": {"plan": plan.pk}},
        also=CHOOSING,
    )


def _rows(request: HttpRequest, plan: Plan, asked: dict, on) -> list[TaskRow]:
    seen = sights(request.user, visible_targets(request.user, plan, reading_right(request)), on=on)
    found = [sight.assessment for sight in seen]
    rows = [_row(request, task, light, found) for task, light in task_lights(found)]
    wanted = lights_of(asked["light"]) if asked["light"] else tuple(Light)
    return [row for row in rows if row.light in wanted and asked["section"] in (None, row.section_id)]


def _row(request: HttpRequest, task: Task, light: Light, found: list[Assessment]) -> TaskRow:
    own = [one for one in found if one.target.task_id == task.pk]
    worst = min(own, key=lambda one: (SEVERITY.index(one.verdict.light), -(one.verdict.gap or 0), one.target.sort))
    lags = light in lights_of("lagging")
    return TaskRow(
        pk=task.pk,
        url=reverse("workplan:task", args=[task.pk]) + params.carry(request),
        number=task.number,
        title=task.title,
        section=str(task.section),
        section_id=task.section_id,
        targets=len(own),
        light=light,
        mark=light_mark(light),
        worst=f"{worst.target.measure}：{worst.verdict.reason.label}" if lags else "",
        rank=SEVERITY.index(light),
    )
