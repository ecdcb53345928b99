"""The parts of a file: the letter, the plan, and the annexes and glossaries behind it. The plan is where the outline is richest."""

import re
from dataclasses import dataclass, field

from .furniture import TAIL
from .numbering import CANDIDATE, Level, Token, tokens
from .outline import best_sequence
from .view import View

ANNEX = re.compile(
    r"附 ?[件录表] ?(?P<no>\d{1,2}|[一二三四五六七八九十]{1,2})?(?:-\d{1,2})? ?[：:.、]? ?(?P<rest>.{0,60})$"
)
LISTED = re.compile(r"附 ?件 ?[：:] ?.{1,80}$")
GLOSSARY = re.compile(
    r"(?:附 ?[：:]? ?)?(?:有关|相关|部分)?(?:名词|术语|词语|专有名词|指标|概念)(?:解释|注释|说明|释义)[：:]?$|(?:附 ?[：:]? ?)?(?:编制|填报|填表)说明$|注释$"
)
DATE_LINE = re.compile(r"(?:20\d\d|二[〇零]..) ?年.{1,4}月.{1,4}日(?:（.{0,12}）)?$")
ORGAN = re.compile(r".{2,40}(?:局|府|会|室|厅|部|委|院|中心|处|办|组|公司)$")
HEADING = re.compile(r"[^。，；：！？、|\t]{2,30}$")
NO_HEADING = re.compile(
    r"\d|.{0,10}(?:单位|科室|时限|责任人)：|.*(?:科|局|镇|乡|街道|站|所|底前|专栏)$|（|[-—·•]|第.{1,3}页|附件|20\d\d"
)
ENOUGH = 0.5  # of the richest part: the first that has so much is the plan
# The same where line breaks are lost: behind a full stop.
GLUED = re.compile(
    r"(?<=[。）！]) ?(?:附 ?件 ?：|（此[件文][^（）]{0,20}）|[\u4e00-\u9fff]{3,30}(?:局|府|会|室|厅|部|委|院|办|中心) ?20\d\d年\d{1,2}月\d{1,2}日(?![^（\s]))"
)
LAST = 400  # characters
NEAR = 8  # paragraphs


@dataclass(slots=True)
class Zone:
    """Paragraphs from `first` up to `until`, in the view from start to end. kind: main, annex or glossary."""

    first: int
    until: int
    start: int
    end: int
    kind: str
    title: str = ""
    chosen: list[Token] = field(default_factory=list)
    headings: list[tuple[int, int]] = field(default_factory=list)

    @property
    def richness(self) -> int:
        """Return how many numbers the outline has, those of a second level counted double."""
        levels = {token.level for token in self.chosen if token.level != Level.RUNNING}
        return len(self.chosen) * (2 if len(levels) > 1 or self.headings else 1)


def find_zones(view: View, title: str) -> tuple[list[Zone], int]:
    """Return the zones with their outlines, and which of them is the plan. title: of the plan, where the letter names it."""
    paragraphs = view.paragraphs()
    zones = _cut(view.norm, paragraphs, title)
    for zone in zones:
        _outline(view.norm, paragraphs, zone)
    able = [zone.richness if zone.kind != "glossary" else 0 for zone in zones]
    best = max(able)
    return zones, next(at for at, rich in enumerate(able) if rich >= ENOUGH * best)


def _cut(norm: str, paragraphs: list[tuple[int, int]], title: str) -> list[Zone]:
    zones = [Zone(0, len(paragraphs), 0, len(norm), "main")]
    wanted = title.replace(" ", "")
    for at, (start, _) in enumerate(paragraphs):
        kind, name = _begins(norm, paragraphs, at, wanted)
        if kind == "main" and name:
            wanted = ""  # once: where it comes again it is the head of a page
        if kind and at > zones[-1].first:
            zones[-1].until, zones[-1].end = at, start
            zones.append(Zone(at, len(paragraphs), start, len(norm), kind, name))
        elif kind:
            zones[-1].kind, zones[-1].title = kind, name
    return zones


def _begins(norm: str, paragraphs, at: int, wanted: str) -> tuple[str, str]:
    """Return kind and title of the zone that begins with this paragraph, "" where none does."""
    start, end = paragraphs[at]
    if end - start > 100:
        return "", ""
    text = norm[start:end].strip()
    if wanted and len(wanted) > 5 and text.replace(" ", "") == wanted and at:
        return "main", text
    if GLOSSARY.match(text):
        return "glossary", text
    if at and DATE_LINE.match(norm[slice(*paragraphs[at - 1])].strip()) and _is_signed(norm, paragraphs, at - 1):
        return "main", ""
    annex = ANNEX.match(text)
    if annex is None or text.endswith(("。", "；")):
        return "", ""
    if LISTED.match(text) and _signature_follows(norm, paragraphs, at):
        return "", ""
    return "annex", annex["rest"].strip()


def _is_signed(norm: str, paragraphs, at: int) -> bool:
    return at > 0 and bool(ORGAN.match(norm[slice(*paragraphs[at - 1])].strip()[-41:]))


def _signature_follows(norm: str, paragraphs, at: int) -> bool:
    return any(
        DATE_LINE.match(norm[start : min(end, start + 40)].strip()) for start, end in paragraphs[at + 1 : at + NEAR]
    )


def _outline(norm: str, paragraphs, zone: Zone) -> None:
    """Find the numbers of a zone, up to where its tail begins."""
    zone.end = _tail(norm, paragraphs, zone)
    headings, headed = [], set()
    for (start, end), (following, stop) in zip(
        paragraphs[zone.first : zone.until], paragraphs[zone.first + 1 : zone.until], strict=False
    ):
        if (
            end - start <= 60
            and is_heading(norm[start:end].strip())
            and CANDIDATE.match(norm, following, min(stop, following + 12))
        ):
            headings.append((start, end))
            headed.add(following)
    zone.headings = headings
    zone.chosen = _without_singles(best_sequence(tokens(norm, zone.start, zone.end, headed)))


def is_heading(text: str) -> bool:
    """Say whether a paragraph looks like a heading without a number."""
    return bool(HEADING.match(text)) and not NO_HEADING.match(text) and not CANDIDATE.match(text)


def _tail(norm: str, paragraphs, zone: Zone) -> int:
    """Return where the zone's content ends: imprint, list of annexes, signature with date, or its end."""
    candidate = CANDIDATE.search(norm, zone.start, zone.end)
    begun = candidate.start() if candidate else len(norm)
    for at in range(zone.first + 1, zone.until):
        start, end = paragraphs[at]
        if end - start > 160:
            continue
        text = norm[start:end].strip()
        if LISTED.match(text) and _signature_follows(norm, paragraphs, at):
            return start
        if TAIL.match(text) and at > zone.first + 3 and begun < start:
            return start
        if DATE_LINE.match(text) and _is_signed(norm, paragraphs, at) and at - 1 > zone.first:
            return paragraphs[at - 1][0]
    glued = GLUED.search(norm, max(begun, zone.end - LAST), zone.end) if begun < zone.end else None
    return glued.start() if glued else zone.end


def _without_singles(chosen: list[Token]) -> list[Token]:
    """Leave out levels of running words that have but one number in the whole zone."""
    counts: dict[Level, int] = {}
    for token in chosen:
        counts[token.level] = counts.get(token.level, 0) + 1
    return [token for token in chosen if counts[token.level] > 1 or token.level < Level.ARABIC]
