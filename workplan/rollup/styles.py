"""The layout of official documents as GB/T 9704-2012 has it: page, fonts, sizes, page numbers. No Django here.

Clause numbers are those of the standard. The line pitch and the cut of 22 lines by 28 characters to a page follow from its figures.
"""

from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

PAGE = (Mm(210), Mm(297))  # 5.1: A4
TOP, BOTTOM, LEFT, RIGHT = Mm(37), Mm(35), Mm(28), Mm(26)  # 5.2.1: 天头 37, 订口 28; 版心 156 × 225
PITCH = Pt(28.95)  # 22 lines to 225 mm (5.2.3)
BODY, TITLE, FOLIO, TABLE = Pt(16), Pt(22), Pt(14), Pt(10.5)  # 3号 (5.2.2), 2号 (7.3.1), 4号 (7.5), 五号 for tables
FOOTER = Mm(35 - 7 - 5)  # 7.5: the number stands 7 mm below the type area, 4号 being 5 mm high
LATIN = "Times New Roman"
FANGSONG, XIAOBIAOSONG, HEITI, KAITI, SONGTI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
# Style by name: East Asian font, size, outline level (None: body), 7.3.3: 一、黑体 （一）楷体 1. 仿宋 （1）仿宋
LEVELS = {
    "Heading 1": (HEITI, 0),
    "Heading 2": (KAITI, 1),
    "Heading 3": (FANGSONG, 2),
    "Heading 4": (FANGSONG, 3),
}
BODY_STYLE, TABLE_STYLE, DATE_STYLE = "公文正文", "公文表格", "公文落款"


def set_font(element, font: str, size, *, bold: bool = False) -> None:
    """Name the font for Latin and East Asian text alike, and drop theme fonts, which would win over it."""
    run = element.get_or_add_rPr()
    fonts = run.find(qn("w:rFonts"))
    if fonts is not None:
        run.remove(fonts)
    fonts = OxmlElement("w:rFonts")
    for name, value in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", font), ("cs", LATIN)):
        fonts.set(qn(f"w:{name}"), value)
    run.insert(0, fonts)
    for name in ("w:color", "w:sz", "w:szCs", "w:b", "w:bCs", "w:i", "w:iCs"):
        old = run.find(qn(name))
        if old is not None:
            run.remove(old)
    _append(run, "w:b", "1" if bold else "0")
    _append(run, "w:color", "000000")
    _append(run, "w:sz", str(int(size.pt * 2)))
    _append(run, "w:szCs", str(int(size.pt * 2)))


def _append(parent, name: str, value: str) -> None:
    child = OxmlElement(name)
    child.set(qn("w:val"), value)
    parent.append(child)


def prepare(document, *, page: bool = True) -> None:
    """Give the document the standard's styles; with `page` its page and page numbers too (a template brings its own)."""
    _define_styles(document)
    if page:
        _lay_page(document)
        _number_pages(document)


def _define_styles(document) -> None:
    styles = document.styles
    if BODY_STYLE not in styles:
        for name, size in ((BODY_STYLE, BODY), (TABLE_STYLE, TABLE), (DATE_STYLE, BODY)):
            _spaced(styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH), FANGSONG, size)
    body, table, date = styles[BODY_STYLE], styles[TABLE_STYLE], styles[DATE_STYLE]
    _indented(body, 200)
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    table.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    _off_the_grid(table)
    date.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    date.paragraph_format.right_indent = Pt(16 * 4)  # 7.3.5.1: four characters from the right
    _spaced(_style(styles, "Title"), XIAOBIAOSONG, TITLE)
    styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name, (font, level) in LEVELS.items():
        style = _style(styles, name)
        _spaced(style, font, BODY)
        _indented(style, 200)
        style.paragraph_format.keep_with_next = True
        _outline(style, level)


def _style(styles, name: str):
    return styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)


def _spaced(style, font: str, size) -> None:
    set_font(style.element, font, size)
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, PITCH
    form.widow_control = True
    borders = style.element.pPr.find(qn("w:pBdr"))  # the line below a title of Word's own
    if borders is not None:
        style.element.pPr.remove(borders)


def _indented(style, hundredths: int) -> None:
    """Indent the first line by characters, as Chinese text is."""
    form = style.paragraph_format
    form.first_line_indent = Pt(16 * hundredths / 100)
    style.element.pPr.find(qn("w:ind")).set(qn("w:firstLineChars"), str(hundredths))


def _off_the_grid(style) -> None:
    """Let the lines of tables stand closer than those of the page."""
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    style.element.pPr.insert_element_before(snap, "w:spacing", "w:ind", "w:jc", "w:outlineLvl")


def _outline(style, level: int) -> None:
    properties = style.element.get_or_add_pPr()
    old = properties.find(qn("w:outlineLvl"))
    if old is not None:
        properties.remove(old)
    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), str(level))
    properties.append(outline)


def _lay_page(document) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = PAGE
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = TOP, BOTTOM, LEFT, RIGHT
    section.header_distance, section.footer_distance, section.gutter = Mm(15), FOOTER, 0
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(int(PITCH.pt * 20)))


def _number_pages(document) -> None:
    """7.5: 4号 半角宋体 between dashes, odd pages to the right and even ones to the left, one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles["Footer"]
        paragraph.alignment = side
        if side == WD_ALIGN_PARAGRAPH.RIGHT:
            paragraph.paragraph_format.right_indent = FOLIO
        else:
            paragraph.paragraph_format.left_indent = FOLIO
        for words in ("— ", None, " —"):
            run = paragraph.add_run(words or "")
            set_font(run._r, SONGTI, FOLIO)
            if words is None:
                _page_field(run._r)


def _page_field(run) -> None:
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        child = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            child.set(qn("w:fldCharType"), kind)
        else:
            child.text = text
        run.append(child)
