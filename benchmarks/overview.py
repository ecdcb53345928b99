"""Overview and figures against the plain SQL that answers the same question, at 1 and at 38 districts.

Run by `make bench`; needs PostgreSQL binaries. Prints medians, p95 and ratios of one run.
"""

import gc
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date

AS_OF = date(2024, 10, 15)
SIZES = (1, 38)
ROUNDS = {1: 40, 38: 9}

# What a light depends on, in one statement: the target, its sums, and how many units owe it.
PLAIN_OVERVIEW = """
SELECT t.id, t.kind, t.goal, f.total, f.above, f.below, f.units, a.units
FROM workplan_target t
LEFT JOIN (SELECT target_id, sum(value) total, sum(numerator) above, sum(denominator) below, count(*) units
           FROM workplan_figure WHERE accepted_on <= %(on)s AND (replaced_on IS NULL OR replaced_on > %(on)s)
           GROUP BY target_id) f ON f.target_id = t.id
LEFT JOIN (SELECT target_id, count(*) units FROM workplan_allocation GROUP BY target_id) a ON a.target_id = t.id"""

PLAIN_FIGURES = """
SELECT u.name, f.value, f.numerator, f.denominator FROM workplan_figure f
  JOIN accounts_orgunit u ON u.id = f.org_unit_id
WHERE f.target_id = %(target)s AND f.accepted_on <= %(on)s AND (f.replaced_on IS NULL OR f.replaced_on > %(on)s)
ORDER BY u.sort"""


def timed(act: Callable[[], object], rounds: int) -> list[float]:
    """Return the milliseconds of each round, after one that warms the caches."""
    act()
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        act()
        times.append((time.perf_counter() - begin) * 1000)
    return times


def plain(sql: str, **parameters) -> list[tuple]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, {"on": AS_OF, **parameters})
        return cursor.fetchall()


def overview() -> list:
    from workplan.assess import assess
    from workplan.models import Target

    return assess(Target.objects.all(), on=AS_OF)


def figures(target: int) -> list:
    from workplan.models import Figure

    return list(
        Figure.objects.in_force(AS_OF)
        .filter(target=target)
        .order_by("org_unit__sort")
        .values_list("org_unit__name", "value", "numerator", "denominator")
    )


def report(name: str, districts: int, ours: list[float], floor: list[float]) -> None:
    p95 = statistics.quantiles(ours, n=20)[18]
    ratio = statistics.median(ours) / statistics.median(floor)
    print(
        f"{name:<9} {districts:>3} districts   ours median {statistics.median(ours):8.1f} ms  p95 {p95:8.1f} ms"
        f"   plain SQL {statistics.median(floor):8.1f} ms   ratio {ratio:5.2f}",
        flush=True,
    )


def same_answers() -> None:
    """Stop the run where ours and the plain SQL disagree: a fast wrong answer is no benchmark."""
    ours = {a.target.pk: (a.amount.value, a.amount.numerator, a.amount.denominator) for a in overview()}
    if ours != {row[0]: tuple(row[3:6]) for row in plain(PLAIN_OVERVIEW)}:
        sys.exit("overview and plain SQL disagree")


def measure(districts: int) -> None:
    from workplan.models import Target

    same_answers()
    rounds, target = ROUNDS[districts], Target.objects.first().pk
    report("overview", districts, timed(overview, rounds), timed(lambda: plain(PLAIN_OVERVIEW), rounds))
    report(
        "figures",
        districts,
        timed(lambda: figures(target), rounds),
        timed(lambda: plain(PLAIN_FIGURES, target=target), rounds),
    )


def main() -> None:
    """Start a private PostgreSQL, fill it step by step and measure at each size."""
    from tests.services import private_postgresql

    with private_postgresql():
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from benchmarks.fill import fill

        gc.collect()
        gc.freeze()  # as the web processes do
        filled = 0
        for size in SIZES:
            fill(size - filled, first=filled)
            filled = size
            measure(size)


if __name__ == "__main__":
    main()
