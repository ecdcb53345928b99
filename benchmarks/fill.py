"""Fills a database with districts of the benchmark's size, mostly by INSERT … SELECT on the server."""

from datetime import date

from django.db import connection

from accounts.enums import UnitKind
from accounts.models import OrgUnit, User
from workplan.models import PeriodRule, Plan, Section, Target, Task
from workplan.rules.kinds import Strength, TargetKind
from workplan.services.periods import generate_periods
from workplan.services.totals import refresh_totals

TOWNSHIPS, TARGETS = 26, 200
# Two of five targets are rates, one in ten a ceiling: about the mix of the real plan.
KINDS = [TargetKind.COUNT] * 5 + [TargetKind.RATE] * 4 + [TargetKind.CEILING]


def fill(districts: int, first: int = 0, months: int = 12) -> None:
    """Add districts numbered from `first`, each with accepted figures of the first months of the year."""
    user, _ = User.objects.get_or_create(username="bench", defaults={"name": "bench"})
    for number in range(first, first + districts):
        _fill_district(number, user, months)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as autovacuum would have done


def _fill_district(number: int, user: User, months: int) -> None:
    bureau = OrgUnit.objects.create(code=f"B{number:03}", name=f"局{number}", kind=UnitKind.BUREAU)
    for i in range(TOWNSHIPS):
        code = f"B{number:03}T{i:02}"
        OrgUnit.objects.create(code=code, name=f"镇{i}", kind=UnitKind.TOWN, parent=bureau, sort=i)
    plan = Plan.objects.create(bureau=bureau, year=2024, title="bench", status="published")
    PeriodRule.objects.create(plan=plan, first_start=date(2024, 1, 1))
    generate_periods(plan=plan)
    _fill_targets(plan)
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, {"plan": plan.pk, "bureau": bureau.path + "%", "user": user.pk, "months": months})
    refresh_totals(plan.targets.values_list("pk", flat=True))


def _fill_targets(plan: Plan) -> None:
    sections = [Section.objects.create(plan=plan, number=n, title=f"板块{n}", app="eldercare") for n in range(1, 13)]
    tasks = [Task.objects.create(plan=plan, section=sections[n % 12], number=n, title=f"任务{n}") for n in range(1, 53)]
    Target.objects.bulk_create(_target(plan, tasks[n % 52], n) for n in range(TARGETS))


def _target(plan: Plan, task: Task, n: int) -> Target:
    kind = KINDS[n % len(KINDS)]
    goal, unit = {TargetKind.COUNT: (2600, "户"), TargetKind.RATE: (90, "%"), TargetKind.CEILING: (0, "起")}[kind]
    return Target(
        plan=plan,
        task=task,
        code=f"{task.number}.{n}",
        sort=n,
        measure=f"目标{n}",
        kind=kind.value,
        strength=Strength.HARD.value,
        comparator="<=" if kind == TargetKind.CEILING else ">=",
        goal=goal,
        unit=unit,
        start=date(2024, 1, 1),
        due=date(2024, 12, 31),
    )


STATEMENTS = [
    """INSERT INTO workplan_allocation (target_id, org_unit_id, amount, proposed)
       SELECT t.id, u.id, CASE WHEN t.kind = 'count' THEN 100 END, false
       FROM workplan_target t, accounts_orgunit u
       WHERE t.plan_id = %(plan)s AND u.path LIKE %(bureau)s AND u.kind = 'town'""",
    """INSERT INTO workplan_progressreport (task_id, org_unit_id, period_id, revision, correction_reason, status, version,
         narrative, problems, next_steps, drafted_by_id, saved_by_id, saved_at, submitted_by_id, submitted_on, late,
         approved_on, return_reason)
       SELECT k.id, u.id, p.id, 1, '', 'submitted', 1, '', '', '', %(user)s, %(user)s, now(), %(user)s, p.due, false,
         p.due, ''
       FROM workplan_task k, accounts_orgunit u, workplan_period p
       WHERE k.plan_id = %(plan)s AND p.plan_id = %(plan)s AND p.number <= %(months)s AND u.path LIKE %(bureau)s
         AND u.kind = 'town'""",
    """INSERT INTO workplan_entry (report_id, target_id, value, numerator, denominator, zero_report, remark)
       SELECT r.id, t.id,
         CASE t.kind WHEN 'count' THEN p.number * 8 WHEN 'ceiling' THEN 0 END,
         CASE WHEN t.kind = 'rate' THEN p.number * 7 END, CASE WHEN t.kind = 'rate' THEN 100 END, t.kind = 'ceiling', ''
       FROM workplan_progressreport r
         JOIN workplan_target t ON t.task_id = r.task_id JOIN workplan_period p ON p.id = r.period_id
       WHERE t.plan_id = %(plan)s""",
    """INSERT INTO workplan_figure (target_id, org_unit_id, period_id, entry_id, revision, flow, value, numerator,
         denominator, reported_on, late, accepted_on, replaced_on)
       SELECT e.target_id, r.org_unit_id, r.period_id, e.id, 1, t.kind = 'ceiling', e.value, e.numerator, e.denominator,
         p.due, false, p.due,
         CASE WHEN t.kind <> 'ceiling' THEN (SELECT n.due FROM workplan_period n
           WHERE n.plan_id = p.plan_id AND n.number = p.number + 1) END
       FROM workplan_entry e JOIN workplan_progressreport r ON r.id = e.report_id
         JOIN workplan_target t ON t.id = e.target_id JOIN workplan_period p ON p.id = r.period_id
       WHERE t.plan_id = %(plan)s""",
]
