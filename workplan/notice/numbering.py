"""Candidates for numbers of headings. Most of them are true; which ones, the outline decides.

Levels after GB/T 9704-2012, 7.3.3: 一、 then （一） then 1. then （1）; before them parts and chapters, after them 一是…二是… and ①.
"""

import re
from dataclasses import dataclass
from enum import IntEnum

from .numerals import CHINESE, chinese_number

HIGHEST = 999


class Level(IntEnum):
    """How deep a kind of number stands. A deeper one never holds a higher one."""

    PART = 0  # 第一部分, 第一章
    DIVISION = 1  # 第一节
    CHINESE = 2  # 一、
    BRACKETED = 3  # （一）
    ARABIC = 4  # 1.
    DECIMAL = 5  # 1.1, the number below the point
    ARABIC_BRACKETED = 6  # （1）
    HALF = 7  # 1）
    CIRCLED = 8  # ①
    RUNNING = 9  # 一是, 一要


class Edge(IntEnum):
    """What stands before a candidate: nothing of the line, the end of a sentence, a comma or colon, or a word."""

    WORD = 0
    PAUSE = 1
    SENTENCE = 2
    LINE = 3


@dataclass(frozen=True, slots=True)
class Token:
    """A candidate in the view's text: start of the number, end of the number with its mark, level, value, what stands before it."""

    start: int
    end: int
    level: Level
    number: int
    edge: Edge
    headed: bool = False  # an unnumbered heading stands right before it

    def __repr__(self):
        return f"{self.level.name}{self.number}@{self.start}"


C = f"[{CHINESE}]{{1,5}}"
CANDIDATE = re.compile(
    rf"(?=[第（\d{CHINESE}①-⑳㈠-㈩⑴-⒛任项事实行工举])(?:(?P<part>第 ?{C} ?(?:部分|章|篇|板块)[ ：:、]?)"
    rf"|(?P<division>第 ?{C} ?节[ ：:、]?)"
    rf"|(?P<bracketed>（ ?{C} ?）[、.]?|[㈠-㈩][、.]?)"
    rf"|(?P<named>(?:任务|项目|事项|实事|行动|工程|举措)(?:{C}|\d{{1,2}})[：、 .])"
    rf"|(?P<chinese>{C} ?[、.，]|第{C}[、，]|{C} (?=[\u4e00-\u9fff“《]))"
    rf"|(?P<running>(?:第?{C})(?:是要|是|要(?![求素点件闻领义害]))(?![否非]))"
    r"|(?P<half>(?<![（\d.])\d{1,3} ?）(?!、))"
    r"|(?P<arabic_bracketed>（ ?\d{1,3} ?）[、.]?|[⑴-⒇])"
    r"|(?P<decimal>(?<![\d.])\d{1,2}\.\d{1,2} ?(?=[\u4e00-\u9fff“《])(?![万亿%个年月元倍公米平吨亩户人名次件张家所处座项]))"
    r"|(?P<arabic>(?<![\d.%A-Za-z])\d{1,3} ?(?:[.、](?![\d ]?\d)|(?<=\d) (?=[\u4e00-\u9fff“《]{2}))|[⒈-⒛])"
    r"|(?P<circled>[①-⑳]))"
)
LEVELS = {level.name.lower(): level for level in Level} | {"named": Level.BRACKETED}
LEADING = " #*>●•◆■▪►"  # marks that some put before a heading
ENDS, PAUSES = "。；！？”）】", "，、：—"
CITING = re.compile(r"[第款项条按照据见至到和及与或]\s?$")
NUMBER = re.compile(rf"(?<=\.)\d{{1,2}}$|\d{{1,3}}(?!\.\d)|[{CHINESE}]{{1,5}}|[①-⑳㈠-㈩⑴-⒛]")
ONLY_AT_LINE = frozenset((Level.PART, Level.DIVISION, Level.DECIMAL))
# Where the characters that are a number with its mark begin in Unicode.
SINGLE = ((0x2460, 20), (0x2474, 20), (0x2488, 20), (0x3220, 10))
NEVER_IN_WORDS = frozenset((Level.CHINESE, Level.ARABIC, Level.RUNNING, Level.HALF, Level.PART, Level.DIVISION))
LIST = re.compile(rf"{C} ?、|\d{{1,3}} ?、")


def tokens(norm: str, start: int, end: int, headed: frozenset[int] | set[int] = frozenset()) -> list[Token]:
    """Return all candidates within the stretch of the view's text. headed: places right after an unnumbered heading."""
    found = []
    for match in CANDIDATE.finditer(norm, start, end):
        token = _token(norm, match, headed)
        if token is not None:
            found.append(token)
    return found


def _token(norm: str, match: re.Match, headed) -> Token | None:
    level = LEVELS[match.lastgroup]
    at, stop = match.span()
    edge = _edge(norm, at)
    number = _value(match[0])
    if number is None or not 0 < number <= HIGHEST:
        return None
    if (level in NEVER_IN_WORDS and edge == Edge.WORD) or (level in ONLY_AT_LINE and edge < Edge.LINE):
        return None
    loose = match[0].endswith((" ", "，")) or match[0].startswith("第") or match.lastgroup == "named"
    if loose and edge != Edge.LINE:
        return None
    if level in (Level.CHINESE, Level.ARABIC) and LIST.match(norm, stop):
        return None  # 一、二、三类: a list of numbers
    # 要点如下：一、, where a line break was lost
    glued = number == 1 and norm[at - 1] == "：" and level == Level.CHINESE
    if level in (Level.CHINESE, Level.ARABIC) and edge == Edge.PAUSE and not glued:
        return None
    if edge < Edge.SENTENCE and CITING.search(norm, max(0, at - 3), at):
        return None
    if match[0].endswith("、") and level == Level.BRACKETED and edge == Edge.WORD:
        return None  # （一）、（二）项: cited
    if level == Level.ARABIC and edge == Edge.SENTENCE and norm[at - 1] in "”）" and match[0].endswith("、"):
        return None
    return Token(at, stop, level, number, edge, at in headed)


def _value(text: str) -> int | None:
    mark = NUMBER.search(text.rstrip())
    if mark is None:
        return None
    bare = mark[0]
    if bare.isascii():
        return int(bare)
    single = next(
        (ord(bare) - first + 1 for first, many in SINGLE if len(bare) == 1 and 0 <= ord(bare) - first < many), None
    )
    return chinese_number(bare) if single is None else single


def _edge(norm: str, at: int) -> Edge:
    while at and norm[at - 1] in LEADING:
        at -= 1
    if not at or norm[at - 1] == "\n":
        return Edge.LINE
    before = norm[at - 1]
    if before in ENDS:
        return Edge.SENTENCE
    return Edge.PAUSE if before in PAUSES else Edge.WORD
