"""From bytes to text: the one place that knows file formats."""

import re

from .errors import NoticeError

MOST_BYTES = 20 << 20
HTML_START = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|meta|div|p|table)\b", re.I)
CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.I)
FOREIGN = {
    b"%PDF": "这是 PDF 文件，请另存为 Word（.docx）或文本后再试。",
    b"\xd0\xcf\x11\xe0": "这是旧版 Office 文件，请另存为 .docx 后再试。",
    b"{\\rtf": "这是 RTF 文件，请另存为 .docx 后再试。",
}
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_bytes(content: bytes, name: str = "") -> str:
    """Return the text of a file: Word (.docx), a saved web page, or plain text. What it is, its content says.

    name: only decides whether text with marks is a web page.
    """
    from .page import text_of_page
    from .word import text_of_word

    _check(content)
    if content.startswith(b"PK"):
        return text_of_word(content)
    text = decode(content)
    if name.lower().endswith((".html", ".htm")) or HTML_START.match(text[:1000]):
        return text_of_page(text)
    return text


def _check(content: bytes) -> None:
    if not content.strip():
        raise NoticeError("文件是空的。")
    if len(content) > MOST_BYTES:
        raise NoticeError(f"文件超过 {MOST_BYTES >> 20} MB，不像一份通知。")
    for start, message in FOREIGN.items():
        if content.startswith(start):
            raise NoticeError(message)


def decode(content: bytes) -> str:
    """Return the text of UTF-8 with or without BOM, UTF-16 with BOM, or GB18030, tried in this order."""
    encoding = next((name for bom, name in BOMS if content.startswith(bom)), None)
    declared = CHARSET.search(content[:2000])
    guesses = [encoding] if encoding else ["utf-8", "gb18030"]
    if declared and declared[1].lower() in (b"gb2312", b"gbk", b"gb18030") and not encoding:
        guesses = ["gb18030", "utf-8"]
    for guess in guesses:
        try:
            text = content.decode(guess)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise NoticeError("文件不是文本，或文字编码无法识别（支持 UTF-8、GB18030 和带 BOM 的 UTF-16）。")
