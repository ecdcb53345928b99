"""The one pattern of every list: filter, sort, page, export, and the table alone for htmx.

A page calls `render_list` with a QuerySet and a FilterSet, or `render_rows` with rows that are computed. The template
extends base.html and includes `components/_filters.html` and `components/_table.html`; the latter is also what htmx
gets, from the same view and the same context.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import django_tables2 as tables
from django.core.paginator import EmptyPage
from django.forms import BaseForm, CheckboxInput, Select, SelectMultiple
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from accounts import audit
from accounts.enums import Right
from accounts.scope import require_right

from .. import clock
from . import format as fmt
from . import params, xlsx

PER_PAGE = (25, 50, 100)
FRAGMENT = "components/_table.html"
OWN = {"sort", "page", "per_page", "export", "as_of"}
XLSX = "xlsx"


class NumberColumn(tables.Column):
    """A number, right-aligned; exported as a number."""

    attrs = {"td": {"class": "num"}, "th": {"class": "num"}}

    def render(self, value):
        return fmt.number(value)

    def value(self, value):
        return value


class PercentColumn(NumberColumn):
    """A percentage (of the goal or of units)."""

    def render(self, value):
        return fmt.percent(value)

    def value(self, value):
        return one_place(value)


def one_place(value):
    """Return a percentage for exports: a number with one place."""
    return value.quantize(Decimal("0.1")) if isinstance(value, Decimal) else value


class DayColumn(tables.Column):
    """A day as 2024-10-15; exported as a date."""

    attrs = {"td": {"class": "day"}}

    def render(self, value):
        return fmt.day(value)

    def value(self, value):
        return value


class MarkColumn(tables.Column):
    """A `marks.Mark`: shape and word on the page, the word in exports."""

    def render(self, value):
        return value.html

    def value(self, value):
        return value.word


class ListTable(tables.Table):
    """Base of all lists. A subclass names its columns and sets `title`, which also names exports.

    Sort keys are the names of orderable columns and nothing else. A `render_x` that returns markup needs a `value_x`
    for exports.
    """

    title = "列表"
    page_size = PER_PAGE[0]
    act_template = ""  # of a form that acts on the rows of the page shown

    class Meta:
        attrs = {"class": "list"}
        template_name = "components/table.html"
        order_by_field = "sort"
        empty_text = "没有符合条件的内容。"
        default = fmt.MISSING


def reading_right(request) -> Right:
    """Return the right that the rows of this request are read with: leaving the portal takes more than looking."""
    return Right.EXPORT if request.GET.get("export") else Right.VIEW


def render_list(request, *, queryset, table_class, filterset_class=None, template, extra=None, also=()) -> HttpResponse:
    """Answer a list of database rows. `queryset` is a ScopedQuerySet that is limited to the visible rows here."""
    visible = queryset.visible_to(request.user, reading_right(request))
    if filterset_class is None:
        form, rows = None, visible
    else:
        form, rows = _filtered(request, filterset_class, visible)
    return render_rows(
        request, rows=rows, form=form, table_class=table_class, template=template, extra=extra, also=also
    )


def _filtered(request, filterset_class, visible):
    filterset = filterset_class(request.GET or None, queryset=visible, request=request)
    form = checked_form(request, filterset.form)
    return form, filterset.qs if form.is_valid() or not form.is_bound else visible.none()


def checked_form(request, form: BaseForm) -> BaseForm:
    """Dress the filter form and raise for texts that no control can produce (over-long, control characters)."""
    for name, field in form.fields.items():
        params.text(request, name, str(field.label or name))
        _dress(field.widget)
        if "invalid_choice" in field.error_messages:  # Django's own repeats what was sent
            field.error_messages["invalid_choice"] = "没有这一选项，请重新选择。"
    return form


def _dress(widget) -> None:
    kinds = {Select: "form-select", SelectMultiple: "form-select", CheckboxInput: "form-check-input"}
    css = next((name for kind, name in kinds.items() if isinstance(widget, kind)), "form-control")
    widget.attrs["class"] = f"{widget.attrs.get('class', '')} {css}".strip()


def render_rows(
    request, *, rows, table_class, template, form: BaseForm | None = None, extra=None, also=()
) -> HttpResponse:
    """Answer a list of computed rows, or of a QuerySet that is limited to the visible already.

    Answers 400 with the message at the control for a bad filter, raises BadParameter for a bad sort key or page.
    rows: may be a function, called once the parameters are found good; also: further parameters that the page reads.
    """
    refused = form is not None and form.is_bound and not form.is_valid()
    asked = _asked(request, table_class, {*also, *(form.fields if form else ())})
    table = _sorted(request, table_class, [] if refused else rows() if callable(rows) else rows, asked.sort)
    if asked.export and not refused:
        return _export(request, table)
    _paged(table, asked)
    context = {
        "table": table,
        "row_count": fmt.number(table.paginator.count),
        "filters": form,
        "filtering": bool(form and any(request.GET.get(name) for name in form.fields)),
        "per_page": asked.per_page,
        "page_sizes": PER_PAGE,
        "may_export": request.user.may(Right.EXPORT),
        "list_clear": request.path + params.carry(request),
        **(extra or {}),
    }
    partial = request.htmx and not request.htmx.history_restore_request
    response = render(request, FRAGMENT if partial else template, context, status=400 if refused else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list was asked for besides its filter."""

    sort: str
    page: int
    per_page: int
    export: bool


def _asked(request, table_class, known: set[str]) -> Asked:
    """Read the parameters that every list has. Raises BadParameter for those that nobody offered."""
    params.refuse_unknown(request, OWN | known)
    params.as_of(request)
    columns = table_class.base_columns.items()
    keys = [name for name, column in columns if column.orderable is not False and column.visible]
    sizes = [str(size) for size in PER_PAGE]
    return Asked(
        sort=params.choice(request, "sort", "排序", keys + [f"-{key}" for key in keys]),
        page=params.whole(request, "page", "页码", default=1),
        per_page=int(params.choice(request, "per_page", "每页条数", sizes, str(table_class.page_size))),
        export=bool(params.choice(request, "export", "导出", [XLSX])),
    )


def _sorted(request, table_class, rows, wanted: str) -> ListTable:
    """Return the table in order; equal rows of a QuerySet follow by primary key, so that pages are stable."""
    table = table_class(rows)  # not with `request=`: that would sort and page by whatever the request says
    table.request = request
    if wanted:
        table.order_by = wanted
    query = getattr(table.data.data, "query", None)
    if wanted and query is not None:
        table.data.data = table.data.data.order_by(*query.order_by, "pk")
    return table


def _paged(table: ListTable, asked: Asked) -> None:
    try:
        table.paginate(page=asked.page, per_page=asked.per_page)
    except EmptyPage:
        raise params.BadParameter("page", "页码", f"没有第 {asked.page} 页。") from None
    shown = table.paginator.get_elided_page_range(asked.page, on_each_side=1, on_ends=1)
    table.page_numbers = [page if isinstance(page, int) else None for page in shown]


def _export(request, table: ListTable) -> HttpResponse:
    """Send every row that matches the filter as a spreadsheet, and say so in the audit log."""
    require_right(request.user, Right.EXPORT)
    on = params.as_of(request)
    header, *rows = table.as_values(exclude_columns=("actions",))
    asked = {name: value for name, value in request.GET.items() if name not in ("export", "page", "per_page")}
    audit.record(
        action="data.export",
        actor=request.user,
        after={"list": table.title, "rows": len(rows), "as_of": on.isoformat(), "filter": asked},
        note=table.title,
    )
    stream = xlsx.workbook(title=table.title, on=on, user=request.user, header=header, rows=rows)
    return xlsx.attachment(stream, f"{table.title}-{clock.today():%Y%m%d}.xlsx")


def keyed_choices(pairs: Iterable[tuple]) -> list[tuple[str, str]]:
    """Return choices with text keys, as query strings have them."""
    return [(str(key), str(label)) for key, label in pairs]
