"""What comes in: encodings, Word files, web pages, and what is refused with a sentence."""

import io
import zipfile

import pytest
from docx import Document

from tests.notice.office import add_numbering, number, restart
from tests.notice.printers import plain, saved
from tests.notice.truth import CHENGHU
from workplan.notice import NoticeError, parse_text, read_bytes, read_notice

TEXT = plain(CHENGHU).content.decode()
XML = '<?xml version="1.0" encoding="UTF-8"?>{doctype}<w:document xmlns:w="{ns}"><w:body>{body}</w:body></w:document>'
NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: str, doctype: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", XML.format(ns=NS, body=body, doctype=doctype))
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_read_alike(encoding):
    assert read_bytes(TEXT.encode(encoding)) == TEXT


def test_big_endian_with_a_mark_is_read():
    assert read_bytes(b"\xfe\xff" + TEXT.encode("utf-16-be")) == TEXT


def test_rare_characters_survive():
    assert read_bytes("𠮷祥区民政局".encode("gb18030")) == "𠮷祥区民政局"


def test_a_page_gives_lines_and_no_menus():
    page = (
        "<html><head><style>p{}</style></head><body><nav>一、首页</nav><script>x='二、假的'</script><p>甲<b>乙</b>丙</p>"
        "<div>丁<br>戊</div><table><tr><td><p>序号</p></td><td>任务</td></tr></table><footer>三、页脚</footer></body></html>"
    )
    assert read_bytes(page.encode(), "a.html").split("\n") == ["甲乙丙", "丁", "戊", "序号\t任务\t", ""]


def test_deep_pages_cost_no_stack_and_nothing_is_lost_in_silence():
    assert "甲" in read_bytes(("<div>" * 1000 + "甲").encode(), "a.html")
    with pytest.raises(NoticeError, match="嵌套"):
        read_bytes(("<div>" * 5000 + "甲").encode(), "a.html")


def test_word_shows_what_word_shows():
    document = Document()
    document.add_paragraph("甲\t乙").add_run("\n丙")
    table = document.add_table(2, 2)
    for at, text in enumerate("丁戊己庚"):
        table.cell(at // 2, at % 2).text = text
    document.add_paragraph("辛")
    assert read_bytes(saved(document)) == "甲\t乙\n丙\n丁\t戊\n己\t庚\n辛\n"


def test_deleted_text_and_field_codes_are_not_shown():
    body = (
        "<w:p><w:r><w:t>甲</w:t></w:r><w:del><w:r><w:delText>乙</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>丙</w:t></w:r></w:ins><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    assert read_bytes(docx(body)) == "甲丙\n"


def test_automatic_numbers_are_counted_as_word_does():
    document = Document()
    add_numbering(document, [("chineseCounting", "%1、"), ("decimal", "（%2）"), ("decimal", "%1.%3")])
    for level in (0, 1, 1, 0, 1, 2):
        number(document.add_paragraph("甲"), level)
    assert read_bytes(saved(document)).split() == ["一、甲", "（1）甲", "（2）甲", "二、甲", "（1）甲", "二.1甲"]


def test_a_list_that_begins_anew_does_so_once():
    document = Document()
    add_numbering(document, [("chineseCounting", "%1、")])
    restart(document, "78")
    for name in ("77", "77", "78", "78", "77"):
        number(document.add_paragraph("甲"), 0, name)
    assert read_bytes(saved(document)).split() == ["一、甲", "二、甲", "一、甲", "二、甲", "三、甲"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空"),
        (b" \n\t ", "空"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "旧版"),
        (b"{\\rtf1 ...", "RTF"),
        (b"PK\x03\x04broken", "损坏"),
        (b"\xff\xfe\x00", "编码"),
        (b"\x81\x00\xff\xff\xfe", "编码"),
        (b"abc\x00def", "编码"),
        (b"a" * (21 << 20), "20 MB"),
    ],
)
def test_foreign_files_are_refused_with_a_sentence(content, words):
    with pytest.raises(NoticeError, match=words):
        read_notice(content)


def test_an_archive_that_is_no_word_file_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("other.xml", "<a/>")
    with pytest.raises(NoticeError, match="Word"):
        read_notice(stream.getvalue())


def test_a_zip_bomb_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (70 << 20))
    assert len(stream.getvalue()) < 200_000
    with pytest.raises(NoticeError, match="过大"):
        read_notice(stream.getvalue())


def test_an_archive_that_lies_about_its_size_is_refused():
    content = bytearray(docx("<w:p/>" * 20))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        size = archive.infolist()[0].file_size.to_bytes(4, "little")
    lied = bytes(content).replace(size, (10).to_bytes(4, "little"))
    with pytest.raises(NoticeError):
        read_notice(lied)


def test_many_entries_are_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for at in range(4001):
            archive.writestr(f"{at}", "")
    with pytest.raises(NoticeError, match="过大"):
        read_notice(stream.getvalue())


def test_entities_are_refused(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("密", encoding="utf-8")
    outside = f'<!DOCTYPE w [<!ENTITY x SYSTEM "file://{secret}">]>'
    inside = '<!DOCTYPE w [<!ENTITY x "甲"><!ENTITY y "&x;&x;">]>'
    for doctype in (outside, inside):
        with pytest.raises(NoticeError, match="实体"):
            read_notice(docx("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", doctype))


def test_entities_of_a_page_are_not_fetched(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("机密", encoding="utf-8")
    page = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}">]><html><body><p>甲&x;</p></body></html>'
    assert "机密" not in read_bytes(page.encode(), "a.html")


@pytest.mark.parametrize(
    "text", ["", "你好", "一、", "第一回\n那年冬天，雪下得很大。", "1.洗菜。\n2.切菜。\n3.下锅。", "{}[]()" * 50]
)
def test_what_is_no_notice_is_refused(text):
    with pytest.raises(NoticeError):
        parse_text(text)
