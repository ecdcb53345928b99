"""Uploads for tests, made from bytes: honest ones, and those that pretend."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 32
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
DOCX_TYPES = b'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.main+xml"/></Types>'
MACRO_TYPES = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def archive(*, types: bytes = DOCX_TYPES, part: str = "word/document.xml", **more: bytes) -> bytes:
    """Return a zip with the given main part and content types; `more` adds members (`__` stands for `/`)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", types)
        package.writestr(part, "<document/>")
        for name, content in more.items():
            package.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def declaring(size: int) -> bytes:
    """Return an archive whose directory claims that a member unpacks to `size` bytes."""
    honest = archive()
    at = honest.rfind(b"PK\x01\x02")
    return honest[: at + 24] + size.to_bytes(4, "little") + honest[at + 28 :]


def encrypted() -> bytes:
    """Return an archive whose last member is marked as encrypted."""
    honest = bytearray(archive())
    honest[honest.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(honest)
