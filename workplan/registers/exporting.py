"""Whole registers into files: streamed, so that a hundred thousand rows take no more memory than a thousand."""

from collections.abc import Callable, Iterator
from itertools import islice
from tempfile import TemporaryFile
from typing import Any

from django.db import transaction
from django.http import FileResponse

from accounts import audit, sheets
from accounts.enums import Right

from .. import clock
from ..errors import Refused
from ..models import Record
from ..ui.xlsx import CONTENT_TYPE, attachment, provenance
from .columns import columns_of, parts_of
from .registry import opens
from .rows import related_of
from .tables import mark_of

XLSX, CSV = "xlsx", "csv"
FORMATS = (XLSX, CSV)
CHUNK = 2000
CHECKED = "核查"


def export(request, model: type[Record], rows, *, on, kind: str) -> FileResponse:
    """Send the rows with people masked, and say so in the log."""
    return _send(request, model, rows, on=on, kind=kind)


def export_in_full(request, model: type[Record], rows, *, on, kind: str, reason: str) -> FileResponse:
    """Send the rows with full numbers: with the right to see each of them, for a reason, each look noted.

    Raises Refused without the right, without a reason, or above what a user may take away in a day.
    """
    parts = parts_of(model)
    if not parts or not opens(request.user, model, Right.REVEAL):
        raise Refused("您没有导出完整号码的权限。", code="forbidden")
    rows = rows.filter(pk__in=model.objects.visible_to(request.user, Right.REVEAL).values("pk"))
    with transaction.atomic():
        for name, part in parts.items():
            part.note_full_export(rows, name, request.user, reason)
        return _send(request, model, rows, on=on, kind=kind, full_for=reason)


def _send(request, model, rows, *, on, kind: str, full_for: str = "") -> FileResponse:
    stream, title, full = TemporaryFile(), str(model._meta.verbose_name), bool(full_for)  # noqa: SIM115  (the response closes it)
    readers = [(column.source, column.full_cell if full else column.cell) for column in columns_of(model)]
    header = [column.label for column in columns_of(model)] + [CHECKED]
    lines = provenance(title=title, on=on, user=request.user)
    if full:
        lines.append(f"含完整个人信息，仅限办理业务使用。用途：{full_for}")
    write = sheets.write_xlsx_stream if kind == XLSX else sheets.write_csv_stream
    written = write(stream, header=header, rows=_cells(rows, readers, full), lines=lines)
    stream.seek(0)
    asked = {name: value for name, value in request.GET.items() if name not in ("export", "page", "per_page")}
    after = {"list": title, "rows": written, "as_of": on.isoformat(), "filter": asked, "full": full}
    audit.record(action="data.export", actor=request.user, after=after, note=full_for or title)
    response = attachment(stream, f"{title}-{clock.today():%Y%m%d}.{kind}")
    response["Content-Type"] = CONTENT_TYPE if kind == XLSX else "text/csv; charset=utf-8"
    return response


def _cells(rows, readers: list[tuple[str, Callable]], full: bool) -> Iterator[list[Any]]:
    """Yield what the readers make of the fields that they name, and what spot checks have shown."""
    names = list(dict.fromkeys(name for name, _ in readers))
    places = [(read, names.index(name)) for name, read in readers]
    for chunk in _values(rows, names, full):
        yield from ([read(row[at]) for read, at in places] + [mark_of(*row[-2:]).word] for row in chunk)


def _values(rows, names: list[str], full: bool) -> Iterator[list[list]]:
    """Yield, a chunk at a time, the values of the fields, then state and day of verification. No record is made: only what
    records point at is, once for all those of the chunk that point at it.
    """
    fields = [rows.model._meta.get_field(name) for name in names]
    stored = ["pk" if field.many_to_many else field.attname for field in fields]
    plain = rows.select_related(None).prefetch_related(None).values_list(*stored, "state", "verified_on")
    values = plain.iterator(chunk_size=CHUNK)
    while chunk := [list(row) for row in islice(values, CHUNK)]:
        for at, field in enumerate(fields):
            if field.is_relation:
                found = related_of(field, {row[at] for row in chunk}, full=full)
                for row in chunk:
                    row[at] = found.get(row[at])
        yield chunk
