"""What became of each report of the sample year: in time, late, returned, waiting, missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ..enums import ReportAction
from .chance import between, draw, pick, workday_after, workday_before

# The sample year is told up to the evening before this day, whatever the day on which it is loaded.
TOLD_UNTIL = date(2024, 10, 15)

# Units that are late or silent more often than others, and the one whose liaison the guided tour follows.
SLOW_UNITS = {"500156113", "500156206", "500156208"}
TOUR_UNIT = "500156004"
# Safety is reported by everybody in time; one office has not reported on its task at all.
PROMPT_TASKS = {8}
SILENT_TASKS = {34}

REASONS = (
    "本期数与上期累计数对不上，请核对后重新提交。",
    "请在进展情况中写明完成户数的来源和时间。",
    "分母与台账不一致，请核实服务对象人数。",
    "说明过于简单，请补充存在问题和下一步措施。",
)
CORRECTION_REASON = "复核台账时发现本期填报有误，予以更正。"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done to a report on a day. note: the reason, where one is needed."""

    action: ReportAction
    on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """A report owed: task number, unit and period dates. All that the story turns on."""

    task: int
    unit: str
    start: date
    end: date
    due: date
    closes: date

    @property
    def words(self) -> tuple:
        return self.task, self.unit, self.start.month


def life_of(duty: Duty) -> list[Act]:
    """Return what happened to the report until the story's last day; nothing where it was never begun."""
    if duty.task in SILENT_TASKS:
        return []
    if duty.closes >= TOLD_UNTIL:
        return _running(duty)
    return [act for act in _closed(duty) if act.on < TOLD_UNTIL]


def correction_of(duty: Duty) -> list[Act]:
    """Return the life of the report's second revision, where there is one."""
    if draw("corrected", *duty.words) >= 0.004 or _course(duty) != "on_time":
        return []
    on = workday_before(duty.closes)
    if life_of(duty)[-1].on > on:
        return []
    acts = [Act(ReportAction.SAVE, on), Act(ReportAction.SUBMIT, on), Act(ReportAction.APPROVE, on)]
    return [Act(ReportAction.CORRECT, on, CORRECTION_REASON), *acts]


def _running(duty: Duty) -> list[Act]:
    """A period that still takes reports has drafts only, in some units."""
    if duty.start >= TOLD_UNTIL or draw("running", *duty.words) > (0.9 if duty.unit == TOUR_UNIT else 0.14):
        return []
    latest = min(duty.due, TOLD_UNTIL - timedelta(days=1))
    return [Act(ReportAction.SAVE, workday_before(latest - timedelta(days=between(0, 6, *duty.words))))]


def _closed(duty: Duty) -> Iterator[Act]:
    course = _course(duty)
    if course == "missing":
        return
    first = _handed_in(duty, late=course == "late")
    yield Act(ReportAction.SAVE, first)
    yield Act(ReportAction.SUBMIT, first)
    if course == "waiting":
        return
    decided = workday_after(first + timedelta(days=between(1, 3, "decided", *duty.words)))
    if course in ("returned", "mended"):
        yield Act(ReportAction.RETURN, decided, pick(REASONS, "reason", *duty.words))
        if course == "returned":
            return
        mended = workday_after(decided + timedelta(days=1))
        yield Act(ReportAction.SAVE, mended)
        yield Act(ReportAction.SUBMIT, mended)
        decided = workday_after(mended + timedelta(days=1))
    yield Act(ReportAction.APPROVE, decided)


def _course(duty: Duty) -> str:
    """Return how it went: mostly well in the months that are settled, less so in the last one."""
    chance = draw("course", *duty.words)
    if duty.task in PROMPT_TASKS:
        return "on_time"
    last = duty.closes + timedelta(days=7) >= TOLD_UNTIL
    if last and duty.unit == TOUR_UNIT:
        return {46: "returned", 21: "missing", 50: "waiting"}.get(duty.task, "on_time")
    scale = 4 if duty.unit in SLOW_UNITS else 1
    for course, share in (LAST_MONTH if last else SETTLED_MONTH).items():
        chance -= share * scale
        if chance < 0:
            return course
    return "on_time"


SETTLED_MONTH = {"late": 0.04, "missing": 0.015, "returned": 0.004, "mended": 0.03}
LAST_MONTH = {"late": 0.06, "missing": 0.03, "waiting": 0.07, "returned": 0.03, "mended": 0.02}


def _handed_in(duty: Duty, *, late: bool) -> date:
    if late:
        days = (duty.closes - duty.due).days - 2
        return min(workday_after(duty.due + timedelta(days=between(1, days, "late", *duty.words))), duty.closes)
    return workday_before(duty.due - timedelta(days=between(0, 5, "handed", *duty.words)))
