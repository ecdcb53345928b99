"""What an intake still lacks, each with the address of its place, and what would come of it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from ..intake.outline import Outline
from ..models import Intake
from ..services.intake_missing import Obstacle


@dataclass(frozen=True, slots=True)
class MissingLine:
    message: str
    url: str


def line_of(intake: Intake, outline: Outline, obstacle: Obstacle) -> MissingLine:
    return MissingLine(obstacle.message, _address(intake, outline, obstacle))


def _address(intake: Intake, outline: Outline, obstacle: Obstacle) -> str:
    if obstacle.place == "plan":
        return f"{reverse('workplan:plan')}?{urlencode({'plan': obstacle.part})}"
    if obstacle.place == "sections":
        return f"{reverse('workplan:intake_sections', args=[intake.pk])}#{obstacle.part}"
    bench = reverse("workplan:intake", args=[intake.pk])
    if obstacle.part == "facts":
        return f"{bench}?open=facts#facts"
    section = outline.section_of_part(obstacle.part)
    return f"{bench}?section={section.id}#{obstacle.part}" if section else bench


def summary(outline: Outline) -> list[tuple[str, str]]:
    """Return what the draft holds, in words."""
    facts = outline.facts
    tasks = [task for section in outline.live_sections for task in section.live_tasks]
    return [
        ("标题", facts.title or "—"),
        ("年度", str(facts.year or "—")),
        ("发文字号", facts.document_number or "—"),
        ("成文日期", facts.issued.isoformat() if facts.issued else "—"),
        ("板块", str(len(outline.live_sections))),
        ("任务", str(len(tasks))),
        ("目标", str(sum(len(task.live_targets) for task in tasks))),
    ]
