"""Spot checks: draw a sample of the records behind a target, and work through it."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Right
from accounts.scope import get_visible, require_right

from ..errors import Refused
from ..forms import TextField
from ..models import Finding, SpotCheck, SpotCheckItem, Target
from ..models.records import READING_RIGHT
from ..registers.registry import find_register, opens
from ..registers.tables import record_url
from ..services import spotchecks as service
from ..ui import marks, params

FINDINGS = {
    Finding.OPEN: marks.Mark("open", Finding.OPEN.label, "grey", marks.RING),
    Finding.CONFIRMED: marks.Mark("confirmed", Finding.CONFIRMED.label, "green", marks.TICKED),
    Finding.REJECTED: marks.Mark("rejected", Finding.REJECTED.label, "red", marks.TRIANGLE),
}


class DrawForm(forms.Form):
    """How many records to draw."""

    size = forms.IntegerField(
        label="抽取条数",
        min_value=1,
        max_value=service.LARGEST,
        error_messages={
            "required": "请填写抽取条数。",
            "invalid": "请填写整数。",
            "min_value": "至少抽取 1 条。",
            "max_value": f"一次最多抽取 {service.LARGEST} 条。",
        },
    )


class FindingForm(forms.Form):
    """What was found at one record, with a photo if there is one."""

    finding = forms.ChoiceField(
        label="核查结果",
        choices=[(Finding.CONFIRMED.value, Finding.CONFIRMED.label), (Finding.REJECTED.value, Finding.REJECTED.label)],
        error_messages={"required": "请选择核查结果。", "invalid_choice": "请选择核查结果。"},
    )
    note = TextField(label="说明", rows=1, max_length=300, required=False)
    photo = forms.FileField(label="照片", required=False, max_length=150, allow_empty_file=True)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One record of the sample as the page shows it. label: "" where the register is closed to the user."""

    pk: int
    unit: str
    label: str
    url: str
    mark: marks.Mark
    note: str
    who: str
    may_decide: bool


@login_required
@require_POST
def spot_check_draw(request, pk: int):
    """Draw a sample of the records behind a target."""
    target = get_visible(Target.objects.select_related("plan__bureau", "task__section"), request.user, pk=pk)
    require_right(request.user, Right.RECORD_VERIFY)
    if service.drawable(target, request.user) is None:
        messages.error(request, "这一目标没有可由您抽查的台账记录。")
        return redirect("workplan:target", pk=pk)
    form = DrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, next(iter(form.errors.values()))[0])
        return redirect("workplan:target", pk=pk)
    try:
        check = service.draw_sample(target=target, size=form.cleaned_data["size"], actor=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("workplan:target", pk=pk)
    return redirect("workplan:spot_check", pk=check.pk)


@login_required
@require_safe
def spot_check(request, pk: int):
    """Show a sample: each record with what was found."""
    params.refuse_unknown(request, [])
    check = _visible_check(request.user, pk)
    return render(request, "workplan/spot_check.html", _page(request, check))


def _visible_check(user, pk: int) -> SpotCheck:
    rows = SpotCheck.objects.select_related("target__plan__bureau", "target__task__section", "drawn_by")
    return get_visible(rows, user, pk=pk)


def _page(request, check: SpotCheck, failed: dict | None = None) -> dict:
    items = check.items.visible_to(request.user).select_related("org_unit", "decided_by").order_by("pk")
    rows = _rows(request.user, check, list(items))
    decided = [row for row in rows if row.mark.code != Finding.OPEN]
    return {
        "check": check,
        "rows": rows,
        "decided": len(decided),
        "failed": failed or {},
        "choices": FindingForm.base_fields["finding"].choices,
        "crumbs": [(check.target.code, reverse("workplan:target", args=[check.target_id])), ("抽查", None)],
    }


def _rows(user, check: SpotCheck, items: list[SpotCheckItem]) -> list[ItemRow]:
    model = find_register(check.app, check.model)
    records = {}
    if model and opens(user, model, READING_RIGHT[model.register.privacy]):
        visible = model.objects.visible_to(user).kept().select_related("org_unit")
        records = visible.in_bulk([item.record for item in items])
    verifying = set()
    if records:
        rights = model.objects.visible_to(user, Right.RECORD_VERIFY).filter(pk__in=records)
        verifying = set(rights.exclude(created_by=user).values_list("pk", flat=True))
    return [_row(item, records.get(item.record), item.record in verifying) for item in items]


def _row(item: SpotCheckItem, record, verifying: bool) -> ItemRow:
    return ItemRow(
        pk=item.pk,
        unit=item.org_unit.label,
        label=str(record) if record else "",
        url=record_url(record) if record else "",
        mark=FINDINGS[Finding(item.finding)],
        note=item.note,
        who=f"{item.decided_by} {item.decided_on}" if item.decided_by else "",
        may_decide=verifying and item.finding == Finding.OPEN,
    )


@login_required
@require_POST
def spot_check_decide(request, pk: int, item: int):
    """Note what was found at one record; what cannot be noted is said beside it, with what was typed."""
    check = _visible_check(request.user, pk)
    row = check.items.visible_to(request.user).filter(pk=item).first()
    if row is None:
        raise Http404("没有找到该内容，或您无权查看。")
    require_right(request.user, Right.RECORD_VERIFY)
    form = FindingForm(request.POST, request.FILES)
    message = "" if form.is_valid() else next(iter(form.errors.values()))[0]
    if not message:
        message = _decide(request, row, form.cleaned_data)
    if message:
        typed = {"pk": row.pk, "message": message, "note": request.POST.get("note", "")[:300]}
        return render(request, "workplan/spot_check.html", _page(request, check, typed), status=422)
    messages.success(request, "已记录核查结果。")
    return redirect(f"{reverse('workplan:spot_check', args=[pk])}#item-{row.pk}")


def _decide(request, row: SpotCheckItem, found: dict) -> str:
    """Return why the finding cannot be noted; "" once it is."""
    try:
        service.decide_item(
            item=row,
            confirmed=found["finding"] == Finding.CONFIRMED,
            note=found["note"],
            actor=request.user,
            photo=found["photo"],
        )
    except Refused as refused:
        return refused.message
    return ""
