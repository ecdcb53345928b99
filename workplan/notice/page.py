"""A web page as text: block elements become lines, cells of a row are parted by tabs, scripts and menus are dropped."""

import re

from lxml import etree

from .errors import NoticeError

DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "svg",
        "math",
        "head",
        "nav",
        "footer",
        "aside",
        "select",
        "option",
        "button",
        "textarea",
    ]
)
BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "blockquote",
        "pre",
        "form",
        "fieldset",
        "figure",
        "figcaption",
        "hr",
        "center",
        "body",
        "html",
        "title",
    ]
)
CELLS = frozenset(("td", "th"))
SPACES = re.compile(r"[ \t\r\n\f]+")


def text_of_page(markup: str) -> str:
    """Return the visible text. Nothing is fetched; the walk is not recursive, so that depth costs no stack."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    if any("depth" in entry.message for entry in parser.error_log):
        raise NoticeError("网页的标签嵌套过深，无法完整读取，请复制正文后粘贴。")
    if root is None:
        raise NoticeError("网页里没有文字。")
    lines = [line.strip(" ") for line in "".join(_pieces(root)).split("\n")]
    return "\n".join(line for line in lines if line.strip()) + "\n"


def _pieces(root):
    """Yield text and line breaks in reading order. Inside a cell blocks do not break the row."""
    dropped, cell = 0, 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            dropped += tag in DROPPED
            cell += tag in CELLS
            if not dropped:
                yield from _opening(tag, element, cell)
            continue
        dropped -= tag in DROPPED
        cell -= tag in CELLS
        if not dropped:
            if tag in CELLS and not cell:
                yield "\t"
            elif tag in BLOCKS and not cell:
                yield "\n"
            if element.tail:
                yield SPACES.sub(" ", element.tail)


def _opening(tag: str, element, cell: int):
    if tag == "br" or (tag in BLOCKS and not cell):
        yield " " if cell else "\n"
    if element.text:
        yield SPACES.sub(" ", element.text)
