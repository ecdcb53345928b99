"""What an intake takes from earlier plans: last year's tasks to compare with, and where sections belonged. Reads only."""

from dataclasses import fields, replace

from ..enums import AssignmentRole, PlanStatus
from ..intake.comparing import FormerTarget, FormerTask
from ..intake.mapping import Earlier, Proposed, propose_app
from ..intake.outline import Outline
from ..models import Assignment, Intake, Plan, Section, Target, Task
from ..registers.registry import registers
from ..rules.rolling import in_year
from ..sections import section_choices


def former_plan(intake: Intake) -> Plan | None:
    """Return the bureau's newest plan of an earlier year that was published; None where there is none, or no year is known."""
    if intake.year is None:
        return None
    rows = Plan.objects.filter(bureau=intake.bureau, year__lt=intake.year).exclude(status=PlanStatus.DRAFT)
    return rows.order_by("-year").first()


def former_tasks(plan: Plan | None) -> list[FormerTask]:
    """Return the plan's tasks with their targets, as plain data. Three statements."""
    if plan is None:
        return []
    leads = dict(
        Assignment.objects.filter(task__plan=plan, role=AssignmentRole.LEAD).values_list("task_id", "org_unit__name")
    )
    targets: dict[int, list[FormerTarget]] = {}
    names = [field.name for field in fields(FormerTarget)]
    for task, *values in Target.objects.filter(plan=plan).order_by("sort").values_list("task_id", *names):
        targets.setdefault(task, []).append(FormerTarget(*values))
    rows = Task.objects.filter(plan=plan).order_by("number").values_list("pk", "number", "title", "section__app")
    return [FormerTask(*row, leads.get(row[0], ""), tuple(targets.get(row[0], ()))) for row in rows]


def carried_targets(plan: Plan | None, chosen: dict[str, str], year: int | None) -> list[dict]:
    """Return last year's targets, named by id, for the tasks that they were chosen for, as a correction adds them: due a year on."""
    targets = {str(target.pk): target for task in former_tasks(plan) for target in task.targets}
    return [_carried(targets[key], task, year) for key, task in chosen.items() if key in targets]


def _carried(target: FormerTarget, task: str, year: int | None) -> dict:
    names = ("code", "measure", "kind", "strength", "comparator", "unit", "recurrence", "cooperation")
    due = in_year(target.due, year) if target.due and year else None
    goal = "" if target.goal is None else f"{target.goal.normalize():f}"
    return {name: getattr(target, name) for name in names} | {
        "task": task,
        "goal": goal,
        "due": due.isoformat() if due else "",
    }


def proposed_apps(intake: Intake, outline: Outline) -> dict[str, Proposed]:
    """Return by section id the app that is proposed for each section that has none."""
    lacking = [section for section in outline.live_sections if not section.app]
    if not lacking:
        return {}
    rows = Section.objects.filter(plan__bureau=intake.bureau).exclude(plan__status=PlanStatus.DRAFT)
    rows = rows.order_by("-plan__year", "number").values_list("title", "app", "plan__year")
    earlier, words = [Earlier(*row) for row in rows], _words()
    return {
        section.id: propose_app(section.title, earlier, words, [task.title for task in section.live_tasks])
        for section in lacking
    }


def with_proposals(outline: Outline, proposed: dict[str, Proposed]) -> Outline:
    """Return the outline as if all proposals were taken: for looking at what would come of it."""
    sections = tuple(
        replace(section, app=section.app or proposed.get(section.id, Proposed()).app) for section in outline.sections
    )
    return replace(outline, sections=sections)


def _words() -> dict[str, tuple[str, str]]:
    """Return for each section app what its business line is called, and the registers that it keeps."""
    kept: dict[str, list[str]] = {}
    for model in registers():
        kept.setdefault(model._meta.app_label, []).append(str(model._meta.verbose_name))
    return {app: (name, " ".join(kept.get(app, ()))) for app, name in section_choices()}
