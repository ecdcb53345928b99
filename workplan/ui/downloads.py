"""Stored files on their way out: as attachments under their user's name, never to be opened inside the portal."""

from django.http import FileResponse, Http404


def stored_file(row) -> FileResponse:
    """Return the file of a row with `file`, `name` and `content_type`. Raises Http404 where it has been lost."""
    try:
        stream = row.file.open("rb")
    except FileNotFoundError:
        raise Http404("文件已不在存储中，请联系系统管理员。") from None
    response = FileResponse(stream, as_attachment=True, filename=row.name, content_type=row.content_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
