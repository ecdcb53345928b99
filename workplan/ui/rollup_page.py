"""View models of a roll-up report: everything comes from its snapshot, whatever has changed since."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..enums import RollupFileKind, RollupState
from ..models import RollupReport
from ..rollup import pdf
from ..rollup.drafting import Place, places
from ..rollup.sources import addresses
from ..rules.kinds import Light
from ..rules.lights import SEVERITY
from ..rules.wording import parts
from ..services.rollup import kinds_here
from . import marks
from .overview import LightCount

STATES = {
    RollupState.DRAFT: marks.Mark("draft", RollupState.DRAFT.label, "grey", marks.RING),
    RollupState.PUBLISHED: marks.Mark("published", RollupState.PUBLISHED.label, "green", marks.TICKED),
}
LIMIT_ROWS = 200  # late or missing reports listed on the page; the ledger and the list of duties have them all


@dataclass(frozen=True, slots=True)
class Text:
    """One text: as it stands, or as it was typed and could not be saved."""

    place: Place
    words: str
    shown: SafeString

    @property
    def name(self) -> str:
        return f"text-{self.place.key}"

    @property
    def id(self) -> str:
        return self.name.replace(".", "-")

    @property
    def rows(self) -> int:
        return min(max(3, len(self.words) // 60 + self.words.count("\n")), 14)


@dataclass(frozen=True, slots=True)
class Block:
    """The texts under one heading, and the targets of that section with their sources."""

    title: str
    texts: list[Text]
    counts: list[LightCount]
    targets: list[dict[str, Any]]


def page_of(report: RollupReport, typed: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the context of the report's page. typed: texts by place that stand in the form instead of the stored ones."""
    snapshot = report.snapshot
    links = addresses(snapshot)
    words = report.texts | (typed or {})
    texts = [
        Text(place, words.get(place.key, ""), _linked(words.get(place.key, ""), links)) for place in places(snapshot)
    ]
    return {
        "report": report,
        "state": STATES[RollupState(report.state)],
        "snapshot": snapshot,
        "lights": _counts(snapshot["lights"], "all", links),
        "blocks": list(_blocks(snapshot, texts, links)),
        "reporting": snapshot["reporting"],
        "reporting_units": [unit | {"url": links[f"u{unit['pk']}.owed"]} for unit in snapshot["reporting"]["units"]],
        "late": snapshot["reporting"]["late"][:LIMIT_ROWS],
        "missing": snapshot["reporting"]["missing"][:LIMIT_ROWS],
        "corrections": [row | {"url": links.get(row["code"], "")} for row in snapshot["corrections"]],
        "files": [(kind.value, kind.label) for kind in kinds_of(report)],
        "no_pdf": "" if report.is_published else pdf.missing(),
    }


def kinds_of(report: RollupReport) -> list[RollupFileKind]:
    """Return which documents there are: of a published report those that were stored, of a draft those that can be made here."""
    if report.is_published:
        stored = set(report.files.values_list("kind", flat=True))
        return [kind for kind in RollupFileKind if kind in stored]
    return kinds_here()


def _blocks(snapshot: dict, texts: list[Text], links: dict[str, str]) -> Iterable[Block]:
    yield Block("总体情况", [text for text in texts if text.place.section is None], [], [])
    for section in snapshot["sections"]:
        number = section["number"]
        yield Block(
            f"{number}. {section['name']}",
            [text for text in texts if text.place.section == number],
            _counts(section["lights"], f"s{number}", links),
            [_target(row, links) for row in snapshot["targets"] if row["section"] == number],
        )


def _target(row: dict, links: dict[str, str]) -> dict[str, Any]:
    return row | {"url": links[row["code"]], "mark": marks.light_mark(row["light"]).titled(row["reason_text"])}


def _counts(lights: dict[str, int], prefix: str, links: dict[str, str]) -> list[LightCount]:
    return [
        LightCount(marks.light_mark(light), lights[light.value], links[f"{prefix}.{light.value}"])
        for light in map(Light, SEVERITY)
    ]


def _linked(words: str, links: dict[str, str]) -> SafeString:
    """Return the words as paragraphs in which each cited number is a link to its page."""
    return format_html_join("", "<p>{}</p>", ((_line(line, links),) for line in words.splitlines() if line.strip()))


def _line(line: str, links: dict[str, str]) -> SafeString:
    return format_html_join("", "{}", ((_part(words, links.get(key, "")),) for words, key in parts(line)))


def _part(words: str, url: str) -> SafeString | str:
    return format_html('<a href="{}">{}</a>', url, words) if url else words


def differences(report: RollupReport, typed: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return (label, stored, typed) of every text that differs."""
    named = {place.key: place for place in places(report.snapshot)}
    sections = {section["number"]: section["name"] for section in report.snapshot["sections"]}
    return [
        (f"{sections.get(named[key].section, '')} {named[key].label}".strip(), report.texts.get(key, ""), text)
        for key, text in typed.items()
        if key in named and text != report.texts.get(key, "")
    ]
