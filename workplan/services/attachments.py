"""Files of records: the rules of evidence, hung on a record of a register."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts import audit

from ..errors import Refused
from ..models import Attachment, Record
from .evidence import TYPES, checked_extension, safe_name, sha256_of
from .records import locked, require_writable

MAX_FILES = 20


@transaction.atomic
def add_attachment(*, record: Record, actor, upload: UploadedFile) -> Attachment:
    """Store one file with a record that the actor keeps. Raises Refused as `store_attachment` does."""
    record = locked(record)
    require_writable(record.org_unit, type(record), actor)
    return store_attachment(record=record, actor=actor, upload=upload)


@transaction.atomic
def store_attachment(*, record: Record, actor, upload: UploadedFile) -> Attachment:
    """Store one file with a record; the caller has asked for the right.

    Raises Refused for a file that is empty, too large, of another kind than its name says, or already there.
    """
    if Attachment.objects.of(record).kept().count() >= MAX_FILES:
        raise Refused(f"每条记录最多上传 {MAX_FILES} 个文件。", code="too_many_files")
    name = safe_name(upload.name or "")
    extension = checked_extension(upload, name)
    digest = sha256_of(upload)
    if Attachment.objects.of(record).kept().filter(sha256=digest).exists():
        raise Refused(f"“{name}”已经上传过。", code="duplicate_file")
    attachment = Attachment(
        app=record._meta.app_label,
        model=record._meta.model_name,
        record=record.pk,
        org_unit=record.org_unit,
        file=upload,
        name=name,
        content_type=TYPES[extension],
        size=upload.size,
        sha256=digest,
        uploaded_by=actor,
        uploaded_at=timezone.now(),
    )
    _store(attachment)
    after = {"sha256": digest, "size": upload.size}
    audit.record(action="attachment.add", actor=actor, row=attachment, after=after)
    return attachment


def _store(attachment: Attachment) -> None:
    """Write file and row; a file whose row the database refuses is taken away again."""
    try:
        attachment.save()
    except Exception:
        attachment.file.storage.delete(attachment.file.name)
        raise


@transaction.atomic
def remove_attachment(*, record: Record, attachment: Attachment, actor) -> None:
    """Take a file off a record. The file stays stored for the history."""
    require_writable(locked(record).org_unit, type(record), actor)
    rows = Attachment.objects.of(record).kept().filter(pk=attachment.pk)
    if rows.update(removed_at=timezone.now()):
        audit.record(action="attachment.remove", actor=actor, row=attachment, before={"sha256": attachment.sha256})
