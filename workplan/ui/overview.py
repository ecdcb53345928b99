"""View models of a plan at a glance: its sections with counts by light."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.urls import reverse
from django.utils.http import urlencode

from ..models import Plan, Section
from ..rules.kinds import Light
from ..rules.lights import SEVERITY, count_lights
from ..rules.pace import Pace, PaceCurve, expected_share
from ..sections import section_icon
from . import format as fmt
from .marks import Mark, light_mark
from .present import TargetRow


@dataclass(frozen=True, slots=True)
class LightCount:
    """How many targets have a light, and the list that shows exactly these."""

    mark: Mark
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class SectionCard:
    """A section with what the user may see of it. worst: the target that needs attention most, if any does."""

    number: int
    title: str
    campaign: str
    icon: str
    url: str
    tasks: int
    targets: int
    counts: list[LightCount]
    worst: TargetRow | None


def section_cards(plan: Plan, sections: Iterable[Section], rows: list[TargetRow], *, carry: dict) -> list[SectionCard]:
    """Return the cards in order. `sections` must have `task_count`; each target counts once, in its own section."""
    return [_card(plan, section, [r for r in rows if r.section_id == section.pk], carry) for section in sections]


def _card(plan: Plan, section: Section, rows: list[TargetRow], carry: dict) -> SectionCard:
    needing = [row for row in rows if row.needs_attention]
    return SectionCard(
        number=section.number,
        title=section.title,
        campaign=section.campaign or section.title,
        icon=section_icon(section.app),
        url=with_query(reverse("workplan:section", args=[section.pk]), carry),
        tasks=section.task_count,
        targets=len(rows),
        counts=light_counts(rows, plan=plan.pk, section=section.pk, **carry),
        worst=min(needing, key=lambda row: (row.rank, -row.gap_key, row.sort), default=None),
    )


def light_counts(rows: list[TargetRow], *, linked: bool = True, **query) -> list[LightCount]:
    """Return counts in order of severity; the links narrow the list of targets by `query` and light.

    linked: False where no query of the list would show exactly these rows.
    """
    counts = count_lights(row.light for row in rows)
    return [
        LightCount(light_mark(one), counts[one], list_url(**query, light=one.value) if linked else "")
        for one in SEVERITY
    ]


@cache
def address(name: str) -> str:
    """Return the address of a page without arguments; pages with hundreds of links ask for the same few."""
    return reverse(f"workplan:{name}")


def list_url(**query) -> str:
    """Return the address of the list of targets, narrowed."""
    return with_query(address("targets"), query)


def with_query(address: str, query: dict) -> str:
    return f"{address}?{urlencode(query)}" if query else address


def year_gone(plan: Plan, on: date) -> str:
    """Return the share of the plan's year that has passed."""
    year = Pace(PaceCurve.LINEAR, date(plan.year, 1, 1), date(plan.year, 12, 31))
    return fmt.percent(100 * expected_share(year, on))


def in_words(rows: list[TargetRow]) -> str:
    """Return one sentence about where things stand."""
    counts = count_lights(row.light for row in rows)
    lit = len(rows) - counts[Light.UNLIT]
    well = counts[Light.DONE] + counts[Light.DONE_LATE] + counts[Light.ON_PACE]
    if not lit:
        return "暂无参与亮灯的目标。"
    return (
        f"{lit} 个亮灯目标中，{well} 个达到序时或已完成，{counts[Light.BEHIND]} 个滞后，"
        f"{counts[Light.RED]} 个红灯，{counts[Light.NOT_REPORTED]} 个未报。"
    )
