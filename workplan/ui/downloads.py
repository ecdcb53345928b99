"""Stored files on their way out: as attachments under their user's name, or to be looked at, and never with any power over the portal."""

import io

from django.http import FileResponse, Http404

# What every browser shows by itself, in a sandbox and without running anything of it.
SHOWABLE = frozenset({"image/jpeg", "image/png", "text/plain"})


def stored_file(row) -> FileResponse:
    """Return the file of a row with `file`, `name` and `content_type`. Raises Http404 where it has been lost."""
    return _sent(_opened(row), row.name, row.content_type)


def shown_file(row) -> FileResponse:
    """Return the file to be looked at in the browser. Raises Http404 where it has been lost, and for what browsers do not show."""
    if row.content_type not in SHOWABLE:
        raise Http404("这种文件不能预览，请下载后打开。")
    return _sent(_opened(row), row.name, row.content_type, as_attachment=False)


def content_of(row) -> bytes:
    """Return what is in the file of a row. Raises Http404 where it has been lost."""
    with _opened(row) as stored:
        return stored.read()


def _opened(row):
    try:
        return row.file.open("rb")
    except FileNotFoundError:
        raise Http404("文件已不在存储中，请联系系统管理员。") from None


def sent_file(content: bytes, *, name: str, content_type: str) -> FileResponse:
    """Return what was just made as a download."""
    return _sent(io.BytesIO(content), name, content_type)


def shown_picture(content: bytes, *, content_type: str) -> FileResponse:
    """Return a picture that was just drawn, to be looked at."""
    return _sent(io.BytesIO(content), "", content_type, as_attachment=False)


def _sent(stream, name: str, content_type: str, *, as_attachment: bool = True) -> FileResponse:
    response = FileResponse(stream, as_attachment=as_attachment, filename=name, content_type=content_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
