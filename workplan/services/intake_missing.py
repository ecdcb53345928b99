"""What still stands between a corrected intake and the draft of a plan."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import Refused
from ..intake.arguments import amount
from ..intake.errors import BadEdit
from ..intake.outline import DraftTarget, Outline
from ..models import Intake, Plan
from ..rules.kinds import Recurrence, TargetKind


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that must be settled before there can be a draft. place: the page; part: id of the part on it, "" for the page itself."""

    message: str
    place: str
    part: str = ""


class NotReady(Refused):
    """The intake cannot be made a plan yet. `obstacles` says what is missing."""

    code = "not_ready"

    def __init__(self, obstacles: list[Obstacle]):
        super().__init__(f"还有 {len(obstacles)} 处需要处理，暂不能生成草稿。")
        self.obstacles = obstacles


def obstacles(intake: Intake, outline: Outline) -> list[Obstacle]:
    """Return everything that stands in the way of a draft, in the order of the wizard."""
    return [
        *_of_the_head(intake, outline),
        *_to_check(outline),
        *(Obstacle(message, "bench", part) for part, message in _flaws(outline)),
        *(
            Obstacle(f"板块“{section.title}”还没有对应的业务板块。", "sections", section.id)
            for section in outline.live_sections
            if not section.app
        ),
    ]


def _of_the_head(intake: Intake, outline: Outline) -> Iterator[Obstacle]:
    facts = outline.facts
    if not facts.title:
        yield Obstacle("缺少标题。", "bench", "facts")
    if not facts.year or not 2000 <= facts.year <= 2100:
        yield Obstacle("缺少年度：通知中没有找到，请填写。", "bench", "facts")
    elif plan := Plan.objects.filter(bureau=intake.bureau, year=facts.year).first():
        yield Obstacle(f"{plan}已经有了（{plan.get_status_display()}），同一年度只能有一份。", "plan", str(plan.pk))
    if not outline.live_sections:
        yield Obstacle("没有采用的任务。", "bench")


def _to_check(outline: Outline) -> Iterator[Obstacle]:
    waiting = set(outline.waiting)
    for task in outline.tasks:
        if task.id in waiting:
            yield Obstacle(f"任务“{task.title}”待核对。", "bench", task.id)
        for target in task.live_targets:
            if target.id in waiting:
                yield Obstacle(f"目标“{target.measure}”待核对：{_doubt(target)}。", "bench", target.id)


def _doubt(target: DraftTarget) -> str:
    """Return why somebody must look at the target."""
    return "疑似与另一目标重复" if target.alike else target.reason


def _flaws(outline: Outline) -> Iterator[tuple[str, str]]:
    """Return part and sentence for what the plan could not hold."""
    live = {target.id for task in outline.tasks for target in task.live_targets}
    for task in outline.tasks:
        if not task.is_live:
            continue
        if task.due and outline.facts.year and task.due.year < outline.facts.year:
            yield task.id, f"任务“{task.title}”的时限 {task.due} 早于年度。"
        for target in task.targets:
            if not target.dropped and target.same_as and target.same_as not in live:
                yield target.id, f"目标“{target.measure}”所合并到的目标已不采用。"
            for message in _flaws_of(target, outline.facts.year) if target.is_live else ():
                yield target.id, f"目标“{target.measure}”{message}。"


def _flaws_of(target: DraftTarget, year: int | None) -> Iterator[str]:
    if target.needs_goal:
        yield "没有目标值"
    if not target.unit:
        yield "没有计量单位"
    if target.kind == TargetKind.RATE and target.unit != "%":
        yield "是比率，计量单位应为 %"
    if target.recurrence not in set(Recurrence):
        yield "的频次无法识别"
    if target.due and year and target.due.year < year:
        yield f"的时限 {target.due} 早于年度"
    try:
        amount(target.goal, "goal")
    except BadEdit as error:
        yield f"的目标值有误：{error.message.rstrip('。')}"
