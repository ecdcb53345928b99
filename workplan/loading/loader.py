"""Loading a whole plan folder in one transaction."""

from dataclasses import asdict
from pathlib import Path

from django.db import transaction

from accounts import audit
from accounts.models import OrgUnit

from ..models import Plan
from ..services.figures import rebuild_figures
from ..services.measuring import follow_units
from ..services.periods import generate_periods
from ..services.reminder_rules import seed_rules
from ..services.supervision import steps_of
from .merge import LoadReport, TableMerge
from .specs import ALL, OF_THE_BUREAU, OF_THE_PLAN, PLANS, UNITS, Context, Table
from .tables import CsvRow, FixtureError, read_rows

# The plan that the repository carries.
FOLDER = Path(__file__).resolve().parents[2] / "fixtures"


@transaction.atomic
def load_plan(*, folder: Path = FOLDER, actor=None) -> LoadReport:
    """Bring the database up to the files in `folder`; return what was done.

    Running it again changes nothing. Raises FixtureError, having changed nothing, where a file is wrong.
    """
    files = {table.file: list(read_rows(folder, table.file, table.header)) for table in ALL}
    context, report = Context(), LoadReport()
    _load(UNITS, files, context, report)
    head = _only_row(files[PLANS.file])
    context.bureau = _bureau(head, context)
    for table in OF_THE_BUREAU:
        _load(table, files, context, report)
    context.plan = context.found[Plan][head.cells["year"]]
    for table in OF_THE_PLAN:
        _load(table, files, context, report)
    report.periods = generate_periods(plan=context.plan)
    seed_rules(plan=context.plan)
    steps_of(context.plan)
    if report.changed:
        rebuild_figures(plan=context.plan)
        follow_units()
    _record(context.plan, report, actor)
    return report


def _load(table: Table, files: dict[str, list[CsvRow]], context: Context, report: LoadReport) -> None:
    TableMerge(table, context, report, scope=_scope(table, context)).run(files[table.file])


def _scope(table: Table, context: Context) -> str:
    """Return the prefix of the table's keys in the loader's memory: bureaus and years live side by side."""
    if context.plan:
        return f"{context.bureau.code}:{context.plan.year}:"
    return f"{context.bureau.code}:" if context.bureau else ""


def _only_row(rows: list[CsvRow]) -> CsvRow:
    if len(rows) != 1:
        raise FixtureError(PLANS.file, len(rows) + 1, f"应恰有一行，实际有{len(rows)}行。")
    return rows[0]


def _bureau(head: CsvRow, context: Context) -> OrgUnit:
    bureau = context.found[OrgUnit].get(head.cells["bureau"])
    if bureau is None:
        raise head.error(f"“bureau”所指的“{head.cells['bureau']}”不存在。")
    return bureau


def _record(plan: Plan, report: LoadReport, actor) -> None:
    if report.changed:
        counts = asdict(report) | {"kept": len(report.kept)}
        audit.record(action="plan.load", actor=actor, row=plan, after=counts)
