"""Spreadsheets that leave the portal: what users typed stays text, and the sheet says what it is and who took it."""

from collections.abc import Iterable
from datetime import date
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString

from accounts import sheets

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(*, title: str, on: date, user, header: list[str], rows: Iterable[list[Any]]):
    """Return an open temporary file with one sheet: title, day and who exported it, header, rows."""
    stream = TemporaryFile()  # noqa: SIM115  (the response closes it)
    sheets.write_xlsx_stream(
        stream,
        header=header,
        rows=([_unmarked(value) for value in row] for row in rows),
        lines=provenance(title=title, on=on, user=user),
    )
    stream.seek(0)
    return stream


def provenance(*, title: str, on: date, user) -> list[str]:
    """Return the lines over an export's header."""
    taken_by = f"{user}（{user.get_username()}）"
    taken_at = f"{timezone.localtime(timezone.now()):%Y-%m-%d %H:%M}"
    return sheets.provenance(title=title, as_of=on, taken_by=taken_by, taken_at=taken_at)


def _unmarked(value: Any) -> Any:
    return strip_tags(value) if isinstance(value, SafeString) else value


def attachment(stream, name: str) -> FileResponse:
    """Return the file as a download that no cache keeps."""
    response = FileResponse(stream, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response
