"""What each file of a plan holds and which rows of the database it becomes. The order is that of loading."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from accounts.enums import TOWNSHIP_KINDS, UnitKind
from accounts.models import OrgUnit, Remit

from ..enums import AssignmentRole, PeriodKind, PlanStatus
from ..models import Allocation, Assignment, PaceStep, PeriodRule, Plan, Reading, Section, Target, Task
from ..rules.kinds import Comparator, PaceCurve, Recurrence, Strength, TargetKind
from .tables import day, decimal, flag, integer, many, one_of, required, text

# Words that stand for several units in assignments.csv and allocations.csv.
UNIT_GROUPS = {
    "*townships": TOWNSHIP_KINDS,
    "*streets": (UnitKind.STREET,),
    "*towns": tuple(kind for kind in TOWNSHIP_KINDS if kind != UnitKind.STREET),
}


@dataclass(slots=True)
class Context:
    """What earlier files have put into the database, by the keys that later files use."""

    bureau: OrgUnit | None = None
    plan: Plan | None = None
    found: dict[type[Model], dict[str, Model]] = field(default_factory=dict)

    def units_named(self, word: str) -> list[str]:
        """Return the unit codes that a cell of the column `unit` stands for."""
        kinds = UNIT_GROUPS.get(word)
        if kinds is None:
            return [word]
        units = self.found[OrgUnit].values()
        return [u.code for u in units if u.kind in kinds and u.path.startswith(self.bureau.path)]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how its cell is read, and which attribute it becomes.

    refers: the model that the cell names a row of, by its key; several: the cell names any number of them;
    kept_out: the column is documentation and is not stored.
    """

    name: str
    read: Callable[[str], Any] = text
    attribute: str = ""
    refers: type[Model] | None = None
    several: bool = False
    kept_out: bool = False

    @property
    def target(self) -> str:
        return self.attribute or self.name


@dataclass(frozen=True, slots=True)
class Table:
    """One file. `key`: the columns that tell its rows apart within `existing(context)`.

    owner: attributes that every row gets from the context; sorted_by_row: the row's place becomes `sort`;
    removable: rows that leave the file leave the database too, unless a user has touched them.
    """

    file: str
    label: str
    model: type[Model]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    existing: Callable[[Context], QuerySet]
    owner: Callable[[Context], dict] = lambda context: {}
    sorted_by_row: bool = False
    removable: bool = False

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]


def _unit_column(name: str, attribute: str = "", read=required) -> Column:
    return Column(name, read, attribute, refers=OrgUnit)


def _values(enum) -> tuple[str, ...]:
    return tuple(member.value for member in enum)


UNITS = Table(
    file="units.csv",
    label="单位",
    model=OrgUnit,
    key=("code",),
    columns=(
        Column("code", required),
        Column("name", required),
        Column("short_name"),
        Column("kind", one_of(*_values(UnitKind))),
        _unit_column("parent", read=text),
        Column("valid_from", day),
        Column("proposed", flag),
    ),
    existing=lambda context: OrgUnit.objects.select_related("parent"),
    sorted_by_row=True,
)
REMITS = Table(
    file="remits.csv",
    label="科室业务",
    model=Remit,
    key=("app",),
    columns=(_unit_column("office"), Column("app", required), Column("proposed", flag)),
    existing=lambda context: Remit.objects.filter(bureau=context.bureau, valid_to=None).select_related("office"),
    owner=lambda context: {"bureau": context.bureau},
)
PLANS = Table(
    file="plan.csv",
    label="工作要点",
    model=Plan,
    key=("year",),
    columns=(
        _unit_column("bureau"),
        Column("year", integer),
        Column("title", required),
        Column("document_number"),
        Column("issued_on", day),
        Column("status", one_of(*_values(PlanStatus))),
        Column("yellow_gap", decimal),
        Column("red_gap", decimal),
    ),
    existing=lambda context: Plan.objects.filter(bureau=context.bureau).select_related("bureau"),
)
PERIOD_RULES = Table(
    file="period_rules.csv",
    label="报告期规则",
    model=PeriodRule,
    key=("kind",),
    columns=(
        Column("kind", one_of(*_values(PeriodKind))),
        Column("first_start", day),
        Column("due_offset", integer),
        Column("closes_offset", integer),
    ),
    existing=lambda context: context.plan.period_rules.all(),
    owner=lambda context: {"plan": context.plan},
)
SECTIONS = Table(
    file="sections.csv",
    label="板块",
    model=Section,
    key=("number",),
    columns=(
        Column("number", integer),
        Column("title", required),
        Column("campaign"),
        Column("app", required),
    ),
    existing=lambda context: context.plan.sections.all(),
    owner=lambda context: {"plan": context.plan},
)
TASKS = Table(
    file="tasks.csv",
    label="工作任务",
    model=Task,
    key=("number",),
    columns=(
        Column("number", integer),
        Column("section", required, refers=Section),
        Column("title", required),
        Column("summary"),
        Column("due", day),
        Column("due_proposed", flag),
    ),
    existing=lambda context: context.plan.tasks.select_related("section"),
    owner=lambda context: {"plan": context.plan},
)
TARGETS = Table(
    file="targets.csv",
    label="目标",
    model=Target,
    key=("code",),
    columns=(
        Column("code", required),
        Column("task", required, refers=Task),
        Column("measure", required),
        Column("kind", one_of(*_values(TargetKind))),
        Column("strength", one_of(*_values(Strength))),
        Column("comparator", one_of(*_values(Comparator))),
        Column("goal", decimal),
        Column("unit", required),
        Column("numerator_label"),
        Column("denominator_label"),
        Column("start", day),
        Column("due", day),
        Column("due_proposed", flag),
        Column("curve", one_of(*_values(PaceCurve))),
        Column("recurrence", one_of(*_values(Recurrence))),
        Column("cooperation", flag),
        Column("implied", flag),
        Column("also_in", many, refers=Task, several=True),
        Column("source_ids", kept_out=True),
        Column("note"),
        Column("computed_by"),
    ),
    existing=lambda context: context.plan.targets.select_related("task").prefetch_related("also_in"),
    owner=lambda context: {"plan": context.plan},
    sorted_by_row=True,
)
STEPS = Table(
    file="steps.csv",
    label="序时节点",
    model=PaceStep,
    key=("target", "on"),
    columns=(
        Column("target", required, refers=Target),
        Column("on", day),
        Column("share", decimal),
        Column("label"),
    ),
    existing=lambda context: PaceStep.objects.filter(target__plan=context.plan).select_related("target"),
    removable=True,
)
READINGS = Table(
    file="readings.csv",
    label="执行口径",
    model=Reading,
    key=("code",),
    columns=(
        Column("code", required),
        Column("tasks", many, refers=Task, several=True),
        Column("question", required),
        Column("reading", required),
    ),
    existing=lambda context: context.plan.readings.prefetch_related("tasks"),
    owner=lambda context: {"plan": context.plan},
)
ASSIGNMENTS = Table(
    file="assignments.csv",
    label="责任分工",
    model=Assignment,
    key=("task", "unit"),
    columns=(
        Column("task", required, refers=Task),
        _unit_column("unit", "org_unit"),
        Column("role", one_of(*_values(AssignmentRole))),
        Column("proposed", flag),
    ),
    existing=lambda context: Assignment.objects.filter(task__plan=context.plan).select_related("task", "org_unit"),
    removable=True,
)
ALLOCATIONS = Table(
    file="allocations.csv",
    label="指标分解",
    model=Allocation,
    key=("target", "unit"),
    columns=(
        Column("target", required, refers=Target),
        _unit_column("unit", "org_unit"),
        Column("amount", decimal),
        Column("proposed", flag),
    ),
    existing=lambda context: Allocation.objects.filter(target__plan=context.plan).select_related("target", "org_unit"),
    removable=True,
)

# A bureau's offices keep their business lines over the years; the rest belongs to the plan of one year.
OF_THE_BUREAU = (REMITS, PLANS)
OF_THE_PLAN = (PERIOD_RULES, SECTIONS, TASKS, TARGETS, STEPS, READINGS, ASSIGNMENTS, ALLOCATIONS)
ALL = (UNITS, *OF_THE_BUREAU, *OF_THE_PLAN)
