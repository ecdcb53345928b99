"""The only writer of running totals, in the transaction that changes the figures behind them, and the check that proves them right."""

from collections import defaultdict
from collections.abc import Iterable

from accounts.locks import exclusive

from ..models import Figure, Plan, TargetTotal
from ..rules.running import Lasting, Running, running

NAMES = ("since", "until", "value", "numerator", "denominator", "verified", "units")


def lock_target(pk: int) -> None:
    """Let one transaction at a time change the numbers of a target. Of several targets, the lowest id goes first."""
    exclusive(f"target:{pk}")


def refresh_totals(targets: Iterable[int]) -> int:
    """Bring the running totals of the targets, given by id, in line with their figures; return how many rows changed.

    Waits for others who change numbers of the same targets, so that none of two totals leaves the other's figures out.
    """
    targets = sorted(set(targets))
    for pk in targets:
        lock_target(pk)
    implied, kept = implied_totals(target__in=targets), _kept(targets)
    gone = [row.pk for key, row in kept.items() if key not in implied]
    changed = [_filled(row, implied[key]) for key, row in kept.items() if key in implied and _said(row) != implied[key]]
    added = [_filled(TargetTotal(target_id=key[0]), implied[key]) for key in implied.keys() - kept.keys()]
    TargetTotal.objects.filter(pk__in=gone).delete()
    TargetTotal.objects.bulk_update(changed, NAMES[1:], batch_size=500)
    TargetTotal.objects.bulk_create(added, batch_size=500)
    return len(gone) + len(changed) + len(added)


def implied_totals(**which) -> dict[tuple, Running]:
    """Return by target and first day what the figures add up to. One statement."""
    rows = Figure.objects.filter(**which).values_list(
        "target_id", "accepted_on", "replaced_on", "value", "numerator", "denominator", "verified", "flow"
    )
    by_target: dict[int, list[Lasting]] = defaultdict(list)
    for target, *numbers, flow in rows.iterator(chunk_size=5000):
        by_target[target].append(Lasting(*numbers, not flow))
    return {(pk, one.since): one for pk, lasting in by_target.items() for one in running(lasting)}


def _kept(targets: list[int]) -> dict[tuple, TargetTotal]:
    return {(row.target_id, row.since): row for row in TargetTotal.objects.filter(target__in=targets)}


def _said(row: TargetTotal) -> Running:
    return Running(*(getattr(row, name) for name in NAMES))


def _filled(row: TargetTotal, implied: Running) -> TargetTotal:
    for name, value in zip(NAMES, implied, strict=True):
        setattr(row, name, value)
    return row


def totals_drift(plan: Plan) -> list[tuple[int, object, Running | None, Running | None]]:
    """Return target id, first day, kept and implied of every difference between the totals and the figures."""
    implied = implied_totals(target__plan=plan)
    kept = {(row.target_id, row.since): _said(row) for row in TargetTotal.objects.filter(target__plan=plan)}
    return [
        (*key, kept.get(key), implied.get(key))
        for key in sorted(implied.keys() | kept.keys())
        if kept.get(key) != implied.get(key)
    ]
