"""From the chosen numbers to sections and items: which level is which, where each begins and ends, what its title is."""

from collections import Counter
from dataclasses import dataclass, field

from .model import Confidence, Item, Section, least
from .numbering import Level, Token
from .outline import sureness
from .titles import Heading, item_heading, running_heading, section_heading
from .view import View, printed
from .zones import Zone

RUN_ON_SHARE = 0.6  # of the lists below headings: so many run on, then the level counts the tasks


@dataclass(frozen=True, slots=True)
class Plan:
    """Which levels are sections and items. section: None where headings without numbers, or nothing, take their place."""

    section: Level | None
    items: tuple[Level, ...]
    group: Level | None = None


@dataclass(slots=True)
class Built:
    """Sections of a zone, and for each item and section the stretch of the view that holds its text."""

    sections: list[Section] = field(default_factory=list)
    bodies: list[tuple[Section | Item, Heading, int]] = field(default_factory=list)
    flat: bool = False


def levels_of(zone: Zone) -> Plan | None:
    """Return what the levels of the zone's outline are, None where it has no numbers."""
    chosen = zone.chosen
    if not chosen:
        return None
    present = sorted({token.level for token in chosen})
    if present[0] == Level.PART and len(present) > 2 and Level.CHINESE in present and Level.BRACKETED in present:
        present = present[1:]
    if len(present) == 1 or (present[1] == Level.RUNNING and len(present) == 2 and _few_running(chosen)):
        return Plan(None, (present[0],))
    top = present[0]
    if zone.headings and _headed(zone, top):
        return Plan(None, (top,))
    below = Counter(_child_levels(chosen, top))
    numbered = {level: count for level, count in below.items() if level != Level.RUNNING}
    if not numbered:
        return Plan(top, (Level.RUNNING,))
    item = max(numbered, key=lambda level: (numbered[level], -level))
    deeper = next((level for level in present if level > item and level != Level.RUNNING), None)
    if deeper is not None and _runs_on(chosen, item, deeper):
        return Plan(top, (deeper,), item)
    others = tuple(level for level in numbered if Level.BRACKETED <= level <= Level.ARABIC)
    return Plan(top, tuple(sorted({item, *others})))


def _few_running(chosen: list[Token]) -> bool:
    """A flat list whose items say 一是…二是… now and then is a flat list still."""
    tops = sum(1 for token in chosen if token.level != Level.RUNNING)
    owned = {
        at
        for at, token in enumerate(chosen[:-1])
        if token.level != Level.RUNNING and chosen[at + 1].level == Level.RUNNING
    }
    return len(owned) < 0.7 * tops


def _headed(zone: Zone, top: Level) -> bool:
    """Headings without numbers stand above the highest level: at least two, each before a number of that level."""
    places = {token.start for token in zone.chosen if token.level == top and token.headed}
    return len(places) >= 2


def _child_levels(chosen: list[Token], top: Level):
    """Yield the level of each number that stands directly below one of the top level."""
    under = None
    for token in chosen:
        if token.level <= top:
            under = None
        elif under is None or token.level <= under:
            under = token.level
            yield token.level


def _runs_on(chosen: list[Token], upper: Level, deeper: Level) -> bool:
    """Say whether the deeper numbers run on under the next upper heading while the upper ones begin again."""
    lists, carried, last = 0, 0, 0
    opened, uppers = False, [token.number for token in chosen if token.level == upper]
    for token in chosen:
        if token.level <= upper:
            opened = True
        elif token.level == deeper:
            if opened and last:
                lists += 1
                carried += token.number == last + 1
            opened, last = False, token.number
    restarts = uppers.count(1) > 1 or len(uppers) < 3
    return restarts and lists >= 2 and carried >= RUN_ON_SHARE * lists


def build(view: View, zone: Zone) -> Built:
    """Return sections and items of the zone."""
    plan = levels_of(zone)
    if plan is None:
        return _unnumbered(view, zone)
    return _Builder(view, zone, plan).run()


class _Builder:
    def __init__(self, view: View, zone: Zone, plan: Plan):
        self.view, self.zone, self.plan = view, zone, plan
        self.built = Built(flat=plan.section is None and not self._headings())
        self.before: dict[Level, Token] = {}
        self.group = ""

    def _headings(self) -> dict[int, tuple[int, int]]:
        """Return the headings without numbers by the end of their line; they count where no number marks the sections."""
        if self.plan.section is not None or not _headed(self.zone, self.plan.items[0]):
            return {}
        starts = {token.start for token in self.zone.chosen if token.level in self.plan.items}
        return {
            end + 1: (start, end)
            for start, end in self.zone.headings
            if end + 1 in starts or _next_word(self.view, end) in starts
        }

    def run(self) -> Built:
        wanted = {self.plan.section, self.plan.group, *self.plan.items} - {None}
        marks = [token for token in self.zone.chosen if token.level in wanted]
        headings = self._headings()
        for at, token in enumerate(marks):
            stop = marks[at + 1].start if at + 1 < len(marks) else self.zone.end
            heading = headings.get(token.start)
            if at + 1 < len(marks) and (following := headings.get(marks[at + 1].start)):
                stop = following[0]
            if heading is not None:
                self._section_of_heading(*heading)
            self._take(token, stop, marks[at + 1].level if at + 1 < len(marks) else None)
            self.before[token.level] = token
        return self.built

    def _take(self, token: Token, stop: int, following: Level | None) -> None:
        """Take a number for what its level is. A group without tasks below it is a task itself. following: the next number's level."""
        grade = sureness(token, self.before.get(token.level))
        if token.level == self.plan.section:
            self.group = ""
            self._section(token, stop, grade)
        elif token.level == self.plan.group and following in self.plan.items:
            heading = item_heading(self.view.norm, token.end, stop)
            self.group = printed(self.view.text[heading.start : heading.end])
        else:
            self.group = "" if token.level == self.plan.group else self.group
            self._item(token, stop, grade)

    def _section(self, token: Token, stop: int, grade: Confidence) -> None:
        heading = section_heading(self.view.norm, token.end, stop)
        section = Section(
            token.number,
            printed(self.view.text[heading.start : heading.end]),
            self.view.span(token.start, stop),
            self.view.span(heading.start, heading.end),
            confidence=least(grade, heading.confidence),
        )
        self.built.sections.append(section)
        self.built.bodies.append((section, heading, stop))

    def _section_of_heading(self, start: int, end: int) -> None:
        span = self.view.span(start, end)
        title = self.view.text[start:end].strip()
        self.built.sections.append(Section(None, title, span, span, confidence=Confidence.MEDIUM))

    def _item(self, token: Token, stop: int, grade: Confidence) -> None:
        norm = self.view.norm
        heading = (running_heading if token.level == Level.RUNNING else item_heading)(norm, token.end, stop)
        if not self.built.sections:
            place = self.view.span(token.start, token.start)
            self.built.sections.append(Section(None, "", place, place, confidence=Confidence.MEDIUM))
        item = Item(
            token.number,
            printed(self.view.text[heading.start : heading.end]),
            self.view.text[heading.body : stop].strip().rstrip("#*> \n"),
            self.view.span(token.start, stop),
            self.view.span(heading.start, heading.end),
            label=self.view.text[token.start : token.end].strip(),
            group=self.group,
            confidence=least(grade, heading.confidence),
            reason=heading.reason,
        )
        self.built.sections[-1].items.append(item)
        self.built.bodies.append((item, heading, stop))


def _next_word(view: View, end: int) -> int:
    at = end + 1
    while at < len(view.norm) and view.norm[at] == " ":
        at += 1
    return at


def _unnumbered(view: View, zone: Zone) -> Built:
    """Sections by headings without numbers, each paragraph below an item without a number. A guess, and marked as one."""
    from .zones import is_heading

    built = Built(flat=True)
    paragraphs = [
        (start, end) for start, end in view.paragraphs()[zone.first : zone.until] if end <= zone.end and end > start
    ]
    for at, (start, end) in enumerate(paragraphs):
        text = view.norm[start:end].strip()
        body = paragraphs[at + 1] if at + 1 < len(paragraphs) else None
        if is_heading(text) and body and view.norm[body[0] : body[1]].rstrip().endswith("。") and at:
            span = view.span(start, end)
            built.sections.append(Section(None, view.text[start:end].strip(), span, span, confidence=Confidence.LOW))
        elif built.sections and text.endswith("。"):
            _paragraph_item(view, built, start, end)
    built.sections = [section for section in built.sections if section.items]
    return built


def _paragraph_item(view: View, built: Built, start: int, end: int) -> None:
    heading = item_heading(view.norm, start, end)
    item = Item(
        None,
        printed(view.text[heading.start : heading.end]),
        view.text[heading.body : end].strip(),
        view.span(start, end),
        view.span(heading.start, heading.end),
        confidence=Confidence.LOW,
        reason=heading.reason,
    )
    built.sections[-1].items.append(item)
    built.bodies.append((item, heading, end))
