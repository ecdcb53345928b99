"""The text as read, line by line: where lines stand, how wide they are, how they look with one kind of punctuation."""

import re
from dataclasses import dataclass

# One character for one character, so that places stay the same.
NORMAL = str.maketrans(
    {chr(0xFF10 + n): str(n) for n in range(10)}
    | {chr(0xFF21 + n): chr(0x41 + n) for n in range(26)}
    | {chr(0xFF41 + n): chr(0x61 + n) for n in range(26)}
    | {
        "(": "（",
        ")": "）",
        ",": "，",
        ";": "；",
        ":": "：",
        "!": "！",
        "?": "？",
        "％": "%",
        "．": ".",
        "﹒": ".",
        "〇": "〇",
    }
    | {"○": "〇", "﹙": "（", "﹚": "）", "｡": "。", "､": "、", "\u2014": "—", "\u2015": "—", "─": "—", "－": "-"}
    | {"〝": "“", "〞": "”", "「": "“", "」": "”", "『": "“", "』": "”", "≧": "≥", "≦": "≤", "＞": ">", "＜": "<"}
    | dict.fromkeys("\xa0\u3000\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f", " ")
)
LINE = re.compile(r"[^\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]+")
BREAK = re.compile(r"\r\n|[\r\n\x0b\x1c\x1d\x1e\x85\u2028\u2029]")
SPACES = " \t\u00a0\u3000\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u200b\u200c\u200d\u2060\ufeff\u00ad"
MOST_INDENT = 4  # columns: two characters, as paragraphs begin (GB/T 9704-2012, 7.3.3)


@dataclass(slots=True)
class Line:
    """A line that is not blank. start, end: without the spaces around it. gap: blank lines before it; new_page: a form feed before it."""

    start: int
    end: int
    indent: int
    gap: int
    new_page: bool
    norm: str

    @property
    def bare(self) -> str:
        return self.norm.replace(" ", "").replace("\t", "")


def split_lines(text: str) -> list[Line]:
    """Return the lines that hold something, in order."""
    found, last = [], 0
    for match in LINE.finditer(text):
        raw = match[0]
        stripped = raw.lstrip(SPACES)
        body = stripped.rstrip(SPACES)
        if not body:
            continue
        indent = len(raw) - len(stripped)
        start = match.start() + indent
        between = text[last : match.start()]
        breaks = 1 if between == "\n" else len(BREAK.findall(between)) + between.count("\x0c")
        found.append(
            Line(start, start + len(body), indent, max(0, breaks - 1), "\x0c" in between, body.translate(NORMAL))
        )
        last = match.end()
    return found


def width(line: Line) -> int:
    """Return how wide a line is in half-width columns with its indent; blanks within it are left out, they may be strays."""
    return min(line.indent * 2, MOST_INDENT) + len(line.norm.replace(" ", "").encode("gbk", "replace"))


def count(line: Line) -> int:
    """Return how many characters a line has with its indent: some editors break by number, not by width."""
    return min(line.indent, 2) + len(line.norm.replace(" ", ""))
