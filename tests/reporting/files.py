"""Uploads for tests, made from bytes: honest ones, and those that pretend."""

import io
import zipfile
from collections.abc import Iterable

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 32
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
DOCX_TYPES = b'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.main+xml"/></Types>'
MACRO_TYPES = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'


def pdf(*texts: str) -> bytes:
    """Return a PDF with one A4 page for each text, of letters that Helvetica has."""
    font = "<</Font<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    drawn = [f"BT /F 48 Tf 72 700 Td ({text}) Tj ET" for text in texts]
    return _paper([(words, font) for words in drawn])


def docx(*lines: str, rows: Iterable[Iterable[str]] = ()) -> bytes:
    """Return a Word document of these paragraphs, with a table of `rows` behind them."""
    document, stream, rows = Document(), io.BytesIO(), [list(row) for row in rows]
    for line in lines:
        document.add_paragraph(line)
    if rows:
        table = document.add_table(0, len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    document.save(stream)
    return stream.getvalue()


def xlsx(*rows: Iterable) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return stream.getvalue()


def locked_pdf() -> bytes:
    """Return a PDF that opens with a password only: one that nobody knows."""
    owner = "0" * 64
    lock = f"/Encrypt<</Filter/Standard/V 1/R 2/O<{owner}>/U<{owner}>/P -4>>/ID[<00><00>]"
    return _paper([("", "<<>>")], trailer=lock)


def heavy_pdf() -> bytes:
    """Return a small PDF whose page draws a form ten times, which draws the next one ten times, nine forms deep."""
    again, deep = "/X Do " * 10, 9
    forms = [
        _stream(
            again if at < deep - 1 else "0 0 m 500 800 l S",
            f"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources{_form(at + 1)}",
        )
        for at in range(deep)
    ]
    return _paper([(again, _form(0))], more=forms)


def _form(place: int) -> str:
    return f"<</XObject<</X {5 + place} 0 R>>>>"  # behind catalogue, pages, the one page and what it draws


def _stream(content: str, entries: str = "") -> str:
    return f"<<{entries}/Length {len(content)}>>stream\n{content}\nendstream"


def _paper(drawn: list[tuple[str, str]], *, more: Iterable[str] = (), trailer: str = "") -> bytes:
    """Return a PDF of these pages, each with what it draws and its resources; `more` are the objects behind them."""
    pages = " ".join(f"{3 + 2 * place} 0 R" for place in range(len(drawn)))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{pages}]/Count {len(drawn)}>>"]
    for place, (content, resources) in enumerate(drawn):
        page = f"/Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {4 + 2 * place} 0 R/Resources{resources}"
        objects += [f"<<{page}>>", _stream(content)]
    body, starts = "%PDF-1.7\n", []
    for number, text in enumerate([*objects, *more], start=1):
        starts.append(len(body))
        body += f"{number} 0 obj{text}endobj\n"
    size = len(starts) + 1
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Root 1 0 R/Size {size}{trailer}>>\nstartxref\n{len(body)}\n%%EOF"
    return (body + end).encode()


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
