"""Stored files on their way out: as attachments under their user's name, never to be opened inside the portal."""

import io

from django.http import FileResponse, Http404


def stored_file(row) -> FileResponse:
    """Return the file of a row with `file`, `name` and `content_type`. Raises Http404 where it has been lost."""
    try:
        stream = row.file.open("rb")
    except FileNotFoundError:
        raise Http404("文件已不在存储中，请联系系统管理员。") from None
    return _attached(stream, row.name, row.content_type)


def sent_file(content: bytes, *, name: str, content_type: str) -> FileResponse:
    """Return what was just made as a download."""
    return _attached(io.BytesIO(content), name, content_type)


def _attached(stream, name: str, content_type: str) -> FileResponse:
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=content_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
