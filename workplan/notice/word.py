"""A Word file (.docx, ECMA-376) as text, with the numbers that Word shows but does not store: automatic lists.

The archive is opened with limits: of files, of unpacked size as it really unpacks, no document type declarations and so no entities.
"""

import io
import re
import zipfile

from lxml import etree

from .errors import NoticeError
from .listing import Lists

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOST_ENTRIES = 4000
MOST_UNPACKED = 64 << 20
SKIPPED = frozenset(
    f"{W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "footnoteReference", "pPr", "rPr")
)
ALTERNATE = re.compile(r"\{[^}]*\}(?:Fallback|pict|drawing|object|txbxContent)$")


def text_of_word(content: bytes) -> str:
    """Return one line for each paragraph; a row of a table is one line with tabs between its cells."""
    parts = _unpack(content, ("word/document.xml", "word/numbering.xml", "word/styles.xml"))
    if "word/document.xml" not in parts:
        raise NoticeError("压缩包里没有 Word 正文，文件可能不是 .docx 或已损坏。")
    body = _tree(parts["word/document.xml"]).find(f"{W}body")
    if body is None:
        raise NoticeError("Word 文件没有正文。")
    numbering, styles = (
        _tree(parts[name]) if name in parts else None for name in ("word/numbering.xml", "word/styles.xml")
    )
    return "\n".join(_lines(body, Lists(numbering, styles))) + "\n"


def _unpack(content: bytes, wanted: tuple[str, ...]) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise NoticeError("Word 文件解压后过大，已拒绝。")
            return {entry.filename: _read(archive, entry) for entry in entries if entry.filename in wanted}
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
    ) as error:
        raise NoticeError("Word 文件已损坏或已加密，无法打开。") from error


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return the file. What the archive says about its size is not believed."""
    try:
        with archive.open(entry) as stream:
            data = stream.read(MOST_UNPACKED + 1)
    except Exception as error:  # zlib and lzma raise their own kinds
        raise NoticeError("Word 文件已损坏或已加密，无法打开。") from error
    if len(data) > MOST_UNPACKED:
        raise NoticeError("Word 文件解压后过大，已拒绝。")
    return data


def _tree(data: bytes):
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise NoticeError("Word 文件的内容不完整，无法读取。") from error
    if root.getroottree().docinfo.doctype:
        raise NoticeError("Word 文件含有外部实体声明，已拒绝。")
    return root


def _lines(body, lists: Lists):
    for element in body.iter(f"{W}p", f"{W}tbl"):
        nested = next((up for up in element.iterancestors(f"{W}tbl", f"{W}txbxContent")), None)
        if nested is not None:
            continue
        if element.tag == f"{W}tbl":
            yield from ("\t".join(_cell(cell) for cell in row.iter(f"{W}tc")) for row in element.iter(f"{W}tr"))
        else:
            yield lists.label(element) + _text(element)


def _cell(cell) -> str:
    return " ".join(text for text in (_text(part) for part in cell.iter(f"{W}p")) if text.strip()).replace("\t", " ")


def _text(paragraph) -> str:
    """Return what the paragraph shows: no deleted text, no field codes, no pictures."""
    pieces, stack = [], [paragraph]
    while stack:
        element = stack.pop()
        tag = element.tag
        if not isinstance(tag, str) or tag in SKIPPED or ALTERNATE.match(tag):
            continue
        if tag == f"{W}t":
            pieces.append(element.text or "")
        elif tag == f"{W}tab":
            pieces.append("\t")
        elif tag in (f"{W}br", f"{W}cr"):
            pieces.append("\n")
        elif tag == f"{W}noBreakHyphen":
            pieces.append("-")
        stack.extend(reversed(element))
    return "".join(pieces)
