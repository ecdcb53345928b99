"""The sample year written out: who did what to which report when, and what was typed. Stores nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from accounts.models import OrgUnit, User

from ..assess import pace_of
from ..enums import ReportAction
from ..models import Allocation, Period, Plan, Target, Task
from ..rules.entries import EntryInput
from ..rules.kinds import Strength, TargetKind
from . import story
from .accounts import Troupe
from .amounts import Cell, entry_for
from .chance import draw, pick
from .recorded import Recorded
from .story import Act, Duty

NARRATIVES = (
    "本月按计划推进“{title}”，各项数据已与台账核对。",
    "围绕“{title}”开展了走访和摸排，累计数见各目标。",
    "“{title}”各项工作有序进行，本月没有新增异常情况。",
    "本月召开工作例会研究“{title}”，明确了责任人和完成时间。",
)
PROBLEMS = (
    "",
    "",
    "",
    "部分服务对象外出，入户核实进度偏慢。",
    "经办人员更换，资料交接用时较长。",
    "雨季交通不便，个别点位未能按时到达。",
)
NEXT_STEPS = (
    "继续按序时进度推进。",
    "下月集中开展一次核查，补齐薄弱环节。",
    "加强与村（社区）对接，及时更新台账。",
)
INCIDENT = "本月“{title}”发现问题1处，已当日处置并上报，详见目标说明。"
CARELESS = "本月情况与上月相同。"
MENDED = "已按退回意见核对并补充说明。"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the form before one save."""

    texts: dict[str, str]
    entries: dict[int, EntryInput]


@dataclass(frozen=True, slots=True)
class Script:
    """The whole life of one revision of a report: its acts, and one `Typed` for each save among them."""

    task: Task
    org_unit: OrgUnit
    period: Period
    targets: list[Target]
    writer: User
    reviewer: User
    acts: list[Act]
    saves: list[Typed]
    corrects: "Script | None" = None


def scripts_of(plan: Plan, troupe: Troupe) -> list[Script]:
    """Return the sample year of a plan, every corrected report before its correction."""
    periods = list(plan.periods.begun(story.TOLD_UNTIL).order_by("start"))
    recorded, found = Recorded(plan), []
    for (task, unit), targets in _owed(plan).items():
        writer, reviewer = troupe.writers.get(unit.code), troupe.reviewers.get(task.section.app)
        if writer and reviewer:
            for period in periods:
                script = Script(task, unit, period, [t for t, _ in targets], writer, reviewer, [], [])
                found += _report(script, targets, recorded)
    return found


def _owed(plan: Plan) -> dict[tuple[Task, OrgUnit], list[tuple[Target, Cell]]]:
    """Return what each unit owes on each task: its targets, with what the sample year must know of them."""
    allocations = (
        Allocation.objects.filter(target__plan=plan)
        .select_related("target__task__section", "target__task__plan__bureau", "org_unit")
        .prefetch_related("target__steps")
        .order_by("target__sort", "org_unit__sort")
    )
    shares: dict[str, dict[str, Decimal | None]] = {}
    for allocation in allocations:
        shares.setdefault(allocation.org_unit.code, {})[allocation.target.code] = allocation.amount
    owed: dict[tuple[Task, OrgUnit], list[tuple[Target, Cell]]] = {}
    for allocation in allocations:
        cell = _cell(allocation, shares[allocation.org_unit.code])
        owed.setdefault((allocation.target.task, allocation.org_unit), []).append((allocation.target, cell))
    return owed


def _cell(allocation: Allocation, shares: dict[str, Decimal | None]) -> Cell:
    target, unit = allocation.target, allocation.org_unit
    return Cell(
        code=target.code,
        kind=TargetKind(target.kind),
        strength=Strength(target.strength),
        is_ratio=target.is_ratio,
        goal=target.goal,
        pace=pace_of(target),
        unit=unit.code,
        is_township=unit.is_township,
        shares=shares,
    )


def _report(blank: Script, targets: list[tuple[Target, Cell]], recorded: Recorded) -> Iterator[Script]:
    """Return the report's life, and that of its correction where there is one."""
    unit, period = blank.org_unit, blank.period
    duty = Duty(blank.task.number, unit.code, period.start, period.end, period.due, period.closes)
    acts = story.life_of(duty)
    if not acts:
        return
    truth = {target.pk: _input(cell, period) for target, cell in targets}
    correction = story.correction_of(duty)
    saves = _saves(duty, blank.task, acts, truth)
    first = replace(blank, acts=acts, saves=[_with_mistake(s, targets) for s in saves] if correction else saves)
    first = _with_records(first, recorded)
    yield first
    if correction:
        yield _with_records(replace(first, acts=correction, saves=saves[-1:], corrects=first), recorded)


def _with_records(script: Script, recorded: Recorded) -> Script:
    """Return the script with what registers filled in on the day of each save."""
    days = [act.on for act in script.acts if act.action == ReportAction.SAVE]
    saves = [
        replace(typed, entries=recorded.fill(script.targets, script.org_unit, script.period, on, typed.entries))
        for typed, on in zip(script.saves, days, strict=True)
    ]
    return replace(script, saves=saves)


def _input(cell: Cell, period: Period) -> EntryInput:
    entry = entry_for(cell, period.end)
    return replace(
        entry,
        value=_stored(entry.value),
        numerator=_stored(entry.numerator),
        denominator=_stored(entry.denominator),
    )


def _stored(number: Decimal | None) -> Decimal | None:
    """Return the number as the database gives it back, with its four decimals: the log quotes it so."""
    return None if number is None else number.quantize(Decimal("0.0001"))


def _saves(duty: Duty, task: Task, acts: list[Act], entries: dict[int, EntryInput]) -> list[Typed]:
    incident = any(entry.remark for entry in entries.values())
    narrative = INCIDENT if incident else pick(NARRATIVES, "narrative", *duty.words)
    texts = {
        "narrative": narrative.format(title=task.title),
        "problems": pick(PROBLEMS, "problems", *duty.words),
        "next_steps": pick(NEXT_STEPS, "next", *duty.words),
    }
    days = [act.on for act in acts if act.action == ReportAction.SAVE]
    if len(acts) == 1:  # a draft: some fields are still empty
        entries = {
            pk: e for pk, e in entries.items() if draw("typed", pk, *duty.words) < 0.6 and not _ahead(e, days[0])
        }
        return [Typed(texts | {"next_steps": ""}, entries)]
    mended = texts | {"narrative": texts["narrative"] + MENDED}
    return [Typed(mended if number else texts, entries) for number in range(len(days))]


def _ahead(entry: EntryInput, day) -> bool:
    return entry.done_on is not None and entry.done_on > day


def _with_mistake(truth: Typed, targets: list[tuple[Target, Cell]]) -> Typed:
    """Return what was typed with a careless narrative, and one too many in the first tracked count that is typed."""
    texts, entries = truth.texts | {"narrative": CARELESS}, dict(truth.entries)
    for target, cell in targets:
        if cell.kind == TargetKind.COUNT and cell.strength == Strength.TRACKED and not target.is_computed:
            entries[target.pk] = replace(entries[target.pk], value=entries[target.pk].value + 1)
            break
    return Typed(texts, entries)
