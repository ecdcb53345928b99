"""Registers: the index of those that one may read, and the list of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Right
from accounts.models import OrgUnit
from accounts.scope import get_visible, require_right

from ..errors import Refused
from ..measures import measure_of, rows_behind
from ..models import Record, Target
from ..registers import exporting, notices, search
from ..registers.columns import parts_of
from ..registers.forms import RecordFilter
from ..registers.registry import kept_by, opens, readable, register_or_404, writable_units
from ..registers.tables import RecordTables
from ..sections import section_icon, section_name
from ..ui import format as fmt
from ..ui import params
from ..ui.tables import checked_form, reading_right, render_rows
from ..ui.target_page import PARTS

BEHIND = ("target", "part", "q")  # what the list reads beside its filter
REFUSED = "full-export-refused"  # in the session: what to say at the form of the full export, with what was typed
REASON_LIMIT = 200
OWN = {*BEHIND, "as_of", "export", "sort", "page", "per_page"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One register in the index."""

    title: str
    hint: str
    url: str
    count: str
    own: bool


@login_required
@require_safe
def registers(request):
    """List the registers that the user may read, by section, each with the number of its records in scope."""
    params.refuse_unknown(request, [])
    keeps = kept_by(request.user)
    entries = [
        (model._meta.app_label, _entry(request.user, model, own=model in keeps)) for model in readable(request.user)
    ]
    own = _by_section(pair for pair in entries if pair[1].own)
    others = _by_section(pair for pair in entries if not pair[1].own)
    context = {"sections": own or others, "others": others if own else [], "keeps": bool(own)}
    return render(request, "workplan/registers/index.html", context)


def _entry(user, model: type[Record], *, own: bool) -> Entry:
    return Entry(
        title=str(model._meta.verbose_name),
        hint=model.register.hint,
        url=list_url(model),
        count=fmt.number(model.objects.visible_to(user).kept().count()),
        own=own,
    )


def _by_section(entries: Iterable[tuple[str, Entry]]) -> list[tuple[str, str, str, list[Entry]]]:
    """Return code, name, icon and registers of each section, in order."""
    groups: dict[str, list[Entry]] = {}
    for app, entry in entries:
        groups.setdefault(app, []).append(entry)
    return [(app, section_name(app), section_icon(app), found) for app, found in groups.items()]


def list_url(model: type[Record]) -> str:
    return reverse("workplan:register", args=[model._meta.app_label, model._meta.model_name])


@dataclass(frozen=True, slots=True)
class Listing:
    """What a register's list is asked for: the filter as typed, the rows that pass it, and what they stand behind."""

    on: date
    form: RecordFilter
    rows: QuerySet
    behind: dict | None
    searched: str


def listing_of(request, model: type[Record], right: str) -> Listing:
    """Return the rows on which the user holds the right, filtered, searched, or those behind a number."""
    on = params.as_of(request)
    units = OrgUnit.objects.filter(pk__in=_units_with_rows(request.user, model)).order_by("sort", "code")
    form = checked_form(request, RecordFilter(request.GET, model=model, units=units))
    rows, behind = _rows(request, model, on, right)
    words, searched = search.remembered(request, model)
    rows = rows.filter(words).filter(search.words(model, params.text(request, "q", "关键词")))
    rows = _narrowed(rows, form) if form.is_valid() else rows.none()
    rows = rows.select_related(*_related(model)).prefetch_related(*(f.name for f in model._meta.many_to_many))
    return Listing(on, form, rows.order_by("-happened_on", "-pk"), behind, searched)


@login_required
@require_safe
def register(request, app: str, name: str):
    """List the records of one register, or hand the list out as a file."""
    model = register_or_404(request.user, app, name)
    found = listing_of(request, model, reading_right(request))
    kind = params.choice(request, "export", "导出", exporting.FORMATS)
    if kind and found.form.is_valid():
        params.refuse_unknown(request, {*found.form.fields, *OWN})
        require_right(request.user, Right.EXPORT)
        return exporting.export(request, model, found.rows, on=found.on, kind=kind)
    return render_rows(
        request,
        rows=found.rows,
        form=found.form,
        table_class=RecordTables(model),
        template="workplan/registers/list.html",
        also=BEHIND,
        extra=_page(request, model, found),
    )


@login_required
@require_POST
def register_export(request, app: str, name: str):
    """Hand the list out with full ID numbers and phones: for a reason, every look noted."""
    model = register_or_404(request.user, app, name, Right.REVEAL)
    params.refuse_unknown(request, {"unit", "state", "since", "until", *model.register.filters, *OWN})
    found = listing_of(request, model, Right.EXPORT)
    kind = request.POST.get("kind") if request.POST.get("kind") in exporting.FORMATS else exporting.XLSX
    reason = request.POST.get("reason", "")
    try:
        return exporting.export_in_full(request, model, found.rows, on=found.on, kind=kind, reason=reason)
    except Refused as refused:
        request.session[REFUSED] = {
            "list": list_url(model),
            "message": refused.message,
            "reason": reason[:REASON_LIMIT],
        }
        return redirect(f"{list_url(model)}?{request.GET.urlencode()}")


@login_required
@require_safe
def register_notice(request, app: str, name: str):
    """Hand out the public notice of the rows that the list shows."""
    model = register_or_404(request.user, app, name, Right.EXPORT)
    if not notices.may_publish(request.user, model):
        raise Http404("这个台账没有公示名单。")
    params.refuse_unknown(request, {"unit", "state", "since", "until", *model.register.filters, *OWN})
    found = listing_of(request, model, Right.EXPORT)
    try:
        return notices.publish(request, model, found.rows.counted(), on=found.on)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect(f"{list_url(model)}?{request.GET.urlencode()}")


def _units_with_rows(user, model: type[Record]):
    return model.objects.visible_to(user).kept().order_by().values("org_unit")


def _rows(request, model: type[Record], on, right: str):
    """Return the rows of the list: all that is kept, or those behind the number of a target on the day."""
    visible = model.objects.visible_to(request.user, right)
    pk = params.whole(request, "target", "目标")
    if pk is None:
        return visible.kept(), None
    target = get_visible(Target.objects.select_related("plan__bureau", "task__section"), request.user, pk=pk)
    part = params.choice(request, "part", "口径", PARTS, "counts")
    rows = rows_behind(target, part, model)
    if rows is None:
        raise Http404("这个目标不由该台账计算。")
    found = visible.filter(pk__in=rows.in_force(on).order_by().values("pk"))
    return found, {"target": target, "part": PARTS[part], "label": measure_of(target).label, "on": on}


def _narrowed(rows, form: RecordFilter):
    rows = rows.filter(**form.conditions())
    if form.cleaned_data["unit"]:
        unit = OrgUnit.objects.get(pk=form.cleaned_data["unit"])
        rows = rows.filter(org_unit__path__startswith=unit.path)
    return rows


def _related(model: type[Record]) -> list[str]:
    """Return the relations that the list shows, so that rows bring them along."""
    return [f.name for f in model._meta.concrete_fields if f.is_relation and f.name in {*model.register.fields}]


def _refused_export(request, model: type[Record]) -> dict:
    """Return, once, why the last full export of this register was refused; {} where it was not."""
    found = request.session.get(REFUSED, {})
    return request.session.pop(REFUSED) if found.get("list") == list_url(model) else {}


def _empty_hint(found: Listing, may_write: bool) -> str:
    """Return what to do next where the list has no rows."""
    if found.searched:
        return "没有找到这个人的记录，可以清除查找，或换用姓名、拼音首字母再找。"
    if found.behind:
        return "截至这一天，还没有记录计入这个数字。"
    if may_write:
        return "点“登记”逐条添加，或点“导入”一次录入整份表格。"
    return "由负责的单位登记后，会显示在这里。"


def _page(request, model: type[Record], found: Listing) -> dict:
    behind = found.behind
    may_write = writable_units(request.user, model, Right.RECORD_WRITE).exists()
    return {
        "model": model,
        "title": model._meta.verbose_name,
        "hint": model.register.hint,
        "section": section_name(model._meta.app_label),
        "may_write": may_write,
        "empty_hint": _empty_hint(found, may_write),
        "behind": behind,
        "personal": search.personal_search(model) is not None,
        "searched": found.searched,
        "may_reveal": bool(parts_of(model)) and opens(request.user, model, Right.REVEAL),
        "refused": _refused_export(request, model),
        "may_publish": notices.may_publish(request.user, model),
        "query": request.GET.urlencode(),
        "names": {"app": model._meta.app_label, "name": model._meta.model_name},
        "crumbs": [("台账", reverse("workplan:registers")), (str(model._meta.verbose_name), None)],
        "list_keep": {"target": behind["target"].pk, "part": request.GET.get("part", "")} if behind else {},
    }


@login_required
@require_POST
def register_search(request, app: str, name: str):
    """Search a register by the people it is about: the words stay in the session, never in the address."""
    model = register_or_404(request.user, app, name)
    text = request.POST.get("q", "")[: params.TEXT_LIMIT]
    if search.personal_search(model) is not None and params.printable(text):
        search.remember(request, model, text)
    return redirect(list_url(model))
