"""View models of the dashboard: each mark with the address of the list that shows exactly what it counts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import OrgUnit

from ..assess import Assessment
from ..completeness import completeness
from ..dashboard.board import Board
from ..models import Section, Task
from ..rules.kinds import Light
from ..rules.lights import FINISHED, LAGGING, LIT, SEVERITY, WELL, count_lights, worst
from ..sections import section_icon
from . import duty_rows
from . import format as fmt
from .graphics import spark
from .marks import Mark, light_mark
from .overview import LightCount, address, list_url, with_query
from .present import amount_text, bullet, expected_text, verified_text

BARS = 12
CHANGES = 6
# From which share of the lit targets on pace a cell has which ground, and how the legend says it.
TONES = (
    (Decimal(1), "green", "全部达到序时"),
    (Decimal("0.8"), "olive", "80% 以上"),
    (Decimal("0.6"), "yellow", "60% 以上"),
)
LOWEST = ("red", "不足 60%")


@dataclass(frozen=True, slots=True)
class Query:
    """What every address of the board carries: the plan, and the day where it is not today."""

    plan: int
    carried: dict

    def targets(self, **more) -> str:
        return list_url(plan=self.plan, **more, **self.carried)

    def tasks(self, **more) -> str:
        return with_query(address("tasks"), {"plan": self.plan, **more, **self.carried})

    def page(self, name: str, pk: int, **more) -> str:
        return with_query(reverse(f"workplan:{name}", args=[pk]), {**more, **self.carried})


@dataclass(frozen=True, slots=True)
class Brief:
    """A target in a few words. numbers: "35 / ≥ 100 户，序时 79 户"."""

    pk: int
    url: str
    measure: str
    section: str
    amount: str
    goal: str
    expected: str
    progress: str
    verified: str
    bar: SafeString
    mark: Mark
    reason: str
    is_new: bool
    rank: tuple

    @property
    def numbers(self) -> str:
        pace = "" if self.expected == fmt.MISSING else f"，序时 {self.expected}"
        return f"{self.amount} / {self.goal}{pace}"


def brief_of(found: Assessment, query: Query, *, is_new: bool = False) -> Brief:
    target, verdict, section = found.target, found.verdict, found.target.task.section
    return Brief(
        pk=target.pk,
        url=query.page("target", target.pk),
        measure=target.measure,
        section=f"{section.number}. {section.campaign or section.title}",
        amount=amount_text(found),
        goal=fmt.goal(target.comparator, found.goal, target.unit),
        expected=expected_text(found),
        progress=fmt.percent(verdict.progress),
        verified=verified_text(found),
        bar=bullet(found),
        mark=light_mark(verdict.light),
        reason=verdict.reason.label,
        is_new=is_new,
        rank=(-(verdict.gap or Decimal(0)), SEVERITY.index(verdict.light), target.sort),
    )


# --- The head line -------------------------------------------------------------------------------------------


def target_counts(board: Board, query: Query) -> list[LightCount]:
    counts = count_lights(one.verdict.light for one in board.now)
    return [LightCount(light_mark(one), counts[one], query.targets(light=one.value)) for one in SEVERITY]


def task_counts(board: Board, query: Query) -> list[LightCount]:
    counts = count_lights(light for _, light in task_lights(board.now))
    return [LightCount(light_mark(one), counts[one], query.tasks(light=one.value)) for one in SEVERITY]


def task_lights(found: Iterable[Assessment]) -> list[tuple[Task, Light]]:
    """Return the tasks that have targets of their own, each with the worst light of these."""
    by_task: dict[int, list[Assessment]] = defaultdict(list)
    for one in found:
        by_task[one.target.task_id].append(one)
    pairs = [(own[0].target.task, worst(one.verdict.light for one in own)) for own in by_task.values()]
    return sorted(pairs, key=lambda pair: pair[0].number)


# --- Sections ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SectionCard:
    """A section: its worst light, how many targets are done, on pace and behind, its worst target, its course."""

    name: str
    title: str
    icon: str
    url: str
    mark: Mark
    counts: list[tuple[str, str, int, str]]
    total: int
    total_url: str
    worst: Brief | None
    spark: SafeString
    course: list[tuple[str, str]]


def section_cards(board: Board, query: Query) -> list[SectionCard]:
    sections: dict[Section, list[Assessment]] = defaultdict(list)
    for one in board.now:
        sections[one.target.task.section].append(one)
    return [_card(board, section, sections[section], query) for section in sorted(sections, key=lambda s: s.number)]


def _card(board: Board, section: Section, own: list[Assessment], query: Query) -> SectionCard:
    lights = count_lights(one.verdict.light for one in own)
    groups = (("finished", "完成", FINISHED), ("on_pace", "正常", (Light.ON_PACE,)), ("lagging", "需关注", LAGGING))
    needing = [brief_of(one, query) for one in own if one.verdict.light in LAGGING]
    course = _course(board, {one.target.pk for one in own})
    words = "达到序时的比例：" + "，".join(f"{day} {share}" for day, share in [(d, s) for d, _, s in course])
    return SectionCard(
        name=f"{section.number}. {section.campaign or section.title}",
        title=section.title,
        icon=section_icon(section.app),
        url=query.page("section", section.pk),
        mark=light_mark(worst(one.verdict.light for one in own)),
        counts=[
            (code, word, sum(lights[light] for light in group), query.targets(section=section.pk, light=code))
            for code, word, group in groups
        ],
        total=len(own),
        total_url=query.targets(section=section.pk),
        worst=min(needing, key=lambda one: (SEVERITY.index(Light(one.mark.code)), one.rank), default=None),
        spark=spark([share for _, share, _ in course], words, span=(Decimal(0), Decimal(1))),
        course=[(day, text) for day, _, text in course],
    )


def _course(board: Board, targets: set[int]) -> list[tuple[str, Decimal | None, str]]:
    """Return by day of the trend the share of the lit targets that were on pace or done, as number and words."""
    found = []
    for day, lights in board.trend.items():
        counts = count_lights(light for pk, light in lights.items() if pk in targets)
        well, lit = sum(counts[light] for light in WELL), sum(counts[light] for light in LIT)
        label = f"{day.month}月{day.day}日" if day == board.on else f"{day.month}月末"
        found.append((label, Decimal(well) / lit if lit else None, fmt.ratio(well, lit)))
    return found


# --- Targets -------------------------------------------------------------------------------------------------


def bars(board: Board, query: Query) -> list[Brief]:
    """Return the targets that have a bar, the farthest behind pace first."""
    found = [brief_of(one, query) for one in board.now]
    return sorted((one for one in found if one.bar), key=lambda one: one.rank)[:BARS]


def reds(board: Board, query: Query) -> list[Brief]:
    """Return the red targets, those first that were not red on the day compared with."""
    pairs = zip(board.now, board.then, strict=True)
    found = [
        brief_of(now, query, is_new=then.verdict.light != Light.RED)
        for now, then in pairs
        if now.verdict.light == Light.RED
    ]
    return sorted(found, key=lambda one: (not one.is_new, one.rank))


@dataclass(frozen=True, slots=True)
class Change:
    """A target whose value or light is another than on the day compared with."""

    pk: int
    url: str
    code: str
    sort: int
    measure: str
    section: str
    old_amount: str
    amount: str
    old_mark: Mark
    mark: Mark
    reason: str
    worsened: bool
    relit: bool

    @property
    def order(self) -> tuple:
        return (not self.worsened, not self.relit, self.sort)


def changes(board: Board, query: Query) -> list[Change]:
    """Return what changed between the two days: what became worse first, then what became better, then mere values."""
    pairs = zip(board.then, board.now, strict=True)
    found = [_change(then, now, query) for then, now in pairs if _differs(then, now)]
    return sorted(found, key=lambda one: one.order)


def _differs(then: Assessment, now: Assessment) -> bool:
    return then.verdict.light != now.verdict.light or amount_text(then) != amount_text(now)


def _change(then: Assessment, now: Assessment, query: Query) -> Change:
    target, section = now.target, now.target.task.section
    old, new = SEVERITY.index(then.verdict.light), SEVERITY.index(now.verdict.light)
    return Change(
        pk=target.pk,
        url=query.page("target", target.pk),
        code=target.code,
        sort=target.sort,
        measure=target.measure,
        section=f"{section.number}. {section.campaign or section.title}",
        old_amount=amount_text(then),
        amount=amount_text(now),
        old_mark=light_mark(then.verdict.light),
        mark=light_mark(now.verdict.light),
        reason=now.verdict.reason.label,
        worsened=new < old and now.verdict.light in LAGGING,
        relit=new != old,
    )


# --- Townships -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """Of the lit targets of a township in a section, how many are on pace or done. text: "8/9", "" where none is lit."""

    text: str
    tone: str
    url: str
    words: str


@dataclass(frozen=True, slots=True)
class TownshipRow:
    """A township by pace. rank: 1 for the best, the same for equals, None where nothing is lit."""

    rank: int | None
    name: str
    url: str
    pace: str
    whole: Cell
    cells: list[Cell]
    handed_in: str
    handed_url: str
    late: int
    late_url: str
    missing: int
    missing_url: str


@dataclass(frozen=True, slots=True)
class Townships:
    """The table of townships: the sections that stand above its cells, its rows in order of pace, what the grounds mean."""

    sections: list[tuple[int, str, str]]
    rows: list[TownshipRow]
    legend: list[tuple[str, str]]


def townships(board: Board, query: Query) -> Townships:
    shared = {one.target.task.section for own in board.by_unit.values() for one in own if one.verdict.light in LIT}
    sections = sorted(shared, key=lambda s: s.number)
    heads = [(s.number, s.campaign or s.title, query.page("section", s.pk)) for s in sections]
    owed = defaultdict(list)
    for duty in board.duties:
        owed[duty.org_unit.pk].append(duty)
    found = [(unit, _whole(board.by_unit.get(unit.pk, []))) for unit in board.townships]
    ranks = _ranks([share for _, (_, _, share) in found])
    rows = [
        _township(board, unit, rank, sections, owed[unit.pk], query)
        for (unit, _), rank in zip(found, ranks, strict=True)
    ]
    rows.sort(key=lambda row: row.rank or len(rows) + 1)
    legend = [(tone, words) for _, tone, words in TONES]
    return Townships(heads, rows, [*legend, LOWEST])


def _whole(found: Iterable[Assessment]) -> tuple[int, int, Decimal | None]:
    """Return how many targets are on pace or done, how many are lit, and the one over the other."""
    counts = count_lights(one.verdict.light for one in found)
    well, lit = sum(counts[light] for light in WELL), sum(counts[light] for light in LIT)
    return well, lit, Decimal(well) / lit if lit else None


def _ranks(shares: list[Decimal | None]) -> list[int | None]:
    """Return the place of each share: 1 for the highest; equal shares have the same place, and the next one counts them all."""
    return [None if own is None else 1 + sum(other is not None and other > own for other in shares) for own in shares]


def _township(
    board: Board, unit: OrgUnit, rank: int | None, sections: list[Section], owed: list, query: Query
) -> TownshipRow:
    found = board.by_unit.get(unit.pk, [])
    by_section: dict[int, list[Assessment]] = defaultdict(list)
    for one in found:
        by_section[one.target.task.section_id].append(one)
    counts = completeness(owed, board.on)
    period = {"period": board.period.pk, "unit": unit.pk} if board.period else {}
    urls = duty_rows.summary(unit.label, owed, board.on, **period, **query.carried).urls
    well, lit, share = _whole(found)
    return TownshipRow(
        rank=rank,
        name=unit.label,
        url=query.page("unit", unit.pk, plan=query.plan),
        pace=fmt.percent(100 * share) if share is not None else fmt.MISSING,
        whole=_cell(well, lit, share, unit.label, query.targets(unit=unit.pk, light="lit")),
        cells=[
            _cell(
                *_whole(by_section.get(section.pk, [])),
                f"{unit.label} {section.campaign or section.title}",
                query.targets(unit=unit.pk, section=section.pk, light="lit"),
            )
            for section in sections
        ],
        handed_in=f"{counts.handed_in}/{counts.owed}" if counts.owed else "",
        handed_url=urls["handed_in"],
        late=counts.late,
        late_url=urls["late"],
        missing=counts.missing,
        missing_url=urls["missing"],
    )


def _cell(well: int, lit: int, share: Decimal | None, name: str, url: str) -> Cell:
    if share is None:
        return Cell("", "grey", "", f"{name}：没有亮灯的目标")
    tone = next((tone for least, tone, _ in TONES if share >= least), LOWEST[0])
    return Cell(f"{well}/{lit}", tone, url, f"{name}：亮灯 {lit} 个，达到序时 {well} 个")


def short_day(day: date) -> str:
    return f"{day.month}月{day.day}日"
