"""The Word file follows GB/T 9704-2012: page, fonts, sizes, levels, page numbers; its numbers lead to their sources."""

import re

import pytest
from docx.oxml.ns import qn
from docx.shared import Pt

from workplan.rules.wording import CITED
from workplan.services import rollup as service

from .conftest import asked_for, publish, word_of, words_of

pytestmark = pytest.mark.django_db
STYLES = {  # name: (East Asian font, points, outline level)
    "Title": ("方正小标宋简体", 22, None),
    "Heading 1": ("黑体", 16, "0"),
    "Heading 2": ("楷体_GB2312", 16, "1"),
    "Heading 3": ("仿宋_GB2312", 16, "2"),
    "Heading 4": ("仿宋_GB2312", 16, "3"),
    "公文正文": ("仿宋_GB2312", 16, None),
}
NUMBERED = {1: r"^([一二三四五六七八九十]+、|附表\d)", 2: r"^（[一二三四五六七八九十]+）", 3: r"^\d\. "}


@pytest.fixture
def document(published):
    return word_of(published)


def test_page_and_type_area(document):
    (section,) = document.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    found = [
        round(side.mm)
        for side in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    ]
    assert found == [37, 35, 28, 26], "天头 37, 订口 28; the type area is 156 by 225"


@pytest.mark.parametrize("name", STYLES)
def test_styles(document, name):
    font, size, outline = STYLES[name]
    style = document.styles[name]
    run, paragraph = style.element.rPr, style.element.pPr
    fonts = run.find(qn("w:rFonts"))
    assert fonts.get(qn("w:eastAsia")) == font
    assert not [key for key in fonts.attrib if "Theme" in key], "a theme's font would win"
    assert style.font.size == Pt(size)
    assert style.paragraph_format.line_spacing == Pt(28.95)
    level = paragraph.find(qn("w:outlineLvl"))
    assert (level.get(qn("w:val")) if level is not None else None) == outline
    if name not in ("Title",):
        assert paragraph.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_every_text_has_one_of_these_styles(document):
    known = {*STYLES, "公文落款"}
    assert {paragraph.style.name for paragraph in document.paragraphs} <= known


def test_22_lines_of_the_pitch_fill_the_type_area(document):
    section = document.sections[0]
    height = section.page_height - section.top_margin - section.bottom_margin
    assert 22 * Pt(28.95) <= height < 23 * Pt(28.95)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")


def test_page_numbers_odd_right_even_left(document):
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer, side, indent in ((section.footer, "right", "right"), (section.even_page_footer, "left", "left")):
        (paragraph,) = footer.paragraphs
        assert paragraph.alignment.name.lower() == side
        assert getattr(paragraph.paragraph_format, f"{indent}_indent") == Pt(14), "one character in"
        assert [run.text for run in paragraph.runs] == ["— ", "", " —"]
        assert "PAGE" in paragraph._p.xml
        for run in paragraph.runs:
            assert run._r.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")) == "宋体"
            assert run.font.size == Pt(14)
    assert round(section.bottom_margin.mm - section.footer_distance.mm - 5) == 7, "7 mm below the type area"


def test_levels_are_numbered_as_the_standard_has_them_and_none_is_skipped(document):
    last = 0
    for paragraph in document.paragraphs:
        match = re.fullmatch(r"Heading (\d)", paragraph.style.name)
        if match:
            level = int(match[1])
            assert re.match(NUMBERED[level], paragraph.text), paragraph.text
            assert level <= last + 1
            last = level
    titles = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert titles[:3] == ["一、总体情况", "二、工作进展", "三、更正情况"]


def test_headings_stay_with_what_follows(document):
    assert all(document.styles[f"Heading {level}"].paragraph_format.keep_with_next for level in (1, 2, 3, 4))


def test_title_breaks_where_its_sense_does(document, published):
    title = document.paragraphs[0]
    assert title.style.name == "Title"
    assert title.text.split("\n") == [published.title.removesuffix("进展情况汇总报告"), "进展情况汇总报告"]


def test_date_in_arabic_digits(document):
    closing = [p.text for p in document.paragraphs if p.style.name == "公文落款"]
    assert closing[-1] == "2024年10月9日"


def test_tables_repeat_their_head_and_tear_no_row(document):
    assert len(document.tables) == 3
    for table in document.tables:
        rows = table._tbl.tr_lst
        assert rows[0].trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
        width = sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid)
        assert width <= 156 * 56.8, "no wider than the type area"


def test_every_number_drafted_leads_to_a_bookmark(document, published):
    marks = [mark.get(qn("w:name")) for mark in document.element.body.iter(qn("w:bookmarkStart"))]
    assert len(marks) == len(set(marks))
    links = [link for link in document.element.body.iter(qn("w:hyperlink")) if link.get(qn("w:anchor"))]
    cited = [match for text in published.texts.values() for match in CITED.findall(text)]
    assert len(links) == len(cited) > 20
    assert {link.get(qn("w:anchor")) for link in links} <= set(marks)
    assert [link.xpath("string(.)") for link in links][:2] == [words for _, words in cited][:2]


def test_a_row_of_the_tables_opens_the_portal(document, told):
    target = told.targets["49.3"]
    addresses = {relation.target_ref for relation in document.part.rels.values() if relation.is_external}
    assert f"https://portal.example/targets/{target.pk}/?as_of=2024-09-30" in addresses


def test_lights_stand_as_words_beside_their_colour(document):
    rows = {row.cells[0].text: row.cells[-1] for row in document.tables[2].rows}
    assert rows["49.3"].text == "完成"
    assert rows["49.3"]._tc.tcPr.find(qn("w:shd")).get(qn("w:fill")) == "D6ECD9"


def test_corrections_have_a_table_of_their_own(corrected, told, cast):
    from datetime import date

    from workplan import clock

    with clock.pinned(date(2024, 11, 5)):
        later, _ = service.make_report(asked=asked_for(told, month=10), actor=cast.leader)
    document = word_of(publish(later, cast.leader, date(2024, 11, 6)))
    assert [cell.text for cell in document.tables[3].rows[1].cells][4:] == ["30 户", "33 户", "数据有误。"]
    assert "上期发布后更正数据1处，详见附表4。" in [p.text for p in document.paragraphs]


def test_documents_of_a_section_and_of_a_township(told, cast):
    for subject in ({"section": told.section}, {"township": told.township}):
        report, _ = service.make_report(asked=asked_for(told, **subject), actor=cast.leader)
        text = words_of(publish(report, cast.leader))
        assert "二、工作进展" in text
        assert "49.3" in text
