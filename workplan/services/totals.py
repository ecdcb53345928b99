"""The only writer of running totals, in the transaction that changes the figures behind them, and the checks that prove totals right."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Count, F, Q, Sum

from accounts.locks import exclusive

from ..models import Allocation, Figure, Plan, ShareTotal, TargetTotal
from ..rules.running import Change, Running, running

Key = tuple[int, date]  # target, first day
NAMES = ("since", "until", "value", "numerator", "denominator", "verified", "units")
SUMS = {
    "values_": Count("pk"),
    "stated_": Count("pk", filter=Q(flow=False)),
    "value_sum": Sum("value"),
    "value_known": Count("value"),
    "numerator_sum": Sum("numerator"),
    "numerator_known": Count("numerator"),
    "denominator_sum": Sum("denominator"),
    "denominator_known": Count("denominator"),
    "verified_sum": Sum("verified"),
    "verified_known": Count("verified"),
}


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
    implied, kept = implied_totals(target__in=targets), _kept(target__in=targets)
    differ = {key for key in implied.keys() | kept.keys() if implied.get(key) != kept.get(key)}
    gone = Q()
    for target, days in _by_target(differ & kept.keys()).items():
        gone |= Q(target=target, since__in=days)
    if gone:
        TargetTotal.objects.filter(gone).delete()
    rows = [TargetTotal(target_id=key[0], **implied[key]._asdict()) for key in differ & implied.keys()]
    TargetTotal.objects.bulk_create(rows, batch_size=500)
    return len(differ)


def _by_target(keys: Iterable[Key]) -> dict[int, list[date]]:
    found: dict[int, list[date]] = defaultdict(list)
    for target, since in keys:
        found[target].append(since)
    return found


def implied_totals(**which) -> dict[Key, Running]:
    """Return by target and first day what the figures add up to. Two statements: what begins to count, and what ends."""
    lasting = Figure.objects.filter(Q(replaced_on__isnull=True) | Q(replaced_on__gt=F("accepted_on")), **which)
    changes: dict[int, list[Change]] = defaultdict(list)
    for sign, day in ((1, "accepted_on"), (-1, "replaced_on")):
        rows = lasting.filter(**{f"{day}__isnull": False}).order_by().values_list("target_id", day).annotate(**SUMS)
        for target, on, values, stated, *numbers in rows:
            changes[target].append(Change(on, sign, values, stated, tuple(numbers[::2]), tuple(numbers[1::2])))
    return {(pk, one.since): one for pk, own in changes.items() for one in running(own)}


def _kept(**which) -> dict[Key, Running]:
    rows = TargetTotal.objects.filter(**which).order_by().values_list("target_id", *NAMES)
    return {(target, numbers[0]): Running(*numbers) for target, *numbers in rows}


def totals_drift(plan: Plan) -> list[tuple[int, object, Running | None, Running | None]]:
    """Return target id, first day, kept and implied of every difference between the totals and the figures."""
    implied = implied_totals(target__plan=plan)
    kept = _kept(target__plan=plan)
    return [
        (*key, kept.get(key), implied.get(key))
        for key in sorted(implied.keys() | kept.keys())
        if kept.get(key) != implied.get(key)
    ]


def shares_drift(plan: Plan) -> list[tuple[int, tuple, tuple]]:
    """Return target id, kept and implied of every difference between what the database added up of allocations and their sum."""
    own = Allocation.objects.filter(target__plan=plan).order_by()
    rows = own.values_list("target_id").annotate(units_=Count("pk"), amount_=Sum("amount"))
    implied = {target: tuple(numbers) for target, *numbers in rows}
    rows = ShareTotal.objects.filter(target__plan=plan, units__gt=0).values_list("target_id", "units", "amount")
    kept = {target: tuple(numbers) for target, *numbers in rows}
    nothing = (0, None)
    pairs = [(pk, kept.get(pk, nothing), implied.get(pk, nothing)) for pk in sorted(kept.keys() | implied.keys())]
    return [(pk, was, now) for pk, was, now in pairs if was != now]


def repair_shares(drift: list[tuple[int, tuple, tuple]]) -> None:
    """Write what `shares_drift` found to be implied."""
    for target, _, (units, amount) in drift:
        ShareTotal.objects.update_or_create(target_id=target, defaults={"units": units, "amount": amount})
