"""Evidence files: what may be uploaded, how it is stored and handed out."""

import codecs
import hashlib
import re
import struct
import unicodedata
import zipfile
import zlib
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts import audit

from ..enums import ReportAction
from ..errors import Refused
from ..models import Evidence, ProgressReport, Target
from ..workflow import held_rights, refusal

# Extension → MIME type under which it is handed out. Office files with macros are left out on purpose.
TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".ofd": "application/ofd",  # GB/T 33190, the format of official documents
    ".txt": "text/plain",
}
ACCEPT = ",".join(["image/jpeg", "image/png", *TYPES])  # what a file input offers; phones take a photo for it
OOXML_PART = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}
OFD_PART = "OFD.xml"
MAGIC = {".pdf": b"%PDF-", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".png": b"\x89PNG\r\n\x1a\n"}
MAX_FILES_PER_REPORT = 20
MAX_DIRECTORY_BYTES = 2**20  # a zip directory is read into memory; honest Office files need a few kilobytes
END_OF_ARCHIVE = struct.Struct("<4s4H2LH")  # APPNOTE.TXT 4.3.16: signature, disks and counts, size, offset, comment
# A "text" that a browser, shell or word processor would take for its own.
DISGUISED = re.compile(
    rb"<\s*(!doctype|\?xml|html|head|body|script|svg|iframe|object|embed|img|math)|^#!|^{\\rtf", re.I
)


@transaction.atomic
def add_evidence(*, report: ProgressReport, actor, upload: UploadedFile, target: Target | None = None) -> Evidence:
    """Store one file with a report that is still being written.

    Raises Refused for a file that is empty, too large, of another kind than its name says, or already there.
    """
    report = _writable(report, actor)
    if target is not None and not report.entries.filter(target=target).exists():
        raise Refused("所选目标不属于这份填报。", code="foreign_target")
    if report.evidence.kept().count() >= MAX_FILES_PER_REPORT:
        raise Refused(f"每份填报最多上传 {MAX_FILES_PER_REPORT} 个文件。", code="too_many_files")
    name = safe_name(upload.name or "")
    extension = checked_extension(upload, name)
    digest = sha256_of(upload)
    if report.evidence.kept().filter(sha256=digest).exists():
        raise Refused(f"“{name}”已经上传过。", code="duplicate_file")
    evidence = Evidence(
        report=report,
        target=target,
        file=upload,
        name=name,
        content_type=TYPES[extension],
        size=upload.size,
        sha256=digest,
        uploaded_by=actor,
        uploaded_at=timezone.now(),
    )
    _store(evidence)
    audit.record(action="evidence.add", actor=actor, row=evidence, after={"sha256": digest, "size": upload.size})
    return evidence


@transaction.atomic
def remove_evidence(*, evidence: Evidence, actor) -> None:
    """Take a file off a report that is still being written. The file stays stored for the record."""
    _writable(evidence.report, actor)
    if Evidence.objects.kept().filter(pk=evidence.pk).update(removed_at=timezone.now()):
        audit.record(action="evidence.remove", actor=actor, row=evidence, before={"sha256": evidence.sha256})


def _writable(report: ProgressReport, actor) -> ProgressReport:
    """Return the report under a row lock, so that nobody submits it meanwhile; raise Refused where it may not change."""
    rows = ProgressReport.objects.select_for_update(of=("self",))
    report = rows.select_related("task__section", "task__plan", "org_unit", "period").get(pk=report.pk)
    refused = refusal(report, actor, ReportAction.SAVE, held_rights(report, actor))
    if refused:
        raise refused
    return report


def _store(evidence: Evidence) -> None:
    """Write file and row; a file whose row the database refuses is taken away again."""
    try:
        evidence.save()
    except Exception:
        evidence.file.storage.delete(evidence.file.name)
        raise


def forget_files(rows) -> None:
    """Delete the stored files of evidence rows that are being deleted, once that is certain."""
    stored = [(row.file.storage, row.file.name) for row in rows]
    transaction.on_commit(lambda: [storage.delete(name) for storage, name in stored])


def safe_name(raw: str) -> str:
    """Return the file's base name without path parts, control characters, bidi tricks or excess length."""
    name = PurePosixPath(raw.replace("\\", "/")).name
    name = "".join(c for c in unicodedata.normalize("NFC", name) if not _is_unseen(c))
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    return f"{stem[:100]}{dot}{extension[:10]}" if dot else name[:100]


def _is_unseen(char: str) -> bool:
    """Say whether the character is a control, format (bidi), surrogate or line-separating one."""
    return unicodedata.category(char)[0] == "C" or unicodedata.category(char) in ("Zl", "Zp")


def checked_extension(upload: UploadedFile, name: str) -> str:
    """Return the extension where name, size and content agree; raise Refused otherwise."""
    extension = PurePosixPath(name).suffix.lower()
    if extension not in TYPES:
        allowed = "、".join(sorted(e.lstrip(".") for e in TYPES))
        raise Refused(f"不支持这种文件。可以上传：{allowed}。", code="type_not_allowed")
    if not upload.size:
        raise Refused(f"“{name}”是空文件。", code="empty_file")
    if upload.size > settings.UPLOAD_MAX_BYTES:
        raise Refused(f"“{name}”超过 {settings.UPLOAD_MAX_BYTES // 2**20} MB。", code="file_too_large")
    if not _content_matches(upload, extension):
        raise Refused(f"“{name}”的内容与扩展名不符。", code="content_mismatch")
    return extension


def _content_matches(upload: UploadedFile, extension: str) -> bool:
    upload.seek(0)
    try:
        if extension in MAGIC:
            return upload.read(8).startswith(MAGIC[extension])
        if extension in OOXML_PART:
            return _is_clean_archive(upload, OOXML_PART[extension])
        if extension == ".ofd":
            return _is_clean_archive(upload, OFD_PART)
        return _is_text(upload)
    finally:
        upload.seek(0)


def _is_text(upload: UploadedFile) -> bool:
    """Accept UTF-8 or GB 18030 text that does not pose as a web page, script or document."""
    head = upload.read(8192).removeprefix(codecs.BOM_UTF8).lstrip()
    return not DISGUISED.search(head) and any(_decodes(upload, name) for name in ("utf-8", "gb18030"))


def _decodes(upload: UploadedFile, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    upload.seek(0)
    try:
        for chunk in upload.chunks():
            if b"\0" in chunk:
                return False
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_clean_archive(upload: UploadedFile, part: str) -> bool:
    """Accept a zipped document that has its main part, no macros, and no member that swells beyond reason."""
    if not _directory_is_small(upload):
        return False
    try:
        with zipfile.ZipFile(upload) as archive:
            if part not in archive.namelist() or not _members_are_tame(archive):
                return False
            return part == OFD_PART or not _declares_macros(archive)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, KeyError, RuntimeError, zlib.error):
        return False


def _directory_is_small(upload: UploadedFile) -> bool:
    """Look at the archive's last record before anything of it is read into memory (Zip64 marks sizes with all ones)."""
    upload.seek(max(0, upload.size - 2**16 - END_OF_ARCHIVE.size))
    tail = upload.read()
    upload.seek(0)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) < at + END_OF_ARCHIVE.size:
        return False
    return END_OF_ARCHIVE.unpack_from(tail, at)[5] <= MAX_DIRECTORY_BYTES


def _members_are_tame(archive: zipfile.ZipFile) -> bool:
    members = archive.infolist()
    names = [member.filename for member in members]
    escaping = any(name.startswith("/") or ".." in name.split("/") or "vbaProject" in name for name in names)
    encrypted = any(member.flag_bits & 1 for member in members)
    swollen = sum(member.file_size for member in members) > 20 * settings.UPLOAD_MAX_BYTES
    return not (escaping or encrypted or swollen)


def _declares_macros(archive: zipfile.ZipFile) -> bool:
    """Say whether the list of content types names macros, or hides what it names in UTF-16."""
    with archive.open("[Content_Types].xml") as listing:
        types = listing.read(MAX_DIRECTORY_BYTES)
    return b"\0" in types or b"macroEnabled" in types or b"vbaProject" in types


def sha256_of(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
