"""Evidence: what is taken, what is refused and with which sentence, and what stays on record."""

import hashlib
import io
import zipfile
from datetime import date

import pytest
from django.db import OperationalError, connection

from accounts.models import Event
from tests.reporting import files
from tests.reporting.files import upload
from tests.steps import send_back
from workplan import clock
from workplan.errors import Refused
from workplan.models import Evidence
from workplan.services import evidence as service
from workplan.services import reports


@pytest.fixture
def add(draft, cast):
    def add_file(name, content, **kwargs):
        act = {"report": draft, "actor": cast.liaison} | kwargs
        return service.add_evidence(upload=upload(name, content), **act)

    return add_file


def stored_files(folder) -> list:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


HONEST = {
    "通知.pdf": files.PDF,
    "现场.jpg": files.JPEG,
    "现场.JPEG": files.JPEG,
    "截图.png": files.PNG,
    "总结.docx": files.archive(),
    "名单.xlsx": files.archive(part="xl/workbook.xml"),
    "汇报.pptx": files.archive(part="ppt/presentation.xml"),
    "红头文件.ofd": files.archive(part="OFD.xml"),
    "说明.txt": "按月推进，无异常。".encode(),
    "旧系统导出.txt": "按月推进，无异常。".encode("gb18030"),
    "带标记.txt": "\ufeff按月推进".encode(),
    "编号.txt": "BM 办公室 From 某镇 <10 户".encode(),
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_file_is_kept_with_its_name_and_digest(add, name):
    kept = add(name, HONEST[name])
    assert kept.name == name
    assert kept.sha256 == hashlib.sha256(HONEST[name]).hexdigest()
    assert (kept.size, kept.file.read()) == (len(HONEST[name]), HONEST[name])


def huge_directory() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("[Content_Types].xml", files.DOCX_TYPES)
        package.writestr("word/document.xml", "<document/>")
        for number in range(11000):
            package.writestr(f"word/{number:060}", "")
    return buffer.getvalue()


REFUSED = {
    "page renamed to an unknown type": ("页面.html", b"<html>", "type_not_allowed"),
    "program": ("工具.exe", b"MZ\x90\x00", "type_not_allowed"),
    "macro document under its own name": ("表.docm", files.archive(), "type_not_allowed"),
    "no extension": ("README", b"text", "type_not_allowed"),
    "extension without a name": (".pdf", files.PDF, "type_not_allowed"),
    "second extension decides": ("照片.jpg.svg", files.JPEG, "type_not_allowed"),
    "empty file": ("空.pdf", b"", "empty_file"),
    "text named pdf": ("假.pdf", b"hello", "content_mismatch"),
    "picture named pdf": ("假.pdf", files.JPEG, "content_mismatch"),
    "pdf named picture": ("假.png", files.PDF, "content_mismatch"),
    "pdf behind a page": ("假.pdf", b"<html>%PDF-1.7", "content_mismatch"),
    "page named text": ("假.txt", b"<html><script>alert(1)</script>", "content_mismatch"),
    "page behind blanks and a byte order mark": ("假.txt", b"\xef\xbb\xbf \n <!DOCTYPE html>", "content_mismatch"),
    "script hidden after honest text": ("假.txt", "进展正常 < script>".encode(), "content_mismatch"),
    "vector picture named text": ("假.txt", b"<svg onload=alert(1)>", "content_mismatch"),
    "shell script named text": ("假.txt", b"#!/bin/sh\nrm -rf /", "content_mismatch"),
    "binary named text": ("假.txt", b"MZ\x90\x00\x03", "content_mismatch"),
    "binary after a long honest head": ("假.txt", b"a" * 100_000 + b"\x00\xff", "content_mismatch"),
    "bytes that are no text": ("假.txt", b"\xff\xfe\xfd\xff", "content_mismatch"),
    "text named document": ("假.docx", b"hello", "content_mismatch"),
    "spreadsheet named document": ("假.docx", files.archive(part="xl/workbook.xml"), "content_mismatch"),
    "plain archive named document": ("假.docx", files.archive(part="x.txt"), "content_mismatch"),
    "macro document renamed": ("宏.docx", files.archive(types=files.MACRO_TYPES), "content_mismatch"),
    "macro part under its usual name": ("宏.docx", files.archive(word__vbaProject="x"), "content_mismatch"),
    "types in UTF-16": ("宏.docx", files.archive(types="<Types/>".encode("utf-16")), "content_mismatch"),
    "member that swells": ("弹.docx", files.declaring(4_000_000_000), "content_mismatch"),
    "directory too long to read": ("弹.docx", huge_directory(), "content_mismatch"),
    "member that climbs out": ("爬.docx", files.archive(**{"..__..__etc__x": "x"}), "content_mismatch"),
    "encrypted member": ("密.docx", files.encrypted(), "content_mismatch"),
    "cut-off archive": ("断.docx", files.archive()[:-30], "content_mismatch"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_file_that_is_not_what_it_says_is_refused_and_not_stored(add, uploads, case):
    name, content, code = REFUSED[case]
    with pytest.raises(Refused) as caught:
        add(name, content)
    assert caught.value.code == code
    assert caught.value.message.endswith("。")
    assert not Evidence.objects.exists()
    assert stored_files(uploads) == []


def test_refusals_say_what_is_possible(add, settings):
    with pytest.raises(Refused, match=r"不支持这种文件。可以上传：docx、jpeg、jpg、ofd、pdf、png、pptx、txt、xlsx。"):
        add("表.xls", b"x")
    settings.UPLOAD_MAX_BYTES = 2**20
    with pytest.raises(Refused, match=r"“大.pdf”超过 1 MB。"):
        add("大.pdf", files.PDF + b" " * 2**20)


def test_same_file_twice_is_refused_under_any_name(add):
    add("一.pdf", files.PDF)
    with pytest.raises(Refused, match=r"“二.pdf”已经上传过。"):
        add("二.pdf", files.PDF)


def test_removed_file_may_be_uploaded_again(add, cast):
    service.remove_evidence(evidence=add("一.pdf", files.PDF), actor=cast.liaison)
    assert add("一.pdf", files.PDF).removed_at is None


def test_number_of_files_is_limited(add, monkeypatch):
    monkeypatch.setattr(service, "MAX_FILES_PER_REPORT", 1)
    add("一.pdf", files.PDF)
    with pytest.raises(Refused, match="每份填报最多上传 1 个文件。"):
        add("二.png", files.PNG)


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("../../etc/通知.pdf", "通知.pdf"),
        ("C:\\用户\\通知.pdf", "通知.pdf"),
        ("通\u202e知\u200b\u0000\n.pdf", "通知.pdf"),
        ("一\u2028行\u2029.pdf", "一行.pdf"),
        ('a"b<c>:|?*.pdf', "a_b_c_____.pdf"),
        ("  .隐藏.pdf. ", "隐藏.pdf"),
        ("长" * 300 + ".pdf", "长" * 100 + ".pdf"),
        ("𠮷.pdf", "𠮷.pdf"),
    ],
)
def test_names_lose_paths_controls_and_direction_tricks(raw, safe):
    assert service.safe_name(raw) == safe


def test_stored_name_tells_nothing_of_the_users_name(add):
    kept = add("../../秘密.pdf", files.PDF)
    assert "秘密" not in kept.file.name
    assert kept.file.name.startswith("evidence/")


def test_upload_and_removal_are_logged_with_the_digest(add, cast):
    kept = add("一.pdf", files.PDF)
    service.remove_evidence(evidence=kept, actor=cast.liaison)
    service.remove_evidence(evidence=kept, actor=cast.liaison)
    added, removed = Event.objects.filter(action__startswith="evidence.").order_by("pk")
    assert added.after["sha256"] == removed.before["sha256"] == kept.sha256
    assert (added.org_unit, added.app) == (kept.report.org_unit, "eldercare")


def test_removed_file_stays_stored_for_the_record(add, cast, uploads):
    service.remove_evidence(evidence=add("一.pdf", files.PDF), actor=cast.liaison)
    assert len(stored_files(uploads)) == 1


def test_target_of_another_report_cannot_be_named(add, district):
    with pytest.raises(Refused) as caught:
        add("一.pdf", files.PDF, target=district.targets["46.3"])
    assert caught.value.code == "foreign_target"


@pytest.mark.parametrize("who", ["other_liaison", "head", "administrator", "leader", "auditor", "nobody", "outsider"])
def test_only_the_writer_may_upload_and_remove(add, cast, who):
    kept = add("一.pdf", files.PDF)
    with pytest.raises(Refused) as caught:
        add("二.png", files.PNG, actor=getattr(cast, who))
    assert caught.value.code == "forbidden"
    with pytest.raises(Refused):
        service.remove_evidence(evidence=kept, actor=getattr(cast, who))


def test_submitted_report_takes_no_further_file(add, submitted, cast):
    with pytest.raises(Refused) as caught:
        add("一.pdf", files.PDF, report=submitted)
    assert caught.value.code == "wrong_state"


def test_returned_report_takes_files_even_after_the_close(add, submitted, cast):
    returned = send_back(submitted, cast)
    with clock.pinned(date(2024, 12, 1)):
        assert add("一.pdf", files.PDF, report=returned).pk


def test_file_is_taken_away_where_its_row_is_refused(add, uploads):
    def database_gone(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "workplan_evidence"'):
            raise OperationalError("server closed the connection")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(database_gone), pytest.raises(OperationalError):
        add("一.pdf", files.PDF)
    assert stored_files(uploads) == []


def test_discarded_draft_takes_its_removed_files_along(add, draft, cast, uploads, django_capture_on_commit_callbacks):
    kept = add("一.pdf", files.PDF)
    with pytest.raises(Refused, match="请先移除已上传的佐证材料"):
        reports.discard_report(report=draft, actor=cast.liaison)
    service.remove_evidence(evidence=kept, actor=cast.liaison)
    with django_capture_on_commit_callbacks(execute=True):
        reports.discard_report(report=draft, actor=cast.liaison)
    assert stored_files(uploads) == []


def test_correction_shows_the_files_and_keeps_them_when_discarded(
    draft, filled, add, cast, uploads, django_capture_on_commit_callbacks
):
    add("一.pdf", files.PDF)
    done = reports.submit_report(report=filled, actor=cast.liaison, version=filled.version)
    approved = reports.approve_report(report=done, actor=cast.head)
    second = reports.correct_report(report=approved, actor=cast.liaison, reason="多报。")
    assert [kept.name for kept in second.evidence.kept()] == ["一.pdf"]
    with django_capture_on_commit_callbacks(execute=True):
        reports.discard_report(report=second, actor=cast.liaison)
    assert approved.evidence.get().file.read() == files.PDF
