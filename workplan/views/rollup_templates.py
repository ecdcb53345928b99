"""Templates of roll-up reports: those there are, a form that takes a new one, and one to begin with."""

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from .. import clock
from ..errors import Refused
from ..forms import DayField
from ..models import RollupTemplate
from ..rollup.templating import sample_template
from ..services import rollup_templates as service
from ..services.evidence import TYPES
from ..ui import params
from ..ui.downloads import sent_file
from ..ui.tables import DayColumn, ListTable, render_list
from .report_tables import MomentColumn

FIELDS = {"past": "active_from", "taken": "active_from"}
NO_BUREAU = "只有负责整个工作要点的用户可以更换报告模板。"


class TemplateTable(ListTable):
    title = "报告模板"

    name = tables.Column("名称", orderable=False)
    active_from = DayColumn("启用日期")
    uploaded_by = tables.Column("上传人", orderable=False)
    uploaded_at = MomentColumn("上传时间")

    class Meta(ListTable.Meta):
        empty_text = "没有模板，报告使用公文格式（GB/T 9704-2012）。"


class TemplateForm(forms.Form):
    """A new template. The bureau is asked for only where there is a choice."""

    bureau = forms.ChoiceField(label="局", error_messages={"invalid_choice": "没有这一选项，请重新选择。"})
    name = forms.CharField(label="名称", max_length=60, error_messages={"required": "请填写名称。"})
    active_from = DayField(label="启用日期", help_text="从这一天起发布的报告使用。")
    file = forms.FileField(
        label="Word 模板",
        max_length=150,
        allow_empty_file=True,
        help_text="可用的标记：title、bureau、subject、date、start、end、overview、reporting、sections、lights，以及单独成段的 body（正文和附表）。",
        error_messages={"required": "请选择模板文件。"},
    )

    def __init__(self, *args, bureaus, **kwargs):
        super().__init__(*args, **kwargs)
        self.bureaus = {str(bureau.pk): bureau for bureau in bureaus}
        self.fields["active_from"].error_messages["required"] = "请填写启用日期。"
        self.fields["bureau"].choices = [(pk, bureau.label) for pk, bureau in self.bureaus.items()]
        self.fields["bureau"].widget.attrs["class"] = "form-select"
        for name in ("name", "file"):
            self.fields[name].widget.attrs["class"] = "form-control"
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"{self[name].id_for_label}-hint"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rollup_templates(request: HttpRequest) -> HttpResponse:
    """List the templates, the newest first, and take a new one."""
    bureaus = service.bureaus_of(request.user)
    if not bureaus:
        raise PermissionDenied(NO_BUREAU)
    posted = request.method == "POST"
    form = TemplateForm(*((request.POST, request.FILES) if posted else ()), bureaus=bureaus)
    if posted and form.is_valid() and _add(request, form):
        return redirect("workplan:rollup_templates")
    response = render_list(
        request,
        queryset=RollupTemplate.objects.select_related("uploaded_by"),
        table_class=TemplateTable,
        template="workplan/rollups/templates.html",
        extra={"form": form, "crumbs": [("汇总报告", reverse("workplan:rollups")), ("报告模板", None)]},
    )
    if posted:
        response.status_code = 422
    return response


def _add(request, form: TemplateForm) -> bool:
    """Take the template in, or put what is wrong with it beside its field and return False."""
    asked = form.cleaned_data
    try:
        service.add_template(
            bureau=form.bureaus[asked["bureau"]],
            name=asked["name"],
            upload=asked["file"],
            active_from=asked["active_from"],
            actor=request.user,
        )
    except Refused as refused:
        form.add_error(FIELDS.get(refused.code, "file"), refused.message)
        return False
    messages.success(request, f"模板已通过试排，从 {asked['active_from']} 起使用。")
    return True


@login_required
@require_safe
def rollup_template_sample(request: HttpRequest) -> HttpResponse:
    """Send a template to begin with."""
    params.refuse_unknown(request, [])
    if not service.bureaus_of(request.user):
        raise PermissionDenied(NO_BUREAU)
    name = f"汇总报告模板示例-{clock.today():%Y%m%d}.docx"
    return sent_file(sample_template(), name=name, content_type=TYPES[".docx"])
