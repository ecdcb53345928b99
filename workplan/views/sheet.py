"""The monthly sheet: one page for all that a unit reports in a period, saved cell by cell, handed in at once."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Right
from accounts.models import OrgUnit
from accounts.scope import get_visible, require_right

from .. import clock
from ..completeness import reporting_period
from ..errors import Refused
from ..forms import initial_of, is_id
from ..lines import shown
from ..models import Allocation, Period, ProgressReport, Target, Task
from ..rules.entries import Level
from ..services import sheet as service
from ..services.reports import start_report
from ..services.sheet import Kept, Left
from ..sheet_forms import STRANGE, SheetForm, typed_in
from ..ui import extensions, params, signing
from ..ui import format as fmt
from .common import chosen_plan
from .report_files import UPLOAD, store_uploads
from .reports import note_refusal
from .sheet_page import WRONG, Part, Row, Sheet, read_again, read_rows, read_sheet

PAGE = "workplan/sheet.html"
PREFIXES = ("entry-", "text-")


@login_required
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """Show the sheet of the unit and period that the address names, else of the user's own unit and the running period."""
    units = _units(request.user)
    unit, period = chosen_sheet(request, units)
    if unit is None or period is None:
        return render(request, PAGE, {"units": units, "unit": unit, "plan": chosen_plan(request, clock.today())})
    return render(request, PAGE, _page(request, read_sheet(request.user, unit, period), units=units))


def chosen_sheet(request, units: QuerySet[OrgUnit] | None = None) -> tuple[OrgUnit | None, Period | None]:
    """Return which sheet the address means, None for what there is not. Raises PermissionDenied without the right to report.

    units: those that the user writes for, where the caller shows them too.
    """
    require_right(request.user, Right.REPORT_WRITE)
    params.refuse_unknown(request, ["unit", "period"])
    unit = _chosen_unit(request, _units(request.user) if units is None else units)
    return unit, _chosen_period(request, chosen_plan(request, clock.today()))


def _units(user) -> QuerySet[OrgUnit]:
    """Return the units that the user writes for: the own ones, and those that have something to report."""
    units = OrgUnit.objects.visible_to(user, Right.REPORT_WRITE).valid_on(clock.today())
    wanted = Q(pk__in=Allocation.objects.values("org_unit")) | Q(pk__in=[unit.pk for unit in user.home_units])
    return units.filter(wanted).order_by("sort", "code")


def _chosen_unit(request, units: QuerySet[OrgUnit]) -> OrgUnit | None:
    pk = params.whole(request, "unit", "单位")
    if pk:
        return get_visible(OrgUnit.objects, request.user, Right.REPORT_WRITE, pk=pk)
    home = {unit.pk for unit in request.user.home_units}
    return next((unit for unit in units if unit.pk in home), next(iter(units), None))


def _chosen_period(request, plan) -> Period | None:
    pk = params.whole(request, "period", "报告期")
    if pk:
        return get_visible(Period.objects.select_related("plan__bureau"), request.user, pk=pk)
    found = reporting_period(plan, clock.today()) if plan else None
    if found:
        found.plan = plan
    return found


def _page(request, sheet: Sheet, **more) -> dict:
    today = clock.today()
    periods = Period.objects.filter(plan=sheet.plan, start__lte=today).order_by("-start")
    return {
        "sheet": sheet,
        "unit": sheet.unit,
        "plan": sheet.plan,
        "units": _units(request.user),
        "periods": list(periods),
        "days_left": fmt.days_left(sheet.period.due, today),
        "upload": UPLOAD,
        "extensions": extensions.asked_by_unit(request.user, sheet.unit, sheet.period, today),
        "may_extend": sheet.counts["owed"] > 0 and sheet.period.due >= today,
        "unsigned": signing.unsigned(request.user, today, [sheet.unit]),
        **more,
    }


# --- saving ---


@login_required
@require_POST
def sheet_save(request: HttpRequest) -> HttpResponse:
    """Store what was posted: some cells from the page's script, or the whole form where there is none.

    Answers what became of each row, 422 where something could not be stored, 409 where somebody else was faster.
    """
    unit, period, _ = asked_sheet(request)
    if request.headers.get("Accept") == "application/json":
        named = _named(request, period)
        posted, kept = _store(request, unit, period, named)
        now = _as_stored(request.user, posted, kept, named)
        return JsonResponse(_told(posted, now, kept), status=_status(posted, kept))
    posted, kept = _store(request, unit, period)
    if _status(posted, kept) == 200:
        messages.success(request, "已保存。")
        return redirect(sheet_url(unit, period))
    return _not_stored(request, posted, kept)


@dataclass(frozen=True, slots=True)
class Named:
    """The tasks, and the rows by target id, of which something was posted: the page's script sends some, and no others are read."""

    tasks: list[Task]
    targets: frozenset[int]


def _as_stored(user, posted: Sheet, kept: dict[int, Kept], named: Named) -> Sheet:
    """Return what is stored by now; read anew where a task took no writing: somebody else may have handed it in meanwhile."""
    if any(one.refused for one in kept.values()):
        return read_rows(user, posted.unit, posted.period, None, tasks=named.tasks, targets=named.targets)
    return read_again(user, posted, kept)


def _named(request, period: Period) -> Named:
    posted = [name.split("-")[:2] for name in request.POST if name.startswith(PREFIXES)]
    targets = frozenset(int(pk) for kind, pk in posted if kind == "entry" and is_id(pk))
    tasks = {int(pk) for kind, pk in posted if kind == "text" and is_id(pk)}
    meant = Q(pk__in=tasks) | Q(pk__in=Target.objects.filter(pk__in=targets).values("task"))
    found = list(Task.objects.filter(meant, plan=period.plan_id).order_by("number").select_related("section"))
    for task in found:
        task.plan = period.plan
    return Named(found, targets)


def _store(request, unit: OrgUnit, period: Period, named: Named | None = None) -> tuple[Sheet, dict[int, Kept]]:
    """Store what was posted; return the sheet with it, all or what was named, and by task what became of it."""
    where = request.user, unit, period, request.POST
    posted = read_rows(*where, tasks=named.tasks, targets=named.targets) if named else read_sheet(*where)
    _refuse_foreign(request, posted)
    return posted, {part.task.pk: kept for part in posted.parts if (kept := _save(request.user, part, posted))}


def _status(posted: Sheet, kept: dict[int, Kept]) -> int:
    """Return 422 where something could not be read or stored, 409 where somebody else was faster, else 200."""
    if _unsaved(posted, kept):
        return 422
    return 409 if any(one.conflicts or one.text_conflicts for one in kept.values()) else 200


def _not_stored(request, posted: Sheet, kept: dict[int, Kept]) -> HttpResponse:
    """Show the form as it was posted, with what is wrong at its place and what somebody else had stored."""
    _show(posted, kept)
    page = _page(request, posted, conflicts=_named_conflicts(posted, kept))
    return render(request, PAGE, page, status=_status(posted, kept))


def asked_sheet(request) -> tuple[OrgUnit, Period, bool]:
    """Return which sheet a form means, and whether warnings were confirmed. Raises BadRequest, Http404, PermissionDenied."""
    asked = SheetForm(request.POST)
    if not asked.is_valid():
        raise BadRequest(STRANGE)
    try:
        unit = get_visible(OrgUnit.objects, request.user, Right.REPORT_WRITE, pk=asked.cleaned_data["unit"])
        periods = Period.objects.select_related("plan__bureau")
        period = get_visible(periods, request.user, pk=asked.cleaned_data["period"])
    except (Http404, PermissionDenied):
        note_refusal(request, "在填报表中指定了无权填报的单位或报告期。")
        raise
    return unit, period, asked.cleaned_data["confirmed"]


def _refuse_foreign(request, sheet: Sheet) -> None:
    """Raise Http404 for inputs of rows that this sheet does not have; those of a part that is closed by now are told so."""
    known = {f"entry-{row.pk}-" for row in sheet.rows} | {f"text-{part.task.pk}-" for part in sheet.parts}
    named = [name for name in request.POST if name.startswith(PREFIXES)]
    if any("-".join(name.split("-")[:2]) + "-" not in known for name in named):
        note_refusal(request, "提交了不属于这张填报表的填报项。")
        raise Http404


def _save(user, part: Part, sheet: Sheet) -> Kept | None:
    if part.texts is None:
        return None
    typed = typed_in(part.entries, part.texts)
    if typed is None:
        return None
    return service.save_typed(task=part.task, org_unit=sheet.unit, period=sheet.period, actor=user, typed=typed)


def _unsaved(sheet: Sheet, kept: dict[int, Kept]) -> bool:
    """Say whether something that was posted could not be read or stored."""
    unread = any(
        inputs.errors for part in sheet.parts for inputs in [*part.entries, *([part.texts] if part.texts else [])]
    )
    return unread or any(one.problems or one.refused for one in kept.values())


def _show(sheet: Sheet, kept: dict[int, Kept]) -> None:
    """Put what could not be read or stored at its fields, on the form as it was posted."""
    for part in sheet.parts:
        found = kept[part.task.pk].problems if part.task.pk in kept else {}
        for row in part.rows:
            if row.inputs and row.pk in found:
                row.inputs.problems = found[row.pk]
            if row.inputs and (row.inputs.errors or row.pk in found):
                row.mark = WRONG


def _named_conflicts(sheet: Sheet, kept: dict[int, Kept]) -> list[str]:
    """Return for a page without script what somebody else had stored and was kept."""
    found = []
    for part in sheet.parts:
        one = kept.get(part.task.pk)
        for row in part.rows if one else []:
            for name in sorted(one.conflicts.get(row.pk, ())):
                found.append(f"{row.code} {row.measure}：{row.inputs.labels[name]}")
        if one and one.text_conflicts:
            found.append(f"{part.task}：文字说明")
        if one and one.refused:
            found.append(f"{part.task}：{one.refused.message}")
    return found


def _told(posted: Sheet, fresh: Sheet, kept: dict[int, Kept]) -> dict:
    """Return what the page's script is told of the tasks that it has sent something of."""
    rows, parts = {}, {}
    now = {part.task.pk: part for part in fresh.parts}
    for sent in posted.parts:
        found, part = kept.get(sent.task.pk), now.get(sent.task.pk)
        touched = [row for row in sent.rows if row.inputs and row.inputs.posted]
        if part is None or not (touched or (sent.texts and sent.texts.posted)):
            continue
        stored = {row.pk: row for row in part.rows}
        for row in touched:
            rows[str(row.pk)] = _row_told(row, stored.get(row.pk), found)
        parts[str(sent.task.pk)] = _part_told(sent, part, found)
    return {"rows": rows, "parts": parts}


def _row_told(sent: Row, stored: Row | None, kept: Kept | None) -> dict:
    problems = [] if kept is None else kept.problems.get(sent.pk, [])
    unread = {name: list(errors) for name, errors in sent.inputs.errors.items()}
    wrong, now = bool(unread or problems), stored or sent
    found = problems or ([] if unread or not stored else stored.problems)
    return {
        "stored": not wrong and not (kept and kept.refused),
        "mark": _mark_told(WRONG if wrong else now.mark),
        "open": wrong or now.is_open,
        "before": {one.name: one.value for one in stored.inputs.before} if stored and stored.inputs else {},
        "problems": [
            *(
                {"name": name, "level": Level.ERROR.value, "text": text}
                for name, texts in unread.items()
                for text in texts
            ),
            *({"name": one.field, "level": one.level.value, "text": one.message} for one in found),
        ],
        "conflicts": {
            name: shown(initial_of(stored.inputs.entry)[name])
            for name in (kept.conflicts.get(sent.pk, ()) if kept and stored and stored.inputs else ())
        },
    }


def _part_told(sent: Part, stored: Part, kept: Kept | None) -> dict:
    report = stored.report
    conflicts = kept.text_conflicts if kept else ()
    return {
        "mark": _mark_told(stored.mark),
        "refused": kept.refused.message if kept and kept.refused else stored.refused,
        "report": stored.report_url,
        "before": {one.name: one.value for one in stored.texts.before} if stored.texts else {},
        "errors": {name: list(found) for name, found in sent.texts.errors.items()} if sent.texts else {},
        "conflicts": {name: getattr(report, name) for name in conflicts},
    }


def _mark_told(mark) -> dict[str, str]:
    return {"word": mark.word, "tone": mark.tone, "path": mark.path}


def sheet_url(unit: OrgUnit, period: Period, name: str = "sheet") -> str:
    """Return the address of the sheet, or of another page about it."""
    return f"{reverse(f'workplan:{name}')}?{urlencode({'unit': unit.pk, 'period': period.pk})}"


# --- evidence ---


@login_required
@require_POST
def sheet_evidence(request: HttpRequest) -> HttpResponse:
    """Store the files chosen for one task, and what else was typed; a task that was not begun yet begins with its files."""
    unit, period, _ = asked_sheet(request)
    task = get_visible(Task.objects, request.user, pk=_task_asked(request))
    posted, kept = _store(request, unit, period)
    try:
        report = start_report(task=task, org_unit=unit, period=period, actor=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        _store_files(request, report)
    if _status(posted, kept) != 200:
        return _not_stored(request, posted, kept)
    return redirect(f"{sheet_url(unit, period)}#task-{task.pk}")


def _task_asked(request) -> int:
    if not is_id(asked := request.POST.get("task", "")):
        raise BadRequest(STRANGE)
    return int(asked)


def _store_files(request, report: ProgressReport) -> None:
    of = f"-{report.task_id}"
    if not request.FILES.getlist(f"files{of}"):
        messages.warning(request, "请先选择要上传的文件。")
    elif not store_uploads(request, report, of=of):
        messages.success(request, "文件已上传。")


# --- handing in ---


@login_required
@require_POST
def sheet_submit(request: HttpRequest) -> HttpResponse:
    """Store what was typed and hand in what is ready; what stays is named with what to do about it."""
    unit, period, confirmed = asked_sheet(request)
    posted, kept = _store(request, unit, period)
    if _status(posted, kept) != 200:
        return _not_stored(request, posted, kept)
    done, left = service.hand_in_sheet(org_unit=unit, period=period, actor=request.user, confirmed=confirmed)
    if done:
        messages.success(request, f"已提交 {len(done)} 项任务，等待科室审核。")
    if not left:
        if not done:
            messages.info(request, "本期没有待提交的任务。")
        return redirect(sheet_url(unit, period))
    fresh = read_sheet(request.user, unit, period)
    problems = {pk: found for one in left for pk, found in one.problems.items()}
    for row in fresh.rows:
        if row.inputs and row.pk in problems:
            row.inputs.problems = row.problems = problems[row.pk]
    page = _page(request, fresh, left=[_left(one, fresh) for one in left], doubtful=any(one.doubtful for one in left))
    return render(request, PAGE, page, status=422)


def _left(left: Left, sheet: Sheet) -> dict:
    """Return a task that stays, with the address and words of each thing to be done."""
    codes = {row.pk: row for row in sheet.rows}
    points = [
        (f"id_entry-{pk}-{problem.field}", codes[pk].code, problem.message)
        for pk, found in left.problems.items()
        for problem in found
    ]
    return {"task": left.task, "reason": left.reason, "points": points, "doubtful": left.doubtful}
