"""Overview and figures against the plain SQL that answers the same question, at 1 and at 38 districts.

Run by `make bench`; needs PostgreSQL binaries. Prints medians, p95 and ratios of one run.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta

AS_OF = date(2024, 10, 15)
SIZES = (1, 38)
ROUNDS = {1: 40, 38: 15}

# What a light depends on, in one statement: the target with its plan's thresholds, its steps, the last period due,
# the sums of its figures with the units that stand behind them, and the units that owe it with their shares.
# ANY(ARRAY(…)), since IN (SELECT …) would keep PostgreSQL from summing in parallel and make the floor slower.
PLAIN_OVERVIEW = """
WITH due AS (SELECT DISTINCT ON (plan_id) plan_id, id FROM workplan_period
             WHERE due < %(on)s ORDER BY plan_id, start DESC)
SELECT t.id, t.kind, t.strength, t.comparator, t.goal, t.unit, t.start, t.due, t.curve, t.recurrence,
       p.yellow_gap, p.red_gap, due.id, s.steps, f.total, f.above, f.below, f.verified, f.units, a.units, a.amount
FROM workplan_target t
JOIN workplan_plan p ON p.id = t.plan_id
LEFT JOIN due ON due.plan_id = t.plan_id
LEFT JOIN (SELECT target_id, array_agg(ARRAY["on"::text, share::text] ORDER BY "on") steps
           FROM workplan_pacestep GROUP BY target_id) s ON s.target_id = t.id
LEFT JOIN (SELECT target_id, sum(value) total, sum(numerator) above, sum(denominator) below, sum(verified) verified,
                  count(*) FILTER (WHERE NOT flow OR period_id = ANY(ARRAY(SELECT id FROM due))) units
           FROM workplan_figure WHERE accepted_on <= %(on)s AND (replaced_on IS NULL OR replaced_on > %(on)s)
           GROUP BY target_id) f ON f.target_id = t.id
LEFT JOIN (SELECT target_id, count(*) units, sum(amount) amount
           FROM workplan_allocation GROUP BY target_id) a ON a.target_id = t.id"""
# What the dashboard asks of units beside it: sums and shares of each target and unit.
PLAIN_UNITS = """
SELECT target_id, org_unit_id, sum(value), sum(numerator), sum(denominator), sum(verified) FROM workplan_figure
WHERE accepted_on <= %(on)s AND (replaced_on IS NULL OR replaced_on > %(on)s)
  AND target_id IN (SELECT id FROM workplan_target WHERE plan_id = %(plan)s) GROUP BY target_id, org_unit_id"""
PLAIN_SHARES = """
SELECT target_id, org_unit_id, amount FROM workplan_allocation
WHERE target_id IN (SELECT id FROM workplan_target WHERE plan_id = %(plan)s)"""
PLAIN_REPORTS = """
SELECT r.task_id, r.org_unit_id, r.status, r.late FROM workplan_progressreport r
WHERE r.period_id = (SELECT id FROM workplan_period WHERE plan_id = %(plan)s AND due < %(on)s ORDER BY start DESC LIMIT 1)"""
ANSWERS = slice(14, 21)  # the columns with sums and shares

PLAIN_FIGURES = """
SELECT u.name, f.value, f.numerator, f.denominator FROM workplan_figure f
  JOIN accounts_orgunit u ON u.id = f.org_unit_id
WHERE f.target_id = %(target)s AND f.accepted_on <= %(on)s AND (f.replaced_on IS NULL OR f.replaced_on > %(on)s)
ORDER BY u.sort, f.id"""

PLAIN_FIGURES_OF_PLAN = """
SELECT u.name, f.value, f.numerator, f.denominator FROM workplan_figure f
  JOIN accounts_orgunit u ON u.id = f.org_unit_id
  JOIN workplan_target t ON t.id = f.target_id
WHERE t.plan_id = %(plan)s AND f.accepted_on <= %(on)s AND (f.replaced_on IS NULL OR f.replaced_on > %(on)s)
ORDER BY u.sort, f.id"""


def timed(ours: Callable[[], object], floor: Callable[[], object], rounds: int) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each round of the two, taken in turn, after one of each that warms the caches."""
    ours(), floor()
    pairs = [(milliseconds(ours), milliseconds(floor)) for _ in range(rounds)]
    return tuple(zip(*pairs, strict=True))


def milliseconds(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return (time.perf_counter() - begin) * 1000


def plain(sql: str, **parameters) -> list[tuple]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, {"on": AS_OF, **parameters})
        return cursor.fetchall()


def rows_and_sums() -> tuple:
    """The data part of the overview: the targets and all that their lights depend on, before anything is judged."""
    from workplan.grounds import gather
    from workplan.models import Target

    targets = list(Target.objects.all())
    return targets, gather(targets, on=AS_OF)


def overview() -> list:
    from workplan.assess import assess
    from workplan.models import Target

    return assess(Target.objects.all(), on=AS_OF)


def dashboard(user, plan) -> object:
    """All that the dashboard of one plan tells, judged: eight days for the bureau, one for each township."""
    from workplan.dashboard.board import load

    return load(user, plan, on=AS_OF, since=AS_OF - timedelta(days=30))


def plain_dashboard(plan: int) -> list:
    """What it rests on for the day itself, in the statements that somebody would write by hand."""
    where = PLAIN_OVERVIEW + " WHERE t.plan_id = %(plan)s"
    return [plain(sql, plan=plan) for sql in (where, PLAIN_UNITS, PLAIN_SHARES, PLAIN_REPORTS)]


def figures(**which) -> list:
    from workplan.models import Figure

    return list(
        Figure.objects.in_force(AS_OF)
        .filter(**which)
        .order_by("org_unit__sort", "pk")
        .values_list("org_unit__name", "value", "numerator", "denominator")
    )


def report(name: str, districts: int, times: tuple[list[float], list[float]]) -> None:
    ours, floor = times
    p95 = statistics.quantiles(ours, n=20)[18]
    ratio = statistics.median(ours) / statistics.median(floor)
    print(
        f"{name:<22} {districts:>3} districts   ours median {statistics.median(ours):8.1f} ms  p95 {p95:8.1f} ms"
        f"   plain SQL {statistics.median(floor):8.1f} ms   ratio {ratio:5.2f}",
        flush=True,
    )


def same_answers() -> None:
    """Stop the run where ours and the plain SQL disagree: a fast wrong answer is no benchmark."""
    from workplan.grounds import NO_SHARE, NO_SUMS

    targets, grounds = rows_and_sums()
    ours = {t.pk: grounds.sums.get((t.pk,), NO_SUMS) + grounds.shares.get((t.pk,), NO_SHARE) for t in targets}
    if ours != {row[0]: tuple(row[ANSWERS]) for row in plain(PLAIN_OVERVIEW)}:
        sys.exit("overview and plain SQL disagree")


def measure(districts: int) -> None:
    same_answers()
    for name, ours, floor in questions():
        if name.startswith("figures") and ours() != floor():
            sys.exit(f"{name} and plain SQL disagree")
        report(name, districts, timed(ours, floor, ROUNDS[districts]))


def questions() -> Iterator[tuple[str, Callable, Callable]]:
    """Yield what is measured: a name, our way and the plain SQL."""
    from workplan.models import Target

    one = Target.objects.select_related("plan__bureau").first()
    user = leader_of(one.plan.bureau)
    yield "overview, data part", rows_and_sums, lambda: plain(PLAIN_OVERVIEW)
    yield "overview, with lights", overview, lambda: plain(PLAIN_OVERVIEW)
    yield "dashboard of one plan", lambda: dashboard(user, one.plan), lambda: plain_dashboard(one.plan_id)
    yield "figures of one target", lambda: figures(target=one.pk), lambda: plain(PLAIN_FIGURES, target=one.pk)
    yield (
        "figures of one plan",
        lambda: figures(target__plan=one.plan_id),
        lambda: plain(PLAIN_FIGURES_OF_PLAN, plan=one.plan_id),
    )


def leader_of(bureau):
    """Return somebody who oversees the bureau."""
    from accounts.models import Membership, User

    user, _ = User.objects.get_or_create(username="bench-leader", defaults={"name": "bench"})
    Membership.objects.get_or_create(user=user, org_unit=bureau, role="leader")
    return user


def main() -> None:
    """Start a private PostgreSQL, fill it step by step and measure at each size."""
    from tests.services import private_postgresql

    with private_postgresql():
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from benchmarks.fill import fill
        from config.memory import settle

        settle()  # as the web processes do
        filled = 0
        for size in SIZES:
            fill(size - filled, first=filled)
            filled = size
            measure(size)


if __name__ == "__main__":
    main()
