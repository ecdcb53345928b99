"""The bench on which a notice is checked: its text with what was recognised, beside the outline with the forms that correct it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from .. import intake_forms as forms
from ..errors import Refused
from ..intake.arguments import IDENT
from ..intake.errors import BadEdit
from ..intake.outline import DraftSection, Outline
from ..intake.places import Places
from ..models import Intake
from ..services import intake as service
from ..ui import intake_bench, intake_text, params
from .intake import INCOMPLETE, read_version, visible_intake

PAGE = "workplan/intake/bench.html"
HEAD = "facts"
# Corrections by one press of a button: what follows their name in the button's value.
PRESSED = {
    "accept_target": ("target",),
    "drop_target": ("target",),
    "restore_target": ("target",),
    "join_target": ("target", "other"),
    "accept_task": ("task",),
    "drop_task": ("task",),
    "restore_task": ("task",),
    "merge_task": ("task",),
    "move_task": ("task", "way"),
    "merge_section": ("section",),
    "move_section": ("section", "way"),
}
TYPED = {
    form.edit: form
    for form in (
        forms.FactsForm,
        forms.SectionForm,
        forms.NewSectionForm,
        forms.TaskForm,
        forms.SplitForm,
        forms.MoveForm,
        forms.TargetForm,
        forms.NewTargetForm,
    )
}
PARTS = ("target", "task", "section")


@login_required
@require_safe
def intake(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one section of the outline beside the text; `open` names the part whose form is open, "new" with a task a new target's."""
    params.refuse_unknown(request, ["section", "open", "task", "start", "end"])
    row = visible_intake(request.user, pk)
    outline = service.outline_of(row)
    opened = _opened(request, outline)
    return render(request, PAGE, _page(row, outline, _chosen(request, outline), opened))


def _part(request, name: str) -> str:
    value = params.text(request, name, "位置", 20)
    if value and value not in (HEAD, "new", "section") and not IDENT.fullmatch(value):
        raise params.BadParameter(name, "位置", "网址中的位置无法识别，请从页面上的链接重新进入。")
    return value


def _chosen(request, outline: Outline) -> DraftSection | None:
    """Return the section asked for, else that of the part that is open, else the first with something to check, else the first."""
    for name in ("section", "open", "task"):
        found = outline.section_of_part(_part(request, name))
        if found:
            return found
    waiting = outline.waiting
    first = outline.section_of_part(waiting[0]) if waiting else None
    return first or (outline.sections[0] if outline.sections else None)


def _opened(request, outline: Outline) -> dict:
    """Return the forms of the part that is open; nothing where it is no longer there."""
    part = _part(request, "open")
    try:
        if part == "new":
            return _new_target(request, outline)
        return forms_of(outline, part)
    except BadEdit:
        return {}


def forms_of(outline: Outline, part: str) -> dict:
    """Return by name the forms of a part: facts, section, a new section, a task with its cutting and moving, or a target.

    Raises BadEdit for a part that does not exist.
    """
    if part == HEAD:
        return {"open": part, "form": forms.FactsForm.of(outline.facts)}
    if part == "section":
        last = outline.sections[-1].id if outline.sections else ""
        return {"open": part, "form": forms.NewSectionForm(initial={"after": last})}
    if part.startswith("s"):
        return {"open": part, "form": forms.SectionForm.of(outline.section(part))}
    if "." in part:
        return {"open": part, "form": forms.TargetForm.of(outline.target(part))}
    if part.startswith("t"):
        task = outline.task(part)
        tools = {"split": forms.SplitForm.of(task), "move": forms.MoveForm.of(task, outline)}
        return {"open": part, "form": forms.TaskForm.of(task), **tools}
    return {}


def _new_target(request, outline: Outline) -> dict:
    """Return the form of a new target, filled in from the passage that was chosen, if any."""
    task = outline.task(_part(request, "task"))
    start = params.whole(request, "start", "所选文字", low=0, high=len(outline.source))
    end = params.whole(request, "end", "所选文字", low=0, high=len(outline.source))
    initial = {"task": task.id, "kind": "count", "comparator": ">=", "recurrence": "none", "strength": "hard"}
    if start is not None and end is not None and start < end:
        words = "".join(outline.source[start:end].split())[:200]
        initial |= {"start": start, "end": end, "measure": words} | forms.number_in(words)
    return {"open": "new", "task": task.id, "form": forms.NewTargetForm(initial=initial, auto_id="new-%s")}


def _page(
    row: Intake, outline: Outline, chosen: DraftSection | None, opened: dict, conflict: dict | None = None
) -> dict:
    """Return everything that the bench shows. conflict: why a correction was not made, and what was typed where its form is gone."""
    here = reverse("workplan:intake", args=[row.pk])
    return {
        "intake": row,
        "here": here,
        "facts": outline.facts,
        "bench": intake_bench.bench_of(outline, chosen),
        "text": intake_text.marked_text(outline, here),
        "legend": list(intake_text.KINDS.items()),
        "opened": opened if row.is_open else {},
        "conflict": conflict,
        "last_edit": intake_bench.last_edit(row),
        "next_undone": intake_bench.next_undone(row),
        "warnings": row.parsed.get("warnings", []),
        "steps": steps_of(row, "bench"),
        "crumbs": [("工作要点导入", reverse("workplan:intakes")), (str(row), None)],
    }


def steps_of(row: Intake, here: str) -> list[tuple[str, str, bool]]:
    """Return label, address and whether chosen of the wizard's pages."""
    names = {"bench": "intake", "sections": "intake_sections", "compare": "intake_compare", "finish": "intake_finish"}
    return [
        (label, reverse(f"workplan:{names[step]}", args=[row.pk]), step == here) for step, label in intake_bench.STEPS
    ]


# --- changing ---


@login_required
@require_POST
def intake_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one correction and go back to its place, or show what is wrong with it: 422, or 409 where somebody else was faster."""
    params.refuse_unknown(request, [])
    row, version = visible_intake(request.user, pk), read_version(request)
    form, edit = None, _pressed(request.POST.get("do", ""))
    if edit is None:
        try:
            form = _bound(request, service.outline_of(row))
        except BadEdit as error:
            return _refused(request, row, None, error.message, 422)
        edit = form.data_of() if form.is_valid() else None
    if edit is None:
        return _refused(request, row, form, "", 422)
    try:
        outline = service.correct(intake=row, actor=request.user, version=version, edit=edit)
    except BadEdit as error:
        if form is not None:
            form.place(error)
        return _refused(request, row, form, "" if form is not None else error.message, 422)
    except Refused as refused:
        return _refused(request, row, form, refused.message, 409)
    return _onwards(request, row, outline, edit)


def _pressed(value: str) -> dict | None:
    """Return the correction that a button names, "merge_task t3"; None where it names none."""
    name, *words = value.split() or [""]
    return _named(name, words) if name in PRESSED else None


def _named(name: str, words: list[str]) -> dict:
    if len(words) != len(PRESSED[name]):
        raise BadRequest(INCOMPLETE)
    return {"edit": name} | dict(zip(PRESSED[name], words, strict=True))


def _bound(request, outline: Outline) -> forms.EditForm:
    """Return the posted form with its choices. A cut that was chosen in the text comes as a place of the notice."""
    kind = TYPED.get(request.POST.get("edit", ""))
    if kind is None:
        raise BadRequest(INCOMPLETE)
    data = request.POST
    if kind is forms.SplitForm:
        task = outline.task(data.get("task", ""))
        return forms.SplitForm.of(task, _with_cut(data, task, outline))
    if kind is forms.MoveForm:
        return forms.MoveForm.of(outline.task(data.get("task", "")), outline, data)
    return kind(data, **({"auto_id": "new-%s"} if kind is forms.NewTargetForm else {}))


def _with_cut(data, task, outline: Outline):
    at = data.get("at", "")
    if not (at.isascii() and at.isdigit() and len(at) < 10):
        return data
    data = data.copy()
    data["cut"] = str(Places(task, outline.source).cut(int(at)))
    return data


def _refused(request, row: Intake, form, message: str, status: int) -> HttpResponse:
    """Show the bench as it stands now with the form as it was typed; where its part is gone, what was typed stands beside the reason."""
    fresh = visible_intake(request.user, row.pk)
    outline = service.outline_of(fresh)
    part = _part_of(request, outline)
    opened = _reopened(outline, part, form) if form is not None and fresh.is_open else {}
    typed = [] if opened or form is None else _typed(form)
    if form is not None and not opened and not message:
        message = (
            "；".join(dict.fromkeys(str(error) for found in form.errors.values() for error in found)) or INCOMPLETE
        )
    conflict = {"message": message, "typed": typed} if message else None
    page = _page(fresh, outline, outline.section_of_part(part) or _first(outline), opened, conflict)
    return render(request, PAGE, page, status=status)


def _first(outline: Outline) -> DraftSection | None:
    return outline.sections[0] if outline.sections else None


def _part_of(request, outline: Outline) -> str:
    """Return the part that a posted correction is about, if it is there: "" else."""
    words = request.POST.get("do", "").split()[1:2] or [request.POST.get(name, "") for name in PARTS]
    return next((word for word in words if outline.section_of_part(word)), "")


def _reopened(outline: Outline, part: str, form) -> dict:
    """Return the forms of the part with the posted one in its place."""
    if isinstance(form, forms.FactsForm):
        return {"open": HEAD, "form": form}
    if isinstance(form, forms.NewSectionForm):
        return {"open": "section", "form": form}
    if not part:
        return {}
    if isinstance(form, forms.NewTargetForm):
        return {"open": "new", "task": part, "form": form}
    shown = forms_of(outline, part)
    name = "split" if isinstance(form, forms.SplitForm) else "move" if isinstance(form, forms.MoveForm) else "form"
    return shown | {name: form}


def _typed(form) -> list[tuple[str, str]]:
    """Return label and text of everything that was typed."""
    return [(bound.label, str(bound.data)) for bound in form.visible_fields() if bound.data not in (None, "")]


def _onwards(request, row: Intake, outline: Outline, edit: dict) -> HttpResponseRedirect:
    """Go where the correction was made; after something was accepted, to what must be looked at next."""
    waiting, part = outline.waiting, next((edit[name] for name in PARTS if name in edit), "")
    if edit["edit"].startswith("accept"):
        messages.success(request, f"已确认，还有 {len(waiting)} 处待核对。" if waiting else "已全部核对完毕。")
        part = _next_waiting(outline, waiting, part)
    elif edit["edit"] == "split_task":
        part = f"t{outline.last[1]}"
    elif edit["edit"] == "add_section":
        part = f"s{outline.last[0]}"
    elif edit["edit"] == "add_target":
        part = next(one.id for one in outline.targets if one.id.endswith(f".{outline.last[2]}"))
    elif edit["edit"] == "move_task_to":
        part = edit["task"]
    return _back(row, outline, part)


def _next_waiting(outline: Outline, waiting: list[str], part: str) -> str:
    """Return the first part after this one that waits, from the beginning again behind the last."""
    order = [ident for task in outline.tasks for ident in (task.id, *(target.id for target in task.targets))]
    place = order.index(part) if part in order else -1
    left = [ident for ident in [*order[place + 1 :], *order[: place + 1]] if ident in set(waiting)]
    return left[0] if left else part


def _back(row: Intake, outline: Outline, part: str) -> HttpResponseRedirect:
    address = reverse("workplan:intake", args=[row.pk])
    section = outline.section_of_part(part)
    return redirect(f"{address}?section={section.id}#{part}" if section else f"{address}#{part}" if part else address)


@login_required
@require_POST
def intake_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last correction back."""
    return _turned(request, pk, service.undo, "已撤销")


@login_required
@require_POST
def intake_redo(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the correction again that was taken back last."""
    return _turned(request, pk, service.redo, "已重做")


def _turned(request, pk: int, act, word: str) -> HttpResponse:
    params.refuse_unknown(request, [])
    row = visible_intake(request.user, pk)
    try:
        edit = act(intake=row, actor=request.user, version=read_version(request))
    except Refused as refused:
        return _refused(request, row, None, refused.message, 409)
    messages.success(request, f"{word}：{intake_bench.EDITS[edit['edit']].label}。")
    fresh = visible_intake(request.user, pk)
    part = next((edit[name] for name in PARTS if name in edit), "")
    return _back(fresh, service.outline_of(fresh), part)
