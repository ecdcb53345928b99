"""The full half-year report of the demo plan against the plain SQL of its numbers and empty documents by the same libraries.

Run by `make bench`; needs PostgreSQL binaries. 52 tasks, 137 targets, 26 townships, half a year of reports. Prints medians and the ratio.
"""

import io
import statistics
import sys
from datetime import date

from benchmarks.overview import PLAIN_OVERVIEW, milliseconds

ROUNDS = 7
START, END = date(2024, 1, 1), date(2024, 6, 30)
LIMIT_SECONDS = 5
DOCUMENTS = ("docx", "xlsx")

PLAIN_REPORTS = """
SELECT DISTINCT ON (r.task_id, r.org_unit_id) r.id, r.task_id, u.name, r.narrative, r.problems, r.next_steps
FROM workplan_progressreport r JOIN workplan_period p ON p.id = r.period_id JOIN accounts_orgunit u ON u.id = r.org_unit_id
WHERE r.status = 'approved' AND r.approved_on <= %(on)s AND p."end" <= %(on)s
ORDER BY r.task_id, r.org_unit_id, p.start DESC, r.revision DESC"""
PLAIN_DUTIES = """
SELECT DISTINCT t.task_id, a.org_unit_id, p.id, r.submitted_on, r.late
FROM workplan_allocation a JOIN workplan_target t ON t.id = a.target_id
JOIN workplan_period p ON p.plan_id = t.plan_id AND p.due < %(on)s AND p."end" <= %(on)s
LEFT JOIN workplan_progressreport r ON r.task_id = t.task_id AND r.org_unit_id = a.org_unit_id AND r.period_id = p.id"""


def ours(*kinds: str) -> dict[str, bytes]:
    """Gather, word and lay out the report: Word file and ledger unless other kinds are named; nothing is stored."""
    from workplan.models import Plan, RollupReport
    from workplan.rollup.gather import Asked
    from workplan.services import rollup

    plan = Plan.objects.select_related("bureau").get()
    asked = Asked(plan=plan, kind="half_year", start=START, end=END)
    drafted = rollup.look(asked)
    report = RollupReport(plan=plan, title=rollup.title_of(asked), snapshot=drafted.snapshot, texts=drafted.texts)
    return {kind: rollup.render(report, kind, date(2024, 7, 8)) for kind in kinds or DOCUMENTS}


def floor() -> int:
    """Ask for the same rows in three statements, and save an empty document and workbook."""
    import xlsxwriter
    from django.db import connection
    from docx import Document

    rows = 0
    with connection.cursor() as cursor:
        for statement in (PLAIN_OVERVIEW, PLAIN_REPORTS, PLAIN_DUTIES):
            cursor.execute(statement, {"on": END})
            rows += len(cursor.fetchall())
    Document().save(io.BytesIO())
    book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
    book.add_worksheet()
    book.close()
    return rows


def main() -> None:
    """Start a private PostgreSQL with the demo year and measure; end with a failure beyond the limit."""
    from tests.services import private_postgresql

    with private_postgresql():
        import django
        from django.core.management import call_command

        django.setup()
        for command in ("migrate", "load_plan", "load_demo"):
            call_command(command, verbosity=0)
        ours(), floor()
        pairs = [(milliseconds(ours), milliseconds(floor)) for _ in range(ROUNDS)]
        mine, least = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"half-year report   ours median {mine:8.1f} ms  floor {least:8.1f} ms   ratio {mine / least:5.2f}")
        from workplan.rollup import pdf

        if not pdf.missing():
            print(f"with its PDF       {milliseconds(lambda: ours(*DOCUMENTS, 'pdf')):21.1f} ms, once")
        if mine > LIMIT_SECONDS * 1000:
            sys.exit(f"slower than {LIMIT_SECONDS} s")


if __name__ == "__main__":
    main()
