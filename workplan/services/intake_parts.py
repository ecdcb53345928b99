"""Who is proposed for the tasks of an intake: the units that the notice names, last year's, or the office of the business line."""

from dataclasses import dataclass

from accounts.enums import TOWNSHIP_KINDS, UnitKind
from accounts.models import OrgUnit, Remit

from .. import clock
from ..enums import AssignmentRole
from ..intake.comparing import Comparison
from ..intake.outline import DraftTask, Outline
from ..models import Assignment, Plan


class Units:
    """The bureau's offices and townships of today, by the names that a notice calls them."""

    def __init__(self, bureau: OrgUnit):
        kinds = (*TOWNSHIP_KINDS, UnitKind.OFFICE)
        rows = OrgUnit.objects.below(bureau).valid_on(clock.today()).filter(kind__in=kinds)
        self.all = list(rows.order_by("sort", "code"))
        self.by_pk = {unit.pk: unit for unit in self.all}
        self.by_name: dict[str, OrgUnit] = {}
        for unit in self.all:
            for name in (unit.name, unit.short_name):
                self.by_name.setdefault(_bare(name, bureau), unit)
        self.by_name.pop("", None)
        self.bureau = bureau
        remits = Remit.objects.open_on(clock.today()).filter(bureau=bureau).values_list("app", "office_id")
        self.offices = {app: self.by_pk[office] for app, office in remits if office in self.by_pk}

    def named(self, name: str) -> OrgUnit | None:
        return self.by_name.get(_bare(name, self.bureau))


def _bare(name: str, bureau: OrgUnit) -> str:
    for prefix in (bureau.name, bureau.label, "区民政局", "县民政局", "民政局", "局"):
        if prefix and len(name) > len(prefix):
            name = name.removeprefix(prefix)
    return name.strip()


@dataclass(frozen=True, slots=True)
class Parts:
    """Who is proposed for a task. source: why, in Chinese; unknown: names of the notice that no unit has."""

    lead: OrgUnit | None
    others: tuple[OrgUnit, ...]
    source: str
    unknown: tuple[str, ...] = ()


def parts_of(task: DraftTask, app: str, former: list[Assignment], units: Units) -> Parts:
    """Return the units for a task: those that the notice names, else last year's, else the office of the section's business line."""
    named = [(owner, units.named(owner.name)) for owner in task.owners]
    unknown = tuple(owner.name for owner, unit in named if unit is None)
    before = [(part, units.by_pk[part.org_unit_id]) for part in former if part.org_unit_id in units.by_pk]
    lead = next((unit for owner, unit in named if unit and owner.role == AssignmentRole.LEAD), None)
    others = [unit for _, unit in named if unit and unit != lead]
    if lead or others:
        lead = lead or units.offices.get(app)
        if not others and not any(owner.span for owner, _ in named):  # only who leads was said anew
            others = [unit for part, unit in before if part.role == AssignmentRole.COOPERATE]
        return Parts(lead, tuple(unit for unit in dict.fromkeys(others) if unit != lead), "通知或修正", unknown)
    lead = next((unit for part, unit in before if part.role == AssignmentRole.LEAD), None)
    if lead:
        others = tuple(unit for part, unit in before if part.role == AssignmentRole.COOPERATE)
        return Parts(lead, others, "上年分工", unknown)
    return Parts(units.offices.get(app), (), "科室业务", unknown)


def proposed_parts(outline: Outline, comparison: Comparison, former: Plan | None, units: Units) -> dict[str, Parts]:
    """Return by task id who is proposed for every task of the outline."""
    before: dict[int, list[Assignment]] = {}
    for part in Assignment.objects.filter(task__plan=former).order_by("pk") if former else ():
        before.setdefault(part.task_id, []).append(part)
    found = {}
    for section in outline.live_sections:
        for task in section.live_tasks:
            old = comparison.tasks.get(task.id)
            found[task.id] = parts_of(task, section.app, before.get(old.pk, []) if old else [], units)
    return found
