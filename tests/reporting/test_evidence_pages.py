"""Evidence through the pages: handed out within the scope only, never to run in the portal's name."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from accounts.models import Event
from tests.reporting import files
from tests.reporting.test_report_page import address, text_of
from workplan.models import Evidence, ProgressReport
from workplan.services import evidence as service


@pytest.fixture
def kept(draft, cast):
    return service.add_evidence(report=draft, actor=cast.liaison, upload=files.upload("现场 照片.jpg", files.JPEG))


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("liaison", 200),
        ("head", 200),
        ("staff", 200),
        ("leader", 200),
        ("auditor", 200),
        ("administrator", 200),
        ("other_liaison", 404),
        ("other_head", 404),
        ("other_staff", 404),
        ("nobody", 404),
        ("outsider", 404),
    ],
)
def test_file_goes_to_those_in_scope_only(as_user, cast, kept, who, status):
    assert as_user(getattr(cast, who)).get(address("evidence", kept)).status_code == status
    assert Event.objects.filter(action="evidence.download").count() == (status == 200)


def test_download_is_an_attachment_that_cannot_run_or_be_cached(as_user, cast, kept):
    response = as_user(cast.liaison).get(address("evidence", kept))
    assert b"".join(response.streaming_content) == files.JPEG
    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert "filename*=utf-8''%E7%8E%B0%E5%9C%BA%20%E7%85%A7%E7%89%87.jpg" in disposition
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"


def test_a_picture_is_looked_at_on_the_page_without_power_over_it(as_user, cast, kept, draft):
    page = as_user(cast.liaison).get(address("report", draft)).text
    assert f'<img src="{address("evidence_view", kept)}"' in page
    response = as_user(cast.liaison).get(address("evidence_view", kept))
    assert b"".join(response.streaming_content) == files.JPEG
    assert response["Content-Disposition"].startswith("inline;")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert Event.objects.get(action="evidence.view").object_label == "现场 照片.jpg"


def test_what_not_every_browser_shows_is_downloaded_only(as_user, cast, draft):
    paper = service.add_evidence(report=draft, actor=cast.liaison, upload=files.upload("通知.pdf", files.PDF))
    assert as_user(cast.liaison).get(address("evidence_view", paper)).status_code == 404
    assert address("evidence_view", paper) not in as_user(cast.liaison).get(address("report", draft)).text


@pytest.fixture
def paper(draft, cast):
    return service.add_evidence(
        report=draft, actor=cast.liaison, upload=files.upload("通知.pdf", files.pdf("One", "Two"))
    )


def page_of(paper: Evidence, number: int) -> str:
    return reverse("workplan:evidence_page", args=[paper.pk, number])


def test_the_pages_of_a_pdf_are_looked_at_as_pictures(as_user, cast, draft, paper):
    client = as_user(cast.head)
    assert address("evidence_pages", paper) in client.get(address("report", draft)).text
    shown = client.get(address("evidence_pages", paper))
    assert [f'<img src="{page_of(paper, number)}"' in shown.text for number in (1, 2, 3)] == [True, True, False]
    assert "共 2 页" in text_of(shown)
    within = client.get(address("evidence_pages", paper), headers={"HX-Request": "true"})
    assert "共 2 页" in text_of(within)
    assert "<html" not in within.text
    pictures = [client.get(page_of(paper, number)) for number in (1, 2)]
    first, second = (b"".join(picture.streaming_content) for picture in pictures)
    assert first.startswith(b"\xff\xd8\xff")
    assert first != second
    assert pictures[0]["Content-Type"] == "image/jpeg"
    assert pictures[0]["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert pictures[0]["Cache-Control"] == "private, no-store"
    logged = Event.objects.filter(action="evidence.view", actor=cast.head).order_by("pk")
    assert list(logged.values_list("note", flat=True)) == ["第 1 页", "第 2 页"]


@pytest.mark.parametrize("number", [0, 3, 31, 2**40])
def test_a_page_that_is_not_there_is_404(as_user, cast, paper, number):
    assert as_user(cast.head).get(page_of(paper, number)).status_code == 404


def test_the_neighbour_sees_no_page(as_user, cast, paper):
    for url in (address("evidence_pages", paper), page_of(paper, 1)):
        assert as_user(cast.other_liaison).get(url).status_code == 404
    assert not Event.objects.filter(action="evidence.view").exists()


def test_a_picture_has_no_pages(as_user, cast, kept):
    assert as_user(cast.head).get(address("evidence_pages", kept)).status_code == 404
    assert as_user(cast.head).get(page_of(kept, 1)).status_code == 404


DOCUMENTS = {
    "word": (
        "说明.docx",
        files.docx("改造<b>12</b>户", rows=[["姓名", "户数"], ["张家", "3"]]),
        ["改造<b>12</b>户", "姓名 | 户数", "张家 | 3"],
    ),
    "sheet": ("清单.xlsx", files.xlsx(["村", "户数"], ["甲村", 12], ["甲=乙", 0.5]), ["甲村", "12", "甲=乙", "0.5"]),
    "text": ("说明.txt", "第一行\n第二行".encode("gb18030"), ["第一行", "第二行"]),
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_other_documents_show_their_words(kind, as_user, cast, draft):
    name, content, wanted = DOCUMENTS[kind]
    paper = service.add_evidence(report=draft, actor=cast.liaison, upload=files.upload(name, content))
    assert address("evidence_pages", paper) in as_user(cast.head).get(address("report", draft)).text
    shown = as_user(cast.head).get(address("evidence_pages", paper), headers={"HX-Request": "true"}).text
    assert [text for text in wanted if escape(text) not in shown] == []
    assert Event.objects.get(action="evidence.view").object_label == name
    assert as_user(cast.head).get(page_of(paper, 1)).status_code == 404
    assert as_user(cast.other_liaison).get(address("evidence_pages", paper)).status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("长.txt", ("很长" * 20_000).encode()),
        ("长.docx", files.docx(*["很长" * 600] * 30)),
        ("长.xlsx", files.xlsx(*[[number] for number in range(200)])),
    ],
)
def test_of_a_long_document_the_beginning_is_shown(name, content, as_user, cast, draft):
    paper = service.add_evidence(report=draft, actor=cast.liaison, upload=files.upload(name, content))
    shown = as_user(cast.head).get(address("evidence_pages", paper))
    assert "只预览开头部分" in text_of(shown)
    assert len(shown.text) < 100_000


def test_a_document_without_a_body_says_so(as_user, cast, draft):
    paper = service.add_evidence(report=draft, actor=cast.liaison, upload=files.upload("坏.docx", files.archive()))
    assert "可能已损坏" in text_of(as_user(cast.head).get(address("evidence_pages", paper)))


def test_a_long_pdf_tells_how_much_is_shown(as_user, cast, draft):
    content = files.pdf(*[f"Page {number}" for number in range(1, 32)])
    paper = service.add_evidence(report=draft, actor=cast.liaison, upload=files.upload("长.pdf", content))
    shown = as_user(cast.head).get(address("evidence_pages", paper))
    assert "共 31 页，只预览前 30 页" in text_of(shown)
    assert as_user(cast.head).get(page_of(paper, 31)).status_code == 404


@pytest.mark.parametrize(
    ("content", "words"), [(files.PDF, "文件可能已损坏"), (files.locked_pdf(), "需要密码")], ids=["broken", "locked"]
)
def test_a_pdf_that_cannot_be_read_says_why(as_user, cast, draft, content, words):
    paper = service.add_evidence(report=draft, actor=cast.liaison, upload=files.upload("坏.pdf", content))
    assert words in text_of(as_user(cast.head).get(address("evidence_pages", paper)))
    assert as_user(cast.head).get(page_of(paper, 1)).status_code == 404


def test_a_page_that_takes_too_long_is_given_up(as_user, cast, draft, monkeypatch):
    monkeypatch.setattr("workplan.preview.pages.WALL_SECONDS", 3)
    paper = service.add_evidence(report=draft, actor=cast.liaison, upload=files.upload("重.pdf", files.heavy_pdf()))
    shown = as_user(cast.head).get(address("evidence_pages", paper))
    assert "显示不出来的请下载后查看" in text_of(shown)
    assert address("evidence", paper) in shown.text
    assert as_user(cast.head).get(page_of(paper, 1)).status_code == 404


def test_the_neighbour_looks_at_nothing(as_user, cast, kept):
    assert as_user(cast.other_liaison).get(address("evidence_view", kept)).status_code == 404


def test_download_is_logged_with_who_and_what(as_user, cast, kept):
    as_user(cast.head).get(address("evidence", kept))
    event = Event.objects.get(action="evidence.download")
    assert (event.actor, event.object_label, event.after) == (cast.head, "现场 照片.jpg", {"sha256": kept.sha256})


def test_removed_file_is_gone_for_everybody(as_user, cast, kept):
    service.remove_evidence(evidence=kept, actor=cast.liaison)
    for who in (cast.liaison, cast.head, cast.administrator):
        assert as_user(who).get(address("evidence", kept)).status_code == 404


def test_file_that_vanished_from_the_disk_is_404(as_user, cast, kept):
    kept.file.storage.delete(kept.file.name)
    assert as_user(cast.liaison).get(address("evidence", kept)).status_code == 404


def test_guessing_where_it_is_stored_gives_404(as_user, cast, kept):
    client = as_user(cast.liaison)
    for guess in (
        f"/{kept.file.name}",
        f"/uploads/{kept.file.name}",
        f"/media/{kept.file.name}",
        f"/static/{kept.file.name}",
        f"/static/../uploads/{kept.file.name}",
        f"/evidence/{kept.file.name.rpartition('/')[2]}/",
        f"/evidence/{2**63}/",
        f"/evidence/{kept.pk + 1}/",
    ):
        assert client.get(guess).status_code == 404


def test_upload_keeps_what_was_typed_beside_it(as_user, cast, draft, district):
    fields = {
        "version": draft.version,
        "narrative": "写了一半",
        f"entry-{district.targets['49.3'].pk}-value": "8",
        "files": files.upload("照.jpg", files.JPEG),
        "evidence_target": district.targets["49.3"].pk,
    }
    response = as_user(cast.liaison).post(address("evidence_add", draft), fields, follow=True)
    assert response.status_code == 200
    stored = ProgressReport.objects.get(pk=draft.pk)
    assert (stored.narrative, stored.entries.get(target__code="49.3").value) == ("写了一半", 8)
    assert (stored.evidence.get().name, stored.evidence.get().target) == ("照.jpg", district.targets["49.3"])


def test_refused_file_is_named_and_the_typed_text_saved(as_user, cast, draft):
    fields = {"version": draft.version, "narrative": "写了一半", "files": files.upload("表.exe", b"MZ")}
    response = as_user(cast.liaison).post(address("evidence_add", draft), fields, follow=True)
    assert "不支持这种文件" in text_of(response)
    assert ProgressReport.objects.get(pk=draft.pk).narrative == "写了一半"
    assert not Evidence.objects.exists()


def test_several_files_are_judged_one_by_one(as_user, cast, draft):
    chosen = [files.upload("一.jpg", files.JPEG), files.upload("二.exe", b"MZ"), files.upload("三.pdf", files.PDF)]
    as_user(cast.liaison).post(address("evidence_add", draft), {"files": chosen})
    assert set(draft.evidence.values_list("name", flat=True)) == {"一.jpg", "三.pdf"}


def test_upload_without_a_file_says_so(as_user, cast, draft):
    assert "请先选择要上传的文件。" in text_of(as_user(cast.liaison).post(address("evidence_add", draft), follow=True))


def test_removing_keeps_what_was_typed(as_user, cast, draft, kept):
    fields = {"version": draft.version, "narrative": "写了一半"}
    response = as_user(cast.liaison).post(address("evidence_remove", kept), fields, follow=True)
    assert "已移除“现场 照片.jpg”。" in text_of(response)
    assert ProgressReport.objects.get(pk=draft.pk).narrative == "写了一半"
    assert not draft.evidence.kept().exists()


def test_only_the_writer_removes(as_user, cast, kept):
    for who in (cast.other_liaison, cast.outsider, cast.nobody):
        assert as_user(who).post(address("evidence_remove", kept)).status_code == 404
    for who in (cast.head, cast.leader, cast.administrator):
        assert as_user(who).post(address("evidence_remove", kept)).status_code == 403
    assert Evidence.objects.kept().count() == 1


def test_file_of_a_submitted_report_stays(as_user, cast, submitted, district):
    row = Evidence.objects.create(
        report=submitted,
        file="evidence/0/x",
        name="照.jpg",
        content_type="image/jpeg",
        size=1,
        sha256="0" * 64,
        uploaded_by=cast.liaison,
        uploaded_at=submitted.saved_at,
    )
    response = as_user(cast.liaison).post(address("evidence_remove", row), follow=True)
    assert "不能保存" in text_of(response)
    assert Evidence.objects.kept().count() == 1


def test_hostile_name_is_shown_as_text(as_user, cast, draft):
    service.add_evidence(
        report=draft, actor=cast.liaison, upload=files.upload("x' onmouseover=alert(1).pdf", files.PDF)
    )
    page = as_user(cast.head).get(reverse("workplan:report", args=[draft.pk])).content.decode()
    assert "x&#x27; onmouseover=alert(1).pdf" in page
